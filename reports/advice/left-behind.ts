/** What is left behind by whoever dies, leaves or gives up: what it had in hand or waited for, and what is on the disk. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { onDisk } from '../text/event.ts'
import { amount, listed } from '../text/words.ts'
import { before, type Course, step, stepWith } from './course.ts'
import { lifeAt } from './lives.ts'
import { isKnownToBeNeeded, isKnownNotToBeNeeded } from './needed-fault.ts'

const ends: ReadonlySet<string> = new Set(['recorded', 'recorded stripped', 'recorded altered', 'answered', 'refused', 'dropped'])

/** The messages that a link has been offered and has not answered for, at an event. */
function underWayAt({ history }: Violation, at: number): readonly string[] {
  const open = new Map<number | undefined, string>()
  for (const { what, message, attempt, told } of history.slice(0, at)) {
    if (what === 'offered' && message !== undefined) open.set(attempt, message)
    else if (ends.has(what) && told !== false) open.delete(attempt)
  }
  return [...new Set(open.values())]
}

/** A worker died while others than this message were under way: what it held is nobody’s. Null where that does not show. */
export function leftByTheDead({ message, taken, calls }: Course, found: Violation): string | null {
  const { history, at } = found
  const death = before(found, at, ({ what }) => what === 'worker dies')
  if (death < 0 || calls.length > 0 || isKnownNotToBeNeeded(found, death)) return null
  if (taken > death && !isKnownToBeNeeded(found, death)) return null
  const under = underWayAt(found, death).filter((each) => each !== message)
  const kept = onDisk(history[death]!)
  if (under.length === 0) return null
  return `${listed(under)} ${under.length === 1 ? 'is' : 'are'} under way at ${stepWith(found, death)}${kept === '' ? '' : `, and ${kept} ${kept.includes('’ ') ? 'are' : 'is'} on the disk then`}; after that `
    + `${message} is never sent. Look at what a worker holds while it is at work, and gives back only when it is done: a lock, a slot, a place in a pool. `
    + 'When it dies, somebody else has to give that back.'
}

/** What a life that is over has left on the disk for the next one, which does not send a message; empty where nothing is there. */
export function leftOnTheDisk({ message }: Course, found: Violation): string {
  const { history, at } = found
  const start = before(found, at, ({ what }) => what === 'starts again')
  const kept = start < 0 ? [] : history[start]!.onDisk ?? []
  if (kept.length === 0) return ''
  const life = lifeAt(found, start)
  const is = `At ${step(start)} life ${amount(life)} starts, and finds ${onDisk(history[start]!)} on the disk.`
  if (kept.some((key) => new RegExp(`\\b${message}\\b`).test(key)))
    return `${is} What is written down when it is begun is not done: where the next life finds ${message} there, it sends it.`
  return `${is} If that is a lock, whoever has it is gone with life ${amount(life - 1)}: take it away at the start, or write down with it who has it, and ask whether that one still lives.`
}

/** Where a life begins with something on its disk, and does nothing about a message; null where nothing is there. */
export function notTakenUp({ message, taken, last }: Course, found: Violation): string | null {
  const { history } = found
  const start = history.findIndex(({ what, onDisk: kept = [] }, i) => i > last && what === 'starts again' && kept.length > 0)
  if (start < 0) return null
  const life = `life ${amount(lifeAt(found, start))}`
  const [kind = 'plain'] = (history[taken]!.detail ?? 'plain').split(' of ')
  const look = `what reads the disk at the start, and at what it leaves out: ${kind === 'plain' ? '' : `a row that is taken for none (${message} is of the kind ‘${kind}’), `}`
    + 'what an offset or a mark on the disk has passed, or calls done or begun.'
  return history[start]!.onDisk!.some((key) => new RegExp(`\\b${message}\\b`).test(key))
    ? `${message} is on the disk when ${life} of the connector begins, at ${step(start)}, and that life neither sends nor flags it. Look at ${look}`
    : `At ${step(start)} ${life} begins, and finds ${onDisk(history[start]!)} on the disk. If ${message} is in that, look at ${look} If it is not, write it to \`world.disk\` before `
      + 'the life that has it ends.'
}

/** Workers were to leave, and a message waits: what one of those had is lost, or nobody is woken. Null where that does not show. */
export function leftByThoseThatGo({ message, taken, calls }: Course, found: Violation): string | null {
  const { history, at, scenario } = found
  const change = before(found, at, ({ what }) => what === 'workers change')
  if (change < 0 || calls.some(({ offered }) => offered > change) || isKnownNotToBeNeeded(found, change)) return null
  const earlier = before(found, change, ({ what }) => what === 'workers change')
  const was = earlier < 0 ? scenario.workers : Number(history[earlier]!.detail)
  const is = Number(history[change]!.detail)
  if (!(is < was) || (taken > change && !isKnownToBeNeeded(found, change))) return null
  return `At ${stepWith(found, change)}, it had ${amount(was)}, and ${was - is === 1 ? 'one is' : `${amount(was - is)} are`} to leave. ${taken < change ? `${message} is in hand then. What one that leaves `
    + 'has in hand, or in a queue of its own, goes to those that stay.' : `${message} comes after that, and is never sent. `
    + 'A worker looks whether it is to leave before it takes a message, and not after; one that leaves hands on what it was woken for.'}`
}

/** Names those that were given up before they were sent, where another is not sent after that; null where there is none. */
export function aWaiterThatGaveUp({ message, calls }: Course, found: Violation): string | null {
  const { history, at } = found
  if (calls.length > 0) return null
  const sent = new Set(history.slice(0, at).flatMap(({ what, message: of }) => (what === 'offered' ? [of] : [])))
  const gaveUp = history.slice(0, at).flatMap((event, i) => {
    const { what, message: of } = event
    if (what !== 'sender aborts' || of === undefined || of === message || sent.has(of) || isKnownNotToBeNeeded(found, i)) return []
    // Whoever had its verdict before has nothing that it could wait for.
    return history.slice(0, i).some(({ what: is, message: whose }) => whose === of && is === 'flagged') ? [] : [{ of, i }]
  })
  if (gaveUp.length === 0) return null
  const names = [...new Set(gaveUp.map(({ of }) => of))]
  const isOne = names.length === 1
  return `${listed(names)} ${isOne ? 'waits' : 'wait'} too, and ${isOne ? 'is' : 'are'} given up before ${isOne ? 'it is' : 'they are'} sent, at ${stepWith(found, gaveUp[0]!.i)}. Look at what `
    + `${isOne ? 'it' : 'each'} waits in line for, a slot, a permit, a lock: one that gives up leaves the line, or else what it is given when its turn comes goes on to the next. `
    + `Otherwise ${isOne ? names[0] : 'they'} still ${isOne ? 'has' : 'have'} it, and ${message} waits for ever.`
}
