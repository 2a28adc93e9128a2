/**
 * The second reader: one run, at any size, in the order that a scenario gives.
 *
 * While its schedule lasts, a scenario decides; after that a fair scheduler goes round and round the owed moves until
 * nothing is owed or the run has come back to where it was. Then everything is healed and a fresh message is sent.
 */
import type { Burst } from '../spec/counterexample.ts'
import { type Law, laws as allLaws } from '../spec/laws.ts'
import type { Run } from './explore.ts'
import { isProbe, type Machine } from './machine.ts'
import { Strides } from './stride.ts'
import { scratch } from './views.ts'

/** A fault or a heal: the n-th of those that may happen, after so many owed moves. */
export interface Fault {
  readonly after: number
  readonly pick: number
}

/** What a walk follows: drawn, shrunk, stored and replayed as one. */
export interface Scenario {
  readonly scope: Readonly<Record<string, number>>
  readonly stream: readonly Burst[]
  readonly faults: readonly Fault[]
  readonly schedule: readonly number[]
}

export interface Walked {
  /** Steps taken in all. */
  readonly steps: number
  readonly broken: { readonly law: Law; readonly message: number; readonly run: Run } | null
}

export interface WalkOptions {
  /** The laws to hold it to; all of them unless told otherwise. */
  readonly laws?: readonly Law[]
  /** Steps after which a walk that has neither ended nor come round is given up with an error. */
  readonly most?: number
}

/** Follows a scenario’s stream, faults and schedule through a machine built at its scope. */
export function walk(machine: Machine, scenario: Omit<Scenario, 'scope'>, options: WalkOptions = {}): Walked {
  return new Walk(machine, options).follow(scenario)
}

export interface Guess {
  readonly broken: Pick<Found, 'law' | 'message'> | null
  /** Whether every step was taken: then a walk comes to the same. */
  readonly isSure: boolean
}

/** What a walk would come to, found in strides: to guide a search whose end is then walked. */
export function guess(machine: Machine, scenario: Omit<Scenario, 'scope'>, options: WalkOptions = {}): Guess {
  const guessing = new Walk(machine, options, true)
  try {
    const { broken } = guessing.follow(scenario)
    return { broken, isSure: guessing.left === 0 }
  } catch (error) {
    if (guessing.left === 0) throw error
    return { broken: walk(machine, scenario, options).broken, isSure: true }
  }
}

/**
 * The same for a run: its moves, those that may still be taken, and then on fairly. Of a run that sends a fresh message
 * only what comes before that counts; held to nothing but ‘nothing wedges’, the message is then sent at once.
 */
export function retrace(machine: Machine, stream: readonly Burst[], moves: readonly number[], options: WalkOptions = {}): Walked {
  return new Walk(machine, options).retrace(stream, moves)
}

const manySteps = 5_000_000
type Found = NonNullable<Walked['broken']>
type Predicate = Extract<Law, { holds: unknown }>

class Walk {
  readonly #machine: Machine
  readonly #always: readonly Predicate[]
  readonly #inTheEnd: readonly Predicate[]
  readonly #recovers: Law | undefined
  readonly #most: number
  readonly #moves: number[] = []
  readonly #kinds: Kinds
  readonly #probing: number
  readonly #strides: Readonly<Record<'rounds' | 'waits', Strides>> | null
  /** Steps that strides left out: they are in no list of moves. */
  left = 0
  #found: Found | null = null

  constructor(machine: Machine, { laws = allLaws, most = manySteps }: WalkOptions, isGuess = false) {
    this.#machine = machine
    this.#strides = isGuess ? { rounds: new Strides(machine), waits: new Strides(machine) } : null
    const predicates = laws.filter((law) => law.when !== 'recovers')
    this.#always = predicates.filter(({ when }) => when === 'always')
    this.#inTheEnd = predicates.filter(({ when }) => when !== 'always')
    this.#recovers = laws.find((law) => law.when === 'recovers')
    this.#most = most
    this.#kinds = kindsOf(machine)
    this.#probing = machine.moves.at(-1) && isProbe(machine.moves.at(-1)!) ? machine.moves.length - 1 : -1
  }

