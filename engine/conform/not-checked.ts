/** What of a model a connector’s histories are not checked against, so that nobody takes for proved what was not asked. */
import type { Component } from '../../spec/component.ts'
import type { Connector } from '../../spec/connector.ts'
import { modelOf, scopeOf } from '../model/build.ts'

type Told = Pick<Connector, 'order' | 'clock'>

/** In words that go after ‘not checked against’, given the sentences of the rules that may take place at all. */
export function notCheckedAgainst(component: Component, { order, clock }: Told, possible: readonly string[]): readonly string[] {
  const model = modelOf(component, scopeOf(component), 'fixed')
  const rules = (model.stages ?? [model]).flatMap((stage) => stage.rules)
  const timers = rules.flatMap(({ kind, sentence }) => (kind === 'timer' && possible.includes(sentence) ? [sentence] : []))
  const wait = (sentence: string) => component.words?.waits?.[sentence]
  const any = timers.filter((sentence) => clock === 'real' || wait(sentence) === 0)
  const some = timers.filter((sentence) => !any.includes(sentence) && wait(sentence) === undefined)
  const untold = clock === 'real' ? ', for no time is told on the real clock' : ''
  return [
    ...(any.length > 0 ? [`when ${quoted(any)} ${any.length === 1 ? 'comes' : 'come'}${untold}`] : []),
    ...(some.length > 0 ? [`how long ${quoted(some)} ${some.length === 1 ? 'takes' : 'take'}, for any time is enough`] : []),
    ...(order === 'per link' ? [] : ['the order in which messages are taken up, for it promises none']),
    'a second verdict once a fault has struck, and fresh messages, which are for the laws',
  ]
}

const quoted = (names: readonly string[]) => {
  const all = names.map((name) => `‘${name}’`)
  return [all.slice(0, -1).join(', '), all.at(-1)].filter(Boolean).join(' and ')
}
