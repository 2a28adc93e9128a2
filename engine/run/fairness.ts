/** A fair scheduler, and what it would not do: pass over a step for ever. */
import type { Machine, Move } from '../model/machine.ts'

/**
 * Gives each of a machine’s first moves its turn, round after round, so that none that may happen all the while is passed
 * over. Moves lie in the order of their kinds, so the first ones are those that are owed.
 */
export class FairScheduler {
  /** The move whose turn it is. */
  turn = 0
  readonly #next: (from: number, to: number) => number
  readonly #end: number
  readonly #leaps: () => boolean

  /**
   * `next` takes the first move of a range that may happen, and says which; -1 when none may. `leaps` is asked at the end of
   * each round, and says whether the state has become another by it: then a round begins there.
   */
  constructor(next: (from: number, to: number) => number, end: number, leaps: () => boolean = () => false) {
    this.#next = next
    this.#end = end
    this.#leaps = leaps
  }

  /** Takes the move whose turn it is, or the first after it that may happen. Which it was; null for a leap, -1 at rest. */
  go(): number | null {
    let move = this.#next(this.turn, this.#end)
    const isOver = move < 0 || move + 1 === this.#end
    if (isOver && this.#leaps()) {
      this.turn = 0
      return null
    }
    if (move < 0) {
      if (this.turn > 0) move = this.#next(0, this.turn)
      if (move >= 0) this.turn = move + 1
    } else this.turn = isOver ? 0 : move + 1
    return move
  }
}

/**
 * Weak fairness, of a cycle of so many states: whether each owed move is somewhere impossible, or taken. `waits` says of
 * a state, by its place, which moves it leaves waiting: possible there, and not taken in the cycle.
 */
export function isFairCycle(owed: readonly number[], states: number, waits: (at: number) => (move: number) => boolean): boolean {
  let waiting = owed
  for (let at = 0; at < states && waiting.length > 0; at++) waiting = waiting.filter(waits(at))
  return waiting.length === 0
}

/**
 * The same of the moves that lead from the loaded state back to itself; and of those owed strongly, whether each is taken or
 * impossible all the way round. Leaves a state of the cycle loaded.
 */
export function isFairRound({ take, may, moves }: Machine, cycle: readonly number[], owed: readonly number[]): boolean {
  const taken = new Set(cycle)
  const waiting = owed.filter((move) => !taken.has(move))
  const strong = waiting.filter((move) => isStrong(moves[move]!))
  if (strong.length > 0)
    for (const move of cycle) {
      if (strong.some(may)) return false
      take(move)
    }
  return isFairCycle(waiting, cycle.length, (at) => {
    if (at > 0) take(cycle[at - 1]!)
    return may
  })
}

export const isStrong = ({ rule }: Move): boolean => rule.fair === 'strongly'
