/** A scenario and what came of it in one line, and what the connector printed meanwhile in another. */
import { type FaultName, faultNames, type History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { wordsFor } from '../text/event.ts'
import { amount, amountOf, plain } from '../text/words.ts'

interface TriedScenario {
  readonly connector: string
  /** Its number in the check, from 1. */
  readonly number: number
  readonly scenario: Scenario
  readonly history: History
  /** What it breaks, in a sentence; null where it keeps every law. */
  readonly breaks: string | null
  /** Why nothing can be said of it; null where something can. */
  readonly inconclusive: string | null
}

/** In a file and in a pipe. */
const widest = 240
const leastEvents = 40

/** As wide as there is room for: what became of the messages, what they and the faults that came were, and then event by event. */
export function scenarioLine(tried: TriedScenario, columns = widest): string {
  const { number, history, breaks, inconclusive } = tried
  const sign = breaks !== null ? '✗' : inconclusive !== null ? '?' : '✓'
  const came = faultsIn(tried)
  const head = `${amount(number).padStart(5)} ${sign} ${breaks ?? inconclusive ?? fates(history)} ← ${messagesIn(tried.scenario)}`
    + `${came === '' ? '' : `; ${came}`} (${amountOf(history.length, 'event')})`
  const room = columns - head.length
  return cut(room < leastEvents ? head : `${head}: ${eventsIn(tried, room)}`, columns)
}

/** Null where it printed nothing. */
export function printedLine({ history }: Pick<TriedScenario, 'history'>, columns = widest): string | null {
  const lines = history.flatMap(({ what, detail = '' }) => (what === 'prints' ? [detail] : []))
  return lines.length === 0 ? null : cut(`        prints ${amountOf(lines.length, 'line')}: ${lines.join(' | ')}`, columns)
}

/** A line that a terminal only prints, and no longer than it is wide. */
function cut(text: string, columns: number): string {
  const line = plain(text.slice(0, columns + 1))
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`
}

function messagesIn({ stream, links, recipients = 1 }: Scenario): string {
  const counts = new Map<string, number>()
  for (const { kind, count, only } of stream) {
    const name = only === undefined || recipients === 1 ? kind : `${kind} for one alone`
    counts.set(name, (counts.get(name) ?? 0) + count)
  }
  return `${[...counts].map(([kind, count]) => `${amount(count)} ${kind}`).join(', ')}${links > 1 ? ` over ${links} links` : ''}`
}

const isFault = new Set<string>(faultNames satisfies readonly FaultName[])

/** Each once, in the order in which they came. */
function faultsIn({ connector, history }: TriedScenario): string {
  const words = wordsFor({ connector, history })
  return [...new Set(history.flatMap((event) => (isFault.has(event.what) ? [words(event).text] : [])))].join(', ')
}

/** What became of the messages, over each of the links that they are for; of fresh ones, where not all of them came through. */
function fates(history: History): string {
  const all = new Map<string, Map<string, { fate: Fate; readonly isFresh: boolean }>>()
  for (const { what, message = '', link } of history) {
    const over = all.get(message) ?? new Map<string, { fate: Fate; readonly isFresh: boolean }>()
    const settle = (fate: Fate, isOver: boolean) => {
      for (const [each, stands] of over) if ((link === undefined || each === link) && (isOver || stands.fate === 'lost')) stands.fate = fate
    }
    if (what === 'taken' || what === 'fresh') all.set(message, over.set(link ?? '', { fate: 'lost', isFresh: what === 'fresh' }))
    else if (what.startsWith('recorded')) settle('delivered', true)
    else if (what === 'flagged') settle('flagged', false)
  }
  const stand = [...all.values()].flatMap((over) => [...over.values()])
  const fresh = countsOf(stand.filter(({ isFresh }) => isFresh))
  const own = countsOf(stand.filter(({ isFresh }) => !isFresh)) || 'nothing is taken'
  return fresh === '' || /^[\d,]+ delivered$/.test(fresh) ? own : `${own}; of fresh ones, ${fresh}`
}
type Fate = (typeof fateNames)[number]
const fateNames = ['delivered', 'flagged', 'lost'] as const

const countsOf = (stand: readonly { readonly fate: Fate }[]) => fateNames.flatMap((name) => {
  const n = stand.filter(({ fate }) => fate === name).length
  return n === 0 ? [] : [`${amount(n)} ${name}`]
}).join(', ')

function eventsIn({ connector, history }: TriedScenario, room: number): string {
  const words = wordsFor({ connector, history })
  let said = ''
  for (const event of history) {
    if (said.length > room) break
    if (event.what === 'prints') continue
    const { lane, text } = words(event)
    said += `${said === '' ? '' : '; '}${lane === null || lane === connector ? text : `${lane} ${text}`}`
  }
  return said
}
