/**
 * States that differ only in which of several alike workers is which: from each of them the same verdicts may come next, at the same
 * times. One of them is followed, so that there are no more of them for every worker that does the same as another.
 *
 * Workers are things that are declared alike and that nobody refers to. Messages are none: a history tells one from another.
 */
import { get, type Place, put } from '../model/layout.ts'
import type { Machine } from '../model/machine.ts'
import { looseIn, placesOf } from '../orbits/symmetry.ts'

/** For each timer that may be taken, by its move: since when. */
type Since = ReadonlyMap<number, number>

interface Worker {
  readonly places: readonly Place[]
  /** Its timers, each by its rule and whom else it is about, and the moves of the same for each of its like, in their order. */
  readonly timers: readonly { readonly move: number; readonly all: readonly number[] }[]
}

const known = new WeakMap<Machine, AlikeWorkers>()

export class AlikeWorkers {
  readonly #kinds: readonly (readonly Worker[])[]

  /** Of a machine that many histories are held to: it is found out once what is alike in it. */
  static of(machine: Machine): AlikeWorkers {
    let workers = known.get(machine)
    if (!workers) known.set(machine, workers = new AlikeWorkers(machine))
    return workers
  }

  constructor(machine: Machine) {
    this.#kinds = looseIn(machine).map((kind) => {
      const things = placesOf(machine, kind)
      const timers = machine.loops.filter(({ rule }) => rule.kind === 'timer').flatMap(({ parts, moves }) => {
        const at = parts.kinds.indexOf(kind)
        const movesFor = (who: readonly number[], worker: number) =>
          moves.find((other) => other.who.every((number, k) => number === (k === at ? worker : who[k])))!.at
        return at < 0 ? [] : moves.map(({ at: move, who }) =>
          ({ of: who[at]!, move, all: things.map((_, i) => movesFor(who, i + 1)) }))
      })
      return things.map((places, i) => ({ places, timers: timers.filter(({ of }) => of === i + 1) }))
    })
  }

  /** The same with every kind of worker in an order that does not depend on their numbers. */
  inOrder(state: Int32Array, since: Since): { readonly state: Int32Array; readonly since: Since } {
    if (this.#kinds.every((workers) => areInOrder(workers, state, since))) return { state, since }
    const words = state.slice()
    let times = since
    for (const workers of this.#kinds) {
      const before = times
      const each = workers.map(({ places, timers }, i) => ({
        i, holds: [...places.map((place) => get(words, place)), ...timers.map(({ move }) => before.get(move) ?? -1)],
      }))
      const sorted = each.toSorted((a, b) => compared(a.holds, b.holds))
      if (sorted.every(({ i }, now) => i === now)) continue
      const moved = new Map(before)
      for (const { timers } of workers) for (const { move } of timers) moved.delete(move)
      for (const [now, { i, holds }] of sorted.entries()) {
        workers[now]!.places.forEach((place, k) => { put(words, place, holds[k]!) })
        for (const { move, all } of workers[i]!.timers) if (before.has(move)) moved.set(all[now]!, before.get(move)!)
      }
      times = moved
    }
    return { state: words, since: times }
  }
}

/** Whether they are as sorting would leave them: told without making anything, for most are. */
const areInOrder = (workers: readonly Worker[], state: Int32Array, since: Since) =>
  workers.every((worker, i) => i === 0 || isNoLess(worker, workers[i - 1]!, state, since))

function isNoLess({ places, timers }: Worker, before: Worker, state: Int32Array, since: Since): boolean {
  for (let k = 0; k < places.length; k++) {
    const more = get(state, places[k]!) - get(state, before.places[k]!)
    if (more !== 0) return more > 0
  }
  for (let k = 0; k < timers.length; k++) {
    const more = (since.get(timers[k]!.move) ?? -1) - (since.get(before.timers[k]!.move) ?? -1)
    if (more !== 0) return more > 0
  }
  return true
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, k) => value !== b[k])
  return at < 0 ? 0 : a[at]! - b[at]!
}
