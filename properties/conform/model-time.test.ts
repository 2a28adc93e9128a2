/** What of a model a connector is held to besides the order of its verdicts: its timers, and how it begins; and what it is not. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pager } from '../../examples/pager.ts'
import { assertConforms } from '../../api/assert.ts'
import { component, delivery, each, fate, maybe, model, one, oneOf, rulesOver, upTo } from '../../api/model.ts'
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { trial } from '../../engine/trial/trial.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { components } from '../../models/catalogue.ts'
import { begins } from '../../spec/model.ts'
import { plain } from '../../spec/word-map.ts'
import type { Component } from '../../spec/component.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { pagerQuotes, wrongDesks } from '../model/model-guide.ts'

const of = (kind: 'plain' | 'refused', count = 1): Scenario =>
  ({ workers: 1, links: 1, stream: [{ count, kind, link: 1 }], faults: [], schedule: [] })

async function asked(subject: Component, connector: Connector, scenarios: readonly Scenario[] = modelScenarios(subject, connector)) {
  const conformance = new ModelConformance(subject, connector)
  for (const scenario of scenarios) conformance.keep(scenario, await trial(connector, scenario))
  return conformance.check(60)
}
const says = async (...given: Parameters<typeof asked>) => (await asked(...given)).divergence?.says ?? null

/** Calls three times in all, so many milliseconds apart, one alarm after another. */
const desk = (apart: number, more: Partial<Connector> = {}): Connector => ({
  name: 'a desk', guarantee: 'at-least-once', links: [1, 1], workers: [1, 1], ...more,
  start({ send }) {
    let last: Promise<unknown> = Promise.resolve()
    const callOut = async (content: unknown): Promise<void> => {
      for (let call = 1; ; call++)
        try {
          return await send(content)
        } catch (error) {
          if (call === 3) throw error
          if (apart > 0) await new Promise((go) => setTimeout(go, apart))
        }
    }
    return {
      take: ({ content }) => {
        const mine = last.then(() => callOut(content))
        last = mine.catch(() => undefined)
        return mine
      },
    }
  },
})

/** Lets two messages out in a row, and the next only once time has passed. */
const limiter = component({
  name: 'limiter',
  sizes: { messages: { says: 'messages', least: 1, small: 3, most: 5 }, rate: { says: 'messages in a row', least: 1, small: 2, most: 4 } },
  questions: {},
  variants: { fixed: {} },
  words: { attributes: {}, faults: {}, workers: [] },
  model({ messages, rate }) {
    const state = { limiter: one({ used: upTo(rate) }), message: each(messages + 1, fate({})) }
    const { rule, timer } = rulesOver(state)
    return model({
      name: 'limiter', state,
      rules: [
        rule('limiter sends message',
          ({ limiter: { used }, message }) => used < rate && message.delivered < message.arrived,
          ({ limiter: it, message }) => {
            it.used += 1
            message.delivered = 1
          }),
        timer('limiter has room again', ({ limiter: { used } }) => used === rate, ({ limiter: it }) => { it.used = 0 }),
      ],
      fresh: {},
      known: () => ({ due: () => delivery }),
    })
  },
})

/** So many at once, and then a pause. */
const limited = (rate: number): Connector => {
  let room = rate
  return {
    name: `${rate} at once`, guarantee: 'at-least-once', links: [1, 1], workers: [1, 1],
    start({ send }) {
      room = rate
      let last: Promise<unknown> = Promise.resolve()
      const sent = async (content: unknown) => {
        if (room === 0) {
          await new Promise((go) => setTimeout(go, 1_000))
          room = rate
        }
        room--
        return send(content)
      }
      return { take: ({ content }) => (last = last.then(() => sent(content), () => sent(content))) as Promise<void> }
    },
  }
}

