/**
 * What the words of a model are in a world in which connectors are tried: with it, a connector that says it is a component is given
 * what the model is given, and meets what the model meets.
 */
import type { FaultName } from './fault.ts'
import type { MessageKind } from './message.ts'

/** A model’s message as a world sends it. */
export interface WorldMessage {
  readonly kind: MessageKind
  /** The number of its link, from 1. */
  readonly link: number
  /** Its link refuses from the start. */
  readonly isRefused: boolean
  /** Whether it may be flagged instead of delivered, whatever happens on its way. */
  readonly mayBeFlagged: boolean
  /** What has to strike for it to be like this; nothing when absent. */
  readonly meets?: FaultName
}

/** A healthy message over the first link. */
export const plain: WorldMessage = { kind: 'plain', link: 1, isRefused: false, mayBeFlagged: false }

/** A fault of a model, as a world knows it. */
export interface WorldFault {
  /** The faults of a world that may bring it about, the most usual first. */
  readonly is: readonly FaultName[]
  /** Others with which it may have come about for a moment. */
  readonly orBriefly?: readonly FaultName[]
  /** It lasts until it is healed, so it strikes once all messages have arrived. Any other strikes at some moment after. */
  readonly lasts: boolean
  /** It leaves doubt whether a message arrived: only who promises `exactly-once` must not send it again. */
  readonly leavesDoubt: boolean
  /** Whatever was in hand may be flagged. */
  readonly mayBeFlagged: boolean
}

/** What can be said of a message by one attribute: what makes it another than a plain one; null where a world has none like it. */
type Translation<S> = (value: string | number, scope: S) => Partial<WorldMessage> | null

export interface WordMap<S> {
  /** By attribute, what a value of it makes of a message. An attribute that is not here has no word in a world. */
  readonly attributes: Readonly<Record<string, Translation<S>>>
  /** What says of a message that it is the one before it, to another recipient: a value of an attribute. */
  readonly along?: readonly [attribute: string, value: string | number]
  /** Faults by the sentences of their rules, and the size that counts each. One that is not here has no word either. */
  readonly faults: Readonly<Record<string, WorldFault & { readonly times: keyof S & string }>>
  /**
   * Timers by the sentences of their rules, and how many milliseconds each takes at the least, from when it may be taken on. Any other
   * takes some time, however little; one that takes 0 may come at any moment, as where its time has begun before. A connector on the
   * real clock is held to none of them.
   */
  readonly waits?: Readonly<Record<string, number>>
  /** The sizes that count who works at the same time. Without one, a single worker does. */
  readonly workers: readonly (keyof S & string)[]
  /** The size that counts the links. Without it there is one way out. */
  readonly links?: keyof S & string
}

const once = { lasts: false, leavesDoubt: true, mayBeFlagged: false } as const

/** Whatever works dies or is put to work anew, and takes with it what it had in hand. */
export const restart: WorldFault = { ...once, is: ['service restarts', 'service dies'], mayBeFlagged: true }
/** A link takes nothing until it heals. */
export const linkFails: WorldFault = {
  is: ['link hangs', 'link refuses'], orBriefly: ['link drops before', 'link drops after', 'link loses answer', 'link never answers'],
  lasts: true, leavesDoubt: false, mayBeFlagged: false,
}
/** What was sent is recorded, and the answer is lost. */
export const answerIsLost: WorldFault = { ...once, is: ['link drops after', 'link loses answer'] }
/** What was sent is lost, and there is no answer. */
export const callIsLost: WorldFault = { ...once, is: ['link drops before', 'link never answers'] }
export const linkIsLate: WorldFault = { ...once, is: ['link is late'] }
export const workerDies: WorldFault = { ...once, is: ['worker dies'] }
