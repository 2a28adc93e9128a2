/** What is known of a message beforehand: how many there are of it, and what the stream says of them. */
import type { Domain } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'
import { type Layout, type Place, put } from './layout.ts'
import type { Stage } from './stage.ts'
import { OutOfDomain, scratch, type View } from './views.ts'

type Values = Readonly<Record<string, string | number>>
/** A field of a message in a stage that has it. */
interface SettableField {
  readonly domain: Domain
  readonly place: Place
  readonly thing: View
}

/** Sets in the loaded state what is known of a message, given its place; a burst’s count is how many have arrived. */
export function arrivals(stages: readonly Stage[], { stages: placed }: Layout): (message: number, values: Values) => void {
  /** Found once for each message and field: streams are many, and a walk through one may be short. */
  const known: Record<string, readonly SettableField[] | undefined>[] = []
  return (message, values) => {
    for (const name in values) {
      const field = name === 'count' ? 'arrived' : name
      const fields = (known[message] ??= {})
      for (const each of (fields[field] ??= find(message, field, values[name]!))) set(each, field, values[name]!)
    }
  }

  function find(message: number, field: string, value: string | number): readonly SettableField[] {
    const knowing = stages.flatMap(({ model, messages }, s) => {
      const domain = model.state['message']?.fields[field]
      const place = placed[s]!.get('message')?.[message]?.[field]?.[0]
      return domain && place ? [{ domain, place, thing: messages[message]! }] : []
    })
    if (knowing.some(({ domain }) => domain.is === 'line' || domain.is === 'set'))
      throw new UsageError(`A message’s ‘${field}’ is a ${knowing[0]!.domain.is}, and begins empty: it cannot be set to ${value}.`)
    if (knowing.length === 0) throw new UsageError(`A message has no ‘${field}’ to set to ${value}.`)
    // It arrives at the first stage; where the others get it from is one another.
    return field === 'arrived' ? knowing.slice(0, 1) : knowing
  }
}

function set({ domain, place, thing }: SettableField, field: string, value: string | number): void {
  const number = domain.is === 'one of' ? domain.words.indexOf(value as string) : domain.is === 'maybe' ? Number(value) : value as number
  const least = domain.is === 'maybe' ? 1 : 0
  if (Number.isInteger(number) && number >= least && number <= place.most) put(scratch, place, number)
  else if (domain.is === 'maybe') throw new OutOfDomain(String(thing), field, value, `from 1 to ${place.most}`)
  // Set as a rule would set it, which says what is wrong.
  else thing[field] = value
}
