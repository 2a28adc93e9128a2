/**
 * The public surface, for models: what a component of your own is written in, and what reads it. `examples/pager.ts` has one.
 *
 * What no entry exports may change at any time.
 */
import { check as checkPlainly } from '../engine/search/claims.ts'
import { explore as explorePlainly } from '../engine/search/explore.ts'
import { speed } from '../engine/speed/speed.ts'
import { walk as walkPlainly } from '../engine/walk/walk.ts'

export { build, scopeOf, streams } from '../engine/model/build.ts'
export type { Machine } from '../engine/model/machine.ts'
export { type CheckedClaim, type Claim, type ClaimOptions, claimsOf } from '../engine/search/claims.ts'
export type { Exploration, ModelViolation, SearchOptions } from '../engine/search/explore.ts'
export { TooManyStates } from '../engine/search/memory-budget.ts'
export type { ModelScenario } from '../engine/walk/model-scenario.ts'
export type { Walked, WalkOptions } from '../engine/walk/walk.ts'
export { UsageError } from '../engine/usage-error.ts'
export * from '../spec/component.ts'
export * from '../spec/evidence/counterexample.ts'
export * from '../spec/laws.ts'
export * from '../spec/model.ts'
export * from '../spec/verdict.ts'

/** Holds a claim to what the explorer finds: every state, every law, every number. */
export const check: typeof checkPlainly = (claim, options) => checkPlainly(claim, { speed, ...options })

/** Explores a machine from its starts: every state, and for each law the shortest run that breaks it. */
export const explore: typeof explorePlainly = (machine, starts, options) => explorePlainly(machine, starts, { speed, ...options })

/** Follows a scenario’s stream, faults and schedule through a machine built at its scope. */
export const walk: typeof walkPlainly = (machine, scenario, options) => walkPlainly(machine, scenario, { speed, ...options })
