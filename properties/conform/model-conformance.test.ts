import { describe, expect, it } from 'vitest'
import { rightOnes } from '../samples/corpus.ts'
import * as references from '../../connectors/references.ts'
import * as consumers from '../../connectors/variants/consumer.ts'
import * as relays from '../../connectors/variants/report-relay.ts'
import * as spools from '../../connectors/variants/spool.ts'
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { scopeOf } from '../../engine/model/build.ts'
import { trial } from '../../engine/trial/trial.ts'
import { components } from '../../models/catalogue.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { consumer } from '../../models/consumer.ts'
import { gateway } from '../../models/gateway.ts'
import { interchange } from '../../models/interchange.ts'
import { reportRelay } from '../../models/report-relay.ts'
import { spool } from '../../models/spool.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import type { Component } from '../../spec/component.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { faults } from '../trial/played-trial.ts'

const connector = (start: Connector['start'], more: Partial<Connector> = {}): Connector =>
  ({ name: 'one that a test makes', guarantee: 'at-least-once', start, ...more })
const right = connector(({ send }) => ({ take: ({ content }) => send(content) }))

const one: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const several = (count: number): Scenario => ({ ...one, stream: Array.from({ length: count }, () => one.stream[0]!) })
const struck = (text: string, scenario: Scenario = one): Scenario => ({ ...scenario, faults: faults(text) })

/** What the model says of a connector in these scenarios. */
async function asked(component: Component, subject: Connector, scenarios: readonly Scenario[]) {
  const model = new ModelConformance(component, subject)
  for (const scenario of scenarios) model.keep(scenario, await trial(subject, scenario))
  return model.check(60)
}
const says = async (component: Component, subject: Connector, ...scenarios: readonly Scenario[]) =>
  (await asked(component, subject, scenarios)).divergence?.says ?? null

/** Sends one message after another, and tries each again until it is taken, or refused for good. */
const serial = (refused: (error: unknown) => boolean) => connector(({ send }) => {
  let last: Promise<unknown> = Promise.resolve()
  const settle = async (content: unknown): Promise<void> => {
    for (;;)
      try {
        return await send(content)
      } catch (error) {
        if (refused(error)) throw error
        await new Promise((again) => setTimeout(again, 1_000))
      }
  }
  return { take: ({ content }) => (last = last.then(() => settle(content), () => settle(content))) as Promise<void> }
})

const isForGood = (error: unknown) => (error as { outcome?: string }).outcome === 'refused for good'
const always = () => true

