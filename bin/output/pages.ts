/** Where pages go: to the terminal, painted if it likes colours, or to files of a directory. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import pc from 'picocolors'
import { jsonPage, jsonRun } from '../../reports/formats/json.ts'
import { markdownPage, markdownRun } from '../../reports/text/run-markdown.ts'
import { textPage, textRun } from '../../reports/text/run-page.ts'
import type { Counterexample, ShownRun } from '../../spec/evidence/counterexample.ts'
import { extensions, type Format } from './format.ts'

/** What every command that shows pages may be told of them. */
export interface Shows {
  readonly format: Format
  readonly out?: string
}

const { env, stdout, stderr } = process
/** A build machine may give its jobs a terminal; what is written there is read as a file all the same. */
const isWatched = (env['CI'] ?? 'false') === 'false' && env['TERM'] !== 'dumb'
export const colours = pc.createColors(Boolean(stdout.isTTY) && isWatched && !env['NO_COLOR'])

export const say = (text: string): void => { stdout.write(`${text}\n`) }

/** One line on a terminal that is written over, and nothing anywhere else. */
export const progress = {
  show(text: string): void {
    if (stderr.isTTY && isWatched) stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns || 80) - 1)}`)
  },
  clear(): void {
    if (stderr.isTTY && isWatched) stderr.write('\r\u001b[2K')
  },
}

export const pageAs: Readonly<Record<Format, (found: Counterexample) => string>> =
  { text: textPage, json: jsonPage, markdown: markdownPage }
export const runAs: Readonly<Record<Format, (run: ShownRun) => string>> = { text: textRun, json: jsonRun, markdown: markdownRun }

/** A page as the terminal gets it. */
export function sayPage(page: string, format: Format): void {
  const [title = '', ...lines] = page.trimEnd().split('\n')
  const marked = lines.map((line) => line.replace(/✗ .*$/, colours.red).replace(/✓ .*$/, colours.green))
  say(format === 'text' ? [colours.bold(title), ...marked, ''].join('\n') : page.trimEnd())
}

/** Writes each page to a file named for it, into a directory that there is. */
export function writePages(dir: string, pages: readonly Counterexample[], format: Format): void {
  for (const found of pages) writeWhole(join(dir, pageName(found, format)), pageAs[format](found))
}

/** Makes a directory and those above it. (Node’s own way, `recursive`, never returns under /proc.) */
export function makeDirectory(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return
  const above = dirname(resolve(dir))
  if (above !== resolve(dir) && !existsSync(above)) makeDirectory(above)
  mkdirSync(dir)
}

/** A name without a separator, a leading dot or anything else that a file system or a shell takes for more than a name. */
export function pageName({ component, variant, law }: Pick<Counterexample, 'component' | 'variant' | 'law'>, format: Format): string {
  const name = [component, variant, law.name].map((part) => part.replace(/[^A-Za-z0-9.]+/g, '-')).join('.')
  return `${name.replace(/^[.-]+/, '').replace(/\.{2,}/g, '.').slice(0, 200)}.${extensions[format]}`
}

/** All of a file or nothing. What is replaced is the file of that name, and never what a link there points to. */
export function writeWhole(path: string, text: string): void {
  const written = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(written, text, { flag: 'wx' })
    renameSync(written, path)
  } catch (error) {
    rmSync(written, { force: true })
    throw about(path, error)
  }
}

/** An error of the system’s that names the file it is about: a full disk is told without, and a file under way has another name. */
export const about = (path: string, error: unknown): unknown => (error instanceof Error ? Object.assign(error, { path }) : error)
