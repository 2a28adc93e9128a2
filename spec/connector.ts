/**
 * What you write to put a connector of your own on trial: a name, the guarantee it gives, and `start`.
 *
 * `start` is given a world: links to send over, somewhere to flag, a number of workers. It gives back `take`, which
 * is called with one message after another. Its promise is the connector’s word: fulfilled, it claims to have
 * delivered the message; rejected, it has flagged it. What counts as delivered is what the link has recorded.
 */
import { type FaultName, faultNames } from './fault.ts'
import type { LawName } from './laws.ts'
import { type EnvelopePart, type Message, type MessageKind, messageKinds } from './message.ts'
import type { World } from './world.ts'

export * from './fault.ts'
export * from './history.ts'
export * from './message.ts'
export * from './world.ts'

/** Every time is in milliseconds. */
export interface Connector extends Promises {
  /** What it is called on every page, such as `fastq 1.15.0`. */
  readonly name: string
  /**
   * `exactly-once`: never a second copy, after a death or a restart neither. `at-least-once`: a second copy only after it could not know
   * that the first had arrived, or was given the message again. `at-most-once`: a message may be lost when its own link failed, and is
   * never sent twice.
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
   * How long nothing may happen until it counts as at rest. Of virtual time two hours unless told otherwise, but a single
   * timer is waited for however long it takes; of real time what the connector’s own healthy runs took, several times over.
   * Whoever is still at work on a message after that goes on for ever; of virtual time after 350 timers, too, unless it is declared.
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
  /** The most messages in one burst (70,000 unless told otherwise, 2,000 on the real clock); fewer where each is slow. */
  readonly burst?: number
  /**
   * The component that it implements, if it does: its histories are then held to that model too. One of the catalogue by its name,
   * or, on the command line, one of your own by its file, from where this one is: `pager.ts#pager`.
   */
  readonly component?: string
}

/** What a connector promises besides its guarantee, and what it asks for: each has a default that suits most. */
export interface Promises {
  /** `per link`: messages for one link are recorded in the order in which they were taken. `none` unless told otherwise. */
  readonly order?: 'none' | 'per link'
  /**
   * How long after trouble on a link it may still suffer from it: it may fail fast for so long, and after that delivers a
   * healthy message within as much again. A minute unless told otherwise; of real time a second, or its patience if that is less.
   * Of real time a healthy message may take as much longer as one takes on that machine just then, with no trouble before it.
   */
  readonly recovery?: number
  /**
   * Which answers it takes for trouble of the link, besides what is done to the link itself: with `refused for now` it may fail fast
   * for its recovery after a far side was busy with one message, as a circuit breaker does. None unless told otherwise.
   */
  readonly trouble?: readonly 'refused for now'[]
  /** How long it keeps a message at the most: then it has a verdict, whatever its link does. For ever unless told otherwise. */
  readonly expiry?: number
  /** How many messages it has in hand at the most: what is over that may be flagged at once. No limit unless told otherwise. */
  readonly capacity?: number
  /** How long trouble on another link may delay a message. A second unless told otherwise. */
  readonly slack?: number
  /**
   * How long it waits for the answer to a call. With it, calls are made that are never answered, and it is to give those up: what it
   * is told later than that counts as not told.
   * Without it, every call is answered when its link heals, at the latest.
   */
  readonly timeout?: number
  /** What it carries besides content: it hands these to `send`, and they arrive as they were. Nothing unless told otherwise. */
  readonly carries?: readonly EnvelopePart[]
  /**
   * The most attachments that it passes on. A message with more goes without them and says so: what is recorded is its
   * content and a notice after it. Without this, nothing may be stripped; a `gateway` strips what is over 1,024.
   */
  readonly strips?: number
  /** The most recipients of one message, each over a link of its own. One unless told otherwise. */
  readonly recipients?: number
}

/** What a connector promises, where it does not say, in milliseconds; `patience` is what applies to it on the real clock. */
export function promisesOf({ clock, ...told }: Connector, patience: number) {
  return {
    order: told.order ?? 'none', recovery: told.recovery ?? (clock === 'real' ? Math.min(patience, 1_000) : 60_000),
    expiry: told.expiry ?? Infinity, capacity: told.capacity ?? Infinity, slack: told.slack ?? 1_000,
    timeout: told.timeout ?? null, trouble: told.trouble ?? [], carries: told.carries ?? [], recipients: told.recipients ?? 1,
    strips: told.strips ?? (told.component === 'gateway' ? 1_024 : Infinity),
  } as const
}

/** How many links and workers a connector may be given, and how many messages at once: what it declares, or the default. */
export const rangesOf = ({ links = [1, 3], workers = [1, 4], clock, burst = clock === 'real' ? 2_000 : 70_000 }: Connector) =>
  ({ links, workers, burst })

/** Kinds of message that a connector can be given, as far as it says. */
export const kindsFor = ({ neverGiven }: Connector) => messageKinds.filter((kind) => neverGiven?.[kind] === undefined)

/** Faults that can happen to a connector, as far as it says: others are not drawn. */
export function faultsFor({ notApplicable, timeout, clock }: Connector): readonly FaultName[] {
  const virtual: ReadonlySet<FaultName> = new Set(['time passes', 'clock goes back'])
  const waiting: ReadonlySet<FaultName> = new Set(['link loses answer', 'link never answers'])
  return faultNames.filter((fault) => notApplicable?.[fault] === undefined && !(clock === 'real' && virtual.has(fault))
    && !(timeout === undefined && waiting.has(fault)))
}

export type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once'

/** A connector at work. */
export interface Running {
  /**
   * Takes a message. Leave it out in a connector that fetches its messages by `world.receive`.
   * Return a promise, or nothing and call `world.flag` or `world.delivered` yourself. Of a message with several recipients a
   * fulfilled promise claims all that were not flagged; an error with `links`, a list of names, flags those and claims the rest.
   */
  take?(message: Message): unknown
  /**
   * Shuts it down in good order, within so many milliseconds: 30,000 of virtual time, 2,000 of real time. A promise is taken at its
   * word: once it is fulfilled the connector is cut off, and what it had and did not deliver, flag or write to its disk is lost.
   * So let it be fulfilled when nothing of this life works any more: no call, no timer, no loop. Return nothing, and it may finish what
   * it has in hand, beside the next life and on the same disk. Stopped, it may still be given messages, and is to flag them. Late, it is
   * not cut off, and breaks no law by that: the next start waits for it. One that has not returned when everything is healed and
   * at rest has crashed.
   */
  stop?(within: number): unknown
  /**
   * Ends one of its workers, numbered from 1, as a crash would: at once and without a word. Leave it out where no worker
   * can die by itself.
   */
  kill?(worker: number): unknown
  /** Goes on with another number of workers. Leave it out where that cannot be changed at work. */
  scale?(workers: number): unknown
  /**
   * For a connector on the real clock: ends it as a power cut would, such as a daemon by SIGKILL, and is waited for. `start` comes
   * next, with what is on its disk. Leave it out where it cannot be ended from here; of virtual time it is cut off without being told.
   */
  die?(): unknown
  /** The trial is over: close what must not reach into the next one, such as servers and connections. Waited for. */
  end?(): unknown
}
