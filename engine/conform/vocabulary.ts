/** A component’s words in a world, for whoever tries a connector with what its model is given. */
import type { Component, Scope } from '../../spec/component.ts'
import type { FaultName } from '../../spec/connector.ts'
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
