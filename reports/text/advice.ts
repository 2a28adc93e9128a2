/** What to look for in a connector that broke a law: where the history was last right, and what usually goes wrong there. */
import type { Event, EventName } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { isLinkFault, worded } from './event.ts'
import { amount } from './words.ts'

/** In sentences. The first is about this run; steps are numbered from 1, as on pages. */
export function advice(found: Violation): readonly string[] {
  switch (found.law.name) {
    case 'delivered or flagged': return lost(found)
    case 'none twice': return twice(found)
    case 'links are independent': return blocked(found)
    case 'nothing wedges': return wedged(found)
    case 'honest': return dishonest(found)
    case 'in order': return [
      'It promises `order: \'per link\'`. Look for what lets one message overtake another over the same link: a retry that goes to the end of a '
        + 'queue, two workers for one link, a stack where a queue is meant.',
    ]
  }
}

/** A link has a message, whole or not. */
const recordings: readonly EventName[] = ['recorded', 'recorded altered']

type About = Pick<Violation, 'connector' | 'history'>

/** Such as `step 6, “link 1 refuses m1”`. */
function stepAt({ connector, history }: About, at: number): string {
  const { lane, text } = worded(history[at]!, connector)
  return `step ${amount(at + 1)}, “${lane === null || lane === connector ? text : `${lane} ${text}`}”`
}

const placeOf = ({ history }: About, is: (event: Event) => boolean) => history.findIndex(is)
const lastOf = ({ history }: About, is: (event: Event) => boolean) => history.findLastIndex(is)

function lost(whole: Violation): readonly string[] {
  // Whatever comes after the law is broken comes too late.
  const found = { ...whole, history: whole.history.slice(0, whole.at + 1) }
  const aborted = placeOf(found, ({ what, message }) => what === 'sender aborts' && message === found.message)
  if (aborted >= 0) return givenUp(whole, aborted)
  const last = lastOf(found, ({ message }) => message === found.message)
  if (last < 0) return ['Look for a path on which a message is neither sent again nor flagged.']
  const orFlag = 'Flag a message that cannot be delivered: reject its promise, or call `world.flag`.'
  if (found.history[last]!.what === 'taken' && isStopped(found, last))
    return [
      `${found.message} was taken at step ${amount(last + 1)}, when the service was stopped and not yet started again. Flag what is `
        + 'taken then, or write it to `world.disk` and send it after the next start.',
    ]
  if (found.history[last]!.what === 'taken')
    return [
      `${found.message} was taken at step ${amount(last + 1)}, and never sent. Look for what it waits for: a queue that nobody reads any more, `
        + 'a worker that is never free again, a connection that is not opened again, a callback that is not called.', orFlag,
    ]
  return [
    `The last event about ${found.message} is ${stepAt(found, last)}. Look at what the connector does from there: on that path it `
      + `neither sends ${found.message} again nor settles its promise.`, orFlag,
  ]
}

/** A message that its sender gave up. */
function givenUp(found: Violation, aborted: number): readonly string[] {
  const { message, at, history } = found
  const verdicts: readonly EventName[] = ['flagged', 'claims delivered']
  const settled = history.findIndex((event, i) => i > at && event.message === message && verdicts.includes(event.what))
  const late = settled < 0 ? 'never comes' : `comes only at step ${amount(settled + 1)}`
  return [
    `The sender of ${message} gives it up at step ${amount(aborted + 1)}, and at step ${amount(at + 1)} nothing more happens; its verdict ${late}. `
      + 'A message that is given up need not wait for a link or a worker: listen to the `signal` of each message, also of one that still waits, '
      + 'and flag it at once.',
  ]
}

/** Whether the service was stopped at an event. */
function isStopped({ history }: About, at: number): boolean {
  const before = history.slice(0, at)
  const stops = before.findLastIndex(({ what }) => what === 'service stops' || what === 'service restarts')
  return stops >= 0 && before.findLastIndex(({ what }) => what === 'starts again') < stops
}

function twice(found: Violation): readonly string[] {
  const { message, at, guarantee } = found
  const first = placeOf(found, (event) => event.message === message && recordings.includes(event.what))
  const again = found.history.findIndex((event, i) => i > first && event.message === message && event.what === 'offered')
  const sent = again < 0 || again > at ? '' : ` and is sent again at step ${amount(again + 1)}`
  return [
    `${message} arrived at step ${amount(first + 1)}${sent}, though nothing had happened that could have kept the answer from the connector. `
      + 'Look for what starts the second sending: a retry that does not ask whether the first was answered, two workers with one message, '
      + 'a message that is removed from its queue later than it is sent.',
    ...(guarantee === 'exactly-once'
      ? ['If the answer itself can be lost, a second copy is always possible: promise ‘at-least-once’ then.'] : []),
  ]
}

function blocked(found: Violation): readonly string[] {
  const down = placeOf(found, ({ what }) => what === 'link refuses' || what === 'link hangs')
  const waits = found.history.find(({ what, message }) => what === 'taken' && message === found.message)
  return [
    `From ${down < 0 ? 'the failure of one link' : stepAt(found, down)} on, ${found.message}, which goes over ${waits?.link ?? 'another link'}, waits too. `
      + 'Look for what the links share: one queue, a pool of workers, a lock, a connection, a breaker. '
      + 'Give each link its own, or give up on a dead link after some time.',
    'If they share it by design, say so: `exempt: { \'links are independent\': \'why\' }`.',
  ]
}

function wedged(found: Violation): readonly string[] {
  const called = /^`(start|stop)` was called/.exec(found.history[found.at]?.detail ?? '')?.[1]
  if (called !== undefined)
    return [
      `Look for what \`${called}\` waits for: the answer of a link that was lost meanwhile, a worker that is never idle, a promise that `
        + 'nobody settles. Give it a time limit, after which it goes on without.',
    ]
  if (found.message === null) {
    const before = found.history.slice(0, found.at).findLastIndex(({ what }) => what === 'taken' || what === 'offered')
    const during = before < 0 ? '' : `, after ${stepAt(found, before)}`
    return [
      `An error was thrown where nobody catches it${during}. Catch it where that message is handled, and flag the message: `
        + 'a malformed message must not stop the others.',
    ]
  }
  const fault = placeOf(found, ({ what, message }) => message === undefined && isLinkFault(what))
  const since = fault < 0 ? '' : ` since ${stepAt(found, fault)}`
  return [
    `Every fault is healed, and the fresh message ${found.message} does not get through. Something is still blocked${since}: look for a worker that `
      + 'waits for a call that never returns, a pool, cache or window that is full and never emptied, a breaker that stays open, a connection '
      + 'that is not opened again.',
  ]
}

function dishonest(found: Violation): readonly string[] {
  const event = found.history[found.at]!
  const { message } = found
  switch (event.what) {
    case 'claims delivered':
      return [`The connector says that ${message} is delivered before any link has recorded it. Fulfil its promise when the link has answered, not earlier.`]
    case 'flagged':
      if (found.clause === 'one verdict')
        return [`Two paths settle ${message}, and they do not agree. Only the first may settle it: leave the other path when the message is settled.`]
      return [`${message} was healthy, and so was its link. Look at what makes the connector give it up: a limit, or what happened to another message or link.`]
    default:
      return ['What is sent over the link is not what was taken. Compare the two. Usual causes: a list is treated as several messages, an empty value as '
        + 'none, a text is cut short or encoded twice.']
  }
}
