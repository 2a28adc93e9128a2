/** Advice on what is false: a word of the connector, or what it hands to a link. */
import type { MessageKind } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { oneForAll, swapped } from './anothers-answer.ts'
import { ofAnotherRecipient } from './another-recipient.ts'
import { whatFilledUp } from './filled-count.ts'
import { about, type Advice, before, type Course, enders, lastFault, milliseconds, step, stepWith } from './course.ts'
import { endsInStop, lifeAt, outlived } from './lives.ts'
import { waitedInVain } from './never-sent.ts'
import { isLinkFault, onDisk } from '../text/event.ts'
import { amount, amountOf } from '../text/words.ts'

/** What usually alters a message of a kind. */
const causes: Readonly<Partial<Record<MessageKind, string>>> = {
  list: 'a list is taken for several messages', empty: 'an empty text is taken for none',
  deep: 'what is nested is cut off, or written as text', long: 'a text is cut at the size of a buffer',
  'long other script': 'a text is cut into chunks of bytes, in the middle of a letter, and each is decoded by itself',
  'other script': 'it is written in an encoding that does not have every letter',
  lines: 'it is trimmed, or a line with a single point ends it', 'control characters': 'ends of lines are made alike, or end what is read',
  'lone surrogate': 'it is written as UTF-8, which has no code for half a letter: such a message is to be flagged',
  'wrong type': 'it is turned into text on the way', twin: 'it is taken for the other message with equal content',
  'new header': 'a header takes the name that another message had', 'many attachments': 'attachments are counted, and cut off',
}

const saying = 'The connector says so where the promise that `take` returned resolves, or by `world.delivered`.'

export const onHonesty: Readonly<Record<string, Advice>> = {
  'not altered': about((course, found) => {
    const { taken, calls } = course
    const kind = (found.history[taken]!.detail ?? 'plain').split(' of ')[0] as MessageKind
    const cause = causes[kind]
    const failed = calls.find(({ told, outcome }) => told !== null && told < found.at && outcome !== 'taken')
    const envelope = / with (.*)$/.exec(found.history[found.at]!.detail ?? '')?.[1]
    const copy = copyReadBack(course, found)
    if (copy !== null) return [copy]
    return [
      `What goes over the link at ${step(found.at)} is not what was taken at ${step(taken)}. `
        + (envelope !== undefined ? `The content may be the same, and what goes with it is not (${envelope}): hand \`send\` what you declare that you carry, `
          + 'from the message itself.'
        : cause === undefined ? 'Look at what messages share: a buffer, an object that is changed, a default. Hand `send` the content as it is.'
        : `A usual cause with a message of its kind (‘${kind}’): ${cause}. Hand \`send\` the content as it is.`)
        + (failed === undefined ? '' : ` It is not the first try, which ended at ${stepWith(found, failed.told!)}: see whether every try hands over the same.`),
    ]
  }),

  'not stripped for nothing': about(({ message }, found) => [
    `${message} has no more attachments than are passed on, and goes without them at ${step(found.at)}. Look at what decides: a counter that is `
      + 'not reset, a choice made for an earlier message, a limit lower than the one that is declared (`strips`).',
  ]),

  'not misrouted': about(({ message, link }, found) => {
    const failed = before(found, found.at, (event) => event.message === message && event.link === link
      && (event.what === 'refused' || event.what === 'dropped'))
    return [
      `${message} is for ${link}, and goes over ${found.history[found.at]!.link} at ${step(found.at)}. ${failed >= 0
        ? `Before that it failed at ${stepWith(found, failed)}: look for what tries again over another link. Whoever is at the end of that is not whom it is for.`
        : 'Look at what chooses the link: a variable that a later message sets, an index into a list that has changed, a connection that is taken '
          + 'from a pool for another link.'}`,
    ]
  }),

  'nothing invented': ({ history, at }) => [
    `No message has the content that ${history[at]!.link} records at ${step(at)}. Look for a part of a message that is sent by itself, for several `
      + 'that are put together, for a beat or a greeting that goes over `send`.',
  ],

  'not delivered after it was flagged': about(({ message, flags, calls }, found) => [
    `${message} is flagged at ${step(flags[0]!)}, and sent after that, at ${step(calls.at(-1)?.offered ?? found.at)}. Whoever was told that it failed may `
      + 'have sent it in another way. Take it out of every queue and clear its timers before it is flagged.',
  ]),

  'flagged only with a reason': about(groundless),

  'not flagged when it is known to be delivered': about((course, found) => {
    const { message, calls } = course
    const told = calls.find(({ outcome }) => outcome === 'taken')
    return [
      ofAnotherRecipient(course, found) ?? swapped(course, found, false) ?? `The answer for ${message} comes at ${step(told?.told ?? found.at)}, and it is flagged at ${step(found.at)}. Look for a time limit that is not cleared `
        + 'by the answer, and for an error in what comes after the sending that ends where errors of the sending do.',
    ]
  }),

  'one verdict': about(({ message, flags, claims }, found) => {
    const first = claims.length > 0 ? claims.at(-1)! : flags[0]!
    return [
      `Two paths settle ${message}: at ${step(first)} it ${claims.length > 0 ? 'is said to be delivered' : 'is flagged'}, and at ${step(found.at)} it is `
        + `flagged${claims.length > 0 ? '' : ' again'}. ${between(first, message, found)
          ?? 'Only the first may settle it: leave the other path when the message is settled.'}`,
    ]
  }),

  'one verdict, claimed': about(({ message, flags }, found) => [
    `Two paths settle ${message}: at ${step(flags[0]!)} it is flagged, and at ${step(found.at)} it is said to be delivered. ${between(flags[0]!, message, found)
      ?? 'Once a message is flagged, give up what is still under way with it, and let the promise that `take` returned reject.'}`,
  ]),

  'claimed only when it is recorded': about((course, found) => {
    const { message, calls } = course
    const call = calls.at(-1)
    const twin = twinOf(course, found)
    const read = ofAnotherRecipient(course, found) ?? swapped(course, found, true)
    if (read !== null) return [read]
    return [!call ? `${message} is said to be delivered at ${step(found.at)}, and was not handed to a link before that. ${twin === undefined ? ''
      : `Its content is that of ${twin}, and they are two messages: look for what takes one for the other, or knows messages by their content. `}`
      + 'Say so when the link has answered: not when it is queued, filtered out or given to a worker.'
      : call.orphaned !== null ? `${message} was offered at ${step(call.offered)} by life ${amount(call.life)} of the connector, which ends at ${stepWith(found, call.orphaned)}: `
      + `nobody is told how that call ends. At ${step(found.at)} life ${amount(found.history[found.at]!.life ?? 1)} says that ${message} is delivered, and has not sent it. `
      + 'What is written down when it is begun is not done: look for a start that takes it for done, and send it again there, or flag it.'
      : call.outcome === null ? `${message} is under way since ${step(call.offered)}, and not answered when it is said to be delivered, at ${step(found.at)}. Silence `
      + 'is no answer: wait for it, and when its time is over send again or flag.'
      : `${message} failed at ${stepWith(found, call.told!)}, and is said to be delivered at ${step(found.at)}. Look for an error that is caught and goes no `
        + 'further, and for an answer that is read as the answer for another message.', saying]
  }),

  'acknowledged only when it is settled': about(({ message, calls }, found) => {
    const { history, at } = found
    const other = history[at]!.with
    const anew = before(found, at, (event) => event.what === 'fetched' && event.message === message)
    const failed = calls.findLast(({ told, outcome }) => told !== null && told < anew && outcome !== 'taken')
    if (failed && other === undefined && !calls.some(({ offered }) => offered > anew))
      return [
        `${message} failed at ${stepWith(found, failed.told!)}, is fetched again at ${step(anew)}, and is acknowledged at ${step(at)} without being sent. Look for what takes it for `
          + 'done: a mark that is set when it is sent, and stays when that fails. Mark a message when it is delivered, or take the mark off before it is given back.',
      ]
    return [
      `${message} is acknowledged at ${step(at)}, and ${calls.length === 0 ? 'was not handed to a link before that' : 'no link has it'}. Whatever ends the `
        + 'connector now ends the message. Acknowledge it when it is delivered or flagged, or write it to `world.disk` first.',
      ...(other === undefined ? [] : [`It is so because ${other} is acknowledged with \`upTo\`: that is for when every one before it is settled too.`]),
    ]
  }),
}

