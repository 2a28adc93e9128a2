/** The lanes of a run: a column for each actor. */
import type { Repeat, Step } from '../../spec/evidence/counterexample.ts'

/** Whether a step has a lane: what the world does to a component goes across all lanes. */
export const inLane = (step: Step) => step.kind !== 'heal' && step.kind !== 'fault'

/** The actors, in the order in which they first act; those of one kind together, by their numbers. */
export function lanesOf(run: readonly Repeat[]): readonly string[] {
  const actors = [...new Set(run.flatMap(({ steps }) => steps).filter(inLane).map(({ who }) => who))]
  const kinds = [...new Set(actors.map(kindOf))]
  return actors.sort((a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b)) || a.localeCompare(b, 'en', { numeric: true }))
}
const kindOf = (actor: string) => actor.replace(/ \d+$/, '')
