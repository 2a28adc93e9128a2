/**
 * What `npm pack` and `npm publish` do before and after they pack: `begin` writes `dist/` and puts the README of the package in the place
 * of that of the clone, and `end` puts that back.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeDist } from './dist.ts'
import { packedReadme } from './papers.ts'

const place = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const readme = place('README.md')
/** That of the clone, while the other is in its place. */
const kept = place('node_modules/.cache/unwedge/README.md')

function restore(): void {
  if (existsSync(kept)) renameSync(kept, readme)
}

// What ended in the middle is put right first.
restore()
if (process.argv[2] === 'begin') {
  await writeDist(place('dist'))
  mkdirSync(dirname(kept), { recursive: true })
  const text = readFileSync(readme, 'utf8')
  writeFileSync(kept, text)
  writeFileSync(readme, packedReadme(text))
}
