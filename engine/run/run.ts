/** A run, and the way along it. */
import type { Machine, Move } from '../model/machine.ts'

/** Moves from a start; with a cycle, the last of them go round for ever. */
export interface Run {
  /** Which of the starts. */
  readonly start: number
  readonly moves: readonly number[]
  /** How many moves come before the cycle; null for a run that ends. */
  readonly stem: number | null
}

/** A move as it was taken, in words. */
interface TakenMove extends Phrase {
  readonly move: Move
}

/** Who makes a move, and what it does. */
type Phrase = ReturnType<Machine['phrase']>

/**
 * Goes along moves from a start, which must be the machine’s own: each state on the way is loaded in its turn, the start
 * first, with the move that led there. Whoever looks at them may load others in between, and has to put them back.
 */
export function* along(machine: Machine, start: Int32Array, moves: readonly number[]): Generator<TakenMove | null> {
  const phrases = new Phrases(machine)
  machine.load(start)
  yield null
  for (const [i, at] of moves.entries()) {
    const phrase = phrases.of(at)
    if (!machine.take(at))
      throw new Error(`${machine.model.name}: ‘${phrase.who} ${phrase.does}’ cannot happen at step ${i + 1} of the run.`)
    yield { move: machine.moves[at]!, ...phrase }
  }
}

/** What moves are called, each asked once unless it depends on the state. */
export class Phrases {
  readonly #machine: Machine
  readonly #known = new Map<number, Phrase>()

  constructor(machine: Machine) {
    this.#machine = machine
  }
  /** Of a move that may be taken in the loaded state. */
  of(move: number): Phrase {
    const known = this.#known.get(move)
    if (known) return known
    const phrase = this.#machine.phrase(move)
    if (!/\bits\b/.test(this.#machine.moves[move]!.rule.sentence)) this.#known.set(move, phrase)
    return phrase
  }
}

/** The moves that may happen in the loaded state, in their order. A schedule gives positions among them. */
export const possibleMoves = ({ moves, may }: Machine): readonly number[] => moves.flatMap(({ at }) => (may(at) ? [at] : []))

/** What there is to tell of the loaded state. */
export const factsOf = (machine: Machine, isStart = false): readonly string[] => machine.facts(isStart).filter((fact) => fact !== '')
