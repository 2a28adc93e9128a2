import { describe, expect, it } from 'vitest'
import * as references from '../connectors/references.ts'
import { judge } from '../engine/verdict/judge.ts'
import { ModelConformance } from '../engine/conform/model-conformance.ts'
import { everyOrder } from '../engine/falsify/interleavings.ts'
import { trial } from '../engine/trial/trial.ts'
import { inProcess, usingThisProcess } from '../engine/falsify/runner.ts'
import { claimQueue } from '../models/claim-queue.ts'
import { transferAgent } from '../models/transfer-agent.ts'
import type { Connector, History } from '../spec/connector.ts'
import type { Scenario } from '../spec/scenario.ts'

/** Right unless a message is overtaken: that one it flags, though it has arrived. */
const overtaken: Connector = {
  name: 'one that minds the order',
  guarantee: 'at-least-once',
  start({ send }) {
    let latest = 0
    return {
      async take({ id, content }) {
        const number = Number(id.slice(1))
        await send(content)
        if (number < latest) throw new Error('overtaken')
        latest = number
      },
    }
  },
}

const right: Connector = {
  name: 'a right one', guarantee: 'at-least-once', start: ({ send }) => ({ take: ({ content }) => send(content) }),
}

describe('Every order of effects', () => {
  it('of a few messages is tried, each once', async () => {
    const seen: string[] = []
    const onHistory = (_: Scenario, history: History) => seen.push(JSON.stringify(history))
    const orders = await usingThisProcess(right, (runner) => everyOrder(right, { runner, onHistory }))
    expect(orders).toMatchObject({ workers: 2, messages: 4, all: true, broken: null, because: '' })
    // Two messages, of two links the one before the other or after: m1 arrives first in all of them.
    const two = await everyOrder({ ...right, links: [1, 1] }, { runner: inProcess(right), most: 4 })
    expect(two).toMatchObject({ messages: 2, tried: 3, all: true })
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('finds the one that breaks a law, with a schedule that shows it again', async () => {
    const { broken, all, tried, messages } = await usingThisProcess(overtaken, (runner) => everyOrder(overtaken, { runner }))
    expect({ all, messages, law: broken?.law.name }).toEqual({ all: false, messages: 2, law: 'honest' })
    expect(tried).toBeLessThan(5)
    expect(broken!.scenario.schedule.at(-1)).toBeGreaterThan(0)
    expect(judge(overtaken, await trial(overtaken, broken!.scenario))).toMatchObject({ law: { name: 'honest' }, message: 'm1' })
  })

  it('says how far it came where there are too many, or no time', async () => {
    expect(await everyOrder(right, { runner: inProcess(right), most: 2 }))
      .toMatchObject({ tried: 2, all: false, because: 'there are more than 2' })
    expect(await everyOrder(right, { runner: inProcess(right), seconds: 0 }))
      .toMatchObject({ tried: 0, all: false, because: 'time was over' })
  })

  it('is only claimed of a connector that does the same under the same schedule', async () => {
    let runs = 0
    const restless: Connector = {
      ...right,
      start: ({ send }) => {
        const twice = runs++ % 2 === 0
        return { take: ({ content }) => (twice ? send(content) : send(content).then(() => send(content))) }
      },
    }
    const exempt = { 'none twice': 'of its own choice' }
    expect(await everyOrder({ ...restless, exempt }, { runner: inProcess(restless) }))
      .toMatchObject({ all: false, broken: null, because: 'the same schedule does not always give the same run' })
  })
})

const plain = (count: number, links: number): Scenario => ({
  workers: 2, links, faults: [], schedule: [1, 0, 2],
  stream: Array.from({ length: count }, (_, i) => ({ count: 1, kind: 'plain', link: (i % links) + 1 })),
})

describe('A connector that says it is a component', () => {
  it('did what its model could have done, if it is right', async () => {
    const queue = new ModelConformance(claimQueue)
    for (const count of [1, 2, 3, 4]) queue.keep(plain(count, 1), await trial(references.claimQueue, plain(count, 1)))
    expect(queue.check(5)).toEqual({ histories: 4, tooMany: 0, left: 0, divergence: null })
    const agent = new ModelConformance(transferAgent)
    for (const what of ['link hangs', 'link refuses'] as const) {
      const scenario: Scenario = { ...plain(3, 2), faults: [{ after: 3, what, on: 1 }] }
      agent.keep(scenario, await trial(references.transferAgent, scenario))
    }
    expect(agent.check(5)).toMatchObject({ histories: 2, divergence: null })
  })

  it('has a divergence, if it is not: where they part, and what was allowed instead', async () => {
    const start: Connector['start'] = ({ send }) => ({ take: ({ content }) => send(content).then(() => send(content)) })
    const queue = new ModelConformance(claimQueue)
    const history = await trial({ ...right, start }, plain(1, 1))
    queue.keep(plain(1, 1), history)
    const { divergence } = queue.check(5)
    expect(divergence).toMatchObject({ message: 'm1', says: 'm1 is delivered here; claim-queue would have allowed: nothing more.' })
    expect(history.slice(0, divergence!.at + 1).filter(({ what }) => what === 'recorded')).toHaveLength(2)
  })

  it('is asked about small scenarios only, and about failing links only where the model has links', async () => {
    const queue = new ModelConformance(claimQueue)
    const down: Scenario = { ...plain(2, 1), faults: [{ after: 0, what: 'link refuses', on: 1 }] }
    for (const scenario of [plain(7, 1), down, { ...plain(1, 1), stream: [{ count: 1, kind: 'refused' as const, link: 1 }] }])
      queue.keep(scenario, await trial(right, scenario))
    expect(queue.check(5)).toEqual({ histories: 0, tooMany: 0, left: 0, divergence: null })
  })
})
