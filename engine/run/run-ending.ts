/** Where a run ends, and which law that breaks: at rest, or on a cycle that goes on for ever. */
import { type Law, type ModelLaw, waitsFor } from '../../spec/laws.ts'
import type { OwnLaw, StepKind } from '../../spec/model.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import type { MessageView } from '../model/stage.ts'
import { scratch } from '../model/views.ts'
import { isFairRound } from './fairness.ts'

export interface RunViolation {
  readonly law: ModelLaw
  /** Whom it is broken for, from 1 in the order in which the law is asked. */
  readonly subject: number
  /** How many steps come before the cycle; null where the run ends. */
  readonly stem: number | null
  /** Steps after which what is asked for is due, where something has to make it so. */
  readonly since?: number
}

/** States to look through for one in which a message got its verdict after all. */
const mostLooks = 20_000

/** A cycle may take a few rounds to become fair; one that is not by then is taken for unfair. */
const mostRounds = 64

const isOwn = (law: ModelLaw): law is OwnLaw => 'own' in law

export class RunEnding {
  readonly #machine: Machine
  readonly #start: Int32Array
  readonly #moves: readonly number[]
  readonly #end: Int32Array
  /** How many moves come before earlier visits to the last state, the latest visit first. */
  readonly #visits: readonly number[]

  /** Of the loaded state, which the moves have led to from the start. */
  constructor(machine: Machine, start: Int32Array, moves: readonly number[]) {
    this.#machine = machine
    this.#start = start
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
  broken(laws: readonly ModelLaw[]): RunViolation | null {
    const five = laws.filter((law): law is Law => !isOwn(law))
    const by = (when: Law['when']) => five.filter((law) => law.when === when)
    for (const law of by('recovers')) {
      const found = this.#wedged(law)
      if (found) return found
    }
    for (const law of [...by('before time passes'), ...by('in the end')]) {
      const found = this.#without(law)
      if (found) return found
    }
    for (const law of laws.filter(isOwn)) {
      const found = law.when === 'can always be reached' ? this.#doomed(law) : this.#unfulfilled(law)
      if (found) return found
    }
    return null
  }

  /** A fresh message was sent and has not come through whole, and nothing but a fault can change that. */
  #wedged(law: Law): RunViolation | null {
    const { moves, messages, known } = this.#machine
    const fresh = messages.at(-1)
    if (!fresh || !this.#moves.some((move) => isFresh(moves[move]!))) return null
    const helps = waitsFor(law)
    for (const stem of this.#endings(helps, helps))
      if (this.#throughout(stem, () => !law.holds(fresh, known)))
        return { law, subject: fresh.number, stem }
    return null
  }

  /** A message is without what the law asks for. */
  #without(law: Law): RunViolation | null {
    const { messages, known } = this.#machine
    const owing = waitsFor(law)
    for (const stem of this.#endings(owing, [...owing, ...unowed]))
      for (const message of messages)
        if (this.#throughout(stem, () => !law.holds(message, known)) && (law.when === 'in the end' || this.#curable(law, message)))
          return { law, subject: message.number, stem }
    return null
  }

  /** What a law of one’s own asks for has become due, or always is, and does not come. */
  #unfulfilled(law: OwnLaw): RunViolation | null {
    if (law.when !== 'in the end' && law.when !== 'eventually' && law.when !== 'leads to') return null
    const asked = this.#machine.ask(law)
    const owing = waitsFor(law)
    const course = asked.subjects.map((_, i) => courseOf(this.#machine, asked, i + 1, { start: this.#start, moves: this.#moves }))
    for (const stem of this.#endings(owing, [...owing, ...unowed]))
      for (const [i, { due, held }] of course.entries()) {
        const isOpen = law.when === 'in the end' ? held < (stem ?? this.#moves.length) : due !== null && held < (stem ?? this.#moves.length)
        if (isOpen) return { law, subject: i + 1, stem, ...(law.when === 'leads to' && due !== null ? { since: due } : {}) }
      }
    return null
  }

  /** There is no way any more to what a law asks for. */
  #doomed(law: OwnLaw): RunViolation | null {
    const asked = this.#machine.ask(law)
    const helps = this.#machine.moves.filter(({ rule }) => rule.kind !== 'fault').map(({ at }) => at)
    const subject = 1 + asked.subjects.findIndex((_, i) => !this.#canCome(helps, () => asked.holds(i + 1)))
    return subject === 0 ? null : { law, subject, stem: null }
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
    const helps = machine.moves.filter(({ rule }) => rule.kind === 'progress' || rule.kind === 'choice' || rule.kind === 'heal')
    const known = { due: machine.known.due, anotherIsDown: () => true }
    return this.#canCome(helps.map(({ at }) => at).reverse(), () => message.arrived > 0 && law.holds(message, known))
  }

  /** Whether some moves lead from the last state to one where something is so; where there is too much to look through, they may. */
  #canCome(moves: readonly number[], isSo: () => boolean): boolean {
    const machine = this.#machine
    const seen = new Set([this.#end.join()])
    const open = [this.#end]
    for (let state = open.pop(); state && seen.size < mostLooks; state = open.pop()) {
      machine.load(state)
      if (isSo()) return true
      for (const move of moves) {
        machine.load(state)
        if (!machine.take(move)) continue
        const next = machine.save()
        const key = next.join()
        if (!seen.has(key)) open.push(next)
        seen.add(key)
      }
    }
    // Like a walk, take the word of the law.
    return seen.size >= mostLooks
  }
}

interface Course {
  /** Steps after which what is asked for became due, and has not come since; null where it is not due. */
  readonly due: number | null
  /** Steps after which it was last so; -1 for never. */
  readonly held: number
}

/** How it goes with what a law asks for, along a run. Leaves the last state of it loaded. */
export function courseOf(
  machine: Machine, asked: AskedLaw, subject: number, { start, moves }: { readonly start: Int32Array; readonly moves: readonly number[] },
): Course {
  const isOnce = asked.law.when === 'eventually'
  let due: number | null = null
  let held = -1
  machine.load(start)
  for (let at = 0; at <= moves.length; at++) {
    if (at > 0) machine.take(moves[at - 1]!)
    if (asked.holds(subject)) {
      held = at
      due = null
    } else if (due === null && (isOnce ? at === 0 : asked.begins(subject))) due = at
  }
  return { due, held }
}

/** What nobody owes may happen on a cycle all the same. */
const unowed: readonly StepKind[] = ['choice', 'heal', 'fault']
