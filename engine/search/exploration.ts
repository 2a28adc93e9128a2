/** What a search of all states, or of all orbits, finds, and what both of them do when it is over. */
import { type ModelLaw, waitsFor } from '../../spec/laws.ts'
import { UsageError } from '../usage-error.ts'
import type { Machine } from '../model/machine.ts'
import { isBeyond, type Limits, type Log, type SearchSpeed } from '../states/log.ts'
import { memoryUnlessTold, TooManyStates } from '../states/memory-budget.ts'
import type { ModelViolation } from './model-violation.ts'
import { neverBegins } from './own-violations.ts'

export interface Exploration {
  readonly machine: Machine
  readonly states: number
  /** States that were come to and lie beyond the bound of the model: they are not among the others, and not gone on from. */
  readonly beyond: number
  readonly transitions: number
  /** The greatest distance of a state from a start. */
  readonly depth: number
  /** Null where every state was visited. Else the states stand for orbits, and others were visited beside them. */
  readonly beside: BesideOrbits | null
  readonly broken: readonly ModelViolation[]
  /** Laws that say nothing here: what they begin with is so in no state. */
  readonly silent: readonly ModelLaw[]
}

/** States that were visited one by one, for what orbits do not tell. */
export interface BesideOrbits {
  /** States of orbits between which a run may go round. */
  readonly round: number
  /** Those where one of several alike things was followed, and the others stood for one another. */
  readonly followed: number
  /** Every state, where one of several alike things has its turn before another, and which of them it is differs. */
  readonly all: number
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

/** So many states are looked at, half of them nearest a start and half spread over the others. */
const mostLooks = 400

/** Throws `UsageError` where asking a law of one’s own changes the state: what is asked after it would be of another. */
export function checkLaws({ machine, words, states }: Log, laws: readonly ModelLaw[]): void {
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

export const silentIn = (log: Log, laws: readonly ModelLaw[]) =>
  laws.filter((law) => law.when === 'leads to' && neverBegins(log, law))

type Size = Pick<Exploration, 'states' | 'beyond' | 'transitions' | 'depth'>

export function sizeOf({ machine, states, transitions, levels, can }: Log): Size {
  let beyond = 0
  let last = states - 1
  if (machine.within) {
    for (let state = 0; state < states; state++) if (can[state]! & isBeyond) beyond++
    while (last > 0 && can[last]! & isBeyond) last--
  }
  return { states: states - beyond, beyond, transitions, depth: levels.findLastIndex((first) => first <= last) }
}

/**
 * What each law is answered, first those that need no memory for it. Where there is too little for another, what is known
 * by then goes with the error.
 */
export function answered<V extends ModelViolation>(laws: readonly ModelLaw[], answer: (law: ModelLaw) => V | null): readonly V[] {
  const answers = new Map<ModelLaw, V | null>()
  const needs = (law: ModelLaw) => waitsFor(law).length
  for (const law of [...laws].sort((a, b) => needs(a) - needs(b)))
    try {
      answers.set(law, answer(law))
    } catch (error) {
      const known = [...answers].map(([{ name }, found]) => `‘${name}’ ${found ? `is broken in ${found.run.moves.length} steps` : 'holds'}`)
      if (error instanceof TooManyStates && known.length > 0) error.message += ` Known by then: ${known.join(', ')}.`
      throw error
    }
  return laws.flatMap((law) => answers.get(law) ?? [])
}

/** A search that was stopped before it had seen every state: nothing can be said of what must hold in the end. */
class Stopped extends Error {}

export function checkEnded({ machine, stopped, states }: Log): void {
  if (stopped) throw new Stopped(`The search of ${machine.model.name} was stopped after ${states.toLocaleString('en-US')} states.`)
}

/** The log holds each start once: which of the given ones it is. */
export function distinct(starts: readonly Int32Array[]): readonly number[] {
  const first = new Map<string, number>()
  starts.forEach((start, i) => {
    const key = start.join()
    if (!first.has(key)) first.set(key, i)
  })
  return [...first.values()]
}
