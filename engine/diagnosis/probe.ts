/** A small run that tells variants of a component apart: as a model knows it, and as the same for a connector. */
import type { Scope } from '../../spec/component.ts'
import type { FaultName, MessageKind } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Scenario } from '../../spec/scenario.ts'

export interface Probe {
  readonly scope: Scope
  /** Single messages: as many as the stream is long. */
  readonly stream: readonly ModelBurst[]
  /** To how many recipients a message of a world goes: each of them is a message of the stream. */
  readonly recipients: number
  /** For each message what it is like: of those that are alike it does not matter which meets what. */
  readonly likes: readonly string[]
  /** What is done, one after the other; nothing in most. */
  readonly faults: readonly ProbeFault[]
  /** What strikes before, for a message to be what it is. */
  readonly meets: readonly FaultName[]
  /** It is done when all messages have had their turn, and not while they are under way. */
  readonly isLate: boolean
  /** When to look. */
  readonly looks: readonly Look[]
  /** For each message, whether delivering and flagging it are both right, */
  readonly eitherIsRight: readonly boolean[]
  /** and whether both together are, since nobody could know that it had been delivered. */
  readonly bothMayBe: boolean
  /** What a world’s fresh message is like that is like the model’s; null where it has none. */
  readonly fresh: MessageKind | null
  /** The same for a connector: one scenario, or several, of which the worst counts. */
  readonly scenarios: readonly Scenario[]
}

/** A fault of a world, and what it may be to a model. */
export interface ProbeFault {
  readonly name: FaultName
  /** Sentences of rules. Which of them it is hangs on whom it meets, so that the worst counts. */
  readonly rules: readonly string[]
  /** It lasts until it is healed. */
  readonly lasts: boolean
}

/**
 * When to look at what became of the messages: before time passes, when nothing more happens, after everything is healed,
 * and after fresh messages have come. `fresh` looks at those, `ends` at whether the run comes to rest at all, and `order` at whether
 * messages came through as they were taken.
 */
export type Look = 'prompt' | 'rest' | 'healed' | 'late' | 'fresh' | 'ends' | 'order'
