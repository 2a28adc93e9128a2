/** Walks that fast-check draws, one after another, until one breaks a law; and then the smallest that does. */
import fc from 'fast-check'
import type { Component, Scope } from '../../spec/component.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import { type Law, laws as allLaws } from '../../spec/laws.ts'
import { builderOf } from '../model/build.ts'
import { draws, scenarioOf } from './generator.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { counterexample } from '../run/trace.ts'
import { guess, type ModelScenario, walk } from './walk.ts'

interface Hunt {
  readonly seed: number
  /** Walks to draw at the most. */
  readonly runs: number
  readonly laws?: readonly Law[]
  /** Sizes that are given and not drawn. */
  readonly given?: Scope
}

export interface Hunted {
  /** Walks until a law was broken; all of them when none was. */
  readonly runs: number
  readonly found: (Shrunk & { readonly law: Law }) | null
}

/**
 * Draws walks through a variant. Deterministic for a seed. They are taken in strides first; one that seems to break a
 * law is shrunk, and what is told of it was walked step by step. When none is left that does, all walks that strides left
 * steps out of are walked again without, so that ‘nothing found’ too is said of steps that were taken.
 */
export function hunt(component: Component, variant: string, { seed, runs, laws = allLaws, given = {} }: Hunt): Hunted {
  const machineAt = builderOf(component, variant)
  /** By their numbers, the walks that kept every law step by step. */
  const kept = new Set<number>()
  return drawn(true) ?? drawn(false)!

  /** Null where strides have misled, or only they say that nothing was found. */
  function drawn(strides: boolean): Hunted | null {
    let walked = 0
    let first: { scenario: ModelScenario; law: Law } | null = null
    const property = fc.property(draws(component, { given }), (draw) => {
      if (kept.has(++walked)) return true
      const scenario = scenarioOf(component, draw)
      const look = strides ? guess : walk
      const { broken, isSure } = { isSure: true, ...look(machineAt(scenario.scope), scenario, { laws }) }
      if (broken) first = { scenario, law: broken.law }
      else if (isSure) kept.add(walked)
      return broken === null
    })
    const { failed, errorInstance } = fc.check(property, { seed, numRuns: runs, endOnFailure: true })
    if (!first) {
      if (failed) throw errorInstance
      return kept.size === walked ? { runs: walked, found: null } : null
    }
    const { scenario, law } = first as { scenario: ModelScenario; law: Law }
    const shrunk = shrink(component, variant, law, scenario, given, machineAt)
    if (shrunk) return { runs: walked, found: { ...shrunk, law } }
    // A law may be broken only on the way to another, such as by the fresh message: then the walk stays as it was found.
    const machine = machineAt(scenario.scope)
    const { broken } = walk(machine, scenario, { laws })
    return broken && { runs: walked, found: { ...broken, scenario, machine, tries: 0 } }
  }
}

/** What was hunted down, as a page shows it. */
export function hunted(component: Component, variant: string, says: string, { runs, found }: Hunted): Counterexample | null {
  if (!found) return null
  const { machine, run, law, message, scenario: { scope, stream }, tries } = found
  return counterexample(machine, run, {
    component, variant, says, scope, stream, law, message, minimality: { known: 'shrunk', runs: runs + tries },
  })
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
