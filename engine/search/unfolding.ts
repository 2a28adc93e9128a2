/**
 * Fair cycles where each state of a graph stands for an orbit.
 *
 * A cycle of orbits may come back with things exchanged, and then it is none. So the orbits that could lie on a cycle without what
 * a law asks for are unfolded: every state of them is visited that can be reached from one without leaving them. Nothing that
 * is alike tells one such state from another, so the nearest cycle there is the nearest of all.
 */
import type { Machine } from '../model/machine.ts'
import { scratch } from '../model/views.ts'
import { exchanging, type Orbits } from '../orbits/symmetry.ts'
import { fill } from '../states/kernel.ts'
import type { Limits, Log } from '../states/log.ts'
import { MemoryBudget } from '../states/memory-budget.ts'
import { fewFrom } from '../states/small-search.ts'
import { StateIndex } from '../states/state-index.ts'
import { UsageError } from '../usage-error.ts'
import { checkEnded } from './exploration.ts'
import { cycles, type FoundLasso, type Graph, type LassoAnswer, type LassoQuestion } from './graph.ts'
import { fairPart } from './lasso.ts'
import { overStates } from './lassos.ts'

/** Runs may go round, and what is alike is not the other in all it does, so that from each state of an orbit they go on otherwise. */
export class GoesRound extends Error {}

/** A state further from a start than any other. */
const farAway = 2 ** 20

export class Unfolding {
  readonly #log: Log
  readonly #orbits: Orbits
  readonly #areAlike: () => boolean
  readonly #limits: Limits
  readonly #index: StateIndex
  /** States that were visited for it, of all orbits together. */
  states = 0

  constructor(log: Log, orbits: Orbits, areAlike: () => boolean, limits: Limits) {
    this.#log = log
    this.#orbits = orbits
    this.#areAlike = areAlike
    this.#limits = limits
    this.#index = new StateIndex(log)
  }

  /** Throws `GoesRound` where there may be one, and no telling. */
  lassoFor(graph: Graph, question: LassoQuestion): LassoAnswer {
    const { depth } = question
    let best: { readonly found: FoundLasso; readonly cell: number } | null = null
    let longest = question.most
    let shortest = true
    const cells = this.#cellsFor(graph, question)
      .map((members) => ({ members, far: members.reduce((far, each) => Math.min(far, depth(each)), Infinity) }))
    if (cells.length > 0 && !this.#areAlike()) throw new GoesRound()
    for (const [number, { members, far }] of cells.sort((a, b) => a.far - b.far).entries()) {
      if (far + 1 > longest) break
      const cell = new Cell(this, members)
      const nearest = members.reduce((one, other) => (depth(other) < depth(one) ? other : one))
      const from = this.#log.words.slice(nearest * this.#machine.words, (nearest + 1) * this.#machine.words)
      const whole = cell.unfolded(from)
      const most = best && best.cell < number ? longest - 1 : longest
      const answer = whole.answer(question, { most, depth: (state) => depth(whole.orbitOf(state)) })
      if (!answer.shortest) shortest = false
      if (!answer.found) continue
      const { at, length, subject } = answer.found
      const again: FoundLasso['roundFrom'] = (state) => roundFrom(cell.unfolded(state), question, length)
      best = { cell: number, found: { at: whole.orbitOf(at), length, subject, roundFrom: again } }
      longest = depth(best.found.at) + length
    }
    return { found: best?.found ?? null, shortest }
  }

  get #machine(): Machine {
    return this.#log.machine
  }

