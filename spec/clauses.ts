/**
 * The laws as a real connector is held to them: each law in clauses, each clause a name, a sentence and a predicate over the
 * account of one message. What excuses a flag, a copy or a loss is in `spec/excuses.ts`.
 *
 * `at` says when a clause is looked at: when the message is recorded, flagged, claimed or acknowledged; at rest, while what
 * was done is not mended, or an hour later where it goes on all the time; in the end, when everything is healed and either nothing more can
 * happen or the time is over.
 */
import type { Account, Moment, Recording, Surroundings } from './account.ts'
import {
  copyExcuses, excused, failedWhenGivenAgain, flagExcuses, hasAWorkerDied, isOneOfThoseSettled, lastGiven, lossExcuses, mayAllBeOthers,
  orderExcuses, sum, untoldOf, wasGivenAgain, wasKeptFromIt, wasOnItsWay, wasOver, wasTold,
} from './excuses.ts'
import { type ConnectorLaw, deliveredOrFlagged, honest, inOrder, linksAreIndependent, noneTwice, nothingWedges } from './laws.ts'
import { manyAttachments } from './message.ts'
import { delivery, deliveryOrFlag, type Due, type Fate } from './verdict.ts'

export interface Clause {
  readonly name: string
  readonly law: ConnectorLaw
  readonly at: 'recorded' | 'flagged' | 'claimed' | 'acknowledged' | 'rest' | 'rest or later' | 'end'
  /** What happened, in a sentence, when it is broken; null when it is kept. */
  readonly broken: (
    account: Account, around: Surroundings, now: Moment & { readonly wasHealed: boolean; readonly goesOn?: true },
  ) => string | null
}

/** Clauses that are not read from the account of one message: of a whole history, and of a pair of them. */
export const otherClauses = [
  'nothing invented', 'it does not crash', 'it does not go on for ever', 'nothing lost to the trouble of another link',
] as const
export type OtherClause = (typeof otherClauses)[number]

const sentAs = ({ kind }: Account) => (kind === 'plain' ? '' : `, of the kind ‘${kind}’,`)
const last = <T>(list: readonly T[]): T => list.at(-1)!
/** Who has so many in hand may be busy with them for a while: as many are asked for at once in the calm. */
const fewInHand = 12
/** A message, and where it has several recipients, which of them it is about. */
const named = (account: Account, around: Surroundings) =>
  (around.isOneOfSeveral(account) ? `${account.message} for ${account.link}` : account.message)

/** The fate of a message, as the laws read it. */
const fateOf = ({ recorded, flags }: Account): Fate => ({
  arrived: 1, delivered: recorded.length, flagged: flags.length,
  // What is stripped or altered has clauses of its own.
  stripped: 0, altered: 0,
})

/** What may become of a message, as the laws read it. */
const dueOf = (account: Account, around: Surroundings, now: Moment): Due =>
  (excused(flagExcuses, around, account, around, now) ? deliveryOrFlag : delivery)

/**
 * Whether the connector could know of no earlier recording. Of several with equal content nobody can say which of them was
 * recorded: there may be as many more as there were recordings that it could not know of.
 */
function couldNotKnow(account: Account, { attempt, at }: Recording, around: Surroundings): boolean {
  if (attempt === null) return false
  const earlier = account.recorded.filter((first) => first.at < at)
  if (account.kind !== 'twin') return earlier.every((first) => excused(copyExcuses, around, first, attempt, account, around))
  const twins = around.twins(account)
  const all = twins.flatMap((twin) => twin.recorded.filter((first) => first.at < at).map((first) => ({ twin, first })))
  const known = all.filter(({ twin, first }) => !excused(copyExcuses, around, first, attempt, twin, around))
  const isGone = ({ life }: Moment) => around.isOver(life)
  // Of those whose connector is gone, as many as it has said nothing of: which of them that were, nobody can tell.
  const areAnswered = twins.filter(({ claims, acknowledged }) => [...claims, ...acknowledged].some(isGone))
  const gone = known.filter(({ first }) => isGone(first)).length - areAnswered.length
  return sum(account, around, 'recorded') - twins.length <= all.length - known.length + Math.max(0, gone)
}