describe('A connector that says it is a component', () => {
  it('did what its model could have done, if it is right', async () => {
    expect(await asked(claimQueue, references.claimQueue, [1, 2, 3, 4].map(several)))
      .toMatchObject({ histories: 4, tooMany: 0, left: 0, notAsked: {}, divergence: null })
    const scenarios = ['link hangs', 'link refuses', 'link drops before', 'link drops after'].map((what) =>
      struck(`3 ${what}`, { ...several(3), links: 2, workers: 2 }))
    expect(await asked(transferAgent, references.transferAgent, scenarios)).toMatchObject({ histories: 4, divergence: null })
  })

  it('has a divergence, if it is not: where they part, and what was allowed instead', async () => {
    const drops = connector(({ send }) => ({ take: ({ id, content }) => (id === 'm2' ? undefined : send(content)) }))
    const { divergence } = await asked(gateway, drops, [several(3)])
    expect(divergence).toMatchObject({ message: null, says: 'nothing more happens; gateway would have allowed: m2 is delivered.' })
    expect(divergence!.history[divergence!.at]!.what).toBe('calm')
  })

  it('may be given what the model has a word for, and no other', async () => {
    const kind = (name: 'refused' | 'busy' | 'many attachments' | 'lines') => ({ ...one, stream: [{ count: 1, kind: name, link: 1 }] })
    expect((await asked(claimQueue, references.claimQueue, [
      several(7), struck('0 link refuses'), kind('refused'), kind('busy'), kind('lines'), { ...several(2), links: 2 }, struck('1 service dies'),
    ])).notAsked).toEqual({
      'it has more than 6 messages': 1, 'claim-queue has no word for ‘link refuses’': 1, 'claim-queue has no word for ‘refused’': 1,
      'claim-queue has no word for ‘busy’': 1,
      'claim-queue has one way out, and it has 2 links': 1,
      'what it flags when it has died is in doubt, for which claim-queue has no word': 1,
    })
    expect((await asked(gateway, right, [{ ...one, workers: 2 }])).notAsked)
      .toEqual({ 'gateway does one thing at a time, and it has 2 workers': 1 })
  })

  it('gives a message to each of several recipients, where its model has a word for them', async () => {
    const two = (count: number, kind: 'plain' | 'refused' = 'plain'): Scenario =>
      ({ ...one, links: 2, recipients: 2, stream: Array.from({ length: count }, () => ({ count: 1, kind, link: 2 })) })
    const scenarios = [two(1), two(2), two(3), two(2, 'refused'), struck('1 link drops before', two(2))]
    expect(await asked(spool, spools.fixed, scenarios)).toMatchObject({ histories: 5, tooMany: 0, notAsked: {}, divergence: null })
    expect(await says(spool, spools.forgetsTheRefused, two(1, 'refused')))
      .toBe('nothing more happens; spool would have allowed: m1 for link 1 is flagged; m1 for link 2 is flagged.')
    const mixed = { ...two(1), stream: ([2, 1] as const).map((only) => ({ count: 1, kind: 'refused' as const, link: 2, only })) }
    expect(await asked(spool, spools.fixed, [mixed])).toMatchObject({ histories: 1, notAsked: {}, divergence: null })
    expect(await says(spool, spools.flagsAllOfThem, { ...mixed, stream: mixed.stream.slice(0, 1) }))
      .toBe('m1 for link 2 is flagged here; spool would have allowed: m1 for link 1 is flagged.')
    expect(await says(spool, spools.forgetsTheRefused, mixed))
      .toMatch(/^nothing more happens; spool would have allowed: m1 for link 1 is flagged; /)
    const busy = { ...mixed, stream: [{ count: 1, kind: 'busy' as const, link: 1, only: 2 }] }
    expect(await asked(spool, spools.fixed, [busy])).toMatchObject({ histories: 1, notAsked: {}, divergence: null })
    expect((await asked(claimQueue, spools.fixed, [{ ...busy, recipients: 1, links: 1 }])).notAsked)
      .toEqual({ 'claim-queue has no word for ‘busy’': 1 })
    const toTheFirst = connector(({ links, delivered, flag }) => ({
      async take({ id, content, recipients: [first, second] }) {
        await links.find(({ name }) => name === first!.link)!.send(content)
        delivered(id, first!.link)
        flag(id, 'one is enough', second!.link)
      },
    }), { recipients: 2 })
    expect(await says(spool, toTheFirst, two(1)))
      .toBe('m1 for link 1 is flagged here; spool would have allowed: m1 for link 1 is delivered.')
    expect((await asked(transferAgent, toTheFirst, [two(1)])).notAsked)
      .toEqual({ 'a message has several recipients, for which transfer-agent has no word': 1 })
  })

  it('gives up a message for the recipient that refuses it for now each time, and only then', async () => {
    const two: Scenario = { ...one, links: 2, recipients: 2 }
    const refused = struck('1 link refuses', two)
    const dropped = struck('1 link drops before', two)
    expect(await asked(spool, spools.fixed, [refused, dropped])).toMatchObject({ histories: 2, notAsked: {}, divergence: null })
    expect(await says(spool, spools.givesUpAtOnce, dropped))
      .toBe('m1 for link 1 is flagged here; spool would have allowed: m1 for link 1 is delivered.')
    expect(await says(spool, spools.givesUpSilently, refused))
      .toBe('nothing more happens; spool would have allowed: m1 for link 1 is delivered; m1 for link 1 is flagged.')
    const neverTried = connector(({ flag }) => ({
      take({ id, recipients }) { for (const { link } of recipients) flag(id, 'not today', link) },
    }), { recipients: 2 })
    expect(await says(spool, neverTried, refused)).toMatch(/^m1 for link 2 is flagged here; spool would have allowed: /)
  })

  it('flags what is refused for good, and what is refused for now only after a while', async () => {
    const stream = (...kinds: readonly ('plain' | 'refused' | 'busy')[]) =>
      ({ ...one, stream: kinds.map((kind) => ({ count: 1, kind, link: 1 })) })
    const scenarios = [stream('refused'), stream('busy'), stream('plain', 'refused', 'plain'), stream('busy', 'refused'),
      struck('2 service dies', stream('refused', 'plain')), struck('1 link refuses', several(2))]
    expect(await says(interchange, serial(isForGood), ...scenarios)).toBeNull()
    expect(await says(interchange, serial(always), ...scenarios)).toBeNull()
    // What goes on for ever is no small history: the laws have a word for it.
    expect((await asked(interchange, serial(() => false), [stream('refused')])).notAsked)
      .toEqual({ 'its history does not come to its end': 1 })
    const refuses = connector(() => ({ take: () => Promise.reject(new Error('never')) }))
    expect(await says(interchange, refuses, stream('plain'))).toBe('m1 is flagged here; interchange would have allowed: m1 is delivered.')
  })

  it('may be refused at every try while its link is down, and flag what was given out too often', async () => {
    const fetches = connector(({ receive, acknowledge, refuse, send, delivered, flag }) => {
      const given = new Map<string, number>()
      const look = async () => {
        for (const { id, content } of await receive(1)) {
          given.set(id, (given.get(id) ?? 0) + 1)
          await send(content).then(() => delivered(id)).then(() => acknowledge(id), (error: unknown) => {
            if (given.get(id)! < 3) return refuse(id)
            flag(id, error)
            return acknowledge(id)
          })
        }
        setTimeout(() => void look(), 1_000)
      }
      void look()
      return {}
    })
    expect(await says(consumer, fetches, struck('0 link refuses', several(2)))).toBeNull()
    expect(await says(consumer, connector(({ flag, receive }) => {
      setTimeout(() => void receive(1).then(([message]) => message && flag(message.id, 'at once')), 1_000)
      return {}
    }), one)).toBe('m1 is flagged here; consumer would have allowed: m1 is delivered.')
  })

  it('strips what has too many attachments, and nothing else', async () => {
    const strips = rightOnes['strips'] ?? Object.values(rightOnes).find(({ component }) => component === 'gateway')!
    const many: Scenario = { ...one, stream: [one.stream[0]!, { count: 1, kind: 'many attachments', link: 1 }] }
    expect(await asked(gateway, strips, [one, many, struck('2 service dies', many)])).toMatchObject({ histories: 3, divergence: null })
    expect(await says(gateway, right, many)).toBe('m2 is delivered here; gateway would have allowed: m2 is delivered, stripped.')
  })

  it('owes no order that it does not promise, and owes the one that it promises', async () => {
    /** The last comes first, of all that came at once. */
    const backwards = (order: 'none' | 'per link') => connector(({ send }) => {
      const waiting: (() => Promise<unknown>)[] = []
      return {
        take: ({ content }) => new Promise<void>((done, fail) => {
          waiting.unshift(() => send(content).then(() => done(), fail))
          setTimeout(() => { void waiting.shift()?.() }, 1)
        }),
      }
    }, { order })
    const scenario = { ...one, stream: [{ count: 2, kind: 'plain', link: 1 }] } as const
    expect(await says(gateway, backwards('none'), scenario)).toBeNull()
    expect(await says(gateway, backwards('per link'), scenario)).toBe('m2 is delivered here; gateway would have allowed: m1 is delivered.')
  })

  it('may flag only while a link is down on which it struck', async () => {
    const flags = connector(({ send }) => ({
      take: ({ id, content }) => (id === 'm2' ? Promise.reject(new Error('a neighbour')) : send(content)),
    }), { links: [2, 2] })
    const two: Scenario = { ...one, links: 2, workers: 2, stream: [1, 2].map((link) => ({ count: 1, kind: 'plain', link })) }
    expect(await says(transferAgent, flags, struck('0 link hangs 1', two)))
      .toBe('m2 is flagged here; transfer-agent would have allowed: m1 is delivered; m1 is flagged; m2 is delivered.')
    expect(await says(transferAgent, flags, struck('0 link hangs 2', two))).toBeNull()
  })

  it('is told which rules of its model it has exercised, and with which answers', async () => {
    const scenarios = modelScenarios(transferAgent, references.transferAgent).slice(0, 40)
    const { coverage } = await asked(transferAgent, { ...references.transferAgent, notApplicable: {} }, [one, ...scenarios])
    const counts = Object.fromEntries(coverage.rules.map(({ rule, histories }) => [rule, histories]))
    expect(counts['sender fetches message']).toBe(coverage.histories)
    expect(counts['link fails']).toBeGreaterThan(10)
    expect(counts['sender delivers and hears nothing of its message']).toBeGreaterThan(0)
    const { answers } = coverage.rules.find(({ rule }) => rule === 'sender learns that its message arrived')!
    expect(answers.filter(({ question }) => question === 'unsure'))
      .toEqual([{ question: 'unsure', found: '', answer: 'asks', histories: counts['sender learns that its message arrived'] }])
    const quiet = (await asked(transferAgent, right, [one])).coverage
    expect(quiet.rules.filter(({ histories }) => histories > 0).map(({ rule }) => rule))
      .toEqual(['sender fetches message', 'sender delivers its message'])
  })

  it('is told why a rule cannot take place', async () => {
    const because = 'it keeps nothing'
    const notApplicable = { 'service restarts': because, 'service dies': 'nor that' }
    const { coverage } = await asked(gateway, connector(right.start, { notApplicable }), [one])
    expect(coverage.rules.flatMap(({ rule, because }) => (because === null ? [] : [[rule, because]])))
      .toEqual([['gateway is restarted with its message', because]])
  })

  it('is told which rules take place with no message of a world, and is asked where its link refuses', async () => {
    const { coverage, notAsked } = await asked(reportRelay, relays.fixed, [one, struck('1 link refuses')])
    expect(notAsked).toEqual({})
    expect(coverage.rules.find(({ rule }) => rule === 'relay tries its message again')).toMatchObject({ histories: 1, because: null })
    const because = 'no message of a world is like those with which it takes place'
    expect(coverage.rules.filter((rule) => rule.because === because).map(({ rule }) => rule))
      .toEqual(['relay hands its message to the next relay', 'relay finds that its message goes in a loop'])
  })

  it('meets what a message has to meet to be what it is', async () => {
    const refused: Scenario = { ...struck('0 reporting fails'), stream: [{ count: 1, kind: 'refused', link: 1 }] }
    const { coverage, histories } = await asked(reportRelay, relays.fixed, [refused])
    expect(histories).toBe(1)
    expect(coverage.rules.find(({ rule }) => rule === 'relay keeps the report of its message as dead mail')).toMatchObject({ histories: 1 })
    expect(await says(reportRelay, relays.dropsReports, refused))
      .toBe('nothing more happens; report-relay would have allowed: m1 is flagged.')
  })

  it('is told of the run in which what struck had its effect, later than it struck', async () => {
    const { coverage } = await asked(consumer, consumers.fixed, [struck('1 acknowledging fails')])
    const counts = Object.fromEntries(coverage.rules.map(({ rule, histories }) => [rule, histories]))
    expect(counts).toMatchObject({ 'consumer loses the lease of its message': 1, 'consumer finds that its message is settled': 1 })
  })
})

