#!/usr/bin/env node
// Starts the command line from its sources, so that a clone needs no build. Plain JavaScript that an old Node reads
// too: it is here that one is told it is too old.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`unwedge needs Node 20.19 or later, and this is ${process.versions.node}: install a later one.`)
  process.exitCode = 2
} else
  // Both ways of loading: a connector outside of a `"type": "module"` package is CommonJS.
  Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]).then(
    (both) => {
      for (const { register } of both) register()
      return import('./unwedge.ts')
    },
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
      console.error('unwedge lacks what it depends on: run `npm ci` first.')
      process.exitCode = 2
    },
  )
