/** The one screen of a check that is watched; where there is no terminal, one check after the other. */
import { stripVTControlCharacters } from 'node:util'
import { amountOf, plain } from '../../reports/text/words.ts'
import { colours, isTerminal, over, say } from './terminal.ts'

const { stdout } = process

export class WatchScreen {
  readonly #about: string
  #head = ''
  /** What was said in the end, and below it what is waited for; null while a check runs. */
  #end: { readonly said: string; readonly foot: string } | null = null

  constructor(about: string) {
    this.#about = plain(about)
    if (isTerminal) stdout.on('resize', () => this.#draw())
  }

  /** How wide pages are; 0 where they are written as to a file. */
  get columns(): number {
    return isTerminal ? stdout.columns || 80 : 0
  }

  begin(changed: readonly string[]): void {
    const why = changed.length === 0 ? '' : `, after a change of ${changed.map(plain).join(', ')}`
    this.#head = `${colours.bold(this.#about)}  ${new Date().toLocaleTimeString('en-GB')}${why}`
    this.#end = null
    if (isTerminal) this.#draw()
    else say(`\n${this.#head}\n`)
  }

  /** Shows what is progress in a text, and gives back what is not. */
  progress(text: string): string {
    const [first = '', ...parts] = text.split(over)
    const line = parts.findLast((part) => !part.includes('\n'))
    if (line !== undefined) stdout.write(`${over}${line}`)
    // Progress is no whole line.
    return first + parts.filter((part) => part.includes('\n')).join('')
  }

  end(said: string, files: number): void {
    this.#end = { said: said.trim(), foot: `Waiting for a change of ${files === 1 ? 'it' : `one of ${amountOf(files, 'file')}`}. Ctrl-C ends it.` }
    if (isTerminal) this.#draw()
    else say(`${this.#end.said}\n\n${this.#end.foot}`)
  }

  close(): void {
    if (isTerminal) stdout.write('\n')
  }

  #draw(): void {
    const parts = this.#end ? [this.#head, '', ...this.#fitting(this.#end.said), '', colours.dim(this.#end.foot)] : [this.#head, '', '']
    stdout.write(`\u001b[2J\u001b[H${parts.join('\n')}`)
  }

  /** As much as there is room for, and always the last line: it sums up. */
  #fitting(said: string): readonly string[] {
    const lines = said.split('\n')
    const rows = (line: string) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / this.columns))
    let left = (stdout.rows || 24) - rows(stripVTControlCharacters(this.#head)) - 3
    if (lines.reduce((sum, line) => sum + rows(line), 0) <= left) return lines
    const last = lines.at(-1)!
    left -= rows(last) + 1
    const shown = lines.slice(0, lines.findIndex((line) => (left -= rows(line)) < 0))
    return [...shown, colours.dim(`… ${amountOf(lines.length - shown.length - 1, 'line')} more: leave out --watch to see all`), last]
  }
}
