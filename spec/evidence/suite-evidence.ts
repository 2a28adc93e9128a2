/**
 * What a run of the suite found: every claim with its result, and each run that broke a law, in a form that a reader can
 * step through. Plain data: a page, a build server and another program all read the same.
 */
import type { LawName } from '../laws.ts'
import type { Answer, Counterexample } from './counterexample.ts'
import type { Examined } from './examination.ts'
import type { ModelCoverage } from './model-coverage.ts'
import type { StepKind } from '../model.ts'
import type { Violation, Divergence } from './violation.ts'

export interface Evidence {
  /** The command that gave it. */
  readonly command: string
  readonly claims: readonly CheckedVariant[]
  readonly pages: readonly ExplainedCounterexample[]
  readonly connectors: readonly TriedConnector[]
  readonly thresholds: readonly Threshold[]
  /** What was asked for and not checked, and why: sentences. */
  readonly unchecked?: readonly string[]
}

/** A variant that was checked against what is claimed of it. */
export interface CheckedVariant {
  readonly component: string
  readonly variant: string
  readonly says: string
  readonly source: string
  readonly title: string
  readonly states: number
  readonly milliseconds: number
  /** The laws that it was held to. */
  readonly laws: readonly { readonly name: string; readonly says: string }[]
  /** Those it breaks, each with the steps of the shortest run. */
  readonly breaks: readonly { readonly law: string; readonly steps: number }[]
  /** Laws that nothing can break in its component, and why. */
  readonly vacuous: Readonly<Partial<Record<LawName, string>>>
  /** Where it is otherwise than claimed, in sentences; empty when all is as it should be. */
  readonly wrong: readonly string[]
  /** Whether the whole run fails because of it. */
  readonly fails: boolean
}

/** A real connector that was put on trial. */
export interface TriedConnector {
  readonly connector: string
  readonly verdict: 'lawful' | 'broken' | 'inconclusive'
  /** Why nothing can be said; empty unless inconclusive. */
  readonly because: string
  /** Scenarios it went through, stored ones not counted. */
  readonly runs: number
  /** Stored scenarios it went through before; absent where there was none. */
  readonly stored?: number
  readonly milliseconds: number
  /** Where it is written, from the directory in which the suite was called; null when that is not known. */
  readonly file: string | null
  readonly line: number | null
  /** Laws that it is not checked against, and why. */
  readonly exempt: Readonly<Partial<Record<LawName, string>>>
  /** Faults and kinds of message that it was not tried with, and why; absent where that is not known. */
  readonly untried?: readonly { readonly what: string; readonly because: string }[]
  readonly violations: readonly Violation[]
  /** A law that it broke in one run, and kept in the next of the same scenario. */
  readonly once?: Violation
  /** The order that it promises; absent where it promises none. */
  readonly order?: 'per link'
  /** Where its bug was published, and in which version it was fixed. */
  readonly published?: string
  /** What it did that the model of its component could not have done, if it says that it is one. */
  readonly divergence?: Divergence | null
  /** What of that model it has exercised. */
  readonly exercised?: ModelCoverage
  /** What became of it with one thing wrong at a time, if that was tried. */
  readonly mutants?: readonly Examined[]
}

/** A limit and where it is, and the variant that has it. */
export interface Threshold extends NonNullable<Counterexample['threshold']> {
  readonly component: string
  readonly variant: string
  /** Whether it is one at full size, which the document states or we chose, or that of a model made small. */
  readonly isFull: boolean
}

/** A counterexample with everything a reader may ask of it. */
export interface ExplainedCounterexample {
  readonly found: Counterexample
  readonly playback: Playback
  /** For each step, what happens when it is left out and the rest goes on. */
  readonly without: readonly Without[]
  /** The questions that this variant answers otherwise than the fixed one. */
  readonly answers: readonly Answer[]
  /** The fixed variant given the same; null for the fixed one itself. */
  readonly beside: Beside | null
}

export interface Without {
  /** The step that is left out, from 1: the last of those that are alike. 0 when it is something that was sent. */
  readonly step: number
  readonly what: string
  /** How many like it there are in a row. */
  readonly times: number
  readonly law: 'kept' | 'broken' | 'not settled'
  /** Where one fewer makes the difference. */
  readonly limit?: { readonly of: string; readonly passes: number; readonly breaks: number }
  /** What then becomes of the message, in a few words. */
  readonly says: string
  /** Whether the step was only taken later. */
  readonly later: boolean
}

export interface Beside {
  readonly rows: readonly BesideRow[]
  /** The step, from 1, at which the two part; null when they never do. */
  readonly partsAt: number | null
  /** What the fixed one may do there. */
  readonly instead: readonly string[]
  /** What becomes of the message there. */
  readonly says: string
}
/** Null where one of them does nothing. */
export interface BesideRow {
  /** The step of the run, from 1: the first of those that are alike. Null where the run has ended. */
  readonly step: number | null
  readonly here: string | null
  readonly there: string | null
  readonly times: number
}

/** A run as it is played back: any state of it, and what else could have happened there. */
export interface Playback {
  readonly actors: readonly string[]
  readonly messages: readonly string[]
  /** What happens, with a gap for a message’s name: before it, and after it where there is one. */
  readonly texts: readonly (readonly [before: string, after?: string])[]
  /** What could have happened. */
  readonly options: readonly { readonly says: string; readonly kind: StepKind }[]
  readonly cells: readonly Cell[]
  /** The value of each cell before the first step. */
  readonly start: readonly Value[]
  readonly stretches: readonly Stretch[]
  /** What could still happen at the end, by number among the options. */
  readonly end: readonly number[]
}

/** A field of a thing: what a state is made of. */
export interface Cell {
  /** Of a composed model, the component that it is in; empty otherwise. */
  readonly stage: string
  readonly kind: string
  /** Such as `worker 1`. */
  readonly of: string
  readonly field: string
}
/** Nobody and an empty line are an empty text. */
export type Value = string | number

/** Moments one after another, repeated `times` times. */
export interface Stretch {
  readonly times: number
  readonly moments: readonly Moment[]
  /** Facts that all of them together changed, where they repeat. */
  readonly facts?: readonly string[]
}

/** A step. What is absent is empty. */
export interface Moment {
  /** Who acts, by number among the actors. */
  readonly who: number
  /** By number among the texts. */
  readonly text: number
  /** Whose name stands in the gap, by number among the messages; none when absent. */
  readonly message?: number
  /** `progress` when absent. */
  readonly kind?: StepKind
  /** Facts that it changed. */
  readonly facts?: readonly string[]
  readonly logs?: string
  /** Milliseconds since the start. */
  readonly time?: number
  readonly marks?: readonly Mark[]
  /** Cells and their values after it; in a stretch that repeats, by how much the value grows each time. */
  readonly sets?: readonly (readonly [cell: number, value: Value, by?: number])[]
  /** What could have happened instead. */
  readonly could?: readonly number[]
}

/** What becomes of a message at a moment. */
export type Mark = readonly [message: number, is: Fortune]
export type Fortune = 'taken' | 'delivered' | 'delivered again' | 'stripped' | 'altered' | 'flagged' | 'dropped' | 'lost'
