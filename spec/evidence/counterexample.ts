/**
 * A counterexample is a law, a scenario and the run that breaks it: plain data, enough for any page, and nothing on a
 * page that is not in it.
 */
import type { ModelLaw } from '../laws.ts'
import type { StepKind } from '../model.ts'

/** A burst of like messages: how many, and the fields that set them apart from others. */
export type ModelBurst = Readonly<Record<string, string | number>> & { readonly count: number }

/** What a run starts from: a stream, and in which of the ways to begin there are with it, from 0; the first when absent. */
export interface ModelStart {
  readonly stream: readonly ModelBurst[]
  readonly begin?: number
}

export interface Step {
  readonly who: string
  readonly does: string
  /** What a log would show of it. */
  readonly logs?: string
  readonly kind: StepKind
  /** Its position among what could have happened. */
  readonly position: number
  /** Facts about the state after it that did not hold before. */
  readonly facts: readonly string[]
  /** Facts that held before it and no longer do. */
  readonly factsGone: readonly string[]
}

/** Steps that were taken several times over. A single step is taken once. */
export interface Repeat {
  readonly steps: readonly Step[]
  readonly times: number
}

interface CountedStates {
  /** Whether each of the states stands for all that differ only in which of several alike things is which. */
  readonly areOrbits?: true
}

/** How it is known that no shorter run breaks the law. */
export type Minimality =
  /** Every state nearer than the run is long was visited, and keeps the law. */
  | { readonly known: 'proved'; readonly nearer: number } & CountedStates
  /** As above, but the search for a shorter cycle was given up. */
  | { readonly known: 'proved but for the cycle'; readonly nearer: number } & CountedStates
  /** What the law asks for is so in none of all these states. */
  | { readonly known: 'nowhere'; readonly states: number } & CountedStates
  /** Found by a walk and shrunk in `runs` runs; a shorter one may exist. */
  | { readonly known: 'shrunk'; readonly runs: number }
  /** Shown because a schedule asked for it. */
  | { readonly known: 'replayed' }

/** Where something of one’s own is written: a file, from where the command was given, and the name under which it is exported. */
export interface Origin {
  readonly file: string
  readonly export: string
}

/** A run described step by step, whether or not it breaks a law. */
export type DescribedRun = Omit<Counterexample, 'law' | 'message' | 'about' | 'since' | 'culprit' | 'answers' | 'threshold' | 'minimality'>

export interface Counterexample {
  readonly component: string
  readonly variant: string
  /** The file of a component of one’s own; null for one of the catalogue, and where nobody has said. */
  readonly from: Origin | null
  /** What the variant does wrong, in a sentence. */
  readonly says: string
  readonly source: string
  readonly title: string
  /** The source does not describe this variant: it is ours. */
  readonly isVariation: boolean
  readonly law: { readonly name: string; readonly says: string; readonly when: ModelLaw['when'] }
  readonly scope: Readonly<Record<string, number>>
  readonly stream: readonly ModelBurst[]
  /** In which of the ways to begin with that stream, from 0. */
  readonly begin: number
  /** Each message by the name that the steps call it, with what sets it apart. */
  readonly messages: readonly { readonly name: string; readonly is: string }[]
  /** Facts about the state in which it starts. */
  readonly start: readonly string[]
  readonly run: readonly Repeat[]
  /** Steps in all, repeats counted. */
  readonly length: number
  /** How many steps come before the cycle that goes on for ever; null when the run ends. */
  readonly stem: number | null
  /** The message that the law is broken for; empty where the law is not about messages. */
  readonly message: string
  /** Whom the law is broken for, be it a message or another thing; empty where it is about everything at once. */
  readonly about: string
  /** Steps after which what the law asks for is due, where something has to make it so; otherwise null. */
  readonly since: number | null
  /** Which component of a composed one is to blame. */
  readonly culprit: string | null
  /** The questions that it answers otherwise than the right one; none where it is composed of others. */
  readonly answers: readonly Answer[]
  /** A limit and where it is: with `passes` the law holds, with `breaks`, one more, it does not. */
  readonly threshold: { readonly of: string; readonly passes: number; readonly breaks: number; readonly does: string } | null
  readonly minimality: Minimality
  /** The positions taken, runs of one position written `0x1024`: what `unwedge replay` takes. */
  readonly schedule: string
  /** What else `unwedge replay` takes to show this run again. */
  readonly replay: string
}

/** A question that a variant answers otherwise than the fixed one. */
export interface Answer {
  /** In a composed component, the one that is asked; empty otherwise. */
  readonly of: string
  readonly asks: string
  /** What is found when it is asked; empty when the answer depends on nothing. */
  readonly found: string
  readonly fixed: string
  readonly here: string
}
