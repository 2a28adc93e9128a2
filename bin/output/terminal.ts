/** The terminal: text, pages painted where it likes colours, and a line of progress. */
import pc from 'picocolors'
import type { Paper } from '../../reports/text/paper.ts'
import { plain, unheeded } from '../../reports/text/words.ts'
import type { Format } from './format.ts'
import { paintedPage } from './painted-page.ts'

const { env, stdout, stderr } = process
/** A build machine may give its jobs a terminal; what is written there is read as a file all the same. */
export const isBuildMachine = !['', 'false'].includes(env['CI'] ?? '')
const isLookedAt = !isBuildMachine && env['TERM'] !== 'dumb'

/** What `check --watch` tells the checks that it starts: how wide the terminal is that it shows them on, and 0 where there is none. */
export const watchedBy = 'UNWEDGE_WATCHED_BY'
/** Whether this is such a check. */
export const isWatched = env[watchedBy] !== undefined
const watchedColumns = Number(env[watchedBy] ?? 0)
// A connector has no business with it.
delete env[watchedBy]
// It ends with who started it, however that ends.
if (isWatched) process.stdin.resume().once('close', () => process.exit(143)).unref()

/** Whether somebody looks at a terminal. */
export const isTerminal = watchedColumns > 0 || (Boolean(stdout.isTTY) && isLookedAt)
export const colours = pc.createColors(isTerminal && !env['NO_COLOR'])

const columns = watchedColumns || stdout.columns
/** How wide pages are: as the terminal, where somebody looks at one. */
export const paper: Paper = isTerminal && columns > 0 ? { columns } : {}

/** Whether somebody sees how far it is. */
const isProgressSeen = watchedColumns > 0 || (Boolean(stderr.isTTY) && isLookedAt)

/** A name or a message in it steers no build server. */
export const say = (text: string): void => { stdout.write(`${unheeded(text)}\n`) }

/** What is wrong with exports that are left out, a line each; the exit code is then 2 unless a law was broken. */
export function sayUnfit(unfit: readonly string[]): void {
  for (const line of unfit) stderr.write(`unwedge: ${plain(line)}\n`)
}

/** The line that the cursor is in is written over. */
export const over = '\r\u001b[2K'

let within = ''

/** One line on a terminal that is written over, and nothing anywhere else. */
export const progress = {
  /** What it is about from now on: the how manyth of how many. */
  about(part: number, all: number): void {
    within = all > 1 ? `${part} of ${all}  ` : ''
  },
  show(text: string): void {
    if (isProgressSeen) stderr.write(`${over}${plain(within + text).slice(0, (watchedColumns || stderr.columns || 80) - 1)}`)
  },
  /** A line that stays. A check that is watched has its screen for what is known in the end. */
  keep(line: string): void {
    if (isProgressSeen && !isWatched) stderr.write(`${over}${line}\n`)
  },
  clear(): void {
    if (isProgressSeen) stderr.write(over)
  },
}

/** A page as the terminal gets it. */
export function sayPage(page: string, format: Format): void {
  say(format === 'text' ? `${paintedPage(page.trimEnd(), colours)}\n` : page.trimEnd())
}
