/** `unwedge list`: the components, their sizes, questions and variants. */
import { catalogue, components } from '../../models/catalogue.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { amount, plain } from '../../reports/text/words.ts'
import type { Component, Question, Size } from '../../spec/component.ts'
import { colours, say } from '../output/terminal.ts'

export async function list({ format }: { readonly format: 'text' | 'json' }): Promise<number> {
  if (format === 'json') process.stdout.write(json({ schema, kind: 'list', components: components.map(described) }))
  else say(components.map((component) => textOf(component).map((line) => plain(line).trimEnd()).join('\n')).map(headed).join('\n\n'))
  return 0
}

const headed = (text: string) => text.replace(/^.*/, colours.bold)

function described(component: Component) {
  const { name, source, title, vacuous } = component
  const questions = Object.entries<Question>(component.questions)
    .map(([question, { asks, answers, found }]) => ({ question, asks, answers, found }))
  const variants = entriesOf(component)
    .map(({ variant, says, scope, states, breaks }) => ({ variant, says, scope, states, breaks }))
  return { name, source, title, sizes: component.sizes, questions, variants, vacuous }
}

const entriesOf = (component: Component) => catalogue.filter((entry) => entry.component === component)

function textOf(component: Component): readonly string[] {
  const sizes = Object.entries<Size>(component.sizes)
  const questions = Object.entries<Question>(component.questions)
  const entries = entriesOf(component)
  return [
    `${component.name}  ${component.source}, ${component.title}`, '',
    ...rows('size', sizes.map(([name, { says, least, small, most, real, chosen }]) => {
      const full = real !== undefined ? `, really ${amount(real)}` : chosen !== undefined ? `, at full size ${amount(chosen)}` : ''
      return [name, says, `from ${least}, small ${small}, most ${most}${full}`]
    })), '',
    ...rows('question', questions.map(([name, { asks, answers }]) =>
      [name, asks, component.name === 'relay' ? 'any of its variants' : answers.join(' | ')])), '',
    ...rows('variant', entries.map(({ variant, says, breaks }) =>
      [variant, says, Object.keys(breaks).length === 0 ? 'keeps every law' : `breaks ${Object.keys(breaks).join(', ')}`])),
  ]
}

/** A heading, and columns under it; the last goes on a line of its own where it would not fit. */
function rows(heading: string, cells: readonly (readonly [string, string, string])[]): readonly string[] {
  const first = Math.max(heading.length, ...cells.map(([name]) => name.length))
  const second = Math.max(...cells.map(([, says]) => says.length))
  const wide = first + second + Math.max(...cells.map(([, , rest]) => rest.length)) > widest
  return [`  ${heading}`, ...cells.flatMap(([name, says, rest]) => wide
    ? [`    ${name.padEnd(first)}  ${says}`, `    ${' '.repeat(first)}    ${rest}`]
    : [`    ${name.padEnd(first)}  ${says.padEnd(second)}  ${rest}`])]
}
const widest = 110
