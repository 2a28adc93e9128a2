/** A state as plain data, and in short facts where its model has none of its own. */
import type { State } from '../../spec/model.ts'
import { nameOf } from './stage.ts'
import type { View, Views } from './views.ts'

type PlainThing = Readonly<Record<string, unknown>>
/** By kind, a thing or a list of them; of a composed model, a list of those. */
export type Plain = Readonly<Record<string, PlainThing | readonly PlainThing[]>>

export function plainState(state: State, { things }: Views): Plain {
  return Object.fromEntries(Object.entries(state).map(([kind, { many, fields }]) => {
    const all = things.get(kind)!.map((thing) => plainThing(thing, Object.keys(fields)))
    return [kind, many ? all : all[0]!]
  }))
}

function plainThing(thing: View, fields: readonly string[]): PlainThing {
  return Object.fromEntries(fields.map((field) => {
    const value = thing[field]
    if (value === null || typeof value !== 'object') return [field, value]
    return [field, 'numbers' in value ? value.numbers : (value as View).number]
  }))
}

/** A fact for each field, such as `client 2: is asking`; of those that hold their first value, only where it is asked for. */
export function plainFacts(state: State, views: Views, withFirst: boolean): readonly string[] {
  return Object.entries(plainState(state, views)).flatMap(([kind, plain]) => {
    const { many, fields } = state[kind]!
    return [plain].flat().flatMap((thing, i) => Object.entries(fields).flatMap(([field, domain]) => {
      const value = (thing as PlainThing)[field] as string | number | null | readonly number[]
      const named = (number: number) => nameOf('kind' in domain ? domain.kind : '', number)
      const isFirst = value === null || value === 0 || (Array.isArray(value) && value.length === 0)
        || (domain.is === 'one of' && value === domain.words[0])
      if (isFirst && !withFirst) return []
      const says = value === null ? 'nobody' : Array.isArray(value) ? value.map(named).join(', ') || 'empty'
        : domain.is === 'maybe' ? named(value as number) : value.toLocaleString('en-US')
      return [`${many ? nameOf(kind, i + 1) : kind}: ${field} ${says}`]
    }))
  })
}