  /** Takes the moves of a list that may be taken, each in its turn, and then goes on fairly. */
  retrace(stream: readonly Burst[], moves: readonly number[]): Walked {
    this.#machine.load(this.#machine.start(stream))
    this.#checkAlways()
    for (const move of moves) {
      if (move === this.#probing) break
      if (!this.#found) this.#tried(move)
    }
    if (this.#found || this.#inTheEnd.length > 0) return this.#end()
    if (this.#recovers && this.#probing >= 0) this.#probe(this.#recovers, false)
    return { steps: this.#moves.length, broken: this.#found }
  }

  follow({ stream, faults, schedule }: Omit<Scenario, 'scope'>): Walked {
    this.#machine.load(this.#machine.start(stream))
    const waiting = [...faults].sort((a, b) => a.after - b.after)
    this.#checkAlways()
    for (const [at, position] of schedule.entries()) {
      while (waiting[0] && waiting[0].after <= at) this.#disturb(waiting.shift()!)
      if (this.#found || !this.#choose(position)) break
    }
    while (!this.#found && waiting.length > 0) this.#disturb(waiting.shift()!)
    return this.#end()
  }

  #end(): Walked {
    if (!this.#found) this.#settle(this.#inTheEnd)
    if (!this.#found && this.#recovers && this.#probing >= 0) this.#probe(this.#recovers)
    return { steps: this.#moves.length, broken: this.#found }
  }

  /** The n-th of the owed moves that may happen, n wrapping round. */
  #choose(position: number): boolean {
    const { progress, timer } = this.#kinds
    if (position === 0) return this.#first(progress) || this.#first(timer)
    const may = this.#machine.possible('progress', 'timer')
    if (may === 0) return false
    this.#take(this.#machine.found[position % may]!)
    return true
  }

  #first(moves: readonly number[]): boolean {
    for (const move of moves) if (this.#tried(move)) return true
    return false
  }

  #disturb({ pick }: Fault): void {
    const may = this.#kinds.world.filter(this.#machine.may)
    if (may.length > 0) this.#take(may[pick % may.length]!)
  }

  #take(move: number): void {
    if (!this.#tried(move)) throw new Error(`Move ${move} of ${this.#machine.model.name} cannot be taken.`)
  }

  /** Takes a move if it may happen, and looks at what must always hold. */
  #tried(move: number): boolean {
    const happened = this.#machine.take(move)
    if (this.#strides !== null) {
      this.#strides.rounds.tried(move, happened)
      this.#strides.waits.tried(move, happened)
    }
    if (!happened) return false
    this.#moves.push(move)
    this.#looked()
    return true
  }

  /** Looks at what must always hold, after one step or many. */
  #looked(): void {
    if (this.#moves.length + this.left > this.#most)
      throw new Error(`A walk through ${this.#machine.model.name} took ${this.#most.toLocaleString('en-US')} steps without an end: narrow its scope or its stream.`)
    this.#checkAlways()
  }

  /** Goes on from as far ahead as such laps seem to be alike; says whether that is elsewhere. Only a guess does. */
  #stride(of: 'rounds' | 'waits'): boolean {
    const left = this.#strides?.[of].lap() ?? 0
    if (left === 0) return false
    this.left += left
    if (of === 'rounds') this.#strides?.waits.begin()
    this.#looked()
    return true
  }

  #checkAlways(): void {
    for (const law of this.#always) this.#hold(law, null)
  }

  #hold(law: Predicate, stem: number | null): void {
    const { messages, known } = this.#machine
    if (this.#found) return
    for (const message of messages)
      if (!law.holds(message, known)) {
        this.#found = { law, message: message.number, run: { start: 0, moves: [...this.#moves], stem } }
        return
      }
  }

  /** Goes on fairly until nothing is owed, or round a circle; what must hold in the end is held to that. */
  #settle(laws: readonly Predicate[]): void {
    const seen = new Set<string>()
    for (this.#strides?.waits.begin(); ; this.#stride('waits')) {
      if (this.#found) return
      const stem = this.#goRound(this.#kinds.progress)
      if (this.#found) return
      for (const law of laws) if (law.when === 'before time passes') this.#hold(law, stem)
      const key = this.#machine.save().join()
      if (this.#found) return
      if (stem !== null && this.#isFair(stem)) break
      if (seen.has(key) || !this.#first(this.#kinds.timer)) break
      seen.add(key)
    }
    const stem = this.#goRound([...this.#kinds.progress, ...this.#kinds.timer])
    for (const law of laws) if (law.when === 'in the end') this.#hold(law, stem)
  }

  /**
   * Gives each move its turn until none may happen, or the state and the turn have both been there before: then every
   * move had its turn on the way round. Says how many steps came before such a circle. (Brent’s way: no memory.)
   */
  #goRound(moves: readonly number[]): number | null {
    const { words } = this.#machine
    const mark = this.#machine.save()
    let [turn, markedTurn, markedAt] = [0, 0, this.#moves.length]
    this.#strides?.rounds.begin()
    for (let steps = 0, power = 1, missed = 0; missed < moves.length; ) {
      if (steps === power) {
        for (let i = 0; i < words; i++) mark[i] = scratch[i]!
        ;[markedTurn, markedAt] = [turn, this.#moves.length]
        power *= 2
        steps = 0
      }
      const happened = this.#tried(moves[turn]!)
      if (this.#found) return null
      missed = happened ? 0 : missed + 1
      if (++turn === moves.length) {
        turn = 0
        // A circle that a jump is part of is not stepped round: what was marked before the jump is forgotten.
        if (this.#stride('rounds')) markedTurn = -1
      }
      if (!happened) continue
      if (turn === markedTurn && same(mark, words)) return markedAt
      steps++
    }
    return null
  }

  /** Whether no timer could have gone off all the way round the circle just made. */
  #isFair(stem: number): boolean {
    const at = this.#machine.save()
    let owing = [...this.#kinds.timer]
    for (const move of this.#moves.slice(stem)) {
      owing = owing.filter(this.#machine.may)
      this.#machine.take(move)
    }
    this.#machine.load(at)
    return owing.length === 0
  }

  /** Heals everything, waits for rest, sends a fresh message, and goes on fairly: it must come through whole. */
  #probe(law: Law, atRest = true): void {
    while (this.#first(this.#kinds.heals)) if (this.#found) return
    if (atRest) this.#goRound([...this.#kinds.progress, ...this.#kinds.timer])
    if (this.#found || !this.#tried(this.#probing)) return
    const stem = this.#goRound([...this.#kinds.progress, ...this.#kinds.timer])
    const probe = this.#machine.messages.at(-1)!
    if (!this.#found && !(probe.delivered > probe.stripped && probe.altered === 0))
      this.#found = { law, message: probe.number, run: { start: 0, moves: [...this.#moves], stem } }
  }
}

type Kinds = Readonly<Record<'progress' | 'timer' | 'world' | 'heals', readonly number[]>>
/** A machine is walked thousands of times, and its moves are always the same. */
const kindsKnown = new WeakMap<Machine, Kinds>()

function kindsOf(machine: Machine): Kinds {
  const of = (wanted: (owed: string) => boolean) =>
    machine.moves.filter((move) => wanted(move.rule.owed) && !isProbe(move)).map(({ at }) => at)
  let kinds = kindsKnown.get(machine)
  if (!kinds) kindsKnown.set(machine, kinds = {
    progress: of((owed) => owed === 'progress'), timer: of((owed) => owed === 'timer'),
    world: of((owed) => owed === 'fault' || owed === 'heal'), heals: of((owed) => owed === 'heal'),
  })
  return kinds
}

function same(mark: Int32Array, words: number): boolean {
  for (let i = 0; i < words; i++) if (mark[i] !== scratch[i]) return false
  return true
}
