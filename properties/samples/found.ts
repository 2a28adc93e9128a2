/**
 * `npm run found`: how many scenarios it takes until each wrong connector breaks a law. Writes `bench/found.md`, a row for each
 * connector as soon as it is measured.
 *
 *     npm run found                       every one, 20 seeds each
 *     npm run found -- --seeds 5 wakesOne those that are named, fewer seeds
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { many, median } from '../../bench/measure.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import type { Connector } from '../../spec/connector.ts'
import { wrongOnes } from './corpus.ts'
import { shown, variantConnectors } from '../conform/variant-connectors.ts'
import { wrongAboutFaults } from './wrong-about-faults.ts'
import { wrongAboutMessages } from './wrong-about-messages.ts'
import type { Wrong } from './wrong-connectors.ts'

const runs = 1_000
/** Of one seed; a connector that is missed takes no longer. */
const seconds = 60

const asked = process.argv.slice(2)
const given = asked.indexOf('--seeds')
const seeds = given < 0 ? 20 : Number(asked[given + 1])
const names = asked.filter((_, i) => given < 0 || (i !== given && i !== given + 1))

/** As a user would have it checked: with every fault and every kind of message that it can be given. */
const plain = ({ about, law: _, with: __, ...rest }: Wrong): Connector => ({ name: about, guarantee: 'at-least-once', ...rest })
const aboutOne = (all: Readonly<Record<string, Wrong>>) =>
  Object.entries(all).map(([what, wrong]) => [`about ‘${what}’`, plain(wrong)] as const)
/** Variants of the catalogue that break a law in a world. */
const variants = Object.entries(shown).flatMap(([component, all]) => Object.entries(all).filter(([, how]) => !('because' in how))
  .map(([variant]) => [`${component}/${variant}`, variantConnectors[component]![variant]!] as const))
const connectors = new Map<string, Connector>([
  ...Object.entries(wrongOnes), ...variants, ...aboutOne(wrongAboutFaults), ...aboutOne(wrongAboutMessages),
])

const unknown = names.find((name) => !connectors.has(name))
if (unknown !== undefined || !(seeds >= 1)) {
  process.stderr.write(unknown === undefined ? 'Use --seeds with a whole number from 1.\n' : `There is no wrong connector ${unknown}.\n`)
  process.exit(2)
}
for (const [name, connector] of connectors) if (names.length === 0 || names.includes(name)) write(name, await row(name, connector))

/** The scenarios until found of every seed, in a row of the table. */
async function row(name: string, connector: Connector): Promise<string> {
  const found: number[] = []
  const clauses = new Set<string>()
  for (let seed = 1; seed <= seeds; seed++) {
    const verdict = await attempt(connector, { seed, runs, seconds, asDrawn: true })
    if (!verdict.broken) continue
    found.push(verdict.runs)
    clauses.add(verdict.broken.clause)
  }
  // One that is not found counts as more scenarios than any.
  const all = [...found, ...Array.from({ length: seeds - found.length }, () => Infinity)].sort((a, b) => a - b)
  const shown = (value: number) => (Number.isFinite(value) ? many(value) : '–')
  const date = new Date().toISOString().slice(0, 10)
  return `| \`${name}\` | ${found.length} of ${seeds} | ${shown(median(all))} | ${shown(all.at(-1)!)} | ${[...clauses].sort().join('; ')} | ${date} |`
}

/** The page with this row in the place of the one that it had. */
function write(name: string, text: string): void {
  process.stdout.write(`${text}\n`)
  const page = new URL('../../bench/found.md', import.meta.url)
  const lines = readFileSync(page, 'utf8').split('\n')
  const head = lines.findIndex((line) => line.startsWith('|---'))
  const rows = new Map(lines.filter((line) => line.startsWith('| `')).map((line) => [line.split('`')[1]!, line]))
  rows.set(name, text)
  const order = [...connectors.keys()].flatMap((known) => rows.get(known) ?? [])
  const rest = lines.slice(head + 1).filter((line) => !line.startsWith('| `'))
  writeFileSync(page, [...lines.slice(0, head + 1), ...order, ...rest].join('\n'))
}
