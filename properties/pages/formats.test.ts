import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import Draft7 from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Log } from 'sarif'
import { describe, expect, it } from 'vitest'
import { build, streams } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { stateGraph } from '../../engine/search/state-graph.ts'
import { describedRun } from '../../engine/run/trace.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { gateway } from '../../models/gateway.ts'
import { aldebaran, dot } from '../../reports/formats/graph.ts'
import { itfTrace } from '../../reports/formats/itf.ts'
import { jsonPage, jsonReport, jsonRun, jsonViolation } from '../../reports/formats/json.ts'
import { junitReport } from '../../reports/formats/junit.ts'
import { sarifReport } from '../../reports/formats/sarif.ts'
import { connectorLaws } from '../../spec/laws.ts'
import { busy, evidenceOf, hostile, loser, nasty, stranger, tried } from './exhibits.ts'

const evidence = {
  ...evidenceOf(
    'claim-queue/asShipped', 'gateway/asShipped', 'gateway/fixed', 'interchange/asShipped', 'relay/gateway.stripsEveryoneAfter'),
  connectors: [
    loser, tried([], 'a right one'), { ...tried([], 'a slow one'), verdict: 'inconclusive' as const, because: 'the time was over' },
  ],
}
const harmed = hostile(evidence)
const strange = { ...evidence, claims: [], pages: [], connectors: [stranger] }
const survived = 'all 40 scenarios: the adapter hides a second copy. What to do: look at what the far side has. '
  + 'Or too few scenarios were drawn: try --runs 200.'
const [first] = evidence.pages

describe('A page of JSON', () => {
  const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../../reports/schema/counterexample.schema.json', import.meta.url)), 'utf8'))
  const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema)
  const wrong = (page: string) =>
    validate(JSON.parse(page)) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`)

  it('is what its published schema says', () => {
    for (const { found } of [...evidence.pages, ...harmed.pages]) expect(wrong(jsonPage(found))).toEqual([])
    for (const { violations } of [...evidence.connectors, ...harmed.connectors])
      for (const violation of violations) expect(wrong(jsonViolation(violation))).toEqual([])
    const machine = build(gateway, 'fixed', { messages: 1, limit: 2, attachments: 3, restarts: 1, burst: 1 })
    const asked = { component: gateway, variant: 'fixed', says: '', scope: {}, stream: [{ count: 1, attachments: 0 }] }
    expect(wrong(jsonRun(describedRun(machine, { start: 0, moves: [0], stem: null }, asked)))).toEqual([])
    expect(wrong(jsonReport('check', { variants: [] }, [...evidence.pages.map(({ found }) => found), ...loser.violations]))).toEqual([])
  })

  it('is no longer so once anything is missing, misspelt or added', () => {
    const page = JSON.parse(jsonPage(first!.found)) as Record<string, unknown>
    for (const key of Object.keys(page)) {
      const { [key]: value, ...less } = page
      expect(wrong(JSON.stringify(less)), `without ${key}`).not.toEqual([])
      expect(wrong(JSON.stringify({ ...less, [`${key}s`]: value })), `with ${key}s`).not.toEqual([])
    }
    expect(wrong(JSON.stringify({ ...page, length: '8' }))).not.toEqual([])
  })
})

describe('JUnit XML', () => {
  interface Suites {
    readonly testsuites: {
      readonly tests: string
      readonly failures: string
      readonly skipped: string
      readonly testsuite: readonly { readonly name: string; readonly testcase: readonly Case[] }[]
    }
  }
  interface Case {
    readonly name: string
    readonly classname: string
    readonly file?: string
    readonly failure?: { readonly message: string; readonly '#text': string }
    readonly skipped?: { readonly message: string }
  }
  const isArray = (name: string) => name === 'testsuite' || name === 'testcase'
  const reader = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray, trimValues: false })
  const read = (xml: string) => (reader.parse(xml) as Suites).testsuites

  it('is well-formed and of characters that XML may hold, whatever a run holds', () => {
    for (const xml of [junitReport(evidence), junitReport(harmed), junitReport(strange), junitReport(hostile(strange))]) {
      expect(XMLValidator.validate(xml)).toBe(true)
      expect(xml).toMatch(/^[\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
    }
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 8 }), (text) => {
      const xml = junitReport({ ...evidence, claims: [], connectors: [tried([], `${text}]]>&<"`)] })
      expect(XMLValidator.validate(xml)).toBe(true)
      expect(xml).toMatch(/^[\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
    }), { numRuns: 20, seed: 1 })
  })

  it('has a case that is skipped for what is not checked', () => {
    const { testsuite, skipped } = read(junitReport({ ...evidence, claims: [], connectors: [], unchecked: ['gateway/fixed: no time.'] }))
    expect([skipped, [testsuite].flat().flatMap(({ testcase }) => testcase)[0]!.skipped!.message]).toEqual(['1', 'gateway/fixed: no time.'])
  })

  it('has a case for each claim, and the page where one fails', () => {
    const { testsuite, tests, failures, skipped } = read(junitReport(evidence))
    const cases = testsuite.flatMap(({ testcase }) => testcase)
    expect({ tests, failures, skipped }).toEqual({ tests: '20', failures: '5', skipped: '10' })
    expect(cases).toHaveLength(20)
    const [claim] = cases
    expect(claim!.name).toBe("asShipped, which adds a message that it saw open, without looking again, breaks ‘none twice’ in 8 steps")
    expect(claim!.failure!['#text']).toContain('✗ No message is delivered twice.')
    const lost = cases.find(({ classname, failure }) => classname === 'a queue 1.0' && failure)!
    expect(lost.file).toBe('my connectors/queue.ts')
    expect(lost.failure!.message).toBe('Everything is healed and at rest, and m2 has no verdict.')
    expect(cases.filter(({ classname }) => classname === 'a slow one').map((each) => each.skipped!.message)).toEqual([
      'Inconclusive: the time was over.', 'Inconclusive: the time was over.', 'It is not checked against this law, because one queue serves all links.',
      'Inconclusive: the time was over.', 'Inconclusive: the time was over.'])
  })
})

