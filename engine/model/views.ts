/**
 * Things as rules see them: objects whose fields are bits of one scratch state.
 *
 * The classes are generated, once for each set of declared fields whatever the scope, so that a rule’s function
 * always meets the same ones; V8 then compiles a guard to a few shifts and compares.
 */
import type { Domain, State } from '../../spec/model.ts'
import type { Place, StagePlaces } from './layout.ts'

/** The state that every view reads and writes. Whoever steps a machine loads it first; nothing is kept in it. */
export const scratch = new Int32Array(1024)

export interface View {
  readonly number: number
  [field: string]: unknown
}

/** A value that its field’s domain does not hold. */
export class OutOfDomain extends Error {
  constructor(thing: string, field: string, value: unknown, allowed: string) {
    super(`${thing}’s ${field} cannot be ${String(value)}: it may be ${allowed}`)
    this.name = 'OutOfDomain'
  }
}

export interface Views {
  readonly things: ReadonlyMap<string, readonly View[]>
  /** Every single thing by its kind, and every several by its plural: what `World` says of types. */
  readonly world: Record<string, unknown>
}

/** Makes the things of a state, lying where a layout has put them. */
export function views(state: State, places: StagePlaces): Views {
  const classes = classesOf(state)
  const things = new Map<string, View[]>()
  for (const [kind, { count }] of Object.entries(state)) {
    const Thing = classes.things[kind]!
    things.set(kind, Array.from({ length: count }, (_, i) => new Thing(i + 1, places.get(kind)![i]!)))
  }
  for (const [kind, { fields }] of Object.entries(state))
    for (const [field, domain] of Object.entries(fields))
      if (domain.is === 'maybe' || domain.is === 'line')
        for (const thing of things.get(kind)!) {
          const who = things.get(domain.kind)!
          if (domain.is === 'maybe') thing[`${field}$who`] = who
          else (thing[field] as { who: unknown }).who = who
        }
  const world = new classes.Scene() as Record<string, unknown>
  for (const [kind, { many }] of Object.entries(state))
    if (many) world[`${kind}s`] = things.get(kind)!
    else world[kind] = things.get(kind)![0]
  return { things, world }
}

type ThingClass = new (number: number, places: Readonly<Record<string, readonly Place[]>>) => View
interface Classes {
  readonly things: Readonly<Record<string, ThingClass>>
  readonly Scene: new () => unknown
}
const known = new Map<string, Classes>()

function classesOf(state: State): Classes {
  const signature = JSON.stringify(Object.entries(state).map(([kind, { many, fields }]) =>
    [kind, many, Object.entries(fields).map(([field, domain]) => [field, shape(domain)])]))
  let classes = known.get(signature)
  if (!classes) known.set(signature, (classes = build(state)))
  return classes
}

const shape = (domain: Domain) =>
  domain.is === 'one of' ? domain.words : domain.is

function build(state: State): Classes {
  const source = Object.entries(state).map(([kind, { fields }]) => `
    things[${JSON.stringify(kind)}] = class {
      constructor(number, places) {
        this.number = number
        ${Object.entries(fields).map(([field, domain]) => opening(field, domain)).join('\n        ')}
      }
      ${Object.entries(fields).map(([field, domain]) => accessors(kind, field, domain)).join('\n      ')}
    }`)
  const names = Object.entries(state).flatMap(([kind, { many }]) => (many ? [kind, `${kind}s`] : [kind]))
  const its = Object.values(state).flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, domain]) => (domain.is === 'maybe' ? [field] : [])))
  const scene = [...new Set([...names, ...its])].map((name) => `this[${JSON.stringify(name)}] = null`)
  const words = Object.entries(state).flatMap(([kind, { fields }]) => Object.entries(fields).flatMap(([field, domain]) =>
    domain.is === 'one of' ? [`const ${wordsOf(kind, field)} = ${JSON.stringify(domain.words)}`] : []))
  const text = `const things = {}
    ${words.join('\n    ')}
    ${source.join('\n')}
    class Scene { constructor() { ${scene.join('; ')} } }
    return { things, Scene }`
  return new Function('S', 'Queue', 'OutOfDomain', text)(scratch, Queue, OutOfDomain)
}

function opening(field: string, domain: Domain): string {
  if (domain.is === 'line') return `this.${field} = new Queue(places.${field})`
  return `const ${field} = places.${field}[0]; this.${field}$w = ${field}.word | 0; this.${field}$s = ${field}.shift | 0;
        this.${field}$m = ${field}.mask | 0; this.${field}$most = ${field}.most | 0; this.${field}$who = null`
}

