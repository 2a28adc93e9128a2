/** What a connector’s histories have exercised of its model: a row for each rule, and for each answer of the policy that it asks for. */
import type { ModelCoverage, RuleCoverage } from '../../spec/evidence/model-coverage.ts'
import { indented, type Paper } from '../text/paper.ts'
import { amount, amountOf } from '../text/words.ts'
import { type Colours, type Column, markdownTable, textTable } from './table.ts'

const columns: readonly Column[] = [{ head: 'rule, and what it asks' }, { head: 'answer' }, { head: 'histories', right: true }]

export const modelCoverageText = (coverage: ModelCoverage, colours: Colours, paper: Paper = {}): string =>
  [textTable(columns, rowsOf(coverage, '  '), colours, undefined, paper), ...indented(coverageLegend(coverage), 0, paper)].join('\n')

export const modelCoverageMarkdown = (coverage: ModelCoverage): string =>
  `${markdownTable(columns, rowsOf(coverage, '· '))}\n\n${coverageLegend(coverage)}`

type Row = readonly string[]
const rowsOf = ({ rules }: ModelCoverage, indent: string) => rules.flatMap(({ rule, histories, answers }): readonly Row[] => [
  [rule, '', times(histories)],
  ...answers.map((each) => [`${indent}${each.question}${each.found === '' ? '' : `: ${each.found}`}`, each.answer, times(each.histories)]),
])

const times = (histories: number) => (histories === 0 ? '–' : amount(histories))

export const coverageLegend = (coverage: ModelCoverage): string => {
  const never = coverage.rules.flatMap(({ rule, because }) => (because === null ? [] : [`‘${rule}’ cannot: ${because}.`]))
  const histories = amountOf(coverage.histories, 'history', 'histories')
  return [`In so many of ${histories} a run of the model that explains it takes the rule.`, ...never, notChecked(coverage)].join(' ')
}

/** What was not asked of any of them. */
export const notChecked = ({ notChecked: what }: ModelCoverage): string => `Not checked against: ${what.join('; ')}.`

/** How much of it that is, in a sentence, and the first of what is missing. */
export function exercised({ component, rules }: ModelCoverage): string {
  const all = rules.flatMap(partsOf)
  const missing = all.filter(({ histories }) => histories === 0)
  const first = missing.slice(0, shown).map(({ named }) => `‘${named}’`)
  const more = missing.length > shown ? ` and ${amount(missing.length - shown)} more` : ''
  const without = missing.length === 0 ? '' : `; not ${first.join(', ')}${more}`
  const of = amountOf(all.length, 'rule and answer', 'rules and answers')
  return `That exercised ${amount(all.length - missing.length)} of the ${of} of a right ${component}${without}.`
}

/** What is missing is named as far as a line has room. */
const shown = 3

const partsOf = ({ rule, histories, answers }: RuleCoverage) => [
  { named: rule, histories },
  ...answers.map((each) => ({ named: `${rule}: ${each.found === '' ? each.question : each.found}`, histories: each.histories })),
]
