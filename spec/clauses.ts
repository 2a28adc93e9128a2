/**
 * The laws as a real connector is held to them: each law in clauses, each clause a name, a sentence and a predicate over the
 * account of one message. What excuses a flag, a copy or a loss belongs to that message, and is a list by name as well.
 *
 * `at` says when a clause is looked at: when the message is recorded, flagged, claimed or acknowledged; at rest, while what
 * was done is not mended; in the end, when everything is healed and either nothing more can happen or the time is over.
 */
import type { Account, Attempt, Moment, Recording, Surroundings } from './account.ts'
import { type ConnectorLaw, deliveredOrFlagged, honest, inOrder, linksAreIndependent, noneTwice, nothingWedges } from './laws.ts'
import { healthyKinds, type MessageKind } from './message.ts'
import { delivery, deliveryOrFlag, type Due, type Fate, flagging } from './verdict.ts'

export interface Clause {
  readonly name: string
  readonly law: ConnectorLaw
  readonly at: 'recorded' | 'flagged' | 'claimed' | 'acknowledged' | 'rest' | 'end'
  /** What happened, in a sentence, when it is broken; null when it is kept. */
  readonly broken: (account: Account, around: Surroundings, now: Moment & { readonly wasHealed: boolean }) => string | null
}

const isHealthy = (kind: MessageKind) => (healthyKinds as readonly string[]).includes(kind)
const sentAs = ({ kind }: Account) => (kind === 'plain' ? '' : `, of the kind ‘${kind}’,`)
const last = <T>(list: readonly T[]): T => list.at(-1)!

/**
 * Whether it was given out again by then, so that the connector may do once more what it did. One that fetches may be at it
 * twice then, in any order: it may do it as often as it was given the message.
 */
function wasGivenAgain({ givenAgain, fetched }: Account, did: { readonly at: number; readonly times: number }, until: number): boolean {
  const again = givenAgain.filter(({ at }) => at <= until)
  return fetched.length > 0 ? again.length >= did.times : again.some(({ at }) => at > did.at)
}

/** The fate of a message, as the laws read it. */
const fateOf = ({ recorded, flags }: Account): Fate => ({
  arrived: 1, delivered: recorded.length, flagged: flags.length,
  stripped: recorded.filter(({ as }) => as === 'stripped').length, altered: recorded.filter(({ as }) => as === 'altered').length,
})

/** Why a flag is an honest one, at the moment at which it is given. */
const flagExcuses = {
  'what it is': ({ kind }) => !isHealthy(kind),
  'an attempt of it failed': (account, around) => around.twins(account).some(({ attempts }) =>
    attempts.some(({ told }) => told !== null && told.outcome !== 'taken')),
  'an attempt of it is not answered': (account, around, now) => account.attempts.some(({ told, offered }) =>
    told === null && now.time - offered.time >= around.slack),
  'its link was in trouble': ({ link, taken }, around, now) => around.hadTrouble(link, taken.time - around.recovery, now.time),
  'its sender gave up': ({ aborted }) => aborted !== null,
  'there was no room': ({ inHand, attempts, taken }, around, now) =>
    inHand >= around.capacity && attempts.length === 0 && now.time - taken.time < around.slack,
  'it is too old': ({ taken }, around, now) => now.time - taken.time >= around.expiry,
  'the connector was stopped': ({ interrupted }, around) => around.isStopped || interrupted.some(({ by }) => by === 'stop'),
  'the connector or a worker died': ({ interrupted }) => interrupted.some(({ by }) => by === 'death'),
  'its disk failed': ({ interrupted }) => interrupted.some(({ by }) => by === 'disk'),
} as const satisfies Record<string, (account: Account, around: Surroundings, now: Moment) => boolean>

/** Why the connector, when it made a call, could not know of an earlier recording of the same message. */
const copyExcuses = {
  'it was not told of the first': ({ attempt }, again) => attempt !== null
    && (attempt.told === null || attempt.told.outcome !== 'taken' || attempt.told.at >= again.offered.at),
  'who was told is gone': (first, again, account, around) => again.life !== first.life
    && (around.isOver(first.life) || account.interrupted.some(({ by, at }) => by === 'stop' && at <= again.offered.at))
    && !account.claims.some(({ at }) => at < again.offered.at),
  'it was given out again': (first, again, account) =>
    wasGivenAgain(account, { at: first.at, times: account.recorded.indexOf(first) + 1 }, again.offered.at)
    && (!account.isHanded || !account.claims.some(({ at }) => at < again.offered.at)),
} as const satisfies Record<string, (first: Recording, again: Attempt, account: Account, around: Surroundings) => boolean>

/** Why a connector that promises `at-most-once` may lose a message. */
const lossExcuses = {
  'an attempt of it failed': ({ attempts }) => attempts.some(({ told }) => told === null || told.outcome !== 'taken'),
  'its link was in trouble': ({ link, taken }, around, now) => around.hadTrouble(link, taken.time - around.recovery, now.time),
  'the connector was stopped, or died': ({ interrupted }, around) => around.isStopped || interrupted.length > 0,
} as const satisfies Record<string, (account: Account, around: Surroundings, now: Moment) => boolean>