const mayBeLost = (account: Account, around: Surroundings, now: Moment) =>
  around.guarantee === 'at-most-once' && excused(lossExcuses, around, account, around, now)
/** A call with it is still open, and is not to be given up yet: nobody has said what becomes of it. */
const isOpen = ({ attempts }: Account, around: Surroundings, now: Moment) => attempts.some(({ told, life, offered }) =>
  told === null && !around.isOver(life) && now.time - offered.time < around.timeout + around.recovery)
/**
 * Whether one of several recipients has had its answer, and needs no other: the promise of the whole message says so, once the others have
 * theirs.
 */
const isRefusedForGood = (account: Account, around: Surroundings) => account.isHanded && around.isOneOfSeveral(account)
  && account.kind !== 'busy' && flagExcuses['what it is'](account)
  && account.attempts.some(({ told, link }) => link === account.link && told !== null)
/**
 * Whether it need not know of a verdict of its own: it was given the message again; or it died as it wrote down that it had flagged what it
 * had acknowledged, which nobody gives it again.
 */
const mayHaveForgotten = (account: Account, { at, isUnwritten }: Account['flags'][number], times: number, until: number) =>
  (isUnwritten === true && account.acknowledged.length > 0) || wasGivenAgain(account, { at, times }, until)
/** Whether something came between it and its verdict since it was given to the connector last. */
const wasInterrupted = (account: Account) => account.interrupted.some(({ at }) => at >= lastGiven(account).at)
/** What a law may ask about a message; these ask nothing. */
const unasked = { due: () => deliveryOrFlag }
const isSettled = (account: Account) => deliveredOrFlagged.holds(fateOf(account), unasked)
const areSettled = (account: Account, around: Surroundings, now: Moment) => isSettled(account)
  || (account.kind === 'twin' && sum(account, around, 'recorded') + sum(account, around, 'flags') + mayBeLostOf(account, around, now)
    >= around.twins(account).length)
