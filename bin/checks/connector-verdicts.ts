/** What was found of connectors, as a command writes it: pages, everything else there is to say, and a table. */
import { join } from 'node:path'
import { slug } from '../../engine/store/store.ts'
import { leftOut } from '../../engine/store/violation-record.ts'
import { coverageMarkdown, coverageText, metSentence } from '../../reports/tables/coverage-table.ts'
import { exercised, modelCoverageMarkdown, modelCoverageText, notChecked } from '../../reports/tables/model-coverage-table.ts'
import { verdictMarkdown, verdictText } from '../../reports/tables/verdict-table.ts'
import { leftOutSentences, undeclaredSentence } from '../../reports/connectors/left-out.ts'
import { whatSettles } from '../../reports/connectors/settling.ts'
import { prose } from '../../reports/text/markdown.ts'
import { indented } from '../../reports/text/paper.ts'
import { amount, amountOf, duration, plain } from '../../reports/text/words.ts'
import type { ModelCoverage } from '../../spec/evidence/model-coverage.ts'
import { extensions, type Format } from '../output/format.ts'
import { divergenceAs, type PageOptions, violationAs } from '../output/page-writers.ts'
import { colours, paper, say, sayPage } from '../output/terminal.ts'
import { writeWhole } from '../output/written-files.ts'
import { type ConnectorResult, storedIn } from './connector-result.ts'

/** The verdict on one of several, while the others are still tried. */
export function verdictLine(result: ConnectorResult): string {
  const { subject: { connector, typed }, verdict, because, runs, violations, divergence, milliseconds } = result
  const paint = { lawful: colours.green, broken: colours.red, inconclusive: colours.yellow }[verdict]
  const what = divergence ? `not as ${divergence.component}` : violations.map(({ law }) => law.name).join(', ')
  const why = verdict === 'broken' ? `: ${what}` : because === '' ? '' : `: ${because}`
  const sign = { lawful: '✓', broken: '✗', inconclusive: '?' }[verdict]
  const name = `${paint(`${sign} ${plain(connector.name)}`)} (${plain(typed)})`
  return `${name}  ${verdict}${plain(why)} (${amountOf(runs, 'scenario')}, ${duration(milliseconds)})`
}

type SayOptions = PageOptions & { readonly verbose?: boolean }

/** Says the pages of a connector, unless they go to files; then all else there is to say of it, and of one of several its verdict. */
export function sayConnector(result: ConnectorResult, { format, out, verbose = false }: SayOptions, isOneOfSeveral: boolean): void {
  const { violations, divergence, once, conformance } = result
  if (out === undefined) {
    for (const violation of [...violations, ...(once ? [once] : [])]) sayPage(violationAs[format](violation, paper), format)
    if (divergence) sayPage(divergenceAs[format](divergence, paper), format)
  }
  // Below lines of scenarios there is a page, or nothing yet.
  if (verbose && (out !== undefined || result.verdict === 'lawful')) say('')
  const title = isOneOfSeveral ? verdictLine(result) : plain(`${result.subject.connector.name} (${result.subject.typed})`)
  const lines = remarksOf(result, format, verbose)
  if (isOneOfSeveral || lines.length > 0) say(`${[title, ...(format === 'markdown' ? [''] : []), ...lines].join('\n').trimEnd()}\n`)
  if (!verbose) return
  sayCoverage(result, format)
  if (conformance) sayModelCoverage(result, conformance.coverage, format)
}

/** Says the verdicts in a table, and what cannot be read in the store. They come last, where they are seen. */
export function sayVerdicts(results: readonly ConnectorResult[], unreadable: readonly string[], format: Format): void {
  const rows = results.map((result) => ({ ...result, stored: storedIn(result), connector: nameAmong(results, result) }))
  say(format === 'markdown' ? verdictMarkdown(rows) : verdictText(rows, colours, paper))
  const of = (verdict: ConnectorResult['verdict']) => results.filter((result) => result.verdict === verdict).length
  say(`\n${amountOf(results.length, 'connector')}: ${of('lawful')} lawful, ${of('broken')} broken, ${of('inconclusive')} inconclusive.`)
  for (const line of unreadable) say(plain(line))
}

/** The name of a connector, with its file where another has the same name. */
function nameAmong(results: readonly ConnectorResult[], { subject: { connector, typed } }: ConnectorResult): string {
  const isOne = results.filter(({ subject }) => subject.connector.name === connector.name).length === 1
  return isOne ? connector.name : `${connector.name} (${typed})`
}

function remarksOf(result: ConnectorResult, format: Format, verbose: boolean): readonly string[] {
  return remarksOn(result, verbose).flatMap((line) => (format === 'markdown' ? [`- ${prose(line)}`] : indented(plain(line), 2, paper, 4)))
}

/** What was drawn for it. */
function sayCoverage({ subject: { connector: { name }, typed }, coverage, runs, stored }: ConnectorResult, format: Format): void {
  const title = plain(`What was drawn for ${name} (${typed})`)
  const isMarkdown = format === 'markdown'
  const table = coverage === null ? nothingDrawn(stored.breaking, runs) : isMarkdown ? coverageMarkdown(coverage, runs)
    : coverageText(coverage, runs, colours)
  say(`${isMarkdown ? `${prose(title)}\n` : title}\n${table}\n`)
}

