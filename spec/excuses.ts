/**
 * What excuses a flag, a copy or a loss: by name, and each belongs to one message. For each there is, in `properties/`, a right
 * connector that needs it and a wrong one that abuses it.
 */
import type { Account, Attempt, Moment, Recording, Surroundings } from './account.ts'
import { healthyKinds, type MessageKind } from './message.ts'

const isHealthy = (kind: MessageKind) => (healthyKinds as readonly string[]).includes(kind)

/** Calls with a message over its own link; for one of several with equal content, with any of them: nobody can tell whose they were. */
const attemptsOf = (account: Account, around: Surroundings): readonly Attempt[] =>
  around.twins(account).flatMap(({ attempts, link }) => attempts.filter((attempt) => attempt.link === link))
/** Refused or lost; or answered when whoever made it had given it up, as it declares. */
const hasFailed = ({ told, offered }: Attempt, { timeout }: Surroundings) =>
  told !== null && (!told.isTaken || told.time - offered.time >= timeout)
/** Flags that need one of those calls as a reason: of a message that nothing else has happened to. */
const flagsOf = (account: Account, around: Surroundings) =>
  around.twins(account).reduce((sum, { flags, aborted, interrupted }) => sum + (aborted || interrupted.length > 0 ? 0 : flags.length), 0)
const isUnanswered = ({ told, offered }: Attempt, around: Surroundings, now: Moment) =>
  told === null && now.time - offered.time >= around.slack
/** Whether a call that came to nothing is a reason for this flag; of several with equal content, one for each that was flagged. */
function isReason(is: (attempt: Attempt) => boolean, account: Account, around: Surroundings, now: Moment): boolean {
  const attempts = attemptsOf(account, around)
  if (account.kind !== 'twin' || !attempts.some(is)) return attempts.some(is)
  return attempts.filter((attempt) => hasFailed(attempt, around) || isUnanswered(attempt, around, now)).length >= flagsOf(account, around)
}

/** Whether it was handed over when the connector had as much in hand as it takes: who fetches, fetches what there is room for. */
export const wasOver = ({ isHanded, inHand }: Account, { capacity }: Surroundings) => isHanded && inHand >= capacity

/** Whether the source has it as done with, and the connector was told that it could not be acknowledged. */
const isAcknowledgedUntold = ({ acknowledged }: Account) => acknowledged.at(-1)?.isLost === true
/**
 * Whether a message that was fetched could not be acknowledged, or was not said to be: the source gives it again, or the answer was lost.
 * Who promises `at-most-once` and acknowledges before it sends must not send it then, and cannot know whether it is given it again.
 */
const isInDoubt = (account: Account, { guarantee }: Surroundings) => guarantee === 'at-most-once' && account.fetched.length > 0
  && (isAcknowledgedUntold(account) || (account.givenAgain.at(-1)?.at ?? -1) > (account.acknowledged.at(-1)?.at ?? -1))

/** Why a flag is an honest one, at the moment at which it is given. */
export const flagExcuses = {
  'what it is': ({ kind }) => !isHealthy(kind),
  'an attempt of it failed': (account, around, now) => isReason((attempt) => hasFailed(attempt, around), account, around, now),
  'an attempt of it is not answered': (account, around, now) =>
    isReason((attempt) => isUnanswered(attempt, around, now), account, around, now),
  // Trouble of the link is a reason as long as the connector may suffer from it: it may not have tried this message at all.
  'its link was in trouble': ({ link }, around, now) => around.mayFailFast(link, now.time - around.recovery, now),
  'its sender gave up': ({ aborted }) => aborted !== null,
  'there was no room': (account, around, now) =>
    wasOver(account, around) && account.attempts.length === 0 && now.time - account.taken.time < around.slack,
  'it is too old': ({ taken }, around, now) => now.time - taken.time >= around.expiry,
  'the connector was stopped': ({ interrupted }, around) => around.isStopped || interrupted.some(({ by }) => by === 'stop'),
  'the connector or a worker died': ({ interrupted }) => interrupted.some(({ by }) => by === 'death'),
  'its disk failed': ({ interrupted }) => interrupted.some(({ by }) => by === 'disk'),
  'its acknowledgement failed': isInDoubt,
} as const satisfies Record<string, (account: Account, around: Surroundings, now: Moment) => boolean>

/** Whether the connector has said between two moments that a message is delivered, or done with. */
const wasAnswered = ({ claims, acknowledged }: Account, from: number, to: number) =>
  [...claims, ...acknowledged].some(({ at }) => at > from && at < to)

/**
 * Whether a worker died that may have made a call: the answer came after that, or the message was taken up again. Whoever was told is
 * gone then.
 */
