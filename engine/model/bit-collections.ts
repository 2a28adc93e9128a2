/** The bits of a state that rules read and write, and what several of them together stand for: queues and sets. */
import { UsageError } from '../usage-error.ts'
import { get, mostWords, type Place, put, type WholeQueue, wholeQueue } from './layout.ts'

/** The state that every view reads and writes. Whoever steps a machine loads it first; nothing is kept in it. */
export const scratch = new Int32Array(mostWords)

export interface View {
  readonly number: number
  [field: string]: unknown
}

/** A value that its field’s domain does not hold. */
export class OutOfDomain extends UsageError {
  constructor(thing: string, field: string, value: unknown, allowed: string) {
    super(`${thing}’s ${field} cannot be ${String(value)}: it may be ${allowed}`)
    this.name = 'OutOfDomain'
  }
}

/** Says that a field was given what is no thing of its kind. */
export function stranger(thing: string, field: string, value: unknown, kind: string, orNull: string): never {
  const isKin = typeof value === 'object' && value !== null && String(value).startsWith(`${kind} `)
  throw new OutOfDomain(thing, field, isKin ? `${String(value)} of another state` : value, `a ${kind}${orNull}`)
}

/** First in, first out, over bits: a position holds a thing’s number, or 0 past the end. */
export class BitQueue {
  who: readonly View[] = []
  readonly #places: readonly Place[]
  readonly #most: number
  /** Whether all of it lies in one word, position after position; then it is read and moved as one number. */
  readonly #isWhole: boolean
  readonly #word: number
  readonly #shift: number
  readonly #mask: number
  readonly #width: number
  readonly #bits: number
  /** By how many bits are in use, how many positions are. */
  readonly #lengths: Uint8Array
  readonly #named: readonly [thing: string, field: string, kind: string]

  constructor(places: readonly Place[], thing: string, field: string, kind: string) {
    const whole = wholeQueue(places)
    const { word, shift, width, bits }: WholeQueue = whole ?? { word: 0, shift: 0, width: 0, bits: 0 }
    this.#places = places
    this.#most = places.length | 0
    this.#isWhole = whole !== null
    this.#word = word | 0
    this.#shift = shift | 0
    this.#mask = (places[0]?.mask ?? 0) | 0
    this.#width = width | 0
    this.#bits = bits
    this.#lengths = Uint8Array.from({ length: 33 }, (_, used) => (width === 0 ? 0 : Math.ceil(used / width)))
    this.#named = [thing, field, kind]
  }
  get length(): number {
    if (this.#isWhole) return this.#lengths[32 - Math.clz32((scratch[this.#word]! >>> this.#shift) & this.#bits)]!
    let i = 0
    while (i < this.#most && get(scratch, this.#places[i]!) !== 0) i++
    return i
  }
  get first(): View | null {
    if (this.#most === 0) return null
    const number = this.#isWhole ? (scratch[this.#word]! >>> this.#shift) & this.#mask : get(scratch, this.#places[0]!)
    return number === 0 ? null : this.who[number - 1]!
  }
  get hasRoom(): boolean {
    return this.length < this.#most
  }
  push(thing: View): void {
    const end = this.length
    const number = thing?.number | 0
    if (number === 0 || this.who[number - 1] !== thing) this.#refuse(thing)
    if (end === this.#most) this.#overflow()
    if (this.#isWhole) scratch[this.#word]! |= number << (this.#shift + end * this.#width)
    else put(scratch, this.#places[end]!, number)
  }
  shift(): void {
    if (this.#isWhole) {
      const all = (scratch[this.#word]! >>> this.#shift) & this.#bits
      scratch[this.#word]! ^= (all ^ (all >>> this.#width)) << this.#shift
      return
    }
    const last = this.#most - 1
    for (let i = 0; i < last; i++) put(scratch, this.#places[i]!, get(scratch, this.#places[i + 1]!))
    if (last >= 0) put(scratch, this.#places[last]!, 0)
  }
  at(place: number): View | null {
    const i = place < 0 ? this.length + place : place
    const number = i >= 0 && i < this.#most ? get(scratch, this.#places[i]!) : 0
    return number === 0 ? null : this.who[number - 1]!
  }
  contains(thing: View): boolean {
    return this.#indexOf(thing) >= 0
  }
  remove(thing: View): boolean {
    const at = this.#indexOf(thing)
    if (at < 0) return false
    for (let i = at; i < this.#most - 1; i++) put(scratch, this.#places[i]!, get(scratch, this.#places[i + 1]!))
    put(scratch, this.#places[this.#most - 1]!, 0)
    return true
  }
  #indexOf(thing: View): number {
    if (this.who[thing?.number - 1] !== thing) this.#refuse(thing)
    return this.#places.findIndex((place) => get(scratch, place) === thing.number)
  }
  /** Plain numbers, for a decoded state. */
  get numbers(): readonly number[] {
    return this.#places.map((place) => get(scratch, place)).filter((number) => number !== 0)
  }
  #refuse(thing: unknown): never {
    const [named, field, kind] = this.#named
    return stranger(named, field, thing, kind, '')
  }
  #overflow(): never {
    const [named, field] = this.#named
    throw new OutOfDomain(named, field, `${this.#most + 1} long`, `at most ${this.#most} long`)
  }
}

/** A bit for each thing that may be in it. */
export class BitSet {
  who: readonly View[] = []
  readonly #places: readonly Place[]
  readonly #named: readonly [thing: string, field: string, kind: string]

  constructor(places: readonly Place[], thing: string, field: string, kind: string) {
    this.#places = places
    this.#named = [thing, field, kind]
  }
  get size(): number {
    let size = 0
    for (let i = 0; i < this.#places.length; i++) size += get(scratch, this.#places[i]!)
    return size
  }
  has(thing: View): boolean {
    return get(scratch, this.#placeOf(thing)) === 1
  }
  add(thing: View): void {
    put(scratch, this.#placeOf(thing), 1)
  }
  remove(thing: View): void {
    put(scratch, this.#placeOf(thing), 0)
  }
  *[Symbol.iterator](): Iterator<View> {
    for (let i = 0; i < this.#places.length; i++) if (get(scratch, this.#places[i]!) === 1) yield this.who[i]!
  }
  get numbers(): readonly number[] {
    return this.#places.flatMap((place, i) => (get(scratch, place) === 1 ? [i + 1] : []))
  }
  #placeOf(thing: View): Place {
    const [named, field, kind] = this.#named
    if (this.who[thing?.number - 1] !== thing) return stranger(named, field, thing, kind, '')
    return this.#places[thing.number - 1]!
  }
}