describe('Scenarios out of a model', () => {
  for (const component of components)
    it(`of ${component.name} are its streams with each of its faults, and the first exercise most`, () => {
      const scenarios = modelScenarios(component, right)
      expect(new Set(scenarios.map((scenario) => JSON.stringify(scenario))).size).toBe(scenarios.length)
      const struckBy = new Set(scenarios.flatMap((scenario) => scenario.faults.map(({ what }) => what)))
      const happens = ([, { times }]: readonly [string, { readonly times: string }]) => scopeOf(component)[times]! > 0
      const rules = new Set(Object.entries(component.words!.faults).filter(happens).map(([rule]) => rule))
      // Of a rule that only a wrong variant has, no right model makes a scenario.
      rules.delete('dispatcher is slow with its message')
      for (const rule of rules)
        expect(component.words!.faults[rule]!.is.some((what) => struckBy.has(what)), rule).toBe(true)
    })

  it('hold no fault and no kind that cannot happen to the connector', () => {
    const only = connector(right.start, { notApplicable: { 'service dies': 'no' }, neverGiven: { 'many attachments': 'no' } })
    const scenarios = modelScenarios(gateway, only)
    expect(scenarios.length).toBeGreaterThan(2)
    expect(scenarios.some(({ faults: some }) => some.some(({ what }) => what === 'service dies'))).toBe(false)
    expect(scenarios.some(({ stream }) => stream.some(({ kind }) => kind === 'many attachments'))).toBe(false)
    expect(modelScenarios({ ...gateway, words: undefined } as unknown as Component, only)).toEqual([])
    expect(modelScenarios(transferAgent, { ...right, links: [1, 1] }).every(({ links }) => links === 1)).toBe(true)
  })
})
