/**
 * The first reader: every state that a model can reach, nearest first, and for each law the shortest run that breaks it.
 *
 * Deterministic: the same model gives the same answer, to the last step.
 *
 * No interleaving is left out. Where two moves do not touch one another, a partial-order reduction would take one of
 * them first and never the other way round, which keeps what must hold in the end and cycles too, if what the laws see
 * is left alone. But it puts moves before a failure that have no part in it, so that the run found need not be a
 * shortest one, and “all states nearer than this keep the law” would be said of states that nobody saw. And little of a
 * model is out of the laws’ sight: they read what has arrived, was delivered and was flagged of every message. In the
 * claim race that leaves ‘gives up’, which touches its worker alone and stays possible once it is. Taken first, it leaves
 * 22,056 of the 156,056 states of 4 workers and 4 messages; with ‘delivers’, which laws do see, 17,496. Symmetry leaves
 * 813 of them, and 3,111 of 17,217,472 with 6 messages, and its runs are shortest ones.
 */
import { type ModelLaw, waitsFor } from '../../spec/laws.ts'
import { UsageError } from '../usage-error.ts'
import { marks, type ModelViolation } from './model-violation.ts'
import { neverBegins } from './own-violations.ts'
import { nearestViolation } from './violations.ts'
import { cycles, type Graph } from './graph.ts'
import { fill } from '../states/kernel.ts'
import { isBeyond, type Limits, type Log, type SearchSpeed } from '../states/log.ts'
import type { Machine } from '../model/machine.ts'
import { MemoryBudget, memoryUnlessTold, TooManyStates } from '../states/memory-budget.ts'
import { checkAlike } from '../orbits/alikeness.ts'
import { exchanging, type Orbits, orbitsOf } from '../orbits/symmetry.ts'

export type { ModelViolation } from './model-violation.ts'

export interface Exploration {
  readonly machine: Machine
  readonly states: number
  /** States that were come to and lie beyond the bound of the model: they are not among the others, and not gone on from. */
  readonly beyond: number
  readonly transitions: number
  /** The greatest distance from a start. */
  readonly depth: number
  readonly broken: readonly ModelViolation[]
  /** Laws that say nothing here: what they begin with is so in no state. */
  readonly silent: readonly ModelLaw[]
}

export interface SearchOptions {
  /** The laws to hold it to; all that it has unless told otherwise. */
  readonly laws?: readonly ModelLaw[]
  readonly limits?: Partial<Omit<Limits, 'speed'>>
  /** What makes a large search fast; without it, the answer is the same. */
  readonly speed?: SearchSpeed | undefined
  /** Visit one state of each orbit of what is declared alike. Runs are real ones all the same. */
  readonly symmetry?: boolean
}

/** Bytes that a state takes beside its words: parent, marks, six edges or so, and what is needed then to go on from where a law fails. */
const bytesBeside = 4 + 1 + 4 + 6 * 6 + 49

/** How many states fit into the memory that there is for a search, unless a limit is given. */
export const statesThatFit = ({ words }: Machine) => Math.min(2 ** 28, Math.floor(memoryUnlessTold() / (4 * words + bytesBeside)))

/** Explores a machine from its starts. Throws `TooManyStates` past the limit. */
export function explore(machine: Machine, starts: readonly Int32Array[], options: SearchOptions = {}): Exploration {
  if (!options.laws && machine.laws.length === 0)
    throw new UsageError(`${machine.model.name} has nothing to hold to a law: give it messages with the fields of a fate, or laws of its own.`)
  const orbits = options.symmetry ? orbitsOf(machine) : null
  return orbits ? overOrbits(machine, starts, options, orbits) : overStates(machine, starts, options, null)
}

/** Every state. What exchanges alike things, if it is given, spares some of the search for shortest cycles. */
function overStates(machine: Machine, starts: readonly Int32Array[], options: SearchOptions, exchange: (() => void) | null): Exploration {
  const log = fill(machine, starts, true, { states: statesThatFit(machine), ...options.limits, speed: options.speed })
  checkEnded(log)
  checkLaws(log, options.laws ?? machine.laws)
  const startOf = distinct(starts)
  const orbit = exchange && ((state: number) => {
    machine.load(log.words, state * machine.words)
    exchange()
    return machine.save().join()
  })
  return {
    machine,
    silent: silentIn(log, options),
    ...sizeOf(log),
    broken: answered({ log, memory: new MemoryBudget(log, options.limits?.bytes), orbit }, options).map((found) =>
      ({ ...found, run: { ...found.run, start: startOf[found.run.start]! } })),
  }
}

/** So many states are looked at, half of them nearest a start and half spread over the others. */
const mostLooks = 400

/** Throws `UsageError` where asking a law of one’s own changes the state: what is asked after it would be of another. */
function checkLaws({ machine, words, states }: Log, laws: readonly ModelLaw[]): void {
  const own = laws.filter((law) => 'own' in law).map((law) => machine.ask(law))
  const stride = Math.max(1, Math.ceil((2 * states) / mostLooks))
  for (let state = 0; state < states && own.length > 0; state += state < mostLooks / 2 ? 1 : stride) {
    const at = state * machine.words
    machine.load(words, at)
    for (const asked of own)
      for (let subject = 1; subject <= asked.subjects.length; subject++) {
        for (const ask of ['holds', 'begins', 'sees'] as const) asked[ask](subject)
        if (machine.save().some((word, k) => word !== words[at + k]))
          throw new UsageError(`${machine.model.name}: the law ‘${asked.law.name}’ changes the state. A law only asks.`)
      }
  }
}

