/** What `check` found, a row for each variant. */
import pc from 'picocolors'
import { amount, plain } from './words.ts'

export type Colours = ReturnType<typeof pc.createColors>

/** A broken law and in how many steps. */
interface Breach {
  readonly law: string
  readonly steps: number
}

export interface Row {
  readonly component: string
  readonly variant: string
  readonly breaches: readonly Breach[]
  readonly states: number
  readonly milliseconds: number
  /** Whether it is otherwise than it should be. */
  readonly wrong: boolean
}

const heads = ['component', 'variant', 'law', 'states', 'steps', 'time'] as const
/** Numbers stand to the right. */
const toTheRight = [false, false, false, true, true, true]
const gap = '  '

export function textTable(rows: readonly Row[], colours: Colours = pc.createColors(false)): string {
  const table = [heads, ...rows.map((row) => cellsOf(row).map(plain))]
  const widths = heads.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)))
  return table.map((cells, i) => {
    const padded = cells.map((cell, column) => toTheRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))
    if (i === 0) return colours.bold(padded.join(gap).trimEnd())
    const row = rows[i - 1]!
    const paint = row.wrong ? colours.red : row.breaches.length === 0 ? colours.green : colours.yellow
    return padded.with(2, paint(padded[2]!)).join(gap)
  }).join('\n')
}

export function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = toTheRight.map((right) => (right ? '---:' : '---'))
  return [heads, rule, ...rows.map((row) => cellsOf(row).map((cell) => plain(cell).replace(/[\\`*_[\]<>#|~&$!@]/g, '\\$&')))]
    .map(line).join('\n')
}

function cellsOf({ component, variant, breaches, states, milliseconds, wrong }: Row): readonly string[] {
  const laws = breaches.length === 0 ? 'lawful' : breaches.map(({ law }) => law).join(', ')
  return [
    component, variant, wrong ? `✗ ${laws}` : laws, amount(states), breaches.map(({ steps }) => amount(steps)).join(', ') || '–',
    duration(milliseconds),
  ]
}

/** Such as `12 ms` or `3.4 s`. */
export const duration = (milliseconds: number): string =>
  milliseconds < 999.5 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
