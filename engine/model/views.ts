/**
 * Things as rules see them: objects whose fields are bits of one scratch state.
 *
 * The classes are generated, once for each set of declared fields whatever the scope, so that a rule’s function
 * always meets the same ones; V8 then compiles a guard to a few shifts and compares.
 */
import type { Domain, State } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { BitQueue, BitSet, OutOfDomain, scratch, stranger, type View } from './bit-collections.ts'
import { getSource, type Place, putSource, type StagePlaces } from './layout.ts'

export { OutOfDomain, scratch, type View } from './bit-collections.ts'

export interface Views {
  readonly things: ReadonlyMap<string, readonly View[]>
  /** Every single thing by its kind, and every several by its plural: what `World` says of types. */
  readonly world: Record<string, unknown>
  /**
   * The same with room for whom a sentence names besides. What is asked for and is neither there is a mistake, and no left-over of
   * another rule; `asks` says whose.
   */
  readonly newScene: (asks: string, names: readonly string[]) => Record<string, unknown>
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
      if ('kind' in domain)
        for (const thing of things.get(kind)!) {
          const who = things.get(domain.kind)!
          if (domain.is === 'maybe') thing[`${field}$who`] = who
          else (thing[field] as BitQueue | BitSet).who = who
        }
  const everything = Object.entries(state).map(([kind, { many }]) =>
    (many ? [`${kind}s`, things.get(kind)!] as const : [kind, things.get(kind)![0]] as const))
  const newScene = (asks: string, names: readonly string[]) =>
    Object.assign(classes.sceneOf([...everything.map(([name]) => name), ...names])(asks), Object.fromEntries(everything))
  return { things, world: newScene('What is said of its state', []), newScene }
}

type ThingClass = new (number: number, places: Readonly<Record<string, readonly Place[]>>) => View
type NewScene = (asks: string) => Record<string, unknown>
interface Classes {
  readonly things: Readonly<Record<string, ThingClass>>
  readonly sceneOf: (names: readonly string[]) => NewScene
}
const knownClasses = new Map<string, Classes>()
const knownScenes = new Map<string, NewScene>()

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
  const words = Object.entries(state).flatMap(([kind, { fields }]) => Object.entries(fields).flatMap(([field, domain]) =>
    domain.is === 'one of' ? [`const ${wordsName(kind, field)} = ${JSON.stringify(domain.words)}`] : []))
  const text = `const things = {}
    ${words.join('\n    ')}
    ${source.join('\n')}
    return things`
  const made = new Function('S', 'BitQueue', 'BitSet', 'OutOfDomain', 'stranger', text)
  return { things: made(scratch, BitQueue, BitSet, OutOfDomain, stranger), sceneOf }
}

/** Of one class for the same names, whatever the model: a rule’s function then meets the same one at every scope. */
function sceneOf(names: readonly string[]): NewScene {
  const key = names.join()
  let made = knownScenes.get(key)
  if (made) return made
  const fields = ['$asks', ...names].map((name) => `this[${JSON.stringify(name)}] = ${name === '$asks' ? 'asks' : 'null'}`)
  const Scene = new Function(`return class Scene { constructor(asks) { ${fields.join('; ')} } }`)() as new (asks: string) => object
  Object.setPrototypeOf(Scene.prototype, nothingElse)
  knownScenes.set(key, (made = (asks) => new Scene(asks) as Record<string, unknown>))
  return made
}

/** Where a scene is asked for what it does not have. It is reached only then, and takes no time otherwise. */
const nothingElse = new Proxy({}, {
  get(_, name, scene: Record<string, unknown>) {
    if (typeof name === 'symbol') return undefined
    const there = Object.keys(scene).filter((each) => each !== '$asks')
    throw new UsageError(`${scene['$asks']} asks for ‘${name}’, and has only ${there.join(', ')}: name in its sentence whom it is about.`)
  },
})

function opening(kind: string, field: string, domain: Domain): string {
  if (domain.is === 'line' || domain.is === 'set')
    return `this.${field} = new ${domain.is === 'line' ? 'BitQueue' : 'BitSet'}(places.${field}, ${JSON.stringify(kind)} + ' ' + number, ${JSON.stringify(field)}, ${JSON.stringify(domain.kind)})`
  return `{ const place = places.${field}[0]; this.${field}$w = place.word | 0; this.${field}$s = place.shift | 0;
        this.${field}$m = place.mask | 0; this.${field}$most = place.most | 0; this.${field}$who = null }`
}

function accessors(kind: string, field: string, domain: Domain): string {
  const read = getSource(`S[this.${field}$w]`, `this.${field}$s`, `this.${field}$m`)
  const write = `const w = this.${field}$w, s = this.${field}$s; ${putSource('S[w]', 's', `this.${field}$m`, 'v')}`
  const outside = (allowed: string) => `throw new OutOfDomain(this.toString(), ${JSON.stringify(field)}, value, ${allowed})`
  if (domain.is === 'line' || domain.is === 'set') return ''
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
const wordsName = (kind: string, field: string) => `words$${kind}$${field}`
