/** A component’s words in a world, for whoever tries a connector with what its model is given. */
import { isDeepStrictEqual } from 'node:util'
import type { Component, Scope } from '../../spec/component.ts'
import type { FaultName } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { type Burst, isForSomebody } from '../../spec/scenario.ts'
import { plain, type WorldFault, type WorldMessage } from '../../spec/word-map.ts'

/** Whether a world has words for every attribute of a component. */
export const hasWordsFor = (component: Component, scope: Scope): boolean => component.words !== undefined
  && Object.keys(component.attributes(scope)).every((name) => component.words!.attributes[name])

/** A model’s message in a world; null where a world has no word for one of its attributes. */
export function inWorld({ words }: Component, fields: Readonly<Record<string, string | number>>, scope: Scope): WorldMessage | null {
  let message: WorldMessage | null = plain
  for (const [name, value] of Object.entries(fields)) {
    const more = words?.attributes[name]?.(value, scope) ?? null
    message = message && more && { ...message, ...more }
  }
  return message
}

/** Whether a message of a model is the one before it, to another recipient. */
export const goesAlong = ({ words }: Component, burst: ModelBurst): boolean =>
  words?.along !== undefined && burst[words.along[0]] === words.along[1]

/** A message of a world, which may be so for one of its recipients alone. */
interface GivenInWorld extends WorldMessage, Pick<Burst, 'only'> {}

/** A model’s messages in a world, where those that go along are other recipients of one: so many of each. */
export interface InWorld {
  readonly messages: readonly GivenInWorld[]
  readonly recipients: number
}

/** Null where a world has no words for them: its messages have as many recipients each, and are alike for all but one of these. */
export function streamInWorld(component: Component, stream: readonly ModelBurst[], scope: Scope): InWorld | null {
  const all: { readonly burst: ModelBurst; readonly each: WorldMessage[] }[] = []
  for (const burst of stream) {
    const before = goesAlong(component, burst) ? all.at(-1) : undefined
    const attribute = component.words?.along?.[0]
    const { count: _, ...fields } = before && attribute ? { ...burst, [attribute]: before.burst[attribute]! } : burst
    const message = inWorld(component, fields, scope)
    if (!message) return null
    if (before) before.each.push(message)
    else all.push({ burst, each: [message] })
  }
  const recipients = all[0]?.each.length ?? 1
  const messages = all.flatMap(({ each }) => inOne(each) ?? [])
  return messages.length === all.length && all.every(({ each }) => each.length === recipients) ? { messages, recipients } : null
}

/** One of them as a scenario has it. That its link refuses it is no kind of message. */
export const asBurst = ({ kind, link, isRefused, only }: GivenInWorld): Burst =>
  ({ count: 1, kind, link, ...(only === undefined || isRefused ? {} : { only }) })

/** The links that refuse one of them, where there are so many. */
export function refusedLinks({ link, isRefused, only }: GivenInWorld, recipients: number, links: number): readonly number[] {
  const places = Array.from({ length: recipients }, (_, i) => i).filter((i) => isRefused && (only === undefined || i === only - 1))
  return places.map((i) => ((link - 1 + i) % links) + 1)
}

/** One message for all of them; null where there is none. */
function inOne(each: readonly WorldMessage[]): GivenInWorld | null {
  const isPlain = (message: WorldMessage) => isDeepStrictEqual(message, plain)
  if (each.every((message) => isDeepStrictEqual(message, each[0]))) return each[0]!
  const odd = each.findIndex((message) => !isPlain(message))
  const { kind, link, isRefused, ...rest } = each[odd]!
  const isAlone = each.every((message, i) => i === odd || isPlain(message)) && (isRefused || isForSomebody(kind))
  // A recipient has a link of its own, so that it does not matter over which link one goes that is refused.
  const isElsewhere = !isRefused && link !== plain.link
  return isAlone && !isElsewhere && isPlain({ ...plain, ...rest }) ? { ...plain, kind, isRefused, only: odd + 1 } : null
}

/** A fault as both know it: the sentence of the model’s rule, and the world’s name. */
export interface SharedFault extends Omit<WorldFault, 'is'> {
  readonly rule: string
  readonly name: FaultName
}

/** Of what lasts, every fault that may bring it about; of any other, the most usual. */
export const sharedFaults = ({ words }: Component): readonly SharedFault[] =>
  Object.entries(words?.faults ?? {}).flatMap(([rule, { is, lasts, leavesDoubt, mayBeFlagged }]) =>
    (lasts ? is : is.slice(0, 1)).map((name) => ({ rule, name, lasts, leavesDoubt, mayBeFlagged })))

/** The sizes that count a component’s faults, each once. */
export const sizesOfFaults = ({ words }: Component): readonly string[] =>
  [...new Set(Object.values(words?.faults ?? {}).map(({ times }) => times))]
