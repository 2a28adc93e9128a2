/** Advice on what is stuck, crashes or never comes to rest. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { whatFilledUp } from './filled-count.ts'
import { whatReported } from './failed-report.ts'
import { waitedInVain, whatHoldsItUp } from './never-sent.ts'
import { about, type Advice, before, callUnderWay, lastFault, milliseconds, step, stepWith } from './course.ts'

export const onWedging: Readonly<Record<string, Advice>> = {
  'fresh messages are delivered': about((course, found) => {
    const { message, calls, link, flags } = course
    const probe = callUnderWay(course, found)
    if (probe !== null)
      return [
        `${message} is flagged at ${step(flags[0]!)}, while the call of ${stepWith(found, probe)} is under way. Where a breaker lets one message try the `
          + 'link, those that come meanwhile are as healthy as that one: let them wait for what becomes of it, and send them then.',
      ]
    const fault = lastFault(found)
    const since = fault < 0 ? '' : ` since ${stepWith(found, fault)}`
    const stripped = found.history.findIndex(({ what, message: of }) => what === 'recorded stripped' && of === message)
    if (stripped >= 0) return [`Everything is healed, and ${message} still goes without its attachments, at ${step(stripped)}. Look for a choice that is never undone.`]
    const healed = before(found, found.at, ({ what }) => what === 'healed')
    const waited = waitedInVain(course, found)
    const recovers = calls.length > 0 || flags.length === 0 || fault < 0 ? [] : waited !== null ? [waited] : [
      `It is flagged ${milliseconds(found.history[flags[0]!]!.time - found.history[healed]!.time)} after everything was healed. If it is meant to fail fast for longer `
        + 'than that, declare for how long: `recovery`.',
    ]
    const filled = whatFilledUp(course, found)
    const held = calls.length === 0 ? whatHoldsItUp(course, found) : null
    return [calls.length === 0
      ? held !== null ? `Everything is healed, and ${message} is not even offered to ${link}. ${held}`
      : filled !== null ? `Everything is healed, and ${message} is not even offered to ${link}. ${filled}`
      : `Everything is healed, and ${message} is not even offered to ${link}. Something is still blocked${since}: look for a worker that waits for a call `
        + 'that never returns, a pool, cache or window that is full and never emptied, a breaker that stays open, a connection that is not opened again.'
      : `Everything is healed, and ${message} is not delivered though ${link} is offered it, at ${step(calls[0]!.offered)}. Look at what comes between the `
        + 'offer and the end of it: a call that is given up too soon, an answer that nobody waits for.',
    ...recovers]
  }),

  'fresh messages are delivered promptly': about(({ message, taken, calls }, { history, at }) => {
    const sent = calls.find(({ recorded }) => recorded !== null)?.offered ?? at
    return [
      `${message} comes at ${step(taken)}, and is sent ${milliseconds(history[sent]!.time - history[taken]!.time)} later, at ${step(sent)}, though nothing is `
        + 'wrong any more. Look for a pause that has grown with every failure, a breaker that stays open for long, a queue that is only looked at from '
        + 'time to time. Shorten it, try again when the link is back (`link.watch`), or declare how long it takes: `recovery`.',
    ]
  }),

  'messages after a recovery are delivered promptly': about(({ message, taken, calls }, { history, at }) => {
    const sent = calls.find(({ recorded }) => recorded !== null)?.offered ?? at
    return [
      `${message} comes at ${step(taken)}, and is sent ${milliseconds(history[sent]!.time - history[taken]!.time)} later, at ${step(sent)}. A pause that was `
        + 'begun while the link was in trouble may still run, for this link or for what is before it. Cut it short when the link is back '
        + '(`link.watch`), limit how long one can be, or declare how long it takes: `recovery`.',
    ]
  }),

  'it does not go on for ever': (found) => {
    const call = before(found, found.at, ({ what }) => what === 'offered' || what === 'steps' || what === 'fetched' || what === 'reports')
    return [
      `Everything is healed, nothing new comes in, and it does not come to rest.${call < 0 ? '' : ` The last thing that it tries is ${stepWith(found, call)}.`} `
        + 'Whatever is tried again needs a limit, and has to be told when there is nothing left to try for.',
    ]
  },

  'it does not crash': crash,
}

/** By how it ended. Each is about that end alone. */
const ends: readonly (readonly [how: RegExp, look: string])[] = [
  [/`world\.report` failed/, 'What told the connector that its report failed was the suite: that is the fault ‘reporting fails’, as of a log that is full '
    + 'or a mailbox that is away. Catch it where it reports: thrown in a loop, it ends the loop, and nothing more is sent. If reporting cannot fail where it runs, say why: '
    + '`notApplicable: { \'reporting fails\': \'…\' }`.'],
  [/^`start` was called, and has not returned|^`stop` was called, and has not returned/, 'Look for what `` waits for: the answer of a link that was lost '
    + 'meanwhile, a worker that is never idle, a promise that nobody settles. Give it a time limit, after which it goes on without.'],
  [/^`start` failed|^`stop` failed/, 'What `` throws or rejects with ends the connector: catch it there, and try again or go on without.'],
  [/^it spins, in/, 'The code that is named there runs without end and lets nothing else have a turn. Look for a loop whose condition nothing changes, a retry '
    + 'without a pause, an expression that takes exponential time. Let a loop that waits for something wait with `await` on something that takes time.'],
  [/^it spins/, 'Something runs without end and lets nothing else have a turn. Look for a loop whose condition nothing changes, a retry without a pause, '
    + 'one that waits for a promise that is settled already.'],
  [/^it blocks its only thread/, 'Something waits in the middle of its only thread: a synchronous read, a child process waited for with `…Sync`, `Atomics.wait`. '
    + 'Use what calls back instead.'],
  [/^it ran out of memory/, 'Look for what grows with every message or every try and is never emptied: a queue without a limit, a list of listeners, '
    + 'a text that is put together again and again.'],
  [/^it prints without end/, 'Look for what is printed in a loop or at every try, and print it once.'],
  [/^its process exited/, 'Something calls `process.exit`, or has nothing left to do. A connector is a guest in its process: let it flag '
    + 'what it cannot do, and go on.'],
  [/^its process was (?:ended|halted) by/, 'Something in it sends a signal to its own process or group, or it breaks in native code: look for `process.kill`, and for '
    + 'add-ons.'],
  [/^it aborted/, 'Native code has given up: look for an add-on, and for `process.abort`.'],
]

/** What may have set off the code that failed, and is about a message. */
const doings: ReadonlySet<string> = new Set([
  'taken', 'fresh', 'given again', 'offered', 'fetched', 'recorded', 'recorded stripped', 'recorded altered', 'answered', 'refused',
  'dropped', 'acknowledged', 'flagged', 'claims delivered', 'sender aborts',
])

function crash(found: Violation): readonly string[] {
  const how = found.history[found.at]?.detail ?? ''
  const during = before(found, found.at, ({ what }) => doings.has(what))
  const last = before(found, found.at, () => true)
  const after = last < 0 ? '' : ` The last event before is ${stepWith(found, last)}${during < 0 || during === last ? ''
    : `; the last that is about a message is ${stepWith(found, during)}`}.`
  const known = ends.find(([is]) => is.test(how))
  if (known) return [`${/`world\.report` failed/.test(how) ? whatReported(found) : ''}${known[1].replace('``', `\`${/^`(\w+)`/.exec(how)?.[1] ?? ''}\``)}${/^`/.test(how) ? '' : after}`]
  return [
    `An error is thrown, or a promise rejected, where nobody catches it.${after} Catch it where that message is handled, and flag the message: `
      + 'what one message does must not stop the others.',
  ]
}
