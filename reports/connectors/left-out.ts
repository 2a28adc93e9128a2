/** What was left out of a trial, and why: the same words on a page and under a verdict. */
import type { Connector } from '../../spec/connector.ts'
import { connectorLaws } from '../../spec/laws.ts'

interface LeftOut {
  /** A law, a fault or a kind of message. */
  readonly what: string
  /** To go after ‘because’. */
  readonly because: string
}

/** A sentence for each reason why a connector was not checked against a law, and then why it was not tried with something. */
export function leftOutSentences(all: readonly LeftOut[]): readonly string[] {
  const isLaw = ({ what }: LeftOut) => connectorLaws.some(({ name }) => name === what)
  return [
    ...sentences('Not checked against', all.filter(isLaw)),
    ...sentences('Not tried with', all.filter((each) => !isLaw(each))),
  ]
}

/** What nobody is checked against who does not declare it, and as what it is declared. */
const onlyWhereDeclared = [
  ['order', 'the order of messages'],
  ['expiry', 'a verdict before a message is too old'],
  ['recovery', 'how soon it works as before when a link is well again'],
] as const

/** A sentence on what is checked only where it is declared, and is not; none where all of it is. */
export function undeclaredSentence(connector: Pick<Connector, (typeof onlyWhereDeclared)[number][0]>): readonly string[] {
  const left = onlyWhereDeclared.filter(([as]) => connector[as] === undefined).map(([as, what]) => `${what} (‘${as}’)`)
  if (left.length === 0) return []
  return [`Not checked, because it does not declare ${left.length === 1 ? 'it' : 'them'}: ${listed(left)}.`]
}

/** Everything stands by its reason: a list is read at a glance, and one long sentence of many is not. */
const sentences = (not: string, left: readonly LeftOut[]): readonly string[] =>
  [...new Set(left.map(({ because }) => because))].map((because) => {
    const names = left.filter((each) => each.because === because).map(({ what }) => `‘${what}’`)
    return `${not} ${listed(names)}, because ${because}.`
  })

const listed = (all: readonly string[]) => [all.slice(0, -1).join(', '), all.at(-1)].filter(Boolean).join(' and ')
