/**
 * Where each field of a state lies in its words of 32 bits.
 *
 * A field takes as many bits as its domain needs, none when there is nothing to choose, and never crosses a word.
 */
import type { Domain, State } from '../../spec/model.ts'

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

/** By kind, thing and field: one place, or for a queue one for each position. */
export type StagePlaces = ReadonlyMap<string, readonly Readonly<Record<string, readonly Place[]>>[]>

const widest = 31

/** What all stages of a model know of a message. */
const common = ['stripped', 'altered', 'flagged']

/**
 * Lays out the states of a model’s stages, one after another, and then the counters. What a stage’s messages have
 * as `arrived` is what the stage before has as `delivered`. Throws an error that names a field that cannot be packed.
 */
export function layout(stages: readonly State[], counters: readonly number[] = []): Layout {
  const [whole, split] = [true, false].map((queuesWhole) => laidOut(stages, counters, queuesWhole))
  return whole!.words > split!.words ? split! : whole!
}

/** A queue that lies in one word is shifted as one; but that is not worth another word. */
function laidOut(stages: readonly State[], counters: readonly number[], queuesWhole: boolean): Layout {
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
  const place = (length: number, most: number, named: string): readonly Place[] => {
    if (!Number.isInteger(most) || most < 0) throw new Error(`${named} is declared up to ${most}: use a whole number from 0.`)
    const width = most === 0 ? 0 : 32 - Math.clz32(most)
    if (width > widest) throw new Error(`${named} is declared up to ${most}: the most a field can hold is ${2 ** widest - 1}.`)
    const mask = ((1 << width) - 1) | 0
    if (!queuesWhole || length * width > 32) return Array.from({ length }, () => ({ ...take(width), mask, most }))
    const { word, shift } = take(length * width)
    return Array.from({ length }, (_, i) => ({ word, shift: shift + i * width, mask, most }))
  }
  const most = (stage: State, kind: string, field: string) => {
    const domain = stage[kind]?.fields[field]
    return domain ? greatest(stage, kind, domain) : 0
  }

  const places: StagePlaces[] = []
  for (const [s, stage] of stages.entries()) {
    const of = new Map<string, Readonly<Record<string, readonly Place[]>>[]>()
    for (const [kind, things] of Object.entries(stage))
      of.set(kind, Array.from({ length: things.count }, (_, i) => {
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
          const named = `${kind} ${i + 1}’s ${field}`
          const length = domain.is === 'line' ? domain.most : 1
          return [field, shared(field) ?? place(length, room(field), named)]
        }))
      }))
    places.push(of)
  }
  const counted = counters.map((top, i) => place(1, top, `counter ${i + 1}`)[0]!)
  return { words: Math.max(1, free.length), bits, stages: places, counters: counted }
}

/** The greatest number a field holds: of a queue, in each position. */
function greatest(state: State, kind: string, domain: Domain): number {
  if (domain.is === 'one of') return domain.words.length - 1
  if (domain.is === 'up to') return domain.most
  const things = state[domain.kind]
  if (!things) throw new Error(`${kind} refers to a kind ‘${domain.kind}’ that is not declared: there are ${Object.keys(state).join(', ')}.`)
  return things.count
}
