import { describe, expect, it } from 'vitest'
import { attempt, type Verdict } from '../../engine/falsify/falsify.ts'
import { inProcess, type Runner } from '../../engine/falsify/runner.ts'
import { passes } from '../../engine/falsify/smaller-scenarios.ts'
import { shrunk } from '../../engine/falsify/shrink.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}), burst: 1_000 }
const scenario: Scenario = {
  workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], schedule: [],
  faults: [{ after: 3, what: 'service dies', on: 1 }, { after: 4, what: 'service restarts', on: 1 }],
}

describe('A smaller scenario', () => {
  it('may be without a fault, the others coming sooner: turns that it took are not there to wait for', () => {
    const faults = passes.flatMap((pass) => [...pass(scenario, connector, new Map())]).map((less) => JSON.stringify(less.faults))
    expect(faults).toContain(JSON.stringify([{ after: 4, what: 'service restarts', on: 1 }]))
    expect(faults).toContain(JSON.stringify([{ after: 1, what: 'service restarts', on: 1 }]))
  })
})

/** Delivers so many messages, and no more. */
const wedgesAfter = (most: number): Connector => ({
  ...connector,
  start({ send }) {
    let taken = 0
    return { take: ({ content }) => (++taken > most ? new Promise(() => undefined) : send(content)) }
  },
})
const many: Scenario = {
  workers: 2, links: 2, faults: [{ after: 1, what: 'clock goes back', on: 2 }], schedule: [1, 1],
  stream: [{ count: 2, kind: 'new header', link: 1 }, { count: 90, kind: 'new header', link: 1 }],
}
const everMore = 60_000_000

describe('Shrinking', () => {
  const found = async (subject: Connector, runner: Runner, asDrawn = false, until = Infinity) => {
    const broken = await ran(subject, many, inProcess(subject))
    return shrunk(subject, broken, { runner, asDrawn, until })
  }

  it('comes to the very number of messages that is too many, in few tries', async () => {
    const subject = wedgesAfter(71)
    const { scenario, tries } = await found(subject, inProcess(subject))
    expect(scenario).toMatchObject({ faults: [], schedule: [], stream: [{ count: 72, kind: 'plain' }] })
    expect(tries).toBeLessThan(60)
  })

  it('keeps the smallest so far when time is over', async () => {
    const subject = wedgesAfter(71)
    let left = 6
    const runner: Runner = async (scenario, options) => {
      if (left-- === 0) throw new Inconclusive('the time was over')
      return inProcess(subject)(scenario, options)
    }
    const { scenario, says, tries } = await found(subject, runner)
    expect(tries).toBeLessThan(8)
    expect(says).toMatch(/no verdict/)
    expect(JSON.stringify(scenario).length).toBeLessThan(JSON.stringify(many).length)
  })

  it('tells what was seen when there is no time for a second run', async () => {
    const runner: Runner = async () => { throw new Inconclusive('the time was over') }
    expect(await found(wedgesAfter(71), runner)).toMatchObject({ scenario: many, tries: 1 })
  })
})

describe('A connector that is tried until time is over', () => {
  const late = (subject: Connector, most: number): Runner => {
    let left = most
    return async (scenario, options) => {
      if (left-- <= 0) throw new Inconclusive('the time was over')
      return inProcess(subject)(scenario, options)
    }
  }

  it('is told broken where it broke a law before', async () => {
    const subject = wedgesAfter(0)
    expect(await attempt(subject, { seed: 1, runs: 20, runner: late(subject, 4) })).toMatchObject({ verdict: 'broken', runs: 1 })
  })

  it('is told inconclusive where it did not', async () => {
    const subject = wedgesAfter(everMore)
    const verdict = await attempt(subject, { seed: 1, runs: 200, runner: late(subject, 12) })
    expect(verdict).toMatchObject({ verdict: 'inconclusive', because: 'the time was over', broken: null })
  })
})

describe('Several runners', () => {
  it('find what one finds', async () => {
    for (const subject of [wedgesAfter(40), { ...wedgesAfter(everMore), burst: 40 }]) {
      const runner = inProcess(subject)
      /** Every other scenario takes longer. */
      let runs = 0
      const slow: Runner = async (scenario, options) => {
        for (let turns = runs++ % 2 === 0 ? 400 : 0; turns > 0; turns--) await null
        return runner(scenario, options)
      }
      // In one process they take turns with a whole scenario: virtual time is one.
      let line = Promise.resolve<unknown>(null)
      const inLine: Runner = (scenario, options) => {
        const mine = line.then(() => slow(scenario, options))
        line = mine.catch(() => null)
        return mine
      }
      const told = ({ broken, verdict, runs: tried, unreached }: Verdict) =>
        ({ verdict, tried, unreached, scenario: broken?.scenario, tries: broken?.tries, says: broken?.says })
      const one = await attempt(subject, { seed: 3, runs: 30, runner })
      expect(told(await attempt(subject, { seed: 3, runs: 30, runner: [inLine, inLine, inLine] }))).toEqual(told(one))
    }
  })
})