  /** The sets of orbits that could hold such a cycle: in each of them it is missing for somebody, and no step is passed over for sure. */
  #cellsFor(graph: Graph, { asked, subjects, uses, owed, has, blamed, isMissing }: LassoQuestion): readonly Int32Array[] {
    const { log, memory } = graph
    const { machine } = log
    const isBad = memory.take(Uint8Array, log.states)
    for (let state = 0; state < log.states; state++) {
      if (!has(state)) continue
      machine.load(log.words, state * machine.words)
      if (isMissing || subjects.some((subject) => !asked.holds(subject) && blamed(state, subject))) isBad[state] = 1
    }
    const found: Int32Array[] = []
    const part = { ...graph, uses, has: (state: number) => isBad[state] === 1 }
    memory.while('to look for cycles', () => cycles(part, (members) => { found.push(members) }))
    // A move that is about nothing alike is the same one in all states of an orbit.
    const same = owed.map((each, move) => (this.#isAboutAlike(move) ? 0 : each))
    const isIn = memory.take(Uint8Array, log.states)
    return found.filter((members) => {
      for (const state of members) isIn[state] = 1
      const fair = fairPart(part, same, { members, isIn })
      for (const state of members) isIn[state] = 0
      return fair !== null
    })
  }

  #isAboutAlike(move: number): boolean {
    const loop = this.#machine.loops.find(({ moves }) => moves[0]!.at <= move && move <= moves.at(-1)!.at)!
    const { parts: { kinds } } = loop
    return kinds.some((kind) => this.#orbits.kinds.includes(kind))
  }

  /** The orbit of the scratch state, which stays as it is; -1 where none of the log is. */
  readonly orbitOfScratch = (): number => {
    const { words } = this.#machine
    const kept = scratch.slice(0, words)
    this.#orbits.canon()
    const orbit = this.#index.find(scratch)
    for (let k = 0; k < words; k++) scratch[k] = kept[k]!
    return orbit
  }

  fill(from: Int32Array, within: () => boolean): Log {
    const log = fewFrom(this.#machine, from, within) ?? fill(this.#machine, [from], true, { ...this.#limits, canon: null, within })
    checkEnded(log)
    this.states += log.states
    return log
  }

  bytes(): number | undefined {
    return this.#limits.bytes
  }
}

/** Orbits that can reach one another. */
class Cell {
  readonly #unfolding: Unfolding
  readonly #members: ReadonlySet<number>

  constructor(unfolding: Unfolding, members: Int32Array) {
    this.#unfolding = unfolding
    this.#members = new Set(members)
  }

  /** All states of them that can be reached from one without leaving them. */
  unfolded(from: Int32Array): UnfoldedCell {
    const within = () => this.#members.has(this.#unfolding.orbitOfScratch())
    return new UnfoldedCell(this.#unfolding, this.#unfolding.fill(from, within))
  }
}

class UnfoldedCell {
  readonly #unfolding: Unfolding
  readonly #log: Log
  readonly #orbits: Int32Array

  constructor(unfolding: Unfolding, log: Log) {
    this.#unfolding = unfolding
    this.#log = log
    const { machine, words, states } = log
    this.#orbits = new Int32Array(states)
    for (let state = 0; state < states; state++) {
      machine.load(words, state * machine.words)
      this.#orbits[state] = unfolding.orbitOfScratch()
    }
  }

  notAlike(how: string): UsageError {
    const { machine: { model } } = this.#log
    return new UsageError(`${model.name} declares things alike that are not: ${how} where things are exchanged. Declare them with each(…).`)
  }

  orbitOf(state: number): number {
    return this.#orbits[state]!
  }

  /** What is found among these states alone. Cycles through two that differ only in what nobody refers to are as long. */
  answer(question: LassoQuestion, { most, depth }: Pick<LassoQuestion, 'most' | 'depth'>): LassoAnswer {
    const { machine, words } = this.#log
    const sort = exchanging(machine, [], question.asked.kinds)
    const graph: Graph = {
      log: this.#log, memory: new MemoryBudget(this.#log, this.#unfolding.bytes()), unfolding: null, only: null,
      orbit: sort && ((state) => {
        machine.load(words, state * machine.words)
        sort()
        return machine.save().join()
      }),
    }
    return graph.memory.while('to look for cycles', () => overStates(graph, {
      ...question, most, depth, has: () => true, blamed: (state, subject) => question.blamed(this.orbitOf(state), subject),
    }))
  }
}

/** The same cycle from another of the states that its beginning stands for, the first of these. */
function roundFrom(cell: UnfoldedCell, question: LassoQuestion, length: number): ReturnType<FoundLasso['roundFrom']> {
  const { found } = cell.answer(question, { most: length, depth: (state) => (state === 0 ? 0 : farAway) })
  if (!found) throw cell.notAlike('a run that goes round goes on otherwise')
  return found.roundFrom(new Int32Array())
}