describe('JUnit XML of a connector', () => {
  it('has a case for likeness to its model, and one for each mutant', () => {
    const failing = /name="([^"]*)" file="[^"]*" time="[^"]*">\n +<failure type="law broken" message="([^"]*)"/g
    const failures = [...junitReport(strange).matchAll(failing)]
    expect(failures.map(([, name, message]) => [name, message])).toEqual([
      ['The model of claim-queue could have done the same', 'm1 is delivered here; claim-queue would have allowed: nothing more.'],
      ['It is caught when it sends every third message once more', `It survived ${survived}`],
    ])
  })
})

describe('SARIF', () => {
  const require = createRequire(import.meta.url)
  const published = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
  const { id: _, $schema: __, ...schema } = JSON.parse(readFileSync(published, 'utf8'))
  const formats = { uri: /^[a-z][a-z\d+.-]*:[!-~]+$/i, 'uri-reference': /^[!-~]*$/, 'date-time': /^\d{4}-\d\d-\d\dT/ }
  const validate = new Draft7.default({ strict: false, formats, unicodeRegExp: false }).compile(schema)

  it('is what the schema of 2.1.0 says, whatever a run holds', () => {
    for (const each of [evidence, harmed, { ...evidence, claims: [], pages: [], connectors: [] }, strange, hostile(strange)]) {
      validate(JSON.parse(sarifReport(each)))
      expect(validate.errors ?? []).toEqual([])
    }
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false)
  })

  it('puts a broken law where the connector is written, with its steps', () => {
    const { runs: [run] } = JSON.parse(sarifReport(evidence)) as Log
    const result = run!.results!.find(({ locations }) => locations![0]!.physicalLocation)!
    expect(result.ruleId).toBe('delivered-or-flagged')
    expect(run!.tool.driver.rules![result.ruleIndex!]!.id).toBe(result.ruleId)
    expect(result.locations![0]!.physicalLocation)
      .toEqual({ artifactLocation: { uri: 'my%20connectors/queue.ts' }, region: { startLine: 7 } })
    expect(result.codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location!.message!.text).slice(-2)).toEqual([
      'link 1 drops m2, before', 'everything is healed'])
  })

  it('tells where a connector parts from its model, and of every mutant that nothing caught', () => {
    const { runs: [run] } = JSON.parse(sarifReport(strange)) as Log
    expect(run!.results!.map(({ ruleId, message }) => [ruleId, message.text])).toEqual([
      ['as-its-model', 'a strange queue: m1 is delivered here; claim-queue would have allowed: nothing more.'],
      ['able-to-fail', `a strange queue, which then sends every third message once more, survived ${survived}`],
    ])
    for (const { ruleId, ruleIndex, locations } of run!.results!) {
      expect(run!.tool.driver.rules![ruleIndex!]!.id).toBe(ruleId)
      expect(locations![0]!.physicalLocation!.region).toEqual({ startLine: 7 })
    }
  })

  it('does not report that a variant known to be wrong was caught', () => {
    const caught = { ...evidence, claims: evidence.claims.map((claim) => ({ ...claim, fails: false })), connectors: [] }
    expect((JSON.parse(sarifReport(caught)) as Log).runs[0]!.results).toEqual([])
  })

  it('lists no more steps than a reader will load', () => {
    const text = sarifReport({ ...evidence, connectors: [busy(2_000)] })
    expect((JSON.parse(text) as Log).runs[0]!.results!.at(-1)!.codeFlows![0]!.threadFlows[0]!.locations).toHaveLength(1_000)
  })
})

