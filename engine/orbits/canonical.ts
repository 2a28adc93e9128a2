/**
 * One state for all that differ only in which of several alike things is which, whoever refers to whom.
 *
 * Things get colours that do not depend on their numbers: from what they hold, then from the colours of whom they refer to and of
 * who refers to them, until no more are told apart. Alike things are put in the order of their colours. Where some have the same,
 * each of them is tried as the first in its turn, and the least of the states that this comes to is taken; that is how graphs are
 * brought to a canonical form.
 */
import { get, type Place, put } from '../model/layout.ts'
import type { Machine } from '../model/machine.ts'
import { scratch } from '../model/views.ts'

/** By kind, the places in the order of its things that keep their numbers, from 0. */
export type Pinned = ReadonlyMap<string, ReadonlySet<number>>

/** A place of a thing: a number, the number of another thing, or whether another thing is in a set. */
interface Slot {
  readonly is: 'plain' | 'reference' | 'member'
  /** The same for the places of a set, another for each position of a queue. */
  readonly id: number
  /** The kind that it refers to, by its number among all; and for a set, which of its things. */
  readonly kind: number
  readonly thing: number
}

interface Kind {
  readonly count: number
  /** The number of its first thing among all things. */
  readonly base: number
  readonly slots: readonly Slot[]
  /** By thing and slot. */
  readonly places: readonly (readonly Place[])[]
  /** Its things that may change their numbers, from 0. */
  readonly movable: readonly number[]
}

