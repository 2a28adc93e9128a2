/** Advice on what is lost, comes twice, waits for another link, or comes out of order. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { amount } from '../text/words.ts'
import { about, type Advice, before, type Course, enders, milliseconds, step, stepWith, wasStopped } from './course.ts'
import { afterFailedReport } from './failed-report.ts'
import { sentWhenSettled } from './anothers-answer.ts'
import { forgottenAsTheOldest } from './filled-count.ts'
import { leftByTheDead, leftOnTheDisk, notTakenUp } from './left-behind.ts'
import { endsInStop, lifeAt, outlived } from './lives.ts'
import { isKnownToBeNeeded } from './needed-fault.ts'
import { unheard, whatHoldsItUp, whatItWaitsFor } from './never-sent.ts'

const orFlag = ({ isFetched }: Course) => `Flag a message that cannot be delivered: ${isFetched ? 'call `world.flag`.'
  : 'let the promise that `take` returned reject, or call `world.flag`.'}`
const share = 'Look for what the links share: one queue, a pool of workers, a lock, a connection, a breaker, a timer. '
  + 'Give each link its own. A time limit on each call helps only where it is shorter than `slack`, a second unless declared.'
const byDesign = 'If they share it by design, say so: `exempt: { \'links are independent\': \'why\' }`.'

export const onDelivery: Readonly<Record<string, Advice>> = {
  'a verdict in the end': about((course, found) => {
    const says = lost(course, found)
    const instead = sentWhenSettled(course, found)
    return [...toWhom(course), ...says.slice(0, 1), ...(instead === null ? [] : [instead]), ...says.slice(1)]
  }),

  'a verdict when its sender gives up': about(({ message }, found) => {
    const aborted = before(found, found.at, ({ what, message: of }) => what === 'sender aborts' && of === message)
    return [
      `The sender of ${message} gives it up at ${step(aborted)}, and at ${step(found.at)} nothing more happens. A message that is given up need `
        + 'not wait for a link or a worker: listen to the `signal` of each message, also of one that still waits, and flag it at once.',
    ]
  }),

  'a verdict before it is too old': about(({ message, taken }, { history, at }) => [
    `${message} was taken at ${step(taken)}, and at ${step(at)}, ${milliseconds(history[at]!.time - history[taken]!.time)} later, it is still kept. `
      + 'Look at where the age of a message is checked: only when its turn comes is too late, for its link may never answer. Set a timer for each '
      + 'message, and flag it when that is over. Or declare the `expiry` that it really has.',
  ]),

  'a verdict as soon as it is too old': about(overdue),

  'an answer in the end': about((course, found) => {
    const { message, calls, last, isFetched } = course
    const call = calls.findLast(({ recorded }) => recorded !== null)!
    const untold = isFetched ? 'The source is not told of it' : 'It says nothing of it'
    const say = isFetched ? 'Call `world.acknowledge` once it is delivered' : 'Let the promise that `take` returned resolve, or call `world.delivered`'
    if (call.outcome === 'taken')
      return [
        `A link has ${message}, and the connector is told so at ${step(call.told!)}. ${untold} after that.`
          + (forgottenAsTheOldest(course, found, call.told!) ?? ` ${say}.`),
      ]
    if (call.outcome === null)
      return [
        `A link has ${message} from ${step(call.recorded!)} on, and does not answer. When the time for an answer is over, send it again, `
          + 'or flag it: whoever handed it over still waits.',
      ]
    return [
      `The last event about ${message} is ${stepWith(found, last)}. The connector is told that it failed, and neither sends it again nor `
        + 'flags it: whoever handed it over still waits.',
    ]
  }),

  'no second copy': about(twice),

  'in the order in which they were taken': about((course, found) => {
    const { message } = course
    const overtaker = overtakerOf(course, found)
    if (!overtaker) return []
    const call = course.calls.findLast(({ offered }) => offered < overtaker.at)
    const failed = call && call.told !== null && call.told < overtaker.at
    const isByDate = found.history.some(({ what }, at) => what === 'clock goes back' && isKnownToBeNeeded(found, at))
    return [
      `${overtaker.message} overtakes ${message}, at ${step(overtaker.at)}. ${!call && isByDate ? `${message} waits then, and has not been sent: look for `
        + 'what is sorted by the date, which may be set back. Number the messages as they come, and sort by that.'
        : !call ? `${message} waits then, and has not been sent: look for `
        + `${isBefore(overtaker.message, message) ? `what is sorted as text, where ${overtaker.message} comes before ${message}, for ` : ''}a stack where a queue is meant, `
        + 'or for several queues that feed one link.'
        : failed ? `${message} failed at ${stepWith(found, call.told!)}: what is tried again goes before all that came after it, and not to the `
          + 'end of the queue.'
        : `${message} is under way then, since ${step(call.offered)}: send the next one over a link only when the one before it is answered.`}`,
    ]
  }),

  'a verdict while another link is down': about(({ message, link }, found) => {
    const down = before(found, found.at, (event) => (event.what === 'link refuses' || event.what === 'link hangs') && event.link !== link)
    return [`From ${stepWith(found, down)} on, ${message}, which goes over ${link}, waits too. ${share}`, byDesign]
  }),

  'nothing lost to the trouble of another link': about(({ message, link, calls }, found) => {
    const isFlagged = found.history[found.at]!.what === 'flagged'
    const isTriedAgain = !isFlagged && calls.some(({ outcome }) => outcome !== null && outcome !== 'taken')
    return [
      `Nothing is done to ${link}, and ${message} ${isFlagged ? 'is flagged' : 'is late'} all the same. ${share}`,
      ...(isTriedAgain ? [`It waits between the calls for ${message}: where such waits are drawn by chance, draw for each link from a seed of its own.`] : []),
      isFlagged ? 'If it is flagged for lack of room, declare how much there is: `capacity`.' : 'If so much is meant, declare it: `slack`.', byDesign,
    ]
  }),
}

function overdue({ message, link, taken }: Course, found: Violation): readonly string[] {
  const { history, at } = found
  const from = history.findLastIndex(({ what, message: of }, i) =>
    i < at && of === message && (what === 'fetched' || what === 'given again'))
  const since = from < 0 ? taken : from
  const up = history.findLastIndex(({ what, link: of }, i) => i < at && what === 'link heals' && of === link)
  const down = history.findIndex(({ what, link: of }, i) => i > up && (what === 'link refuses' || what === 'link hangs') && of === link)
  const [came, flags] = [lifeAt(found, since), lifeAt(found, at)]
  return [
    `The connector has ${message} from ${step(since)} on, and flags it at ${step(at)}, ${milliseconds(history[at]!.time - history[since]!.time)} later. `
      + `From ${stepWith(found, down)} on, nothing else could become of it.`,
    came < flags ? `It came to life ${amount(came)} of the connector, and life ${amount(flags)} flags it: write down with each message when it came, and `
      + 'count from that after a start, not from the start.'
      : 'Set a timer for each message, or look at what waits as often as its declared `slack`, a second unless declared: whatever looks seldom is '
        + 'late by as much. Or declare the `expiry` that it really has, that wait included.',
  ]
}

/** Which of several recipients it is about. */
const toWhom = ({ message, link, recipients }: Course) =>
  (recipients === 1 ? [] : [`${message} has ${amount(recipients)} recipients; the one over ${link} has no verdict.`])

