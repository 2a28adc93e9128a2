/** What the package has besides its papers and `bin/unwedge.js`. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, bundleForCommonJs, entries, inLines, sourceOf } from './bundle.ts'
import { declare } from './declarations.ts'

/** Files of the folder that these import, and themselves. */
function filesFrom(folder: string, names: readonly string[]): ReadonlySet<string> {
  const all = new Set(names)
  // A set goes on over what is added on the way.
  for (const name of all)
    for (const [, other] of readFileSync(join(folder, name), 'utf8').matchAll(/["']\.\/([\w-]+\.js)["']/g)) all.add(other!)
  return all
}

/** Writes it into a folder, with nothing left there of what was before. */
export async function writeDist(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  await bundle(folder, { sourcemap: true, sourcesContent: false })
  const imported = filesFrom(folder, entries.map((entry) => `${entry}.js`))
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.js'))) {
    const map = join(folder, `${name}.map`)
    if (imported.has(name)) writeFileSync(map, inLines(readFileSync(map, 'utf8')))
    else {
      // Only the command has it, and says in words what goes wrong: a map of it would be for nobody.
      rmSync(map)
      const file = join(folder, name)
      writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'))
    }
  }
  await bundleForCommonJs(folder)
  // Node loads these into CommonJS as they are.
  for (const entry of ['vitest', 'model']) writeFileSync(join(folder, `${entry}.cjs`), `module.exports = require('./${entry}.js')\n`)
  declare(join(folder, 'types'), entries.map(sourceOf))
  for (const entry of entries) writeFileSync(join(folder, 'types/api', `${entry}.d.cts`), `export * from './${entry}.js'\n`)
}
