/** What the package has besides its papers and `bin/unwedge.js`. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, entries, inLines, sourceOf } from './bundle.ts'
import { declare } from './declarations.ts'
import { writePapers } from './papers.ts'

/** Files of the folder that these import, and themselves. */
function filesFrom(folder: string, names: readonly string[]): ReadonlySet<string> {
  const all = new Set(names)
  // A set goes on over what is added on the way.
  for (const name of all)
    for (const [, other] of readFileSync(join(folder, name), 'utf8').matchAll(/["']\.\/([\w-]+\.c?js)["']/g)) all.add(other!)
  return all
}

/** Writes it into a folder, with nothing left there of what was before. */
export async function writeDist(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  await bundle(folder, { sourcemap: true, sourcesContent: false })
  const imported = filesFrom(folder, entries.map((entry) => `${entry}.js`))
  for (const name of readdirSync(folder).filter((each) => /\.c?js$/.test(each))) {
    const map = join(folder, `${name}.map`)
    const file = join(folder, name)
    if (imported.has(name)) writeFileSync(map, inLines(readFileSync(map, 'utf8'), readFileSync(file, 'utf8')))
    else {
      // Only the command has it, and says in words what goes wrong: a map of it would be for nobody.
      rmSync(map)
      writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'))
    }
  }
  // Node loads it into CommonJS as it is.
  writeFileSync(join(folder, 'vitest.cjs'), "module.exports = require('./vitest.js')\n")
  writePapers(folder)
  const types = join(folder, 'types')
  declare(types, entries.map(sourceOf))
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.d.ts'))) {
    const whole = readFileSync(join(types, name), 'utf8')
    const indented = inside.test(name) ? whole.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, '') : whole
    writeFileSync(join(types, name), indented.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)))
  }
  for (const entry of entries) writeFileSync(join(types, 'api', `${entry}.d.cts`), `export * from './${entry}.js'\n`)
}

/** What only stands behind the types that users name: the compiler wants it, and nobody reads it. */
const inside = /^(?:engine[\\/](?:model|peer|states|run|walk|search[\\/]claims)|spec[\\/]evidence)\b/
