/**
 * A component is what a document was about: a model for every policy and scope, the questions its policies answer,
 * and the variants that answered some of them wrongly.
 */
import type { LawName } from './laws.ts'
import type { Model } from './model.ts'
import type { WordMap } from './word-map.ts'

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

/** What is said of a variant in advance, to be checked. All of it may be absent; what is, is not checked. */
export interface VariantClaim {
  /** What it does, to go after ‘which’. Unless it is said, which questions it answers otherwise than the right one. */
  readonly says?: string
  /** The sizes that are not the usual small ones. */
  readonly scope?: Scope
  /** Reachable states at that scope, over everything that a run may start from, and what leads from one to another. */
  readonly states?: number
  readonly transitions?: number
  /** Each law it breaks, with the steps of its shortest counterexample; none for a right one. */
  readonly breaks?: Readonly<Record<string, number>>
}

// biome-ignore lint/suspicious/noExplicitAny: a list holds components of unlike scopes and policies
export interface Component<S extends Scope = any, Q extends Questions = any> {
  readonly name: string
  /** The document it comes from: its number, and its title. Empty where there is none. */
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
  /** What its words are where a connector is tried that says it is one. Without it none can be: the model is only explored and walked. */
  readonly words?: WordMap<S>
  /** The model. For a component made of others, `build` builds the model of one of them. */
  readonly model: (scope: S, policy: PolicyOf<Q>, build: BuildModel) => Model
  /** Laws that nothing can break here, and why. */
  readonly vacuous: Readonly<Partial<Record<LawName, string>>>
  /** What is said of its variants, where no catalogue says it. `unwedge check file.ts --record` prints what is so. */
  readonly claims?: Readonly<Record<string, VariantClaim>>
}

/** A component as one writes it: what most have in common need not be said. */
interface Written<Z extends Readonly<Record<string, Size>>, Q extends Questions>
  extends Partial<Omit<Component, 'sizes' | 'questions' | 'variants' | 'attributes' | 'model' | 'claims'>> {
  readonly name: string
  readonly sizes: Z
  readonly questions: Q
  /** `fixed` answers every question; any other variant only those that it answers otherwise. */
  readonly variants: { readonly fixed: PolicyOf<NoInfer<Q>> } & Readonly<Record<string, Partial<PolicyOf<NoInfer<Q>>>>>
  readonly claims?: Readonly<Record<string, VariantClaim>>
  readonly attributes?: (scope: ScopeOf<Z>) => Readonly<Record<string, Attribute>>
  readonly model: (scope: ScopeOf<Z>, policy: PolicyOf<NoInfer<Q>>, build: BuildModel) => Model
}
type ScopeOf<Z> = { readonly [K in keyof Z]: number }

/** A component of one’s own: its `model` knows the sizes and the questions by their names, and their answers. */
export function component<const Z extends Readonly<Record<string, Size>>, const Q extends Questions>(
  written: Written<Z, Q>,
): Component<ScopeOf<Z>, Q> {
  const { fixed } = written.variants
  const variants = Object.fromEntries(Object.entries(written.variants).map(([name, answers]) => [name, { ...fixed, ...answers }]))
  return {
    source: '', title: written.name, attributes: () => ({}), vacuous: {}, ...written,
    variants: variants as Component<ScopeOf<Z>, Q>['variants'],
  }
}

/** Whether a variant is ours, and the document that its component comes from does not describe it. */
export const isVariation = ({ documented }: Component, variant: string): boolean =>
  documented !== undefined && !documented.includes(variant)

/** Builds the model of a component’s variant at a scope. */
export type BuildModel = (component: Component, scope: Scope, variant: string) => Model
