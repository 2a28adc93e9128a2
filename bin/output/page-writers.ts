/** How each kind of page is written in each format. */
import { json, jsonPage, jsonRun, jsonViolation, schema } from '../../reports/formats/json.ts'
import { divergencePage, markdownDivergence } from '../../reports/connectors/divergence-page.ts'
import { markdownPage, markdownRun } from '../../reports/text/run-markdown.ts'
import { textPage, textRun } from '../../reports/text/run-page.ts'
import { markdownScenario, scenarioPage, type ShownScenario } from '../../reports/connectors/scenario-page.ts'
import { markdownViolation, violationPage } from '../../reports/connectors/violation-page.ts'
import type { Counterexample, DescribedRun } from '../../spec/evidence/counterexample.ts'
import type { Divergence, Violation } from '../../spec/evidence/violation.ts'
import type { Paper } from '../../reports/text/paper.ts'
import type { Format } from './format.ts'

/** Options of every command that writes pages. */
export interface PageOptions {
  readonly format: Format
  /** The directory to write pages to; without it they go to the terminal. */
  readonly out?: string
}

type Writers<Page> = Readonly<Record<Format, (page: Page, paper?: Paper) => string>>

export const pageAs: Writers<Counterexample> = { text: textPage, json: jsonPage, markdown: markdownPage }
export const runAs: Writers<DescribedRun> = { text: textRun, json: jsonRun, markdown: markdownRun }
export const violationAs: Writers<Violation> = { text: violationPage, json: jsonViolation, markdown: markdownViolation }
export const scenarioAs: Writers<ShownScenario> = {
  text: scenarioPage, json: (shown) => json({ schema, kind: 'trial', ...shown }), markdown: markdownScenario,
}
export const divergenceAs: Writers<Divergence> = {
  text: divergencePage, json: (found) => json({ schema, kind: 'divergence', ...found }), markdown: markdownDivergence,
}
