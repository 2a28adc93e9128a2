/**
 * A move as a decision: which fields to ask, one after another, and what then becomes of the state.
 *
 * Grown by running the rule’s own guard and effect once for every answer that its questions were seen to have, and made
 * small by putting together what comes to the same. What was never seen is left to the rule itself, so a decision may be
 * incomplete and is exact all the same.
 */
import { bitsOf, getFrom, type Place } from '../model/layout.ts'
import { type Ask, type Held, type QueueStep, Trace } from './symbolic-trace.ts'

export type Decision = Never | Itself | Leaf | Fork
/** The move may not happen. */
interface Never { readonly is: 'never' }
/** Ask the rule itself. */
interface Itself { readonly is: 'itself' }
export interface Leaf {
  readonly is: 'leaf'
  readonly writes: readonly Write[]
  readonly steps: readonly QueueStep[]
}
/** What a field becomes: a value, or so much more than it was; where both are known, either may be used. */
interface Write {
  readonly place: Place
  readonly to: number | null
  readonly more: number | null
}
export interface Fork {
  readonly is: 'fork'
  readonly ask: Ask
  /** Whether there can be no other answers while the bits that were always the same still are. */
  readonly isWhole: boolean
  /** Every value seen is in one of them. */
  readonly groups: readonly Group[]
}
interface Group {
  readonly values: readonly number[]
  readonly then: Decision
}

export const never: Never = { is: 'never' }
const itself: Itself = { is: 'itself' }

/** Runs of one rule for one move: more than that would take longer than they save. */
const mostRuns = 3_000
/** Forks in what one answer leads to: more are left to the rule. */
const mostForks = 120

/** What some states were seen to hold. */
interface Seen {
  /** The values of a question, the least first; none where there are too many. */
  readonly values: (ask: Ask) => readonly number[]
  /** By word: the bits that are the same in all those states, and how they are set. */
  readonly same: Int32Array
  readonly set: Int32Array
}

/**
 * What a log holds. Fields are alike that are the same field of things of one kind: when one of them has changed, all
 * are taken to change like it sooner or later, and one with many values to have them all.
 */
export function seenIn(words: Int32Array, states: number, length: number, alike: readonly (readonly Place[])[]): Seen {
  const all = new Int32Array(length).fill(-1)
  const any = new Int32Array(length)
  for (let at = 0; at < states * length; )
    for (let k = 0; k < length; k++, at++) {
      all[k]! &= words[at]!
      any[k]! |= words[at]!
    }
  const same = all.map((ones, k) => ones | ~any[k]!)
  const known = new Map<string, readonly number[]>()
  const stride = Math.max(1, Math.floor(states / mostLooks))
  const valuesAt = (place: Place): readonly number[] => {
    const { word, shift, mask, most } = place
    const agrees = (value: number) => (((value << shift) ^ all[word]!) & same[word]! & bitsOf(place)) === 0
    return mask < few ? Array.from({ length: most + 1 }, (_, value) => value).filter(agrees) : look(word, (w) => getFrom(w, place))
  }
  const look = (word: number, read: (word: number) => number): readonly number[] => {
    const found = new Set<number>()
    for (let at = word; at < states * length && found.size <= mostValues; at += stride * length) found.add(read(words[at]!))
    return [...found]
  }
  const learn = (id: string, values: readonly number[]) => {
    const learnt = values.length > mostValues ? [] : [...new Set(values)].sort((a, b) => a - b)
    known.set(id, learnt)
    return learnt
  }
  for (const places of alike) {
    const each = places.map(valuesAt)
    if (each.every((values) => values.length === 1)) continue
    const values = [...new Set(each.flat())]
    for (const place of places) {
      const { word, shift, most } = place
      const id = `${word}:${shift}`
      learn(id, [...values, ...(known.get(id) ?? [])].filter((value) => value <= most))
      if (values.length >= many) {
        learn(id, Array.from({ length: Math.min(most, mostValues) + 1 }, (_, value) => value))
        same[word]! &= ~bitsOf(place)
      }
      for (const value of known.get(id)!) same[word]! &= ~((value << shift) ^ all[word]!) | ~bitsOf(place)
    }
  }
  return { values: (ask) => ask.all ?? known.get(ask.id) ?? learn(ask.id, look(ask.word, ask.read)), same, set: all }
}
const many = 16
/** So few values that the bits in which they differ say enough of which there are. */
const few = 8
const mostLooks = 10_000
const mostValues = 1_024

export class Grower {
  readonly trace: Trace
  readonly #seen: Seen
  readonly #made = new Map<string, Decision>()
  readonly #names = new Map<Decision, number>([[never, 0], [itself, 1]])
  readonly #shapes = new Map<Decision, number>([[never, 0], [itself, 1]])
  readonly #shapeNumbers = new Map<string, number>()
  readonly #most: number
  #runs = 0

  /** No move is run more often than so many times. */
  constructor(seen: Seen, most = mostRuns) {
    this.#seen = seen
    this.#most = most
    this.trace = new Trace(seen.values)
  }

