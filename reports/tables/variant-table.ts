/** What `check` found of the catalogue: a row for each variant. */
import type { Paper } from '../text/paper.ts'
import { amount, duration } from '../text/words.ts'
import { type Colours, type Column, markdownTable, type Paint, textTable } from './table.ts'

export interface VariantRow {
  readonly component: string
  readonly variant: string
  /** The laws it breaks, each with the steps of the shortest run. */
  readonly breaks: readonly { readonly law: string; readonly steps: number }[]
  readonly states: number
  readonly milliseconds: number
  /** Whether the catalogue claims otherwise. */
  readonly wrong: boolean
}

const columns: readonly Column[] = [
  { head: 'component' }, { head: 'variant' }, { head: 'law' }, { head: 'states', right: true }, { head: 'steps', right: true },
  { head: 'time', right: true },
]
const lawColumn = 2

export function variantText(rows: readonly VariantRow[], colours?: Colours, paper: Paper = {}): string {
  const paint: Paint = (cell, column, row) => {
    if (column !== lawColumn || !colours) return cell
    const { wrong, breaks } = rows[row]!
    return wrong ? colours.red(cell) : breaks.length === 0 ? colours.green(cell) : colours.yellow(cell)
  }
  return textTable(columns, rows.map(cellsOf), colours, paint, paper)
}

export const variantMarkdown = (rows: readonly VariantRow[]): string => markdownTable(columns, rows.map(cellsOf))

function cellsOf({ component, variant, breaks, states, milliseconds, wrong }: VariantRow): readonly string[] {
  const laws = breaks.length === 0 ? 'lawful' : breaks.map(({ law }) => law).join(', ')
  return [
    component, variant, wrong ? `${laws} (not as claimed)` : laws, amount(states), breaks.map(({ steps }) => amount(steps)).join(', ') || '–',
    duration(milliseconds),
  ]
}
