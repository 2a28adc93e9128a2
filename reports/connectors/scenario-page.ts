/** The page of a scenario that breaks no law: the whole history, and what it was tried with. */
import type { Guarantee, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { fenced } from '../text/markdown.ts'
import { indented, type Paper, wrapped } from '../text/paper.ts'
import { amount, plain } from '../text/words.ts'
import { timeline } from './history.ts'
import { scenarioSentences } from './scenario.ts'

export interface ShownScenario {
  readonly connector: string
  readonly guarantee: Guarantee
  readonly clock: 'virtual' | 'real'
  readonly number: number
  readonly seed: number
  readonly scenario: Scenario
  readonly history: History
  /** Whether the same scenario gives the same history, as far as that was tried. */
  readonly repeats: boolean
  /** Why nothing can be said of it; null where it keeps every law. */
  readonly inconclusive: string | null
  /** The command that shows it again. */
  readonly again: string
}

export function scenarioPage(shown: ShownScenario, paper: Paper = {}): string {
  const { connector, guarantee, number, seed, inconclusive, again } = shown
  const notes = [...scenarioSentences(shown), `Scenario ${amount(number)} of seed ${seed}, as it is drawn.`]
  const width = Math.min(widest, (paper.columns ?? Infinity) - 4)
  return [
    ...indented(`${connector}, ${guarantee}`, 0, paper, 2), '',
    ...indented(inconclusive === null ? '✓ This scenario breaks no law.' : `? Inconclusive: ${inconclusive}.`, 2, paper, 4), '',
    ...timeline({ ...shown, message: null, at: -1 }, paper).map((line) => line.trimEnd()), '',
    ...notes.flatMap((note) => wrapped(note, width)).map((line) => `  ${line}`), '', `  ${again}`, '',
  ].map(plain).join('\n')
}
const widest = 76

export const markdownScenario = (shown: ShownScenario, paper: Paper = {}): string => fenced(scenarioPage(shown, paper), 'text')
