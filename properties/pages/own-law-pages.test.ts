/** Pages of laws of one’s own: as text, as Markdown, as data, and in files for other tools, as those of the five laws. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Log } from 'sarif'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { exploreVariant } from '../../bin/commands/explore.ts'
import { replayRun } from '../../bin/commands/replay.ts'
import { checkedVariant, claimsOf } from '../../engine/search/claims.ts'
import { explained } from '../../engine/run/counterfactuals.ts'
import { begins, check, component, each, lawsOver, model, oneOf, question, rulesOver } from '../../api/model.ts'
import { lease } from '../../examples/lease.ts'
import { jsonPage } from '../../reports/formats/json.ts'
import { junitReport } from '../../reports/formats/junit.ts'
import { sarifReport } from '../../reports/formats/sarif.ts'
import { summaryReport } from '../../reports/formats/summary.ts'
import { dataOf } from '../../reports/html/page-data.ts'
import { htmlReport } from '../../reports/html/report.ts'
import { markdownPage } from '../../reports/text/run-markdown.ts'
import { textPage } from '../../reports/text/run-page.ts'
import type { Evidence } from '../../spec/evidence/suite-evidence.ts'

afterEach(() => void vi.restoreAllMocks())

/** A component that breaks a law of each kind, from another beginning than the first. */
const lights = component({
  name: 'lights', sizes: {}, questions: { switches: question('Which way does a light switch?', ['on', 'round']) },
  variants: { fixed: { switches: 'round' }, wrong: { switches: 'on' } },
  model(_, policy) {
    const state = { light: each(2, { is: begins(oneOf('off', 'on', 'broken'), 'off', 'on') }) }
    const { rule, choice } = rulesOver(state)
    const { always, inTheEnd, eventually, leadsTo, canBeReached, canAlwaysBeReached } = lawsOver(state)
    return model({
      name: 'lights', state,
      rules: [
        rule('light goes on', ({ light }) => light.is === 'off', ({ light }) => { light.is = 'on' }),
        choice('light goes off', ({ light }) => light.is === 'on' && policy.switches === 'round', ({ light }) => { light.is = 'off' }),
      ],
      laws: [
        always('one off', 'One is off.', ({ lights }) => lights.some(({ is }) => is === 'off')),
        inTheEnd('off at last', 'Each light is off in the end.', ({ light }) => light.is === 'off'),
        eventually('off once', 'Each light is off once.', ({ light }) => light.is === 'off'),
        leadsTo('on to off', 'What is on goes off, each light.', ({ light }) => light.is === 'on', ({ light }) => light.is === 'off'),
        canBeReached('breaks', 'A light can break.', ({ light }) => light.is === 'broken'),
        canAlwaysBeReached('can go off', 'Each light can go off.', ({ light }) => light.is === 'off'),
      ],
    })
  },
})

const results = [...claimsOf(lease, { file: 'examples/lease.ts', export: 'lease' }), ...claimsOf(lights)].map((claim) => check(claim))
const of = (variant: string) => results.find(({ claim }) => claim.variant === variant)!
const page = (variant: string, law: string) => of(variant).counterexamples.find((found) => found.law.name === law)!
/** The last line that has a cross: the first is the law. */
const endings = (variant: string) =>
  of(variant).counterexamples.map((found) => [...textPage(found).matchAll(/^ *✗ (.*)$/gm)].at(-1)![1])

