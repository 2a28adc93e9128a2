/**
 * What a rule reads and writes, found by running it on stand-ins of things, which record it.
 *
 * A field that a rule reads for the first time is given one of the values it may have, and the rule is run again for
 * each of the others: a rule is a function of what it reads, so these runs are all there is to know of it.
 */
import type { Domain, State } from '../../spec/model.ts'
import { bitsOf, getFrom, getSource, type Place, type StagePlaces, type WholeQueue, wholeQueue } from '../model/layout.ts'
import type { Bits } from '../states/log.ts'

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

/** What a run of a rule did to a field: what it held, if that was asked, and what it holds in the end. */
export interface Held {
  readonly place: Place
  readonly old: number | null
  now: number
  isSet: boolean
}
/** A thing that was put at the end of a queue, or, without a number, the first that was taken from it. */
export interface QueueStep {
  readonly queue: QueuePlace
  readonly number: number | null
}
interface QueuePlace extends WholeQueue {
  readonly id: string
}

const mostCounted = 4_096

/** Thrown by a thing that is used in a way not understood here; often, and caught nearby, so it carries no stack. */
const notUnderstood = { name: 'not understood' }
const giveUp = (): never => {
  throw notUnderstood
}

interface Field {
  readonly most: number
  get(): number
  set(value: number): void
}

/** One run after another: `trail` is what was asked in the last one, in order, and which value was given. */
export class Trace {
  readonly trail: { readonly ask: Ask; readonly value: number }[] = []
  readonly fields: Held[] = []
  readonly steps: QueueStep[] = []
  /** Counters that went up by one. */
  readonly counted: Place[] = []
  readonly #values: (ask: Ask) => readonly number[]
  readonly #lengths = new Map<string, number>()
  #asked = 0
  /** The number of the present one. */
  run = 0

