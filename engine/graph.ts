/**
 * Questions about the graph of all states: its circles, what is reachable backwards, and shortest ways.
 *
 * All of it on typed arrays and without recursion, so that it goes as far as the exploration did.
 */
import type { Log } from './kernel.ts'

/** The part of a graph to look at: some states, and between them the edges of some moves. */
export interface Part {
  readonly log: Log
  readonly has: (state: number) => boolean
  /** By move: whether its edges count. */
  readonly uses: Uint8Array
}

/** The sets of states that can reach one another, leaving out those that are no circle: one state without a loop. */
export function circles({ log, has, uses }: Part): readonly (readonly number[])[] {
  const { from, to, by } = log.edges!
  const unseen = 0
  const order = new Int32Array(log.states)
  const low = new Int32Array(log.states)
  const open = new Uint8Array(log.states)
  const cursor = new Uint32Array(log.states)
  const path = new Int32Array(log.states)
  const waiting = new Int32Array(log.states)
  const found: number[][] = []
  let next = 1
  let depth = 0
  let waits = 0
  for (let root = 0; root < log.states; root++) {
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
  return found

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
    if (end - waits > 1 || loops(state)) found.push([...waiting.subarray(waits, end)].sort((a, b) => a - b))
  }
  function loops(state: number): boolean {
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) if (to[edge] === state && uses[by[edge]!]) return true
    return false
  }
}

/**
 * Whether a fair scheduler could stay in a circle for ever: each owed move is taken inside it, or is somewhere in it
 * impossible. For weak fairness this is exact: what keeps the whole set from being fair keeps every circle in it so.
 */
export function isFair({ log, uses }: Part, owed: Uint8Array, members: readonly number[]): boolean {
  const { from, to, by } = log.edges!
  const inside = new Set(members)
  const possible = new Map<number, number>()
  const taken = new Set<number>()
  for (const state of members)
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
      const move = by[edge]!
      if (!owed[move]) continue
      possible.set(move, (possible.get(move) ?? 0) + 1)
      if (uses[move] && inside.has(to[edge]!)) taken.add(move)
    }
  return [...possible].every(([move, states]) => states < members.length || taken.has(move))
}

export interface Lasso {
  /** The state where the circle begins and ends. */
  readonly at: number
  /** The moves of the circle. */
  readonly circle: readonly number[]
  /** Whether it is known that no shorter stem and circle together do. */
  readonly shortest: boolean
}

/** How many (state, obligations met) pairs a search for the shortest fair circle may look at, from all starts together. */
const patience = 300_000
/** Obligations that fit the bits of a number. */
const mostObligations = 24

/**
 * The shortest lasso into a fair set of states: the least stem and circle together. A circle counts as fair when each
 * owed move that can be taken where it begins is taken on the way, or met where it cannot be.
 */
export function shortestLasso(part: Part, owed: Uint8Array, members: readonly number[], depth: (state: number) => number): Lasso {
  let best: { at: number; circle: readonly number[] } | null = null
  let shortest = true
  const budget = { left: patience }
  const inside = new Set(members)
  for (const start of [...members].sort((a, b) => depth(a) - depth(b) || a - b)) {
    const limit: number = best ? depth(best.at) + best.circle.length - depth(start) : Infinity
    if (limit <= 1) break
    const { circle, exhausted } = fairCircle(part, owed, inside, start, limit, budget)
    if (circle) best = { at: start, circle }
    if (!exhausted) {
      shortest = false // from the other starts it would take as long
      break
    }
  }
  if (best) return { ...best, shortest }
  const start = members.reduce((a, b) => (depth(b) < depth(a) ? b : a))
  return { at: start, circle: tour(part, owed, inside, start), shortest: false }
}

/** Some fair circle, where the shortest would take too long: to each obligation in turn by a shortest way, and home. */
function tour(part: Part, owed: Uint8Array, inside: ReadonlySet<number>, start: number): readonly number[] {
  const { from, to, by } = part.log.edges!
  const possible = (state: number) => {
    const moves: number[] = []
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) if (owed[by[edge]!]) moves.push(by[edge]!)
    return moves
  }
  const circle: number[] = []
  let here = start
  const go = (arrived: (state: number, move: number) => boolean) => {
    const seen = new Map<number, { before: number; move: number }>([[here, { before: -1, move: -1 }]])
    for (const state of seen.keys())
      for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
        const target = to[edge]!
        if (!part.uses[by[edge]!] || !inside.has(target)) continue
        const there = arrived(target, by[edge]!)
        if (!there && seen.has(target)) continue
        const way = [by[edge]!]
        for (let at = state; at !== here; at = seen.get(at)!.before) way.push(seen.get(at)!.move)
        if (there) {
          circle.push(...way.reverse())
          here = target
          return
        }
        seen.set(target, { before: state, move: by[edge]! })
      }
  }
  for (const due of possible(start)) if (!circle.includes(due)) go((state, move) => move === due || !possible(state).includes(due))
  if (here !== start || circle.length === 0) go((state) => state === start)
  return circle
}

