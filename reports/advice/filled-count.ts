/** Advice that is read from how many messages there were when the first was not sent, or the oldest was lost: something was full. */
import type { Event } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { amount } from '../text/words.ts'
import { type Course, isFault, step } from './course.ts'

/** Fewer than this may be chance. */
const several = 2

/** How many came before it, and that it is the first that is not sent; null where that does not show. */
export function whatFilledUp({ message, taken, calls }: Course, found: Violation): string | null {
  const { history, lacking = [], at } = found
  if (calls.length > 0) return null
  const isNumber = lacking.some(({ part, outcome }) => part === 'message' && outcome === 'kept')
  if (!isNumber && history.slice(0, at).some(isFault)) return null
  const before = new Set(history.slice(0, taken).flatMap(({ what, message: of }) => (what === 'taken' || what === 'fresh' ? [of] : [])))
  const [sent, failed, settled] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const [i, { what, message: of }] of history.slice(0, at + 1).entries()) {
    if (of === undefined || of === message) continue
    // One that comes later and is sent shows that nothing is full.
    if (what === 'offered' && i > taken && !before.has(of)) return null
    if (what === 'offered') sent.add(of)
    if (what === 'refused' || what === 'dropped') failed.add(of)
    if (i < taken && (what === 'flagged' || what === 'claims delivered' || what === 'acknowledged')) settled.add(of)
  }
  if (before.size < several || [...before].some((of) => !sent.has(of!))) return null
  const inHand = before.size - settled.size
  return `${amount(before.size)} messages came before it: all of them were sent${failed.size === 0 ? '' : `, ${failed.size === before.size ? 'all' : amount(failed.size)} failed`}, `
    + `and ${inHand === 0 ? 'none is' : inHand === 1 ? 'one is' : `${amount(inHand)} are`} still in hand when it comes. ${message} is the first that is not sent. Look for what `
    + 'fills up: a limit, a table that is never emptied, a count that goes up with each message and does not come down when one fails.'
    + (isNumber ? asASize(before.size, found) : '')
}

const isTaking = ({ what }: Event) => what === 'taken' || what === 'fresh'
const verdicts: ReadonlySet<string> = new Set(['flagged', 'claims delivered', 'acknowledged'])

/** Whether with one message fewer every law was kept: then how many there are matters. */
const isCounted = ({ lacking = [], repeats, clock }: Violation) =>
  repeats && clock !== 'real' && lacking.some(({ part, outcome }) => (part === 'message' || part === 'fresh') && outcome === 'kept')

interface Full {
  /** How many there were when the last one came, the oldest among them. */
  readonly had: number
  /** The last that came, and where. */
  readonly last: string
  readonly at: number
}

/**
 * How many messages were there when the last one came before an event, without those that `isGone` takes away; null where the accused
 * one is not the oldest of them.
 */
function fullBefore(message: string, { history }: Violation, until: number, isGone: (event: Event) => boolean): Full | null {
  const at = history.slice(0, until).findLastIndex(isTaking)
  const there = new Set<string>()
  for (const event of history.slice(0, Math.max(0, at))) {
    if (isTaking(event)) there.add(event.message!)
    else if (event.message !== undefined && isGone(event)) there.delete(event.message)
  }
  const [oldest] = there
  const last = history[at]?.message
  return oldest === message && there.size >= several && last !== undefined && last !== message ? { had: there.size, last, at } : null
}

/** Where a message is never sent that has waited longest, and those that came after it are: something has dropped it. */
export function droppedAsTheOldest({ message, link, taken, calls }: Course, found: Violation): string | null {
  const { history, at } = found
  if (calls.length > 0 || !isCounted(found)) return null
  const since = new Set(history.slice(taken, at).flatMap((event) => (isTaking(event) ? [event.message] : [])))
  const isLater = (event: Event, i: number) =>
    i > taken && i < at && event.what === 'offered' && event.message !== message && since.has(event.message)
  const next = history.findIndex(isLater)
  const full = next < 0 ? null : fullBefore(message, found, next, ({ what }) => what === 'offered' || verdicts.has(what))
  if (!full) return null
  const had = amount(full.had)
  const over = new Set(history.filter(isLater).map((event) => event.link))
  if (!over.has(link))
    return `${message} waits for ${link}, and is never sent; those that came after it go over ${[...over].join(' and ')}, and are. Look for what the `
      + 'links share, and what goes over one takes from another: a timer set for all that one of them clears, a wake-up, a list that is emptied.'
  return `${had} messages wait when ${full.last} comes, at ${step(full.at)}. ${message} has waited longest, and is never sent; those that came after it `
    + `are. Look for room for ${had} in which one more takes the place of the oldest, and nobody is told: flag what is dropped. If so many are `
    + `meant to be the most, declare \`capacity\`, and flag what comes when there is no room.${asASize(full.had, found)}`
}

/** Where a message is delivered that has been in hand longest, and nothing is said of that: something has forgotten whose it is. */
export function forgottenAsTheOldest({ message }: Course, found: Violation, told: number): string | null {
  const full = isCounted(found) ? fullBefore(message, found, told, ({ what }) => verdicts.has(what)) : null
  if (!full) return null
  const had = amount(full.had)
  return ` ${had} messages are in hand when ${full.last} comes, at ${step(full.at)}, and ${message} is the oldest of them. Look for what tells so many `
    + `apart: a table with room for ${had}, or a number that comes round and is given to ${full.last}, though ${message} has it still.`
    + asASize(full.had, found)
}

/** Fewer than this are a power of two by chance. */
const leastSize = 16

/** What a number may be: what is declared, or as many as bits count; empty where it is nothing known. */
function asASize(n: number, { declared = [] }: Violation): string {
  const own = declared.find(({ is }) => Math.abs(Number(is.replaceAll(',', '')) - n) <= 1)
  if (own) return ` It declares ${own.what}: ${own.is}.`
  for (const size of [n, n + 1, n - 1]) {
    const bits = Math.log2(size)
    if (size < leastSize || !Number.isInteger(bits)) continue
    const near = size === n ? `${amount(n)}` : `${amount(n)} is one ${size > n ? 'less' : 'more'} than ${amount(size)}, which`
    return ` ${near} is 2 to the power of ${bits}${bits === 8 || bits === 16 ? `: as many as ${bits} bits tell apart` : ''}.`
  }
  return ''
}
