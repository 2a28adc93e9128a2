/** What the package has besides its papers and `bin/unwedge.js`. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, bundleForCommonJs, entries, inLines, sourceOf } from './bundle.ts'
import { declare } from './declarations.ts'

/** Writes it into a folder, with nothing left there of what was before. */
export async function writeDist(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  await bundle(folder, { sourcemap: true, sourcesContent: false })
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.map')))
    writeFileSync(join(folder, name), inLines(readFileSync(join(folder, name), 'utf8')))
  await bundleForCommonJs(folder)
  // Node loads these into CommonJS as they are.
  for (const entry of ['vitest', 'model']) writeFileSync(join(folder, `${entry}.cjs`), `module.exports = require('./${entry}.js')\n`)
  declare(join(folder, 'types'), entries.map(sourceOf))
  for (const entry of entries) writeFileSync(join(folder, 'types/api', `${entry}.d.cts`), `export * from './${entry}.js'\n`)
}
