/** What `unwedge check` finds of one real connector. */
import type { ConformanceResult } from '../../engine/conform/model-conformance.ts'
import type { Verdict } from '../../engine/falsify/falsify.ts'
import type { Orders } from '../../engine/falsify/interleavings.ts'
import type { Coverage } from '../../spec/evidence/coverage.ts'
import type { Divergence, Violation } from '../../spec/evidence/violation.ts'
import type { ConnectorFile } from '../input/loaded-connector.ts'

/** As many scenarios are drawn for a connector unless a check is told otherwise. */
export const usualRuns = 300

export interface ConnectorResult {
  readonly subject: ConnectorFile
  readonly verdict: Verdict['verdict']
  /** Why nothing can be said; empty unless inconclusive. */
  readonly because: string
  /** Scenarios it was tried with, stored ones not counted. */
  readonly runs: number
  /** Whether the same scenario gave the same history twice; null when that was not tried. */
  readonly repeats: boolean | null
  readonly violations: readonly Violation[]
  readonly divergence: Divergence | null
  /** A law that was broken in one run, and kept when the same scenario ran again; null when there is none. */
  readonly once: Violation | null
  readonly stored: StoredScenarios
  /** What came of trying every order of a few messages; null when that was not tried. */
  readonly orders: Orders | null
  /** How many histories the model of its component could have shown, asked for so many seconds at the most; null when it names none. */
  readonly conformance: Omit<ConformanceResult, 'divergence'> & { readonly component: string; readonly seconds: number } | null
  /** What was drawn; null when nothing was, or there was no time to tell. */
  readonly coverage: Coverage | null
  /** Faults that were drawn and never happened. */
  readonly unreached: Verdict['unreached']
  /** What else to say, in sentences, such as that a failure could not be kept. */
  readonly remarks: readonly string[]
  readonly milliseconds: number
}

/** How many stored scenarios still break a connector, and which were dropped, and why. */
interface StoredScenarios {
  readonly breaking: number
  readonly dropped: readonly string[]
}

/** How many stored scenarios it was tried with again. */
export const storedIn = ({ stored: { breaking, dropped } }: Pick<ConnectorResult, 'stored'>): number => breaking + dropped.length

/** What is found while the connector runs. */
export type Findings = Omit<ConnectorResult, 'subject' | 'milliseconds'>

export const nothingFound: Findings = {
  verdict: 'lawful', because: '', runs: 0, repeats: null, violations: [], divergence: null, once: null,
  stored: { breaking: 0, dropped: [] }, orders: null, conformance: null, coverage: null, unreached: [], remarks: [],
}
