/** What a variant answers otherwise than the right one: the questions behind what it breaks. */
import type { Component, Questions } from '../../spec/component.ts'
import type { Answer } from '../../spec/evidence/counterexample.ts'

/** The questions that a variant answers otherwise than the fixed one; those of the part that is wrong, in a composed one. */
export function answersOf(component: Component, variant: string, components: readonly Component[], of = ''): readonly Answer[] {
  const policies = component.variants as Readonly<Record<string, Readonly<Record<string, unknown>>>>
  const [fixed, here] = [policies['fixed']!, policies[variant]!]
  return Object.entries(component.questions as Questions).flatMap(([name, { asks, found }]): readonly Answer[] => {
    const part = components.find((other) => other.name === name)
    if (part && typeof here[name] === 'string')
      return here[name] === fixed[name] ? [] : answersOf(part, here[name], components, part.name)
    return combinations(found).flatMap((given): readonly Answer[] => {
      const [right, wrong] = [answer(fixed[name], given), answer(here[name], given)]
      return right === wrong ? [] : [{ of, asks, found: given.join(', '), fixed: right, here: wrong }]
    })
  })
}

const answer = (policy: unknown, given: readonly string[]): string =>
  typeof policy === 'function' ? String((policy as (...found: readonly string[]) => unknown)(...given)) : String(policy)

function combinations(found: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [first, ...rest] = found
  return first === undefined ? [[]] : first.flatMap((value) => combinations(rest).map((others) => [value, ...others]))
}
