/** A connector’s failure for other readers than a terminal; and what a model cannot have done. */
import type { History } from '../../spec/connector.ts'
import type { Violation, Divergence } from '../../spec/evidence/violation.ts'
import { historyPage, timeline } from './history.ts'
import { prose } from './markdown.ts'
import { plain } from './words.ts'

/** The page as Markdown, for an issue: what it is about, and the page itself as text. */
export const markdownViolation = (found: Violation): string =>
  markdown(found.connector, found.law.says, historyPage(found))

/** What happened, where that breaks no law. */
export const lawfulPage = (found: { readonly connector: string; readonly history: History }): string => [
  found.connector, '', '  ✓ This scenario breaks no law.', '', ...timeline({ ...found, at: -1 }).map((line) => line.trimEnd()), '',
].map(plain).join('\n')

export function divergencePage(found: Divergence): string {
  return [
    `${found.connector}, held to ${found.component}/fixed`, '',
    `  ✗ ${divergenceLaw(found)}`,
    `    ${found.says}`, '',
    ...timeline(found).map((line) => line.trimEnd()), '',
    `  ${found.again}`, '',
  ].map(plain).join('\n')
}

export const markdownDivergence = (found: Divergence): string => markdown(found.connector, divergenceLaw(found), divergencePage(found))

export const divergenceLaw = ({ component }: Divergence) => `The model of ${component} cannot do what it did.`

function markdown(connector: string, broken: string, page: string): string {
  // A fence longer than any in what it holds cannot be closed from inside.
  const fence = '`'.repeat(Math.max(3, ...[...page.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)))
  return [`## ${prose(connector)}`, '', `> ✗ ${prose(broken)}`, '', `${fence}text`, page.trimEnd(), fence, ''].join('\n')
}
