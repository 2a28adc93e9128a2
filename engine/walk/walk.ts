/**
 * The second reader: one run, at any size, in the order that a scenario gives.
 *
 * While its schedule lasts, a scenario decides; after that a fair scheduler goes round and round the owed moves until
 * nothing is owed or the run has come back to where it was. Then everything is healed and a fresh message is sent.
 */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { type Law, laws as allLaws } from '../../spec/laws.ts'
import { FairScheduler, isFairRound } from '../run/fairness.ts'
import type { Run } from '../run/run.ts'
import type { Machine } from '../model/machine.ts'
import { type Acceleration, type Guards, plainGuards, type WalkSpeed } from './guards.ts'
import type { Fault, ModelScenario } from './model-scenario.ts'
import { Trail } from './trail.ts'
import { scratch } from '../model/views.ts'

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
  /** What makes it fast; without it, it comes to the same. */
  readonly speed?: WalkSpeed | undefined
}

/** Follows a scenario’s stream, faults and schedule through a machine built at its scope. */
export function walk(machine: Machine, scenario: Omit<ModelScenario, 'scope'>, options: WalkOptions = {}): Walked {
  return new Walk(machine, options).follow(scenario)
}

interface Guess {
  readonly broken: Pick<Found, 'law' | 'message'> | null
  /** Whether every step was taken: then a walk comes to the same. */
  readonly isSure: boolean
}

/** What a walk would come to, found with what acceleration there is: to guide a search whose end is then walked. */
export function guess(machine: Machine, scenario: Omit<ModelScenario, 'scope'>, options: WalkOptions = {}): Guess {
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
export function retrace(machine: Machine, stream: readonly ModelBurst[], moves: readonly number[], options: WalkOptions = {}): Walked {
  return new Walk(machine, options).retrace(stream, moves)
}

/** Walks go one at a time. */
const trail = new Trail()
const manySteps = 5_000_000
/** A guess takes so many one after another: most walks are not longer. */
const fewSteps = 64
type Found = NonNullable<Walked['broken']>

class Walk {
  readonly #machine: Machine
  readonly #laws: readonly Law[]
  readonly #recovers: Law | undefined
  readonly #most: number
  readonly #guards: Guards
  readonly #probing: number
  /** Of a guess. */
  readonly #accelerates: WalkSpeed['acceleration']
  #laps: Readonly<Record<'rounds' | 'waits', Acceleration>> | null = null
  /** Steps that acceleration left out: they are in no list of moves. */
  left = 0
  #found: Found | null = null

  constructor(machine: Machine, { laws = allLaws, most = manySteps, speed = {} }: WalkOptions, isGuess = false) {
    trail.length = 0
    this.#machine = machine
    this.#accelerates = isGuess ? speed.acceleration : undefined
    this.#laws = laws
    this.#probing = machine.ends.fault < machine.moves.length ? machine.ends.fault : -1
    // A law about a fresh message says nothing where none can be sent.
    this.#recovers = this.#probing < 0 ? undefined : laws.find((law) => law.when === 'recovers')
    this.#most = most
    this.#guards = (speed.guards ?? plainGuards)(machine)
  }

  /** Takes the moves of a list that may be taken, each in its turn, and then goes on fairly. */
  retrace(stream: readonly ModelBurst[], moves: readonly number[]): Walked {
    this.#machine.load(this.#machine.start(stream))
    this.#hold('always', null)
    for (const move of moves) {
      if (move === this.#probing) break
      if (!this.#found) this.#tried(move)
    }
    if (this.#found || this.#laws.some(({ when }) => when === 'in the end' || when === 'before time passes')) return this.#end()
    if (this.#recovers) this.#fresh(this.#recovers, false)
    return { steps: trail.length, broken: this.#found }
  }

  follow({ stream, faults, schedule }: Omit<ModelScenario, 'scope'>): Walked {
    this.#machine.load(this.#machine.start(stream))
    const waiting = faults.length > 1 ? [...faults].sort((a, b) => a.after - b.after) : faults
    let disturbed = 0
    this.#hold('always', null)
    for (let at = 0; at < schedule.length; at++) {
      while (disturbed < waiting.length && waiting[disturbed]!.after <= at) this.#disturb(waiting[disturbed++]!)
      if (this.#found || !this.#choose(schedule[at]!)) break
    }
    while (!this.#found && disturbed < waiting.length) this.#disturb(waiting[disturbed++]!)
    return this.#end()
  }

  #end(): Walked {
    if (!this.#found) this.#settle()
    if (!this.#found && this.#recovers) this.#fresh(this.#recovers)
    return { steps: trail.length, broken: this.#found }
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
      const message = this.#guards.breaks(law)
      if (message > 0) this.#found = { law, message, run: { start: 0, moves: trail.from(0), stem } }
    }
  }

  /** Goes on fairly until nothing is owed, or round a cycle; what must hold in the end is held to that. */
  #settle(): void {
    const { progress, timer } = this.#machine.ends
    const seen = new Set<string>()
    let isAtRest = false
    for (this.#laps?.waits.begin(); ; this.#jump('waits')) {
      if (this.#found) return
      const stem = this.#goRound(progress)
      if (this.#found) return
      this.#hold('before time passes', stem)
      if (this.#found) return
      if (stem !== null && this.#isFair(stem)) break
      const key = timer === progress ? '' : this.#machine.save().join()
      if (seen.has(key)) break
      if (!this.#first(progress, timer)) {
        isAtRest = stem === null
        break
      }
      seen.add(key)
    }
    const stem = isAtRest ? null : this.#goRound(timer)
    this.#hold('in the end', stem)
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
      if (move < 0 || this.#found) return null
      if (scheduler.turn === markedTurn && same(mark, words)) return markedAt
    }
  }

  /** Whether no timer could have gone off all the way round the cycle just made. */
  #isFair(stem: number): boolean {
    const { progress, timer } = this.#machine.ends
    const at = this.#machine.save()
    const isFair = isFairRound(this.#machine, trail.from(stem), Array.from({ length: timer - progress }, (_, i) => progress + i))
    this.#machine.load(at)
    return isFair
  }

  /** Heals everything, waits for rest, sends a fresh message, and goes on fairly: it must come through whole. */
  #fresh(law: Law, atRest = true): void {
    const { timer, heal } = this.#machine.ends
    while (this.#first(timer, heal)) if (this.#found) return
    if (atRest) this.#goRound(timer)
    if (this.#found || !this.#tried(this.#probing)) return
    const stem = this.#goRound(timer)
    const fresh = this.#machine.messages.at(-1)!
    if (!this.#found && !law.holds(fresh, this.#machine.known))
      this.#found = { law, message: fresh.number, run: { start: 0, moves: trail.from(0), stem } }
  }
}

function same(mark: Int32Array, words: number): boolean {
  for (let i = 0; i < words; i++) if (mark[i] !== scratch[i]) return false
  return true
}
