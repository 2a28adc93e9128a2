/**
 * A public entry: what a component of your own is written in, and what reads it.
 *
 * What is not exported by a file of `api/` may change at any time.
 */
export { build, scopeOf, streams } from '../engine/model/build.ts'
export type { Machine } from '../engine/model/machine.ts'
export { type Checked, type Claim, check } from '../engine/search/claims.ts'
export { type Exploration, explore } from '../engine/search/explore.ts'
export { TooManyStates } from '../engine/search/memory.ts'
export { type ModelScenario, walk } from '../engine/walk/walk.ts'
export * from '../spec/component.ts'
export * from '../spec/laws.ts'
export * from '../spec/model.ts'
export * from '../spec/verdict.ts'
