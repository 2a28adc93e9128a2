/** A limit at full size: where it lies, from both sides, and the shortest run past it. */
import type { Component, Scope } from '../../spec/component.ts'
import type { ModelBurst, Counterexample } from '../../spec/evidence/counterexample.ts'
import type { Law } from '../../spec/laws.ts'
import { build } from '../model/build.ts'
import { explore } from '../search/explore.ts'
import type { SearchSpeed } from '../states/log.ts'
import { TooManyStates } from '../states/memory-budget.ts'
import type { WalkSpeed } from './guards.ts'
import type { ModelScenario } from './model-scenario.ts'
import { shrink } from './shrink.ts'
import { counterexample, type CounterexampleContext } from '../run/trace.ts'
import { walk } from './walk.ts'

/** What is claimed of a limit; `models/limits.ts` holds them. */
interface Limit {
  readonly component: Component
  readonly variant: string
  readonly law: Law
  readonly scope: Scope
  readonly stream: (n: number) => readonly ModelBurst[]
  readonly fault?: number
  readonly of: string
  readonly does: string
  readonly plenty: number
}

/** As many states as are visited to prove that no shorter run does it; past that the page says that it was shrunk. */
const provable = 1_500_000

/** Looks for where a limit lies. Null when no number up to plenty is too many, or already none at all is. */
export function atFullSize(limit: Limit, says: string, speed?: SearchSpeed & WalkSpeed): Counterexample | null {
  const { component, variant, law, scope, stream, of, does, plenty } = limit
  const machine = build(component, variant, scope)
  const scenario = (n: number): ModelScenario =>
    ({ scope, stream: stream(n), faults: limit.fault === undefined ? [] : [{ after: 0, pick: limit.fault }], schedule: [] })
  const keeps = (n: number) => n === 0 || walk(machine, scenario(n), { laws: [law], speed }).broken === null
  const found = threshold(0, plenty, keeps)
  if (!found) return null
  const shown = (subject: number): Omit<CounterexampleContext, 'minimality'> =>
    ({ component, variant, says, scope, law, subject, stream: stream(found.breaks), threshold: { of, does, ...found } })
  try {
    const options = { laws: [law], symmetry: true, limits: { states: provable }, speed }
    const [broken] = explore(machine, [machine.start(stream(found.breaks))], options).broken
    if (broken?.shortest) {
      const { run, subject, nearer, ofOrbits } = broken
      const minimality = { known: 'proved', nearer, ...(ofOrbits ? { areOrbits: ofOrbits } : {}) } as const
      return counterexample(machine, run, { ...shown(subject), minimality })
    }
  } catch (error) {
    if (!(error instanceof TooManyStates)) throw error
  }
  const shrunk = shrink(component, variant, law, scenario(found.breaks), { given: scope, speed })!
  return counterexample(shrunk.machine, shrunk.run, { ...shown(shrunk.subject), minimality: { known: 'shrunk', runs: shrunk.tries } })
}

/**
 * Where a limit lies: the greatest number that keeps a law and the next, that does not, both seen. Null when every
 * number up to the most keeps it, or already the least breaks it.
 */
export function threshold(least: number, most: number, keeps: (n: number) => boolean): { passes: number; breaks: number } | null {
  if (!keeps(least) || keeps(most)) return null
  let passes = least
  let breaks = most
  while (breaks - passes > 1) {
    const middle = Math.floor((passes + breaks) / 2)
    if (keeps(middle)) passes = middle
    else breaks = middle
  }
  return { passes, breaks }
}
