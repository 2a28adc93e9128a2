/** `unwedge check`: checks variants against what is claimed of them, and real connectors against the laws. */
import { amountOf, plain } from '../../reports/text/words.ts'
import { jsonReport } from '../../reports/formats/json.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { type Claim, isWrongOne } from '../../engine/search/claims.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import { type ConnectorResult, usualRuns } from '../checks/connector-result.ts'
import { reasonOf } from '../input/exit-code.ts'
import { pageAs, type PageOptions } from '../output/page-writers.ts'
import { isWatched, paper, progress, say, sayPage, sayUnfit } from '../output/terminal.ts'
import { makeDirectory, writePages } from '../output/written-files.ts'
import type { ConnectorFile, ProcessChoice } from '../input/loaded-connector.ts'
import { claimsIn, isVariantInFile } from '../input/loaded-component.ts'
import { checkVariants, chosen, factsOf, isShown, summarise, unsettledOf, type VariantResult } from '../checks/variant-check.ts'
import { deadline } from '../input/deadline.ts'
import type { StorePlace } from '../input/configured.ts'
import { isFile } from '../input/names.ts'

interface CheckOptions extends PageOptions, ProcessChoice {
  /** Scenarios for each connector (300 by default), and walks through each right variant (none by default). */
  readonly runs?: number
  readonly seed: number
  /** Seconds. */
  readonly time?: number
  /** Say each scenario, what the connector printed, and what was drawn. */
  readonly verbose?: boolean
  /** The number of a scenario to show instead. */
  readonly show?: number
  /** Files to write the whole run to; their endings say how. */
  readonly report?: readonly string[]
  /** Whether what is stored is run first, as it is unless told otherwise. */
  readonly stored?: boolean
  /** Print what was found of the variants of files, to put into them. */
  readonly record?: boolean
  readonly store: StorePlace
}

export async function check(what: readonly string[], options: CheckOptions): Promise<number> {
  const { out, seed, time, runs = 0, report = [], record = false } = options
  const until = deadline(time)
  const isReported = options.report !== undefined || Boolean(process.env['GITHUB_STEP_SUMMARY'])
  const evidence = isReported ? await import('../files/report-files.ts') : null
  evidence?.checkReports(report)
  const { files, unfit, entries, asked } = await selected(what, { ...options, until })
  sayUnfit(unfit)
  if (options.show !== undefined)
    return (await import('../checks/shown-scenario.ts'))
      .showScenario(entries.length > 0 ? [] : files, { ...options, show: options.show, runs: options.runs ?? usualRuns, until })
  if (record && (entries.length === 0 || options.format !== 'text' || entries.some(({ from }) => from === undefined)))
    throw new UsageError('--record prints what is found of models of your own, as code: name files of models, and leave out --format.')
  if (out !== undefined) makeDirectory(out)
  const variants = await checkVariants(entries, { seed, runs, record, until })
  const connectors = await checkConnectors(files, options, { until, isAlone: entries.length === 0 })
  const checked: Checked = { ...variants, asked, connectors, unfit, pages: pagesOf(variants.results) }
  const limits: Counterexample[] = []
  const lookForLimits = async (onLine: (line: string) => void) => {
    limits.push(...(await import('../checks/limits.ts')).findLimits(until, onLine))
  }
  const isWhole = what.length === 0
  const code = exitCode(checked)
  try {
    if (options.format === 'json' && out === undefined) writeJson(checked)
    else await writeOut(checked, options, isWhole ? lookForLimits : null)
    if (isWhole && options.report && limits.length === 0) await lookForLimits(() => undefined)
    const unchecked = [...variants.unsettled.map(unsettledOf).map(({ name, why }) => `${name}: ${why}.`), ...unfit]
    evidence?.writeReports(report, { results: variants.results, asked, limits, outcomes: connectors.results, unchecked })
  } catch (error) {
    // A full disk does not hide that a law was broken.
    if (code !== 1) throw error
    process.stderr.write(`unwedge: ${plain(reasonOf(error))}\n`)
  }
  return code
}

/** Everything that was checked. */
interface Checked extends Awaited<ReturnType<typeof checkVariants>> {
  readonly asked: ReadonlySet<Claim>
  readonly connectors: CheckedConnectors
  /** What is wrong with exports that were left out. */
  readonly unfit: readonly string[]
  /** Of the variants. */
  readonly pages: readonly Counterexample[]
}

/** What the words of the command stand for: connectors and models in files, and entries of the catalogue. */
async function selected(what: readonly string[], options: ProcessChoice & { readonly until: number }) {
  const [files, names] = [what.filter(isFile), what.filter((word) => !isFile(word))]
  const whole = files.filter((word) => !isVariantInFile(word))
  // What is in a file is found out in another process: only a file of models is loaded here.
  const { found, models, unfit } = whole.length === 0 ? { found: [], models: [], unfit: [] }
    : await (await import('../input/loaded-connector.ts')).connectorFiles(whole, options)
  const own: Claim[] = []
  for (const word of models) own.push(...await claimsIn(word))
  const named: Claim[] = []
  for (const word of files.filter(isVariantInFile)) named.push(...await claimsIn(word))
  const isOnlyFiles = files.length > 0 && names.length === 0
  const { entries, asked } = isOnlyFiles ? { entries: [], asked: [] } : chosen(names)
  return { files: found, unfit, entries: [...entries, ...own, ...named], asked: new Set([...asked, ...named]) }
}

