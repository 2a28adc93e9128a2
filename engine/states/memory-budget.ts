/** How much memory there is, what of it is left once a search is finished, and the error where it is too little. */
import { totalmem } from 'node:os'
import { bytesIn, type Log } from './log.ts'

export class TooManyStates extends Error {
  override readonly name = 'TooManyStates'
}

/** Bytes of memory here; where a container is given less than the machine has, what it is given. */
const memory = () => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)

/** Bytes that a search may take unless it is told: half of what there is. */
export const memoryUnlessTold = () => memory() / 2

/** Whether an error says that an array could not be made, for want of memory or of any that large. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError && /allocation failed|typed array length/i.test(error.message)

interface Kind<A> {
  new (length: number): A
  readonly BYTES_PER_ELEMENT: number
}

/**
 * The memory that is left for questions about a finished search. All states are there by then, so it is known before an
 * array is made how large it will be, and what would not fit is said before the machine is out of memory.
 */
export class MemoryBudget {
  readonly #log: Log
  readonly #budget: number
  /** Bytes taken, those of the search among them. */
  #taken: number
  #purpose = 'more'

  /** In so many bytes for everything. The table of the search is no longer needed. */
  constructor(log: Log, budget = memoryUnlessTold()) {
    this.#log = log
    this.#budget = budget
    this.#taken = bytesIn(log)
  }

  /** A new array. Throws `TooManyStates` where it does not fit what is left, or the machine has not got that. */
  take<A>(kind: Kind<A>, length: number): A {
    const bytes = kind.BYTES_PER_ELEMENT * length
    if (this.#taken + bytes > this.#budget) throw this.#tooLittle(this.#budget)
    try {
      const array = new kind(length)
      this.#taken += bytes
      return array
    } catch (error) {
      throw isOutOfMemory(error) ? this.#tooLittle(this.#taken) : error
    }
  }

  /** What is taken meanwhile is for one purpose, such as ‘to look for cycles’, and given back afterwards. */
  while<T>(purpose: string, work: () => T): T {
    const before = { taken: this.#taken, purpose: this.#purpose }
    this.#purpose = purpose
    const result = work()
    this.#taken = before.taken
    this.#purpose = before.purpose
    return result
  }

  #tooLittle(bytes: number): TooManyStates {
    const { machine, states, levels } = this.#log
    return new TooManyStates(`${machine.model.name} has ${states.toLocaleString('en-US')} states at this scope, ${levels.length - 1} steps deep, `
      + `and all were visited; but ${this.#purpose} would take over ${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MB: `
      + 'narrow the scope, or search where there is more memory.')
  }
}
