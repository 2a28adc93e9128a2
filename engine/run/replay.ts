/**
 * Follows a schedule through a machine, and says which law the run breaks.
 *
 * What must always hold is looked for after every step, and the first violation ends the run. What must hold in the end is
 * looked for where the run ends: at rest, or on a cycle when it ends in a state in which it has been before.
 */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { type Law, laws as allLaws, waitsFor } from '../../spec/laws.ts'
import { isOwed, type StepKind } from '../../spec/model.ts'
import { isFairRound } from './fairness.ts'
import type { Run } from './run.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import type { MessageView } from '../model/stage.ts'
import { scratch } from '../model/views.ts'

interface Replayed {
  readonly run: Run
  readonly broken: { readonly law: Law; readonly message: number } | null
  /** Positions not taken: the law was broken before them, or nothing more could happen. */
  readonly left: number
  /** What could go on where the run ends, in words; empty when it has come to rest. */
  readonly owes: readonly string[]
}

/** Takes positions one after another, each among all that may happen then, wrapping round. */
export function replay(machine: Machine, stream: readonly ModelBurst[], positions: readonly number[], laws = allLaws): Replayed {
  const start = machine.start(stream)
  machine.load(start)
  const moves: number[] = []
  const always = laws.filter((law) => law.when === 'always')
  let violation = violationOf(machine, always)
  for (const position of positions) {
    const move = violation ? null : moveAt(machine, position)
    if (move === null) break
    machine.take(move)
    moves.push(move)
    violation = violationOf(machine, always)
  }
  const owing = machine.moves.filter(({ at, rule }) => isOwed(rule.kind) && machine.may(at)).map(({ at }) => machine.phrase(at))
  const found = violation ?? new RunEnding(machine, start, moves).broken(laws)
  return {
    run: { start: 0, moves, stem: found?.stem ?? null },
    broken: found && { law: found.law, message: found.message },
    left: positions.length - moves.length,
    owes: owing.map(({ who, does }) => `${who} ${does}`),
  }
}

/** The move at a position among those that may happen, wrapping round; null when none may. */
function moveAt(machine: Machine, position: number): number | null {
  const may: number[] = []
  for (const { at } of machine.moves) {
    if (!machine.may(at)) continue
    if (may.length === position) return at
    may.push(at)
  }
  return may.length === 0 ? null : may[position % may.length]!
}

interface RunViolation {
  readonly law: Law
  readonly message: number
  readonly stem: number | null
}

function violationOf(machine: Machine, laws: readonly Law[]): RunViolation | null {
  for (const law of laws)
    for (const message of machine.messages)
      if (!law.holds(message, machine.known)) return { law, message: message.number, stem: null }
  return null
}

/** States to look through for one in which a message got its verdict after all. */
const mostLooks = 20_000

/** A cycle may take a few rounds to become fair; one that is not by then is taken for unfair. */
const mostRounds = 64

/** Where a run ends: at rest, or on a cycle that goes on for ever. */
class RunEnding {
  readonly #machine: Machine
  readonly #moves: readonly number[]
  readonly #end: Int32Array
  /** How many moves come before earlier visits to the last state, the latest visit first. */
  readonly #visits: readonly number[]

  /** Of the loaded state, which the moves have led to from the start. */
  constructor(machine: Machine, start: Int32Array, moves: readonly number[]) {
    this.#machine = machine
    this.#moves = moves
    this.#end = machine.save()
    const visits: number[] = []
    machine.load(start)
    for (const [at, move] of moves.entries()) {
      if (this.#end.every((word, i) => word === scratch[i])) visits.push(at)
      machine.take(move)
    }
    this.#visits = visits.slice(-mostRounds).reverse()
  }

  /** The law that is broken here. Of several, one that a fresh message breaks, or that does not wait for time, goes first. */
  broken(laws: readonly Law[]): RunViolation | null {
    const by = (when: Law['when']) => laws.filter((law) => law.when === when)
    for (const law of by('recovers')) {
      const found = this.#wedged(law)
      if (found) return found
    }
    for (const law of [...by('before time passes'), ...by('in the end')]) {
      const found = this.#without(law)
      if (found) return found
    }
    return null
  }

  /** A fresh message was sent and has not come through whole, and nothing but a fault can change that. */
  #wedged(law: Law): RunViolation | null {
    const { moves, messages, known } = this.#machine
    const fresh = messages.at(-1)!
    if (!this.#moves.some((move) => isFresh(moves[move]!))) return null
    const helps = waitsFor(law)
    for (const stem of this.#endings(helps, helps))
      if (this.#throughout(stem, () => !law.holds(fresh, known)))
        return { law, message: fresh.number, stem }
    return null
  }

  /** A message is without what the law asks for. */
  #without(law: Law): RunViolation | null {
    const { messages, known } = this.#machine
    const owing = waitsFor(law)
    for (const stem of this.#endings(owing, [...owing, 'heal', 'fault']))
      for (const message of messages)
        if (this.#throughout(stem, () => !law.holds(message, known)) && (law.when === 'in the end' || this.#curable(law, message)))
          return { law, message: message.number, stem }
    return null
  }

  /** How the run ends, seen by what is owed: at rest (null), and by the stem of each fair cycle of allowed moves. */
  *#endings(owing: readonly StepKind[], allowed: readonly StepKind[]): Generator<number | null> {
    const { moves, may } = this.#machine
    const owed = moves.filter(({ rule }) => owing.includes(rule.kind)).map(({ at }) => at)
    this.#machine.load(this.#end)
    if (!owed.some(may)) yield null
    for (const stem of this.#visits) {
      const cycle = this.#moves.slice(stem)
      if (!cycle.every((move) => allowed.includes(moves[move]!.rule.kind))) return
      this.#machine.load(this.#end)
      if (isFairRound(this.#machine, cycle, owed)) yield stem
    }
  }

  /** Whether something is so in the last state, and in every state of the cycle if there is one. */
  #throughout(stem: number | null, isSo: () => boolean): boolean {
    this.#machine.load(this.#end)
    if (!isSo()) return false
    for (const move of stem === null ? [] : this.#moves.slice(stem)) {
      this.#machine.take(move)
      if (!isSo()) return false
    }
    return true
  }

  /** Whether healing would let the message go, or it was given up: what else is stuck is some other law’s. */
  #curable(law: Law, message: MessageView): boolean {
    const machine = this.#machine
    machine.load(this.#end)
    if (message.flagged > 0) return true
    const helps = machine.moves.filter(({ rule }) => rule.kind === 'progress' || rule.kind === 'heal').map(({ at }) => at).reverse()
    const known = { due: machine.known.due, anotherIsDown: () => true }
    const seen = new Set([this.#end.join()])
    const open = [this.#end]
    for (let state = open.pop(); state && seen.size < mostLooks; state = open.pop()) {
      machine.load(state)
      if (message.arrived > 0 && law.holds(message, known)) return true
      for (const move of helps) {
        machine.load(state)
        if (!machine.take(move)) continue
        const next = machine.save()
        const key = next.join()
        if (!seen.has(key)) open.push(next)
        seen.add(key)
      }
    }
    // Too many to look through: like a walk, take the word of the law.
    return seen.size >= mostLooks
  }
}
