/** The field trial’s table: a row for each connector. A row of a connector that is tried again replaces the old one. */

export interface FieldTrialRow {
  /** The number of a published bug; null for a connector that must pass, and for a version that is current. */
  readonly row: number | null
  readonly connector: string
  readonly brokenLaw: string
  /** Scenarios until one broke it, and over how many seeds that is known. */
  readonly scenarios: string
  readonly size: string
  /** Scenarios in which the fixed version kept every law. */
  readonly kept: string
  readonly seconds: number
  /** Where it was published, or that it must pass, or what is wrong with it today. */
  readonly published: string
  /** Conditions of the trial that a user might not have, or why the bug was not found. */
  readonly limits: string
}

const head = [
  'row', 'connector', 'broken law', 'scenarios until it breaks (median)', 'messages and faults, shrunk',
  'scenarios in which what is right kept every law', 'seconds', 'published', 'limits',
]
const intro = [
  '# The field trial', '',
  'Published bugs in real connectors, found from drawn scenarios: `npm run trials:all` writes the table,',
  'with the median of 20 seeds and with sockets. A line that was not tried again, or over fewer seeds, stays as it was.', '',
]

const none = '–'
const cellsOf = (line: FieldTrialRow): readonly string[] => [
  line.row === null ? none : `${line.row}`, line.connector, line.brokenLaw, line.scenarios, line.size, line.kept, `${line.seconds}`,
  line.published, line.limits,
]

/** The table with new rows. A new row replaces the old one of the same connector, unless the old one is known over more seeds. */
export function tableWith(text: string, lines: readonly FieldTrialRow[]): string {
  const known = new Map(linesIn(text).map((line) => [line.connector, line]))
  for (const line of lines) {
    const before = known.get(line.connector)
    if (!before || seedsOf(line) >= seedsOf(before)) known.set(line.connector, line)
  }
  const all = [...known.values()].sort((a, b) => placeOf(a) - placeOf(b) || (a.connector < b.connector ? -1 : 1))
  const rows = [head, head.map(() => '---'), ...all.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`)
  return `${[...intro, ...rows].join('\n')}\n`
}

function linesIn(text: string): readonly FieldTrialRow[] {
  const rows = text.split('\n').filter((row) => row.startsWith('| ')).map((row) => row.slice(2, -2).split(' | ').map((cell) => cell.trim()))
  return rows.filter((cells) => cells.length === head.length && /^(\d+|–)$/.test(cells[0]!))
    .map(([row, connector, brokenLaw, scenarios, size, kept, seconds, published, limits]) => ({
      row: row === none ? null : Number(row), connector: connector!, brokenLaw: brokenLaw!, scenarios: scenarios!, size: size!, kept: kept!,
      seconds: Number(seconds), published: published!, limits: limits!,
    }))
}

const seedsOf = ({ scenarios }: FieldTrialRow) => Number(/\((\d+) seeds/.exec(scenarios)?.[1] ?? 0)
/** By its number; then what must pass, then what is current. */
const placeOf = ({ row, published }: FieldTrialRow) => row ?? (published === 'must pass' ? 1_000 : 1_001)
