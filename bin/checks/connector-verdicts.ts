/** What was found of connectors, as a command writes it: pages, a table, and under it everything else there is to say. */
import { join } from 'node:path'
import { slug } from '../../engine/store/store.ts'
import { leftOut } from '../../engine/store/violation-record.ts'
import { coverageMarkdown, coverageText } from '../../reports/tables/coverage-table.ts'
import { exercised, modelCoverageMarkdown, modelCoverageText } from '../../reports/tables/model-coverage-table.ts'
import { verdictMarkdown, verdictText } from '../../reports/tables/verdict-table.ts'
import { whatSettles } from '../../reports/connectors/settling.ts'
import { prose } from '../../reports/text/markdown.ts'
import { amount, amountOf, plain } from '../../reports/text/words.ts'
import type { ModelCoverage } from '../../spec/evidence/model-coverage.ts'
import { extensions, type Format } from '../output/format.ts'
import { divergenceAs, type PageOptions, violationAs } from '../output/page-writers.ts'
import { colours, paper, say, sayPage } from '../output/terminal.ts'
import { writeWhole } from '../output/written-files.ts'
import type { ConnectorResult } from './connector-result.ts'

/** Says the pages, unless they go to files; then the table and the remarks, and what cannot be read in the store. */
export function sayConnectors(
  results: readonly ConnectorResult[], unreadable: readonly string[],
  { format, out, verbose = false }: PageOptions & { readonly verbose?: boolean },
): void {
  if (out === undefined)
    for (const { violations, divergence, once } of results) {
      for (const violation of [...violations, ...(once ? [once] : [])]) sayPage(violationAs[format](violation, paper), format)
      if (divergence) sayPage(divergenceAs[format](divergence, paper), format)
    }
  const rows = results.map((result) => ({ ...result, connector: nameAmong(results, result) }))
  say(format === 'markdown' ? verdictMarkdown(rows) : verdictText(rows, colours))
  for (const result of results) sayRemarks(result, format)
  if (verbose)
    for (const result of results) {
      sayCoverage(result, format)
      if (result.conformance) sayModelCoverage(result, result.conformance.coverage, format)
    }
  const of = (verdict: ConnectorResult['verdict']) => results.filter((result) => result.verdict === verdict).length
  say(`\n${amountOf(results.length, 'connector')}: ${of('lawful')} lawful, ${of('broken')} broken, ${of('inconclusive')} inconclusive.`)
  for (const line of unreadable) say(plain(line))
}

/** The name of a connector, with its file where another has the same name. */
function nameAmong(results: readonly ConnectorResult[], { subject: { connector, typed } }: ConnectorResult): string {
  const isOne = results.filter(({ subject }) => subject.connector.name === connector.name).length === 1
  return isOne ? connector.name : `${connector.name} (${typed})`
}

function sayRemarks(result: ConnectorResult, format: Format): void {
  const { connector, typed } = result.subject
  const isMarkdown = format === 'markdown'
  const lines = remarksOn(result).map((line) => (isMarkdown ? `- ${prose(line)}` : `  ${plain(line)}`))
  if (lines.length > 0) say(['', plain(`${connector.name} (${typed})`), ...(isMarkdown ? [''] : []), ...lines].join('\n'))
}

/** What was drawn for it. */
function sayCoverage({ subject: { connector: { name }, typed }, coverage, runs }: ConnectorResult, format: Format): void {
  const title = plain(`What was drawn for ${name} (${typed})`)
  const isMarkdown = format === 'markdown'
  const table = coverage === null ? 'Nothing is known of it.' : isMarkdown ? coverageMarkdown(coverage, runs)
    : coverageText(coverage, runs, colours)
  say(`\n${isMarkdown ? `${prose(title)}\n` : title}\n${table}`)
}

/** What of its model that has exercised. */
function sayModelCoverage({ subject: { connector: { name }, typed } }: ConnectorResult, coverage: ModelCoverage, format: Format): void {
  const title = plain(`What ${name} (${typed}) exercised of the model of ${coverage.component}`)
  const isMarkdown = format === 'markdown'
  const table = isMarkdown ? modelCoverageMarkdown(coverage) : modelCoverageText(coverage, colours)
  say(`\n${isMarkdown ? `${prose(title)}\n` : title}\n${table}`)
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

/** Everything else there is to say of a connector. What it was not tried with is always among it. */
function remarksOn(result: ConnectorResult): readonly string[] {
  const { subject: { connector }, stored, orders, conformance, unreached, remarks, repeats, because } = result
  const settles = because === '' ? null : whatSettles(because)
  const { notApplicable = {}, neverGiven = {}, exempt = {} } = connector
  const none = { notApplicable: {}, neverGiven: {}, exempt: {} }
  const only = (declared: Partial<typeof none>) => leftOut({ ...connector, ...none, ...declared })
  return [
    ...(stored.breaking === 0 ? []
      : [`${amountOf(stored.breaking, 'stored scenario still breaks', 'stored scenarios still break')} it; no other was drawn.`]),
    ...stored.dropped.map((why) => `Dropped ${why}.`),
    ...(orders && orders.tried > 0 ? [ordersOf(orders)] : []),
    ...(conformance ? conformanceLines(conformance) : []),
    ...(repeats === false ? [`${unsteady} only facts are judged, and not every order is tried. Does it keep state outside \`start\`?`] : []),
    ...(settles === null ? [] : [settles]),
    ...byReason('Not checked against', only({ exempt })),
    ...byReason('Not tried with', [...only({ notApplicable }), ...unreached]),
    ...byReason('Never given', only({ neverGiven })),
    ...remarks,
  ]
}

/** A sentence for each reason, with everything that has this reason. */
function byReason(not: string, left: readonly { readonly what: string; readonly because: string }[]): readonly string[] {
  return [...new Set(left.map(({ because }) => because))].map((because) => {
    const names = left.filter((each) => each.because === because).map(({ what }) => `‘${what}’`)
    return `${not} ${[names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')}, because ${because}.`
  })
}

const unsteady = 'The same scenario does not always give the same history:'

function conformanceLines(
  { component, histories, tooMany, left, coverage }: NonNullable<ConnectorResult['conformance']>,
): readonly string[] {
  const many = (n: number) => amountOf(n, 'small history', 'small histories')
  return [
    `The model of ${component} could have done the same in ${many(histories)}.`,
    exercised(coverage),
    ...(tooMany === 0 ? [] : [`Inconclusive: ${many(tooMany)}, for which the model of ${component} has too many runs.`]),
    ...(left === 0 ? [] : [`Inconclusive: ${many(left)}, for lack of time.`]),
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
