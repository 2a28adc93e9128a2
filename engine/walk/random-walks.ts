/** Walks that fast-check draws, one after another, until one breaks a law; and then the smallest that does. */
import fc from 'fast-check'
import type { Component, Scope } from '../../spec/component.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { ModelLaw } from '../../spec/laws.ts'
import { realNow } from '../real-time.ts'
import { builderOf, scopeOf } from '../model/build.ts'
import { lawIn } from '../model/asked-law.ts'
import type { Machine } from '../model/machine.ts'
import type { Claim } from '../search/claims.ts'
import type { WalkSpeed } from './guards.ts'
import { draws, type ModelScenario, scenarioOf, withBegin } from './model-scenario.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { counterexample } from '../run/trace.ts'
import { guess, walk } from './walk.ts'

interface RandomWalks {
  readonly seed: number
  /** Walks to draw at the most. */
  readonly runs: number
  /** All that the model has unless told otherwise. */
  readonly laws?: readonly ModelLaw[]
  /** Sizes that are given and not drawn. */
  readonly given?: Scope
  /** What makes them fast; without it, the same is found. */
  readonly speed?: WalkSpeed | undefined
  /** When no further one is begun, by `realNow()`. */
  readonly until?: number
}

interface Found {
  /** Walks until a law was broken; all of them when none was, or as many as there was time for. */
  readonly runs: number
  readonly found: (Shrunk & { readonly law: ModelLaw }) | null
}

/**
 * Draws walks through a variant. Deterministic for a seed. What each would come to is guessed first; one that seems to break
 * a law is shrunk, and what is reported of it was walked step by step. When none is left that does, all walks that guesses left
 * steps out of are walked again without, so that ‘nothing found’ too is said of steps that were taken.
 */
export function randomWalks(
  component: Component, variant: string, { seed, runs, laws, given = {}, speed = {}, until = Infinity }: RandomWalks,
): Found {
  const machineAt = builderOf(component, variant)
  /** By their numbers, the walks that kept every law step by step. */
  const kept = new Set<number>()
  const begins = machineAt(scopeOf(component, given)).initialStates > 1
  const optionsOf = (machine: Machine) => ({ ...(laws ? { laws: laws.map((law) => lawIn(machine, law)) } : {}), speed })
  return drawn(true) ?? drawn(false)!

  /** Null where guesses have misled, or only they say that nothing was found. */
  function drawn(guesses: boolean): Found | null {
    let walked = 0
    let first: { scenario: ModelScenario; law: ModelLaw } | null = null
    const property = fc.property(draws(component, { given, begins }), (draw) => {
      if (kept.has(++walked)) return true
      const scenario = scenarioOf(component, draw)
      const look = guesses ? guess : walk
      const machine = machineAt(scenario.scope)
      const { broken, isSure } = { isSure: true, ...look(machine, scenario, optionsOf(machine)) }
      if (broken) first = { scenario, law: broken.law }
      else if (isSure) kept.add(walked)
      return broken === null
    })
    const time = until === Infinity ? {} : { interruptAfterTimeLimit: Math.max(0, until - realNow()) }
    const { failed, errorInstance, interrupted } = fc.check(property, { seed, numRuns: runs, endOnFailure: true, ...time })
    if (!first) {
      if (interrupted) return { runs: kept.size, found: null }
      if (failed) throw errorInstance
      return kept.size === walked ? { runs: walked, found: null } : null
    }
    const { scenario, law } = first as { scenario: ModelScenario; law: ModelLaw }
    const shrunk = shrink(component, variant, law, scenario, { given, machine: machineAt, speed })
    if (shrunk) return { runs: walked, found: { ...shrunk, law } }
    // A law may be broken only on the way to another, such as by the fresh message: then the walk stays as it was found.
    const machine = machineAt(scenario.scope)
    const { broken, begin } = walk(machine, scenario, optionsOf(machine))
    return broken && { runs: walked, found: { ...broken, scenario: withBegin(scenario, begin), machine, tries: 0 } }
  }
}

/** What random walks found, as a page shows it. */
export function smallestRun(claim: Pick<Claim, 'component' | 'variant' | 'says' | 'from'>, { runs, found }: Found): Counterexample | null {
  if (!found) return null
  const { component, variant, says, from = null } = claim
  const { machine, run, law, subject, since, scenario: { scope, stream, begin = 0 }, tries } = found
  return counterexample(machine, run, {
    component, variant, says, from, scope, stream, begin, law: lawIn(machine, law), subject, ...(since === undefined ? {} : { since }),
    minimality: { known: 'shrunk', runs: runs + tries },
  })
}
