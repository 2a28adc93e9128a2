/** A table of any columns, as text and as Markdown. */
import pc from 'picocolors'
import { inline } from '../text/markdown.ts'
import { plain } from '../text/words.ts'

export type Colours = ReturnType<typeof pc.createColors>

export interface Column {
  readonly head: string
  /** Numbers stand to the right. */
  readonly right?: boolean
}
export type Paint = (cell: string, column: number, row: number) => string

const gap = '  '

/** Columns are as wide as they need to be. Colours come last, because they take no room. */
export function textTable(
  columns: readonly Column[], rows: readonly (readonly string[])[], colours: Colours = pc.createColors(false),
  paint: Paint = (cell) => cell,
): string {
  const cells = rows.map((row) => row.map(plain))
  const widths = columns.map(({ head }, column) => Math.max(head.length, ...cells.map((row) => row[column]!.length)))
  const put = (cell: string, column: number) =>
    columns[column]!.right ? cell.padStart(widths[column]!) : column === columns.length - 1 ? cell : cell.padEnd(widths[column]!)
  return [
    colours.bold(columns.map(({ head }, column) => put(head, column)).join(gap).trimEnd()),
    ...cells.map((row, i) => row.map((cell, column) => paint(put(cell, column), column, i)).join(gap).trimEnd()),
  ].join('\n')
}

export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ head }) => head)), line(columns.map(({ right }) => (right ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(inline))),
  ].join('\n')
}
