/**
 * A search of one state of each orbit, of all that differ only in which of several alike things is which.
 *
 * What must always hold, what each step keeps, where a run rests, what can be reached and what must recover can be read off orbits:
 * what is so of somebody in one state of an orbit is so of somebody in each. Two things cannot. A cycle of orbits may come back with
 * things exchanged, so those that matter are unfolded. And where one of several alike things is to be followed from state to
 * state, such as a message that healing would help or a client that is to be served, a search follows that one: it keeps its number,
 * and only the others are exchanged. As any of them might be that one, it is enough to follow the first.
 */
import type { ModelLaw } from '../../spec/laws.ts'
import { UsageError } from '../usage-error.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import type { Machine } from '../model/machine.ts'
import { areExchangeable, checkAlike } from '../orbits/alikeness.ts'
import { type Orbits, orbitsOf, swapsOf } from '../orbits/symmetry.ts'
import { fill } from '../states/kernel.ts'
import { bytesIn, type Log } from '../states/log.ts'
import { MemoryBudget, memoryUnlessTold } from '../states/memory-budget.ts'
import {
  answered, checkEnded, checkLaws, distinct, type Exploration, type SearchOptions, silentIn, sizeOf, statesThatFit,
} from './exploration.ts'
import type { Graph } from './graph.ts'
import { type ModelViolation, realised, type UnrealisedViolation } from './model-violation.ts'
import { StateSearch } from './state-search.ts'
import { GoesRound, Unfolding } from './unfolding.ts'
import { nearestViolation } from './violations.ts'

export function overOrbits(machine: Machine, starts: readonly Int32Array[], options: SearchOptions, orbits: Orbits): Exploration {
  const { laws = machine.laws } = options
  let are: boolean | null = null
  const areAlike = () => (are ??= areExchangeable(whole.log, laws))
  const whole = new OrbitSearch(machine, starts, options, orbits, areAlike)
  checkLaws(whole.log, laws)
  checkAlike(whole.log, orbits, laws)
  const followed = new Following(machine, starts, options, whole.log)
  let all: StateSearch | null = null
  const overAll = () => (all ??= new StateSearch(machine, starts, withBytes(options, left(options, whole.log))))
  const broken = answered(laws, (law): ModelViolation | null => {
    if (isFollowed(machine, law, orbits)) return areAlike() ? followed.nearest(law, orbits) : overAll().nearest(law)
    try {
      return whole.nearest(law)
    } catch (error) {
      if (!(error instanceof GoesRound)) throw error
      return overAll().nearest(law)
    }
  })
  const beside = { round: whole.unfolded + followed.unfolded, followed: followed.states, all: (all as StateSearch | null)?.log.states ?? 0 }
  return { machine, silent: silentIn(whole.log, laws), ...sizeOf(whole.log), beside, broken }
}

/** The bytes that others than these have. */
const left = ({ limits }: SearchOptions, ...logs: readonly Log[]) =>
  (limits?.bytes ?? memoryUnlessTold()) - logs.reduce((sum, log) => sum + bytesIn(log), 0)

const withBytes = (options: SearchOptions, bytes: number): SearchOptions => ({ ...options, limits: { ...options.limits, bytes } })

/** Whether an answer takes to follow one of several alike things. */
function isFollowed(machine: Machine, law: ModelLaw, { kinds }: Orbits): boolean {
  const isOfAlike = machine.ask(law).kinds.some((kind) => kinds.includes(kind))
  switch (law.when) {
    case 'leads to': case 'eventually': case 'can be reached': case 'can always be reached': return isOfAlike
    case 'before time passes': return isOfAlike && machine.known.anotherIsDown !== undefined
    default: return false
  }
}

/** One state of each orbit, and what can be said of them. */
class OrbitSearch {
  readonly log: Log
  readonly #machine: Machine
  readonly #starts: readonly Int32Array[]
  readonly #startOf: readonly number[]
  readonly #orbits: Orbits
  readonly #unfolding: Unfolding
  readonly #graph: Graph

  constructor(
    machine: Machine, starts: readonly Int32Array[], options: SearchOptions, orbits: Orbits, areAlike: () => boolean,
    only: number | null = null,
  ) {
    const represented = starts.map((start) => {
      machine.load(start)
      orbits.canon()
      return machine.save()
    })
    const bytes = left(options)
    const limits = { states: statesThatFit(machine), ...options.limits, bytes }
    this.log = fill(machine, represented, true, { ...limits, canon: orbits.canon })
    checkEnded(this.log)
    this.#machine = machine
    this.#starts = starts
    this.#startOf = distinct(represented)
    this.#orbits = orbits
    this.#unfolding = new Unfolding(this.log, orbits, areAlike, { ...limits, bytes: left(options, this.log) })
    this.#graph = { log: this.log, memory: new MemoryBudget(this.log, bytes), orbit: null, unfolding: this.#unfolding, only }
  }

