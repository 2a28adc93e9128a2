/** `unwedge keep`: makes a stored failure into a test to commit. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { isProgram } from '../../engine/peer/program-file.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { called, readStored, type Stored } from '../../engine/store/store.ts'
import { plain } from '../../reports/text/words.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { fileOf } from '../checks/replayed-scenario.ts'
import { importOf, importOfFile, isFoundFrom, languageOf } from '../input/imports.ts'
import { quoted } from '../input/names.ts'
import { say } from '../output/terminal.ts'
import { makeDirectory } from '../output/written-files.ts'

export async function keepScenario(path: string, { to }: { readonly to?: string }): Promise<number> {
  const stored = readStored(path)
  const connector = fileOf(stored, path)
  if (isProgram(connector))
    throw new UsageError(`${quoted(relative('.', connector))} is a program, which a test file cannot import: make it a connector with \`peer\` of unwedge in a file of its own, and check that one.`)
  const dir = resolve(to ?? dirname(connector))
  makeDirectory(dir)
  const test = join(dir, `${called(path)}.test.${languageOf(connector) === 'TypeScript' ? 'ts' : 'mjs'}`)
  const text = testOf(stored, { conformance: importOf('vitest', dir), connector: importOfFile(dir, resolve(connector)) })
  const shown = relative('.', test) || test
  if (existsSync(test)) {
    if (readFileSync(test, 'utf8') !== text)
      throw new UsageError(`There is a ${quoted(shown)} already, and it is another: keep it elsewhere with --to.`)
    say(`${plain(shown)} holds it already.`)
    return 0
  }
  writeFileSync(test, text, { flag: 'wx' })
  say(`Wrote ${plain(shown)}: commit it, and vitest runs that scenario each time.`)
  if (!isFoundFrom(dir)) say('\nIt imports unwedge, which is not installed there: npm i -D unwedge')
  return 0
}

interface Imports {
  readonly conformance: string
  readonly connector: string
}

function testOf({ connector, law, says, found, scenario, export: as }: Stored, imports: Imports): string {
  const [names, name] = as === 'default' ? ['connector', 'connector']
    : /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(as) ? [`{ ${as} }`, as]
    : [`{ ${JSON.stringify(as)} as connector }`, 'connector']
  return [
    `// ${plain(`${connector} once broke ‘${law}’: ${says}`)}`,
    found.by === 'drawing' ? `// Kept from scenario ${found.run} of seed ${found.seed}.` : '// Kept from trying every order.',
    `import { regression } from '${imports.conformance}'`,
    `import ${names} from '${imports.connector}'`, '',
    `regression(${name}, ${literal(scenario)}, '${law}')`, '',
  ].join('\n')
}

/** A scenario as it is written by hand. */
function literal({ workers, links, stream, faults, schedule }: Scenario): string {
  const list = (items: readonly string[]) => (items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${item},\n`).join('')}  ]`)
  return `{
  workers: ${workers},
  links: ${links},
  stream: ${list(stream.map(({ count, kind, link }) => `{ count: ${count}, kind: '${kind}', link: ${link} }`))},
  faults: ${list(faults.map(({ after, what, on }) => `{ after: ${after}, what: '${what}', on: ${on} }`))},
  schedule: [${schedule.join(', ')}],
}`
}
