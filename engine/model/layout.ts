/**
 * Where each field of a state lies in its words of 32 bits.
 *
 * A field takes as many bits as its domain needs, none when there is nothing to choose, and never crosses a word.
 */
import type { Domain, State } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'

export interface Place {
  readonly word: number
  readonly shift: number
  /** Ones where the value lies, moved to the right: 0 for a field that takes no room. */
  readonly mask: number
  /** The greatest value of its domain. */
  readonly most: number
}

export interface Layout {
  readonly words: number
  /** Bits in use, of all words together. */
  readonly bits: number
  readonly stages: readonly StagePlaces[]
  /** Room for counters that no model declares, such as how often a fault has happened. */
  readonly counters: readonly Place[]
}

/** By kind, thing and field: one place, or for a queue one for each position, and for a set one for each thing that may be in it. */
export type StagePlaces = ReadonlyMap<string, readonly Readonly<Record<string, readonly Place[]>>[]>

/** The greatest number that a field can hold: of a word’s 32 bits one is a sign. */
export const mostHeld = 2 ** 31 - 1
/** Words that a state may have. */
export const mostWords = 1024
/** Bits that it may have, if it fills them all. */
export const mostBits = 32 * mostWords

/** What lies at a place in the words of a state, */
export const get = (words: ArrayLike<number>, { word, shift, mask }: Place): number => (words[word]! >>> shift) & mask
/** and in that word of them. */
export const getFrom = (word: number, { shift, mask }: Place): number => (word >>> shift) & mask
/** The bits of a word that belong to a place. */
export const bitsOf = ({ shift, mask }: Place): number => mask << shift
/** Puts a value there, which must fit. */
export const put = (words: Int32Array, { word, shift, mask }: Place, value: number): void => {
  words[word] = (words[word]! & ~(mask << shift)) | (value << shift)
}
/** The same as source, given that of a word and of where in it the value lies. */
export const getSource = (word: string, shift: string | number, mask: string | number) => `(${word} >>> ${shift}) & ${mask}`
export const putSource = (word: string, shift: string | number, mask: string | number, value: string) =>
  `${word} = (${word} & ~(${mask} << ${shift})) | (${value} << ${shift})`

/** How many bits hold every number up to one. */
const widthOf = (most: number) => (most === 0 ? 0 : 32 - Math.clz32(most))

/** A queue whose positions all lie in one word, one after another: it can be read and moved as one number. */
export interface WholeQueue {
  readonly word: number
  readonly shift: number
  /** Bits of a position, */
  readonly width: number
  /** and ones for all of them. */
  readonly bits: number
}

/** Null for a queue without positions, or whose positions lie apart. */
export function wholeQueue(places: readonly Place[]): WholeQueue | null {
  if (places.length === 0) return null
  const { word, shift, mask } = places[0]!
  const width = widthOf(mask)
  const all = places.length * width
  const isWhole = all <= 32 && places.every((place, i) => place.word === word && place.shift === shift + i * width)
  return isWhole ? { word, shift, width, bits: all === 32 ? -1 : (1 << all) - 1 } : null
}

/** What all stages of a model know of a message. */
const common = ['stripped', 'altered', 'flagged']

/**
 * Lays out the states of a model’s stages, one after another, and then the counters. What a stage’s messages have
 * as `arrived` is what the stage before has as `delivered`. Throws `UsageError` where it takes too many words.
 */
export function layout(name: string, stages: readonly State[], counters: readonly number[]): Layout {
  const [whole, split] = [true, false].map((queuesWhole) => laidOut(stages, counters, queuesWhole))
  const lies = whole && split && whole.words > split.words ? split : (whole ?? split)
  if (!lies || lies.words > mostWords)
    throw new UsageError(`${name} has over ${mostWords.toLocaleString('en-US')} words in a state at this scope: narrow it.`)
  return lies
}

/** A queue that lies in one word is shifted as one; but that is not worth another word. Null where it would not fit anyhow. */
function laidOut(stages: readonly State[], counters: readonly number[], queuesWhole: boolean): Layout | null {
  const free: number[] = []
  let bits = 0
  const take = (width: number): { word: number; shift: number } => {
    bits += width
    let word = free.findIndex((left) => left >= width)
    if (word < 0) word = free.push(32) - 1
    const shift = 32 - free[word]!
    free[word]! -= width
    return { word, shift: shift & 31 }
  }
  const place = (length: number, most: number): readonly Place[] => {
    const width = widthOf(most)
    const mask = ((1 << width) - 1) | 0
    if (!queuesWhole || length * width > 32) return Array.from({ length }, () => ({ ...take(width), mask, most }))
    const { word, shift } = take(length * width)
    return Array.from({ length }, (_, i) => ({ word, shift: shift + i * width, mask, most }))
  }
  const most = (stage: State, kind: string, field: string) => {
    const domain = stage[kind]?.fields[field]
    return domain ? greatest(stage, domain) : 0
  }

  const places: StagePlaces[] = []
  for (const [s, stage] of stages.entries()) {
    const of = new Map<string, Readonly<Record<string, readonly Place[]>>[]>()
    for (const [kind, things] of Object.entries(stage))
      of.set(kind, Array.from({ length: things.count }, (_, i) => {
        if (bits > mostBits) return {}
        const shared = (field: string) => {
          if (kind !== 'message' || s === 0) return undefined
          if (field === 'arrived') return places[s - 1]!.get('message')?.[i]?.['delivered']
          return common.includes(field) ? places[0]!.get('message')?.[i]?.[field] : undefined
        }
        const room = (field: string) => {
          const own = most(stage, kind, field)
          if (kind !== 'message') return own
          if (field === 'delivered' && s + 1 < stages.length) return Math.max(own, most(stages[s + 1]!, kind, 'arrived'))
          return common.includes(field) ? Math.max(...stages.map((other) => most(other, kind, field))) : own
        }
        return Object.fromEntries(Object.entries(things.fields).map(([field, domain]) => {
          const length = domain.is === 'line' ? domain.most : domain.is === 'set' ? stage[domain.kind]!.count : 1
          return [field, shared(field) ?? place(length, room(field))]
        }))
      }))
    places.push(of)
  }
  if (bits > mostBits) return null
  const counted = counters.map((top) => place(1, top)[0]!)
  return { words: Math.max(1, free.length), bits, stages: places, counters: counted }
}

/** The greatest number a field holds: of a queue, in each position. */
function greatest(state: State, domain: Domain): number {
  if (domain.is === 'one of') return domain.words.length - 1
  return domain.is === 'up to' ? domain.most : domain.is === 'set' ? 1 : state[domain.kind]!.count
}