const some = <A extends readonly unknown[]>(excuses: Readonly<Record<string, (...given: A) => boolean>>, ...given: A) =>
  Object.values(excuses).some((excuses) => excuses(...given))

/** What may become of a message, as the laws read it. */
function dueOf(account: Account, around: Surroundings, now: Moment): Due {
  const { kind, attempts } = account
  if (kind === 'refused' && attempts.some(({ told }) => told?.outcome === 'refused for good')) return flagging
  return some(flagExcuses, account, around, now) ? deliveryOrFlag : delivery
}

/**
 * Whether the connector could know of no earlier recording. Of several with equal content nobody can say which of them was
 * recorded: there may be as many more as there were recordings that it could not know of.
 */
function couldNotKnow(account: Account, { attempt, at }: Recording, around: Surroundings): boolean {
  if (attempt === null) return false
  const earlier = account.recorded.filter((first) => first.at < at)
  if (account.kind !== 'twin') return earlier.every((first) => some(copyExcuses, first, attempt, account, around))
  const twins = around.twins(account)
  const unknown = twins.flatMap((twin) => twin.recorded.filter((first) => first.at < at && (around.isOver(first.life)
    || some(copyExcuses, first, attempt, twin, around))))
  return sum(account, around, 'recorded') - twins.length <= unknown.length
}

const mayBeLost = (account: Account, around: Surroundings, now: Moment) =>
  around.guarantee === 'at-most-once' && some(lossExcuses, account, around, now)
/** A call with it is still open, and is not to be given up yet: nobody has said what becomes of it. */
const isOpen = ({ attempts }: Account, around: Surroundings, now: Moment) => attempts.some(({ told, life, offered }) =>
  told === null && !around.isOver(life) && now.time - offered.time < around.timeout + around.recovery)
const isSettled = ({ recorded, flags }: Account) => recorded.length + flags.length > 0
/** Of several with equal content nobody can say which was recorded: they are counted together. */
const sum = (account: Account, around: Surroundings, of: 'recorded' | 'flags' | 'claims') =>
  around.twins(account).reduce((all, each) => all + each[of].length, 0)
const areSettled = (account: Account, around: Surroundings) => isSettled(account)
  || (account.kind === 'twin' && sum(account, around, 'recorded') + sum(account, around, 'flags') >= around.twins(account).length)