const pagesOf = (results: readonly VariantResult[]): readonly Counterexample[] =>
  results.flatMap(({ checked, walked }) => [...checked.counterexamples, ...(walked ? [walked] : [])])

function writeJson({ results, unsettled, connectors, pages }: Checked): void {
  const says = {
    variants: results.map(factsOf), unsettled: unsettled.map(unsettledOf), connectors: connectors.facts, unreadable: connectors.unreadable,
  }
  const broken = connectors.results.flatMap(({ violations, once }) => [...violations, ...(once ? [once] : [])])
  process.stdout.write(jsonReport('check', says, [...pages, ...broken]))
}

/** Pages, to the terminal or to files, and under them the tables; and the limits, where they are to be looked for. */
async function writeOut(
  { results, unsettled, asked, connectors, pages }: Checked, { format, out, runs = 0, record = false }: CheckOptions,
  lookForLimits: ((onLine: (line: string) => void) => Promise<void>) | null,
): Promise<void> {
  const written = out === undefined ? 0 : pages.length + connectors.write(out)
  if (out !== undefined) writePages(out, pages, format)
  else for (const page of pages.filter((each) => isShown(each, results, asked))) sayPage(pageAs[format](page, paper), format)
  const hasVariants = results.length + unsettled.length > 0
  if (hasVariants) summarise(results, unsettled, { format, runs })
  if (lookForLimits && format === 'text') {
    say('\nAt full size:')
    await lookForLimits(say)
  }
  if (hasVariants && connectors.results.length > 0) say('')
  connectors.say()
  if (record) say(`\n${(await import('../checks/recorded-claims.ts')).recordedClaims(results)}`)
  if (out !== undefined) say(`${amountOf(written, 'page')} written to ${out}.`)
}

function exitCode({ results, unsettled, asked, connectors, unfit }: Checked): number {
  const verdicts = new Set(connectors.results.map(({ verdict }) => verdict))
  const isWrong = results.some(({ entry, wrong }) => wrong.length > 0 || (asked.has(entry) && isWrongOne(entry)))
  if (isWrong || verdicts.has('broken')) return 1
  if (unfit.length > 0) return 2
  return unsettled.length > 0 || verdicts.has('inconclusive') ? 3 : 0
}

interface CheckedConnectors {
  readonly results: readonly ConnectorResult[]
  /** Sentences about what cannot be read in the store. */
  readonly unreadable: readonly string[]
  /** The results for a program. */
  readonly facts: readonly unknown[]
  readonly say: () => void
  /** Writes their pages to a directory. Returns how many there are. */
  readonly write: (dir: string) => number
}

/** Checks connectors. What that takes is loaded only if there are any. */
async function checkConnectors(
  files: readonly ConnectorFile[], options: CheckOptions, { until, isAlone }: { readonly until: number; readonly isAlone: boolean },
): Promise<CheckedConnectors> {
  if (files.length === 0) return { results: [], unreadable: [], facts: [], say: () => undefined, write: () => 0 }
  const { checkConnector } = await import('../checks/connector-check.ts')
  const { brokenFirst, storeEntries } = await import('../checks/stored-scenarios.ts')
  const { connectorFacts, sayConnector, sayVerdicts, verdictLine, writeViolations } = await import('../checks/connector-verdicts.ts')
  const { entries, unreadable } = options.stored === false ? { entries: [], unreadable: [] } : storeEntries(options.store)
  const isSaid = options.verbose && options.format !== 'json'
  const { sayingScenarios } = await import('../checks/scenario-lines.ts')
  // Where there are several, and nothing is to come before them, each is said as soon as it is known.
  const isSaidAtOnce = files.length > 1 && isAlone && options.format !== 'json' && !isWatched
  const results: ConnectorResult[] = []
  for (const file of isWatched ? brokenFirst(files, options.store, entries) : files) {
    progress.about(results.length + 1, files.length)
    const onScenario = isSaid ? { onScenario: sayingScenarios(file, options.format) } : {}
    const result = await checkConnector(file, { ...options, runs: options.runs ?? usualRuns, until, ...onScenario }, entries)
    results.push(result)
    if (isSaidAtOnce) {
      progress.clear()
      sayConnector(result, options, true)
    } else if (files.length > 1) progress.keep(verdictLine(result))
  }
  progress.about(1, 1)
  progress.clear()
  return {
    results, unreadable, facts: results.map(connectorFacts),
    say() {
      if (!isSaidAtOnce) for (const result of results) sayConnector(result, options, false)
      sayVerdicts(results, unreadable, options.format)
    },
    write: (dir) => writeViolations(dir, results, options.format),
  }
}
