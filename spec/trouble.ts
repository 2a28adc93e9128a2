/** A connector that broke a law: what a page of it shows. Plain data, and nothing on the page that is not in it. */
import type { Guarantee, History } from './connector.ts'
import type { Answer } from './evidence.ts'
import type { LawName } from './laws.ts'
import type { Ordeal } from './ordeal.ts'

export interface Trouble {
  readonly connector: string
  readonly guarantee: Guarantee
  readonly clock: 'virtual' | 'real'
  readonly law: { readonly name: LawName; readonly says: string }
  /** What happened, in a sentence. */
  readonly says: string
  readonly message: string | null
  /** The event at which it shows. */
  readonly at: number
  readonly ordeal: Ordeal
  readonly history: History
  readonly seed: number
  /** Ordeals drawn until one broke the law, and ordeals that shrinking took. */
  readonly runs: number
  readonly tries: number
  /** How it was come upon, if not drawn and shrunk: while every order was tried, or kept from an earlier time. */
  readonly found?: 'in every order' | 'kept'
  /** Where the connector is: a file, from where the command was given, and the name under which it is exported. */
  readonly from?: { readonly file: string; readonly export: string }
  /** Whether the same ordeal gave the same history twice. */
  readonly repeats: boolean
  /** What the connector says cannot happen to it, and why. */
  readonly notApplicable: readonly { readonly what: string; readonly because: string }[]
  /** Which known bug it behaves like; null when none fits or nobody asked. */
  readonly diagnosis: string | null
  /** The questions that this bug answers otherwise than a right one. */
  readonly answers?: readonly Answer[]
  /** The command that shows it again. */
  readonly again: string
}

/** What a connector did that the model of the component it says it is could not have done. */
export interface Unlike {
  readonly connector: string
  readonly component: string
  /** What it did, and what would have been allowed, in a sentence. */
  readonly says: string
  /** The same in parts. */
  readonly did: string
  readonly allowed: readonly string[]
  readonly message: string | null
  readonly history: History
  /** The first event at which they part. */
  readonly at: number
  /** The command that shows it again. */
  readonly again: string
}
