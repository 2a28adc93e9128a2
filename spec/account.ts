/**
 * What a history shows of one message of a real connector, for one recipient, so far: the facts that the clauses of the laws
 * are read from. Moments are numbers of events from 0; times are milliseconds since the start.
 */
import type { EventName } from './history.ts'
import type { MessageKind } from './message.ts'

export interface Account {
  readonly message: string
  readonly kind: MessageKind
  /** The link that it is to go over. */
  readonly link: string
  /** The message whose content it shares, for one of several with equal content; its own otherwise. */
  readonly twinOf: string
  /** Sent after everything was healed. */
  readonly isFresh: boolean
  readonly taken: Moment
  /** How many messages the connector had in hand when it took this one. */
  readonly inHand: number
  /** Where the connector was handed it by `take`, and owes whoever did so its word. Otherwise it fetched it. */
  readonly isHanded: boolean
  readonly attempts: readonly Attempt[]
  readonly recorded: readonly Recording[]
  readonly flags: readonly (Moment & Unwritten)[]
  readonly claims: readonly Moment[]
  /** When it was given to the connector once more, by whoever still had it. */
  readonly givenAgain: readonly Moment[]
  /** When it was fetched from the source; */
  readonly fetched: readonly Moment[]
  /** when it was done with there, and whether the answer to that was lost: the connector was told that it failed. */
  readonly acknowledged: readonly (Moment & { readonly isLost?: true })[]
  readonly aborted: Moment | null
  /** What may have come between the connector and its own word: it was stopped, it or a worker died, its disk failed. */
  readonly interrupted: readonly (Moment & { readonly by: Interruption })[]
}

export type Interruption = 'stop' | 'death' | 'disk' | 'source'

export interface Moment {
  readonly at: number
  readonly time: number
  /** Which start of the connector did it. */
  readonly life: number
}

/** Whether the connector died before it can have written down what it was told, or has said: it was writing all along until then. */
export interface Unwritten {
  readonly isUnwritten?: true
}

/** A call to a link with this message. */
export interface Attempt {
  readonly number: number
  readonly life: number
  readonly link: string
  /** Whether a sink of the connector's own made it: what that is told has a way to go to whoever sent the message. */
  readonly isFromSink: boolean
  /** When it was made; its answer may have waited for its turn. */
  readonly offered: Moment
  /** What the connector was told, and when; null while it waits for the answer. */
  readonly told: Answer | null
}

interface Answer extends Unwritten {
  readonly at: number
  readonly time: number
  /** Whether the link has it; otherwise it refused, or dropped the call. */
  readonly isTaken: boolean
}

export interface Recording extends Moment {
  readonly link: string
  readonly attempt: Attempt | null
  readonly as: 'whole' | 'stripped' | 'altered'
  readonly detail: string
}

/** What is known besides the message itself. */
export interface Surroundings {
  readonly guarantee: 'exactly-once' | 'at-least-once' | 'at-most-once'
  readonly recovery: number
  /**
   * How long a fresh message may take: the same, but of real time a second at least, for the machine may be busy elsewhere; and as much
   * longer as one takes by itself, where that was measured.
   */
  readonly prompt: number
  /**
   * Since when all is well again after a link was healed, in milliseconds since the start: without end before that, while something is
   * wrong, and where nobody declares how long the connector takes to recover. Only the troubles of links are forgotten, for it shows when
   * they are over.
   */
  readonly well: { readonly since: number }
  readonly expiry: number
  readonly capacity: number
  readonly slack: number
  /** How long after it is too old a message may wait for its verdict: the slack; of real time that cannot be told. */
  readonly overdue: number
  /** After so long the connector gives a call up. */
  readonly timeout: number
  readonly order: 'none' | 'per link'
  /** The most attachments that it passes on. */
  readonly strips: number
  /** A predicate of `spec/excuses.ts` that does not count, to see who needs it; null where all of them do. */
  readonly denied: object | null
  /** Whether a link was in trouble at some time between a time and this moment: down, dropping, or slow to answer. */
  readonly hadTrouble: (link: string, from: number, now: Moment) => boolean
  /** The same, or an answer came over it since then that the connector declares to take for trouble. */
  readonly mayFailFast: (link: string, from: number, now: Moment) => boolean
  /** Whether a link other than this one is down. */
  readonly isAnotherDown: (link: string) => boolean
  /**
   * Whether a link was down from a time to this moment without a break, and nobody waited for the answer to a call over it that was made
   * by then.
   */
  readonly wasOutOfReach: (link: string, from: number, now: Moment) => boolean
  /** When something that is about no message happened last; before all time where it never has. */
  readonly lastOf: (what: EventName) => number
  /** Whether a life of the connector is over: it died, or said that it had stopped. */
  readonly isOver: (life: number) => boolean
  /** Whether the connector has been stopped and not started again. */
  readonly isStopped: boolean
  /** Whether its message has other recipients. */
  readonly isOneOfSeveral: (account: Account) => boolean
  /** The accounts of those with the same content for the same link, itself included, in the order in which they were taken. */
  readonly twins: (account: Account) => readonly Account[]
  /** The last taken of those recorded over its link, where that was taken after it. */
  readonly overtakenBy: (account: Account) => Account | null
}
