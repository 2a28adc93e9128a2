import { describe, expect, it } from 'vitest'
import { judge } from '../../engine/verdict/judge.ts'
import { everyOrder } from '../../engine/falsify/interleavings.ts'
import { trial } from '../../engine/trial/trial.ts'
import { inProcess, usingThisProcess } from '../../engine/falsify/runner.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

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
