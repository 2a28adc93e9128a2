/**
 * What you write to put a connector of your own on trial: a name, the guarantee it gives, and `start`.
 *
 * `start` is given a world: links to send over, somewhere to flag, a number of workers. It gives back `take`, which
 * is called with one message after another. Its promise is the connector’s word: fulfilled, it claims to have
 * delivered the message; rejected, it has flagged it. What counts as delivered is what the link has recorded.
 */
import type { LawName } from './laws.ts'

export interface Connector {
  /** What it is called on every page, such as `fastq 1.15.0`. */
  readonly name: string
  /**
   * `exactly-once`: never a second copy. `at-least-once`: a second copy only after it could not know that the first
   * had arrived. `at-most-once`: a message may be lost when its own link failed, and is never sent twice.
   */
  readonly guarantee: Guarantee
  /** Puts it to work in a world. Called afresh for every run, and again after a restart, with all that is on its disk. */
  start(world: World): Running | Promise<Running>
  /**
   * `virtual` (the default): timers and dates are the world’s, an hour takes no time, and “never” is decided by
   * quiescence. `real`: for connectors with sockets or processes; “never” is then a deadline.
   */
  readonly clock?: 'virtual' | 'real'
  /**
   * How long nothing may happen until it counts as at rest, in milliseconds. Of virtual time an hour unless told otherwise,
   * but a single timer is waited for however long it takes; of real time what the connector’s own healthy runs took,
   * several times over.
   */
  readonly patience?: number
  /** Faults that cannot happen to it, each with the reason; a page repeats it. */
  readonly notApplicable?: Readonly<Partial<Record<FaultName, string>>>
  /** Kinds of message that it cannot be given, each with the reason. */
  readonly neverGiven?: Readonly<Partial<Record<MessageKind, string>>>
  /** Laws that do not apply to it, each with the reason. */
  readonly exempt?: Readonly<Partial<Record<LawName, string>>>
  /** How many links it may be given (1 to 3 unless told otherwise), and how many workers (1 to 4). */
  readonly links?: readonly [least: number, most: number]
  readonly workers?: readonly [least: number, most: number]
  /** The most messages in one burst (5,000 unless told otherwise, 2,000 on the real clock); fewer where each is slow. */
  readonly burst?: number
  /** The component of the catalogue that it implements, if it does: its histories are then held to that model too. */
  readonly component?: string
}

/** How many links and workers a connector may be given, and how many messages at once: what it declares, or the default. */
export const rangesOf = ({ links = [1, 3], workers = [1, 4], clock, burst = clock === 'real' ? 2_000 : 5_000 }: Connector) =>
  ({ links, workers, burst })

export type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once'

/** A connector at work. */
export interface Running {
  /**
   * Takes a message. Leave it out in a connector that fetches its messages by `world.receive`.
   * Return a promise, or nothing and call `world.flag` or `world.delivered` yourself.
   */
  take?(message: Message): unknown
  /**
   * Shuts it down in good order. A promise is taken at its word: once it is fulfilled the connector is cut off, and what it
   * had and did not deliver, flag or write to its disk is lost. Return nothing, and it may finish what it has in hand.
   * Stopped, it may still be given messages, and is to flag them.
   */
  stop?(): unknown
  /**
   * Ends one of its workers, numbered from 1, as a crash would: at once and without a word. Leave it out where no worker
   * can die by itself.
   */
  kill?(worker: number): unknown
}

export interface Message {
  /** `m1`, `m2`, …: how pages call it. */
  readonly id: string
  readonly kind: MessageKind
  /**
   * What is carried. Mostly text that begins with the id; for some kinds a list, an empty text or a deep structure.
   * Hand it over as it is: a link knows the message by it.
   */
  readonly content: unknown
  /** The name of the link it goes over. */
  readonly link: string
  /** Where it is addressed; well-formed but for some kinds. */
  readonly address: string
  /** A header name that no message before it had, for some kinds; `Subject` for others. */
  readonly header: string
  readonly attachments: number
  /**
   * Aborted when its sender loses interest. Whoever looks at it owes an aborted message its verdict without waiting for
   * a link; nobody else is told.
   */
  readonly signal: AbortSignal
}

