/**
 * The second reader: one run, at any size, in the order that a scenario gives.
 *
 * While its schedule lasts, a scenario decides; after that a fair scheduler goes round and round the owed moves until
 * nothing is owed or the run has come back to where it was. Then everything is healed and a fresh message is sent.
 */
import type { ModelStart } from '../../spec/evidence/counterexample.ts'
import type { Machine } from '../model/machine.ts'
import type { ModelScenario } from './model-scenario.ts'
import { type Found, Walk, type Walked, type WalkOptions } from './walker.ts'

export type { WalkOptions } from './walker.ts'

/** Follows a scenario’s stream, faults and schedule through a machine built at its scope. */
export function walk(machine: Machine, scenario: Omit<ModelScenario, 'scope'>, options: WalkOptions = {}): Walked {
  return new Walk(machine, options).follow(scenario)
}

interface Guess {
  readonly broken: Pick<Found, 'law' | 'subject'> | null
  /** Whether every step was taken: then a walk comes to the same. */
  readonly isSure: boolean
}

/** What a walk would come to, found with what acceleration there is: to guide a search whose end is then walked. */
export function guess(machine: Machine, scenario: Omit<ModelScenario, 'scope'>, options: WalkOptions = {}): Guess {
  const guessing = new Walk(machine, options, true)
  try {
    const { broken } = guessing.follow(scenario)
    return { broken, isSure: guessing.left === 0 }
  } catch (error) {
    if (guessing.left === 0) throw error
    return { broken: walk(machine, scenario, options).broken, isSure: true }
  }
}

/**
 * The same for a run: its moves, those that may still be taken, and then on fairly. Of a run that sends a fresh message
 * only what comes before that counts; held to nothing but ‘nothing wedges’, the message is then sent at once.
 */
export function retrace(machine: Machine, from: ModelStart, moves: readonly number[], options: WalkOptions = {}): Walked {
  return new Walk(machine, options).retrace(from, moves)
}