  /** States that were visited one by one. */
  get unfolded(): number {
    return this.#unfolding.states
  }

  /** Throws `GoesRound` where runs may go round and cannot be unfolded. */
  nearest(law: ModelLaw): ModelViolation | null {
    const found = nearestViolation(this.#graph, law)
    return found && { ...this.#realised(found), ofOrbits: true }
  }

  /** A run over orbits as one over states: at each step the move whose state belongs to the next orbit. */
  #realised(found: UnrealisedViolation): ModelViolation {
    const machine = this.#machine
    const number = this.#startOf[found.run.start]!
    const canonical = () => {
      this.#orbits.canon()
      return machine.save().join()
    }
    const orbits: string[] = []
    machine.load(this.#starts[number]!)
    canonical()
    for (const move of found.run.moves.slice(0, found.run.stem ?? found.run.moves.length)) {
      machine.take(move)
      orbits.push(canonical())
    }
    let state = this.#starts[number]!
    const moves = orbits.map((orbit) => {
      for (const { at } of machine.moves) {
        machine.load(state)
        if (!machine.take(at)) continue
        const reached = machine.save()
        if (canonical() !== orbit) continue
        state = reached
        return at
      }
      throw new UsageError(`${machine.model.name} declares things alike that are not: a step of one orbit is none of another state of it.`)
    })
    return realised(machine, found, this.#starts[number]!, number, moves)
  }
}

/** Searches that follow one of several alike things each, made when they are wanted. */
class Following {
  readonly #machine: Machine
  readonly #starts: readonly Int32Array[]
  readonly #options: SearchOptions
  readonly #whole: Log
  readonly #made = new Map<string, OrbitSearch>()
  #areEven: boolean | null = null

  constructor(machine: Machine, starts: readonly Int32Array[], options: SearchOptions, whole: Log) {
    this.#whole = whole
    this.#machine = machine
    this.#starts = starts
    this.#options = options
  }

  get states(): number {
    return [...this.#made.values()].reduce((sum, { log }) => sum + log.states, 0)
  }

  get unfolded(): number {
    return [...this.#made.values()].reduce((sum, { unfolded }) => sum + unfolded, 0)
  }

  nearest(law: ModelLaw, { kinds }: Orbits): ModelViolation | null {
    const asked = this.#machine.ask(law)
    let nearest: ModelViolation | null = null
    for (const subject of this.#subjects(asked, kinds)) {
      const found = this.#searchFor(asked, subject, kinds).nearest(law)
      if (found && (nearest === null || found.run.moves.length < nearest.run.moves.length)) nearest = found
    }
    return nearest
  }

  #searchFor({ kinds: named, who }: AskedLaw, subject: number, kinds: readonly string[]): OrbitSearch {
    const pinned = new Map(named.flatMap((kind, k) =>
      (kinds.includes(kind) ? [[kind, new Set([who[subject - 1]![k]! - 1])] as const] : [])))
    const key = `${subject} ${JSON.stringify([...pinned].map(([kind, set]) => [kind, ...set]))}`
    const known = this.#made.get(key)
    if (known) return known
    const bytes = left(this.#options, this.#whole, ...[...this.#made.values()].map(({ log }) => log))
    const options = withBytes(this.#options, bytes)
    const search = new OrbitSearch(this.#machine, this.#starts, options, orbitsOf(this.#machine, pinned)!, () => true, subject)
    this.#made.set(key, search)
    return search
  }

  /** One of those that are alike, where the starts do not tell them apart either; everybody otherwise. */
  #subjects({ kinds: named, who }: AskedLaw, kinds: readonly string[]): readonly number[] {
    const all = who.map((_, i) => i + 1)
    this.#areEven ??= areEven(this.#machine, this.#starts)
    if (!this.#areEven) return all
    const fresh = this.#machine.messages.length
    const seen = new Set<string>()
    return all.filter((subject) => {
      const key = named.map((kind, k) => {
        const number = who[subject - 1]![k]!
        return kinds.includes(kind) && !(kind === 'message' && this.#machine.model.fresh && number === fresh) ? '' : number
      }).join()
      return !seen.has(key) && seen.add(key)
    })
  }
}

/** Whether exchanging alike things makes no start another than these. */
function areEven(machine: Machine, starts: readonly Int32Array[]): boolean {
  const all = new Set(starts.map((start) => start.join()))
  const swaps = swapsOf(machine)
  return starts.every((start) => swaps.every(({ swap }) => {
    machine.load(start)
    swap()
    return all.has(machine.save().join())
  }))
}
