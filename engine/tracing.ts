/**
 * What a rule reads and writes, found by running it on things that tell.
 *
 * A field that a rule reads for the first time is given one of the values it may have, and the rule is run again for
 * each of the others: a rule is a function of what it reads, so these runs are all there is to know of it.
 */
import type { Domain, State } from '../spec/model.ts'
import type { Place, StagePlaces } from './layout.ts'

/** A number that a state holds and a rule may ask for: a field, or the length of a queue. */
export interface Ask {
  readonly id: string
  readonly word: number
  /** Its answers, where all of them are tried whatever was seen. */
  readonly all?: readonly number[]
  /** How many answers there can be, when some bits are known. */
  readonly most: (bits: Bits) => number
  /** How it is read, given the source of its word. */
  readonly source: (word: string) => string
  readonly read: (word: number) => number
}

/** By word: the bits that are known, and how they are set. */
export interface Bits {
  readonly same: Int32Array
  readonly set: Int32Array
}

/** What a run of a rule did to a field: what it held, if that was asked, and what it holds in the end. */
export interface Held {
  readonly place: Place
  readonly old: number | null
  readonly now: number
  readonly isSet: boolean
}
/** A thing that was put at the end of a queue, or, without a number, the first that was taken from it. */
export interface QueueStep {
  readonly queue: QueuePlace
  readonly number: number | null
}
export interface QueuePlace {
  readonly id: string
  readonly word: number
  readonly shift: number
  readonly width: number
  readonly bits: number
}

const mostCounted = 4_096

/** Thrown by a thing that is used in a way not understood here. */
export class Untold extends Error {}

/** One run after another: `trail` is what was asked in the last one, in order, and which value was given. */
export class Trace {
  readonly trail: { readonly ask: Ask; readonly value: number }[] = []
  readonly fields = new Map<string, Held>()
  readonly steps: QueueStep[] = []
  /** Counters that went up by one. */
  readonly counted: Place[] = []
  readonly #values: (ask: Ask) => readonly number[]
  readonly #lengths = new Map<string, number>()
  #asked = 0