/** Of the others with equal content, how many may be lost and are not known to be delivered: what a link has recorded may be this one. */
const mayBeLostOf = (account: Account, around: Surroundings, now: Moment) => around.twins(account).filter((twin) =>
  twin !== account && twin.claims.length + twin.flags.length === 0 && mayBeLost(twin, around, now)).length
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
    broken(account, { strips }) {
      return last(account.recorded).as === 'stripped' && !(account.kind === 'many attachments' && manyAttachments > strips)
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
    broken(account, around) {
      const { attempt, at } = last(account.recorded)
      const called = attempt?.offered.at ?? at
      const before = account.flags.filter((flag) => flag.at < called && !wasOnItsWay(attempt, flag))
      if (before.every((flag) => mayHaveForgotten(account, flag, before.length, called))) return null
      return mayAllBeOthers(account, around, ({ recorded }) => recorded.length, called, untoldOf(account, around)) ? null
        : `${named(account, around)} is flagged, and is then sent again and delivered.`
    },
  },
  {
    name: 'no second copy', law: noneTwice, at: 'recorded',
    broken(account, around) {
      const { message, recorded } = account
      const again = last(recorded)
      // Which of several with equal content a link was offered, nobody can say: together they have no copy too many.
      const fate = account.kind === 'twin' ? { ...fateOf(account), arrived: around.twins(account).length, delivered: sum(account, around, 'recorded') }
        : fateOf(account)
      if (noneTwice.holds(fate, unasked)) return null
      if (around.guarantee === 'at-least-once' && couldNotKnow(account, again, around)) return null
      return `${message} is recorded by ${again.link} a second time.`
    },
  },
  {
    name: 'in the order in which they were taken', law: inOrder, at: 'recorded',
    broken(account, around) {
      const { message, recorded, givenAgain, interrupted, link } = account
      if (around.order !== 'per link' || recorded.length > 1 || givenAgain.length > 0) return null
      if (interrupted.some(({ by }) => by !== 'stop')) return null
      const later = around.overtakenBy(account)
      if (!later || excused(orderExcuses, around, account, around, later)) return null
      return `${message} is recorded after ${later.message}, which was taken after it and goes over ${link} too.`
    },
  },
  {
    name: 'flagged only with a reason', law: honest, at: 'flagged',
    broken(account, around, now) {
      // Whether it may be flagged again, and after it was delivered, others ask.
      const flaggedAlone = { ...fateOf(account), delivered: 0, flagged: 1 }
      if (honest.holds(flaggedAlone, { due: () => dueOf(account, around, now) })) return null
      return account.isFresh ? `${account.message}, sent fresh over ${account.link} after everything was healed, is flagged.`
        : `${named(account, around)} is flagged, though it is healthy and nothing happened to it or to ${account.link}.`
    },
  },
  {
    name: 'not flagged when it is known to be delivered', law: honest, at: 'flagged',
    broken(account, around, now) {
      const { recorded, claims, flags } = account
      // A claim and a flag together have a clause of their own.
      if (claims.length > 0 || flags.length > 1) return null
      const isKnown = ({ attempt }: Recording) => attempt !== null && attempt.life === now.life
        && wasTold(attempt, account, around, now) && !hasAWorkerDied(attempt, account, now)
      const known = recorded.find(isKnown)
      if (!known || failedWhenGivenAgain(account, around, known, now)) return null
      if (mayAllBeOthers(account, around, (twin) => twin.recorded.filter(isKnown).length, now.at)) return null
      return `${named(account, around)} is flagged, though ${known.link} has recorded it and said so.`
    },
  },
  {
    name: 'a verdict as soon as it is too old', law: deliveredOrFlagged, at: 'flagged',
    broken(account, around, now) {
      const { link, recorded, flags, claims } = account
      const [since, how] = [lastGiven(account), account.fetched.length > 0 ? 'fetched' : 'taken']
      const tooOld = since.time + around.expiry
      if (recorded.length + flags.length + claims.length > 1 || !around.wasOutOfReach(link, tooOld, now)) return null
      // Of several nobody can say which it is that is flagged; and the promise of all waits for each recipient.
      if (around.twins(account).length > 1 || around.isOneOfSeveral(account) || wasKeptFromIt(account, around, tooOld)) return null
      const [age, most] = [now.time - since.time, around.expiry].map((each) => each.toLocaleString('en-US'))
      return `${account.message} is flagged ${age} ms after it was ${how}, and ${link} was down: it is to be kept for ${most} ms at the most.`
    },
  },
  {
    name: 'one verdict', law: honest, at: 'flagged',
    broken(account, around, now) {
      const { flags, claims } = account
      const before = [...flags.slice(0, -1), ...claims]
      if (before.every((each) => mayHaveForgotten(account, each, before.length, now.at))) return null
      return `${named(account, around)} is ${claims.length > 0 ? 'said to be delivered, and is then flagged' : 'flagged a second time'}.`
    },
  },
  {
    name: 'one verdict, claimed', law: honest, at: 'claimed',
    broken(account, around, now) {
      return account.flags.every((flag) => mayHaveForgotten(account, flag, account.flags.length, now.at)) ? null
        : `${named(account, around)} is flagged, and is then said to be delivered.`
    },
  },
  {
    name: 'claimed only when it is recorded', law: honest, at: 'claimed',
    broken(account, around) {
      const { kind, recorded } = account
      const isTrue = kind === 'twin' ? sum(account, around, 'recorded') >= sum(account, around, 'claims') : recorded.length > 0
      if (isTrue) return null
      return `${named(account, around)} is claimed to be delivered, and ${around.isOneOfSeveral(account) ? `${account.link} has not` : 'no link has'} recorded it.`
    },
  },
  {
    name: 'acknowledged only when it is settled', law: honest, at: 'acknowledged',
    broken: (account, around) => (around.guarantee === 'at-most-once' || isSettled(account) || isOneOfThoseSettled(account, around) ? null
      : `${account.message} is acknowledged at the source, and is neither delivered nor flagged, nor is it on the disk.`),
  },
  {
    name: 'a verdict when its sender gives up', law: deliveredOrFlagged, at: 'rest or later',
    broken: (account, around, now) => (account.aborted === null || areSettled(account, around, now)
      || mayBeLost(account, around, now) ? null
      : `${now.goesOn ? 'An hour has gone by' : 'Everything is at rest'}, and ${named(account, around)}, which its sender has aborted, has no verdict.`),
  },
  {
    name: 'a verdict before it is too old', law: deliveredOrFlagged, at: 'rest or later',
    broken: (account, around, now) => (areSettled(account, around, now) || now.time - lastGiven(account).time < around.expiry + around.slack
      // Whoever has stopped has nobody who could tell: what it keeps on a disk, or leaves at the source, waits for its next start.
      || around.isStopped || mayBeLost(account, around, now) ? null
      : `${named(account, around)} is kept for longer than the declared ${around.expiry.toLocaleString('en-US')} ms, and has no verdict.`),
  },
  {
    name: 'a verdict while another link is down', law: linksAreIndependent, at: 'rest',
    broken: (account, around, now) => (areSettled(account, around, now) || around.hadTrouble(account.link, 0, now)
      || wasInterrupted(account) || !around.isAnotherDown(account.link) || (around.isStopped && !account.isHanded)
      || mayBeLost(account, around, now) || isRefusedForGood(account, around) ? null
      : `Another link is down, everything is at rest, and ${account.message} for ${account.link} has no verdict.`),
  },
  {
    name: 'a verdict in the end', law: deliveredOrFlagged, at: 'end',
    broken(account, around, now) {
      if (account.isFresh || areSettled(account, around, now)) return null
      if (mayBeLost(account, around, now) || isOpen(account, around, now)) return null
      return `Everything is healed and at rest, and ${named(account, around)} has no verdict.`
    },
  },
  {
    name: 'an answer in the end', law: deliveredOrFlagged, at: 'end',
    broken(account, around, now) {
      const { message, recorded, flags, claims, fetched, acknowledged, isHanded, interrupted, link } = account
      if (recorded.length === 0 || flags.length + (isHanded ? claims.length : 0) > 0 || interrupted.length > 0) return null
      if (isOpen(account, around, now) || mayBeLost(account, around, now)) return null
      if (isHanded) return `${link} has recorded ${message}, and whoever handed it over is never told.`
      return fetched.length > 0 && acknowledged.length === 0
        ? `${link} has recorded ${message}, and the source is never told that it is done with.` : null
    },
  },
  {
    name: 'fresh messages are delivered', law: nothingWedges, at: 'end',
    broken(account, around) {
      const { message, link, isFresh, recorded, flags, kind } = account
      if (!isFresh || recorded.some(({ as }) => as === 'whole') || (flags.length > 0 && wasOver(account, around))) return null
      if (kind === 'twin' && sum(account, around, 'recorded') >= around.twins(account).length) return null
      return `${message}${sentAs(account) || ','} sent fresh over ${link} after everything was healed, is not delivered.`
    },
  },
  {
    name: 'fresh messages are delivered promptly', law: nothingWedges, at: 'end',
    broken({ message, link, isFresh, recorded, taken }, { prompt }) {
      const late = isFresh && recorded.length > 0 ? recorded[0]!.time - taken.time : 0
      if (late <= prompt) return null
      return `${message}, sent fresh over ${link} after everything was healed, is delivered after ${late.toLocaleString('en-US')} ms: `
        + `a healthy message is to take ${prompt.toLocaleString('en-US')} ms at the most.`
    },
  },
  {
    name: 'messages after a recovery are delivered promptly', law: nothingWedges, at: 'recorded',
    broken({ message, kind, link, isFresh, recorded, taken, inHand }, { prompt, recovery, well: { since } }, { time }) {
      if (isFresh || kind === 'twin' || recorded.length > 1 || time - taken.time <= prompt) return null
      if (inHand >= fewInHand || since + recovery > taken.time) return null
      return `All has been well again for ${(taken.time - since).toLocaleString('en-US')} ms when ${message} comes for ${link}, and it declares to recover `
        + `within ${recovery.toLocaleString('en-US')} ms. It is delivered after ${(time - taken.time).toLocaleString('en-US')} ms: a healthy message is to take `
        + `${prompt.toLocaleString('en-US')} ms at the most.`
    },
  },
]