/** Breadth first from a state back to itself, remembering which obligations have been met. */
function fairCircle(
  { log, uses }: Part, owed: Uint8Array, inside: ReadonlySet<number>, start: number, limit: number, budget: { left: number },
) {
  const { from, to, by } = log.edges!
  const due = possibleAt(start)
  if (due.length > mostObligations) return { circle: null, exhausted: false }
  const all = 2 ** due.length - 1
  type Visit = { state: number; met: number; back: Visit | null; move: number; length: number }
  const seen = new Set([`${start}/0`])
  const queue: Visit[] = [{ state: start, met: 0, back: null, move: -1, length: 0 }]
  for (let i = 0; i < queue.length; i++) {
    const visit = queue[i]!
    if (visit.length + 1 >= limit) return { circle: null, exhausted: true }
    for (let edge = from[visit.state]!; edge < from[visit.state + 1]!; edge++) {
      const target = to[edge]!
      const move = by[edge]!
      if (!uses[move] || !inside.has(target)) continue
      const here = possibleAt(target)
      let met = visit.met
      due.forEach((owing, bit) => { if (owing === move || !here.includes(owing)) met |= 1 << bit })
      const reached = { state: target, met, back: visit, move, length: visit.length + 1 }
      if (target === start && met === all) return { circle: movesTo(reached), exhausted: true }
      const key = `${target}/${met}`
      if (seen.has(key)) continue
      if (--budget.left < 0) return { circle: null, exhausted: false }
      seen.add(key)
      queue.push(reached)
    }
  }
  return { circle: null, exhausted: true }

  function possibleAt(state: number): readonly number[] {
    const moves: number[] = []
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) if (owed[by[edge]!]) moves.push(by[edge]!)
    return moves
  }
  function movesTo(visit: Visit): readonly number[] {
    const moves: number[] = []
    for (let at: Visit | null = visit; at?.back; at = at.back) moves.push(at.move)
    return moves.reverse()
  }
}

/** Marks every state from which the edges of some moves lead to a goal. */
export function canReach(log: Log, uses: Uint8Array, isGoal: (state: number) => boolean): Uint8Array {
  const { from, to, by } = log.edges!
  const incoming = new Uint32Array(log.states + 2)
  for (let edge = 0; edge < log.transitions; edge++) if (uses[by[edge]!]) incoming[to[edge]! + 2]!++
  for (let i = 2; i < incoming.length; i++) incoming[i]! += incoming[i - 1]!
  const sources = new Int32Array(incoming.at(-1)!)
  for (let state = 0; state < log.states; state++)
    for (let edge = from[state]!; edge < from[state + 1]!; edge++)
      if (uses[by[edge]!]) sources[incoming[to[edge]! + 1]!++] = state
  const can = new Uint8Array(log.states)
  const queue = new Int32Array(log.states)
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
  return can
}

/** Shortest ways by the edges of some moves, from starts that are some distance away already. */
export interface Ways {
  /** By state: how far; -1 when it cannot be reached. */
  readonly far: Int32Array
  readonly before: Int32Array
  readonly by: Uint16Array
}
export interface Entrance {
  readonly state: number
  readonly far: number
  readonly before: number
  readonly by: number
}

export function ways(log: Log, uses: Uint8Array, entrances: readonly Entrance[]): Ways {
  const { from, to, by } = log.edges!
  const result = { far: new Int32Array(log.states).fill(-1), before: new Int32Array(log.states).fill(-1), by: new Uint16Array(log.states) }
  const sorted = [...entrances].sort((a, b) => a.far - b.far || a.state - b.state)
  let frontier: number[] = []
  let next = 0
  for (let far = sorted[0]?.far ?? 0; next < sorted.length || frontier.length > 0; far++) {
    // Of two equally short ways, the one that enters last is taken: it shows what broke before the fresh message came.
    const arriving: number[] = []
    for (; next < sorted.length && sorted[next]!.far === far; next++) {
      const entrance = sorted[next]!
      if (result.far[entrance.state] === -1) reach(entrance.state, entrance.before, entrance.by, far, arriving)
    }
    for (const state of frontier)
      for (let edge = from[state]!; edge < from[state + 1]!; edge++)
        if (uses[by[edge]!] && result.far[to[edge]!] === -1) reach(to[edge]!, state, by[edge]!, far, arriving)
    frontier = arriving
  }
  return result

  function reach(state: number, before: number, move: number, far: number, into: number[]): void {
    result.far[state] = far
    result.before[state] = before
    result.by[state] = move
    into.push(state)
  }
}
