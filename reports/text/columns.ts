/** A table of any columns, as text and as Markdown. */
import pc from 'picocolors'
import { prose } from './markdown.ts'
import type { Colours } from './table.ts'
import { plain } from './words.ts'

export interface Column {
  readonly head: string
  /** Numbers stand to the right. */
  readonly right?: boolean
}
export type Paint = (cell: string, column: number, row: number) => string

const gap = '  '

/** Columns as wide as they need to be. Colours are put on last, for they take no room. */
export function textColumns(
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

export function markdownColumns(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ head }) => head)), line(columns.map(({ right }) => (right ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(prose))),
  ].join('\n')
}
