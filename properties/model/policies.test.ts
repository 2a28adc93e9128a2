import { describe, expect, it } from 'vitest'
import { check } from '../../engine/search/claims.ts'
import { catalogue } from '../../models/catalogue.ts'
import type { Component, Question } from '../../spec/component.ts'

interface Change {
  readonly says: string
  readonly question: string
  readonly answer: unknown
}

/** Every policy that answers one question otherwise, in one of the conditions in which it is asked. */
function* otherwise({ questions, variants }: Component): Generator<Change> {
  for (const [name, { answers, found }] of Object.entries(questions as Record<string, Question>))
    for (const condition of conditions(found))
      for (const answer of answers) {
        const given = variants.fixed[name] as string | ((...found: readonly string[]) => string)
        const now = typeof given === 'function' ? given(...condition) : given
        if (answer === now) continue
        yield {
          says: `${name}${condition.length > 0 ? ` of ${condition.join(', ')}` : ''}: ${answer}, not ${now}`,
          question: name,
          answer: typeof given === 'function'
            ? (...args: readonly string[]) => (args.join() === condition.join() ? answer : given(...args)) : answer,
        }
      }
}

function conditions(found: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return found.reduce<readonly (readonly string[])[]>((all, next) => all.flatMap((before) => next.map((one) => [...before, one])), [[]])
}

/** The component as it would be if its `fixed` answered so: every variant that spreads it answers so too. */
function changed(component: Component, question: string, answer: unknown): Component {
  const fixed = component.variants.fixed[question] as unknown
  const variants = Object.fromEntries(Object.entries(component.variants).map(([name, policy]) =>
    [name, policy[question] === fixed ? { ...policy, [question]: answer } : policy]))
  return { ...component, variants } as Component
}

/** Whether the catalogue is no longer right about some variant; a model that steps out of its domain is not right either. */
function isNoticed(component: Component): boolean {
  return catalogue.some((claim) => {
    if (claim.component.name !== component.name) return false
    try {
      return check({ ...claim, component }).wrong.length > 0
    } catch {
      return true
    }
  })
}

/** As a trial: every answer; every sixth where the whole suite has to be quick. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

for (const { component, variant } of catalogue) {
  if (variant !== 'fixed' || component.name === 'relay') continue

  describe(`The right policy of the ${component.name}`, () => {
    for (const [at, { says, question, answer }] of [...otherwise(component)].entries())
      it.skipIf(!isWhole && at % 6 !== 1)(`is noticed with one answer changed: ${says}`, () => {
        expect(isNoticed(changed(component, question, answer))).toBe(true)
      })
  })
}
