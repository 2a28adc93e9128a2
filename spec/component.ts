/**
 * A component is what a document was about: a model for every policy and scope, the questions its policies answer,
 * and the variants that answered some of them wrongly.
 */
import type { LawName } from './laws.ts'
import type { Model } from './model.ts'

/** How much of the world to look at. */
export type Scope = Readonly<Record<string, number>>

/** What one number of a scope may be. */
export interface Size {
  /** What it counts, for `unwedge list` and for errors. */
  readonly says: string
  readonly least: number
  /** What `explore` takes by default. */
  readonly small: number
  /** The greatest that a walk draws. */
  readonly most: number
  /** What the document says it was, where it states a number. */
  readonly real?: number
  /** Where no document states a number: one that we chose, of the size that such a thing has. */
  readonly chosen?: number
}
export type Sizes<S extends Scope> = { readonly [K in keyof S]: Size }

/**
 * A question that someone could get wrong: a sentence, the answers there are, and what may be found when it is
 * asked. Policies answer with a word, or with a function of what is found.
 */
export interface Question<A extends string = string, G extends readonly string[] = readonly string[]> {
  readonly asks: string
  readonly answers: readonly A[]
  readonly found: { readonly [I in keyof G]: readonly G[I][] }
}
export function question<const A extends string>(asks: string, answers: readonly A[]): Question<A, []>
export function question<const A extends string, const F extends string>(
  asks: string, answers: readonly A[], found: readonly F[],
): Question<A, [F]>
export function question(asks: string, answers: readonly string[], ...found: readonly (readonly string[])[]): Question {
  return { asks, answers, found }
}

export type Questions = Readonly<Record<string, Question>>
/** One answer to each question. */
export type PolicyOf<Q> = {
  readonly [K in keyof Q]: Q[K] extends Question<infer A, infer G> ? (G extends readonly [] ? A : (...found: G) => A) : never
}

/** What sets messages apart: a field of `message`, and what a stream may put there. */
export interface Attribute {
  readonly says: string
  /** The values that a small scope tries, the quiet one first; for numbers, those at the edges of a limit. */
  readonly small: readonly (string | number)[]
  /** For numbers: a walk draws from 0, or 1 for a thing’s number, to this. */
  readonly most?: number
}

// biome-ignore lint/suspicious/noExplicitAny: a list holds components of unlike scopes and policies
export interface Component<S extends Scope = any, Q extends Questions = any> {
  readonly name: string
  /** The document it comes from: its number, and its title. */
  readonly source: string
  readonly title: string
  readonly sizes: Sizes<S>
  readonly questions: Q
  /** Those of the variants that the document describes; any other is a variation on it. Without it, all are described. */
  readonly documented?: readonly string[]
  /** `fixed` first; every other is a spread with an answer changed. */
  readonly variants: Readonly<Record<string, PolicyOf<Q>>> & { readonly fixed: PolicyOf<Q> }
  /** What a stream may say of a message at this scope. */
  readonly attributes: (scope: S) => Readonly<Record<string, Attribute>>
  /** The model. For a component made of others, `build` builds the model of one of them. */
  readonly model: (scope: S, policy: PolicyOf<Q>, build: BuildModel) => Model
  /** Laws that nothing can break here, and why. */
  readonly vacuous: Readonly<Partial<Record<LawName, string>>>
}

/** Whether a variant is ours, and the document that its component comes from does not describe it. */
export const isVariation = ({ documented }: Component, variant: string): boolean =>
  documented !== undefined && !documented.includes(variant)

/** Builds the model of a component’s variant at a scope. */
export type BuildModel = (component: Component, scope: Scope, variant: string) => Model
