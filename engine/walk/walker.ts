/** One walk through a machine: what decides each step, and what is looked at on the way and where it ends. */
import type { ModelStart } from '../../spec/evidence/counterexample.ts'
import type { Law, ModelLaw } from '../../spec/laws.ts'
import { beginningFrom } from '../model/build.ts'
import { FairScheduler, isFairRound, isStrong } from '../run/fairness.ts'
import { Momentary } from '../run/replay.ts'
import { RunEnding } from '../run/run-ending.ts'
import type { Run } from '../run/run.ts'
import type { Machine } from '../model/machine.ts'
import { type Acceleration, type Guards, plainGuards, type WalkSpeed } from './guards.ts'
import type { Fault, ModelScenario } from './model-scenario.ts'
import { Trail } from './trail.ts'
import { scratch } from '../model/views.ts'

export interface Walked {
  /** Steps taken in all. */
  readonly steps: number
  readonly broken: { readonly law: ModelLaw; readonly subject: number; readonly run: Run; readonly since?: number } | null
  /** In which of the ways to begin. */
  readonly begin: number
}

export interface WalkOptions {
  /** The laws to hold it to; all of them unless told otherwise. */
  readonly laws?: readonly ModelLaw[]
  /** Steps after which a walk that has neither ended nor come round is given up with an error. */
  readonly most?: number
  /** What makes it fast; without it, it comes to the same. */
  readonly speed?: WalkSpeed | undefined
}

/** Walks go one at a time. */
const trail = new Trail()
const manySteps = 5_000_000
/** A guess takes so many one after another: most walks are not longer. */
const fewSteps = 64
export type Found = NonNullable<Walked['broken']>

export class Walk {
  readonly #machine: Machine
  readonly #laws: readonly ModelLaw[]
  readonly #recovers: Law | undefined
  /** Laws of one’s own, which are asked of the whole run when it is over; and those about steps. */
  readonly #own: readonly ModelLaw[]
  readonly #steps: Momentary | null
  readonly #hasStrong: boolean
  readonly #most: number
  readonly #guards: Guards
  readonly #probing: number
  /** Of a guess. */
  readonly #accelerates: WalkSpeed['acceleration']
  #laps: Readonly<Record<'rounds' | 'waits', Acceleration>> | null = null
  /** Steps that acceleration left out: they are in no list of moves. */
  left = 0
  #found: Found | null = null
  /** Whether the walk has left the bound of its model: nothing can be said of what comes there in the end. */
  #isBeyond = false
  #begin = 0
  #start: Int32Array = new Int32Array()

  constructor(machine: Machine, { laws = machine.laws, most = manySteps, speed = {} }: WalkOptions, isGuess = false) {
    trail.length = 0
    this.#machine = machine
    this.#own = laws.filter((law) => 'own' in law && law.when !== 'always')
    const steps = laws.filter((law) => law.when === 'every step')
    this.#steps = steps.length === 0 ? null : new Momentary(machine, steps)
    this.#hasStrong = machine.moves.some(isStrong)
    // What a law of one’s own asks of a run is asked of every step of it.
    this.#accelerates = isGuess && this.#own.length === 0 ? speed.acceleration : undefined
    this.#laws = laws
    this.#probing = machine.ends.fault < machine.moves.length ? machine.ends.fault : -1
    // A law about a fresh message says nothing where none can be sent.
    this.#recovers = this.#probing < 0 ? undefined : laws.find((law): law is Law => law.when === 'recovers')
    this.#most = most
    this.#guards = (speed.guards ?? plainGuards)(machine)
  }