function lost(course: Course, found: Violation): readonly string[] {
  const { message, taken, calls, last, givenAgain } = course
  const { history, at } = found
  const call = calls.at(-1)
  if (history[at]!.what === 'livelock')
    return call ? [
      `The last thing that happens to ${message} is ${stepWith(found, last)}, and the connector is still at work. It tries something without end: `
        + 'give it a limit, after which the message is flagged.', orFlag(course),
    ] : [`The connector is still at work, and has not sent ${message}. Look at what it waits for: give that a limit.`, orFlag(course)]
  const what = history[last]!.what
  const ends = history.findIndex((event, i) => i > last && enders.has(event.what))
  if (what === 'thrown away') return [`The source throws ${message} away at ${step(last)}, as it was told to. Flag what is refused without \`requeue\`.`]
  if (what === 'acknowledged' && history[last]!.detail !== 'on disk')
    return [
      `${message} is acknowledged at ${step(last)}, and nothing happens to it after that. Whatever ends the work on it from there, be it a failure of that `
        + 'call, ends in a delivery or a flag.',
    ]
  if (what === 'acknowledged')
    return [`${message} was on the disk when it was acknowledged, at ${step(last)}. Look at what reads the disk at the next start, and sends what is there.`]
  if (wasStopped(found, taken) && calls.length === 0)
    return [
      `${message} was taken at ${step(taken)}, when the service was stopped and not yet started again. Flag what is taken then, or write it to `
        + '`world.disk` and send it after the next start.',
    ]
  const held = ends >= 0 && history[ends]!.what === 'worker dies' ? leftByTheDead(course, found) : null
  if (held !== null) return [held]
  const left = ends >= 0 && history[ends]!.what !== 'worker dies' ? notTakenUp(course, found) : null
  if (left !== null) return [left, orFlag(course)]
  if (ends >= 0)
    return [
      `The last event about ${message} is ${stepWith(found, last)}, and then comes ${stepWith(found, ends)}. What is only in the memory of what `
        + 'ends there is lost with it: '
        + `${history[ends]!.what === 'worker dies' ? 'give it to another worker.' : 'write it to `world.disk`, or flag it before the end.'}`, orFlag(course),
    ]
  if (givenAgain.length > 0 && givenAgain.at(-1)! >= last) {
    const wasSentBefore = givenAgain.length > 1 && givenAgain.slice(0, -1).every((from, i) =>
      calls.some(({ offered }) => offered > from && offered < givenAgain[i + 1]!))
    const again = `${message} is given again at ${step(last)}, and not sent after that.`
    const onDisk = wasSentBefore ? '' : leftOnTheDisk(course, found)
    if (onDisk !== '') return [`${again}${unheard(course, found)} ${onDisk}`]
    return [
      wasSentBefore ? `${message} is given again ${amount(givenAgain.length)} times, and is sent each time but the last, at ${step(last)}. Look for a limit `
        + 'to how often it may come, after which nothing is done about it: that is the moment to flag it.'
        : `${again} Look for what takes it for one that is known and done with.${unheard(course, found)}`,
      orFlag(course),
    ]
  }
  if (!call) {
    const isShown = whatHoldsItUp(course, found) !== null
    return [`${message} was taken at ${step(taken)}, and never sent. ${whatItWaitsFor(course, found)}`, ...(isShown ? [] : [orFlag(course)])]
  }
  if (call.outcome === null)
    return [
      `The call of ${step(call.offered)} is never answered, and nothing is done about ${message} after that. Give a call up when its time is over, `
        + 'and send the message again or flag it.',
    ]
  const failed = afterFailedReport(course, found)
  if (failed !== null) return [`The last event about ${message} is ${stepWith(found, last)}. ${failed}`, orFlag(course)]
  return [
    `The last event about ${message} is ${stepWith(found, last)}. Look at what the connector does from there: on that path it neither sends `
      + `${message} again nor flags it.`, orFlag(course),
  ]
}

