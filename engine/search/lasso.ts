/** Fair cycles: whether a scheduler that owes some moves could go round for ever, and the shortest way to do so. */
import { isFairCycle } from '../run/fairness.ts'
import { CycleArrays, cycles, type Subgraph } from './graph.ts'
import { type Log, owedStrongly, owedWeakly } from '../states/log.ts'

/** States that can reach one another: in order, and by state. */
interface Cycle {
  readonly members: Int32Array
  readonly isIn: Uint8Array
}

/**
 * The states among which a fair scheduler could stay for ever, of those that can reach one another; null where there are none.
 *
 * A move that is owed strongly, is possible somewhere and is taken nowhere among them, must not become possible: then it is looked
 * for what is left without the states where it is. (That is how Streett automata are tested for emptiness.)
 */
export function fairPart(part: Subgraph, owed: Uint8Array, cycle: Cycle, arrays: CycleArrays | null = null): Int32Array | null {
  const { from, to, by } = part.log.edges!
  const { members, isIn } = cycle
  const [possible, taken] = [new Set<number>(), new Set<number>()]
  if (owed.includes(owedStrongly))
    for (const state of members)
      for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
        const move = by[edge]!
        if (owed[move] === owedStrongly) possible.add(move)
        if (owed[move] === owedStrongly && part.uses[move] && isIn[to[edge]!]) taken.add(move)
      }
  const passedOver = [...possible].filter((move) => !taken.has(move))
  if (passedOver.length === 0) return isFairSet(part, owed, cycle) ? members : null
  const left = members.filter((state) => !possibleAt(part.log, owed, state).some((move) => passedOver.includes(move)))
  const smaller: Int32Array[] = []
  const room = arrays ?? part.memory.while('to look for cycles', () => new CycleArrays(part.log, part.memory))
  for (const state of members) isIn[state] = 0
  for (const state of left) isIn[state] = 1
  if (left.length > 0) cycles({ ...part, has: (state) => isIn[state] === 1 }, (found) => { smaller.push(found) }, left, room)
  for (const state of left) isIn[state] = 0
  let fair: Int32Array | null = null
  for (const found of smaller) {
    for (const state of found) isIn[state] = 1
    fair ??= fairPart(part, owed, { members: found, isIn }, room)
    for (const state of found) isIn[state] = 0
  }
  for (const state of members) isIn[state] = 1
  return fair
}

/**
 * Whether a scheduler that is weakly fair could stay in a cycle for ever: each owed move is taken inside it, or is somewhere in it
 * impossible. This is exact: what keeps the whole set from being fair keeps every cycle in it so.
 */
function isFairSet({ log, uses }: Subgraph, owed: Uint8Array, { members, isIn }: Cycle): boolean {
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
export function shortestLasso(
  part: Subgraph, owed: Uint8Array, cycle: Cycle & { readonly fair: Int32Array }, depth: (state: number) => number, most: number,
): LassoSearch {
  let lasso: Lasso | null = null
  let longest = most
  const budget = { left: mostVisits }
  const nearestFirst = sorted(cycle.members, depth)
  const begun = new Set<string | number>()
  const strong = strongIn(part.log, owed, cycle.members)
  for (const start of nearestFirst) {
    const far = depth(start)
    if (far >= longest) break
    const orbit = part.orbit?.(start) ?? start
    if (begun.has(orbit)) {
      cycle.isIn[start] = 0
      continue
    }
    begun.add(orbit)
    const found = fairCycle(part, { owed, strong }, cycle, start, longest - far, budget)
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
    for (const state of cycle.members) cycle.isIn[state] = 0
    for (const state of cycle.fair) cycle.isIn[state] = 1
    const [at] = sorted(cycle.fair, depth)
    const way = part.memory.while('to go round a cycle', () => tour(part, owed, { members: cycle.fair, isIn: cycle.isIn }, at!))
    for (const state of cycle.members) cycle.isIn[state] = 1
    return { lasso: depth(at!) + way.length <= most ? { at: at!, cycle: way } : null, shortest: false }
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
  for (const due of possible(start))
    if (!cycle.includes(due) && owed[due] === owedWeakly) go((state, move) => move === due || !possible(state).includes(due))
  for (const due of strongIn(log, owed, members)) if (!cycle.includes(due)) go((_, move) => move === due)
  if (here !== start || cycle.length === 0) go((state) => state === start)
  return cycle
}

/** The moves owed strongly that are possible in some of these states. */
function strongIn({ edges }: Log, owed: Uint8Array, members: Int32Array): readonly number[] {
  if (!owed.includes(owedStrongly)) return []
  const found = new Set<number>()
  for (const state of members)
    for (let edge = edges!.from[state]!; edge < edges!.from[state + 1]!; edge++)
      if (owed[edges!.by[edge]!] === owedStrongly) found.add(edges!.by[edge]!)
  return [...found]
}

/**
 * Breadth first from a state back to itself in so many steps, remembering which obligations have been met. A move owed weakly is
 * one if it is possible where the cycle begins; one owed strongly becomes one where it is possible, and is met only when it is taken.
 */
function fairCycle(
  { log, uses }: Subgraph, { owed, strong }: { readonly owed: Uint8Array; readonly strong: readonly number[] }, { isIn }: Cycle,
  start: number, most: number, budget: { left: number },
): { readonly cycle: readonly number[] | null; readonly exhausted: boolean } {
  const { from, to, by } = log.edges!
  const due = possibleAt(log, owed, start).filter((move) => owed[move] === owedWeakly)
  if (due.length + 2 * strong.length > mostObligations) return { cycle: null, exhausted: false }
  const [bits, becomes] = [new Uint32Array(owed.length), new Uint32Array(owed.length)]
  due.forEach((move, bit) => { bits[move] = 1 << bit })
  strong.forEach((move, i) => {
    bits[move] = 1 << (due.length + i)
    becomes[move] = 1 << (due.length + strong.length + i)
  })
  const all = 2 ** due.length - 1
  const becomeAt = (state: number) => {
    let become = 0
    if (strong.length > 0) for (let edge = from[state]!; edge < from[state + 1]!; edge++) become |= becomes[by[edge]!]!
    return become
  }
  const isFair = (met: number) =>
    (met & all) === all && ((met >>> (due.length + strong.length)) & ~(met >>> due.length)) === 0
  // A state and what is met there are one number, and small enough to be one exactly.
  const range = 2 ** mostObligations
  const begin = start * range + becomeAt(start)
  const seen = new Set([begin])
  const queue = [begin]
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
      const met = before | bits[move]! | (all & ~possible) | becomeAt(target)
      if (target === start && isFair(met)) return { cycle: [...movesTo(i), move], exhausted: true }
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
