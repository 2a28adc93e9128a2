/**
 * Questions about the graph of all states: its cycles, what is reachable backwards, and shortest ways.
 *
 * All of it on typed arrays and without recursion, so that it goes as far as the exploration did. A set or a map would
 * end at 2^24 states.
 */
import type { Log } from '../states/log.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import type { MemoryBudget } from '../states/memory-budget.ts'

/** Every state and edge, and the memory there is for what is asked of them. */
export interface Graph {
  readonly log: Log
  readonly memory: MemoryBudget
  /** A name for all states that differ only in which of several alike things is which; null where none are declared alike. */
  readonly orbit: ((state: number) => string) | null
  /** Where each state stands for an orbit: what finds cycles then. */
  readonly unfolding: { lassoFor(graph: Graph, question: LassoQuestion): LassoAnswer } | null
  /** The only one that laws are asked about; everyone where it is null. */
  readonly only: number | null
}

/** The question for a run that goes round for ever without something. */
export interface LassoQuestion {
  readonly asked: AskedLaw
  /** Whom it may be missing for. */
  readonly subjects: readonly number[]
  /** By move: whether it may be on the cycle, and how it is owed. */
  readonly uses: Uint8Array
  readonly owed: Uint8Array
  /** The states to look at, and how far each is from a start. */
  readonly has: (state: number) => boolean
  readonly depth: (state: number) => number
  /** Whether somebody who is without it counts in a state. */
  readonly blamed: (state: number, subject: number) => boolean
  /** Whether it is missing in all those states, for the one subject. */
  readonly isMissing: boolean
  /** Steps there may be, those before the cycle and those of it. */
  readonly most: number
}

export interface FoundLasso {
  /** The state where the cycle begins and ends. */
  readonly at: number
  /** Steps of the cycle. */
  readonly length: number
  readonly subject: number
  /** The moves of the cycle from a real state, of those that `at` stands for, and whom it is missing for on that one. */
  readonly roundFrom: (state: Int32Array) => { readonly moves: readonly number[]; readonly subject: number }
}

export interface LassoAnswer {
  readonly found: FoundLasso | null
  /** Whether it is known that no shorter run does it. */
  readonly shortest: boolean
}

/** Whom a law is asked about. */
export const subjectsOf = ({ only }: Graph, { subjects }: AskedLaw): readonly number[] =>
  (only === null ? subjects.map((_, i) => i + 1) : [only])

/** The part of a graph to look at: some states, and between them the edges of some moves. */
export interface Subgraph extends Graph {
  readonly has: (state: number) => boolean
  /** By move: whether its edges count. */
  readonly uses: Uint8Array
}

/**
 * Gives out the sets of states that can reach one another, each in order, leaving out those that are no cycle: one state
 * without a loop. `among` is every state that the part has, in order, where these are few of all; searches one after
 * another may have the same arrays.
 */
export function cycles(
  { log, memory, has, uses }: Subgraph, found: (members: Int32Array) => void,
  among: Int32Array | null = null, arrays = new CycleArrays(log, memory),
): void {
  const { from, to, by } = log.edges!
  const { order, low, open, cursor, path, waiting } = arrays
  const unseen = 0
  let next = 1
  let depth = 0
  let waits = 0
  if (among) for (const state of among) order[state] = unseen
  const roots = among ? among.length : log.states
  for (let i = 0; i < roots; i++) {
    const root = among ? among[i]! : i
    if (order[root] !== unseen || !has(root)) continue
    enter(root)
    while (depth > 0) {
      const state = path[depth - 1]!
      const end = from[state + 1]!
      let edge = cursor[state]!
      while (edge < end) {
        const target = to[edge]!
        if (uses[by[edge++]!] && has(target)) {
          if (order[target] === unseen) {
            cursor[state] = edge
            enter(target)
            break
          }
          if (open[target] && order[target]! < low[state]!) low[state] = order[target]!
        }
      }
      if (path[depth - 1] === state) leave(state)
    }
  }

  function enter(state: number): void {
    order[state] = low[state] = next++
    open[state] = 1
    cursor[state] = from[state]!
    path[depth++] = state
    waiting[waits++] = state
  }
  function leave(state: number): void {
    depth--
    if (depth > 0) {
      const above = path[depth - 1]!
      if (low[state]! < low[above]!) low[above] = low[state]!
    }
    if (low[state] !== order[state]) return
    const end = waits
    while (open[state]) open[waiting[--waits]!] = 0
    if (end - waits > 1 || loops(state)) found(waiting.slice(waits, end).sort())
  }
  function loops(state: number): boolean {
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) if (to[edge] === state && uses[by[edge]!]) return true
    return false
  }
}

