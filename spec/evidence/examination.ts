/** Whether a connector’s adapter is able to fail: what became of it with one thing wrong at a time. */
import type { LawName } from '../laws.ts'

export interface Examination {
  /** Scenarios that the connector itself went through, and what the first that broke a law broke. */
  readonly runs: number
  readonly broken: { readonly law: { readonly name: LawName }; readonly says: string } | null
  readonly mutants: readonly Examined[]
}

/** A connector that was made to do one thing wrong, and what became of it. */
export type Examined = {
  readonly mutant: string
  /** What it does wrong, to go after ‘one that’. */
  readonly does: string
} & (
  /** The law that it was caught by, and in which scenario, counted from 1, of those that the connector itself passes. */
  | { readonly outcome: 'caught'; readonly law: LawName; readonly runs: number }
  /** What the adapter hides, to go after ‘it hides’, and what to do about it. */
  | { readonly outcome: 'survived'; readonly runs: number; readonly hides: string; readonly mend: string }
  | { readonly outcome: 'not applicable' | 'not tried'; readonly because: string }
)
