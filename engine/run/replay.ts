/**
 * Follows a schedule through a machine, and says which law the run breaks.
 *
 * What must always hold is looked for after every step, and the first violation ends the run. What must hold in the end is
 * looked for where the run ends: at rest, or on a cycle when it ends in a state in which it has been before.
 */
import type { ModelStart } from '../../spec/evidence/counterexample.ts'
import type { ModelLaw } from '../../spec/laws.ts'
import { isOwed } from '../../spec/model.ts'
import type { Run } from './run.ts'
import { RunEnding, type RunViolation } from './run-ending.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import type { Machine } from '../model/machine.ts'
import { UsageError } from '../usage-error.ts'

interface Replayed {
  readonly run: Run
  readonly broken: Omit<RunViolation, 'stem'> | null
  /** Positions not taken: the law was broken before them, or nothing more could happen. */
  readonly left: number
  /** What could go on where the run ends, in words; empty when it has come to rest. */
  readonly owes: readonly string[]
}

/** Takes positions one after another, each among all that may happen then. Throws `UsageError` at one that there is not. */
export function replay(
  machine: Machine, { stream, begin }: ModelStart, positions: readonly number[], laws: readonly ModelLaw[] = machine.laws,
): Replayed {
  const start = machine.start(stream, begin)
  machine.load(start)
  const moves: number[] = []
  const momentary = new Momentary(machine, laws)
  let violation = momentary.look()
  for (const position of positions) {
    const move = violation ? null : moveAt(machine, position, moves.length)
    if (move === null) break
    machine.take(move)
    moves.push(move)
    violation = momentary.look()
  }
  const owing = machine.moves.filter(({ at, rule }) => isOwed(rule.kind) && machine.may(at)).map(({ at }) => machine.phrase(at))
  const found = violation ?? new RunEnding(machine, start, moves).broken(laws)
  const { stem = null, ...broken } = found ?? {}
  return {
    run: { start: 0, moves, stem },
    broken: found && (broken as Omit<RunViolation, 'stem'>),
    left: positions.length - moves.length,
    owes: owing.map(({ who, does }) => `${who} ${does}`),
  }
}

/** The move at a position among those that may happen, after so many steps; null when none may. */
function moveAt(machine: Machine, position: number, steps: number): number | null {
  let may = 0
  for (const { at } of machine.moves) if (machine.may(at) && may++ === position) return at
  if (may === 0) return null
  const there = may === 1 ? 'one thing can happen, at position 0' : `${may} things can happen, at positions 0 to ${may - 1}`
  throw new UsageError(`Step ${steps + 1} of the schedule is position ${position}, and there is none: ${there}.`)
}

/** Laws that a state or a step breaks, in the order of a run. */
export class Momentary {
  readonly #always: readonly AskedLaw[]
  readonly #steps: readonly AskedLaw[]
  /** What was seen of the state before, for each law about steps. */
  #seen: readonly (readonly unknown[])[] = []

  constructor(machine: Machine, laws: readonly ModelLaw[]) {
    const asked = (when: ModelLaw['when']) => laws.filter((law) => law.when === when).map((law) => machine.ask(law))
    this.#always = asked('always')
    this.#steps = asked('every step')
  }

  /** Looks at the loaded state, which is the first or follows the one looked at before. */
  look(): RunViolation | null {
    for (const asked of this.#always) {
      const subject = asked.broken()
      if (subject > 0) return { law: asked.law, subject, stem: null }
    }
    if (this.#steps.length === 0) return null
    const before = this.#seen
    this.#seen = this.#steps.map((asked) => asked.subjects.map((_, i) => asked.sees(i + 1)))
    for (const [i, asked] of this.#steps.entries()) {
      const subject = 1 + (before[i] ?? []).findIndex((seen, k) => !asked.keeps(seen, this.#seen[i]![k]))
      if (subject > 0) return { law: asked.law, subject, stem: null }
    }
    return null
  }
}