/**
 * Where it is sent by a later life than that which took it: what that has of it is from the disk, unless it was given it again before.
 * Null where it is not.
 */
function copyReadBack({ message, taken, calls, givenAgain }: Course, found: Violation): string | null {
  const { history, at } = found
  const call = calls.find(({ recorded }) => recorded === at)
  if (!call || call.life <= lifeAt(found, taken)) return null
  const start = before(found, call.offered, ({ what }) => what === 'starts again')
  const kept = onDisk(history[start]!)
  if (kept === '') return null
  const isGiven = givenAgain.some((given) => given > start && given < call.offered)
  return `What goes over the link at ${step(at)} is sent by life ${amount(call.life)}, and is not what life ${amount(lifeAt(found, taken))} took at ${step(taken)}. On the disk is ${kept} when it starts, at ${step(start)}`
    + `${isGiven ? `, and it is given ${message} again before it sends: see which of the two it sends. The disk has a copy, ` : `, and it is not given ${message} again before it sends: it sends the copy that it has read back from there, `}`
    + 'written by the life before. Compare what is read with what was taken: a list, an object or bytes come back as such only where they are written as such, not as text.'
}

/** Another message with the same content; undefined where there is none. */
function twinOf({ message, taken }: Course, { history }: Violation): string | undefined {
  const of = / of (m\d+)$/.exec(history[taken]!.detail ?? '')?.[1]
  return of ?? history.find(({ detail }) => detail === `twin of ${message}`)?.message
}