describe('A timer of a model', () => {
  it('explains nothing before time has passed', async () => {
    expect(await says(limiter, limited(2), [of('plain', 2), of('plain', 5)])).toBeNull()
    expect(await says(limiter, limited(1), [of('plain', 5)])).toBeNull()
    expect(await says(limiter, limited(3), [of('plain', 2)])).toBeNull()
    expect(await says(limiter, limited(3), [of('plain', 3)]))
      .toBe('m3 is delivered here; limiter would have allowed: m3 is delivered, once time has passed.')
  })

  it('comes once as much has passed as the words say', async () => {
    expect(await says(pager, desk(60_000))).toBeNull()
    expect(await says(pager, desk(59_999), [of('refused')]))
      .toBe('m1 is flagged here; pager would have allowed: m1 is flagged, once 2 ms more have passed.')
    const soon = { ...pager, words: { ...pager.words!, waits: { 'pager gives up its alarm': 0 } } }
    expect(await says(soon, desk(1), [of('refused')])).toBeNull()
    expect(await says(soon, desk(0), [of('refused')])).toMatch(/^m1 is flagged here; /)
    // Unless it is said, whoever gives up does so after some time too.
    const untold = { ...pager, words: { ...pager.words!, waits: { 'pager calls again for its alarm': 60_000 } } }
    expect(await says(untold, desk(60_000), [of('refused')])).toMatch(/^m1 is flagged here; /)
  })

  it('has begun for each of them when it became possible, whatever comes meanwhile', async () => {
    const calls = async (count: number) => says(pager, desk(60_000), [of('refused', count)])
    expect([await calls(2), await calls(4)]).toEqual([null, null])
    const together: Connector = {
      ...desk(60_000),
      start: (world) => {
        const { start } = desk(60_000)
        return { take: (message) => (start(world) as { take: (given: typeof message) => Promise<void> }).take(message) }
      },
    }
    // Calls side by side are over at the same moment, and this pager calls for one alarm at a time.
    expect(await says(pager, together, [of('refused', 2)]))
      .toBe('m2 is flagged here; pager would have allowed: m2 is flagged, once 120,000 ms more have passed.')
  })

  it('is not checked against on the real clock, and that is said', async () => {
    const real = desk(0, { clock: 'real', patience: 50 })
    const { divergence, coverage } = await asked(pager, real, [of('refused')])
    expect(divergence).toBeNull()
    expect(coverage.notChecked[0]).toBe('when ‘pager calls again for its alarm’ and ‘pager gives up its alarm’ come, '
      + 'for no time is told on the real clock')
  })
})

describe('What a connector is not checked against', () => {
  const held = async (more: Partial<Connector>) => (await asked(limiter, { ...limited(2), ...more }, [of('plain')])).coverage.notChecked
  const laws = 'a second verdict once a fault has struck, and fresh messages, which are for the laws'

  it('is said with what it has exercised', async () => {
    const timers = 'how long ‘limiter has room again’ takes, for any time is enough'
    expect(await held({})).toEqual([timers, 'the order in which messages are taken up, for it promises none', laws])
    expect(await held({ order: 'per link' })).toEqual([timers, laws])
  })
})

const sending: Connector = { name: 'sends', guarantee: 'at-least-once', start: ({ send }) => ({ take: ({ content }) => send(content) }) }

describe('Histories that the model was not asked about', () => {
  it('are left for want of time, and not because one differs', async () => {
    const scenarios = [of('refused'), of('refused', 2), of('refused', 3)]
    expect(await asked(pager, desk(0), scenarios)).toMatchObject({ left: 0, divergence: { component: 'pager' } })
    const conformance = new ModelConformance(pager, desk(60_000))
    for (const scenario of scenarios) conformance.keep(scenario, await trial(desk(60_000), scenario))
    expect(conformance.check(-1)).toMatchObject({ histories: 0, left: 3, divergence: null })
  })
})

describe('A model of one’s own that breaks its laws', () => {
  const wrong: Component = { ...pager, variants: { ...pager.variants, fixed: pager.variants['forgets']! }, claims: {} } as Component

  it('is no yardstick: nothing is asked of it, and that is said', async () => {
    const { breaches, histories, divergence } = await asked(wrong, desk(60_000), [of('plain'), of('refused')])
    expect({ breaches, histories, divergence }).toEqual({
      breaches: { laws: ['delivered or flagged'], unsettled: null }, histories: 0, divergence: null,
    })
    await expect(assertConforms(desk(60_000, { burst: 5 }), { runs: 20, component: wrong })).rejects.toThrow(
      /^a desk: the model of pager breaks ‘delivered or flagged’ itself\. What would settle it: a model that keeps its laws, /)
  })

  it('may say that it does', async () => {
    const known: Component = { ...wrong, claims: { fixed: { breaks: { 'delivered or flagged': 4 } } } }
    expect((await asked(known, desk(60_000), [of('plain')])).breaches.laws).toEqual([])
  })

  for (const right of components)
    it(`is none of the catalogue: ${right.name}`, async () => {
      expect((await asked(right, sending, [])).breaches).toEqual({ laws: [], unsettled: null })
    })
})