const nothingDrawn = (breaking: number, runs: number) => breaking > 0 ? 'Nothing, for what is stored of it still breaks it.'
  : runs === 0 ? 'Nothing.' : 'Nothing is known of it: the check ended before that was told.'

/** What of its model that has exercised. */
function sayModelCoverage({ subject: { connector: { name }, typed } }: ConnectorResult, coverage: ModelCoverage, format: Format): void {
  const title = plain(`What ${name} (${typed}) exercised of the model of ${coverage.component}`)
  const isMarkdown = format === 'markdown'
  const table = isMarkdown ? modelCoverageMarkdown(coverage) : modelCoverageText(coverage, colours, paper)
  say(`${isMarkdown ? `${prose(title)}\n` : title}\n${table}\n`)
}

type Broken = Pick<ConnectorResult, 'violations' | 'divergence' | 'once'>

/** Writes every page to a file. Returns how many files they are. */
export function writeViolations(dir: string, results: readonly Broken[], format: Format): number {
  const pages = results.flatMap(({ violations, divergence, once }) => [
    ...[...violations, ...(once ? [once] : [])].map((found) => ({ name: `${slug(found.connector)}.${slug(found.law.name)}`, text: violationAs[format](found) })),
    ...(divergence
      ? [{ name: `${slug(divergence.connector)}.not-as-${slug(divergence.component)}`, text: divergenceAs[format](divergence) }] : []),
  ])
  for (const { name, text } of pages) writeWhole(join(dir, `${name}.${extensions[format]}`), text)
  return new Set(pages.map(({ name }) => name)).size
}

/**
 * Everything else there is to say of a connector. What it was not tried with is always among it; of one that is broken, for which few
 * scenarios were drawn, what none of them came to only where all is asked for.
 */
function remarksOn(result: ConnectorResult, verbose: boolean): readonly string[] {
  const { subject: { connector }, stored, orders, conformance, unreached, remarks, repeats, because, verdict, coverage, runs } = result
  const settles = because === '' ? null : whatSettles(because)
  return [
    ...(stored.breaking === 0 ? []
      : [`${amountOf(stored.breaking, 'stored scenario still breaks', 'stored scenarios still break')} it; no other was drawn, as --no-stored would.`]),
    ...stored.dropped.map((why) => `Dropped ${why}.`),
    ...(verdict === 'lawful' && coverage !== null && runs > 0 ? [metSentence(coverage)] : []),
    ...(orders && orders.tried > 0 ? [ordersOf(orders)] : []),
    ...(conformance ? conformanceLines(conformance) : []),
    ...(repeats === false ? [`${unsteady} only facts are judged, and not every order is tried.${settles === null ? ` ${asksWhy}` : ''}`] : []),
    ...(settles === null ? [] : [settles]),
    ...leftOutSentences([...leftOut(connector), ...(verdict === 'broken' && !verbose ? [] : unreached)]),
    ...(verdict === 'lawful' ? undeclaredSentence(connector) : []),
    ...remarks,
  ]
}

const asksWhy = 'Does it draw by `Math.random`, as jitter does, keep state outside `start`, or wait for what is not the world’s, '
  + 'such as a module that it loads?'
const unsteady = 'The same scenario does not always give the same history:'

function conformanceLines(
  { component, histories, tooMany, left, seconds, breaches, coverage }: NonNullable<ConnectorResult['conformance']>,
): readonly string[] {
  const many = (n: number) => amountOf(n, 'small history', 'small histories')
  if (breaches.laws.length > 0) return []
  return [
    ...(breaches.unsettled === null ? [] : [`Whether the model of ${component} keeps its own laws was not looked at: ${breaches.unsettled}.`]),
    `The model of ${component} could have done the same in ${many(histories)}.`,
    exercised(coverage),
    notChecked(coverage),
    ...(tooMany === 0 ? [] : [`Inconclusive: ${many(tooMany)}, for which the model of ${component} has too many runs.`]),
    ...(left === 0 ? [] : [`Inconclusive: ${many(left)}, for the model was asked for no more than ${duration(seconds * 1000)}; \`--time\` gives it more.`]),
  ]
}

function ordersOf({ tried, all, because, broken, workers, messages }: NonNullable<ConnectorResult['orders']>): string {
  const at = `${amountOf(workers, 'worker')} × ${amountOf(messages, 'message')}`
  if (broken) return `Order ${amount(tried)} at ${at} breaks a law.`
  if (all) return `All ${amountOf(tried, 'order')} at ${at} ${tried === 1 ? 'keeps' : 'keep'} every law.`
  return `The first ${amountOf(tried, 'order')} at ${at} ${tried === 1 ? 'keeps' : 'keep'} every law; not all were tried: ${because}.`
}

/** The same for a program. */
export const connectorFacts = ({ subject, violations, divergence, once, orders, ...rest }: ConnectorResult) => ({
  connector: subject.connector.name, file: subject.path, export: subject.as, guarantee: subject.connector.guarantee, ...rest,
  laws: [...new Set(violations.map(({ law }) => law.name))], once: once && { law: once.law.name, clause: once.clause, says: once.says },
  divergence: divergence && { component: divergence.component, says: divergence.says, at: divergence.at, history: divergence.history },
  orders: orders && { ...orders, broken: orders.broken !== null },
  notApplicable: leftOut(subject.connector),
})
