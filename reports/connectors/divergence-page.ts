/** The page of a connector that did what the model of its component cannot do, as text and as Markdown. */
import type { Divergence } from '../../spec/evidence/violation.ts'
import { timeline } from './history.ts'
import { quotedPage } from '../text/markdown.ts'
import { indented, type Paper } from '../text/paper.ts'
import { amountOf, plain } from '../text/words.ts'

/**
 * What came up to where they part, and what followed until everything was healed and given time: of the fresh messages that came then the
 * model is not asked.
 */
export function askedPart<Found extends Pick<Divergence, 'history' | 'at'>>(found: Found): Found {
  const calm = found.history.findIndex(({ what }, i) => what === 'calm' && i >= found.at)
  return calm < 0 ? found : { ...found, history: found.history.slice(0, calm) }
}

/** How much of the history `askedPart` leaves out, in a sentence; null where that is nothing. */
export function leftOutOf(found: Divergence): string | null {
  const left = found.history.slice(askedPart(found).history.length)
  const fresh = left.filter(({ what }) => what === 'fresh').length
  return left.length === 0 ? null : `Not shown: ${amountOf(fresh, 'fresh message')} that came after this. They are checked against the laws, and not against the model.`
}

export function divergencePage(found: Divergence, paper: Paper = {}): string {
  const left = leftOutOf(found)
  return [
    ...indented(`${found.connector}, checked against ${found.component}/fixed`, 0, paper, 2), '',
    ...indented(`✗ ${divergenceLaw(found)}`, 2, paper, 4),
    ...indented(found.says, 4, paper), '',
    ...timeline(askedPart(found), paper).map((line) => line.trimEnd()), '',
    ...(left === null ? [] : [...indented(left, 2, paper), '']),
    `  ${found.again}`, '',
  ].map(plain).join('\n')
}

export const markdownDivergence = (found: Divergence): string =>
  quotedPage(found.connector, divergenceLaw(found), divergencePage(found))

export const divergenceLaw = ({ component }: Divergence) => `The model of ${component} cannot do what the connector did.`
