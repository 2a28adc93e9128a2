/** A connector that broke a law: what a page of it shows. Plain data, and nothing on the page that is not in it. */
import type { Guarantee, History } from '../connector.ts'
import type { Answer, Origin } from './counterexample.ts'
import type { LawName } from '../laws.ts'
import type { Scenario } from '../scenario.ts'

export interface Violation {
  readonly connector: string
  readonly guarantee: Guarantee
  readonly clock: 'virtual' | 'real'
  readonly law: { readonly name: LawName; readonly says: string }
  /** Which clause of the law, by its name in `spec/clauses.ts`. */
  readonly clause: string
  /** What happened, in a sentence. */
  readonly says: string
  readonly message: string | null
  /** The event at which it shows. */
  readonly at: number
  readonly scenario: Scenario
  readonly history: History
  /** Where what is done to one link costs a message for another something: what happens to that message when nothing is done. */
  readonly without?: History
  readonly seed: number
  /** Scenarios drawn until one broke the law, and scenarios that shrinking took. */
  readonly runs: number
  readonly tries: number
  /**
   * How it was found, if not drawn and shrunk: while every order was tried, or kept from an earlier time. `once` where the law was
   * kept when the same scenario ran again: then nothing is settled.
   */
  readonly found?: 'in every order' | 'kept' | 'once'
  /** Where the connector is. */
  readonly from?: Origin
  /** Whether the same scenario gave the same history twice. */
  readonly repeats: boolean
  /** What the connector says cannot happen to it, and why. */
  readonly notApplicable: readonly { readonly what: string; readonly because: string }[]
  /** What it promises and asks for otherwise than the default: the name of the field, and its value in words. */
  readonly declared?: readonly { readonly what: string; readonly is: string }[]
  /** Which known bug it behaves like; null when none fits or that was not tried. */
  readonly diagnosis: string | null
  /** The questions that this bug answers otherwise than a right one. */
  readonly answers?: readonly Answer[]
  /** What happens without each part of the scenario, if that was tried; empty where it has too many parts, or none to leave out. */
  readonly lacking?: readonly Lacking[]
  /** The command that shows it again. */
  readonly again: string
}

/** A part of a scenario left out, and what then comes of it. */
export interface Lacking {
  /** One message of a burst fewer, or plain instead of its kind; a fault, worker, recipient or fresh message fewer; the order of calls. */
  readonly part: 'message' | 'kind' | 'fault' | 'workers' | 'recipients' | 'fresh' | 'order'
  /** Which burst, fault or fresh message it is, from 0. */
  readonly at: number
  readonly outcome: 'kept' | 'broken' | 'not known'
  /** The law that is broken then, if one is. */
  readonly law: LawName | null
  /** What happens then, or why that is not known, in a sentence; empty when every law is kept. */
  readonly says: string
}

/** What a connector did that the model of the component it says it is could not have done. */
export interface Divergence {
  readonly connector: string
  readonly component: string
  /** What it did, and what would have been allowed, in a sentence. */
  readonly says: string
  /** The same in parts. */
  readonly did: string
  readonly allowed: readonly string[]
  readonly message: string | null
  readonly scenario: Scenario
  readonly history: History
  /** The first event at which they part. */
  readonly at: number
  /** The command that shows it again. */
  readonly again: string
}
