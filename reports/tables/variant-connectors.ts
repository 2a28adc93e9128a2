/** The table of the variants of the catalogue as connectors: what shows of each, and where nothing does, why. */
import { type Column, markdownTable } from './table.ts'

export interface VariantConnectorRow {
  readonly component: string
  readonly variant: string
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The law that it breaks, and how soon; or why it breaks none. */
  readonly law: string
  /** What the right model says of it. */
  readonly model: string
  /** What `diagnose` takes it for, and what its probes do not tell from that, and why. */
  readonly diagnosis: string
}

const columns: readonly Column[] = [
  { head: 'component' }, { head: 'variant' }, { head: 'which' }, { head: 'breaks' }, { head: 'as a right one?' }, { head: 'diagnosis' },
]

const intro = [
  '# Every variant as a connector', '',
  'Each variant of the catalogue is a connector in `connectors/variants/` too, which asks the same policy as its model.', '',
  '* *Breaks* is the law that it is caught by, and in which scenario of which seed; `bench/found.md` has how soon that is with others.',
  '  Where there is none, it says why.',
  '* *As a right one?* is the word of the right model on scenarios that come out of it. Of time it asks only',
  '  that timers take theirs; it looks at the first verdict of a message once a fault has struck, and is asked neither of fresh',
  '  messages nor of a run without an end: all that is for the laws.',
  '* *Diagnosis* is what `npx unwedge diagnose` takes it for, and in how many probes it answers as that does.',
]

export function variantConnectorsPage(rows: readonly VariantConnectorRow[]): string {
  const cells = rows.map(({ component, variant, says, law, model, diagnosis }) => [component, variant, says, law, model, diagnosis])
  return `${[...intro, '', markdownTable(columns, cells)].join('\n')}\n`
}

/** What a page of these says of a variant; null where it has no such row. */
export function rowIn(page: string, component: string, variant: string): VariantConnectorRow | null {
  const row = page.split('\n').find((line) => line.startsWith(`| ${component} | ${variant} | `))
  const cells = row?.slice(2, -2).split(' | ')
  if (cells?.length !== columns.length) return null
  const [, , says, law, model, diagnosis] = cells
  return { component, variant, says: says!, law: law!, model: model!, diagnosis: diagnosis! }
}
