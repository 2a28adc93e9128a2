/**
 * The notation. A model is a declared state, rules, and what the laws should know of its messages.
 *
 * Nothing in a model runs. A state is a set of things with fields, each field with its domain; a rule is a
 * sentence, a guard and an effect. What may happen next is every rule whose guard holds, in the order
 * declared, for every choice of whom it names. The readers in `engine/` need no more than that.
 */

import type { Circumstances, Fate } from './verdict.ts'

/** What a field may hold. Unless it `begins` otherwise, at its first value: the first word, 0, nobody, nothing in it. */
export type Domain = OneOf<string> | UpTo | Maybe<string> | Line<string> | SetOf<string>
export interface OneOf<W extends string> {
  readonly is: 'one of'
  readonly words: readonly W[]
  readonly begins?: readonly W[]
}
export interface UpTo {
  readonly is: 'up to'
  readonly most: number
  readonly begins?: readonly number[]
}
export interface Maybe<K extends string> {
  readonly is: 'maybe'
  readonly kind: K
  /** Things by their numbers. */
  readonly begins?: readonly (number | null)[]
}
export interface Line<K extends string> {
  readonly is: 'line'
  readonly kind: K
  readonly most: number
  /** Each a list of things by their numbers, the first of the line first. */
  readonly begins?: readonly (readonly number[])[]
}

export interface SetOf<K extends string> {
  readonly is: 'set'
  readonly kind: K
  /** Each a list of things by their numbers. */
  readonly begins?: readonly (readonly number[])[]
}

/** One of a few words, such as `oneOf('idle', 'sending')`. */
export const oneOf = <const W extends readonly string[]>(...words: W): OneOf<W[number]> => ({ is: 'one of', words })
/** A whole number from 0 to `most`; `upTo(0)` is always 0 and takes no room in a state. */
export const upTo = (most: number): UpTo => ({ is: 'up to', most })
/** One thing of a kind, or nobody (`null`). */
export const maybe = <K extends string>(kind: K): Maybe<K> => ({ is: 'maybe', kind })
/** A queue of things of a kind, first in, first out, at most `most` long. */
export const lineOf = <K extends string>(kind: K, most: number): Line<K> => ({ is: 'line', kind, most })
/** Any of the things of a kind, each once and in no order. */
export const setOf = <K extends string>(kind: K): SetOf<K> => ({ is: 'set', kind })

/**
 * A domain that a field begins otherwise in: at any of some values, each of them where a run may start. Several fields, and several
 * things, begin independently; which of all these beginnings there are a model can say with `starts`.
 */
export const begins = <D extends Domain>(domain: D, ...values: NonNullable<D['begins']>): D => ({ ...domain, begins: values })

/** The fields of a fate, for a model’s messages: how high each can count. What a component cannot do stays 0. */
export const fate = (most: Partial<Fate>): { readonly [F in keyof Fate]: UpTo } => ({
  arrived: upTo(most.arrived ?? 1),
  delivered: upTo(most.delivered ?? 1),
  ...(most.repeated === undefined ? {} : { repeated: upTo(most.repeated) }),
  stripped: upTo(most.stripped ?? 0),
  altered: upTo(most.altered ?? 0),
  flagged: upTo(most.flagged ?? 0),
})

export type Fields = Readonly<Record<string, Domain>>
/** Things of one kind: a single one, or several that are alike. */
export interface Things<F extends Fields = Fields, Many extends boolean = boolean> {
  readonly many: Many
  readonly count: number
  readonly fields: F
  /** Whether nothing tells them apart but what their fields hold: swapping two of them changes nothing that matters. */
  readonly alike?: boolean
}
export const one = <const F extends Fields>(fields: F): Things<F, false> => ({ many: false, count: 1, fields })
export const each = <const F extends Fields>(count: number, fields: F): Things<F, true> => ({ many: true, count, fields })

/**
 * Several that are interchangeable: no rule or law may prefer one by its number, or by its place in a list. A search that
 * goes by it looks whether that is so, and refuses the model otherwise.
 */
export const alike = <const F extends Fields>(count: number, fields: F): Things<F, true> =>
  ({ many: true, count, fields, alike: true })

export type State = Readonly<Record<string, Things>>

