/**
 * What a walk asks of every state: which of the moves that are owed may happen, and whether a law is broken.
 *
 * At first the rules and the laws are asked, one after another. A machine that has been asked so often that this would
 * pay has them made into decisions, from what its states were seen to hold: comparisons of bits, each made once for all
 * that turn on it. They are exact; a state that differs from those seen where they were all alike is asked about as before.
 */
import type { Law } from '../spec/laws.ts'
import { Deciding } from './decided.ts'
import { type Decided, sourceOfDecisions } from './decision-source.ts'
import type { Machine, MessageView } from './machine.ts'
import { scratch } from './views.ts'

export type Predicate = Extract<Law, { holds: unknown }>

/** Questions after which decisions have paid for themselves when as many are asked again. */
const untilWorth = 50_000
/** States that are kept to make them from, and how many questions lie between two. */
const mostKept = 2_000
const apart = 16
/** So few moves are tried one after another. */
const few = 4
/** A larger machine takes longer to decide than most walks through it. */
const mostMoves = 300

export class Glance {
  readonly #machine: Machine
  readonly #often: number
  readonly #kept: number[] = []
  readonly #laws: { readonly law: Predicate; readonly breaks: () => number }[] = []
  #asked = 0
  #deciding: Deciding | null = null
  #owed: () => number

  /** Decisions are made after so many questions. */
  constructor(machine: Machine, often = untilWorth) {
    this.#machine = machine
    this.#often = often
    this.#owed = machine.owed
  }

  /** How many moves that are owed may happen: they are in the machine’s `found`, in their order. */
  owed(): number {
    if (this.#deciding === null) this.#learn()
    return this.#owed()
  }

  /** Takes the first of the owed moves in a range that may happen, and says which it was; -1 when none may. */
  next(from: number, to: number): number {
    const { next, found } = this.#machine
    if (this.#deciding === null || to - from < few) return next(from, to)
    const count = this.#owed()
    for (let i = 0; i < count; i++) {
      const move = found[i]!
      if (move >= from) return move < to ? next(move, move + 1) : -1
    }
    return -1
  }

  /** The number of the first message that breaks a law; 0 when all keep it. */
  breaks(law: Predicate): number {
    for (let i = 0; i < this.#laws.length; i++) if (this.#laws[i]!.law === law) return this.#laws[i]!.breaks()
    const breaks = this.#asker(law)
    this.#laws.push({ law, breaks })
    return breaks()
  }

  #learn(): void {
    const { words, moves } = this.#machine
    if (this.#asked++ % apart === 0 && this.#kept.length < mostKept * words) this.#kept.push(...this.#machine.save())
    if (this.#asked !== this.#often || moves.length > mostMoves) return
    const deciding = new Deciding(this.#machine, Int32Array.from(this.#kept), this.#kept.length / words)
    const owed = this.#machine.loops.filter(({ rule }) => rule.owed === 'progress' || rule.owed === 'timer')
    const decided = owed.flatMap((loop) => loop.moves.map((move) => ({ move: move.at, decision: deciding.move(loop, move, false) })))
    const { found, may } = this.#machine
    this.#owed = this.#compiled(deciding, decided, { found, may, slow: this.#machine.owed }, {
      so: (move) => `found[n++] = ${move}`, itself: (move) => `if (may(${move})) found[n++] = ${move}`, end: 'return n',
    })
    this.#deciding = deciding
    this.#laws.length = 0
  }

  #asker(law: Predicate): () => number {
    const { messages, known, stages } = this.#machine
    const isBroken = (message: MessageView) => !law.holds(message, known)
    const slow = () => {
      for (let i = 0; i < messages.length; i++) if (isBroken(messages[i]!)) return i + 1
      return 0
    }
    const deciding = this.#deciding
    const [stage] = stages
    // What is due from end to end is known to the stages together, and those are not told of one another here.
    if (!deciding || !stage || stages.length > 1) return slow
    const decided = messages.map(({ number }) => ({
      move: number, decision: deciding.message(0, number, (message, world) => !law.holds(message, stage.model.known(world) as never)),
    }))
    return this.#compiled(deciding, decided, { messages, isBroken, slow }, {
      so: (number) => `return ${number}`, itself: (number) => `if (isBroken(messages[${number - 1}])) return ${number}`, end: 'return 0',
    })
  }

  #compiled(
    { bits: { same, set } }: Deciding, decided: readonly Decided[], names: Readonly<Record<string, unknown>>,
    { so, itself, end }: Readonly<Record<'so' | 'itself', (move: number) => string>> & { readonly end: string },
  ): () => number {
    const body = sourceOfDecisions(decided, { itself, successor: (_, move) => so(move) })
    const words = Array.from({ length: this.#machine.words }, (_, k) => k)
    const text = `return () => {
      ${words.map((k) => `const w${k} = S[${k}]`).join('; ')}
      if ((${words.map((k) => `((w${k} ^ ${set[k]}) & ${same[k]})`).join(' | ')}) !== 0) return slow()
      let n = 0
      ${body}
      ${end}
    }`
    return new Function('S', ...Object.keys(names), text)(scratch, ...Object.values(names))
  }
}