const mixed = (a: number, b: number): number => {
  let h = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

export class Canonical {
  readonly #kinds: readonly Kind[]
  readonly #words: number
  /** By kind, thing and slot, what the state holds. */
  readonly #values: readonly Int32Array[]
  readonly #isMovable: Uint8Array
  readonly #things: number
  #best: Int32Array | null = null

  /** Of the things of some kinds but for those that keep their numbers. */
  constructor({ model: { state }, layout, words }: Machine, kinds: readonly string[], pinned: Pinned) {
    this.#words = words
    const names = Object.keys(state)
    let base = 0
    let ids = 0
    this.#kinds = names.map((name): Kind => {
      const { count, fields } = state[name]!
      const things = layout.stages[0]!.get(name)!
      const slots = Object.entries(fields).flatMap(([field, domain]): readonly Slot[] => {
        const length = things[0]![field]!.length
        const kind = 'kind' in domain ? names.indexOf(domain.kind) : -1
        if (domain.is === 'set') {
          const id = ids++
          return Array.from({ length }, (_, thing) => ({ is: 'member', id, kind, thing }))
        }
        return Array.from({ length }, () => ({ is: kind < 0 ? 'plain' : 'reference', id: ids++, kind, thing: -1 }))
      })
      const keeps = pinned.get(name)
      const movable = kinds.includes(name) ? Array.from({ length: count }, (_, i) => i).filter((i) => !keeps?.has(i)) : []
      const made = { count, base, slots, places: things.map((places) => Object.keys(fields).flatMap((field) => places[field]!)), movable }
      base += count
      return made
    })
    this.#things = base
    this.#values = this.#kinds.map(({ count, slots }) => new Int32Array(count * slots.length))
    this.#isMovable = new Uint8Array(base)
    for (const { base: first, movable } of this.#kinds) for (const i of movable) this.#isMovable[first + i] = 1
  }

  /** Brings the scratch state to the canonical one. */
  readonly canon = (): void => {
    const colours = new Int32Array(this.#things)
    this.#kinds.forEach(({ count, base, slots, places }, k) => {
      const values = this.#values[k]!
      for (let i = 0; i < count; i++) {
        let colour = mixed(k, this.#isMovable[base + i] ? -1 : i)
        for (let s = 0; s < slots.length; s++) {
          const value = get(scratch, places[i]![s]!)
          values[i * slots.length + s] = value
          if (slots[s]!.is === 'plain') colour = mixed(colour, value)
        }
        colours[base + i] = colour
      }
    })
    this.#best = null
    this.#search(colours)
    for (let k = 0; k < this.#words; k++) scratch[k] = this.#best![k]!
  }

  #search(colours: Int32Array): void {
    this.#refine(colours)
    const tie = this.#tieIn(colours)
    if (tie === null) return this.#take(colours)
    const { kind, members } = tie
    const first = this.#kinds[kind]!.base
    if (members.every((member, i) => i === 0 || this.#isSame(kind, members[i - 1]!, member))) {
      members.forEach((member, i) => { colours[first + member] = mixed(colours[first + member]!, i) })
      return this.#search(colours)
    }
    for (const member of members) {
      const told = colours.slice()
      told[first + member] = mixed(told[first + member]!, 1)
      this.#search(told)
    }
  }

  /** Tells things apart by those they have to do with, until that tells no more. */
  #refine(colours: Int32Array): void {
    for (let before = -1, now = this.#coloursIn(colours); now > before; before = now, now = this.#coloursIn(colours)) {
      const next = colours.slice()
      for (const [k, { count, base, slots }] of this.#kinds.entries()) {
        const values = this.#values[k]!
        for (let i = 0; i < count; i++)
          for (let s = 0; s < slots.length; s++) {
            const slot = slots[s]!
            const value = values[i * slots.length + s]!
            if (slot.is === 'plain' || value === 0) continue
            const other = this.#kinds[slot.kind]!.base + (slot.is === 'member' ? slot.thing : value - 1)
            // Sums do not depend on the order in which things come.
            next[base + i] = (next[base + i]! + mixed(2 * slot.id, colours[other]!)) | 0
            next[other] = (next[other]! + mixed(2 * slot.id + 1, colours[base + i]!)) | 0
          }
      }
      for (let node = 0; node < next.length; node++) colours[node] = mixed(colours[node]!, next[node]!)
    }
  }

  /** How many different colours the things of each kind have that may change their numbers, together. */
  #coloursIn(colours: Int32Array): number {
    return this.#kinds.reduce((sum, { base, movable }) =>
      sum + (movable.length < 2 ? movable.length : new Set(movable.map((i) => colours[base + i])).size), 0)
  }

  /** The first kind of which several have the same colour, and those that have it. */
  #tieIn(colours: Int32Array): { readonly kind: number; readonly members: readonly number[] } | null {
    for (const [kind, { base, movable }] of this.#kinds.entries()) {
      if (movable.length < 2) continue
      const sorted = [...movable].sort((a, b) => colours[base + a]! - colours[base + b]! || a - b)
      const at = sorted.findIndex((i, k) => k > 0 && colours[base + i] === colours[base + sorted[k - 1]!])
      if (at > 0) return { kind, members: sorted.filter((i) => colours[base + i] === colours[base + sorted[at]!]) }
    }
    return null
  }

  /** Whether two things of a kind hold the same, and everybody has the same to do with either: then swapping them changes nothing. */
  #isSame(kind: number, one: number, other: number): boolean {
    const isEither = (slot: Slot, value: number) =>
      slot.kind === kind && slot.is === 'reference' && (value === one + 1 || value === other + 1)
    return this.#kinds.every(({ count, slots }, k) => {
      const values = this.#values[k]!
      return slots.every((slot, s) => {
        if (k === kind && values[one * slots.length + s] !== values[other * slots.length + s]) return false
        for (let i = 0; i < count; i++) {
          if (isEither(slot, values[i * slots.length + s]!)) return false
          if (slot.is !== 'member' || slot.kind !== kind || slot.thing !== one) continue
          const twin = s + other - one
          if (values[i * slots.length + s] !== values[i * slots.length + twin]) return false
        }
        return true
      })
    })
  }

  /** Puts alike things in the order of their colours, no two of which are the same; keeps the state if it is the least so far. */
  #take(colours: Int32Array): void {
    const orders = this.#kinds.map(({ count, base, movable }) => {
      const order = Array.from({ length: count }, (_, i) => i)
      const sorted = [...movable].sort((a, b) => colours[base + a]! - colours[base + b]!)
      movable.forEach((at, i) => { order[at] = sorted[i]! })
      return order
    })
    const labels = orders.map((order) => {
      const label: number[] = []
      order.forEach((old, now) => { label[old] = now })
      return label
    })
    for (const [k, { count, slots, places }] of this.#kinds.entries()) {
      const values = this.#values[k]!
      for (let now = 0; now < count; now++) {
        const old = orders[k]![now]! * slots.length
        for (let s = 0; s < slots.length; s++) {
          const { is, kind, thing } = slots[s]!
          const value = values[old + s]!
          // A place of a set moves with the thing that it is about.
          const to = is === 'member' ? s - thing + labels[kind]![thing]! : s
          put(scratch, places[now]![to]!, is === 'reference' && value > 0 ? labels[kind]![value - 1]! + 1 : value)
        }
      }
    }
    const words = scratch.slice(0, this.#words)
    const differs = this.#best === null ? -1 : words.findIndex((word, k) => word !== this.#best![k])
    if (this.#best === null || (differs >= 0 && words[differs]! < this.#best[differs]!)) this.#best = words
  }
}