/** What a search for cycles writes on. */
export class CycleArrays {
  readonly order: Int32Array
  readonly low: Int32Array
  readonly open: Uint8Array
  readonly cursor: Uint32Array
  readonly path: Int32Array
  readonly waiting: Int32Array

  constructor({ states }: Log, memory: MemoryBudget) {
    this.order = memory.take(Int32Array, states)
    this.low = memory.take(Int32Array, states)
    this.open = memory.take(Uint8Array, states)
    this.cursor = memory.take(Uint32Array, states)
    this.path = memory.take(Int32Array, states)
    this.waiting = memory.take(Int32Array, states)
  }
}

/** Marks every state from which the edges of some moves lead to a goal. */
export function canReach(graph: Graph, uses: Uint8Array, isGoal: (state: number) => boolean): Uint8Array {
  const can = graph.memory.take(Uint8Array, graph.log.states)
  graph.memory.while('to see what leads where', () => markBackwards(graph, uses, isGoal, can))
  return can
}

function markBackwards({ log, memory }: Graph, uses: Uint8Array, isGoal: (state: number) => boolean, can: Uint8Array): void {
  const { from, to, by } = log.edges!
  const incoming = memory.take(Uint32Array, log.states + 2)
  for (let edge = 0; edge < log.transitions; edge++) if (uses[by[edge]!]) incoming[to[edge]! + 2]!++
  for (let i = 2; i < incoming.length; i++) incoming[i]! += incoming[i - 1]!
  const sources = memory.take(Int32Array, incoming.at(-1)!)
  for (let state = 0; state < log.states; state++)
    for (let edge = from[state]!; edge < from[state + 1]!; edge++)
      if (uses[by[edge]!]) sources[incoming[to[edge]! + 1]!++] = state
  const queue = memory.take(Int32Array, log.states)
  let end = 0
  for (let state = 0; state < log.states; state++) if (isGoal(state)) queue[end++] = state
  for (let i = 0; i < end; i++) can[queue[i]!] = 1
  for (let i = 0; i < end; i++) {
    const state = queue[i]!
    for (let k = incoming[state]!; k < incoming[state + 1]!; k++) {
      const source = sources[k]!
      if (!can[source]) {
        can[source] = 1
        queue[end++] = source
      }
    }
  }
}

/** Shortest ways by the edges of some moves, from starts that are some distance away already. */
export interface Ways {
  /** By state: how far; -1 when it cannot be reached. */
  readonly far: Int32Array
  readonly before: Int32Array
  readonly by: Uint16Array
}
/** Where the ways begin, the nearest first: each by one move from the state before it. */
interface Entrances {
  readonly state: Int32Array
  readonly before: Int32Array
  readonly far: Int32Array
  readonly by: number
}

export function ways(
  { log, memory, has = () => true }: Graph & Partial<Pick<Subgraph, 'has'>>, uses: Uint8Array, entrances: Entrances,
): Ways {
  const { from, to, by } = log.edges!
  const unknown = () => memory.take(Int32Array, log.states).fill(-1)
  const result = { far: unknown(), before: unknown(), by: memory.take(Uint16Array, log.states) }
  const count = entrances.state.length
  const queue = memory.take(Int32Array, log.states)
  let [begin, end, next] = [0, 0, 0]
  for (let far = entrances.far[0] ?? 0; next < count || begin < end; far++) {
    // Of two equally short ways, the one that enters last is taken: it shows what broke before the fresh message came.
    const frontier = end
    const first = next
    while (next < count && entrances.far[next] === far) next++
    const arriving = Int32Array.from({ length: next - first }, (_, i) => first + i)
    for (const i of arriving.sort((a, b) => entrances.state[a]! - entrances.state[b]! || a - b))
      reach(entrances.state[i]!, entrances.before[i]!, entrances.by, far)
    for (; begin < frontier; begin++) {
      const state = queue[begin]!
      for (let edge = from[state]!; edge < from[state + 1]!; edge++)
        if (uses[by[edge]!] && has(to[edge]!)) reach(to[edge]!, state, by[edge]!, far)
    }
  }
  return result

  function reach(state: number, before: number, move: number, far: number): void {
    if (result.far[state] !== -1) return
    result.far[state] = far
    result.before[state] = before
    result.by[state] = move
    queue[end++] = state
  }
}