function accessors(kind: string, field: string, domain: Domain): string {
  const read = `(S[this.${field}$w] >>> this.${field}$s) & this.${field}$m`
  const write = `const w = this.${field}$w, s = this.${field}$s; S[w] = (S[w] & ~(this.${field}$m << s)) | (v << s)`
  const outside = (allowed: string) =>
    `throw new OutOfDomain(${JSON.stringify(kind)} + ' ' + this.number, ${JSON.stringify(field)}, value, ${allowed})`
  if (domain.is === 'line') return ''
  if (domain.is === 'one of') {
    const cases = domain.words.map((word, i) => `case ${JSON.stringify(word)}: v = ${i}; break`).join('; ')
    return `get ${field}() { return ${domain.words.length === 1 ? JSON.stringify(domain.words[0]) : `${wordsOf(kind, field)}[${read}]`} }
      set ${field}(value) { let v; switch (value) { ${cases}; default: ${outside(JSON.stringify(domain.words.join(' or ')))} } ${write} }`
  }
  if (domain.is === 'maybe')
    return `get ${field}() { const v = ${read}; return v === 0 ? null : this.${field}$who[v - 1] }
      set ${field}(value) { const v = value === null ? 0 : value.number; ${write} }`
  return `get ${field}() { return ${read} }
      set ${field}(value) { if (!(value >= 0 && value <= this.${field}$most && (value | 0) === value)) ${outside(`'a whole number from 0 to ' + this.${field}$most`)}
        const v = value; ${write} }`
}

/** The name under which the generated source keeps a field’s words: an array made once, not at each reading. */
const wordsOf = (kind: string, field: string) => `words_${kind.replace(/\W/g, '_')}_${field}`

/** First in, first out, over bits: a position holds a thing’s number, or 0 past the end. */
class Queue {
  who: readonly View[] = []
  readonly #places: readonly Place[]
  readonly #most: number
  readonly #mask: number
  /** Whether all of it lies in one word, position after position; then it is read and moved as one number. */
  readonly #isWhole: boolean
  readonly #word: number
  readonly #shift: number
  readonly #width: number
  readonly #bits: number
  /** By how many bits are in use, how many positions are. */
  readonly #lengths: Uint8Array

  constructor(places: readonly Place[]) {
    const { word, shift, mask } = places[0] ?? { word: 0, shift: 0, mask: 0 }
    const width = 32 - Math.clz32(mask)
    this.#places = places
    this.#most = places.length | 0
    this.#mask = mask | 0
    this.#isWhole = places.length * width <= 32 && places.every((place, i) => place.word === word && place.shift === shift + i * width)
    this.#word = word | 0
    this.#shift = shift | 0
    this.#width = width | 0
    this.#bits = places.length * width === 32 ? -1 : (1 << (places.length * width)) - 1
    this.#lengths = Uint8Array.from({ length: 33 }, (_, used) => (width === 0 ? 0 : Math.ceil(used / width)))
  }
  #at(i: number): number {
    const { word, shift } = this.#places[i]!
    return (scratch[word]! >>> shift) & this.#mask
  }
  #put(i: number, value: number): void {
    const { word, shift } = this.#places[i]!
    scratch[word] = (scratch[word]! & ~(this.#mask << shift)) | (value << shift)
  }
  get length(): number {
    if (this.#isWhole) return this.#lengths[32 - Math.clz32((scratch[this.#word]! >>> this.#shift) & this.#bits)]!
    let i = 0
    while (i < this.#most && this.#at(i) !== 0) i++
    return i
  }
  get first(): View | null {
    const number = this.#isWhole ? (scratch[this.#word]! >>> this.#shift) & this.#mask : this.#at(0)
    return number === 0 ? null : this.who[number - 1]!
  }
  get hasRoom(): boolean {
    return this.length < this.#most
  }
  push(thing: View): void {
    const end = this.length
    if (end === this.#most)
      throw new OutOfDomain('a queue', 'length', end + 1, `at most ${end}: guard the rule with hasRoom`)
    if (this.#isWhole) scratch[this.#word]! |= thing.number << (this.#shift + end * this.#width)
    else this.#put(end, thing.number)
  }
  shift(): void {
    if (this.#isWhole) {
      const all = (scratch[this.#word]! >>> this.#shift) & this.#bits
      scratch[this.#word]! ^= (all ^ (all >>> this.#width)) << this.#shift
      return
    }
    const last = this.#most - 1
    for (let i = 0; i < last; i++) this.#put(i, this.#at(i + 1))
    if (last >= 0) this.#put(last, 0)
  }
  /** Plain numbers, for a decoded state. */
  get numbers(): readonly number[] {
    return this.#places.map((_, i) => this.#at(i)).filter((number) => number !== 0)
  }
}
