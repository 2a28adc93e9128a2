/**
 * One state of each orbit: of all the states that differ only in which of several alike things is which.
 *
 * Most models have workers that nobody refers to, and messages that they have in hand: a few sorts do it for those. Things that
 * nobody refers to are put in order by what they hold. Messages are put in order by their signature: what they hold, where in a
 * queue they stand, and who has them in hand; then those who refer to them are told their new numbers. Sorting is exact because
 * whoever has a message in hand is told apart only by what it holds. Whatever else refers to what else is in `canonical.ts`.
 */
import type { Domain } from '../../spec/model.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import { get, type Place, put } from '../model/layout.ts'
import { scratch } from '../model/views.ts'
import { Canonical, type Pinned } from './canonical.ts'

export interface Orbits {
  /** Puts the scratch state into the order of its orbit’s representative. */
  readonly canon: () => void
  /** The kinds whose things change their numbers by that. */
  readonly kinds: readonly string[]
}

/** Null where nothing declared is alike. Things that are pinned keep their numbers. */
export function orbitsOf(machine: Machine, pinned: Pinned = new Map()): Orbits | null {
  const { loose, referred } = alikeIn(machine)
  const kinds = [...loose, ...referred]
  if (kinds.length === 0) return null
  if (pinned.size > 0 || !isPlain(machine)) {
    const all = new Map([...pinned, ...(kinds.includes('message') ? [['message', keptMessages(machine, pinned)] as const] : [])])
    return { kinds, canon: new Canonical(machine, kinds, all).canon }
  }
  const sorts = loose.map((kind) => sorter(machine, kind))
  const relabel = referred.includes('message') ? relabeller(machine) : null
  return {
    kinds,
    canon: () => {
      relabel?.()
      for (const sort of sorts) sort()
    },
  }
}

/** The fresh message, which the world sends, keeps its number. */
function keptMessages(machine: Machine, pinned: Pinned): ReadonlySet<number> {
  const count = machine.model.state['message']!.count
  return new Set([...(pinned.get('message') ?? []), ...(numbered(machine, count) < count ? [count - 1] : [])])
}

/** Swaps two alike things that stand next to one another in the scratch state. All ways to exchange things are made of these. */
export interface Swap {
  readonly kind: string
  /** The number of the first of them, from 1. */
  readonly first: number
  readonly swap: () => void
}

export function swapsOf(machine: Machine): readonly Swap[] {
  const { loose, referred } = alikeIn(machine)
  return [...loose, ...referred].flatMap((kind) => {
    const things = placesOf(machine, kind)
    const count = kind === 'message' ? numbered(machine, things.length) : things.length
    const { numbers, sets } = referencesTo(machine, kind)
    return Array.from({ length: Math.max(0, count - 1) }, (_, first) => ({
      kind, first: first + 1,
      swap: () => {
        exchange(things[first]!, things[first + 1]!)
        for (const set of sets) exchange([set[first]!], [set[first + 1]!])
        for (const place of numbers) {
          const number = get(scratch, place)
          if (number === first + 1 || number === first + 2) put(scratch, place, 2 * first + 3 - number)
        }
      },
    }))
  })
}

const exchange = (one: readonly Place[], other: readonly Place[]) => one.forEach((place, i) => {
  const held = get(scratch, place)
  put(scratch, place, get(scratch, other[i]!))
  put(scratch, other[i]!, held)
})

/** Where things of a kind are referred to by their numbers, and the places of the sets that they may be in. */
function referencesTo({ model: { state }, layout }: Machine, kind: string) {
  const [numbers, sets]: [Place[], (readonly Place[])[]] = [[], []]
  for (const [name, { fields }] of Object.entries(state))
    for (const [field, domain] of Object.entries(fields))
      if ('kind' in domain && domain.kind === kind)
        for (const places of layout.stages[0]!.get(name)!)
          if (domain.is === 'set') sets.push(places[field]!)
          else numbers.push(...places[field]!)
  return { numbers, sets }
}

const numbered = ({ moves }: Machine, messages: number) => messages - (moves.some(isFresh) ? 1 : 0)

/**
 * The same for things that nobody refers to alone, so that everybody else stays who it is. Null where there are none, or
 * a start tells one from another.
 */
export function exchanging(machine: Machine, starts: readonly Int32Array[], except: readonly string[] = []): (() => void) | null {
  const loose = alikeIn(machine).loose.filter((kind) => !except.includes(kind) && isNarrow(placesOf(machine, kind)))
  const kinds = loose.map((kind) => placesOf(machine, kind))
  const isEven = (start: Int32Array) => {
    machine.load(start)
    return kinds.every((things) => things.every((places) => held(places) === held(things[0]!)))
  }
  if (kinds.length === 0 || !starts.every(isEven)) return null
  const sorts = loose.map((kind) => sorter(machine, kind))
  return () => { for (const sort of sorts) sort() }
}

/** The kinds of which several are alike, and to none of which anybody refers. */
export const looseIn = (machine: Machine): readonly string[] => alikeIn(machine).loose

/** The kinds of which several are alike: those that nobody refers to, and the others. Messages are known by their number to the laws. */
function alikeIn({ model: { state, stages } }: Machine): { loose: readonly string[]; referred: readonly string[] } {
  const kinds = stages ? [] : Object.entries(state).filter(([, things]) => things.alike && things.count > 1).map(([kind]) => kind)
  const named = new Set(['message', ...Object.values(state).flatMap(({ fields }) =>
    Object.values(fields).flatMap((domain) => ('kind' in domain ? [domain.kind] : [])))])
  return { loose: kinds.filter((kind) => !named.has(kind)), referred: kinds.filter((kind) => named.has(kind)) }
}

