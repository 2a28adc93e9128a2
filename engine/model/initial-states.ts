/** The ways in which a state may begin: fields that begin at any of several values, each of them with each of the others. */
import type { Domain, State } from '../../spec/model.ts'
import { type Layout, type Place, put } from './layout.ts'
import { scratch } from './views.ts'

/** A field, and the values that it may begin at, one for each of its places. */
interface OpenField {
  readonly places: readonly Place[]
  readonly values: readonly (readonly number[])[]
}

export class InitialStates {
  readonly #open: readonly OpenField[]
  /** How many there are, whether or not a model wants all of them. */
  readonly count: number

  constructor(states: readonly State[], { stages }: Layout) {
    this.#open = states.flatMap((state, s) => Object.entries(state).flatMap(([kind, { fields }]) =>
      stages[s]!.get(kind)!.flatMap((places) => Object.entries(fields).flatMap(([field, domain]) => {
        const values = encoded(domain, places[field]!.length)
        return values ? [{ places: places[field]!, values }] : []
      }))))
    this.count = this.#open.reduce((product, { values }) => product * values.length, 1)
  }

  /** Sets in the loaded state what the fields begin at; the last of them is the first to change with the number. */
  put(number: number): void {
    for (let i = this.#open.length - 1, left = number; i >= 0; i--) {
      const { places, values } = this.#open[i]!
      const chosen = values[left % values.length]!
      places.forEach((place, k) => put(scratch, place, chosen[k]!))
      left = Math.floor(left / values.length)
    }
  }
}

function encoded(domain: Domain, length: number): readonly (readonly number[])[] | null {
  if (domain.begins === undefined) return null
  if (domain.is === 'one of') return domain.begins.map((word) => [domain.words.indexOf(word)])
  if (domain.is === 'line') return domain.begins.map((line) => Array.from({ length }, (_, i) => line[i] ?? 0))
  if (domain.is === 'set') return domain.begins.map((set) => Array.from({ length }, (_, i) => (set.includes(i + 1) ? 1 : 0)))
  return domain.begins.map((value) => [value ?? 0])
}