describe('An ITF trace', () => {
  type State = Readonly<Record<string, Readonly<Record<string, unknown>>>>
  interface Trace { readonly vars: readonly string[]; readonly states: readonly State[]; readonly loop?: number }
  const traceOf = (page: (typeof evidence)['pages'][number]) =>
    JSON.parse(itfTrace({ name: page.found.component, stem: page.found.stem, playback: page.playback })) as Trace

  it('has every variable in every state, and goes back to where it loops', () => {
    for (const page of [...evidence.pages, ...harmed.pages]) {
      const { vars, states, loop } = traceOf(page)
      expect(states).toHaveLength(page.found.length + 1)
      for (const [i, state] of states.entries()) {
        expect(Object.keys(state).sort()).toEqual(['#meta', ...vars].sort())
        expect(state['#meta']).toEqual({ index: i })
      }
      for (const name of vars) expect(name).toMatch(/^[A-Za-z_]\w*$/)
      expect(loop ?? null).toBe(page.found.stem)
      const things = ({ step: _, '#meta': __, ...rest }: State) => rest
      if (loop !== undefined) expect(things(states.at(-1)!)).toEqual(things(states[loop]!))
    }
  })

  it('tells the run', () => {
    const { states } = traceOf(first!)
    expect(states.map(({ step }) => step)).toEqual(['', 'worker 1 sees m1', 'worker 2 sees m1', 'worker 1 adds m1', 'worker 2 adds m1',
      'dispatcher fetches m1', 'dispatcher delivers m1', 'dispatcher fetches m1', 'dispatcher delivers m1'])
    expect(states.map(({ m1 }) => m1!['delivered'])).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 2])
    expect(states[2]!['worker_2']).toEqual({ message: 'm1', is: 'alive' })
  })
})

describe('A graph of all states', () => {
  const scope = { workers: 2, messages: 1, deaths: 1, delays: 1, copies: 1, memory: 1 }
  const machine = build(claimQueue, 'asShipped', scope)
  const all = streams(claimQueue, scope)
  const graph = stateGraph(machine, all)
  const { states, transitions } = explore(machine, all.map((stream) => machine.start(stream)))

  it('has the states and the transitions of the exploration', () => {
    expect({ states: graph.states, transitions: graph.transitions }).toEqual({ states, transitions })
  })

  it('is an Aldebaran file: a head, then transitions between states that there are', () => {
    const [head, ...lines] = aldebaran(graph).trimEnd().split('\n')
    const [, count, most] = /^des \(0, (\d+), (\d+)\)$/.exec(head!)!
    expect({ count: Number(count), most: Number(most) }).toEqual({ count: transitions + 1, most: states + 1 })
    expect(lines).toHaveLength(Number(count))
    const reached = new Set([0])
    for (const line of lines) {
      const [, from, to] = /^\((\d+), "[^"]+", (\d+)\)$/.exec(line)!
      expect(Number(from)).toBeLessThan(Number(most))
      reached.add(Number(to))
    }
    expect(reached.size).toBe(Number(most))
    expect(lines[0]).toBe('(0, "sends 1", 1)')
    expect(lines[1]).toBe('(1, "worker 1 sees m1", 2)')
  })

  it('is a DOT file: one statement a line, and quotes closed', () => {
    const lines = dot(graph).trimEnd().split('\n')
    expect(lines[0]).toBe('digraph "claim-queue" {')
    expect(lines.at(-1)).toBe('}')
    const statements = ['rankdir=LR', 'node \\[shape=circle, .*\\]', 's\\d+ \\[shape=doublecircle\\]',
      'from\\d+ \\[shape=plaintext, label="[^"]*"\\]', 'from\\d+ -> s\\d+', 's\\d+ -> s\\d+ \\[label="[^"]*"\\]']
    const statement = new RegExp(`^ {2}(?:${statements.join('|')})$`)
    for (const line of lines.slice(1, -1)) expect(line).toMatch(statement)
    expect(lines.filter((line) => / -> s\d+ \[/.test(line))).toHaveLength(transitions)
  })

  it('quotes what would end a label', () => {
    const odd = { ...graph, name: nasty, transitions: 1, edges: [[0, nasty, 0]] as const, starts: [{ state: 0, says: nasty }] }
    const text = '"(?:[^"\\\\]|\\\\.)*"'
    expect(aldebaran(odd)).toMatch(new RegExp(`^des \\(0, 2, \\d+\\)\n\\(0, ${text}, 1\\)\n\\(1, ${text}, 1\\)\n$`))
    expect(dot({ ...odd, states: 1, isAtRest: () => false })).toMatch(new RegExp(
      `^digraph ${text} {\n.*\n.*\n  from0 \\[shape=plaintext, label=${text}\\]\n  from0 -> s0\n  s0 -> s0 \\[label=${text}\\]\n}\n$`))
  })
})

describe('The laws', () => {
  it('are the ones that the schema knows', () => {
    const schema = readFileSync(fileURLToPath(new URL('../../reports/schema/counterexample.schema.json', import.meta.url)), 'utf8')
    expect(JSON.parse(schema).$defs.lawName.enum).toEqual(connectorLaws.map(({ name }) => name))
  })
})