/** `plain` is healthy; so is `new header`. What the others are is in `engine/trial/messages.ts`. */
export const messageKinds = [
  'plain', 'new header', 'other script', 'lines', 'long', 'list', 'empty', 'deep', 'oversized', 'bad address',
  'no such destination', 'wrong type', 'many attachments', 'refused', 'busy',
] as const
export type MessageKind = (typeof messageKinds)[number]

/**
 * What a world can do to a connector. Down until they heal: `link refuses`, `link hangs`. Of the next answer on a link:
 * `link drops before` and `link drops after` it has recorded the message, `link is late`, `link answers out of order`
 * (after whatever waited by then), `link answers twice` (where a sink of your own can say so). `worker dies` calls
 * `kill`; `service stops` and `service restarts` call `stop`. `service dies` calls nothing: what ran is cut off from the
 * world with its timers, and `start` is called anew. What had no verdict by then is given again, unless the connector
 * promises `at-most-once`.
 */
export const faultNames = [
  'link refuses', 'link hangs', 'link drops before', 'link drops after', 'link is late', 'link answers out of order',
  'link answers twice', 'link heals', 'sender aborts', 'worker dies', 'service stops', 'service restarts', 'service dies',
  'time passes', 'receiving fails', 'acknowledging fails', 'reporting fails',
] as const
export type FaultName = (typeof faultNames)[number]

export interface World {
  readonly workers: number
  readonly links: readonly Link[]
  /** Sends content over the link of the message that it is: `world.send(message.content)`. */
  readonly send: (content: unknown) => Promise<void>
  /** The same without a promise, for connectors whose work is synchronous: throws when the link refuses. */
  readonly sendNow: (content: unknown) => void
  /** Flags a message: a report of non-delivery, a dead letter. */
  readonly flag: (id: string, reason: unknown) => void
  /** Claims that a message was delivered, where `take` cannot say so by a promise. */
  readonly delivered: (id: string) => void
  /** Reports an error that is about no message in particular. May itself fail. */
  readonly report: (error: unknown) => void
  /** Fetches messages that wait: at most so many, none when there are none. May itself fail. */
  readonly receive: (most: number) => Promise<readonly Message[]>
  /**
   * Tells the source that a fetched message is done with; until then it will be given out again after a restart. May
   * itself fail: the message is then given out again at once.
   */
  readonly acknowledge: (id: string) => Promise<void>
  /** The message with an id, for adapters that hand only the id through. */
  readonly message: (id: string) => Message | undefined
  /** What outlives the connector: every start finds it as the one before left it. Writing takes no time and cannot fail. */
  readonly disk: Map<string, unknown>
}

export interface Link {
  readonly name: string
  /** Fulfilled once the far side has it and has said so; rejected when it refused, or the link failed. */
  readonly send: (content: unknown) => Promise<void>
  readonly sendNow: (content: unknown) => void
  /**
   * What a sink of your own does with a message that has come in: for adapters that speak a protocol. Aborted, `gone`
   * says that whoever sent it is no longer there: it counts as dropped, unless its turn has come.
   */
  readonly offer: (content: unknown, gone?: AbortSignal) => Promise<Outcome>
  /**
   * The same for a step of an exchange that is not yet a message, such as a greeting or an envelope: a fault meant for
   * this link may meet it there. `taken` means that the exchange goes on.
   */
  readonly step: (name: string, gone?: AbortSignal) => Promise<Outcome>
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

/** What happened at the world’s edge, in order. Facts, but for `claims`. */
export interface Event {
  readonly what: EventName
  readonly message?: string
  readonly link?: string
  /** Words for a page: a reason, an answer. */
  readonly detail?: string
  /** Milliseconds since the start, by the connector’s clock. */
  readonly time: number
}
export type EventName =
  | 'taken' | 'given again' | 'offered' | 'steps' | 'recorded' | 'recorded altered' | 'recorded something never sent' | 'acknowledged'
  | 'refused' | 'dropped' | 'claims delivered' | 'flagged' | 'settles again' | 'reports' | FaultName
  | 'livelock' | 'has stopped' | 'starts again' | 'at rest' | 'healed' | 'fresh' | 'end' | 'crashed'

export type History = readonly Event[]
