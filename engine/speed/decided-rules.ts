/** The shortcut of a large search: the rules of a machine as decisions, made from what the search has found so far. */
import type { Log, SearchSpeed, Shortcut } from '../states/log.ts'
import { bodiesOf } from './decision-source.ts'
import { decisionsOf } from './decisions.ts'

/** States from which on it is worth growing decisions for the rules, and compiling those. */
const manyStates = 100_000
/** Fewer moves are soon tried. */
const fewMoves = 32
/** More moves than that would be more source than is worth compiling. */
const manyMoves = 2_048

export const decidedRules: SearchSpeed = {
  shortcut(log) {
    const { machine: { moves }, states } = log
    if (moves.length < fewMoves || moves.length > manyMoves) return null
    return (log.shortSince === null ? states > manyStates : isSlow(log)) ? decided(log) : null
  },
}

/** A shortcut for all states of a log; it holds for others where those were all alike. */
export function decided({ machine, words, states }: Pick<Log, 'machine' | 'words' | 'states'>): Shortcut {
  const { bits, loops } = decisionsOf(machine, words, states)
  return { bits, rules: (writes) => loops.map((moves) => bodiesOf(moves, writes)) }
}

/** Whether it does not hold for so many states that it is time to look again at what states hold. */
const isSlow = ({ slow, shortSince, expanded }: Log) => slow * 16 > expanded - shortSince!
