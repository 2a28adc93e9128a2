/** What a message waits for that is never sent: read from what happened before it, and beside it. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { amount, listed } from '../text/words.ts'
import { type Course, milliseconds, step, stepWith } from './course.ts'
import { afterFailedReport } from './failed-report.ts'
import { droppedAsTheOldest, whatFilledUp } from './filled-count.ts'
import { whatGathers } from './gathered.ts'
import { aWaiterThatGaveUp, leftByTheDead, leftByThoseThatGo } from './left-behind.ts'
import { lifeAt } from './lives.ts'
import { whatItTakes } from './needed-fault.ts'

const generally = 'Look for what it waits for: a queue that nobody reads any more, a worker that is never free again, a connection that is not '
  + 'opened again, a callback that is not called.'

/** In sentences: what fills up or gathers, a fault that it takes, what its link did then and later. */
export function whatItWaitsFor(course: Course, found: Violation): string {
  const shows = whatHoldsItUp(course, found)
  if (shows !== null) return shows
  const filled = whatFilledUp(course, found)
  const needed = whatItTakes(found)
  const link = whatItsLinkDid(course, found)
  if (filled === null && needed === null) return link?.says ?? generally
  // Where a fault is known to be needed, a call that went well meanwhile explains nothing.
  const says = needed === null || link?.isTrouble === true ? link?.says : null
  return [filled, needed, says ?? (filled === null ? 'Look at what the connector does when that happens, and at what it leaves behind.' : null)]
    .filter((each) => each !== null).join(' ')
}

/** The one thing of which the history shows that it holds a message up; null where it shows none. */
export const whatHoldsItUp = (course: Course, found: Violation): string | null =>
  afterFailedReport(course, found) ?? leftByThoseThatGo(course, found) ?? leftByTheDead(course, found) ?? aWaiterThatGaveUp(course, found)
    ?? droppedAsTheOldest(course, found) ?? whatGathers(course, found)

function whatItsLinkDid({ message, taken }: Course, found: Violation): { readonly says: string, readonly isTrouble: boolean } | null {
  const { history, at } = found
  const { link } = history[taken]!
  // What a life that is gone had under way holds up nothing.
  const life = lifeAt(found, taken)
  const others = history.flatMap(({ what, message: of, link: over, attempt, life: by = 1 }, i) =>
    (what === 'offered' && of !== undefined && of !== message && over === link && i < at && by === life ? [{ of, i, attempt }] : []))
  const endOf = ({ of, i, attempt }: (typeof others)[number]) => history.findIndex(({ what, message: name, attempt: number, told }, j) =>
    j > i && name === of && number === attempt && told !== false && ['recorded', 'answered', 'refused', 'dropped'].includes(what))
  const open = others.filter((each) => each.i < taken && !(endOf(each) >= 0 && endOf(each) < taken)).at(-1)
  const later = others.filter(({ i }) => i > taken).at(-1)
  if (open && later === undefined) {
    const end = endOf(open)
    return {
      isTrouble: end < 0 || history[end]!.what === 'refused' || history[end]!.what === 'dropped',
      says: end < 0 ? `${open.of} has been under way since ${step(open.i)}, and is never answered: give a call up when its time is over, and go on.`
        : `${open.of} was under way then, until ${stepWith(found, end)}. Look at what is done there: however a call ends, give back what it `
          + 'held, such as a permit or a lock, go on with what came meanwhile, and clear away nothing that was not sent.',
    }
  }
  if (later === undefined) return null
  const came = history.findIndex(({ what, message: of }) => of === later.of && (what === 'taken' || what === 'fresh'))
  const [first] = others.filter(({ i }) => i > taken)
  if (came >= 0 && came < taken && !open && first !== later) {
    const end = endOf(later)
    return {
      says: `${later.of} came before it and is the last that is sent, at ${step(later.i)}${end < 0 ? '' : `; its call ends at ${step(end)}`}. Look at what sends the next one then, and `
        + `at what may have taken its place${history.some(({ what }) => what === 'sender aborts') ? ': one that waits and is given up' : ''}.`,
      isTrouble: true,
    }
  }
  return came >= 0 && came < taken && !open
    ? { says: `${later.of} came before it and is sent, at ${step(later.i)}: look at what sets that one going, and whether it sets going all that wait.`, isTrouble: true }
    : null
}

/** That a life which is gone has sent it, and what becomes of that call reaches nobody; empty where none has. */
export function unheard({ message, calls }: Course, found: Violation): string {
  const call = calls.findLast(({ orphaned }) => orphaned !== null)
  return call === undefined ? '' : ` Life ${amount(call.life)} of the connector had sent ${message} at ${step(call.offered)} and ends at `
    + `${stepWith(found, call.orphaned!)}: the next life is never told how that call ends.`
}

/** Whoever fails fast does so within this many milliseconds. */
const fast = 1_000
/** More messages than these are not named one by one. */
const fewNamed = 3

/**
 * Of a message that was flagged and never sent: that it waited, and for what is never given back, so that time to recover helps only where
 * that comes free by itself. Null where it was flagged at once, as by a breaker: that one may close later.
 */
export function waitedInVain({ message, taken, calls, flags }: Course, { history }: Violation): string | null {
  const flagged = flags[0]
  if (flagged === undefined || calls.length > 0) return null
  const wait = (from: number, to: number) => history[to]!.time - history[from]!.time
  if (wait(taken, flagged) <= fast) return null
  const came = new Map<string, number>()
  const others: string[] = []
  for (const [i, { what, message: of }] of history.slice(0, flagged).entries()) {
    if (of === undefined || of === message) continue
    if (what === 'taken' || what === 'fresh') came.set(of, i)
    else if (what === 'offered') came.delete(of)
    else if (what === 'flagged' && came.has(of) && wait(came.get(of)!, i) > fast) others.push(of)
  }
  const named = others.length > fewNamed ? `${amount(others.length)} messages, from ${others[0]!} on,` : listed(others)
  const gone = others.length === 0 ? '' : ` ${named} ${others.length === 1 ? 'was' : 'were'} flagged in the same way: see `
    + 'whether what comes free is given to one that waits no more, and is lost with it.'
  return `It waited for ${milliseconds(wait(taken, flagged))} and was not sent, where a breaker would have flagged it at once. Look for what it waits for, and who has `
    + `that: a place, a connection, a lock.${gone} A longer \`recovery\` helps only where that comes free by itself.`
}
