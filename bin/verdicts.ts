/** What was found of connectors, as it is told: a row each, and under each what it was not put to, and what else was looked at. */
import { join } from 'node:path'
import { slug } from '../engine/store.ts'
import { leftOut } from '../engine/trouble.ts'
import { type Column, markdownColumns, textColumns } from '../reports/columns.ts'
import { json, schema } from '../reports/json.ts'
import { prose } from '../reports/markdown.ts'
import { duration } from '../reports/table.ts'
import { markdownUnlike, unlikePage } from '../reports/trouble.ts'
import { plain } from '../reports/words.ts'
import type { Ordeal } from '../spec/ordeal.ts'
import type { Unlike } from '../spec/trouble.ts'
import type { Outcome } from './connectors.ts'
import { extensions, type Format } from './format.ts'
import { amountOf, colours, type Shows, say, sayPage, writeWhole } from './output.ts'
import { troubleAs } from './trouble.ts'

const columns: readonly Column[] = [
  { head: 'connector' }, { head: 'verdict' }, { head: 'ordeals', right: true }, { head: 'smallest' }, { head: 'time', right: true },
]

/** Pages, unless they go to files; then the table, and what cannot be read in the store. */
export function sayConnectors(outcomes: readonly Outcome[], unreadable: readonly string[], { format, out }: Shows): void {
  if (out === undefined)
    for (const { troubles, unlike } of outcomes) {
      for (const trouble of troubles) sayPage(troubleAs[format](trouble), format)
      if (unlike) sayPage(unlikeAs(format)(unlike), format)
    }
  sayTable(outcomes, format)
  for (const line of unreadable) say(plain(line))
}

/** Writes every page to a file, and says how many they are. */
export function writeTroubles(dir: string, outcomes: readonly Pick<Outcome, 'troubles' | 'unlike'>[], format: Format): number {
  const pages = outcomes.flatMap(({ troubles, unlike }) => [
    ...troubles.map((found) => ({ name: `${slug(found.connector)}.${slug(found.law.name)}`, text: troubleAs[format](found) })),
    ...(unlike ? [{ name: `${slug(unlike.connector)}.not-as-${slug(unlike.component)}`, text: unlikeAs(format)(unlike) }] : []),
  ])
  for (const { name, text } of pages) writeWhole(join(dir, `${name}.${extensions[format]}`), text)
  return new Set(pages.map(({ name }) => name)).size
}

const unlikeAs = (format: Format): ((found: Unlike) => string) =>
  ({ text: unlikePage, markdown: markdownUnlike, json: (found: Unlike) => json({ schema, kind: 'unlike', ...found }) })[format]

function sayTable(outcomes: readonly Outcome[], format: Format): void {
  const rows = outcomes.map((outcome) => [
    nameAmong(outcomes, outcome), verdictOf(outcome), outcome.runs.toLocaleString('en-US'), smallestOf(outcome),
    duration(outcome.milliseconds),
  ])
  const paint = { lawful: colours.green, broken: colours.red, inconclusive: colours.yellow }
  say(format === 'markdown' ? markdownColumns(columns, rows) : textColumns(columns, rows, colours,
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

function verdictOf({ verdict, because, troubles, unlike }: Outcome): string {
  if (verdict === 'inconclusive') return `inconclusive: ${because}`
  if (verdict === 'lawful') return 'lawful'
  const laws = [...new Set(troubles.map(({ law }) => law.name)), ...(unlike ? [`not as ${unlike.component}`] : [])]
  return `✗ broken: ${laws.join(', ')}`
}

/** The smallest ordeal that breaks it: how much of everything it takes. */
function smallestOf({ troubles }: Outcome): string {
  const sizes = troubles.map(({ ordeal }) => ({ messages: messagesIn(ordeal), faults: ordeal.faults.length }))
  const [least] = sizes.sort((a, b) => a.messages + a.faults - b.messages - b.faults)
  return least ? [amountOf(least.messages, 'message'), ...(least.faults === 0 ? [] : [amountOf(least.faults, 'fault')])].join(', ') : '–'
}

const messagesIn = ({ stream }: Ordeal) => stream.reduce((sum, { count }) => sum + count, 0)

/** Everything else there is to say of it. What it was not put to is never passed over. */
function remarksOn({ subject: { connector }, stored, orders, held, unreached, remarks, repeats }: Outcome): readonly string[] {
  const { notApplicable = {}, neverGiven = {}, exempt = {} } = connector
  return [
    ...(stored.breaking === 0 ? []
      : [`${amountOf(stored.breaking, 'stored ordeal still breaks', 'stored ordeals still break')} it; no other was drawn.`]),
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

const unsteady = 'The same ordeal does not always give the same history:'

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
export const connectorFacts = ({ subject, troubles, unlike, orders, ...rest }: Outcome) => ({
  connector: subject.connector.name, file: subject.path, export: subject.as, guarantee: subject.connector.guarantee, ...rest,
  laws: [...new Set(troubles.map(({ law }) => law.name))],
  unlike: unlike && { component: unlike.component, says: unlike.says, at: unlike.at, history: unlike.history },
  orders: orders && { ...orders, broken: orders.broken !== null },
  notApplicable: leftOut(subject.connector),
})
