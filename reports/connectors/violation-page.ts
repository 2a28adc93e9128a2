/** The page of a connector that broke a law, as text and as Markdown; and the history of one that broke none. */
import type { History } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { advice } from '../advice/by-clause.ts'
import { asks } from './clause-words.ts'
import { timeline } from './history.ts'
import { leftOutSentences } from './left-out.ts'
import { repeating } from './settling.ts'
import { quotedPage } from '../text/markdown.ts'
import { coursesTable } from './courses.ts'
import { howFound, scenarioSentences, whatMatters } from './scenario.ts'
import { indented, type Paper, wrapped } from '../text/paper.ts'
import { plain } from '../text/words.ts'

export function violationPage(found: Violation, paper: Paper = {}): string {
  return [
    ...indented(`${found.connector}, ${found.guarantee}`, 0, paper, 2), '',
    ...indented(`${found.found === 'once' ? '? Once: ' : '✗ '}${found.law.says}`, 2, paper, 4),
    ...clauseLines(found, paper), '',
    ...indented(found.says, 4, paper), '',
    ...timeline(found, paper).map((line) => line.trimEnd()), '',
    ...coursesTable(found, paper).map((line) => `  ${line}`.trimEnd()),
    ...notes(found, paper).map((line) => `  ${line}`.trimEnd()), '',
  ].map(plain).join('\n')
}

/** For an issue: what it is about, and the page itself as text. */
export const markdownViolation = (found: Violation): string => quotedPage(found.connector, found.law.says, violationPage(found))

/** What happened, where that breaks no law. */
export const lawfulPage = (found: { readonly connector: string; readonly history: History }, paper: Paper = {}): string => [
  ...indented(found.connector, 0, paper, 2), '', '  ✓ This scenario breaks no law.', '',
  ...timeline({ ...found, message: null, at: -1 }, paper).map((line) => line.trimEnd()), '',
].map(plain).join('\n')

/** Which part of the law it is, where that says more than the law. */
const clauseLines = ({ clause }: Violation, paper: Paper) => {
  const asked = asks(clause)
  return asked === null ? [] : indented(asked, 4, paper)
}

function notes(found: Violation, { columns = Infinity }: Paper): readonly string[] {
  const lines = (text: string) => wrapped(text, Math.min(widest, columns - 4))
  const { notApplicable, declared = [], diagnosis, again } = found
  return [
    ...[...scenarioSentences(found), howFound(found), ...(found.found === 'once' ? [repeating] : whatMatters(found)),
    ...(declared.length === 0 ? [] : [`It declares ${declared.map(({ what, is }) => `${what}: ${is}`).join(' · ')}.`]),
    ...leftOutSentences(notApplicable),
    ...(diagnosis === null ? [] : [diagnosis])].flatMap(lines), '',
    ...toDo(found).flatMap((says) => [...lines(says), '']),
    again,
  ]
}

/** Advice is given only where it follows from what happened. */
const toDo = (found: Violation) => {
  const says = advice(found)
  return says.length === 0 ? [] : [`What to do: ${says.join(' ')}`]
}

/** A paragraph is no wider, so that a narrow terminal has room for it. */
const widest = 76
