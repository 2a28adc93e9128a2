/** Of all fair cycles in a part of the graph, the one that takes the fewest steps to come to and to go round. */
import { cycles, type Subgraph } from './graph.ts'
import { fairPart, type Lasso, type LassoSearch, shortestLasso } from './lasso.ts'

interface NearestLasso extends LassoSearch {
  /** Whom the cycle was named for; 0 without one. */
  readonly subject: number
}

/**
 * Looks at the cycles of a part nearest first, those that are fair with the moves that are owed. Of each, `within` names
 * the cycles in it that matter, with whom they matter for. Of equally short lassos, it is the first one in
 * the cycle that was found first. `depth` says how far a state is from a start; `most` how many steps there may be.
 */
export function nearestLasso(
  part: Subgraph, owed: Uint8Array, depth: (state: number) => number, most: number,
  within: (members: Int32Array, found: (cycle: Int32Array, subject: number) => void) => void,
): NearestLasso {
  const isIn = part.memory.take(Uint8Array, part.log.states)
  const all = new Cycles(part)
  let best = null as { readonly lasso: Lasso; readonly subject: number; readonly cycle: number } | null
  let longest = most
  let shortest = true
  for (const { number, far } of all.nearestFirst(depth)) {
    if (far + 1 > longest) break
    const members = all.members(number)
    const whole = among(members, () => fairPart(part, owed, { members, isIn }))
    if (whole === null) continue
    within(members, (cycle, subject) => among(cycle, () => {
      const fair = cycle === members ? whole : fairPart(part, owed, { members: cycle, isIn })
      if (fair === null) return
      // As long as the best it may be only in a cycle that was found before that.
      const found = shortestLasso(part, owed, { members: cycle, isIn, fair }, depth, best && best.cycle <= number ? longest - 1 : longest)
      if (!found.shortest) shortest = false
      if (!found.lasso) return
      best = { lasso: found.lasso, subject, cycle: number }
      longest = depth(found.lasso.at) + found.lasso.cycle.length
    }))
  }
  return { lasso: best?.lasso ?? null, subject: best?.subject ?? 0, shortest }

  function among<T>(states: Int32Array, ask: () => T): T {
    for (const state of states) isIn[state] = 1
    const answer = ask()
    for (const state of states) isIn[state] = 0
    return answer
  }
}

/** All cycles of a part, one after another in one array. */
class Cycles {
  readonly #states: Int32Array
  readonly #begins: number[] = [0]

  constructor(part: Subgraph) {
    this.#states = part.memory.take(Int32Array, part.log.states)
    part.memory.while('to look for cycles', () => cycles(part, (members) => {
      const begin = this.#begins.at(-1)!
      this.#states.set(members, begin)
      this.#begins.push(begin + members.length)
    }))
  }

  members(number: number): Int32Array {
    return this.#states.subarray(this.#begins[number]!, this.#begins[number + 1]!)
  }

  /** Their numbers, by how far the nearest of their states is. */
  *nearestFirst(depth: (state: number) => number): Iterable<{ readonly number: number; readonly far: number }> {
    const range = 2 ** 32
    const keys = new Float64Array(this.#begins.length - 1)
    for (let number = 0; number < keys.length; number++) {
      let far = Infinity
      for (const state of this.members(number)) far = Math.min(far, depth(state))
      keys[number] = far * range + number
    }
    for (const key of keys.sort()) yield { number: key % range, far: Math.floor(key / range) }
  }
}