describe('A model that begins in several ways', () => {
  const door = component({
    name: 'door', sizes: { messages: { says: 'messages', least: 1, small: 1, most: 3 } }, questions: {}, variants: { fixed: {} },
    words: { attributes: {}, faults: {}, workers: [] },
    model({ messages }) {
      const state = {
        door: one({ is: begins(oneOf('shut', 'open'), 'shut', 'open'), last: maybe('message') }),
        message: each(messages + 1, fate({ flagged: 1 })),
      }
      const { rule } = rulesOver(state)
      type Counts = { readonly arrived: number; readonly delivered: number; readonly flagged: number }
      const waits = ({ arrived, delivered, flagged }: Counts) => delivered + flagged < arrived
      return model({
        name: 'door', state,
        rules: [
          rule('door lets message through',
            ({ door: { is }, message }) => is === 'open' && waits(message), ({ message }) => { message.delivered = 1 }),
          rule('door turns message away',
            ({ door: { is }, message }) => is === 'shut' && waits(message), ({ message }) => { message.flagged = 1 }),
        ],
        fresh: {},
        known: () => ({ due: () => ({ whole: true, stripped: false, flagged: true }) }),
      })
    },
    claims: { fixed: { breaks: { 'nothing wedges': 1 } } },
  })

  it('explains what can come of each of them', async () => {
    const { divergence, histories } = await asked(door, sending, [of('plain')])
    expect({ divergence, histories }).toEqual({ divergence: null, histories: 1 })
  })
})

describe('The words of a model', () => {
  const withWords = (words: object) => {
    const changed = { ...pager, words: { ...pager.words!, ...words } } as Component
    try {
      return String(new ModelConformance(changed, desk(0)).component.name)
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      return (error as Error).message
    }
  }

  it('are refused where they speak of what it has not', () => {
    expect(withWords({})).toBe('pager')
    const restarts = pager.words!.faults['pager restarts with its alarm']!
    expect(withWords({ faults: { 'pager restarts its alarm': restarts } })).toBe('The words of pager speak of the fault ‘pager restarts its '
      + 'alarm’, and there is no such rule: there is ‘pager restarts with its alarm’.')
    expect(withWords({ waits: { 'pager calls again': 1 } }))
      .toMatch(/^The words of pager speak of the timer ‘pager calls again’, and there is no such rule: there are /)
    expect(withWords({ waits: { 'pager calls again for its alarm': -1 } }))
      .toBe('The words of pager say that ‘pager calls again for its alarm’ takes -1: use milliseconds, from 0.')
    const misspelt = { ...restarts, is: ['service restart'] }
    expect(withWords({ faults: { 'pager restarts with its alarm': misspelt } }))
      .toMatch(/^The words of pager say that ‘pager restarts with its alarm’ is ‘service restart’ in a world, which is no fault: /)
    expect(withWords({ workers: ['desks'] }))
      .toBe('The words of pager name the size ‘desks’, and there is none: there are messages, calls, restarts.')
    expect(withWords({ attributes: { dutty: () => plain } }))
      .toBe('The words of pager speak of the attribute ‘dutty’, and there is none: there is ‘duty’.')
  })

  it('are refused where they lack what there must be, if need be empty', () => {
    expect(withWords({ faults: undefined })).toBe('The words of pager must have ‘faults’: write `faults: {}` where it has none.')
    expect(withWords({ attributes: [] })).toBe('The words of pager must have ‘attributes’: write `attributes: {}` where it has none.')
    expect(withWords({ workers: {} })).toBe('The words of pager must have ‘workers’: write `workers: []` where it has none.')
    expect(withWords({ workers: [] })).toBe('pager')
  })
})

describe('The guide to models', () => {
  const example = (name: string) => readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), 'utf8')

  it('quotes the pager as it stands', () => {
    expect(pagerQuotes.length).toBeGreaterThan(0)
    for (const quote of pagerQuotes) expect(example('pager.ts')).toContain(quote)
  })

  it('says of the desk without its wait what is said of it', async () => {
    expect(wrongDesks).toHaveLength(1)
    for (const { line, says: lines } of wrongDesks) {
      expect(example('pager-desk.ts')).toContain(line)
      expect(lines.join(' ')).toBe(`The model of pager cannot do what the connector did. ${await says(pager, desk(0))}`)
    }
  })
})
