/** Evidence as SARIF 2.1.0, for code review: a broken law is a result, at the connector’s place where that is known. */
import type { CodeFlow, Log, ReportingDescriptor, Result, ThreadFlowLocation } from 'sarif'
import type { Evidence, ExplainedCounterexample, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import { connectorLaws } from '../../spec/laws.ts'
import type { Violation, Divergence } from '../../spec/evidence/violation.ts'
import { advice } from '../advice/by-clause.ts'
import { outcomeInWords } from '../tables/mutant-table.ts'
import { shownEvents } from '../connectors/shown-events.ts'
import { wordsFor } from '../text/event.ts'
import { fenced } from '../text/markdown.ts'
import { violationPage } from '../connectors/violation-page.ts'
import { json } from './json.ts'
import { textPage } from '../text/run-page.ts'
import { divergencePage } from '../connectors/divergence-page.ts'
import { ending } from '../text/run-sentences.ts'
import { plain } from '../text/words.ts'

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'

/** The most steps of a run to list: readers load all of them. */
const mostSteps = 1_000

/** Only what fails: that a variant known to be wrong is caught is no finding. */
export function sarifReport({ claims, pages, connectors }: Evidence): string {
  const own = claims.flatMap(({ laws }) => laws)
  const allRules = [...new Map([...rules, ...own].map((rule) => [rule.name, rule])).values()]
  const failing = new Set(claims.filter(({ fails }) => fails).map(({ component, variant }) => `${component}/${variant}`))
  const ofModels = pages.filter(({ found }) => failing.has(`${found.component}/${found.variant}`)).map((page) => modelResult(page, allRules))
  const ofConnectors = connectors.flatMap((tried) => [
    ...tried.violations.map((violation) => violationResult(violation, tried)),
    ...(tried.divergence ? [divergenceResult(tried.divergence, tried)] : []), ...survivors(tried),
  ])
  const log: Log = {
    version: '2.1.0',
    $schema: schema,
    runs: [{
      tool: { driver: { name: 'unwedge', rules: allRules.map(described) } }, columnKind: 'utf16CodeUnits',
      results: [...ofModels, ...ofConnectors],
    }],
  }
  return json(log)
}

const idOf = (name: string) => name.replaceAll(' ', '-')

/** What else than a law may be found wanting. */
const others = [
  { name: 'as its model', says: 'A connector that says which component it is does nothing that the model of that component could not do.' },
  { name: 'able to fail', says: 'A connector that is made to do something wrong is caught.' },
] as const
interface NamedRule {
  readonly name: string
  readonly says: string
}
/** What there is for everybody; laws of one’s own come after these. */
const rules: readonly NamedRule[] = [...connectorLaws, ...others]

const described = ({ name, says }: NamedRule): ReportingDescriptor => ({
  id: plain(idOf(name)), name: plain(name.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())),
  shortDescription: { text: plain(says) }, fullDescription: { text: plain(says) }, defaultConfiguration: { level: 'error' },
})
const ruleOf = (name: string, all: readonly NamedRule[] = rules) =>
  ({ ruleId: plain(idOf(name)), ruleIndex: all.findIndex((rule) => rule.name === name), level: 'error' as const })

function modelResult({ found }: ExplainedCounterexample, all: readonly NamedRule[]): Result {
  const { component, variant, says, law, run } = found
  const name = plain(`${component}/${variant}`)
  const steps = run.flatMap(({ steps: all, times }) =>
    all.map(({ who, does }) => plain(`${who} ${does}${times > 1 ? `, ${times} times` : ''}`)))
  return {
    ...ruleOf(law.name, all),
    message: { text: plain(`${component} / ${variant}, which ${says}: ${ending(found)}`), markdown: fenced(textPage(found)) },
    locations: [{ logicalLocations: [{ name: plain(variant), fullyQualifiedName: name, kind: 'module' }] }],
    partialFingerprints: { 'law/v1': plain(`${name}/${idOf(law.name)}`) },
    codeFlows: [flow(steps)],
  }
}

function violationResult(found: Violation, tried: TriedConnector): Result {
  const { connector, law, says } = found
  return {
    ...ruleOf(law.name),
    message: { text: plain(`${connector}: ${says} ${advice(found)[0] ?? ''}`.trimEnd()), markdown: fenced(violationPage(found)) },
    ...placed(tried, law.name), codeFlows: [flow(stepsOf(found))],
  }
}

function divergenceResult(found: Divergence, tried: TriedConnector): Result {
  const [rule] = others
  return {
    ...ruleOf(rule.name), message: { text: plain(`${found.connector}: ${found.says}`), markdown: fenced(divergencePage(found)) },
    ...placed(tried, rule.name), codeFlows: [flow(stepsOf(found))],
  }
}

/** Mutants that nothing caught. */
function survivors(tried: TriedConnector): readonly Result[] {
  const [, rule] = others
  return (tried.mutants ?? []).filter(({ outcome }) => outcome === 'survived').map((each): Result => ({
    ...ruleOf(rule.name), message: { text: plain(`${tried.connector}, which then ${each.does}, survived ${outcomeInWords(each)}`) },
    ...placed(tried, `${rule.name}/${each.mutant}`),
  }))
}

/** Where the connector is written, and what makes one finding the same as another. */
function placed({ connector, file, line }: TriedConnector, what: string): Pick<Result, 'locations' | 'partialFingerprints'> {
  return {
    locations: [{
      ...(file === null ? {} : { physicalLocation: {
        artifactLocation: { uri: file.split('/').map(encoded).join('/') }, ...(line === null ? {} : { region: { startLine: line } }),
      } }),
      logicalLocations: [{ name: plain(connector), kind: 'object' }],
    }],
    partialFingerprints: { 'law/v1': plain(`${connector}/${idOf(what)}`) },
  }
}

function stepsOf(found: Pick<Violation, 'connector' | 'history' | 'message'>): readonly string[] {
  const words = wordsFor(found)
  return shownEvents(found, mostSteps).map(({ event }) => {
    const { lane, text } = words(event)
    return plain(lane === null ? text : `${lane} ${text}`)
  })
}

/** A lone surrogate has no place in an address. */
const encoded = (part: string) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))

const flow = (steps: readonly string[]): CodeFlow => ({
  threadFlows: [{
    locations: (steps.length === 0 ? ['It is so from the start.'] : steps.slice(0, mostSteps)).map((text, i): ThreadFlowLocation =>
      ({ executionOrder: i + 1, location: { message: { text } } })),
  }],
})
