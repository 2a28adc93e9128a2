/**
 * What excuses a flag, a copy or a loss: by name, and each belongs to one message. For each there is, in `properties/`, a right
 * connector that needs it and a wrong one that abuses it.
 */
import type { Account, Attempt, Moment, Recording, Surroundings } from './account.ts'
import { healthyKinds, type MessageKind } from './message.ts'

const isHealthy = (kind: MessageKind) => (healthyKinds as readonly string[]).includes(kind)

/** Why a flag is an honest one, at the moment at which it is given. */
export const flagExcuses = {
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
export const copyExcuses = {
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
export const lossExcuses = {
  'an attempt of it failed': ({ attempts }) => attempts.some(({ told }) => told === null || told.outcome !== 'taken'),
  'its link was in trouble': ({ link, taken }, around, now) => around.hadTrouble(link, taken.time - around.recovery, now.time),
  'the connector was stopped, or died': ({ interrupted }, around) => around.isStopped || interrupted.length > 0,
} as const satisfies Record<string, (account: Account, around: Surroundings, now: Moment) => boolean>

/** Whether one of a list excuses, other than the one that is denied. */
export const excused = <A extends readonly unknown[]>(
  excuses: Readonly<Record<string, (...given: A) => boolean>>, { denied }: Pick<Surroundings, 'denied'>, ...given: A
) => Object.values(excuses).some((excuse) => excuse !== denied && excuse(...given))

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
