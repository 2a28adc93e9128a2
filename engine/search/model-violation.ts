/** A run that breaks a law of a model, and the ways there that a search knows. */
import type { ModelLaw } from '../../spec/laws.ts'
import type { StepKind } from '../../spec/model.ts'
import type { Machine } from '../model/machine.ts'
import { isStrong } from '../run/fairness.ts'
import { courseOf } from '../run/run-ending.ts'
import type { Run } from '../run/run.ts'
import type { FoundLasso, Ways } from './graph.ts'
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
  /** Whether those states stand for all that differ only in which of several alike things is which. */
  readonly ofOrbits?: true
}

/** The same where it was found over orbits: its cycle is gone round from a real state that its run has led to. */
export interface UnrealisedViolation extends ModelViolation {
  readonly roundFrom?: FoundLasso['roundFrom']
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

/** A run that leads to a cycle, which is yet to be gone round: its steps are counted, and not known. */
export function roundViolation(
  log: Log, law: ModelLaw, to: Run, { subject, length, roundFrom }: FoundLasso, shortest: boolean,
): UnrealisedViolation {
  const stem = to.moves.length
  const run = { start: to.start, moves: [...to.moves, ...Array.from({ length }, () => -1)], stem }
  return { law, run, subject, nearer: nearerThan(log, stem + length), shortest, roundFrom }
}

/**
 * What is broken, by a real run: moves from a start to the last state of it, or to where its cycle begins. Whom it is broken for
 * may be another than over orbits.
 */
export function realised(
  machine: Machine, { roundFrom, ...found }: UnrealisedViolation, start: Int32Array, number: number, moves: readonly number[],
): ModelViolation {
  const asked = machine.ask(found.law)
  machine.load(start)
  for (const move of moves.slice(0, -1)) machine.take(move)
  const before = asked.subjects.map((_, i) => asked.sees(i + 1))
  if (moves.length > 0) machine.take(moves.at(-1)!)
  const round = roundFrom?.(machine.save())
  const { when } = found.law
  const there = when === 'every step' ? 1 + before.findIndex((seen, i) => !asked.keeps(seen, asked.sees(i + 1)))
    : when === 'always' || (when === 'in the end' && !round) ? asked.broken() : 0
  const subject = round?.subject ?? (there > 0 ? there : found.subject)
  const run = { start: number, moves: [...moves, ...(round?.moves ?? [])], stem: round ? moves.length : null }
  const since = when === 'leads to' ? courseOf(machine, asked, subject, { start, moves: run.moves }).due : null
  return { ...found, run, subject, ...(since === null ? {} : { since }) }
}
