/** The whole run as one file: a page to read, or what a build server takes. Which of them, its ending says. */
import { extname } from 'node:path'
import { Mistaken } from '../engine/build.ts'
import { claimed, shown, thresholdsOf } from '../engine/evidence.ts'
import { lineOf } from '../engine/load.ts'
import { components } from '../models/catalogue.ts'
import { htmlReport } from '../reports/html.ts'
import { junitReport } from '../reports/junit.ts'
import { sarifReport } from '../reports/sarif.ts'
import { shellWord } from '../reports/words.ts'
import type { Counterexample } from '../spec/counterexample.ts'
import type { Evidence, Tried } from '../spec/evidence.ts'
import type { Outcome } from './connectors.ts'
import { progress, writeWhole } from './output.ts'
import type { Subject } from './subject.ts'
import { isBroken, type Result } from './variants.ts'

const writers: Readonly<Record<string, (evidence: Evidence) => string>> =
  { '.html': htmlReport, '.xml': junitReport, '.sarif': sarifReport }

/** Refuses, before anything is run, a file whose ending says nothing. */
export function checkReports(files: readonly string[]): void {
  for (const file of files)
    if (!writers[extname(file)])
      throw new Mistaken(`${file} cannot be written: a report ends in .html (a page), .xml (JUnit) or .sarif.`)
}

/** What a run of the suite came to. */
export interface Ran {
  readonly results: readonly Result[]
  /** Variants that were asked for by their own names. */
  readonly asked: ReadonlySet<unknown>
  /** Counterexamples at the documents’ own numbers. */
  readonly limits: readonly Counterexample[]
  readonly outcomes: readonly Outcome[]
}

/** Writes each file. A variant that breaks a law fails the run only where it was asked for by name, or is not as claimed. */
export function writeReports(files: readonly string[], { results, asked, limits, outcomes }: Ran): void {
  if (files.length === 0) return
  const pages = [...results.flatMap(({ checked: { counterexamples } }) => counterexamples), ...limits].map((found) => {
    progress.show(`telling of ${found.component}/${found.variant} …`)
    return shown(found, components)
  })
  progress.clear()
  const evidence: Evidence = {
    command: command(),
    claims: results.map(({ checked, entry, wrong }) => claimed(checked, wrong.length > 0 || (asked.has(entry) && isBroken(entry)))),
    pages, thresholds: thresholdsOf(pages), connectors: outcomes.map(triedOf),
  }
  writeEvidence(files, evidence)
}

/** Writes the whole of it to each file, as its ending says. */
export function writeEvidence(files: readonly string[], evidence: Evidence): void {
  for (const file of files) writeWhole(file, writers[extname(file)]!(evidence))
}

export const command = () => `npx unwedge ${process.argv.slice(2).map(shellWord).join(' ')}`

const triedOf = ({ subject, verdict, because, runs, milliseconds, troubles, unlike }: Outcome): Tried => ({
  ...placeOf(subject), verdict, because, runs, milliseconds, troubles, unlike,
})

/** What it is, where it is written, and what it is not held to. */
export const placeOf = ({ connector, file, as, path }: Subject): Pick<Tried, 'connector' | 'file' | 'line' | 'exempt'> =>
  ({ connector: connector.name, file: path, line: lineOf(file, as), exempt: connector.exempt ?? {} })