/**
 * Whether sorting will do: of what is referred to only messages are alike, they refer to nothing alike, what refers to them is a
 * queue, or one field of a thing that nobody refers to, and what is sorted by is a number that a float holds exactly.
 */
function isPlain(machine: Machine): boolean {
  const { loose, referred } = alikeIn(machine)
  const { state } = machine.model
  const isOfAlike = (domain: Domain) => 'kind' in domain && (loose.includes(domain.kind) || referred.includes(domain.kind))
  const areSorted = loose.every((kind) =>
    isNarrow(placesOf(machine, kind)) && Object.values(state[kind]!.fields).filter(isOfAlike).every(({ is }) => is === 'maybe')
      && Object.values(state[kind]!.fields).filter(isOfAlike).length < 2)
  if (!areSorted || referred.some((kind) => kind !== 'message')) return false
  if (!referred.includes('message')) return true
  const all = Object.values(state).flatMap(({ fields }) => Object.values(fields))
  if (Object.values(state['message']!.fields).some(isOfAlike)) return false
  if (all.some((domain) => domain.is === 'set' && domain.kind === 'message')) return false
  const { positions, hands } = references(machine)
  return widthOf(placesOf(machine, 'message')[0]!) + positions.length + widthOfHands(hands) <= exactBits
}

/** Where each thing of a kind has what it holds. */
export const placesOf = (machine: Machine, kind: string): readonly (readonly Place[])[] =>
  machine.layout.stages[0]!.get(kind)!.map((fields) => Object.values(fields).flat().filter(({ mask }) => mask !== 0))

/** What a thing holds, as one number. */
function held(places: readonly Place[]): number {
  let value = 0
  for (const place of places) value = value * (place.mask + 1) + get(scratch, place)
  return value
}

const exactBits = 53
const isNarrow = (things: readonly (readonly Place[])[]) => widthOf(things[0]!) <= exactBits
const widthOfHands = (hands: readonly Hands[]) =>
  hands.reduce((bits, { classes, holders }) => bits + classes * Math.log2(holders.length + 1), 0)
const widthOf = (places: readonly Place[]) => places.reduce((sum, { mask }) => sum + Math.log2(mask + 1), 0)

/** Sorts things in place by what they hold. */
function sorter(machine: Machine, kind: string): () => void {
  const things = placesOf(machine, kind)
  const values = new Float64Array(things.length)
  return () => {
    things.forEach((places, i) => { values[i] = held(places) })
    let sorted = true
    for (let i = 1; i < values.length; i++) if (values[i - 1]! < values[i]!) sorted = false
    if (sorted) return
    values.sort().reverse()
    things.forEach((places, i) => unpack(places, values[i]!))
  }
}

function unpack(places: readonly Place[], value: number): void {
  for (let i = places.length - 1; i >= 0; i--) {
    const size = places[i]!.mask + 1
    put(scratch, places[i]!, value % size)
    value = Math.floor(value / size)
  }
}

/** Numbers messages anew by their signatures. */
function relabeller(machine: Machine): () => void {
  const messages = placesOf(machine, 'message')
  const count = numbered(machine, messages.length)
  const { positions, hands } = references(machine)
  const signatures = new Float64Array(count)
  const own = new Float64Array(count)
  const order = Array.from({ length: count }, (_, i) => i)
  const label = new Int32Array(messages.length + 1)
  label[messages.length] = messages.length

  return () => {
    for (let m = 0; m < count; m++) signatures[m] = own[m] = held(messages[m]!)
    let scale = 2 ** Math.ceil(widthOf(messages[0]!))
    for (const place of positions) {
      const m = get(scratch, place) - 1
      if (m >= 0 && m < count) signatures[m]! += scale
      scale *= 2
    }
    for (const { classes, holders } of hands) {
      const base = holders.length + 1
      for (const { ref, others } of holders) {
        const m = get(scratch, ref) - 1
        if (m >= 0 && m < count) signatures[m]! += scale * base ** held(others)
      }
      scale *= base ** classes
    }
    for (let i = 0; i < count; i++) order[i] = i
    order.sort((a, b) => signatures[b]! - signatures[a]! || a - b)
    if (order.every((m, i) => m === i)) return
    for (let i = 0; i < count; i++) label[order[i]! + 1] = i + 1
    for (let i = 0; i < count; i++) unpack(messages[i]!, own[order[i]!]!)
    for (const place of positions) put(scratch, place, label[get(scratch, place)]!)
    for (const { holders } of hands) for (const { ref } of holders) put(scratch, ref, label[get(scratch, ref)]!)
  }
}

/** Things of one kind that may have a message in hand, and how many different things else each can hold. */
interface Hands {
  readonly classes: number
  readonly holders: readonly { readonly ref: Place; readonly others: readonly Place[] }[]
}

/** Everywhere that messages are referred to: positions in queues, and the hands of others. */
function references({ model, layout }: Machine): { positions: readonly Place[]; hands: readonly Hands[] } {
  const positions: Place[] = []
  const hands: Hands[] = []
  for (const [kind, { fields, alike }] of Object.entries(model.state))
    for (const [field, domain] of Object.entries(fields)) {
      if (!('kind' in domain) || domain.kind !== 'message') continue
      const things = layout.stages[0]!.get(kind)!
      if (domain.is === 'line' || !alike) positions.push(...things.flatMap((places) => places[field]!))
      else {
        const others = (places: (typeof things)[number]) =>
          Object.entries(places).flatMap(([name, other]) => (name === field ? [] : other)).filter(({ mask }) => mask !== 0)
        hands.push({
          classes: 2 ** widthOf(others(things[0]!)),
          holders: things.map((places) => ({ ref: places[field]![0]!, others: others(places) })),
        })
      }
    }
  return { positions, hands }
}
