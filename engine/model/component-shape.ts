/**
 * Whether something has the shape of a component, and what its `model` returns that of a model: for what no compiler has
 * looked at. What is wrong is a usage error, and says what to write.
 */
import type { Component, Question, Size } from '../../spec/component.ts'
import type { Model } from '../../spec/model.ts'
import { UsageError } from '../usage-error.ts'

/** The component that something is. Throws `UsageError` in one line where it is none; `where` says what is at fault. */
export function checkedComponent(value: unknown, where: string): Component {
  const wrong = (what: string) => new UsageError(`${where}: ${what}`)
  const given = isRecord(value) ? value : {}
  const { name, sizes, questions, variants, attributes, model, vacuous, source, title, claims } = given
  if (typeof name !== 'string' || !/^[A-Za-z][\w.-]*$/.test(name))
    throw wrong(`‘name’ must be a word such as ‘dead-letter’, and is ${shown(name)}.`)
  for (const [field, text] of Object.entries({ source, title }))
    if (typeof text !== 'string') throw wrong(`‘${field}’ must be a text, and is ${shown(text)}${helper}`)
  if (typeof model !== 'function') throw wrong(`‘model’ must be a function of the sizes and the answers, and is ${shown(model)}.`)
  if (typeof attributes !== 'function')
    throw wrong(`‘attributes’ must be a function of the sizes, and is ${shown(attributes)}${helper}`)
  for (const [field, records] of Object.entries({ sizes, questions, variants, vacuous, ...(claims === undefined ? {} : { claims }) })) {
    if (!isRecord(records)) throw wrong(`‘${field}’ must be an object with a name for each, and is ${shown(records)}${helper}`)
    if (field === 'vacuous') continue
    for (const [key, each] of Object.entries(records))
      if (!isRecord(each)) throw wrong(`‘${key}’ of ‘${field}’ must be an object, and is ${shown(each)}.`)
  }
  for (const [size, each] of Object.entries(sizes as Record<string, Size>)) checkSize(size, each, wrong)
  for (const [question, each] of Object.entries(questions as Record<string, Question>)) checkQuestion(question, each, wrong)
  if (!Object.hasOwn(variants as object, 'fixed')) throw wrong('‘variants’ must have one that is right, called ‘fixed’.')
  for (const [variant, answers] of Object.entries(variants as Record<string, object>)) {
    if (!/^[A-Za-z][\w.-]*$/.test(variant)) throw wrong(`‘${variant}’ cannot name a variant: use one word of letters and digits.`)
    const stranger = Object.keys(answers).find((question) => !Object.hasOwn(questions as object, question))
    if (stranger !== undefined)
      throw wrong(`‘${variant}’ answers ‘${stranger}’, which is no question: there are ${Object.keys(questions as object).join(', ')}.`)
  }
  return given as unknown as Component
}

const helper = ': write the component as component({ … }), which fills in what you leave out.'

function checkSize(name: string, { says, least, small, most }: Size, wrong: (what: string) => UsageError): void {
  if (typeof says !== 'string') throw wrong(`the size ‘${name}’ must say what it counts: says: '…'.`)
  for (const [field, n] of Object.entries({ least, small, most }))
    if (!Number.isInteger(n) || n < 0) throw wrong(`‘${field}’ of the size ‘${name}’ must be a whole number from 0, and is ${shown(n)}.`)
  if (least > small || small > most) throw wrong(`of the size ‘${name}’, ${least}, ${small} and ${most} must rise: least, small, most.`)
}

function checkQuestion(name: string, { asks, answers, found }: Question, wrong: (what: string) => UsageError): void {
  const areTexts = (list: unknown) => Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === 'string')
  if (typeof asks !== 'string' || !areTexts(answers) || !Array.isArray(found) || !found.every(areTexts))
    throw wrong(`‘${name}’ of ‘questions’ must be question('What …?', ['one answer', 'another']).`)
}

/** The model that a component’s `model` has returned. Throws `UsageError` where it is none. */
export function checkedModel(value: unknown, named: string): Model {
  const wrong = (what: string) => new UsageError(`The model of ${named} ${what}`)
  if (!isRecord(value)) throw wrong(`is ${shown(value)}: return model({ name, state, rules, … }).`)
  const { name, state, rules, laws = [], known, facts, starts, within, stages } = value
  if (typeof name !== 'string') throw wrong(`has ‘name’ ${shown(name)}: give it a text.`)
  for (const [field, one] of Object.entries({ known, facts, starts, within }))
    if (one !== undefined && typeof one !== 'function') throw wrong(`has ‘${field}’ ${shown(one)}: give it a function of the world.`)
  if (stages !== undefined) return value as unknown as Model
  if (!isRecord(state)) throw wrong(`has ‘state’ ${shown(state)}: give it kinds of things, such as { worker: each(2, { … }) }.`)
  for (const [kind, things] of Object.entries(state)) {
    if (!isRecord(things) || !isRecord(things['fields'])) throw wrong(`has ‘${kind}’ ${shown(things)}: write one({ … }) or each(2, { … }).`)
    for (const [field, domain] of Object.entries(things['fields']))
      if (!isRecord(domain) || typeof domain['is'] !== 'string')
        throw wrong(`has ‘${field}’ of ${kind} ${shown(domain)}: write oneOf('idle', 'busy'), upTo(3), maybe('message'), lineOf('message', 2) or setOf('worker').`)
  }
  const { fields } = (state['message'] ?? {}) as { readonly fields?: object }
  if (fields && 'arrived' in fields && 'delivered' in fields && known === undefined)
    throw wrong('has messages, and does not say what is due to them: give it known: () => ({ due: () => delivery }).')
  if (!Array.isArray(rules)) throw wrong(`has ‘rules’ ${shown(rules)}: give it a list.`)
  for (const [i, rule] of (rules as unknown[]).entries())
    if (!isRecord(rule) || typeof rule['sentence'] !== 'string' || typeof rule['when'] !== 'function' || typeof rule['then'] !== 'function')
      throw wrong(`has ${shown(rule)} as rule ${i + 1}: write rule('worker sees message', ({ worker }) => …, ({ worker }) => { … }).`)
  if (!Array.isArray(laws)) throw wrong(`has ‘laws’ ${shown(laws)}: give it a list.`)
  for (const [i, law] of (laws as unknown[]).entries()) checkLawShape(law, i, wrong)
  return value as unknown as Model
}

/** What each kind of law asks is a function. */
const asked: Readonly<Record<string, readonly string[]>> = {
  always: ['holds'], 'in the end': ['holds'], eventually: ['holds'], 'leads to': ['from', 'holds'], 'every step': ['sees', 'keeps'],
  'can be reached': ['holds'], 'can always be reached': ['holds'],
}

function checkLawShape(law: unknown, i: number, wrong: (what: string) => UsageError): void {
  const given = isRecord(law) ? law : {}
  const functions = typeof given['when'] === 'string' && given['own'] === true ? asked[given['when']] : undefined
  if (typeof given['name'] === 'string' && typeof given['says'] === 'string' && functions?.every((each) => typeof given[each] === 'function')) return
  throw wrong(`has ${shown(law)} as law ${i + 1}: write one with lawsOver(state), as in always('one holder', 'At most one client holds it.', ({ clients }) => …).`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown): string =>
  value === undefined ? 'missing' : typeof value === 'function' ? 'a function' : typeof value === 'number' ? String(value)
    : (JSON.stringify(value) ?? String(value)).slice(0, 60)
