/**
 * The public surface, for models: what a component of your own is written in, and what reads it. `examples/pager.ts` has one.
 *
 * What no entry exports may change at any time.
 */
import { type CheckedClaim, check as checkPlainly, type Claim, type ClaimOptions } from '../engine/search/claims.ts'
import type { Exploration, SearchOptions } from '../engine/search/exploration.ts'
import { explore as explorePlainly } from '../engine/search/explore.ts'
import { speed } from '../engine/speed/speed.ts'
import type { Machine } from '../engine/model/machine.ts'
import type { ModelScenario } from '../engine/walk/model-scenario.ts'
import { walk as walkPlainly } from '../engine/walk/walk.ts'
import type { Walked, WalkOptions } from '../engine/walk/walker.ts'

export { build, scopeOf, streams } from '../engine/model/build.ts'
export type { Machine } from '../engine/model/machine.ts'
export { type CheckedClaim, type Claim, type ClaimOptions, claimsOf } from '../engine/search/claims.ts'
export type { Exploration, SearchOptions } from '../engine/search/exploration.ts'
export type { ModelViolation } from '../engine/search/model-violation.ts'
export { TooManyStates } from '../engine/states/memory-budget.ts'
export type { ModelScenario } from '../engine/walk/model-scenario.ts'
export type { Walked, WalkOptions } from '../engine/walk/walker.ts'
export { UsageError } from '../engine/usage-error.ts'
export * from '../spec/component.ts'
export * from '../spec/evidence/counterexample.ts'
export * from '../spec/laws.ts'
export * from '../spec/model.ts'
export * from '../spec/verdict.ts'
export { answerIsLost, callIsLost, linkFails, linkIsLate, restart, type WordMap, workerDies } from '../spec/word-map.ts'

/** Holds a claim to what the explorer finds: every state, every law, every number. */
export function check(claim: Claim, options?: ClaimOptions): CheckedClaim {
  return checkPlainly(claim, { speed, ...options })
}

/** Explores a machine from its starts: every state, and for each law the shortest run that breaks it. */
export function explore(machine: Machine, starts: readonly Int32Array[], options?: SearchOptions): Exploration {
  return explorePlainly(machine, starts, { speed, ...options })
}

/** Follows a scenario’s stream, faults and schedule through a machine built at its scope. */
export function walk(machine: Machine, scenario: Omit<ModelScenario, 'scope'>, options?: WalkOptions): Walked {
  return walkPlainly(machine, scenario, { speed, ...options })
}
