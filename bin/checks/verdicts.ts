/** What was found of connectors, as it is told: a row each, and under each what it was not put to, and what else was looked at. */
import { join } from 'node:path'
import { slug } from '../../engine/store/store.ts'
import { leftOut } from '../../engine/store/violation-record.ts'
import { type Column, markdownTable, textTable } from '../../reports/tables/table.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { prose } from '../../reports/text/markdown.ts'
import { markdownDivergence, divergencePage } from '../../reports/text/divergence-page.ts'
import { amountOf, duration, plain } from '../../reports/text/words.ts'
import type { Scenario } from '../../spec/scenario.ts'
import type { Divergence } from '../../spec/evidence/violation.ts'
import type { Outcome } from './connectors.ts'
import { extensions, type Format } from '../output/format.ts'
import { colours, type Shows, say, sayPage, writeWhole } from '../output/pages.ts'
import { violationAs } from '../output/violation.ts'

const columns: readonly Column[] = [
  { head: 'connector' }, { head: 'verdict' }, { head: 'scenarios', right: true }, { head: 'smallest' }, { head: 'time', right: true },
]

/** Pages, unless they go to files; then the table, and what cannot be read in the store. */
export function sayConnectors(outcomes: readonly Outcome[], unreadable: readonly string[], { format, out }: Shows): void {
  if (out === undefined)
    for (const { violations, divergence } of outcomes) {
      for (const violation of violations) sayPage(violationAs[format](violation), format)
      if (divergence) sayPage(divergenceAs(format)(divergence), format)
    }
  sayTable(outcomes, format)
  for (const line of unreadable) say(plain(line))
}

/** Writes every page to a file, and says how many they are. */
export function writeViolations(dir: string, outcomes: readonly Pick<Outcome, 'violations' | 'divergence'>[], format: Format): number {
  const pages = outcomes.flatMap(({ violations, divergence }) => [
    ...violations.map((found) => ({ name: `${slug(found.connector)}.${slug(found.law.name)}`, text: violationAs[format](found) })),
    ...(divergence ? [{ name: `${slug(divergence.connector)}.not-as-${slug(divergence.component)}`, text: divergenceAs(format)(divergence) }] : []),
  ])
  for (const { name, text } of pages) writeWhole(join(dir, `${name}.${extensions[format]}`), text)
  return new Set(pages.map(({ name }) => name)).size
}

const divergenceAs = (format: Format): ((found: Divergence) => string) =>
  ({
    text: divergencePage, markdown: markdownDivergence,
    json: (found: Divergence) => json({ schema, kind: 'divergence', ...found }),
  })[format]

function sayTable(outcomes: readonly Outcome[], format: Format): void {
  const rows = outcomes.map((outcome) => [
    nameAmong(outcomes, outcome), verdictOf(outcome), outcome.runs.toLocaleString('en-US'), smallestOf(outcome),
    duration(outcome.milliseconds),
  ])
  const paint = { lawful: colours.green, broken: colours.red, inconclusive: colours.yellow }
  say(format === 'markdown' ? markdownTable(columns, rows) : textTable(columns, rows, colours,
    (cell, column, row) => (column === 1 ? paint[outcomes[row]!.verdict](cell) : cell)))
  for (const outcome of outcomes) {
    const lines = remarksOn(outcome)
    const title = `${outcome.subject.connector.name} (${outcome.subject.typed})`
    const put = format === 'markdown' ? (line: string) => `- ${prose(line)}` : (line: string) => `  ${plain(line)}`
    if (lines.length > 0) say(['', plain(title), ...(format === 'markdown' ? [''] : []), ...lines.map(put)].join('\n'))
  }
  const of = (verdict: Outcome['verdict']) => outcomes.filter((outcome) => outcome.verdict === verdict).length
  say(`\n${amountOf(outcomes.length, 'connector')}: ${of('lawful')} lawful, ${of('broken')} broken, ${of('inconclusive')} inconclusive.`)
}

/** Its name, and where it is where another has the same. */
function nameAmong(outcomes: readonly Outcome[], { subject: { connector, typed } }: Outcome): string {
  const isOne = outcomes.filter(({ subject }) => subject.connector.name === connector.name).length === 1
  return isOne ? connector.name : `${connector.name} (${typed})`
}

