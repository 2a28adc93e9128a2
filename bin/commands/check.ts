/** `unwedge check`: checks variants against what the catalogue claims, and real connectors against the laws. */
import { amountOf } from '../../reports/text/words.ts'
import { jsonReport } from '../../reports/formats/json.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { ConnectorResult } from '../checks/connector-result.ts'
import { pageAs, type PageOptions } from '../output/page-formats.ts'
import { progress, say, sayPage } from '../output/terminal.ts'
import { makeDirectory, writePages } from '../output/written-files.ts'
import type { ConnectorFile, ProcessChoice } from '../input/loaded-connector.ts'
import { checkAll, chosen, factsOf, isBroken, isShown, summarise, unsettledOf } from '../checks/variants.ts'

interface CheckOptions extends PageOptions, ProcessChoice {
  /** Scenarios for each connector (300 by default), and walks through each right variant (none by default). */
  readonly runs?: number
  readonly seed: number
  /** Seconds. */
  readonly time?: number
  /** Files to write the whole run to; their endings say how. */
  readonly report?: readonly string[]
}
const connectorRuns = 300

export async function check(what: readonly string[], options: CheckOptions): Promise<number> {
  const { format, out, seed, time, runs = 0 } = options
  const until = performance.now() + (time ?? Infinity) * 1000
  const isReported = options.report !== undefined || Boolean(process.env['GITHUB_STEP_SUMMARY'])
  const evidence = isReported ? await import('../files/evidence.ts') : null
  evidence?.checkReports(options.report ?? [])
  const isWhole = what.length === 0
  const files = what.filter(isFile)
  const named = what.filter((word) => !isFile(word))
  const found = files.length === 0 ? [] : await (await import('../input/loaded-connector.ts')).connectorFiles(files, options)
  const { entries, asked } = files.length > 0 && named.length === 0 ? { entries: [], asked: new Set<never>() } : chosen(named)
  if (out !== undefined) makeDirectory(out)
  const { results, unsettled } = await checkAll(entries, { seed, runs, ...(time === undefined ? {} : { time }) })
  const tried = await tryAll(found, options, until)
  const pages = results.flatMap(({ checked, walked }) => [...checked.counterexamples, ...(walked ? [walked] : [])])
  if (out !== undefined) writePages(out, pages, format)
  const written = pages.length + (out === undefined ? 0 : tried.write(out))
  const limits: Counterexample[] = []
  if (format === 'json' && out === undefined) {
    const connectors = { connectors: tried.facts, unreadable: tried.unreadable }
    const says = { variants: results.map(factsOf), unsettled: unsettled.map(unsettledOf), ...connectors }
    process.stdout.write(jsonReport('check', says, [...pages, ...tried.outcomes.flatMap(({ violations }) => violations)]))
  } else {
    const shown = out === undefined ? pages.filter((page) => isShown(page, results, asked)) : []
    for (const page of shown) sayPage(pageAs[format](page), format)
    if (entries.length > 0) summarise(results, unsettled, { format, runs })
    if (isWhole && format === 'text') {
      say('\nAt the real numbers:')
      limits.push(...(await import('../checks/limits.ts')).findLimits(until, say))
    }
    if (entries.length > 0 && found.length > 0) say('')
    tried.say()
    if (out !== undefined) say(`${amountOf(written, 'page')} written to ${out}.`)
  }
  if (isWhole && options.report && limits.length === 0)
    limits.push(...(await import('../checks/limits.ts')).findLimits(until, () => undefined))
  evidence?.writeReports(options.report ?? [], { results, asked, limits, outcomes: tried.outcomes })
  const verdicts = new Set(tried.outcomes.map(({ verdict }) => verdict))
  const isWrong = results.some(({ entry, wrong }) => wrong.length > 0 || (asked.has(entry) && isBroken(entry)))
  if (isWrong || verdicts.has('broken')) return 1
  return unsettled.length > 0 || verdicts.has('inconclusive') ? 3 : 0
}

/** Whether a word names a file of connectors, and not a component or a variant. */
const isFile = (word: string): boolean => /\.[cm]?[jt]sx?(?:#[^/]*)?$/i.test(word)

/** Checks connectors. What that takes is loaded only if there are any. */
async function tryAll(found: readonly ConnectorFile[], options: CheckOptions, until: number) {
  const outcomes: ConnectorResult[] = []
  const nothing: readonly string[] = []
  if (found.length === 0) return { outcomes, unreadable: nothing, facts: [], say: () => undefined, write: (_: string) => 0 }
  const { checkConnector } = await import('../checks/connector-check.ts')
  const { storeEntries } = await import('../checks/stored-scenarios.ts')
  const { connectorFacts, sayConnectors, writeViolations } = await import('../checks/connector-verdicts.ts')
  const { entries, unreadable } = storeEntries()
  const trying = { ...options, runs: options.runs ?? connectorRuns, until }
  for (const subject of found) outcomes.push(await checkConnector(subject, trying, entries))
  progress.clear()
  return {
    outcomes, unreadable, facts: outcomes.map(connectorFacts),
    say: () => sayConnectors(outcomes, unreadable, options), write: (dir: string) => writeViolations(dir, outcomes, options.format),
  }
}
