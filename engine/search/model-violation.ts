/** A run that breaks a law of a model, and the ways there that a search knows. */
import type { ModelLaw } from '../../spec/laws.ts'
import type { StepKind } from '../../spec/model.ts'
import type { Machine } from '../model/machine.ts'
import { isStrong } from '../run/fairness.ts'
import type { Run } from '../run/run.ts'
import type { Ways } from './graph.ts'
import { type Log, owedStrongly, owedWeakly } from '../states/log.ts'

export interface ModelViolation {
  readonly law: ModelLaw
  readonly run: Run
  /** Whom the law is broken for, from 1 in the order in which it is asked: the number of a message. */
  readonly subject: number
  /** How many states lie nearer than this run is long; each of them keeps the law. */
  readonly nearer: number
  /** False when the search for a shorter cycle was given up. */
  readonly shortest: boolean
  /** Steps after which what is asked for is due, where something has to make it so. */
  readonly since?: number
}

/** The moves of some kinds. */
export const marks = (machine: Machine, counts: (kind: StepKind) => boolean) =>
  Uint8Array.from(machine.moves, ({ rule }) => (counts(rule.kind) ? 1 : 0))

/** The same, and how each is owed. */
export const owedMoves = (machine: Machine, owing: readonly StepKind[]) =>
  Uint8Array.from(machine.moves, (move) => (!owing.includes(move.rule.kind) ? 0 : isStrong(move) ? owedStrongly : owedWeakly))

export function distance({ levels }: Log, state: number): number {
  let low = 0
  let high = levels.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (levels[middle]! <= state) low = middle
    else high = middle - 1
  }
  return low
}

/** How many states are nearer than a run of so many steps is long. */
export const nearerThan = ({ levels, states }: Log, steps: number): number => levels[steps] ?? states

/** The first way found to a state, which is a shortest one. */
export function runTo(log: Log, state: number): Run {
  const { from, to, by } = log.edges!
  const moves: number[] = []
  let here = state
  while (log.parents[here]! >= 0) {
    const parent = log.parents[here]!
    let edge = from[parent]!
    while (to[edge] !== here) edge++
    moves.push(by[edge]!)
    here = parent
  }
  return { start: here, moves: moves.reverse(), stem: null }
}

/** A way back from a state, as far as one that `isFirst`: the state before that, or itself where there is none, and the moves since. */
export function wayBack(after: Ways, state: number, isFirst: (state: number) => boolean): { before: number; moves: readonly number[] } {
  const moves: number[] = []
  let here = state
  while (!isFirst(here)) {
    moves.push(after.by[here]!)
    here = after.before[here]!
  }
  if (after.before[here]! < 0) return { before: here, moves: moves.reverse() }
  return { before: after.before[here]!, moves: [...moves, after.by[here]!].reverse() }
}

/** A law that is broken in a state, by whoever `subject` is. */
export function brokenAt(log: Log, law: ModelLaw, state: number, subject: number): ModelViolation {
  const run = runTo(log, state)
  return { law, run, subject, nearer: log.levels[run.moves.length]!, shortest: true }
}