  constructor(values: (ask: Ask) => readonly number[]) {
    this.#values = values
  }
  begin(): void {
    this.#asked = 0
    this.run++
    this.fields.length = 0
    this.steps.length = 0
    this.counted.length = 0
    this.#lengths.clear()
  }
  /** A field of a state, to read and to set. */
  field(place: Place): Field {
    if (place.mask === 0) return { most: place.most, get: () => 0, set: () => undefined }
    const { word, shift, mask, most } = place
    const id = `${word}:${shift}`
    const ask: Ask = {
      id, word, source: (w) => getSource(w, shift, mask), read: (w) => getFrom(w, place),
      most: ({ same, set }) => {
        let count = 0
        const bits = bitsOf(place)
        if (most > mostCounted) return (same[word]! & bits) === bits ? 1 : Infinity
        for (let value = 0; value <= most; value++) if ((((value << shift) ^ set[word]!) & same[word]! & bits) === 0) count++
        return count
      },
    }
    let held: Held | null = null
    let run = -1
    const hold = (old: number | null, now: number, isSet: boolean) => {
      if (run !== this.run || held === null) this.fields.push((held = { place, old, now, isSet }))
      else {
        held.now = now
        held.isSet ||= isSet
      }
      run = this.run
    }
    return {
      most,
      get: () => {
        if (run !== this.run) {
          const old = this.#ask(ask)
          hold(old, old, false)
        }
        return held!.now
      },
      set: (now) => hold(null, now, true),
    }
  }
  /** How often something has happened, of which nothing is asked but whether it may happen again. */
  counter(place: Place, most: number): { mayRise(): boolean; rise(): void } {
    const { word, shift, mask } = place
    const ask: Ask = {
      id: `again ${word}:${shift}`, word, all: [0, 1], most: () => 2,
      source: (w) => `+((${getSource(w, shift, mask)}) < ${most})`, read: (w) => +(getFrom(w, place) < most),
    }
    return { mayRise: () => this.#ask(ask) === 1, rise: () => { this.counted.push(place) } }
  }
  /** How long a queue is, until a run moves it. */
  length(queue: QueuePlace, longest: number): () => number {
    const { id, word, shift, width, bits } = queue
    const ask: Ask = {
      id: `length ${id}`, word, all: Array.from({ length: longest + 1 }, (_, length) => length), source: (w) => `${lengthOf(queue, w)} | 0`,
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
    for (const { queue } of this.steps) if (queue.id === id) giveUp()
  }
  #ask(ask: Ask): number {
    const values = this.#values(ask)
    if (values.length === 0) giveUp()
    const given = this.trail[this.#asked++]
    if (given) return given.value
    this.trail.push({ ask, value: values[0]! })
    return values[0]!
  }
}

/** The source of a queue’s length, read off its highest bit in use. */
export const lengthOf = ({ shift, width, bits }: QueuePlace, w: string) =>
  `((${32 + width - 1} - Math.clz32((${w} >>> ${shift}) & ${bits})) / ${width})`

interface Traced {
  readonly number: number
  readonly held: Readonly<Record<string, Field | ReturnType<typeof line> | ReturnType<typeof set>>>
}

/** The things of a state for a rule to be run on, by kind. Their accessors are those of their kind, for speed. */
export function traced(state: State, places: StagePlaces, trace: Trace): ReadonlyMap<string, readonly object[]> {
  const things = new Map<string, Traced[]>()
  for (const [kind, { count, fields }] of Object.entries(state)) {
    const properties = Object.entries(fields).map(([field, domain]) => [field, property(field, domain, things)])
    const made = Object.create(null, Object.fromEntries(properties))
    things.set(kind, Array.from({ length: count }, (_, i) => Object.assign(Object.create(made), { number: i + 1, held: {} })))
  }
  for (const [kind, { fields }] of Object.entries(state))
    things.get(kind)!.forEach(({ held }, i) => {
      const lies = places.get(kind)![i]!
      Object.assign(held, Object.fromEntries(Object.entries(fields).map(([field, domain]) =>
        [field, domain.is === 'line' ? line(lies[field]!, things.get(domain.kind)!, trace)
          : domain.is === 'set' ? set(lies[field]!, things.get(domain.kind)!, trace) : trace.field(lies[field]![0]!)])))
    })
  return things
}

function property(field: string, domain: Domain, things: ReadonlyMap<string, readonly Traced[]>): PropertyDescriptor {
  if (domain.is === 'line' || domain.is === 'set') return { get(this: Traced) { return this.held[field] } }
  const of = (thing: Traced) => thing.held[field] as Field
  if (domain.is === 'one of') {
    const { words } = domain
    return {
      get(this: Traced) { return words[of(this).get()] },
      set(this: Traced, value: string) { of(this).set(words.includes(value) ? words.indexOf(value) : giveUp()) },
    }
  }
  if (domain.is === 'up to')
    return {
      get(this: Traced) { return of(this).get() },
      set(this: Traced, value: number) {
        const isAllowed = value >= 0 && value <= of(this).most && (value | 0) === value
        of(this).set(isAllowed ? value : giveUp())
      },
    }
  const { kind } = domain
  return {
    get(this: Traced) { return things.get(kind)![of(this).get() - 1] ?? null },
    set(this: Traced, value: Traced | null) {
      of(this).set(value === null ? 0 : things.get(kind)!.includes(value) ? value.number : giveUp())
    },
  }
}

/** A queue that lies in one word; of others only the first position is known. */
function line(places: readonly Place[], who: readonly Traced[], trace: Trace) {
  const most = places.length
  const whole = wholeQueue(places)
  const { word, shift } = places[0] ?? { word: 0, shift: 0 }
  const queue: QueuePlace = { id: `${word}:${shift}`, ...(whole ?? { word, shift, width: 0, bits: 0 }) }
  const length = whole ? trace.length(queue, most) : giveUp
  const head = most > 0 ? trace.field(places[0]!) : null
  return {
    get length() { return length() },
    get hasRoom() { return length() < most },
    get first() {
      trace.untouched(queue)
      return head && (who[head.get() - 1] ?? null)
    },
    push(thing: Traced) {
      if (length() >= most || !who.includes(thing)) giveUp()
      trace.steps.push({ queue, number: thing.number })
    },
    shift() {
      if (!whole) giveUp()
      trace.untouched(queue)
      trace.steps.push({ queue, number: null })
    },
    at: giveUp, contains: giveUp, remove: giveUp,
  }
}

/** A field for each that may be in it. */
function set(places: readonly Place[], who: readonly Traced[], trace: Trace) {
  const fields = places.map((place) => trace.field(place))
  const of = (thing: Traced): Field => fields[who.indexOf(thing)] ?? giveUp()
  return {
    get size() { return fields.reduce((sum, field) => sum + field.get(), 0) },
    has: (thing: Traced) => of(thing).get() === 1,
    add: (thing: Traced) => of(thing).set(1),
    remove: (thing: Traced) => of(thing).set(0),
    *[Symbol.iterator]() { for (const [i, field] of fields.entries()) if (field.get() === 1) yield who[i]! },
  }
}