/** A queue as a rule sees it. */
export interface Queue<T> {
  readonly length: number
  readonly first: T | null
  readonly hasRoom: boolean
  push(thing: T): void
  shift(): void
  /** What stands at a place, from 0, or before the end, from -1; null where nothing does. */
  at(place: number): T | null
  contains(thing: T): boolean
  /** Takes out the first that is this one, wherever it stands, and says whether there was one. */
  remove(thing: T): boolean
}

/** A set as a rule sees it; what is in it can be gone through, in the order of their numbers. */
export interface Members<T> extends Iterable<T> {
  readonly size: number
  has(thing: T): boolean
  add(thing: T): void
  remove(thing: T): void
}

/** A thing as a rule sees it: its fields, to read and to set, and its number, from 1. */
export type Thing<S extends State, K extends keyof S> = { readonly number: number } & {
  -readonly [F in keyof S[K]['fields']]: Value<S, S[K]['fields'][F]>
}
type Value<S extends State, D extends Domain> =
  D extends OneOf<infer W> ? W
  : D extends Maybe<infer K> ? Thing<S, K & keyof S> | null
  : D extends Line<infer K> ? Queue<Thing<S, K & keyof S>>
  : D extends SetOf<infer K> ? Members<Thing<S, K & keyof S>>
  : number

type Many<S extends State> = { [K in keyof S]: S[K]['many'] extends true ? K : never }[keyof S] & string
type Single<S extends State> = Exclude<keyof S & string, Many<S>>

/** Everything in a state, by kind: `sender`, and `workers` where there are several. */
export type World<S extends State> = { readonly [K in Single<S>]: Thing<S, K> } & {
  readonly [K in Many<S> as `${K}s`]: readonly Thing<S, K>[]
}

/** The kinds a sentence ranges over: every kind it names, but not one that follows `its`. */
type Named<S extends State, Sentence extends string> =
  Sentence extends `${infer Before} its ${infer After}` ? Words<S, Before> | Words<S, Rest<After>> : Words<S, Sentence>
type Words<S extends State, Sentence extends string> =
  Sentence extends `${infer Word} ${infer After}` ? (Word & Many<S>) | Words<S, After> : Sentence & Many<S>
type Rest<Sentence extends string> = Sentence extends `${string} ${infer After}` ? After : ''
/** What follows `its`: the one that the rule’s first word has in its field of that name. */
type Its<S extends State, Sentence extends string> =
  Sentence extends `${infer Actor} ${string} its ${infer Field} ${string}` ? Had<S, Actor, Field>
  : Sentence extends `${infer Actor} ${string} its ${infer Field}` ? Had<S, Actor, Field>
  : unknown
type Had<S extends State, Actor extends string, Field extends string> =
  { readonly [K in Field]: Actor extends keyof S ? NonNullable<Value<S, S[Actor]['fields'][Field]>> : never }

/** What a rule’s guard and effect are given: whom the sentence names, and everything else in the state. */
export type Scene<S extends State, Sentence extends string> =
  World<S> & { readonly [K in Named<S, Sentence>]: Thing<S, K> } & Its<S, Sentence>

/**
 * What kind of step a rule is. A fair scheduler owes `progress` and, in time, `timer` steps; it never owes a `choice`, which
 * somebody may make and need not, nor a `fault`, nor the `heal` that undoes one.
 */
export type StepKind = 'progress' | 'timer' | 'choice' | 'heal' | 'fault'
export const isOwed = (kind: StepKind): boolean => kind === 'progress' || kind === 'timer'

/**
 * A rule’s sentence is what a page prints. Its first word is who acts. A kind it names is ranged over; the word
 * after `its` is a field of who acts, and the rule waits until somebody is there.
 */
export interface Rule {
  readonly sentence: string
  readonly kind: StepKind
  /** How often it may happen in one run; no limit when absent. */
  readonly atMost?: number
  /** How a step that is owed is owed; weakly when absent. */
  readonly fair?: 'strongly'
  /** What a log would show of it, such as an event number of the document. */
  readonly logs?: string
  readonly when: (scene: never) => boolean
  readonly then: (scene: never) => void
}

type When<S extends State, Sentence extends string> = (scene: Scene<S, Sentence>) => boolean
type Then<S extends State, Sentence extends string> = (scene: Scene<S, Sentence>) => void

