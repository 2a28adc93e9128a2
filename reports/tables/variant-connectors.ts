/** The table of the variants of the catalogue as connectors: what shows of each, and where nothing does, why. */
import { type Column, markdownTable } from './table.ts'

export interface VariantConnectorRow {
  readonly component: string
  readonly variant: string
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The law that it breaks, and how soon; or why it breaks none. */
  readonly law: string
}

const columns: readonly Column[] = [{ head: 'component' }, { head: 'variant' }, { head: 'which' }, { head: 'breaks' }]

const intro = [
  '# Every variant as a connector', '',
  'Each variant of the catalogue is a connector in `connectors/variants/` too, which asks the same policy as its model.',
  '*Breaks* is the law that it is caught by, and how many scenarios with which seed it takes. Where there is none, it says why.',
]

export function variantConnectorsPage(rows: readonly VariantConnectorRow[]): string {
  return `${[...intro, '', markdownTable(columns, rows.map(cellsOf))].join('\n')}\n`
}

const cellsOf = ({ component, variant, says, law }: VariantConnectorRow) => [component, variant, says, law]
