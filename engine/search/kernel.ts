/**
 * Every state that can be reached, once, nearest first.
 *
 * States are packed words in one append-only log, which is also the queue; an open-addressing table finds the ones
 * seen before. The inner loop is generated and compiled afresh whenever an array is replaced, because V8 specialises
 * code to the arrays it first met.
 */
import { type Decisions, decisionsOf } from '../speed/decisions.ts'
import { batch, compileKernel, compileRules, type Kernel, mostStates } from './kernel-source.ts'
import type { Machine } from '../model/machine.ts'
import {
  bytesIn, bytesOfTable, isOutOfMemory, keeper, makeRoom, memory, roomIn, soFar, statesWithin, tooMuch, TooManyStates,
} from './memory.ts'
import { OutOfDomain } from '../model/views.ts'

export { canProgress, canTime } from './kernel-source.ts'

/** Everything found so far. Index 0 is the first start; a state’s index also orders it by distance. */
export interface Log {
  readonly machine: Machine
  /** The words of state i lie at `i * machine.words`. */
  words: Int32Array
  states: number
  transitions: number
  /** By state: from which it was first reached; -1 for a start. */
  parents: Int32Array
  /** By state: which kinds of step can be taken from it, a bit each. */
  can: Uint8Array
  /** By distance: the index of the first state that far from a start. */
  readonly levels: number[]
  /** Kept between two compilations of the kernel: the index at which the present distance ends. */
  level: number
  /** Whether a beat ended the search before every state was seen. */
  stopped: boolean
  /** What its arrays and the table take, in bytes. */
  bytes: number
  /** States that no decision was made for, since the rules were last compiled; and where that was. */
  slow: number
  decided: number
  /** States whose successors are known. */
  expanded: number
  /** Every transition, when asked for: those from state i lie from `from[i]` to `from[i + 1]`. */
  readonly edges: Edges | null
}

export interface Edges {
  from: Uint32Array
  to: Int32Array
  /** Which move. */
  by: Uint16Array
}

export interface Limits {
  /** States at which to stop with an error. */
  readonly states: number
  /** Bytes that the arrays of a search may take; half of this machine’s memory, unless it is said. */
  readonly bytes?: number
  /** Brings the scratch state to the representative of its orbit; without it, every state counts. */
  readonly canon?: (() => void) | null
  /** What is known of the rules beforehand. Without it, a large search finds that out by itself. */
  readonly decisions?: Decisions
  /** Called now and then; returning true stops the search. */
  readonly beat?: (log: Log) => boolean
}

const firstBits = 12
/** States from which on it is worth growing decisions for the rules, and compiling those; and moves, for a few are soon tried. */
const worthDeciding = 100_000
const manyMoves = 32
/** The table of a search that has come to go by decisions. */
const decidedBits = 22
/** The part of its budget that a search gives its table as soon as it outgrows that one. */
const partOfBudget = 1 / 64

/** The bits of the table that a search with such a budget is given. */
const enough = (budget: number) => Math.floor(Math.log2(budget * partOfBudget / 4))

/** The bits of the next table. For each, all states are entered anew and code is compiled, so there should be few. */
const larger = (bits: number, isDecided: boolean, budget: number) =>
  (bits >= decidedBits ? Math.max(bits + 1, enough(budget)) : Math.max(bits + 2, isDecided ? Math.min(decidedBits, enough(budget)) : 0))

/** Whether so many states lack a decision that it is time to look again at what states hold. */
const areSlow = ({ slow, decided }: Log, expanded: number) => slow * 16 > expanded - decided

/** Visits every state reachable from the starts. Stops early when the beat says so. */
export function fill(machine: Machine, starts: readonly Int32Array[], keepEdges: boolean, limits: Limits): Log {
  let bits = firstBits
  const K = machine.words
  const room = () => roomIn(bits)
  const margin = batch + 2 * machine.moves.length
  const most = Math.min(limits.states, mostStates - 2 * margin)
  while (room() <= starts.length + margin) bits += 2
  const log: Log = {
    machine, words: new Int32Array(room() * K), states: 0, transitions: 0,
    parents: new Int32Array(room()), can: new Uint8Array(room()), levels: [], level: 0, stopped: false, bytes: 0,
    slow: 0, decided: 0, expanded: 0,
    edges: keepEdges ? { from: new Uint32Array(room() + 1), to: new Int32Array(1024), by: new Uint16Array(1024) } : null,
  }
  let rules = compileRules(machine, limits.canon ?? null, keepEdges, limits.canon ? null : (limits.decisions ?? null))
  const budget = limits.bytes ?? memory() / 2
  let done = 0
  const isWorthDeciding = machine.moves.length >= manyMoves && !limits.canon
  try {
    for (;;) {
      log.bytes = bytesOfTable(bits) + bytesIn(log)
      const keep = log.edges && keeper(log, log.edges, bits, budget)
      const fits = statesWithin(log, budget, bits)
      const full = Math.min(room() - margin, fits)
      done = expand(log, () => compileKernel(log, rules, 2 ** bits, full, keep), done, starts, limits)
      if (done < 0) break
      if (log.states > most) throw new TooManyStates(`${soFar(log, most)}: narrow the scope, or raise the limit of states.`)
      if (done >= log.states) break
      if (rules.quick ? areSlow(log, done) : isWorthDeciding && log.states > worthDeciding) {
        rules = compileRules(machine, null, keepEdges, decisionsOf(machine, log.words, log.states))
        log.slow = 0
        log.decided = done
      }
      // It only wanted other rules.
      if (log.states < full) continue
      if (full === fits) throw tooMuch(log, budget)
      bits = larger(bits, rules.quick !== null, budget)
      makeRoom(log, bits, most + margin, budget)
    }
  } catch (error) {
    // What the machine has is not always to be had.
    throw isOutOfMemory(error) ? tooMuch(log, log.bytes) : error
  }
  if (log.edges) log.edges.from[log.states] = log.transitions
  return log
}

/** Expands states until none is left or the arrays are full. The kernel ends here, so that its table is gone before the next. */
function expand(log: Log, made: () => Kernel, from: number, starts: readonly Int32Array[], limits: Limits): number {
  const kernel = made()
  if (from === 0) {
    for (const start of starts) kernel.start(start)
    log.levels.push(0)
  }
  try {
    return kernel.run(from, limits)
  } catch (error) {
    if (error instanceof OutOfDomain) error.message += blame(log)
    throw error
  }
}

/** Which rule broke a domain, and how far from a start: found by taking every move again from the state at fault. */
function blame({ machine, words, parents, expanded }: Log): string {
  let step = 1
  for (let state = expanded; parents[state]! >= 0; state = parents[state]!) step++
  for (const { at, rule } of machine.moves) {
    machine.load(words, expanded * machine.words)
    try {
      machine.take(at)
    } catch {
      return `. The rule ‘${rule.sentence}’ of ${machine.model.name} would set it, as step ${step} of a run: guard it, or widen the domain.`
    }
  }
  return ''
}
