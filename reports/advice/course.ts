/** What a history shows of the message that a law is broken for: what advice is read from. */
import type { Event, EventName } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { isLinkFault, wordsFor } from '../text/event.ts'
import { endOf } from './lives.ts'
import { amount } from '../text/words.ts'

/** What to do about a broken law, in sentences. The first is about this run; steps are numbered from 1, as on pages. */
export type Advice = (found: Violation) => readonly string[]

/** Advice for a clause about a message; nothing where the history does not show how that came. */
export const about = (say: (course: Course, found: Violation) => readonly string[]): Advice => (found) => {
  const course = courseOf(found)
  return course ? say(course, found) : []
}

type Shown = Pick<Violation, 'connector' | 'history' | 'message' | 'at'>

/** A call with the message. Places are numbers of events, from 0; null where there is no such event. */
interface Call {
  readonly offered: number
  readonly recorded: number | null
  /** When the connector was told, and what. */
  readonly told: number | null
  readonly outcome: 'taken' | 'refused' | 'dropped' | null
  readonly life: number
  /** Where the life that made it ends, before it is told anything; null where it is told, or still waits. */
  readonly orphaned: number | null
}

export interface Course {
  readonly message: string
  /** The link that it is to go over. Of several: the one that is accused, or that has no verdict, rather one to which nothing was done. */
  readonly link: string
  /** How many recipients it has. */
  readonly recipients: number
  readonly taken: number
  readonly calls: readonly Call[]
  readonly flags: readonly number[]
  readonly claims: readonly number[]
  readonly givenAgain: readonly number[]
  /** The last event about it, before or at the one that breaks the law. */
  readonly last: number
  /** Whether the connector fetched it. */
  readonly isFetched: boolean
}

const recordings: readonly EventName[] = ['recorded', 'recorded stripped', 'recorded altered']

/** Null where a law is broken for no message, or the history does not show how it came. */
function courseOf({ history, message, at }: Shown): Course | null {
  const all = history.slice(0, at + 1).flatMap((event, i) => (event.message === message && message !== null ? [{ event, i }] : []))
  const takings = all.filter(({ event: { what } }) => what === 'taken' || what === 'fresh')
  const first = takings[0]
  if (!first || message === null) return null
  const isSettledOver = (link: string) => all.some(({ event }) =>
    (recordings.includes(event.what) || event.what === 'flagged') && (event.link ?? link) === link)
  const links = takings.map(({ event: { link = '' } }) => link)
  // What breaks the law says over which link, where it is about this message; where something is missing, it is the one without a verdict.
  const accused = history[at]?.message === message ? links.find((each) => each === history[at]?.link) : undefined
  const waiting = links.filter((each) => !isSettledOver(each))
  const isSpared = (each: string) => !history.slice(0, at + 1).some(({ what, link: struck }) => isLinkFault(what) && struck === each)
  const link = accused ?? waiting.find(isSpared) ?? waiting[0] ?? history[at]?.link ?? links[0]!
  const own = links.length === 1 ? all : all.filter(({ event }) => (event.link ?? link) === link)
  const places = (...what: readonly EventName[]) => own.flatMap(({ event, i }) => (what.includes(event.what) ? [i] : []))
  return {
    message, link, recipients: links.length, taken: takings.find(({ event }) => event.link === link)?.i ?? first.i,
    calls: callsIn(own, { history, at }),
    flags: places('flagged'), claims: places('claims delivered'), givenAgain: places('given again'),
    last: own.findLast((each) => !isUnheard(each, { history }))!.i, isFetched: places('fetched').length > 0,
  }
}

/** Whether it is an answer to a call of a life that is over: it reaches nobody. */
function isUnheard({ event: { what, life = 1 }, i }: Placed, found: Pick<Shown, 'history'>): boolean {
  const end = what === 'answered' || what === 'refused' || what === 'dropped' ? endOf(found, life) : null
  return end !== null && end < i
}

interface Placed { readonly event: Event; readonly i: number }