function verdictOf({ verdict, because, violations, divergence }: Outcome): string {
  if (verdict === 'inconclusive') return `inconclusive: ${because}`
  if (verdict === 'lawful') return 'lawful'
  const laws = [...new Set(violations.map(({ law }) => law.name)), ...(divergence ? [`not as ${divergence.component}`] : [])]
  return `✗ broken: ${laws.join(', ')}`
}

/** The smallest scenario that breaks it: how much of everything it takes. */
function smallestOf({ violations }: Outcome): string {
  const sizes = violations.map(({ scenario }) => ({ messages: messagesIn(scenario), faults: scenario.faults.length }))
  const [least] = sizes.sort((a, b) => a.messages + a.faults - b.messages - b.faults)
  return least ? [amountOf(least.messages, 'message'), ...(least.faults === 0 ? [] : [amountOf(least.faults, 'fault')])].join(', ') : '–'
}

const messagesIn = ({ stream }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0)

/** Everything else there is to say of it. What it was not put to is never passed over. */
function remarksOn({ subject: { connector }, stored, orders, held, unreached, remarks, repeats }: Outcome): readonly string[] {
  const { notApplicable = {}, neverGiven = {}, exempt = {} } = connector
  return [
    ...(stored.breaking === 0 ? []
      : [`${amountOf(stored.breaking, 'stored scenario still breaks', 'stored scenarios still break')} it; no other was drawn.`]),
    ...stored.dropped.map((why) => `Dropped ${why}.`),
    ...(orders && orders.tried > 0 ? [ordersOf(orders)] : []),
    ...(held ? heldLines(held) : []),
    ...(repeats === false ? [`${unsteady} it is judged on facts only, and not every order is tried. Does it keep state outside \`start\`?`] : []),
    ...byReason('Not held to', leftOut({ ...connector, notApplicable: {}, neverGiven: {}, exempt })),
    ...byReason('Not put to', [...leftOut({ ...connector, neverGiven: {}, exempt: {}, notApplicable }), ...unreached]),
    ...byReason('Never given', leftOut({ ...connector, notApplicable: {}, exempt: {}, neverGiven })),
    ...remarks,
  ]
}

/** A sentence a reason: what has the same one is named together. */
function byReason(not: string, left: readonly { readonly what: string; readonly because: string }[]): readonly string[] {
  return [...new Set(left.map(({ because }) => because))].map((because) => {
    const names = left.filter((each) => each.because === because).map(({ what }) => `‘${what}’`)
    return `${not} ${[names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')}, because ${because}.`
  })
}

const unsteady = 'The same scenario does not always give the same history:'

function heldLines({ component, histories, tooMany, left }: NonNullable<Outcome['held']>): readonly string[] {
  const many = (n: number) => amountOf(n, 'small history', 'small histories')
  return [
    `${many(histories)} could have been ${component}’s.`,
    ...(tooMany === 0 ? [] : [`Inconclusive: ${many(tooMany)}, of which the model of ${component} has too many runs.`]),
    ...(left === 0 ? [] : [`Inconclusive: ${many(left)}, for want of time.`]),
  ]
}

function ordersOf({ tried, all, because, broken, workers, messages }: NonNullable<Outcome['orders']>): string {
  const at = `${amountOf(workers, 'worker')} × ${amountOf(messages, 'message')}`
  if (broken) return `Order ${tried.toLocaleString('en-US')} at ${at} breaks a law.`
  if (all) return `All ${amountOf(tried, 'order')} at ${at} ${tried === 1 ? 'keeps' : 'keep'} every law.`
  return `The first ${amountOf(tried, 'order')} at ${at} ${tried === 1 ? 'keeps' : 'keep'} every law; not all were tried: ${because}.`
}

/** The same for a program. */
export const connectorFacts = ({ subject, violations, divergence, orders, ...rest }: Outcome) => ({
  connector: subject.connector.name, file: subject.path, export: subject.as, guarantee: subject.connector.guarantee, ...rest,
  laws: [...new Set(violations.map(({ law }) => law.name))],
  divergence: divergence && { component: divergence.component, says: divergence.says, at: divergence.at, history: divergence.history },
  orders: orders && { ...orders, broken: orders.broken !== null },
  notApplicable: leftOut(subject.connector),
})
