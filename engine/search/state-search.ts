/** A search of every state, and what can be said of them. */
import type { ModelLaw } from '../../spec/laws.ts'
import type { Machine } from '../model/machine.ts'
import { fill } from '../states/kernel.ts'
import type { Log } from '../states/log.ts'
import { MemoryBudget } from '../states/memory-budget.ts'
import { checkEnded, distinct, type SearchOptions, statesThatFit } from './exploration.ts'
import type { Graph } from './graph.ts'
import { type ModelViolation, realised } from './model-violation.ts'
import { nearestViolation } from './violations.ts'

export class StateSearch {
  readonly log: Log
  readonly #starts: readonly Int32Array[]
  readonly #startOf: readonly number[]
  readonly #graph: Graph

  constructor(machine: Machine, starts: readonly Int32Array[], { limits, speed }: SearchOptions) {
    this.log = fill(machine, starts, true, { states: statesThatFit(machine), ...limits, speed })
    checkEnded(this.log)
    this.#starts = starts
    this.#startOf = distinct(starts)
    this.#graph = { log: this.log, memory: new MemoryBudget(this.log, limits?.bytes), orbit: null, unfolding: null, only: null }
  }

  nearest(law: ModelLaw): ModelViolation | null {
    const found = nearestViolation(this.#graph, law)
    if (!found) return null
    const { start, moves, stem } = found.run
    const number = this.#startOf[start]!
    return realised(this.log.machine, found, this.#starts[number]!, number, moves.slice(0, stem ?? moves.length))
  }
}
