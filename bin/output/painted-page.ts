/** A page of text in colours: its title, what broke and what kept, each on all the lines that it takes. */
import type { Colours } from '../../reports/tables/table.ts'

/** What is painted goes on until a sentence ends; in the row of a run, as far as lines stand further in than its mark. */
interface Begun {
  readonly paint: (text: string) => string
  /** Where the mark stands. */
  readonly at: number
  readonly isRow: boolean
}

export function paintedPage(page: string, colours: Colours): string {
  const lines = page.split('\n')
  const end = lines.indexOf('')
  const title = lines.slice(0, end < 0 ? lines.length : end)
  const painted: string[] = title.map((line) => colours.bold(line))
  const paints: Readonly<Record<string, Begun['paint']>> = { '✗': colours.red, '✓': colours.green, '?': colours.yellow }
  let begun: Begun | null = null
  for (const line of lines.slice(title.length)) {
    const [before, mark] = /^( {2}(?=\? )|[^✗✓]*(?=[✗✓]))(.)/.exec(line)?.slice(1) ?? []
    if (before !== undefined) begun = { paint: paints[mark!]!, at: before.length, isRow: /\d/.test(before) }
    const from = before?.length ?? line.search(/\S/)
    if (begun === null || (before === undefined && from <= begun.at)) begun = null
    painted.push(begun === null ? line : `${line.slice(0, from)}${begun.paint(line.slice(from))}`)
    if (begun && !begun.isRow && line.endsWith('.')) begun = null
  }
  return painted.join('\n')
}
