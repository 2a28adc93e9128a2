/** Fair cycles: whether a scheduler that owes some moves could go round for ever, and the shortest way to do so. */
import { isFairCycle } from '../run/fairness.ts'
import type { Subgraph } from './graph.ts'
import type { Log } from './log.ts'

/** States that can reach one another: in order, and by state. */
interface Cycle {
  readonly members: Int32Array
  readonly isIn: Uint8Array
}

/**
 * Whether a fair scheduler could stay in a cycle for ever: each owed move is taken inside it, or is somewhere in it
 * impossible. For weak fairness this is exact: what keeps the whole set from being fair keeps every cycle in it so.
 */
export function isFairSet({ log, uses }: Subgraph, owed: Uint8Array, { members, isIn }: Cycle): boolean {
  const { from, to, by } = log.edges!
  return isFairCycle(possibleAt(log, owed, members[0]!), members.length, (at) => {
    const begin = from[members[at]!]!
    const end = from[members[at]! + 1]!
    return (move) => {
      let edge = begin
      while (edge < end && by[edge] !== move) edge++
      return edge < end && !(uses[move] && isIn[to[edge]!])
    }
  })
}

export interface Lasso {
  /** The state where the cycle begins and ends. */
  readonly at: number
  /** The moves of the cycle. */
  readonly cycle: readonly number[]
}
export interface LassoSearch {
  readonly lasso: Lasso | null
  /** Whether it is known that no shorter stem and cycle together do. */
  readonly shortest: boolean
}

/** How many (state, obligations met) pairs a search for the shortest fair cycle may look at, from all starts together. */
const mostVisits = 4_000_000
/** Obligations that fit the bits of a number. */
const mostObligations = 24

/**
 * The shortest lasso into a fair set of states: the least stem and cycle together, of at most so many steps. A cycle
 * counts as fair when each owed move that can be taken where it begins is taken on the way, or met where it cannot be. It
 * is as fair wherever it begins, so one search finds all cycles through a state, and those after it go without that one.
 */
export function shortestLasso(part: Subgraph, owed: Uint8Array, cycle: Cycle, depth: (state: number) => number, most: number): LassoSearch {
  let lasso: Lasso | null = null
  let longest = most
  const budget = { left: mostVisits }
  const nearestFirst = sorted(cycle.members, depth)
  const begun = new Set<string | number>()
  for (const start of nearestFirst) {
    const far = depth(start)
    if (far >= longest) break
    const orbit = part.orbit?.(start) ?? start
    if (begun.has(orbit)) {
      cycle.isIn[start] = 0
      continue
    }
    begun.add(orbit)
    const found = fairCycle(part, owed, cycle, start, longest - far, budget)
    if (found.cycle) {
      lasso = { at: start, cycle: found.cycle }
      longest = far + found.cycle.length - 1
    }
    if (found.exhausted) {
      cycle.isIn[start] = 0 // every cycle through it is accounted for
      continue
    }
    // From the other starts it would take as long.
    if (lasso) return { lasso, shortest: false }
    for (const state of cycle.members) cycle.isIn[state] = 1
    const at = nearestFirst[0]!
    const way = part.memory.while('to go round a cycle', () => tour(part, owed, cycle, at))
    return { lasso: depth(at) + way.length <= most ? { at, cycle: way } : null, shortest: false }
  }
  return { lasso, shortest: true }
}

function sorted(members: Int32Array, depth: (state: number) => number): Int32Array {
  const far = members.map(depth)
  if (far.every((each, i) => i === 0 || far[i - 1]! <= each)) return members
  return members.map((_, i) => i).sort((a, b) => far[a]! - far[b]! || a - b).map((i) => members[i]!)
}

/** Some fair cycle, where the shortest would take too long: to each obligation in turn by a shortest way, and home. */
function tour({ log, memory, uses }: Subgraph, owed: Uint8Array, { members, isIn }: Cycle, start: number): readonly number[] {
  const { from, to, by } = log.edges!
  const possible = (state: number) => possibleAt(log, owed, state)
  const cycle: number[] = []
  const before = memory.take(Int32Array, log.states)
  const moveTo = memory.take(Uint16Array, log.states)
  const isSeen = memory.take(Uint8Array, log.states)
  const queue = memory.take(Int32Array, members.length)
  let here = start
  const go = (arrived: (state: number, move: number) => boolean) => {
    let end = 0
    const see = (state: number) => {
      isSeen[state] = 1
      queue[end++] = state
    }
    see(here)
    search: for (let i = 0; i < end; i++) {
      const state = queue[i]!
      for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
        const target = to[edge]!
        if (!uses[by[edge]!] || !isIn[target]) continue
        const there = arrived(target, by[edge]!)
        if (!there && isSeen[target]) continue
        if (there) {
          const way = [by[edge]!]
          for (let at = state; at !== here; at = before[at]!) way.push(moveTo[at]!)
          cycle.push(...way.reverse())
          here = target
          break search
        }
        before[target] = state
        moveTo[target] = by[edge]!
        see(target)
      }
    }
    for (let i = 0; i < end; i++) isSeen[queue[i]!] = 0
  }
  for (const due of possible(start)) if (!cycle.includes(due)) go((state, move) => move === due || !possible(state).includes(due))
  if (here !== start || cycle.length === 0) go((state) => state === start)
  return cycle
}

/** Breadth first from a state back to itself in so many steps, remembering which obligations have been met. */
function fairCycle(
  { log, uses }: Subgraph, owed: Uint8Array, { isIn }: Cycle, start: number, most: number, budget: { left: number },
): { readonly cycle: readonly number[] | null; readonly exhausted: boolean } {
  const { from, to, by } = log.edges!
  const due = possibleAt(log, owed, start)
  if (due.length > mostObligations) return { cycle: null, exhausted: false }
  const bits = new Uint32Array(owed.length)
  due.forEach((move, bit) => { bits[move] = 1 << bit })
  const all = 2 ** due.length - 1
  // A state and what is met there are one number, and small enough to be one exactly.
  const range = 2 ** mostObligations
  const seen = new Set([start * range])
  const queue = [start * range]
  const back = [-1]
  const moves = [-1]
  let levelEnd = 1
  for (let i = 0, length = 0; i < queue.length; i++) {
    if (i === levelEnd) {
      levelEnd = queue.length
      length++
    }
    if (length >= most) return { cycle: null, exhausted: true }
    const state = Math.floor(queue[i]! / range)
    const before = queue[i]! % range
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
      const target = to[edge]!
      const move = by[edge]!
      if (!uses[move] || !isIn[target]) continue
      let possible = 0
      for (let other = from[target]!; other < from[target + 1]!; other++) possible |= bits[by[other]!]!
      const met = before | bits[move]! | (all & ~possible)
      if (target === start && met === all) return { cycle: [...movesTo(i), move], exhausted: true }
      const key = target * range + met
      if (seen.has(key)) continue
      if (--budget.left < 0) return { cycle: null, exhausted: false }
      seen.add(key)
      queue.push(key)
      back.push(i)
      moves.push(move)
    }
  }
  return { cycle: null, exhausted: true }

  function movesTo(visit: number): readonly number[] {
    const way: number[] = []
    for (let at = visit; back[at]! >= 0; at = back[at]!) way.push(moves[at]!)
    return way.reverse()
  }
}

/** The owed moves that can be taken in a state. */
function possibleAt(log: Log, owed: Uint8Array, state: number): readonly number[] {
  const { from, by } = log.edges!
  const moves: number[] = []
  for (let edge = from[state]!; edge < from[state + 1]!; edge++) if (owed[by[edge]!]) moves.push(by[edge]!)
  return moves
}