function twice({ message, calls, givenAgain, claims, isFetched }: Course, found: Violation): readonly string[] {
  const again = calls.findLast(({ recorded }) => recorded === found.at) ?? calls.at(-1)!
  const earlier = calls.filter((call) => call !== again && call.recorded !== null && call.recorded < found.at)
  const knew = earlier.findLast(({ told, outcome }) => outcome === 'taken' && told !== null && told < again.offered)
  const first = knew ?? earlier[0]
  if (!first) return []
  const sent = first.recorded! < again.offered ? `${message} is recorded at ${step(first.recorded!)}, and is sent again at ${step(again.offered)}`
    : `${message} is sent at ${step(first.offered)} and again at ${step(again.offered)}, before the first of these calls is recorded, at ${step(first.recorded!)}`
  const old = outlived(found, again.offered)
  if (old)
    return [
      `${sent}, by life ${amount(old.life)} of the connector, which was stopped before ${step(old.start)} and is still at work beside life ${amount(old.now)}. `
        + `${endsInStop}: two lives on one disk send what is there twice.`,
    ]
  const claimed = claims.find((claim) => claim < again.offered)
  if (knew && again.life !== knew.life)
    return [
      `${sent}, by a connector that was started again in between. ${claimed === undefined ? 'Write down what is delivered, and look there before you send.'
        : `It had said at ${step(claimed)} that it is delivered: what is done with is taken off the disk before that is said, and not sent after `
          + 'a start.'}`,
    ]
  const unheeded = isFetched ? givenAgain.findLast((each) => each < first.offered) : undefined
  const fetched = before(found, first.offered, ({ what, message: of }) => what === 'fetched' && of === message)
  if (knew && unheeded !== undefined && fetched < unheeded)
    return [
      `${message} was back at its source at ${stepWith(found, unheeded)}, and it is sent at ${step(first.offered)} all the same: the source gives it out again, `
        + `and it is sent again at ${step(again.offered)}. Where an acknowledgement fails, leave the message alone until it is fetched again.`,
    ]
  if (knew)
    return [
      `${sent}, though the connector was told of the first at ${step(knew.told!)}. Look for what starts the second sending: a timer that is not `
        + 'cleared, a retry that does not ask whether the first was answered, two workers with one message, a message that is removed from its '
        + `queue later than it is sent${givenAgain.some((each) => each < again.offered) ? ', one that is taken again because it was given again' : ''}.`,
    ]
  return [
    `${sent}${again.life === first.life ? '' : ` by life ${amount(again.life)}`}, when the connector had not been told what became of the first. One that promises ‘${found.guarantee}’ must not send again what may `
      + 'have been recorded: it flags it instead.',
    'Where a second copy does less harm than a lost message, promise ‘at-least-once’.',
  ]
}

/** Whether an id comes before another as text, though its number is the higher one. */
const isBefore = (one: string, other: string) => one < other && Number(one.slice(1)) > Number(other.slice(1))

/** Of the messages recorded over the same link before it, the one that was taken last; and where it was recorded. */
function overtakerOf({ message, link, taken }: Course, { history, at }: Violation) {
  const later = new Set(history.slice(taken + 1, at).flatMap((event) =>
    ((event.what === 'taken' || event.what === 'fresh') && event.link === link && event.message !== message ? [event.message] : [])))
  const first = history.findIndex((event, i) => i > taken && i < at && event.what.startsWith('recorded') && later.has(event.message))
  const by = history[first]?.message
  return by === undefined ? null : { message: by, at: first }
}
