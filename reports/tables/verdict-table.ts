/** What `check` found of real connectors: a row for each. */
import type { Divergence, Violation } from '../../spec/evidence/violation.ts'
import type { Scenario } from '../../spec/scenario.ts'
import type { Paper } from '../text/paper.ts'
import { amount, amountOf, duration } from '../text/words.ts'
import { type Colours, type Column, markdownTable, type Paint, textTable } from './table.ts'

interface VerdictRow {
  readonly connector: string
  readonly verdict: 'lawful' | 'broken' | 'inconclusive'
  /** Why nothing can be said; empty unless inconclusive. */
  readonly because: string
  readonly violations: readonly Violation[]
  readonly divergence: Divergence | null
  /** Scenarios it was tried with. */
  readonly runs: number
  /** Stored ones, besides. */
  readonly stored?: number
  readonly milliseconds: number
}

const columns: readonly Column[] = [
  { head: 'connector' }, { head: 'verdict' }, { head: 'scenarios', right: true }, { head: 'smallest' }, { head: 'time', right: true },
]
const verdictColumn = 1

export function verdictText(rows: readonly VerdictRow[], colours: Colours, paper: Paper = {}): string {
  const colour = { lawful: colours.green, broken: colours.red, inconclusive: colours.yellow }
  const paint: Paint = (cell, column, row) => (column === verdictColumn ? colour[rows[row]!.verdict](cell) : cell)
  return textTable(columns, rows.map(cellsOf), colours, paint, paper)
}

export const verdictMarkdown = (rows: readonly VerdictRow[]): string => markdownTable(columns, rows.map(cellsOf))

const cellsOf = (row: VerdictRow): readonly string[] =>
  [row.connector, verdictOf(row), scenariosOf(row), smallest(row), duration(row.milliseconds)]

/** How many scenarios it was tried with, as a cell. Where a stored one breaks it, none is drawn. */
export const scenariosOf = ({ runs, stored = 0 }: { readonly runs: number; readonly stored?: number }): string =>
  (runs === 0 && stored > 0 ? `${amount(stored)} stored` : amount(runs))

function verdictOf(row: VerdictRow): string {
  if (row.verdict === 'inconclusive') return `inconclusive: ${row.because}`
  return row.verdict === 'lawful' ? 'lawful' : `✗ broken: ${whatBroke(row).join(', ')}`
}

/** The names of the laws that a connector broke, and the model it differs from. */
export const whatBroke = ({ violations, divergence }: Pick<VerdictRow, 'violations' | 'divergence'>): readonly string[] =>
  [...new Set(violations.map(({ law }) => law.name)), ...(divergence ? [`not as ${divergence.component}`] : [])]

/** The size of the smallest scenario that breaks it. */
function smallest({ violations }: VerdictRow): string {
  const sizes = violations.map(({ scenario }) => ({ messages: messagesIn(scenario), faults: scenario.faults.length }))
  const [least] = sizes.sort((a, b) => a.messages + a.faults - b.messages - b.faults)
  return least ? [amountOf(least.messages, 'message'), ...(least.faults === 0 ? [] : [amountOf(least.faults, 'fault')])].join(', ') : '–'
}

const messagesIn = ({ stream }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0)