export const hasAWorkerDied = ({ offered, told }: Attempt, { interrupted, attempts }: Account, until: Moment): boolean =>
  interrupted.some(({ by, at }) => by === 'death' && at > offered.at && at < until.at
    && (told === null || told.at > at || attempts.some((again) => again.offered.at > at && again.offered.at <= until.at)))

/** When it was recorded again for another life of the connector; without end where it was not. */
const sentAnew = (first: Recording, { recorded }: Account) =>
  recorded.find(({ at, life }) => at > first.at && life !== first.life)?.at ?? Infinity

type CopyExcuse = (first: Recording, again: Attempt, account: Account, around: Surroundings) => boolean

/** Why nobody who made a call knew of an earlier recording of the same message. */
const ignorance = {
  'it was not told of the first': ({ attempt }, again, account, around) =>
    attempt !== null && !wasTold(attempt, account, around, again.offered),
  // What is said after it was sent by another life is about that sending.
  'who was told is gone': (first, again, account, around) => {
    if (wasAnswered(account, first.at, Math.min(again.offered.at, sentAnew(first, account)))) return false
    if (again.life === first.life) return first.attempt !== null && hasAWorkerDied(first.attempt, account, again.offered)
    return around.isOver(first.life) || account.interrupted.some(({ by, at }) => by === 'stop' && at <= again.offered.at)
  },
  // No write is over before it has begun. Whoever claims waits for that; what it has on its disk it may have acknowledged before.
  'it died as it wrote that down': ({ attempt, at }, again, { claims }) =>
    attempt?.told?.isUnwritten === true && claims.every((claim) => claim.at < at || claim.at > again.offered.at),
} as const satisfies Record<string, CopyExcuse>

/** Why the connector may make a call in spite of an earlier recording of the same message. */
export const copyExcuses = {
  ...ignorance,
  // A copy of a recording that it could not know of takes nothing from what it may do for being given the message again.
  'it was given out again': (first, again, account, around) => {
    const known = account.recorded.filter((each) =>
      each === first || (each.at < first.at && !excused(ignorance, around, each, again, account, around)))
    return wasGivenAgain(account, { at: first.at, times: known.length }, again.offered.at)
      && (!account.isHanded || !wasAnswered(account, first.at, again.offered.at))
  },
} as const satisfies Record<string, CopyExcuse>

/** Why a connector that promises `at-most-once` may lose a message. */
export const lossExcuses = {
  'an attempt of it failed': (account, around) =>
    attemptsOf(account, around).some((attempt) => attempt.told === null || hasFailed(attempt, around)),
  'its link was in trouble': ({ link, taken }, around, now) => around.mayFailFast(link, taken.time - around.recovery, now),
  'the connector was stopped, or died': ({ interrupted }) => interrupted.some(({ by }) => by === 'stop' || by === 'death'),
  // Of several with equal content nobody can say which was sent: as many may be lost.
  'the answer to its acknowledgement was lost': (account, around) => {
    const twins = around.twins(account)
    const unsettled = twins.length - twins.reduce((sum, { recorded, flags }) => sum + recorded.length + flags.length, 0)
    return twins.filter(isAcknowledgedUntold).length >= Math.max(1, unsettled)
  },
} as const satisfies Record<string, (account: Account, around: Surroundings, now: Moment) => boolean>

/** Why a connector that promises an order may have a message recorded after one that was taken later. */
export const orderExcuses = {
  // Nobody can take back a call: what was given up, as it declares, and said not to be delivered, may come while the next is under way.
  'it was flagged, and a call that was given up came late': ({ recorded, flags }, { timeout }, later) =>
    recorded.every(({ attempt, time }) => attempt !== null && time - attempt.offered.time >= timeout)
    && flags.some(({ at }) => later.attempts.every(({ offered }) => offered.at > at)),
} as const satisfies Record<string, (account: Account, around: Surroundings, later: Account) => boolean>

/**
 * Whether the connector had been told by then that a call was taken: not where it had given the call up before. What a sink of its
 * own was told is on its way from there, and is lost where the link or the connector itself comes to harm before it shows.
 */
export function wasTold(
  { told, link, isFromSink, offered }: Attempt, { interrupted }: Account, around: Pick<Surroundings, 'hadTrouble' | 'timeout'>, by: Moment,
): boolean {
  if (!told?.isTaken || told.at >= by.at || told.time - offered.time >= around.timeout) return false
  return !isFromSink
    || !(around.hadTrouble(link, told.time, by) || interrupted.some(({ at }) => at > told.at && at <= by.at))
}

