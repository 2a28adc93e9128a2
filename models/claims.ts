/** What the catalogue says of a variant, each number of which is checked against what is found. */
import type { Component, Scope } from '../spec/component.ts'
import type { LawName } from '../spec/laws.ts'

export interface Claims {
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The sizes that are not the usual small ones. */
  readonly scope: Scope
  /** Reachable states at that scope, over every stream that fits it. */
  readonly states: number
  /** Each law it breaks, with the steps of its shortest counterexample; none for a fixed one. */
  readonly breaks: Readonly<Partial<Record<LawName, number>>>
}

export interface Entry extends Claims {
  readonly component: Component
  readonly variant: string
}