/** What came between two verdicts on a message, where that is why there are two; null where nothing did. */
function between(first: number, message: string, found: Violation): string | null {
  const at = before(found, found.at, (event) => enders.has(event.what) || (event.what === 'sender aborts' && event.message === message))
  if (at < first || outlived(found, found.at)) return ofTwoLives(first, found)
  const what = found.history[at]!.what
  return what === 'sender aborts' ? `Its sender aborts it at ${step(at)}, when it has its verdict: take the listener off its signal when it is settled.`
    : what === 'worker dies' ? `The worker dies at ${step(at)}: whoever takes over what it had asks first whether that is settled.`
      : `In between comes ${stepWith(found, at)}. Take what is settled off the disk before its verdict is given, and look there before it is settled again.`
}

/** Where what was stopped goes on beside what was started again. */
function ofTwoLives(first: number, found: Violation): string | null {
  const { history, at } = found
  const restart = before(found, at, ({ what }) => what === 'starts again')
  if (restart < 0 || (history[first]!.life ?? 1) === (history[at]!.life ?? 1)) return null
  return `They are of two lives of the connector: what was stopped before ${step(restart)} is still at work. ${endsInStop}; or take up at the start only what it `
    + 'has let go of.'
}

function groundless(course: Course, found: Violation): readonly string[] {
  const { message, link, taken } = course
  const another = ofAnotherRecipient(course, found) ?? swapped(course, found, false) ?? oneForAll(course, found)
  if (another !== null) return [another]
  const { history, at, declared = [] } = found
  const isFresh = history[taken]!.what === 'fresh'
  const reason = history[at]!.detail
  const gives = reason === undefined || reason === '' ? '' : ` The connector gives the reason ‘${reason}’.`
  const fault = lastFault(found)
  const other = before(found, at, (event) => event.message !== undefined && event.message !== message
    && (event.what === 'refused' || event.what === 'dropped' || event.what === 'flagged'))
  const forGood = before(found, at, ({ what, detail }) => what === 'refused' && detail === 'for good')
  const forNow = before(found, at, ({ what, detail }) => what === 'refused' && detail === 'for now')
  const from = fault >= 0 ? fault : other
  const [kind] = (history[taken]!.detail ?? 'plain').split(' of ')
  const filled = whatFilledUp(course, found)
  const remembers = isFresh ? `${message} is fresh: everything was healed before it came.` : `${message} is healthy, and so was ${link} while the connector had it.`
  const limits = ['capacity', 'expiry'].filter((name) => !declared.some(({ what }) => what === name))
  const trouble = before(found, at, (event) => event.link === link && (isLinkFault(event.what) || event.what === 'dropped'))
  const healed = isFresh ? before(found, at, ({ what }) => what === 'healed') : trouble
  const waited = waitedInVain(course, found)
  const recovers = trouble < 0 ? [] : waited !== null ? [waited] : [
    `${milliseconds(history[at]!.time - history[Math.max(healed, trouble)]!.time)} have gone by since the trouble of ${link} was over: it may fail fast for as long as `
      + 'its `recovery`, which is a minute unless it is declared. Declare how long it takes, or try the link sooner.',
  ]
  const shared = ofOtherLinks(course, found)
  const leftOf = (from: number) => `Look at what ${stepWith(found, from)} has left behind`
  const share = found.scenario.links > 1 ? ', or that messages for several links share' : ''
  if (waited !== null && shared === null && filled === null) return [`${remembers}${gives} ${waited}`]
  return [
    `${remembers}${gives} ${shared !== null ? `${fault >= 0 ? `${leftOf(fault)}. ` : ''}${shared}`
      : from >= 0 && filled === null ? `${leftOf(from)}: a breaker, a counter or a flag that is never reset${share}.`
      : filled ?? `Nothing was done to it at all: look for a limit of the connector’s own, or a check that is too strict${kind === 'plain' ? '' : ` for its kind, ‘${kind}’`}.`}`,
    ...(forGood < 0 || fault >= 0 ? [] : [
      `At ${stepWith(found, forGood)}: that says something of ${history[forGood]!.message} alone, and nothing is wrong with the link. Do not count it as a failure `
        + 'of the link: `outcomeOf(error)` is `\'refused for good\'` then.',
    ]),
    ...(forNow < 0 || fault >= 0 ? [] : [
      `At ${stepWith(found, forNow)}: the far side was busy with ${history[forNow]!.message}, and no link was in trouble. If a breaker is meant to count that, `
        + 'declare it: `trouble: [\'refused for now\']`.',
    ]),
    ...(limits.length === 0 || isFresh ? [] : [`If the reason is a limit that is meant, declare it: ${limits.map((name) => `\`${name}\``).join(', ')}.`]),
    ...recovers,
  ]
}

/** Where all that failed before it goes over other links; null where it does not, or nothing failed. */
function ofOtherLinks({ link, calls }: Course, found: Violation): string | null {
  const failed = found.history.slice(0, found.at).filter(({ what }) => what === 'refused' || what === 'dropped')
  const links = [...new Set(failed.map((event) => event.link))]
  if (calls.length > 0 || links.length !== 1 || links[0] === link) return null
  return `All that failed before it, ${amountOf(failed.length, 'call')}, goes over ${links[0]!}, and it goes over ${link}. Look for what the two links share: a breaker, a count of `
    + 'failures or a pool that is kept for several of them, as for all links of a host, a domain or a kind.'
}
