/** Finds the number of a state in a log that is complete, by its words. */
import type { Log } from './log.ts'

const fullest = 0.5

export class StateIndex {
  readonly #log: Log
  readonly #mask: number
  /** The number of a state, from 1; 0 where there is none. */
  readonly #table: Int32Array

  constructor(log: Log) {
    this.#log = log
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, log.states / fullest)))
    this.#mask = size - 1
    this.#table = new Int32Array(size)
    const { words: K } = log.machine
    for (let state = 0; state < log.states; state++) {
      let slot = this.#slotOf(log.words, state * K)
      while (this.#table[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#table[slot] = state + 1
    }
  }

  /** -1 where there is none. */
  find(words: Int32Array, at = 0): number {
    const { words: all, machine: { words: K } } = this.#log
    for (let slot = this.#slotOf(words, at); this.#table[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const state = this.#table[slot]! - 1
      let k = 0
      while (k < K && all[state * K + k] === words[at + k]) k++
      if (k === K) return state
    }
    return -1
  }

  #slotOf(words: Int32Array, at: number): number {
    let hash = 0
    for (let k = 0; k < this.#log.machine.words; k++) {
      hash = Math.imul(hash ^ words[at + k]!, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    return Math.imul(hash, 0x85ebca6b) >>> 1 & this.#mask
  }
}
