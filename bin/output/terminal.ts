/** The terminal: text, pages painted where it likes colours, and a line of progress. */
import pc from 'picocolors'
import type { Paper } from '../../reports/text/paper.ts'
import { plain, unheeded } from '../../reports/text/words.ts'
import type { Format } from './format.ts'

const { env, stdout, stderr } = process
/** A build machine may give its jobs a terminal; what is written there is read as a file all the same. */
const isWatched = (env['CI'] ?? 'false') === 'false' && env['TERM'] !== 'dumb'
export const colours = pc.createColors(Boolean(stdout.isTTY) && isWatched && !env['NO_COLOR'])

/** How wide pages are: as the terminal, where somebody looks at one. */
export const paper: Paper = stdout.isTTY && isWatched && stdout.columns > 0 ? { columns: stdout.columns } : {}

/** A name or a message in it steers no build server. */
export const say = (text: string): void => { stdout.write(`${unheeded(text)}\n`) }

/** What is wrong with exports that are left out, a line each; the exit code is then 2 unless a law was broken. */
export function sayUnfit(unfit: readonly string[]): void {
  for (const line of unfit) stderr.write(`unwedge: ${plain(line)}\n`)
}

/** One line on a terminal that is written over, and nothing anywhere else. */
export const progress = {
  show(text: string): void {
    if (stderr.isTTY && isWatched) stderr.write(`\r\u001b[2K${plain(text).slice(0, (stderr.columns || 80) - 1)}`)
  },
  clear(): void {
    if (stderr.isTTY && isWatched) stderr.write('\r\u001b[2K')
  },
}

/** A page as the terminal gets it. */
export function sayPage(page: string, format: Format): void {
  const [title = '', ...lines] = page.trimEnd().split('\n')
  const marked = lines.map((line) => line.replace(/✗ .*$/, colours.red).replace(/✓ .*$/, colours.green))
  say(format === 'text' ? [colours.bold(title), ...marked, ''].join('\n') : page.trimEnd())
}
