/** Whether a component’s words are about what its model has: a rule that is spelled otherwise would never be met. */
import type { Component } from '../../spec/component.ts'
import { faultNames } from '../../spec/fault.ts'
import type { Rule } from '../../spec/model.ts'
import { modelOf, scopeOf } from '../model/build.ts'
import { UsageError } from '../usage-error.ts'

/** Throws `UsageError` at the first word that is about nothing. */
export function checkWords(component: Component): void {
  const { name, words, sizes } = component
  if (!words) return
  const wrong = (what: string) => new UsageError(`The words of ${name} ${what}`)
  const given: Readonly<Partial<Record<keyof typeof words, unknown>>> = words
  for (const [field, none] of [['attributes', '{}'], ['faults', '{}'], ['workers', '[]']] as const)
    if (!isA(none, given[field])) throw wrong(`must have ‘${field}’: write \`${field}: ${none}\` where it has none.`)
  const rules = rulesOf(component)
  const named = (kind: Rule['kind']) => [...new Set(rules.filter((rule) => rule.kind === kind).map(({ sentence }) => sentence))]
  const sentences = (of: Readonly<Record<string, unknown>>, kind: 'fault' | 'timer') => {
    const stranger = Object.keys(of).find((sentence) => !named(kind).includes(sentence))
    if (stranger !== undefined)
      throw wrong(`speak of the ${kind} ‘${stranger}’, and there is no such rule: there ${oneOrMore(named(kind))}.`)
  }
  sentences(words.faults, 'fault')
  sentences(words.waits ?? {}, 'timer')
  for (const [sentence, wait] of Object.entries(words.waits ?? {}))
    if (typeof wait !== 'number' || !(wait >= 0)) throw wrong(`say that ‘${sentence}’ takes ${String(wait)}: use milliseconds, from 0.`)
  for (const [sentence, { is, orBriefly = [] }] of Object.entries(words.faults)) {
    const stranger = [...is, ...orBriefly].find((what) => !(faultNames as readonly string[]).includes(what))
    if (stranger !== undefined) throw wrong(`say that ‘${sentence}’ is ‘${stranger}’ in a world, which is no fault: there are ${faultNames.join(', ')}.`)
  }
  const attributes = Object.keys(component.attributes(scopeOf(component)))
  const unknown = Object.keys(words.attributes).find((attribute) => !attributes.includes(attribute))
  if (unknown !== undefined) throw wrong(`speak of the attribute ‘${unknown}’, and there is none: there ${oneOrMore(attributes)}.`)
  const counted = [...words.workers, ...(words.links ? [words.links] : []), ...Object.values(words.faults).map(({ times }) => times)]
  const stranger = counted.find((size) => !Object.hasOwn(sizes, size))
  if (stranger !== undefined) throw wrong(`name the size ‘${String(stranger)}’, and there is none: there are ${Object.keys(sizes).join(', ')}.`)
}

const isA = (what: '{}' | '[]', value: unknown) => typeof value === 'object' && value !== null && Array.isArray(value) === (what === '[]')

const oneOrMore = (names: readonly string[]) =>
  names.length === 0 ? 'is none' : `${names.length === 1 ? 'is' : 'are'} ${names.map((each) => `‘${each}’`).join(', ')}`

/** Those of every variant: what only a wrong one does has a word too. */
function rulesOf(component: Component): readonly Rule[] {
  return Object.keys(component.variants).flatMap((variant) => {
    const model = modelOf(component, scopeOf(component), variant)
    return (model.stages ?? [model]).flatMap(({ rules }) => rules)
  })
}