  /** Takes the moves of a list that may be taken, each in its turn, and then goes on fairly. */
  retrace(from: ModelStart, moves: readonly number[]): Walked {
    const at = moves.indexOf(this.#probing)
    const before = moves.slice(0, at < 0 ? moves.length : at)
    this.#set(from, before)
    const endsFairly = this.#own.length > 0 || this.#laws.some(({ when }) => when === 'in the end' || when === 'before time passes')
    if (this.#isOver() || endsFairly) return this.#end()
    if (!this.#recovers) return this.#walked()
    this.#fresh(this.#recovers, false)
    const fair = this.#found
    if (!fair || at < 0 || at === moves.length - 1) return this.#walked()
    // It does not come through where all goes fairly: then it is shown on the way that the list has, if that is shorter.
    trail.length = 0
    this.#found = null
    this.#set(from, before)
    this.#fresh(this.#recovers, false, moves.slice(at + 1))
    const found = this.#found as Found | null
    if (found?.law !== fair.law || found.run.moves.length >= fair.run.moves.length) this.#found = fair
    return this.#walked()
  }

  /** Loads what a run starts from, and takes those of some moves that may be taken. */
  #set(from: ModelStart, moves: readonly number[] = []): void {
    this.#begin = beginningFrom(this.#machine, from)
    this.#start = this.#machine.start(from.stream, this.#begin)
    this.#machine.load(this.#start)
    this.#looked()
    for (const move of moves) if (!this.#isOver()) this.#tried(move)
  }

  /** A walk ends where a law is broken, and where it leaves the bound of its model. */
  #isOver(): boolean {
    return this.#found !== null || this.#isBeyond
  }

  #walked(): Walked {
    return { steps: trail.length, broken: this.#found, begin: this.#begin }
  }

  follow({ faults, schedule, ...from }: Omit<ModelScenario, 'scope'>): Walked {
    this.#set(from)
    const waiting = faults.length > 1 ? [...faults].sort((a, b) => a.after - b.after) : faults
    let disturbed = 0
    for (let at = 0; at < schedule.length; at++) {
      while (disturbed < waiting.length && waiting[disturbed]!.after <= at) this.#disturb(waiting[disturbed++]!)
      if (this.#isOver() || !this.#choose(schedule[at]!)) break
    }
    while (!this.#isOver() && disturbed < waiting.length) this.#disturb(waiting[disturbed++]!)
    return this.#end()
  }

  #end(): Walked {
    if (!this.#isOver()) this.#settle()
    if (!this.#isOver() && this.#own.length > 0) this.#endOwn()
    if (!this.#isOver() && this.#recovers) this.#fresh(this.#recovers)
    return this.#walked()
  }

  /** What laws of one’s own ask of a run that has come to rest, or round. */
  #endOwn(): void {
    const moves = trail.from(0)
    const at = this.#machine.save()
    const broken = new RunEnding(this.#machine, this.#start, moves).broken(this.#own)
    if (broken) {
      const { stem, ...found } = broken
      this.#found = { ...found, run: { start: 0, moves, stem } }
    }
    this.#machine.load(at)
  }

  /** The n-th of the owed moves that may happen, n wrapping round. */
  #choose(position: number): boolean {
    if (position === 0) return this.#first(0, this.#machine.ends.timer)
    const may = this.#guards.owed()
    if (may === 0) return false
    this.#take(this.#machine.found[position % may]!)
    return true
  }

  #first(from: number, to: number): boolean {
    return this.#next(from, to) >= 0
  }

  #disturb({ pick }: Fault): void {
    const { ends: { timer, fault }, may } = this.#machine
    let count = 0
    for (let move = timer; move < fault; move++) if (may(move)) count++
    for (let move = timer, left = pick % count; move < fault; move++) if (may(move) && left-- === 0) return this.#take(move)
  }

  #take(move: number): void {
    if (!this.#tried(move)) throw new Error(`Move ${move} of ${this.#machine.model.name} cannot be taken.`)
  }

  #tried(move: number): boolean {
    return this.#next(move, move + 1) >= 0
  }

  /** Takes the first of the moves in a range that may happen, and looks at what must always hold. Which it was; -1 for none. */
  #next(from: number, to: number): number {
    const move = to <= this.#machine.ends.timer ? this.#guards.next(from, to) : this.#machine.next(from, to)
    if (this.#laps !== null) {
      this.#laps.rounds.tried(from, to, move)
      this.#laps.waits.tried(from, to, move)
    }
    if (move < 0) return -1
    trail.push(move)
    this.#looked()
    return move
  }

  /** Looks at what must always hold, after one step or many. */
  #looked(): void {
    if (this.#accelerates && trail.length === fewSteps)
      this.#laps = { rounds: this.#accelerates(this.#machine), waits: this.#accelerates(this.#machine) }
    if (trail.length + this.left > this.#most)
      throw new Error(`A walk through ${this.#machine.model.name} took ${this.#most.toLocaleString('en-US')} steps without an end: narrow its scope or its stream.`)
    this.#hold('always', null)
    const broken = this.#steps !== null && !this.#found ? this.#steps.look() : null
    if (broken) this.#found = { law: broken.law, subject: broken.subject, run: { start: 0, moves: trail.from(0), stem: null } }
    if (this.#machine.within !== null && !this.#machine.within()) this.#isBeyond = true
  }

  /** Goes on from as far ahead as such laps seem to be alike; says whether that is elsewhere. Only a guess does. */
  #jump(of: 'rounds' | 'waits'): boolean {
    const left = this.#laps?.[of].lap() ?? 0
    if (left === 0) return false
    this.left += left
    if (of === 'rounds') this.#laps?.waits.begin()
    this.#looked()
    return true
  }

  #hold(when: Law['when'], stem: number | null): void {
    for (let i = 0; i < this.#laws.length && !this.#found; i++) {
      const law = this.#laws[i]!
      if (law.when !== when) continue
      if ('own' in law && when !== 'always') continue
      const subject = this.#guards.breaks(law)
      if (subject > 0) this.#found = { law, subject, run: { start: 0, moves: trail.from(0), stem } }
    }
  }

  /** Goes on fairly until nothing is owed, or round a cycle; what must hold in the end is held to that. */
  #settle(): void {
    const { progress, timer } = this.#machine.ends
    const seen = new Set<string>()
    let isAtRest = false
    for (this.#laps?.waits.begin(); ; this.#jump('waits')) {
      if (this.#isOver()) return
      const stem = this.#goRound(progress)
      if (this.#isOver()) return
      if (stem === null || this.#isFair(stem, 0, progress)) this.#hold('before time passes', stem)
      if (this.#isOver()) return
      if (stem !== null && this.#isFair(stem, progress, timer)) break
      const key = timer === progress ? '' : this.#machine.save().join()
      if (seen.has(key)) break
      if (!this.#first(progress, timer)) {
        isAtRest = stem === null
        break
      }
      seen.add(key)
    }
    const stem = isAtRest ? null : this.#goRound(timer)
    if (!this.#isOver() && (stem === null || this.#isFair(stem, 0, timer))) this.#hold('in the end', stem)
  }

  /**
   * Gives each move up to one its turn until none may happen, or the state and the turn have both been there before: then every
   * move had its turn on the way round. Says how many steps came before such a cycle. (Brent’s way: no memory.)
   */
  #goRound(end: number): number | null {
    const { words } = this.#machine
    const mark = this.#machine.save()
    const scheduler = new FairScheduler((from, to) => this.#next(from, to), end, () => this.#jump('rounds'))
    let [markedTurn, markedAt] = [0, trail.length]
    this.#laps?.rounds.begin()
    for (let steps = 0, power = 1; ; steps++) {
      if (steps === power) {
        for (let i = 0; i < words; i++) mark[i] = scratch[i]!
        ;[markedTurn, markedAt] = [scheduler.turn, trail.length]
        power *= 2
        steps = 0
      }
      const move = scheduler.go()
      if (move === null) {
        // A cycle that a jump is part of is not stepped round: what was marked before the jump is forgotten.
        markedTurn = -1
        continue
      }
      if (move < 0 || this.#isOver()) return null
      if (scheduler.turn === markedTurn && same(mark, words)) return markedAt
    }
  }

  /** Whether none of these moves is passed over on the cycle just made. Each of the first had its turn: only a strong one can be. */
  #isFair(stem: number, from: number, to: number): boolean {
    if (from === 0 && !this.#hasStrong) return true
    const at = this.#machine.save()
    const isFair = isFairRound(this.#machine, trail.from(stem), Array.from({ length: to - from }, (_, i) => from + i))
    this.#machine.load(at)
    return isFair
  }

  /** Heals everything, waits for rest, sends a fresh message, and goes on, fairly in the end: it must come through whole. */
  #fresh(law: Law, atRest = true, then: readonly number[] = []): void {
    const { timer, choice, heal } = this.#machine.ends
    while (this.#first(choice, heal)) if (this.#isOver()) return
    if (atRest) this.#goRound(timer)
    if (this.#isOver() || !this.#tried(this.#probing)) return
    for (const move of then) if (move < timer && !this.#isOver()) this.#tried(move)
    const stem = this.#goRound(timer)
    const fresh = this.#machine.messages.at(-1)!
    if (!this.#isOver() && !law.holds(fresh, this.#machine.known))
      this.#found = { law, subject: fresh.number, run: { start: 0, moves: trail.from(0), stem } }
  }
}

function same(mark: Int32Array, words: number): boolean {
  for (let i = 0; i < words; i++) if (mark[i] !== scratch[i]) return false
  return true
}
