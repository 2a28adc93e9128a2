/** What was drawn for a connector: a row for each fault, with how often it met each stage of a message’s life. */
import { type Coverage, type Stage, stages } from '../../spec/evidence/coverage.ts'
import { type FaultName, faultNames } from '../../spec/fault.ts'
import { amount, amountOf } from '../text/words.ts'
import { type Colours, type Column, markdownTable, textTable } from './table.ts'

/** Short, so that a line has 80 columns at the most. */
const heads: Readonly<Record<Stage, string>> = {
  'before it is taken': 'to come', 'in hand': 'in hand', 'being sent': 'being sent', 'recorded, and not told': 'not told',
  settled: 'settled',
}
const columns: readonly Column[] = [{ head: 'fault' }, ...stages.map((stage): Column => ({ head: heads[stage], right: true }))]

export const coverageText = (coverage: Coverage, runs: number, colours: Colours): string =>
  `${textTable(columns, rowsOf(coverage), colours)}\n${legend(coverage, runs).join('\n')}`

export const coverageMarkdown = (coverage: Coverage, runs: number): string =>
  `${markdownTable(columns, rowsOf(coverage))}\n\n${legend(coverage, runs).join(' ')}`

/** What passes, mends or moves the date alone harms no message. */
const harmless: ReadonlySet<FaultName> = new Set(['link heals', 'time passes', 'clock goes back', 'reporting fails'])
const during: Readonly<Partial<Record<Stage, string>>> = {
  'in hand': 'in hand', 'being sent': 'being sent', 'recorded, and not told': 'recorded, and the connector not told so',
}
/** How often a fault met a message at the moments that matter, in a sentence: a verdict is worth as much as those. */
export function metSentence({ met }: Pick<Coverage, 'met'>): string {
  const count = (stage: Stage) => faultNames.reduce((sum, fault) => sum + (harmless.has(fault) ? 0 : met[fault]?.[stage] ?? 0), 0)
  const parts = stages.flatMap((stage) => (during[stage] === undefined ? [] : [`${amountOf(count(stage), 'time')} while it was ${during[stage]}`]))
  return `Faults met a message ${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)!}.`
}

/** All faults, those that never came about too: a gap is to be seen. */
const rowsOf = ({ met }: Coverage): readonly (readonly string[])[] => faultNames.map((fault) =>
  [fault, ...stages.map((stage) => { const times = met[fault]?.[stage] ?? 0; return times === 0 ? '–' : amount(times) })])

const legend = ({ pairs: { met, of } }: Coverage, runs: number): readonly string[] => [
  `So often in ${amountOf(runs, 'scenario')} a fault met a message at that stage; “not told” is one`,
  'that is recorded, and of which the connector has not been told so.',
  of === 0 ? 'No two faults came about.' : `${amount(met)} of the ${amountOf(of, 'pair')} of these faults came about in one scenario.`,
]