  /** The decision of a move, given what it does in a run: it says whether it may happen. */
  grow(move: () => boolean): Decision {
    this.trace.trail.length = 0
    this.#runs = this.#most
    return this.#from(0, 0, move)
  }

  /** Answers are given up to a depth; when no more than so many runs are left, there shall be none. */
  #from(depth: number, spared: number, move: () => boolean): Decision {
    if (--this.#runs < spared) return itself
    let here = this.#run(move)
    const { trail } = this.trace
    for (let at = trail.length - 1; at >= depth; at--) {
      const { ask, value } = trail[at]!
      const groups: Group[] = [{ values: [value], then: here }]
      const values = this.#seen.values(ask)
      for (const [i, other] of values.entries()) {
        if (other === value) continue
        trail.length = at
        trail.push({ ask, value: other })
        const share = (this.#runs - spared) / (at - depth + 1) / (values.length - i)
        const then = this.#from(at + 1, this.#runs - share, move)
        trail.length = at
        const into = groups.findIndex((group) => this.#both(group.then, then) !== null)
        if (into < 0) groups.push({ values: [other], then })
        else groups[into] = { values: [...groups[into]!.values, other], then: this.#both(groups[into]!.then, then)! }
      }
      const isWhole = ask.most(this.#seen) === values.length
      here = this.#fork({ is: 'fork', ask, isWhole, groups })
      trail.length = at
    }
    return here
  }

  #run(move: () => boolean): Decision {
    this.trace.begin();
    try {
      if (!move()) return never
    } catch {
      return itself
    }
    const { fields, steps, counted } = this.trace
    const writes = [...counted.map((place) => ({ place, to: null, more: 1 })), ...fields.filter(({ isSet }) => isSet).map(written)]
    return this.#one({ is: 'leaf', writes, steps: [...steps] })
  }

  #fork(fork: Fork): Decision {
    const [first] = fork.groups
    if (fork.groups.length === 1 && (first!.then === itself || fork.isWhole)) return first!.then
    const groups = [...fork.groups]
    for (let over = forksIn(fork) - mostForks; over > 0; ) {
      const largest = groups.reduce((most, { then }, i) => (forksIn(then) > forksIn(groups[most]!.then) ? i : most), 0)
      over -= forksIn(groups[largest]!.then)
      groups[largest] = { ...groups[largest]!, then: itself }
    }
    return this.#one({ ...fork, groups })
  }

  /** What both come to, where that can be said in one. */
  #both(a: Decision, b: Decision): Decision | null {
    if (a === b) return a
    if (this.#shapes.get(a) !== this.#shapes.get(b)) return null
    if (a.is === 'leaf' && b.is === 'leaf') {
      const writes: Write[] = []
      for (const { place } of [...a.writes, ...b.writes]) {
        if (writes.some((write) => write.place === place)) continue
        const [one, other] = [a, b].map(({ writes }) => writes.find((write) => write.place === place) ?? { to: null, more: 0 })
        const to = one!.to === other!.to ? one!.to : null
        const more = one!.more === other!.more ? one!.more : null
        if (to === null && more === null) return null
        writes.push({ place, to, more })
      }
      return this.#one({ ...a, writes })
    }
    if (a.is !== 'fork' || b.is !== 'fork') return null
    const groups: Group[] = []
    for (const [i, { values, then }] of a.groups.entries()) {
      const both = this.#both(then, b.groups[i]!.then)
      if (!both) return null
      groups.push({ values, then: both })
    }
    return this.#fork({ ...a, groups })
  }

  /** Equal decisions are one, so that they can be compared by `===`; those of one shape differ at their leaves only. */
  #one(decision: Leaf | Fork): Decision {
    let name: string
    let shape: string
    if (decision.is === 'leaf') {
      shape = `leaf ${decision.steps.map(({ queue, number }) => `${queue.id}=${number}`).join()}`
      name = `${shape} ${decision.writes.map(({ place, to, more }) => `${place.word}:${place.shift}=${to}/${more}`).join()}`
    } else {
      const said = (names: ReadonlyMap<Decision, number>) =>
        `${decision.ask.id}?${decision.groups.map(({ values, then }) => `${values.length === 1 ? values[0]! : values.join()}>${names.get(then)!}`).join(' ')}`
      shape = said(this.#shapes)
      name = said(this.#names)
    }
    const known = this.#made.get(name)
    if (known) return known
    this.#made.set(name, decision)
    this.#names.set(decision, this.#names.size)
    let number = this.#shapeNumbers.get(shape)
    if (number === undefined) this.#shapeNumbers.set(shape, (number = this.#shapeNumbers.size + 2))
    this.#shapes.set(decision, number)
    return decision
  }
}

const written = ({ place, old, now }: Held): Write => ({ place, to: now, more: old === null ? null : now - old })

const forks = new WeakMap<Fork, number>()
/** How many forks its source would have. */
function forksIn(decision: Decision): number {
  if (decision.is !== 'fork') return 0
  let count = forks.get(decision)
  if (count === undefined) forks.set(decision, (count = decision.groups.reduce((sum, { then }) => sum + forksIn(then), 1)))
  return count
}
