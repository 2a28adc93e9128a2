/** The whole run as one file: a page to read, or what a build server takes. Which of them, its ending says. */
import { extname, relative } from 'node:path'
import { Mistaken } from '../engine/build.ts'
import { claimed, shown, thresholdsOf } from '../engine/evidence.ts'
import { components } from '../models/catalogue.ts'
import { htmlReport } from '../reports/html.ts'
import { junitReport } from '../reports/junit.ts'
import { sarifReport } from '../reports/sarif.ts'
import type { Evidence, Tried } from '../spec/evidence.ts'
import type { Outcome } from './connectors.ts'
import { progress, writeWhole } from './output.ts'
import { isBroken, type Result } from './variants.ts'

const writers: Readonly<Record<string, (evidence: Evidence) => string>> =
  { '.html': htmlReport, '.xml': junitReport, '.sarif': sarifReport }

/** Refuses, before anything is run, a file whose ending says nothing. */
export function checkReports(files: readonly string[]): void {
  for (const file of files)
    if (!writers[extname(file)])
      throw new Mistaken(`${file} cannot be written: a report ends in .html (a page), .xml (JUnit) or .sarif.`)
}

/** Writes each file. A variant that breaks a law fails the run only where it was asked for by name, or is not as claimed. */
export function writeReports(
  files: readonly string[], results: readonly Result[], asked: ReadonlySet<unknown>, outcomes: readonly Outcome[],
): void {
  if (files.length === 0) return
  const pages = results.flatMap(({ checked: { counterexamples, claim } }) => counterexamples.map((found, i) => {
    progress.show(`telling of ${claim.component.name}/${claim.variant}, ${i + 1} of ${counterexamples.length} …`)
    return shown(found, components)
  }))
  progress.clear()
  const evidence: Evidence = {
    command: `npx unwedge ${process.argv.slice(2).join(' ')}`,
    claims: results.map(({ checked, entry, wrong }) => claimed(checked, wrong.length > 0 || (asked.has(entry) && isBroken(entry)))),
    pages, thresholds: thresholdsOf(pages), connectors: outcomes.map(triedOf),
  }
  for (const file of files) writeWhole(file, writers[extname(file)]!(evidence))
}

const triedOf = ({ subject, verdict, because, runs, milliseconds, troubles }: Outcome): Tried => ({
  connector: subject.connector.name, verdict, because, runs, milliseconds, troubles,
  file: relative(process.cwd(), subject.file), line: null, exempt: subject.connector.exempt ?? {},
})
