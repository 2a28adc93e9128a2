/** The page of a connector that did what the model of its component cannot do, as text and as Markdown. */
import type { Divergence } from '../../spec/evidence/violation.ts'
import { timeline } from './history.ts'
import { quotedPage } from '../text/markdown.ts'
import { indented, type Paper } from '../text/paper.ts'
import { plain } from '../text/words.ts'

export function divergencePage(found: Divergence, paper: Paper = {}): string {
  return [
    ...indented(`${found.connector}, checked against ${found.component}/fixed`, 0, paper, 2), '',
    ...indented(`✗ ${divergenceLaw(found)}`, 2, paper, 4),
    ...indented(found.says, 4, paper), '',
    ...timeline(found, paper).map((line) => line.trimEnd()), '',
    `  ${found.again}`, '',
  ].map(plain).join('\n')
}

export const markdownDivergence = (found: Divergence): string =>
  quotedPage(found.connector, divergenceLaw(found), divergencePage(found))

export const divergenceLaw = ({ component }: Divergence) => `The model of ${component} cannot do what the connector did.`