const silentIn = (log: Log, { laws = log.machine.laws }: SearchOptions) =>
  laws.filter((law) => law.when === 'leads to' && neverBegins(log, law))

function sizeOf({ machine, states, transitions, levels, can }: Log): Omit<Exploration, 'machine' | 'broken' | 'silent'> {
  let beyond = 0
  if (machine.within) for (let state = 0; state < states; state++) if (can[state]! & isBeyond) beyond++
  return { states: states - beyond, beyond, transitions, depth: levels.length - 1 }
}

/**
 * What each law is answered, first those that need no memory for it. Where there is too little for another, what is known
 * by then goes with the error.
 */
function answered(graph: Graph, { laws = graph.log.machine.laws }: SearchOptions): readonly ModelViolation[] {
  const answers = new Map<ModelLaw, ModelViolation | null>()
  const needs = (law: ModelLaw) => waitsFor(law).length
  for (const law of [...laws].sort((a, b) => needs(a) - needs(b)))
    try {
      answers.set(law, nearestViolation(graph, law))
    } catch (error) {
      const known = [...answers].map(([{ name }, found]) => `‘${name}’ ${found ? `is broken in ${found.run.moves.length} steps` : 'holds'}`)
      if (error instanceof TooManyStates && known.length > 0) error.message += ` Known by then: ${known.join(', ')}.`
      throw error
    }
  return laws.flatMap((law) => answers.get(law) ?? [])
}

/** A search that was stopped before it had seen every state: nothing can be said of what must hold in the end. */
class Stopped extends Error {}

function checkEnded({ machine, stopped, states }: Log): void {
  if (stopped) throw new Stopped(`The search of ${machine.model.name} was stopped after ${states.toLocaleString('en-US')} states.`)
}

/**
 * The same over orbits. Rest, what must always hold and what must recover can be read off them. A cycle of orbits may
 * come back with things exchanged, so what is fair cannot: where orbits have a cycle at all, every state is visited. So it
 * is where one message is to be followed, such as to see whether healing would help it, and messages are numbered anew.
 */
function overOrbits(machine: Machine, starts: readonly Int32Array[], options: SearchOptions, orbits: Orbits): Exploration {
  const { canon, kinds } = orbits
  const represented = starts.map((start) => {
    machine.load(start)
    canon()
    return machine.save()
  })
  const log = fill(machine, represented, true, { states: statesThatFit(machine), ...options.limits, canon })
  checkEnded(log)
  const laws = options.laws ?? machine.laws
  checkLaws(log, laws)
  checkAlike(log, orbits, laws)
  const graph = { log, memory: new MemoryBudget(log, options.limits?.bytes), orbit: null }
  const followed: readonly ModelLaw['when'][] = ['leads to', 'eventually', 'can always be reached', 'every step']
  let needsStates = laws.some(({ when }) => followed.includes(when))
    || (kinds.includes('message') && machine.known.anotherIsDown !== undefined && laws.some(({ when }) => when === 'before time passes'))
  if (!needsStates) graph.memory.while('to look for cycles', () =>
    cycles({ ...graph, uses: marks(machine, () => true), has: () => true }, () => { needsStates = true }))
  if (needsStates) return overStates(machine, starts, options, exchanging(machine, starts))
  const startOf = distinct(represented)
  const found = answered(graph, options)
  return {
    machine, silent: silentIn(log, options), ...sizeOf(log),
    broken: found.map((each) =>
      realised(machine, starts, { ...each, run: { ...each.run, start: startOf[each.run.start]! } }, orbits)),
  }
}

/** A run over orbits as one over states: at each step the move whose state belongs to the next orbit. */
function realised(machine: Machine, starts: readonly Int32Array[], found: ModelViolation, { canon }: Orbits): ModelViolation {
  const orbits: string[] = []
  machine.load(starts[found.run.start]!)
  canon()
  for (const move of found.run.moves) {
    machine.take(move)
    canon()
    orbits.push(machine.save().join())
  }
  let state = starts[found.run.start]!
  const moves = orbits.map((orbit) => {
    for (const { at } of machine.moves) {
      machine.load(state)
      if (!machine.take(at)) continue
      const reached = machine.save()
      canon()
      if (machine.save().join() !== orbit) continue
      state = reached
      return at
    }
    throw new UsageError(`${machine.model.name} declares things alike that are not: a step of one orbit is none of another state of it.`)
  })
  machine.load(state)
  const law = found.law
  const subject = law.when === 'recovers' ? found.subject : (machine.ask(law).broken() || found.subject)
  return { ...found, run: { ...found.run, moves }, subject }
}

/** The log holds each start once: which of the given ones it is. */
function distinct(starts: readonly Int32Array[]): readonly number[] {
  const first = new Map<string, number>()
  starts.forEach((start, i) => {
    const key = start.join()
    if (!first.has(key)) first.set(key, i)
  })
  return [...first.values()]
}
