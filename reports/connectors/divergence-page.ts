/** The page of a connector that did what the model of its component cannot do, as text and as Markdown. */
import type { Divergence } from '../../spec/evidence/violation.ts'
import { timeline } from './history.ts'
import { quotedPage } from '../text/markdown.ts'
import { plain } from '../text/words.ts'

export function divergencePage(found: Divergence): string {
  return [
    `${found.connector}, checked against ${found.component}/fixed`, '',
    `  ✗ ${divergenceLaw(found)}`,
    `    ${found.says}`, '',
    ...timeline(found).map((line) => line.trimEnd()), '',
    `  ${found.again}`, '',
  ].map(plain).join('\n')
}

export const markdownDivergence = (found: Divergence): string =>
  quotedPage(found.connector, divergenceLaw(found), divergencePage(found))

export const divergenceLaw = ({ component }: Divergence) => `The model of ${component} cannot do what the connector did.`