  constructor(values: (ask: Ask) => readonly number[]) {
    this.#values = values
  }
  begin(): void {
    this.#asked = 0
    this.fields.clear()
    this.steps.length = 0
    this.counted.length = 0
    this.#lengths.clear()
  }
  /** A field of a state, to read and to set. */
  field(place: Place): { get(): number; set(value: number): void } {
    if (place.mask === 0) return { get: () => 0, set: () => undefined }
    const { word, shift, mask, most } = place
    const id = `${word}:${shift}`
    const ask: Ask = {
      id, word, source: (w) => `(${w} >>> ${shift}) & ${mask}`, read: (w) => (w >>> shift) & mask,
      most: ({ same, set }) => {
        let count = 0
        if (most > mostCounted) return (same[word]! & (mask << shift)) === mask << shift ? 1 : Infinity
        for (let value = 0; value <= most; value++) if ((((value << shift) ^ set[word]!) & same[word]! & (mask << shift)) === 0) count++
        return count
      },
    }
    return {
      get: () => {
        let held = this.fields.get(id)
        if (!held) {
          const old = this.#ask(ask)
          this.fields.set(id, (held = { place, old, now: old, isSet: false }))
        }
        return held.now
      },
      set: (now) => { this.fields.set(id, { place, old: this.fields.get(id)?.old ?? null, now, isSet: true }) },
    }
  }
  /** How often something has happened, of which nothing is asked but whether it may happen again. */
  counter(place: Place, most: number): { mayRise(): boolean; rise(): void } {
    const { word, shift, mask } = place
    const ask: Ask = {
      id: `again ${word}:${shift}`, word, all: [0, 1], most: () => 2,
      source: (w) => `+(((${w} >>> ${shift}) & ${mask}) < ${most})`, read: (w) => +(((w >>> shift) & mask) < most),
    }
    return { mayRise: () => this.#ask(ask) === 1, rise: () => { this.counted.push(place) } }
  }
  /** How long a queue is, until a run moves it. */
  length(queue: QueuePlace): () => number {
    const { id, word, shift, width, bits } = queue
    const ask: Ask = {
      id: `length ${id}`, word, source: (w) => `${lengthOf(queue, w)} | 0`,
      read: (w) => Math.ceil((32 - Math.clz32((w >>> shift) & bits)) / width),
      most: ({ same, set }) => 1 + ask.read(~same[word]! | set[word]!),
    }
    return () => {
      this.untouched(queue)
      let length = this.#lengths.get(id)
      if (length === undefined) this.#lengths.set(id, (length = this.#ask(ask)))
      return length
    }
  }
  /** A queue that was moved is asked nothing more: what it would answer is no part of the state that a run began from. */
  untouched({ id }: QueuePlace): void {
    if (this.steps.some(({ queue }) => queue.id === id)) throw new Untold()
  }
  #ask(ask: Ask): number {
    const values = this.#values(ask)
    if (values.length === 0) throw new Untold()
    const given = this.trail[this.#asked++]
    if (given) return given.value
    this.trail.push({ ask, value: values[0]! })
    return values[0]!
  }
}

/** The source of a queue’s length, read off its highest bit in use. */
export const lengthOf = ({ shift, width, bits }: QueuePlace, w: string) =>
  `((${32 + width - 1} - Math.clz32((${w} >>> ${shift}) & ${bits})) / ${width})`

type Told = Record<string, unknown> & { readonly number: number }

/** The things of a state for a rule to be run on, by kind. */
export function told(state: State, places: StagePlaces, trace: Trace): ReadonlyMap<string, readonly Told[]> {
  const things = new Map<string, Told[]>()
  for (const [kind, { count }] of Object.entries(state)) things.set(kind, Array.from({ length: count }, (_, i) => ({ number: i + 1 })))
  for (const [kind, { fields }] of Object.entries(state))
    things.get(kind)!.forEach((thing, i) => {
      for (const [field, domain] of Object.entries(fields))
        Object.defineProperty(thing, field, property(domain, places.get(kind)![i]![field]!, things, trace))
    })
  return things
}

function property(
  domain: Domain, places: readonly Place[], things: ReadonlyMap<string, readonly Told[]>, trace: Trace,
): PropertyDescriptor {
  if (domain.is === 'line') {
    const queue = line(places, things.get(domain.kind)!, trace)
    return { get: () => queue }
  }
  const place = places[0]!
  const field = trace.field(place)
  const set = (value: number, isAllowed: boolean) => {
    if (!isAllowed) throw new Untold()
    field.set(value)
  }
  if (domain.is === 'one of')
    return {
      get: () => domain.words[field.get()],
      set: (value: string) => set(domain.words.indexOf(value), domain.words.includes(value)),
    }
  if (domain.is === 'up to')
    return {
      get: () => field.get(),
      set: (value: number) => set(value, value >= 0 && value <= place.most && (value | 0) === value),
    }
  const who = things.get(domain.kind)!
  return {
    get: () => who[field.get() - 1] ?? null,
    set: (value: Told | null) => set(value?.number ?? 0, value === null || who.includes(value)),
  }
}

/** A queue that lies in one word; of others only the first position is told. */
function line(places: readonly Place[], who: readonly Told[], trace: Trace) {
  const most = places.length
  const { word, shift, mask } = places[0] ?? { word: 0, shift: 0, mask: 0 }
  const width = 32 - Math.clz32(mask)
  const isWhole = most > 0 && most * width <= 32 &&
    places.every((place, i) => place.word === word && place.shift === shift + i * width)
  const bits = most * width === 32 ? -1 : (1 << (most * width)) - 1
  const queue: QueuePlace = { id: `${word}:${shift}`, word, shift, width, bits }
  const length = isWhole ? trace.length(queue) : () => { throw new Untold() }
  const head = most > 0 ? trace.field(places[0]!) : null
  return {
    get length() { return length() },
    get hasRoom() { return length() < most },
    get first() {
      trace.untouched(queue)
      return head && (who[head.get() - 1] ?? null)
    },
    push(thing: Told) {
      if (length() >= most || !who.includes(thing)) throw new Untold()
      trace.steps.push({ queue, number: thing.number })
    },
    shift() {
      if (!isWhole) throw new Untold()
      trace.untouched(queue)
      trace.steps.push({ queue, number: null })
    },
  }
}
