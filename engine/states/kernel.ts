/**
 * Every state that can be reached, once, nearest first.
 *
 * States are packed words in one append-only log, which is also the queue; an open-addressing table finds the ones
 * seen before. The inner loop is generated and compiled afresh whenever an array is replaced, because V8 specialises
 * code to the arrays it first met.
 */
import { batch, compileKernel, compileRules, type Kernel, mostStates } from './kernel-source.ts'
import type { Machine } from '../model/machine.ts'
import { bytesIn, bytesOfEdge, bytesOfState, type Edges, type Limits, type Log } from './log.ts'
import { isOutOfMemory, memoryUnlessTold, TooManyStates } from './memory-budget.ts'
import { OutOfDomain } from '../model/views.ts'

const firstBits = 12
/** How full the table may become. */
const fullest = 0.55
/**
 * From here on a log is given all the room that it may ever need, and is never copied again. Memory that nobody has
 * written to is none, so a search takes no more for it than what it has found.
 */
const reservedBits = 20

/** The table of a search that takes a shortcut. */
const shortBits = 22
/** The part of its budget that a search gives its table as soon as it outgrows that one. */
const partOfBudget = 1 / 64

/** The bits of the table that a search with such a budget is given. */
const enough = (budget: number) => Math.floor(Math.log2(budget * partOfBudget / 4))

/** The bits of the next table. For each, all states are entered anew and code is compiled, so there should be few. */
const larger = (bits: number, isShort: boolean, budget: number) =>
  (bits >= shortBits ? Math.max(bits + 1, enough(budget)) : Math.max(bits + 2, isShort ? Math.min(shortBits, enough(budget)) : 0))

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
    shortSince: null, slow: 0, expanded: 0,
    edges: keepEdges ? { from: new Uint32Array(room() + 1), to: new Int32Array(1024), by: new Uint16Array(1024) } : null,
  }
  const canon = limits.canon ?? null
  const within = limits.within === undefined ? machine.within : limits.within
  /** A shortcut leaves out what brings a state to its representative. */
  const shortcut = () => (canon ? null : (limits.speed?.shortcut(log) ?? null))
  let short = shortcut()
  if (short) log.shortSince = 0
  let rules = compileRules(machine, canon, keepEdges, short)
  const budget = limits.bytes ?? memoryUnlessTold()
  let done = 0
  try {
    for (;;) {
      log.bytes = bytesOfTable(bits) + bytesIn(log)
      const keep = log.edges && keeper(log, log.edges, bits, budget)
      const fits = statesWithin(log, budget, bits)
      const full = Math.min(room() - margin, fits)
      done = expand(log, () => compileKernel(log, rules, 2 ** bits, full, keep, within), done, starts, limits)
      if (done < 0) break
      if (log.states > most) throw new TooManyStates(`${soFar(log, most)}: narrow the scope, or raise the limit of states.`)
      if (done >= log.states) break
      log.expanded = done
      short = shortcut()
      if (short) {
        rules = compileRules(machine, canon, keepEdges, short)
        log.shortSince = done
        log.slow = 0
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

/** States that a table of so many bits has room for. */
const roomIn = (bits: number) => Math.min(mostStates, Math.floor(2 ** bits * fullest))

const bytesOfTable = (bits: number) => 4 * 2 ** bits
/** States that fit a budget beside a table, and beside the edges that there are. */
const statesWithin = (log: Log, budget: number, bits: number) =>
  Math.floor((budget - bytesOfTable(bits) - (log.edges ? log.transitions * bytesOfEdge : 0)) / bytesOfState(log))

/** Room for as many states as a table of so many bits holds; from some size on, for all that there may be. */
function makeRoom(log: Log, bits: number, most: number, budget: number): void {
  if (bits >= reservedBits)
    try {
      grow(log, Math.min(most, Math.floor(budget / (bytesOfState(log) + 4 / fullest))))
      if (log.edges) growEdges(log.edges, log.transitions, Math.floor(budget / bytesOfEdge))
    } catch (error) {
      // A system may refuse what is more than it has, touched or not.
      if (!isOutOfMemory(error)) throw error
    }
  grow(log, roomIn(bits))
}

function grow(log: Log, states: number): void {
  const { words: K } = log.machine
  log.words = grown(log.words, log.states * K, states * K)
  log.parents = grown(log.parents, log.states, states)
  log.can = grown(log.can, log.states, states)
  if (log.edges) log.edges.from = grown(log.edges.from, log.states + 1, states + 1)
}

function growEdges(edges: Edges, used: number, count: number): void {
  edges.to = grown(edges.to, used, count)
  edges.by = grown(edges.by, used, count)
}

/** An array at least as long, with the same beginning. */
function grown<A extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(array: A, used: number, wanted: number): A {
  if (array.length >= wanted) return array
  const larger = new (array.constructor as new (length: number) => A)(wanted)
  larger.set(array.subarray(0, used))
  return larger
}

const soFar = ({ machine, levels }: Log, states: number) =>
  `${machine.model.name} has over ${states.toLocaleString('en-US')} states at this scope, ${(levels.length - 1).toLocaleString('en-US')} steps deep so far`
const tooMuch = (log: Log, bytes: number) =>
  new TooManyStates(`${soFar(log, log.states)}, and more would take over ${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MB: narrow the scope, or search where there is more memory.`)

/** Makes room for edges. Throws `TooManyStates` where they would take more than is left beside table and states. */
function edgeRoom(log: Log, edges: Edges, bits: number, budget: number): (count: number) => void {
  return (count) => {
    log.bytes = bytesOfTable(bits) + log.states * bytesOfState(log) + bytesOfEdge * count
    if (log.bytes > budget) throw tooMuch(log, budget)
    if (count > edges.to.length) growEdges(edges, edges.to.length, Math.max(2 * edges.to.length, count))
  }
}

/** Appends a batch of edges. */
function keeper(log: Log, edges: Edges, bits: number, budget: number) {
  const makeRoomFor = edgeRoom(log, edges, bits, budget)
  let at = log.transitions
  return (to: Int32Array, by: Uint16Array, length: number): void => {
    makeRoomFor(at + length)
    edges.to.set(length === to.length ? to : to.subarray(0, length), at)
    edges.by.set(length === by.length ? by : by.subarray(0, length), at)
    at += length
  }
}
