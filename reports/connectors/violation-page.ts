/** The page of a connector that broke a law, as text and as Markdown; and the history of one that broke none. */
import type { History } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { advice } from '../advice/by-clause.ts'
import { asks } from './clause-words.ts'
import { timeline } from './history.ts'
import { repeating } from './settling.ts'
import { quotedPage } from '../text/markdown.ts'
import { coursesTable } from './courses.ts'
import { howFound, scenarioSentences, whatMatters } from './scenario.ts'
import { plain } from '../text/words.ts'

export function violationPage(found: Violation): string {
  return [
    `${found.connector}, ${found.guarantee}`, '',
    `  ${found.found === 'once' ? '? Once: ' : '✗ '}${found.law.says}`,
    ...clauseLines(found), '',
    `    ${found.says}`, '',
    ...timeline(found).map((line) => line.trimEnd()), '',
    ...coursesTable(found).map((line) => `  ${line}`.trimEnd()),
    ...notes(found).map((line) => `  ${line}`.trimEnd()), '',
  ].map(plain).join('\n')
}

/** For an issue: what it is about, and the page itself as text. */
export const markdownViolation = (found: Violation): string => quotedPage(found.connector, found.law.says, violationPage(found))

/** What happened, where that breaks no law. */
export const lawfulPage = (found: { readonly connector: string; readonly history: History }): string => [
  found.connector, '', '  ✓ This scenario breaks no law.', '', ...timeline({ ...found, message: null, at: -1 }).map((line) => line.trimEnd()), '',
].map(plain).join('\n')

/** Which part of the law it is, where that says more than the law. */
const clauseLines = ({ clause }: Violation) => {
  const asked = asks(clause)
  return asked === null ? [] : [`    ${asked}`]
}

function notes(found: Violation): readonly string[] {
  const { notApplicable, declared = [], diagnosis, again } = found
  return [
    ...[...scenarioSentences(found), howFound(found), ...(found.found === 'once' ? [repeating] : whatMatters(found)),
    ...(declared.length === 0 ? [] : [`It declares ${declared.map(({ what, is }) => `${what}: ${is}`).join(' · ')}.`]),
    ...notApplicable.map(({ what, because }) => `Not applicable: ${what}, because ${because}.`),
    ...(diagnosis === null ? [] : [diagnosis])].flatMap(wrapped), '',
    ...wrapped(`What to do: ${advice(found).join(' ')}`), '',
    again,
  ]
}

const widest = 76

/** A paragraph as lines that a narrow terminal has room for. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && line.length <= widest) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}
