/** A table of any columns, as text and as Markdown. */
import pc from 'picocolors'
import { inline } from '../text/markdown.ts'
import { broken, type Paper } from '../text/paper.ts'
import { plain } from '../text/words.ts'

export type Colours = ReturnType<typeof pc.createColors>

export interface Column {
  readonly head: string
  /** Numbers stand to the right. */
  readonly right?: boolean
}
export type Paint = (cell: string, column: number, row: number) => string

const gap = '  '

/** No column of text is narrower: ‘inconclusive:’ stays whole. */
const least = 13

/**
 * Columns are as wide as they need to be; where the paper is not, the widest of text are narrower, and a cell takes several lines.
 * Colours come last, because they take no room.
 */
export function textTable(
  columns: readonly Column[], rows: readonly (readonly string[])[], colours: Colours = pc.createColors(false),
  paint: Paint = (cell) => cell, { columns: room = Infinity }: Paper = {},
): string {
  const cells = rows.map((row) => row.map(plain))
  const widths = columns.map(({ head }, column) => Math.max(head.length, ...cells.map((row) => row[column]!.length)))
  for (let over = sum(widths) + gap.length * (columns.length - 1) - room; over > 0; over--) {
    const spare = columns.map(({ head, right }, column) => (right || widths[column]! <= Math.max(least, head.length) ? 0 : widths[column]!))
    const widest = spare.indexOf(Math.max(...spare))
    if (spare[widest] === 0) break
    widths[widest]!--
  }
  const put = (cell: string, column: number) =>
    columns[column]!.right ? cell.padStart(widths[column]!) : column === columns.length - 1 ? cell : cell.padEnd(widths[column]!)
  return [
    colours.bold(columns.map(({ head }, column) => put(head, column)).join(gap).trimEnd()),
    ...cells.flatMap((row, i) => linesOf(row, widths).map((line) =>
      line.map((cell, column) => paint(put(cell, column), column, i)).join(gap).trimEnd())),
  ].join('\n')
}

const sum = (all: readonly number[]) => all.reduce((so, one) => so + one, 0)

/** A row as lines: a cell that is wider than its column goes on in further ones, with its indentation. */
function linesOf(row: readonly string[], widths: readonly number[]): readonly (readonly string[])[] {
  const parts = row.map((cell, column) => {
    const [indent = ''] = /^ */.exec(cell) ?? []
    return cell.length <= widths[column]! ? [cell]
      : broken(cell.trim(), widths[column]! - indent.length).map((part) => `${indent}${part.trimEnd()}`)
  })
  return Array.from({ length: Math.max(...parts.map(({ length }) => length)) }, (_, i) => parts.map((lines) => lines[i] ?? ''))
}

export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ head }) => head)), line(columns.map(({ right }) => (right ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(inline))),
  ].join('\n')
}