describe('The page of a law of one’s own', () => {
  it('says whether the states it counts stand for others', () => {
    const claim = claimsOf(lease).find(({ variant }) => variant === 'takesLateWrites')!
    const [found] = check(claim, { symmetry: true }).counterexamples
    const whole = page('takesLateWrites', 'in order')
    expect(found!.minimality).toEqual({ known: 'proved', nearer: expect.any(Number), areOrbits: true })
    expect(found!.length).toBe(whole.length)
    const nearer = ({ minimality }: typeof whole) => (minimality.known === 'proved' ? minimality.nearer : 0)
    expect(nearer(found!)).toBeLessThan(nearer(whole))
    const sentence = `all ${nearer(found!)} states nearer than this keep the law, each for all that differ only in which of several alike things is which.`
    for (const text of [textPage(found!), markdownPage(found!)]) expect(text).toContain(sentence)
    expect(textPage(whole)).toContain(`all ${nearer(whole)} states nearer than this keep the law.`)
  })

  it('says at its end what is broken, and for whom', () => {
    expect(endings('takesLateWrites')).toEqual(['The last step breaks it.'])
    expect(endings('lendsForEver')).toEqual(['It is due for client 1 after step 1. Nothing more can happen, and it has not come.'])
    expect(endings('wrong')).toEqual([
      'Here it does not hold.', 'Nothing more can happen, and it does not hold of light 1.',
      'Nothing more can happen, and it was never so of light 1.',
      'It is due for light 1 from the start. Nothing more can happen, and it has not come.',
      'It is so in no state that can be reached of light 1.', 'From here on no way leads there for light 2.',
    ])
  })

  it('says nothing of messages, scopes and streams where there are none', () => {
    const text = textPage(page('wrong', 'off at last'))
    expect(text).not.toMatch(/^ *\.$|Scope|--stream|--scope/m)
    expect(text).toContain("npx unwedge replay lights/wrong '' --law off-at-last --begin 3")
    expect(text).toContain('  It is so from the start.\n')
    expect(textPage(page('wrong', 'one off'))).toContain('  It begins in another of the ways there are: 3.\n')
    expect(textPage(page('wrong', 'one off'))).toContain("npx unwedge replay lights/wrong '' --begin 3")
  })

  it('of what can be reached nowhere has the command that looks everywhere', () => {
    const text = textPage(page('wrong', 'breaks'))
    expect(text).toContain('  All 4 states were visited.\n')
    expect(text).toContain('  npx unwedge explore lights/wrong\n')
  })

  it('is Markdown too, and data that its schema allows', () => {
    const path = fileURLToPath(new URL('../../reports/schema/counterexample.schema.json', import.meta.url))
    const schema = JSON.parse(readFileSync(path, 'utf8'))
    const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema)
    for (const { counterexamples } of results)
      for (const found of counterexamples) {
        expect(validate(JSON.parse(jsonPage(found)))).toBe(true)
        expect(markdownPage(found)).toContain(`> ✗ ${found.law.says}`)
      }
  })

  it('is replayed by its command, from its file', async () => {
    const out: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0)
    const shown = page('lendsForEver', 'served')
    expect(await replayRun('examples/lease.ts#lease/lendsForEver', shown.schedule, { format: 'text' })).toBe(1)
    expect(await replayRun('examples/lease.ts#lease/lendsForEver', shown.schedule, { format: 'text', law: 'newest-token' })).toBe(0)
    await expect(replayRun('examples/lease.ts#lease/fixed', '0', { format: 'text', law: 'servd' }))
      .rejects.toThrow('Did you mean ‘served’?')
    expect(await exploreVariant('examples/lease.ts#lease/fixed', { format: 'text' })).toBe(0)
    vi.restoreAllMocks()
    const text = out.join('')
    expect(text.split('\n').slice(0, 12)).toEqual(textPage(shown).split('\n').slice(0, 12))
    expect(text).toContain('\n14 more states lie beyond the bound, and nothing was looked at after them.\nEvery law holds.\n')
  })
})

describe('A report with laws of one’s own', () => {
  const pages = results.flatMap(({ claim, counterexamples }) => counterexamples.map((found) => explained(found, [claim.component])))
  const evidence: Evidence = {
    command: 'npx unwedge check', claims: results.map((result) => checkedVariant(result, result.exploration.broken.length > 0)), pages,
    connectors: [], thresholds: [],
  }

  it('has a column for each law of a component, and says what it was checked against', () => {
    const { claims, laws, kicker } = dataOf(evidence)
    expect(kicker).toBe('Models, checked against 10 laws')
    expect(laws.map(({ name }) => name).slice(0, 4)).toEqual(['in order', 'newest token', 'served', 'changes hands'])
    expect(claims.map((claim) => claim.laws.length)).toEqual([4, 4, 4, 6, 6])
    expect(htmlReport(evidence)).toContain('lease.lendsForEver.served')
  })

  it('says of each step what comes of leaving it out, and how the right one goes', () => {
    const served = pages.find(({ found }) => found.law.name === 'served')!
    const dies = served.without.find(({ what }) => what.endsWith('dies'))!
    expect(dies).toMatchObject({ law: 'kept', says: 'it comes for client 1' })
    expect(served.beside!.says).toBe('it comes for client 1')
    expect(served.beside!.rows.map(({ there }) => there)).toContain('server takes the lock back')
    expect(pages.find(({ found }) => found.law.name === 'breaks')!.playback.stretches).toEqual([])
  })

  it('is JUnit, SARIF and a summary as well', () => {
    expect(junitReport(evidence)).toContain('breaks ‘in order’ in 7 steps')
    const { runs: [run] } = JSON.parse(sarifReport(evidence)) as Log
    const rules = run!.tool.driver.rules!
    for (const { ruleId, ruleIndex } of run!.results!) expect(rules[ruleIndex!]!.id).toBe(ruleId)
    expect(run!.results!.map(({ ruleId }) => ruleId)).toContain('can-go-off')
    expect(summaryReport(evidence)).toContain('Each client that asks gets the lock or dies.')
  })
})
