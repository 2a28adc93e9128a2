/** The table of the variants of the catalogue as connectors: what shows of each, and where nothing does, why. */
import { type Column, markdownTable } from './table.ts'

export interface VariantConnectorRow {
  readonly component: string
  readonly variant: string
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The law that it breaks, and how soon; or why it breaks none. */
  readonly law: string
  /** What `diagnose` takes it for, and what its probes do not tell from that, and why. */
  readonly diagnosis: string
}

const columns: readonly Column[] =
  [{ head: 'component' }, { head: 'variant' }, { head: 'which' }, { head: 'breaks' }, { head: 'diagnosis' }]

const intro = [
  '# Every variant as a connector', '',
  'Each variant of the catalogue is a connector in `connectors/variants/` too, which asks the same policy as its model.',
  '*Breaks* is the law that it is caught by, and how many scenarios with which seed it takes. Where there is none, it says why.',
  '*Diagnosis* is what `npx unwedge diagnose` takes it for, and in how many probes it answers as that does.',
]

export function variantConnectorsPage(rows: readonly VariantConnectorRow[]): string {
  return `${[...intro, '', markdownTable(columns, rows.map(cellsOf))].join('\n')}\n`
}

const cellsOf = ({ component, variant, says, law, diagnosis }: VariantConnectorRow) => [component, variant, says, law, diagnosis]

/** What a page of these says in the last column of a row; null where it has none such. */
export function diagnosisIn(page: string, { component, variant }: Pick<VariantConnectorRow, 'component' | 'variant'>): string | null {
  const row = page.split('\n').find((line) => line.startsWith(`| ${component} | ${variant} | `))
  return row?.split(' | ').at(-1)?.replace(/ \|$/, '') ?? null
}
