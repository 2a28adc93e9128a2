/**
 * The public surface, for models: what a component of your own is written in, and what reads it. `examples/pager.ts` has one.
 *
 * What no file of `api/` exports may change at any time.
 */
export { build, scopeOf, streams } from '../engine/model/build.ts'
export type { Machine } from '../engine/model/machine.ts'
export { type Checked, type CheckOptions, type Claim, check } from '../engine/search/claims.ts'
export { type Exploration, explore, type ModelViolation, type Options } from '../engine/search/explore.ts'
export { TooManyStates } from '../engine/search/memory.ts'
export { type ModelScenario, walk, type Walked, type WalkOptions } from '../engine/walk/walk.ts'
export * from '../spec/component.ts'
export * from '../spec/evidence/counterexample.ts'
export * from '../spec/laws.ts'
export * from '../spec/model.ts'
export * from '../spec/verdict.ts'
