/**
 * One state of each orbit: of all the states that differ only in which of several alike things is which.
 *
 * Things that nobody refers to are put in order by what they hold. Messages are put in order by their signature: what
 * they hold, where in a queue they stand, and who has them in hand; then those who refer to them are told their new
 * numbers. Sorting is exact because whoever has a message in hand is told apart only by what it holds.
 */
import { isFresh, type Machine } from '../model/machine.ts'
import type { Place } from '../model/layout.ts'
import { scratch } from '../model/views.ts'

/** Puts the scratch state into the order of its orbit’s representative. Null where nothing declared is alike. */
export function canonical(machine: Machine): (() => void) | null {
  if (machine.model.stages) return null
  const { loose, referred } = alikeIn(machine)
  const sorts = loose.map((kind) => sorter(placesOf(machine, kind)))
  const relabel = referred.includes('message') ? relabeller(machine) : null
  if (sorts.length === 0 && !relabel) return null
  return () => {
    relabel?.()
    for (const sort of sorts) sort()
  }
}

/**
 * The same for things that nobody refers to alone, so that every message stays which it is. Null where there are none, or
 * a start tells one from another.
 */
export function exchanging(machine: Machine, starts: readonly Int32Array[]): (() => void) | null {
  if (machine.model.stages) return null
  const kinds = alikeIn(machine).loose.map((kind) => placesOf(machine, kind))
  const isEven = (start: Int32Array) => {
    machine.load(start)
    return kinds.every((things) => things.every((places) => held(places) === held(things[0]!)))
  }
  if (kinds.length === 0 || !starts.every(isEven)) return null
  const sorts = kinds.map(sorter)
  return () => { for (const sort of sorts) sort() }
}

/** The kinds of which several are alike: those that nobody refers to, and the others. */
function alikeIn({ model: { state } }: Machine): { loose: readonly string[]; referred: readonly string[] } {
  const kinds = Object.entries(state).filter(([, things]) => things.alike && things.count > 1).map(([kind]) => kind)
  const named = new Set(Object.values(state).flatMap(({ fields }) =>
    Object.values(fields).flatMap((domain) => ('kind' in domain ? [domain.kind] : []))))
  return { loose: kinds.filter((kind) => !named.has(kind)), referred: kinds.filter((kind) => named.has(kind)) }
}

const placesOf = (machine: Machine, kind: string): readonly (readonly Place[])[] =>
  machine.layout.stages[0]!.get(kind)!.map((fields) => Object.values(fields).flat().filter(({ mask }) => mask !== 0))

const get = ({ word, shift, mask }: Place) => (scratch[word]! >>> shift) & mask
const put = ({ word, shift, mask }: Place, value: number) => {
  scratch[word] = (scratch[word]! & ~(mask << shift)) | (value << shift)
}

/** What a thing holds, as one number. */
function held(places: readonly Place[]): number {
  let value = 0
  for (const place of places) value = value * (place.mask + 1) + get(place)
  return value
}

const exactBits = 53
const bitsOf = (places: readonly Place[]) => places.reduce((sum, { mask }) => sum + Math.log2(mask + 1), 0)

/** Sorts things in place by what they hold. */
function sorter(things: readonly (readonly Place[])[]): () => void {
  if (bitsOf(things[0]!) > exactBits) throw new Error('What a thing holds is too wide to sort by.')
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
    put(places[i]!, value % size)
    value = Math.floor(value / size)
  }
}

/** Numbers messages anew by their signatures. The fresh one, which the world sends, keeps its number. */
function relabeller(machine: Machine): () => void {
  const messages = placesOf(machine, 'message')
  const count = messages.length - (machine.moves.some(isFresh) ? 1 : 0)
  const { positions, hands } = references(machine)
  const width = hands.reduce((bits, { classes, holders }) => bits + classes * Math.log2(holders.length + 1), 0)
  if (bitsOf(messages[0]!) + positions.length + width > exactBits)
    throw new Error(`A message of ${machine.model.name} has too wide a signature at this scope.`)
  const signatures = new Float64Array(count)
  const own = new Float64Array(count)
  const order = Array.from({ length: count }, (_, i) => i)
  const label = new Int32Array(messages.length + 1)
  label[messages.length] = messages.length

  return () => {
    for (let m = 0; m < count; m++) signatures[m] = own[m] = held(messages[m]!)
    let scale = 2 ** Math.ceil(bitsOf(messages[0]!))
    for (const place of positions) {
      const m = get(place) - 1
      if (m >= 0 && m < count) signatures[m]! += scale
      scale *= 2
    }
    for (const { classes, holders } of hands) {
      const base = holders.length + 1
      for (const { ref, others } of holders) {
        const m = get(ref) - 1
        if (m >= 0 && m < count) signatures[m]! += scale * base ** held(others)
      }
      scale *= base ** classes
    }
    for (let i = 0; i < count; i++) order[i] = i
    order.sort((a, b) => signatures[b]! - signatures[a]! || a - b)
    if (order.every((m, i) => m === i)) return
    for (let i = 0; i < count; i++) label[order[i]! + 1] = i + 1
    for (let i = 0; i < count; i++) unpack(messages[i]!, own[order[i]!]!)
    for (const place of positions) put(place, label[get(place)]!)
    for (const { holders } of hands) for (const { ref } of holders) put(ref, label[get(ref)]!)
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
          classes: 2 ** bitsOf(others(things[0]!)),
          holders: things.map((places) => ({ ref: places[field]![0]!, others: others(places) })),
        })
      }
    }
  return { positions, hands }
}
