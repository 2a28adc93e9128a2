/**
 * A production log as `unwedge judge` reads it: one event a line. `examples/judging-a-log.md` is the guide, and
 * `reports/schema/log.schema.json` says the same to a program.
 */
import type { MessageKind } from '../message.ts'

export const logEventNames = [
  // A message comes in; it is given once more by whoever still had it; its sender gives it up.
  'taken', 'given again', 'aborted',
  // A call with it begins, and how it is answered: nobody knows after `lost`.
  'sent', 'accepted', 'refused', 'lost',
  // The far side has recorded it.
  'delivered',
  // What the connector says of it; it is done with it, and forgets it.
  'claimed', 'flagged', 'removed',
  // The source of a connector that fetches.
  'fetched', 'acknowledged',
  // What is known of links, and of the connector.
  'link down', 'link up', 'started', 'stopping', 'stopped', 'died', 'worker died',
  // Nothing waits at the source, and nothing is in hand.
  'drained',
] as const
export type LogEventName = (typeof logEventNames)[number]

/** Events that are about no message. */
export const aboutNoMessage: ReadonlySet<LogEventName> =
  new Set(['link down', 'link up', 'started', 'stopping', 'stopped', 'died', 'worker died', 'drained'])

export interface LogEvent {
  readonly what: LogEventName
  /** Milliseconds since 1970, or since anything else that stays the same in one log. */
  readonly time: number
  readonly message?: string
  /** Where it is to go, or goes: a queue, a host, a recipient. */
  readonly link?: string
  /** Which call it is, where several are open at the same time. */
  readonly attempt?: string | number
  /** What is carried, or a digest of it: the same in `taken` and in `delivered`. */
  readonly content?: string
  /** What kind of message it is; a flag of one whose kind is not said may have a reason that the log does not show. */
  readonly kind?: MessageKind
  /** Of `taken` without a link: for how many it is. One unless told otherwise. */
  readonly recipients?: number
  /** Of `refused`: it will never be taken. */
  readonly permanent?: boolean
  /** A reason, in words. */
  readonly because?: string
  /** Of `taken` and `flagged`: no news where it is known already. */
  readonly isSeenAgain?: true
}

/** What the connector promises, and how the log is to be read. Times are in milliseconds. */
export interface LogPromises {
  readonly guarantee: 'exactly-once' | 'at-least-once' | 'at-most-once'
  readonly order: 'none' | 'per link'
  /** How long after trouble on a link it may still suffer from it. */
  readonly recovery: number
  /** How long it keeps a message at the most. */
  readonly expiry: number
  /** How far time may go back from one line to the next. */
  readonly skew: number
  /** After so long, a message without a verdict counts as lost; null where only the log itself can say so. */
  readonly patience: number | null
  /** What was taken before has its verdict in the log; what was taken later need not have one. */
  readonly until: number | null
  /** Whether nothing was in hand when the log begins: then what it never saw taken is invented. */
  readonly begins: 'empty' | 'running'  | null
}
