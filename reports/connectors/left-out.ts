/** What was left out of a trial, and why: the same words on a page and under a verdict. */
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

/** Everything stands by its reason: a list is read at a glance, and one long sentence of many is not. */
const sentences = (not: string, left: readonly LeftOut[]): readonly string[] =>
  [...new Set(left.map(({ because }) => because))].map((because) => {
    const names = left.filter((each) => each.because === because).map(({ what }) => `‘${what}’`)
    return `${not} ${[names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')}, because ${because}.`
  })
