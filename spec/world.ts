/** What a connector on trial is given to work with: links to send over, a source to fetch from, a disk, somewhere to flag. */
import type { Envelope, Message, Signal } from './message.ts'

export interface World {
  readonly workers: number
  readonly links: readonly Link[]
  /** Sends content over the link of the message that it is: `world.send(message.content)`. Rejects with a `SendError`. */
  readonly send: Send
  /** The same without a promise, for connectors whose work is synchronous: throws a `SendError` when the link refuses. */
  readonly sendNow: (content: unknown, envelope?: Envelope) => void
  /**
   * Flags a message: a report of non-delivery, a dead letter. For one of several recipients, name the link; without it, those are meant
   * for whom it was given last.
   */
  readonly flag: (id: string, reason: unknown, link?: string) => void
  /** Claims that a message was delivered, where `take` cannot say so by a promise. For one of several recipients, name the link. */
  readonly delivered: (id: string, link?: string) => void
  /** Reports an error that is about no message in particular. May itself fail. */
  readonly report: (error: unknown) => void
  /**
   * Fetches messages that wait: at most so many, none when there are none. May itself fail. What is fetched stays with the connector until
   * it is acknowledged or refused, or the connector ends: there is no visibility time-out after which it would be given out again.
   */
  readonly receive: (most: number) => Promise<readonly Message[]>
  /**
   * Tells the source that a fetched message is done with; until then it will be given out again after a restart. With
   * `upTo`, so is every one that this start of the connector fetched before it. May itself fail: the message is then given out again at
   * once. Where it was given back to the source before, as when that drops what was fetched, it rejects.
   */
  readonly acknowledge: (id: string, how?: { readonly upTo?: boolean }) => Promise<void>
  /** Gives a fetched message back to the source: to be given out again, or, with `requeue: false`, to be dropped: flag it then. */
  readonly refuse: (id: string, how?: { readonly requeue?: boolean }) => Promise<void>
  /** The message with an id, for adapters that hand only the id through. */
  readonly message: (id: string) => Message | undefined
  /** What outlives the connector: every start finds it as the one before left it. Writing takes no time and cannot fail. */
  readonly disk: Map<string, unknown>
  /** A disk that takes time and may fail; cut off in the midst of a write, a key holds the old value, the new one, or nothing. */
  readonly storage: Storage
}

export interface Storage {
  /** Fulfilled with what was written last, or undefined. Rejects when the disk fails. */
  readonly read: (key: string) => Promise<unknown>
  /** Fulfilled once it is written. Rejects when the disk fails: it is then not written. */
  readonly write: (key: string, value: unknown) => Promise<void>
  readonly remove: (key: string) => Promise<void>
  readonly keys: () => Promise<readonly string[]>
}

/**
 * Fulfilled once the far side has the content and has said so; rejected with a `SendError` when it refused, or the link
 * failed. The envelope is for connectors that declare `carries`: what they carry besides content.
 */
export type Send = (content: unknown, envelope?: Envelope) => Promise<void>

/** How `send` rejects. */
export interface SendError extends Error {
  readonly link: string
  /** `refused for now` and `dropped before`: it may be sent again. `dropped after` the far side may have recorded it. */
  readonly outcome: Exclude<Outcome, 'taken' | 'taken, said twice'>
}

/** What a rejected `send` says of the message; undefined for any other error. */
export function outcomeOf(error: unknown): SendError['outcome'] | undefined {
  return error instanceof Error && 'outcome' in error ? (error as SendError).outcome : undefined
}

export interface Link {
  readonly name: string
  readonly send: Send
  readonly sendNow: (content: unknown, envelope?: Envelope) => void
  /**
   * What a sink of your own does with a message that has come in: for adapters that speak a protocol. Aborted, `gone`
   * says that whoever sent it is no longer there: it counts as dropped, unless its turn has come.
   */
  readonly offer: (content: unknown, gone?: Signal, envelope?: Envelope) => Promise<Outcome>
  /**
   * The same for a step of an exchange that is not yet a message, such as a greeting or an envelope: a fault meant for
   * this link may meet it there. `taken` means that the exchange goes on.
   */
  readonly step: (name: string, gone?: Signal) => Promise<Outcome>
  /** Says that the far side hung up by itself, as some protocols demand: what is on its way may then be flagged. */
  readonly hangUp: (why: string) => void
  /** Calls back at once and at every change: for adapters that dial, or that hold a connection open. */
  readonly watch: (change: (now: LinkState) => void) => void
}

/** Down, it either `refuses` whoever comes, or `hangs`: whoever comes hears nothing until it heals. */
export type LinkState = 'up' | 'refuses' | 'hangs'

/**
 * What becomes of what is offered to a link: taken; taken, and to be said twice; refused for now or for good; the link
 * drops, before it has recorded anything or after.
 */
export type Outcome = 'taken' | 'taken, said twice' | 'refused for now' | 'refused for good' | 'dropped before' | 'dropped after'
