/** Exploring one state of each orbit, and getting real runs back from it. */
import { laws as allLaws } from '../spec/laws.ts'
import { type Broken, broken, type Exploration, explore, firstBroken, marks, type Options, statesThatFit } from './explore.ts'
import { circles, type Part } from './graph.ts'
import { fill } from './kernel.ts'
import type { Machine } from './machine.ts'

/**
 * The same over orbits. Rest, what must always hold and what must recover can be read off them. A circle of orbits may
 * come back with things exchanged, so what is fair cannot: where orbits have a circle at all, every state is visited.
 */
export function overOrbits(machine: Machine, starts: readonly Int32Array[], options: Options, canon: () => void): Exploration {
  const represented = starts.map((start) => {
    machine.load(start)
    canon()
    return machine.save()
  })
  const log = fill(machine, represented, true, { states: statesThatFit(machine), ...options.limits, canon })
  const whole: Part = { log, uses: marks(machine, () => true), has: () => true }
  if (circles(whole).length > 0) return explore(machine, starts, { ...options, symmetry: false })
  const startOf = distinct(represented)
  const found = (options.laws ?? allLaws).flatMap((law) => firstBroken(log, law) ?? [])
  return {
    machine, states: log.states, transitions: log.transitions, depth: log.levels.length - 1,
    broken: found.map((broken) => realised(machine, starts, { ...broken, run: { ...broken.run, start: startOf[broken.run.start]! } }, canon)),
  }
}

/** A run over orbits as one over states: at each step the move whose state belongs to the next orbit. */
function realised(machine: Machine, starts: readonly Int32Array[], found: Broken, canon: () => void): Broken {
  const orbits: string[] = []
  machine.load(starts[found.run.start]!)
  canon()
  for (const move of found.run.moves) {
    machine.take(move)
    canon()
    orbits.push(machine.save().join())
  }
  let state = starts[found.run.start]!
  const moves = orbits.map((orbit) => {
    for (const { at } of machine.moves) {
      machine.load(state)
      if (!machine.take(at)) continue
      const reached = machine.save()
      canon()
      if (machine.save().join() !== orbit) continue
      state = reached
      return at
    }
    throw new Error(`${machine.model.name} declares things alike that are not: a step of one orbit is none of another state of it.`)
  })
  machine.load(state)
  const law = found.law
  const message = law.when === 'recovers' ? found.message : (broken(machine, law)?.number ?? found.message)
  return { ...found, run: { ...found.run, moves }, message }
}

/** The log holds each start once: which of the given ones it is. */
export function distinct(starts: readonly Int32Array[]): readonly number[] {
  const first = new Map<string, number>()
  starts.forEach((start, i) => {
    const key = start.join()
    if (!first.has(key)) first.set(key, i)
  })
  return [...first.values()]
}