/** Milliseconds that what was sent before may take to a sink of the connector's own: of virtual time none, and few on loopback. */
const onTheWire = 5
/** Whether what came in at a sink of the connector's own was under way when the message was flagged. */
export const wasOnItsWay = (attempt: Attempt | null, flag: Moment) =>
  attempt?.isFromSink === true && attempt.offered.time - flag.time <= onTheWire

/**
 * Whether it was given out again after it was delivered, and what was done then has failed: that is what a flag is about, for nobody
 * has to remember what it was given before.
 */
export function failedWhenGivenAgain(account: Account, around: Pick<Surroundings, 'hadTrouble'>, delivered: Moment, now: Moment): boolean {
  const { givenAgain, attempts, link } = account
  return wasGivenAgain(account, { at: delivered.at, times: 1 }, now.at) && givenAgain.some((given) =>
    around.hadTrouble(link, given.time, now) || attempts.some(({ told }) => told === null || (told.at > given.at && !told.isTaken)))
}

/** Whether one of a list excuses, other than the one that is denied. */
export const excused = <A extends readonly unknown[]>(
  excuses: Readonly<Record<string, (...given: A) => boolean>>, { denied }: Pick<Surroundings, 'denied'>, ...given: A
) => Object.values(excuses).some((excuse) => excuse !== denied && excuse(...given))

/** When the connector was given it last: whoever gives it again does not say how old it is. */
export const lastGiven = ({ taken, fetched, givenAgain }: Account) =>
  [...fetched, ...givenAgain].reduce((last, each) => (each.at > last.at ? each : last), taken as Moment)
/**
 * Whether something kept it from telling that a message is too old. Where the source has it as done with, the connector alone knows how
 * old it is: then a life that ended before, and the next one that has started by then, are no reason.
 */
export function wasKeptFromIt(account: Account, around: Surroundings, tooOld: number): boolean {
  const [since, started] = [lastGiven(account), around.lastOf('starts again')]
  const ends = account.interrupted.filter(({ at }) => at > since.at)
  const isItsOwn = account.acknowledged.some(({ at, isLost }) => !isLost && at > since.at)
  if (around.isStopped || (ends.length > 0 && !(isItsOwn && started <= tooOld && ends.every(({ time }) => time <= started)))) return true
  // What comes while it starts is given to it when it has.
  if (started <= since.time && since.time - started < around.recovery) return true
  return around.lastOf('clock goes back') >= account.taken.time
    || slow.some((what) => around.lastOf(what) >= since.time - around.recovery)
}
/** What makes it wait for others than its links: before it has a message on its disk, and knows how old it is; or when it is too old. */
const slow = ['disk fails', 'disk is slow', 'source is late', 'reporting fails'] as const

/**
 * Whether it was given out again by then, so that the connector may do once more what it did. One that fetches may be at it
 * twice then, in any order: it may do it as often as it was given the message.
 */
export function wasGivenAgain(
  { givenAgain, fetched }: Account, did: { readonly at: number; readonly times: number }, until: number,
): boolean {
  const again = givenAgain.filter(({ at }) => at <= until)
  return fetched.length > 0 ? again.length >= did.times : again.some(({ at }) => at > did.at)
}

/** Of several with equal content nobody can say which was recorded, flagged or claimed: they are counted together. */
export const sum = (account: Account, around: Surroundings, of: 'recorded' | 'flags' | 'claims') =>
  around.twins(account).reduce((all, each) => all + each[of].length, 0)

/**
 * Whether a link that has recorded so many of those with equal content may have recorded those alone that were not flagged by
 * then: which of them it was, nobody can tell. What it had not been told of may be what was flagged.
 */
export const mayAllBeOthers = (account: Account, around: Surroundings, recorded: (twin: Account) => number, by: number, untold = 0) => {
  const alike = around.twins(account)
  const flagged = alike.filter(({ flags }) => flags.some(({ at }) => at <= by)).length
  return alike.reduce((sum, twin) => sum + recorded(twin), 0) - Math.min(flagged, untold) <= alike.length - flagged
}
/** Recordings of those with equal content of which the connector had not been told when it made the last call with it. */
export const untoldOf = (account: Account, around: Surroundings) => {
  const { attempt, ...now } = account.recorded.at(-1)!
  return around.twins(account).flatMap((twin) => twin.recorded.filter((first) =>
    first.at < now.at && first.attempt !== null && !wasTold(first.attempt, twin, around, attempt?.offered ?? now))).length
}
/** Of those with equal content, more are settled than the others that were acknowledged: this one may be among them. */
export const isOneOfThoseSettled = (account: Account, around: Surroundings) =>
  sum(account, around, 'recorded') + sum(account, around, 'flags') > around.twins(account).filter((twin) =>
    twin !== account && twin.acknowledged.length > 0 && twin.claims.length + twin.flags.length + twin.recorded.length > 0).length
