/** What a connector was tried with: which fault met which stage of a message’s life, and which faults came together. */
import type { FaultName } from '../fault.ts'

/** Where a message is when a fault comes about. */
export const stages = ['before it is taken', 'in hand', 'being sent', 'recorded, and not told', 'settled'] as const
export type Stage = (typeof stages)[number]

export interface Coverage {
  /** How often each fault met each stage. */
  readonly met: Readonly<Partial<Record<FaultName, Readonly<Partial<Record<Stage, number>>>>>>
  /** Pairs of faults that came about in one scenario, of all pairs of those that came about at all. */
  readonly pairs: { readonly met: number; readonly of: number }
}