function callsIn(own: readonly Placed[], found: Pick<Shown, 'history' | 'at'>): readonly Call[] {
  const calls = new Map<number, Call>()
  let unnumbered = 0
  for (const { event: { what, attempt, told, life = 1 }, i } of own) {
    if (what === 'offered' && attempt === undefined) unnumbered--
    const number = attempt ?? unnumbered
    const call = calls.get(number) ?? { offered: i, recorded: null, told: null, outcome: null, life, orphaned: null }
    if (what === 'offered') calls.set(number, call)
    else if (recordings.includes(what))
      calls.set(number, { ...call, recorded: i, ...(told === false ? {} : { told: i, outcome: 'taken' as const }) })
    else if (what === 'answered') calls.set(number, { ...call, told: call.told ?? i, outcome: call.outcome ?? 'taken' })
    else if (what === 'refused' || what === 'dropped') calls.set(number, { ...call, told: i, outcome: what })
  }
  const ends = new Map([...new Set([...calls.values()].map(({ life }) => life))].map((life) => [life, endOf(found, life)]))
  return [...calls.values()].map((call) => {
    const end = ends.get(call.life) ?? null
    return end === null || end > found.at || (call.told ?? Infinity) < end ? call : { ...call, told: null, outcome: null, orphaned: end }
  })
}

/**
 * Of a fresh message that was flagged and never sent: where the call with another fresh one was made that was under way then, over
 * the same link; null where there is none.
 */
export function callUnderWay({ message, link, taken, calls, flags }: Course, { history }: Shown): number | null {
  const flagged = flags[0]
  if (flagged === undefined || calls.length > 0 || history[taken]!.what !== 'fresh') return null
  const calm = history.findIndex(({ what }) => what === 'healed')
  const open = history.findLastIndex((event, i) => i > calm && i < flagged && event.what === 'offered' && event.link === link
    && event.message !== message && !history.slice(i + 1, flagged).some(({ attempt }) => attempt === event.attempt))
  return open < 0 ? null : open
}

/** What ends a connector, or a worker of it. */
export const enders: ReadonlySet<string> = new Set(['has stopped', 'starts again', 'worker dies'])

/** Such as `step 6`. */
export const step = (at: number) => `step ${amount(at + 1)}`

/** Such as `step 6, “link 1 refuses m1”`. */
export function stepWith(found: Shown, at: number): string {
  const { lane, text } = wordsFor(found)(found.history[at]!)
  return `${step(at)}, “${lane === null || lane === found.connector ? text : `${lane} ${text}`}”`
}

/** The place of the last event of a kind before another; -1 where there is none. */
export const before = ({ history }: Shown, at: number, is: (event: Event) => boolean) => history.slice(0, Math.max(0, at)).findLastIndex(is)

/** Whether the connector was stopped, and not started again, at an event. */
export function wasStopped(found: Shown, at: number): boolean {
  const stops = before(found, at, ({ what }) => what === 'service stops' || what === 'service restarts')
  return stops >= 0 && before(found, at, ({ what }) => what === 'starts again') < stops
}

const faultEvents: ReadonlySet<EventName> = new Set([
  'worker dies', 'workers change', 'service stops', 'service restarts', 'service dies', 'sender aborts', 'receiving fails',
  'acknowledging fails', 'acknowledgement is lost', 'source is late', 'source drops', 'disk fails', 'disk is slow', 'reporting fails',
  'clock goes back',
])
/** Whether an event is something that was done to the connector or its world, and not a repair. */
export const isFault = ({ what }: Event) => (isLinkFault(what) && what !== 'link heals') || faultEvents.has(what)

/**
 * The last event before the one that breaks the law that is something done to it; -1 where there is none. That the sender of a message
 * gives it up when it has its verdict does nothing to anybody.
 */
export const lastFault = ({ history, at }: Shown): number => history.slice(0, at).findLastIndex((event, i) => isFault(event)
  && !(event.what === 'sender aborts' && history.slice(0, i).some(({ what, message }) =>
    message === event.message && (what === 'flagged' || what === 'claims delivered'))))

/** Milliseconds, as a page says them. */
export const milliseconds = (time: number) => `${amount(time)} ms`
