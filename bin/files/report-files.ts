/** The whole run as one file: a page to read, or what a build server takes. Its ending says which. */
import { appendFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../../engine/usage-error.ts'
import { checkedVariant, isWrongOne } from '../../engine/search/claims.ts'
import { explained, thresholdsOf } from '../../engine/run/counterfactuals.ts'
import { lineOf } from '../../engine/process/load.ts'
import { leftOut } from '../../engine/store/violation-record.ts'
import { components } from '../../models/catalogue.ts'
import { htmlReport } from '../../reports/html/report.ts'
import { junitReport } from '../../reports/formats/junit.ts'
import { sarifReport } from '../../reports/formats/sarif.ts'
import { mostBytes, type Summed, summaryReport } from '../../reports/formats/summary.ts'
import { plain, shellWord } from '../../reports/text/words.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { Evidence, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import { type ConnectorResult, storedIn } from '../checks/connector-result.ts'
import { failureOf } from '../input/exit-code.ts'
import { quoted } from '../input/names.ts'
import { progress } from '../output/terminal.ts'
import { about, writeWhole } from '../output/written-files.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'
import type { VariantResult } from '../checks/variant-check.ts'

type Writer = (evidence: Evidence) => string
const writers: Readonly<Record<string, { readonly is: string; readonly write: Writer }>> = {
  '.html': { is: 'a page', write: htmlReport }, '.xml': { is: 'JUnit', write: junitReport }, '.sarif': { is: 'SARIF', write: sarifReport },
  '.md': { is: 'a summary', write: summaryReport },
}

/** What stands in a file by its ending, for messages: those of a whole run, and what a command has besides. */
type Endings = Readonly<Record<string, string>>
export const ofRuns: Endings = Object.fromEntries(Object.entries(writers).map(([ending, { is }]) => [ending, is]))

export const endingOf = (file: string, endings: Endings): string | undefined =>
  Object.keys(endings).find((ending) => file.toLowerCase().endsWith(ending) && !file.endsWith(`/${ending}`) && file !== ending)

/** Refuses, before anything runs, a file with an unknown ending and one that could not be written. */
export function checkReports(files: readonly string[], endings: Endings = ofRuns): void {
  for (const file of files) {
    if (endingOf(file, endings) === undefined) {
      const known = Object.entries(endings).map(([ending, is]) => `${ending} (${is})`)
      throw new UsageError(`${file} cannot be written: here a file ends in ${known.slice(0, -1).join(', ')}${known.length > 1 ? ' or ' : ''}${known.at(-1)}.`)
    }
    const dir = dirname(resolve(file))
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`${file} cannot be written: there is no directory ${quoted(dirname(file))}.`)
  }
}

/** The results of a run of the suite. */
interface SuiteResults {
  readonly results: readonly VariantResult[]
  /** The entries that were named themselves. */
  readonly asked: ReadonlySet<unknown>
  /** Counterexamples at the documents’ own numbers. */
  readonly limits: readonly Counterexample[]
  readonly outcomes: readonly ConnectorResult[]
  /** What was asked for and not checked, and why. */
  readonly unchecked: readonly string[]
}

/** Writes each file, and the summary of a job where there is one. */
export function writeReports(files: readonly string[], { results, asked, limits, outcomes, unchecked }: SuiteResults): void {
  // A variant that breaks a law fails the run only where it was named itself, or is not as claimed.
  const claims = results.map(({ checked, entry, wrong }) =>
    checkedVariant(checked, wrong.length > 0 || (asked.has(entry) && isWrongOne(entry))))
  const found = [
    ...results.flatMap(({ entry, checked: { counterexamples } }) =>
      counterexamples.map((each) => ({ each, of: [entry.component, ...components] }))),
    ...limits.map((each) => ({ each, of: components })),
  ]
  const summary = { command: command(), claims, connectors: outcomes.map(triedOf), unchecked }
  summarise({ ...summary, pages: found.map(({ each }) => ({ found: each })) })
  if (files.length === 0) return
  const pages = found.map(({ each, of }) => {
    progress.show(`explaining ${each.component}/${each.variant} …`)
    return explained(each, of)
  })
  progress.clear()
  writeEvidence(files, { ...summary, pages, thresholds: thresholdsOf(pages) })
}

/** Writes the whole of it to each file, as its ending says. One that cannot be written keeps no other from it. */
export function writeEvidence(files: readonly string[], evidence: Evidence): void {
  writeEach(files, (file) => writers[endingOf(file, ofRuns)!]!.write(evidence))
}

/** Writes what there is for each file. Throws, once all have been tried, what the first had against it. */
export function writeEach(files: readonly string[], text: (file: string) => string): void {
  const failed = files.flatMap((file): readonly unknown[] => {
    try {
      writeWhole(file, text(file))
      if (process.stderr.isTTY) process.stderr.write(`${plain(file)} is written.\n`)
      return []
    } catch (error) {
      return [error]
    }
  })
  if (failed.length > 0) throw failed[0]
}

/** Appends a summary where a build server asks for one. That it cannot is said, and changes nothing else. */
export function summarise(summed: Summed): void {
  const file = process.env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  try {
    const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    appendFileSync(file, `${summaryReport(summed, mostBytes - before)}\n`)
  } catch (error) {
    const why = failureOf(about(file, error))
    if (!why) throw error
    process.stderr.write(`unwedge: No summary was written: ${plain(why.says)}\n`)
  }
}

export const command = () => `npx unwedge ${process.argv.slice(2).map(shellWord).join(' ')}`

function triedOf({ subject, once, conformance, ...found }: ConnectorResult): TriedConnector {
  const { verdict, because, runs, milliseconds, violations, divergence, unreached } = found
  return {
    ...placeOf(subject), verdict, because, runs, milliseconds, violations, divergence,
    untried: [...leftOut({ ...subject.connector, exempt: {} }), ...(verdict === 'broken' ? [] : unreached)],
    ...(storedIn(found) > 0 ? { stored: storedIn(found) } : {}), ...(once ? { once } : {}),
    ...(conformance ? { exercised: conformance.coverage } : {}),
  }
}

/** What a connector is, where it is written, and which laws it is not checked against. */
type Place = Pick<TriedConnector, 'connector' | 'file' | 'line' | 'exempt' | 'order'>
export const placeOf = ({ connector, file, as, path }: ConnectorFile): Place => ({
  connector: connector.name, file: path, line: lineOf(file, as), exempt: connector.exempt ?? {},
  ...(connector.order === 'per link' ? { order: connector.order } : {}),
})
