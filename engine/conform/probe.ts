/** A small run that tells variants of a component apart: as a model knows it, and as the same for a connector. */
import type { Scope } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Scenario } from '../../spec/scenario.ts'
import type { SharedFault } from './vocabulary.ts'

export interface Probe {
  readonly scope: Scope
  /** Single messages: as many as the stream is long. */
  readonly stream: readonly ModelBurst[]
  readonly fault: SharedFault | null
  /** When to look. */
  readonly looks: readonly Look[]
  /** For each message, whether delivering and flagging it are both right. */
  readonly eitherIsRight: readonly boolean[]
  /** The same for a connector: one scenario, or several, of which the worst counts. */
  readonly scenarios: readonly Scenario[]
}

/**
 * When to look at what became of the messages: before time passes, when nothing more happens, after everything is healed.
 * `fresh` looks at the fresh message, and `ends` at whether the run comes to rest at all.
 */
export type Look = 'prompt' | 'rest' | 'healed' | 'fresh' | 'ends'
