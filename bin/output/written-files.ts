/** Files of pages, and the directories they go to. */
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import { extensions, type Format } from './format.ts'
import { pageAs } from './page-writers.ts'

/** Writes each page to a file named for it. The directory must exist. */
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

/** The same error with the path of the file it is about: a full disk names none, and a file that is being written has another name. */
export const about = (path: string, error: unknown): unknown => (error instanceof Error ? Object.assign(error, { path }) : error)
