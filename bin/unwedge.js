#!/usr/bin/env node
// Starts the command line: in a clone from its sources, which need no build, and in a package, which has no sources, from the bundle.
// Plain JavaScript that an old Node reads too: it is here that one is told it is too old.
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
const isClone = existsSync(new URL('unwedge.ts', import.meta.url))

// Both ways of loading: a connector outside of a `"type": "module"` package is CommonJS.
const fromSources = () => Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]).then((both) => {
  for (const { register } of both) register()
  return import('./unwedge.ts')
})
const fromBundle = () => import('../dist/command.js')

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`unwedge needs Node 20.19 or later, and this is ${process.versions.node}: install a later one.`)
  process.exitCode = 2
} else
  (isClone ? fromSources() : fromBundle()).catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.error(isClone ? 'unwedge lacks what it depends on: run `npm ci` first.'
      : 'unwedge lacks something that it was installed with: install it again.')
    process.exitCode = 2
  })