/** The words for rules over one state. Faults come last, so that a schedule of zeros is a run without any. */
export const rulesOver = <S extends State>(_state: S) => ({
  rule: <const T extends string>(sentence: T, when: When<S, T>, then: Then<S, T>, logs?: string): Rule =>
    ({ sentence, kind: 'progress', when, then, ...(logs === undefined ? {} : { logs }) }),
  /** What happens only as time passes. */
  timer: <const T extends string>(sentence: T, when: When<S, T>, then: Then<S, T>): Rule =>
    ({ sentence, kind: 'timer', when, then }),
  /** What somebody may do, and need not: it is never owed. */
  choice: <const T extends string>(sentence: T, when: When<S, T>, then: Then<S, T>): Rule =>
    ({ sentence, kind: 'choice', when, then }),
  heal: <const T extends string>(sentence: T, when: When<S, T>, then: Then<S, T>): Rule =>
    ({ sentence, kind: 'heal', when, then }),
  fault: <const T extends string>(sentence: T, atMost: number, when: When<S, T>, then: Then<S, T>): Rule =>
    ({ sentence, kind: 'fault', atMost, when, then }),
})

/**
 * The same rule, owed strongly: for each choice of whom it is about, it is taken if it is possible again and again. A rule that is
 * owed weakly is taken only if it stays possible.
 */
export const strongly = (rule: Rule): Rule => ({ ...rule, fair: 'strongly' })

/** What a law asks of a state: of everything in it, and of whom the law’s sentence ranges over. */
type Asks = (scene: never) => boolean
/** A law of one’s own. `lawsOver` in `spec/laws.ts` says what each kind of them means. */
export type OwnLaw = { readonly own: true; readonly name: string; readonly says: string } & (
  | { readonly when: 'always' | 'in the end' | 'eventually' | 'can be reached' | 'can always be reached'; readonly holds: Asks }
  | { readonly when: 'leads to'; readonly from: Asks; readonly holds: Asks }
  | { readonly when: 'every step'; readonly sees: (scene: never) => unknown; readonly keeps: (before: never, after: never) => boolean }
)

/**
 * A component under one policy and at one scope: what the readers read.
 *
 * Its messages are the things of the kind `message` that carry the fields of a `Fate`: the five laws are about them. The last one is
 * the fresh message: a well-formed one that arrives at any time, or never.
 */
export interface Model {
  readonly name: string
  readonly state: State
  readonly rules: readonly Rule[]
  /** Laws of one’s own. The five laws are asked as well where there are messages. */
  readonly laws?: readonly OwnLaw[]
  /** Which of the beginnings that fields allow there are; all of them when absent. */
  readonly starts?: Asks
  /** A bound: where it does not hold, a run is not followed any further. */
  readonly within?: Asks
  /** What the fresh message is like: the fields of `message` to set. Without it, none is ever sent. */
  readonly fresh?: Readonly<Record<string, string | number>>
  /** What the laws should know of a message. Given the world once, when the model is compiled. Wanted where there are messages. */
  readonly known?: (world: never) => Circumstances<never>
  /** A state in a few short facts, of which a page prints those that a step has changed; without it, every field is one. */
  readonly facts?: (world: never) => readonly string[]
  /**
   * A model made of others has no state or rules of its own: what one stage delivers arrives at the next, and
   * whether a message was stripped, altered or flagged is common knowledge.
   */
  readonly stages?: readonly Model[]
}

interface Written<S extends State> {
  readonly name: string
  readonly state: S
  readonly rules: readonly Rule[]
  readonly laws?: readonly OwnLaw[]
  readonly starts?: (world: World<S>) => boolean
  readonly within?: (world: World<S>) => boolean
  readonly facts?: (world: World<S>) => readonly string[]
}
/** What is to be said of messages, where there are any. */
type OfMessages<S extends State> = S extends { readonly message: Things<ReturnType<typeof fate>> } ? {
  readonly fresh: Readonly<Record<string, string | number>>
  readonly known: (world: World<S>) => Circumstances<Thing<S, 'message'>>
} : unknown

/** A model, with what it says of its state written against that state. */
export const model = <const S extends State>(written: Written<S> & OfMessages<S>): Model => written