export const clauses: readonly Clause[] = [
  {
    name: 'not altered', law: honest, at: 'recorded',
    broken(account) {
      const { as, detail } = last(account.recorded)
      return as === 'altered' ? `${account.message}${sentAs(account)} is recorded as ‘${detail}’, which is not what was sent.` : null
    },
  },
  {
    name: 'not stripped for nothing', law: honest, at: 'recorded',
    broken(account) {
      return last(account.recorded).as === 'stripped' && account.kind !== 'many attachments'
        ? `${account.message} is stripped, though it is small enough to be delivered whole.` : null
    },
  },
  {
    name: 'not misrouted', law: honest, at: 'recorded',
    broken({ message, link, recorded }) {
      return last(recorded).link === link ? null : `${message} is for ${link}, and ${last(recorded).link} records it.`
    },
  },
  {
    name: 'not delivered after it was flagged', law: honest, at: 'recorded',
    broken(account) {
      const { attempt, at } = last(account.recorded)
      const called = attempt?.offered.at ?? at
      const flag = account.flags.find((each) => each.at < called)
      return !flag || wasGivenAgain(account, { at: flag.at, times: 1 }, called) ? null : `${account.message} is flagged, and is then sent again and delivered.`
    },
  },
  {
    name: 'no second copy', law: noneTwice, at: 'recorded',
    broken(account, around) {
      const { message, recorded } = account
      const again = last(recorded)
      if (noneTwice.holds(fateOf(account), { due: () => deliveryOrFlag })) return null
      if (around.guarantee === 'at-least-once' && couldNotKnow(account, again, around)) return null
      return `${message} is recorded by ${again.link} a second time.`
    },
  },
  {
    name: 'in the order in which they were taken', law: inOrder, at: 'recorded',
    broken(account, around) {
      if (around.order !== 'per link' || account.recorded.length > 1) return null
      const overtaken = around.overtakes(account)
      return overtaken
        && `${account.message} is recorded before ${overtaken.message}, which was taken before it and goes over ${account.link} too.`
    },
  },
  {
    name: 'flagged only with a reason', law: honest, at: 'flagged',
    broken(account, around, now) {
      const flaggedAlone = { ...fateOf(account), delivered: 0, altered: 0, stripped: 0 }
      if (honest.holds(flaggedAlone, { due: () => dueOf(account, around, now) })) return null
      return account.isFresh ? `${account.message}, sent fresh over ${account.link} after everything was healed, is flagged.`
        : `${account.message} is flagged, though it is healthy and nothing happened to it or to ${account.link}.`
    },
  },
  {
    name: 'not flagged when it is known to be delivered', law: honest, at: 'flagged',
    broken({ message, link, attempts, claims, flags }, _around, now) {
      // A claim and a flag together have a clause of their own.
      if (claims.length > 0 || flags.length > 1) return null
      const told = attempts.find((attempt) => attempt.told?.outcome === 'taken' && attempt.life === now.life)
      return told ? `${message} is flagged, though ${link} has recorded it and said so.` : null
    },
  },
  {
    name: 'one verdict', law: honest, at: 'flagged',
    broken(account, _around, now) {
      const { message, flags, claims } = account
      const before = [...flags.slice(0, -1), ...claims]
      if (before.every(({ at }) => wasGivenAgain(account, { at, times: before.length }, now.at))) return null
      return claims.length > 0 ? `${message} is said to be delivered, and is then flagged.` : `${message} is flagged a second time.`
    },
  },
  {
    name: 'one verdict, claimed', law: honest, at: 'claimed',
    broken(account, _around, now) {
      return account.flags.every(({ at }) => wasGivenAgain(account, { at, times: account.flags.length }, now.at)) ? null
        : `${account.message} is flagged, and is then said to be delivered.`
    },
  },
  {
    name: 'claimed only when it is recorded', law: honest, at: 'claimed',
    broken(account, around) {
      const { message, kind, recorded } = account
      const isTrue = kind === 'twin' ? sum(account, around, 'recorded') >= sum(account, around, 'claims') : recorded.length > 0
      return isTrue ? null : `${message} is claimed to be delivered, and no link has recorded it.`
    },
  },
  {
    name: 'acknowledged only when it is settled', law: honest, at: 'acknowledged',
    broken: (account, around) => (around.guarantee === 'at-most-once' || areSettled(account, around) ? null
      : `${account.message} is acknowledged at the source, and is neither delivered nor flagged, nor is it on the disk.`),
  },
  {
    name: 'a verdict when its sender gives up', law: deliveredOrFlagged, at: 'rest',
    broken: (account, around, now) => (account.aborted === null || areSettled(account, around) || mayBeLost(account, around, now) ? null
      : `Everything is at rest, and ${account.message}, which its sender has aborted, has no verdict.`),
  },
  {
    name: 'a verdict before it is too old', law: deliveredOrFlagged, at: 'rest',
    broken: (account, around, now) => (areSettled(account, around) || now.time - account.taken.time < around.expiry + around.slack ? null
      : `${account.message} is kept for longer than the declared ${around.expiry.toLocaleString('en-US')} ms, and has no verdict.`),
  },
  {
    name: 'a verdict while another link is down', law: linksAreIndependent, at: 'rest',
    broken: (account, around, now) => (areSettled(account, around) || around.hadTrouble(account.link, 0, now.time)
      || account.interrupted.length > 0 || !around.isAnotherDown(account.link) ? null
      : `Another link is down, everything is at rest, and ${account.message} for ${account.link} has no verdict.`),
  },
  {
    name: 'a verdict in the end', law: deliveredOrFlagged, at: 'end',
    broken(account, around, now) {
      if (account.isFresh || areSettled(account, around)) return null
      if (deliveredOrFlagged.holds(fateOf(account), { due: () => deliveryOrFlag })) return null
      if (mayBeLost(account, around, now) || isOpen(account, around, now)) return null
      return `Everything is healed and at rest, and ${account.message} has no verdict.`
    },
  },
  {
    name: 'an answer in the end', law: deliveredOrFlagged, at: 'end',
    broken(account, around, now) {
      const { message, recorded, flags, claims, fetched, acknowledged, isHanded, interrupted, link } = account
      if (recorded.length === 0 || flags.length + claims.length > 0 || interrupted.length > 0) return null
      if (isOpen(account, around, now)) return null
      if (isHanded) return `${link} has recorded ${message}, and whoever handed it over is never told.`
      return fetched.length > 0 && acknowledged.length === 0
        ? `${link} has recorded ${message}, and the source is never told that it is done with.` : null
    },
  },
  {
    name: 'fresh messages are delivered', law: nothingWedges, at: 'end',
    broken(account, around) {
      const { message, link, isFresh, recorded, kind } = account
      if (!isFresh || recorded.some(({ as }) => as === 'whole')) return null
      if (kind === 'twin' && sum(account, around, 'recorded') >= around.twins(account).length) return null
      return `${message}${sentAs(account) || ','} sent fresh over ${link} after everything was healed, is not delivered.`
    },
  },
  {
    name: 'fresh messages are delivered promptly', law: nothingWedges, at: 'end',
    broken({ message, link, isFresh, recorded, taken }, { recovery }) {
      const late = isFresh && recorded.length > 0 ? recorded[0]!.time - taken.time : 0
      if (late <= recovery) return null
      return `${message}, sent fresh over ${link} after everything was healed, is delivered after ${late.toLocaleString('en-US')} ms: `
        + `a healthy message is to take ${recovery.toLocaleString('en-US')} ms at the most.`
    },
  },
]
