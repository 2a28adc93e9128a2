/** `unwedge list`: the components of the catalogue or of files, their sizes, questions and variants. */
import { type Claim, isWrongOne } from '../../engine/search/claims.ts'
import { catalogue } from '../../models/catalogue.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { amount, plain } from '../../reports/text/words.ts'
import type { Component, Question, Size } from '../../spec/component.ts'
import { chosen } from '../checks/variant-check.ts'
import { claimsIn } from '../input/loaded-component.ts'
import { colours, say } from '../output/terminal.ts'
import { isFile } from '../input/names.ts'

/** The claims about one component. */
type Claims = readonly [Claim, ...Claim[]]

export async function list(what: readonly string[], { format }: { readonly format: 'text' | 'json' }): Promise<number> {
  const components = byComponent(what.length === 0 ? catalogue : (await Promise.all(what.map(claimsNamed))).flat())
  if (format === 'json') process.stdout.write(json({ schema, kind: 'list', components: components.map(described) }))
  else say(components.map((claims) => textOf(claims).map((line) => plain(line).trimEnd()).join('\n')).map(headed).join('\n\n'))
  return 0
}

const claimsNamed = async (word: string): Promise<readonly Claim[]> =>
  (isFile(word) ? claimsIn(word) : chosen([word]).entries)

function byComponent(claims: readonly Claim[]): readonly Claims[] {
  const components = new Map<Component, [Claim, ...Claim[]]>()
  for (const claim of claims) {
    const before = components.get(claim.component)
    if (before) before.push(claim)
    else components.set(claim.component, [claim])
  }
  return [...components.values()]
}

const headed = (text: string) => text.replace(/^.*/, colours.bold)

function described(claims: Claims) {
  const { name, source, title, vacuous, sizes, questions: all } = claims[0].component
  const questions = Object.entries<Question>(all).map(([question, { asks, answers, found }]) => ({ question, asks, answers, found }))
  const variants = claims.map(({ variant, says, scope, states, breaks }) => ({ variant, says, scope, states, breaks }))
  return { name, source, title, ...(claims[0].from ? { from: claims[0].from } : {}), sizes, questions, variants, vacuous }
}

function textOf(claims: Claims): readonly string[] {
  const [{ component, from }] = claims
  const sizes = Object.entries<Size>(component.sizes)
  const questions = Object.entries<Question>(component.questions)
  return [
    `${component.name}  ${[from?.file ?? '', component.source, component.title].filter((part) => part !== '').join(', ')}`, '',
    ...rows('size', sizes.map(([name, { says, least, small, most, real, chosen }]) => {
      const full = real !== undefined ? `, really ${amount(real)}` : chosen !== undefined ? `, at full size ${amount(chosen)}` : ''
      return [name, says, `from ${least}, small ${small}, most ${most}${full}`]
    })), '',
    ...(questions.length === 0 ? [] : [...rows('question', questions.map(([name, { asks, answers }]) =>
      [name, asks, component.name === 'relay' ? 'any of its variants' : answers.join(' | ')])), '']),
    ...rows('variant', claims.map((claim) =>
      [claim.variant, claim.says, isWrongOne(claim) ? `breaks ${Object.keys(claim.breaks ?? { 'some law': 0 }).join(', ')}` : 'keeps every law'])),
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
