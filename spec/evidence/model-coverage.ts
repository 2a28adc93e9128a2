/** What a connector’s histories have shown of the model of the component that it says it is. */

/** An answer of the right policy, where a rule asks for it. */
interface AnswerCoverage {
  /** The question, by its name in the component, and what was found when it was asked; empty where nothing is. */
  readonly question: string
  readonly found: string
  readonly answer: string
  /** Histories in whose run it was given. */
  readonly histories: number
}

export interface RuleCoverage {
  /** The rule’s sentence. */
  readonly rule: string
  /** Histories in whose run it took place. */
  readonly histories: number
  readonly answers: readonly AnswerCoverage[]
  /** Why it cannot take place where this connector is tried; null where it can. */
  readonly because: string | null
}

export interface ModelCoverage {
  readonly component: string
  /** Histories that a run of the model explains. */
  readonly histories: number
  /** Every rule that can take place in the right model at its small scope, in the model’s order. */
  readonly rules: readonly RuleCoverage[]
  /** What of the model no history was held to, each to go after ‘not checked against’. */
  readonly notChecked: readonly string[]
}
