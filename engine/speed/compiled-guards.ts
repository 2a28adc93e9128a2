/**
 * What a walk asks of every state: which of the moves that are owed may happen, and whether a law is broken.
 *
 * At first the rules and the laws are asked, one after another. A machine that has been asked so often that this would
 * pay has them made into decisions, from what its states were seen to hold: comparisons of bits, each made once for all
 * that turn on it. They are exact; a state that differs from those seen where they were all alike is asked about as before.
 */
import type { Law, ModelLaw } from '../../spec/laws.ts'
import { isOwed } from '../../spec/model.ts'
import { Deciding } from './decisions.ts'
import { bodiesOf, bodyOf, type Decided } from './decision-source.ts'
import { compiled, differs } from '../states/kernel-source.ts'
import type { Writes } from '../states/log.ts'
import type { Loop, Machine } from '../model/machine.ts'
import type { MessageView } from '../model/stage.ts'
import { scratch } from '../model/views.ts'
import { type Guards, plainGuards } from '../walk/guards.ts'

/** Questions after which decisions have paid for themselves when as many are asked again. */
const untilWorth = 500_000
/** So many states are kept to make them from. */
const mostKept = 2_000
/** Runs of a rule for one decision: a walk is slow for long before more would have paid. */
const mostRuns = 250
/** A larger machine takes longer to decide than most walks through it. */
const mostMoves = 300

/** A machine is walked thousands of times, and learns from them. */
const known = new WeakMap<Machine, CompiledGuards>()
export function compiledGuards(machine: Machine): Guards {
  let guards = known.get(machine)
  if (!guards) known.set(machine, (guards = new CompiledGuards(machine)))
  return guards
}

export class CompiledGuards implements Guards {
  readonly #machine: Machine
  readonly #plain: Guards
  readonly #often: number
  readonly #apart: number
  readonly #kept: number[] = []
  readonly #laws: { readonly law: ModelLaw; readonly breaks: () => number }[] = []
  #asked = 0
  #deciding: Deciding | null = null
  #owed: () => number
  #take: (move: number) => boolean

  /** Decisions are made after so many questions. */
  constructor(machine: Machine, often = untilWorth) {
    this.#machine = machine
    this.#plain = plainGuards(machine)
    this.#often = often
    this.#apart = Math.ceil(often / mostKept)
    this.#owed = machine.owed
    this.#take = machine.take
  }

  owed(): number {
    if (this.#deciding === null) this.#learn()
    return this.#owed()
  }

  next(from: number, to: number): number {
    if (this.#deciding === null) return this.#plain.next(from, to)
    if (to - from === 1) return this.#take(from) ? from : -1
    const count = this.#owed()
    const { found } = this.#machine
    for (let i = 0; i < count; i++) {
      const move = found[i]!
      if (move >= from) return move < to && this.#take(move) ? move : -1
    }
    return -1
  }

  breaks(law: ModelLaw): number {
    for (let i = 0; i < this.#laws.length; i++) if (this.#laws[i]!.law === law) return this.#laws[i]!.breaks()
    const breaks = 'own' in law ? () => this.#plain.breaks(law) : this.#asker(law)
    this.#laws.push({ law, breaks })
    return breaks()
  }

  #learn(): void {
    const { words, moves, loops } = this.#machine
    if (moves.length > mostMoves || this.#asked > this.#often) return
    if (this.#asked++ % this.#apart === 0) this.#kept.push(...this.#machine.save())
    if (this.#asked <= this.#often) return
    const deciding = new Deciding(this.#machine, Int32Array.from(this.#kept), this.#kept.length / words, mostRuns)
    const owed = loops.filter(({ rule }) => isOwed(rule.kind))
    this.#deciding = deciding
    this.#laws.length = 0
    this.#owed = this.#lister(deciding, owed)
    this.#take = this.#taker(deciding, owed)
  }

  /** In one function, which asks what several rules ask only once; but one for each rule where V8 would not optimise that. */
  #lister(deciding: Deciding, loops: readonly Loop[]): () => number {
    const { found, may, owed } = this.#machine
    const rules = loops.map((loop) => loop.moves.map((move) => ({ move: move.at, decision: deciding.move(loop, move, false) })))
    const writes: Writes = {
      successor: (_, move) => `found[n++] = ${move}`,
      itself: (move) => `if (may(${move})) found[n++] = ${move}`,
    }
    const whole = bodiesOf(rules.flat(), writes)
    const bodies = whole.length > 1 ? rules.flatMap((moves) => bodiesOf(moves, writes)) : whole
    const lists = bodies.map((body, i) => `function list${i}(n) { ${body}; return n }`)
    return this.#compiled(deciding, { found, may, slow: owed }, lists, '', `return ${bodies.reduce((n, _, i) => `list${i}(${n})`, '0')}`)
  }

  #taker(deciding: Deciding, loops: readonly Loop[]): (move: number) => boolean {
    const writes: Writes = {
      successor: (changed) => `${[...changed].map(([k, word]) => `S[${k}] = ${word};`).join(' ')} return true`,
      itself: (move) => `return slow(${move})`,
    }
    const takes = loops.flatMap((loop) => loop.moves.map((move) =>
      `takes[${move.at}] = () => { ${bodyOf([{ move: move.at, decision: deciding.move(loop, move) }], writes)}; return false }`))
    return this.#compiled(deciding, { slow: this.#machine.take }, ['const takes = []', ...takes], 'move', 'return takes[move]()')
  }

  #asker(law: Law): () => number {
    const { messages, known, stages } = this.#machine
    const slow = () => this.#plain.breaks(law)
    const deciding = this.#deciding
    const [stage] = stages
    // What is due from end to end is known to the stages together, and those are not told of one another here.
    if (!deciding || !stage || stages.length > 1) return slow
    const decided = messages.map(({ number }): Decided => ({
      move: number,
      decision: deciding.message(0, number, (message, world) => !law.holds(message, (stage.model.known?.(world) ?? known) as never)),
    }))
    const body = bodyOf(decided, {
      successor: (_, number) => `return ${number}`,
      itself: (number) => `if (isBroken(messages[${number - 1}])) return ${number}`,
    })
    const isBroken = (message: MessageView) => !law.holds(message, known)
    return this.#compiled(deciding, { messages, isBroken, slow }, [], '', `${body}; return 0`)
  }

  /** A function that goes by the decisions where they hold, and else the slow way. */
  #compiled<T>(
    { bits }: Deciding, names: Readonly<Record<string, unknown>>, functions: readonly string[], parameter: string, body: string,
  ): T {
    const words = Array.from({ length: this.#machine.words }, (_, k) => k)
    return compiled({ S: scratch, ...names }, `${functions.join('\n')}
      return (${parameter}) => { if ((${differs(words, bits)}) !== 0) return slow(${parameter}); ${body} }`) as T
  }
}
