/** Evidence as SARIF 2.1.0, for code review: a broken law is a result, at the connector’s place where that is known. */
import type { CodeFlow, Log, ReportingDescriptor, Result, ThreadFlowLocation } from 'sarif'
import type { Evidence, Shown, Tried } from '../spec/evidence.ts'
import { laws } from '../spec/laws.ts'
import type { Trouble } from '../spec/trouble.ts'
import { worded } from './event.ts'
import { historyPage } from './history.ts'
import { json } from './json.ts'
import { textPage } from './text.ts'
import { ending, plain } from './words.ts'

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'

/** Steps of a run to list at the most: readers load all of them. */
const mostSteps = 1_000

/** Only what fails: that a variant known to be wrong is caught is no finding. */
export function sarifReport({ claims, pages, connectors }: Evidence): string {
  const failing = new Set(claims.filter(({ fails }) => fails).map(({ component, variant }) => `${component}/${variant}`))
  const ofModels = pages.filter(({ found }) => failing.has(`${found.component}/${found.variant}`)).map(modelResult)
  const ofConnectors = connectors.flatMap((tried) => tried.troubles.map((trouble) => troubleResult(trouble, tried)))
  const log: Log = {
    version: '2.1.0',
    $schema: schema,
    runs: [{
      tool: { driver: { name: 'unwedge', rules: rules() } }, columnKind: 'utf16CodeUnits',
      results: [...ofModels, ...ofConnectors],
    }],
  }
  return json(log)
}

const idOf = (name: string) => name.replaceAll(' ', '-')

function rules(): ReportingDescriptor[] {
  return laws.map(({ name, says }) => ({
    id: idOf(name), name: name.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: says }, fullDescription: { text: says }, defaultConfiguration: { level: 'error' },
  }))
}
const ruleOf = (name: string) => ({ ruleId: idOf(name), ruleIndex: laws.findIndex((law) => law.name === name), level: 'error' as const })

function modelResult({ found }: Shown): Result {
  const { component, variant, says, law, run } = found
  const name = plain(`${component}/${variant}`)
  const steps = run.flatMap(({ steps: all, times }) =>
    all.map(({ who, does }) => plain(`${who} ${does}${times > 1 ? `, ${times} times` : ''}`)))
  return {
    ...ruleOf(law.name),
    message: { text: plain(`${component} / ${variant}, which ${says}: ${ending(found)}`), markdown: fenced(textPage(found)) },
    locations: [{ logicalLocations: [{ name: plain(variant), fullyQualifiedName: name, kind: 'module' }] }],
    partialFingerprints: { 'law/v1': plain(`${name}/${idOf(law.name)}`) },
    codeFlows: [flow(steps)],
  }
}

function troubleResult(found: Trouble, { file, line }: Tried): Result {
  const { connector, law, says, history } = found
  const steps = history.slice(0, mostSteps).map((event) => {
    const { lane, text } = worded(event, connector)
    return plain(lane === null ? text : `${lane} ${text}`)
  })
  return {
    ...ruleOf(law.name),
    message: { text: plain(`${connector}: ${says}`), markdown: fenced(historyPage(found)) },
    locations: [{
      ...(file === null ? {} : { physicalLocation: {
        artifactLocation: { uri: file.split('/').map(encoded).join('/') }, ...(line === null ? {} : { region: { startLine: line } }),
      } }),
      logicalLocations: [{ name: plain(connector), kind: 'object' }],
    }],
    partialFingerprints: { 'law/v1': plain(`${connector}/${idOf(law.name)}`) },
    codeFlows: [flow(steps)],
  }
}

/** A lone surrogate has no place in an address. */
const encoded = (part: string) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))

const flow = (steps: readonly string[]): CodeFlow => ({
  threadFlows: [{
    locations: (steps.length === 0 ? ['It is so from the start.'] : steps.slice(0, mostSteps)).map((text, i): ThreadFlowLocation =>
      ({ executionOrder: i + 1, location: { message: { text } } })),
  }],
})

/** No fence inside may end this one. */
function fenced(page: string): string {
  const longest = Math.max(2, ...[...page.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${page}${fence}\n`
}
