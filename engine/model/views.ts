/**
 * Things as rules see them: objects whose fields are bits of one scratch state.
 *
 * The classes are generated, once for each set of declared fields whatever the scope, so that a rule’s function
 * always meets the same ones; V8 then compiles a guard to a few shifts and compares.
 */
import type { Domain, State } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { get, getSource, mostWords, type Place, put, putSource, type StagePlaces, type WholeQueue, wholeQueue } from './layout.ts'

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
function stranger(thing: string, field: string, value: unknown, kind: string, orNull: string): never {
  const isKin = typeof value === 'object' && value !== null && String(value).startsWith(`${kind} `)
  throw new OutOfDomain(thing, field, isKin ? `${String(value)} of another state` : value, `a ${kind}${orNull}`)
}

export interface Views {
  readonly things: ReadonlyMap<string, readonly View[]>
  /** Every single thing by its kind, and every several by its plural: what `World` says of types. */
  readonly world: Record<string, unknown>
  /** The same once more, for who puts in whom a sentence names. */
  readonly newScene: () => Record<string, unknown>
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
          else (thing[field] as BitQueue).who = who
        }
  const newScene = () => {
    const scene = new classes.Scene() as Record<string, unknown>
    for (const [kind, { many }] of Object.entries(state))
      if (many) scene[`${kind}s`] = things.get(kind)!
      else scene[kind] = things.get(kind)![0]
    return scene
  }
  return { things, world: newScene(), newScene }
}

type ThingClass = new (number: number, places: Readonly<Record<string, readonly Place[]>>) => View
interface Classes {
  readonly things: Readonly<Record<string, ThingClass>>
  readonly Scene: new () => unknown
}
const knownClasses = new Map<string, Classes>()

function classesOf(state: State): Classes {
  const signature = JSON.stringify(Object.entries(state).map(([kind, { many, fields }]) =>
    [kind, many, Object.entries(fields).map(([field, domain]) => [field, shape(domain)])]))
  let classes = knownClasses.get(signature)
  if (!classes) knownClasses.set(signature, (classes = compiledClasses(state)))
  return classes
}

const shape = (domain: Domain) =>
  domain.is === 'one of' ? domain.words : domain.is

function compiledClasses(state: State): Classes {
  const source = Object.entries(state).map(([kind, { fields }]) => `
    things[${JSON.stringify(kind)}] = class {
      constructor(number, places) {
        this.number = number
        ${Object.entries(fields).map(([field, domain]) => opening(kind, field, domain)).join('\n        ')}
      }
      toString() { return ${JSON.stringify(kind)} + ' ' + this.number }
      ${Object.entries(fields).map(([field, domain]) => accessors(kind, field, domain)).join('\n      ')}
    }`)
  const names = Object.entries(state).flatMap(([kind, { many }]) => (many ? [kind, `${kind}s`] : [kind]))
  const its = Object.values(state).flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, domain]) => (domain.is === 'maybe' ? [field] : [])))
  const scene = [...new Set([...names, ...its])].map((name) => `this[${JSON.stringify(name)}] = null`)
  const words = Object.entries(state).flatMap(([kind, { fields }]) => Object.entries(fields).flatMap(([field, domain]) =>
    domain.is === 'one of' ? [`const ${wordsName(kind, field)} = ${JSON.stringify(domain.words)}`] : []))
  const text = `const things = {}
    ${words.join('\n    ')}
    ${source.join('\n')}
    class Scene { constructor() { ${scene.join('; ')} } }
    return { things, Scene }`
  return new Function('S', 'BitQueue', 'OutOfDomain', 'stranger', text)(scratch, BitQueue, OutOfDomain, stranger)
}

function opening(kind: string, field: string, domain: Domain): string {
  if (domain.is === 'line')
    return `this.${field} = new BitQueue(places.${field}, ${JSON.stringify(kind)} + ' ' + number, ${JSON.stringify(field)}, ${JSON.stringify(domain.kind)})`
  return `const ${field} = places.${field}[0]; this.${field}$w = ${field}.word | 0; this.${field}$s = ${field}.shift | 0;
        this.${field}$m = ${field}.mask | 0; this.${field}$most = ${field}.most | 0; this.${field}$who = null`
}

function accessors(kind: string, field: string, domain: Domain): string {
  const read = getSource(`S[this.${field}$w]`, `this.${field}$s`, `this.${field}$m`)
  const write = `const w = this.${field}$w, s = this.${field}$s; ${putSource('S[w]', 's', `this.${field}$m`, 'v')}`
  const outside = (allowed: string) => `throw new OutOfDomain(this.toString(), ${JSON.stringify(field)}, value, ${allowed})`
  if (domain.is === 'line') return ''
  if (domain.is === 'one of') {
    return `get ${field}() { return ${domain.words.length === 1 ? JSON.stringify(domain.words[0]) : `${wordsName(kind, field)}[${read}]`} }
      set ${field}(value) { const v = ${wordsName(kind, field)}.indexOf(value)
        if (v < 0) ${outside(JSON.stringify(domain.words.join(' or ')))}
        ${write} }`
  }
  if (domain.is === 'maybe')
    return `get ${field}() { const v = ${read}; return v === 0 ? null : this.${field}$who[v - 1] }
      set ${field}(value) { let v = 0
        if (value !== null) {
          v = value?.number | 0
          if (v === 0 || this.${field}$who[v - 1] !== value)
            stranger(this.toString(), ${JSON.stringify(field)}, value, ${JSON.stringify(domain.kind)}, ', or null')
        }
        ${write} }`
  return `get ${field}() { return ${read} }
      set ${field}(value) { if (!(value >= 0 && value <= this.${field}$most && (value | 0) === value)) ${outside(`'a whole number from 0 to ' + this.${field}$most`)}
        const v = value; ${write} }`
}

/** The name under which the generated source keeps a field’s words: an array made once, not at each reading. */
const wordsName = (kind: string, field: string) => `words_${kind.replace(/\W/g, '_')}_${field}`

/** First in, first out, over bits: a position holds a thing’s number, or 0 past the end. */
class BitQueue {
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
