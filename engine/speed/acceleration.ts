/**
 * Acceleration: many laps of a fair walk at once, for a walk that only guides a search.
 *
 * A fair scheduler sees nothing of a state but which of the moves it tries may happen. When it has just gone round
 * twice with the same answers, and both laps changed the same fields by the same amounts, it may well go on so. How
 * long is looked for by halving: the most laps after which every field is still within its domain and one lap more,
 * stepped through from there, gives the same answers and the same changes.
 *
 * Where guards are monotone in what changes, which limits are, all laps between are alike as well, and the state is
 * where stepping would have come. A guard such as `n % 7 === 0` escapes it. So this is a guess; who makes one says so, and
 * what is reported has to be seen again, step by step. Fields are changed as fields: no difference runs over from one
 * into its neighbour.
 */
import { get, type Place, put } from '../model/layout.ts'
import type { Machine } from '../model/machine.ts'
import { scratch } from '../model/views.ts'
import type { Acceleration } from '../walk/guards.ts'

/** Fewer laps than that are stepped through. */
const leastLaps = 8
/** A lap of more tries, in numbers kept of them, is not compared with another. */
const mostTries = 4_096
/** A walk that goes on after so many attempts to jump may be running in a cycle that a jump is part of. */
const mostAttempts = 100

export class LapJumps implements Acceleration {
  readonly #machine: Machine
  readonly #places: readonly Place[]
  /** The words when the lap before this one began, when this one did, and in the state that is loaded. */
  #earlier: Int32Array
  #began: Int32Array
  #now: Int32Array
  /** By how much this lap has changed each place. */
  readonly #changes: Int32Array
  /** What was tried in this lap and in the one before, each three numbers: a range of moves, and the one that it came to. */
  #tries: number[] = []
  #before: number[] = []
  /** Whether all tries of this lap so far were those of the one before. */
  #isAlike = false
  #attempts = 0

  constructor(machine: Machine) {
    this.#machine = machine
    this.#places = placesOf(machine)
    const words = () => new Int32Array(machine.words)
    ;[this.#earlier, this.#began, this.#now] = [words(), words(), words()]
    this.#changes = new Int32Array(this.#places.length)
    this.begin()
  }

  begin(): void {
    this.#tries.length = this.#before.length = 0
    this.#isAlike = false
    keep(this.#began)
  }

  tried(from: number, to: number, move: number): void {
    const at = this.#tries.length
    if (at > mostTries) return
    if (this.#before[at] !== from || this.#before[at + 1] !== to || this.#before[at + 2] !== move) this.#isAlike = false
    this.#tries.push(from, to, move)
  }

  lap(): number {
    keep(this.#now)
    const room = this.#isAlike && this.#tries.length === this.#before.length ? this.#room() : 0
    const laps = room >= leastLaps && this.#attempts++ < mostAttempts ? this.#furthest(room) : 0
    if (laps >= leastLaps) {
      this.#goTo(laps)
      const left = laps * this.#tries.filter((number, i) => i % 3 === 2 && number >= 0).length
      this.begin()
      return left
    }
    this.#isAlike = this.#tries.length <= mostTries
    ;[this.#earlier, this.#began, this.#now] = [this.#began, this.#now, this.#earlier]
    ;[this.#before, this.#tries] = [this.#tries, this.#before]
    this.#tries.length = 0
    return 0
  }

  /** How many more such laps the domains have room for; 0 where this one has changed nothing, or not what the last one did. */
  #room(): number {
    let room = Infinity
    for (let i = 0; i < this.#places.length; i++) {
      const place = this.#places[i]!
      const now = get(this.#now, place)
      const began = get(this.#began, place)
      const change = (this.#changes[i] = now - began)
      if (change !== began - get(this.#earlier, place)) return 0
      if (change !== 0) room = Math.min(room, Math.floor((change > 0 ? place.most - now : now) / Math.abs(change)))
    }
    return room === Infinity ? 0 : room
  }

  /** The most laps that can be jumped over. Leaves the state loaded that was. */
  #furthest(room: number): number {
    let good = 0
    for (let bad = room + 1, laps = room; bad - good > 1; laps = Math.floor((good + bad) / 2))
      if (this.#isSameAfter(laps)) good = laps
      else bad = laps
    this.#goTo(0)
    return good
  }

  /** Whether the lap after so many gives the same answers and makes the same changes. Leaves another state loaded. */
  #isSameAfter(laps: number): boolean {
    this.#goTo(laps)
    try {
      for (let at = 0; at < this.#tries.length; at += 3)
        if (this.#machine.next(this.#tries[at]!, this.#tries[at + 1]!) !== this.#tries[at + 2]) return false
    } catch {
      // Such as a number too large for its field: a state that no walk comes to.
      return false
    }
    return this.#places.every((place, i) => get(scratch, place) === this.#after(i, laps + 1))
  }

  /** Loads the state that so many laps more would come to. */
  #goTo(laps: number): void {
    this.#places.forEach((place, i) => put(scratch, place, this.#after(i, laps)))
  }

  #after(i: number, laps: number): number {
    return get(this.#now, this.#places[i]!) + laps * this.#changes[i]!
  }
}

function keep(words: Int32Array): void {
  for (let i = 0; i < words.length; i++) words[i] = scratch[i]!
}

const placesKnown = new WeakMap<Machine, readonly Place[]>()

/** Every place of a machine’s state, once: those of a composed model share some. */
function placesOf(machine: Machine): readonly Place[] {
  const known = placesKnown.get(machine)
  if (known) return known
  const { stages, counters } = machine.layout
  const all = [...stages.flatMap((kinds) => [...kinds.values()].flatMap((things) =>
    things.flatMap((fields) => Object.values(fields).flat()))), ...counters].filter(({ mask }) => mask !== 0)
  const places = [...new Map(all.map((place) => [`${place.word}:${place.shift}`, place])).values()]
  placesKnown.set(machine, places)
  return places
}
