/** That something repeats is only said where it was tried. */
import { describe, expect, it } from 'vitest'
import { brokenBy } from '../../bin/checks/stored-scenarios.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { everyOrder } from '../../engine/falsify/interleavings.ts'
import { inProcess, type Runner, usingThisProcess } from '../../engine/falsify/runner.ts'
import { Unrepeatable } from '../../engine/falsify/shrink.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const connector: Connector = {
  name: 'one in a process', guarantee: 'at-least-once', start: ({ send }) => ({ take: (m) => send(m.content) }),
}
const never = () => new Promise(() => undefined)
const scenario: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const ending = (detail: string): History => [{ what: 'crashed', detail, time: 0 }]
const runs = (each: (run: number, scenario: Scenario, full: boolean) => History | Promise<History>): Runner => {
  let run = 0
  return async (given, { full = false } = {}) => each(++run, given, full)
}

describe('A connector whose process has to be ended', () => {
  it('goes the same way though it is not watched for as long the second time', async () => {
    const runner = runs((run) => ending(run === 1 ? 'it spins: 3 seconds' : 'it spins: 0.4 seconds'))
    const verdict = await attempt(connector, { seed: 1, runs: 1, runner })
    expect(verdict).toMatchObject({ verdict: 'broken', repeats: true })
  })

  it('is told of as it was found, where in earnest nothing comes of anything smaller', async () => {
    const right = inProcess(connector)
    const found: Scenario[] = []
    const suspected = runs((_, given, full) => {
      const isDrawn = JSON.stringify(given) === JSON.stringify(found[0])
      return full && !isDrawn ? right(given) : ending('it spins')
    })
    const onRun = (_: number, ran: { readonly scenario: Scenario }) => found.push(ran.scenario)
    const { broken } = await usingThisProcess(connector, () => attempt(connector, { seed: 1, runs: 1, runner: suspected, onRun }))
    expect(broken).toMatchObject({ clause: 'it does not crash', scenario: found[0], history: ending('it spins') })
  })

  it('is not accused where in earnest nothing comes of it at all', async () => {
    const right = inProcess(connector)
    const suspected = runs((_, given, full) => (full ? right(given) : ending('it spins')))
    const tried = usingThisProcess(connector, () => attempt(connector, { seed: 1, runs: 1, runner: suspected }))
    await expect(tried).rejects.toThrow(Unrepeatable)
  })
})

describe('A law that is broken again', () => {
  /** It breaks a law each time, and not in the same way: the quiet scenario has no refused message, and goes well. */
  const fickle = (): Connector => {
    let starts = 0
    return {
      name: 'a fickle one', guarantee: 'at-least-once',
      start: ({ send, report }) => {
        const start = ++starts
        return { take: (m) => send(m.content).catch(() => { report(`start ${start}`); return never() }) }
      },
    }
  }
  const refused: Scenario = { ...scenario, stream: [{ count: 1, kind: 'refused', link: 1 }] }

  it('repeats only if it went the same way, when it was drawn', async () => {
    const verdict = await attempt(fickle(), { seed: 1, runs: 200 })
    expect(verdict).toMatchObject({ verdict: 'broken', repeats: false })
  })

  it('repeats only if it went the same way, when it was kept', async () => {
    const subject = (each: Connector) => ({ file: 'mine.ts', as: 'mine', path: 'mine.ts', typed: 'mine.ts', connector: each })
    const kept = (each: Connector) => usingThisProcess(each, (runner) => brokenBy(subject(each), refused, runner))
    expect(await kept(fickle())).toMatchObject({ broken: { law: { name: 'delivered or flagged' } }, repeats: false })
    const silent: Connector = { ...connector, start: ({ send }) => ({ take: (m) => send(m.content).catch(never) }) }
    expect(await kept(silent)).toMatchObject({ broken: { law: { name: 'delivered or flagged' } }, repeats: true })
  })

  it('has to be, for one of all orders to be accused', async () => {
    let starts = 0
    const flighty: Connector = { ...connector, start: ({ send }) => ({ take: ++starts === 2 ? never : (m) => send(m.content) }) }
    const seen = await usingThisProcess(flighty, (runner) => everyOrder(flighty, { runner }).catch((error: unknown) => error))
    expect(seen).toBeInstanceOf(Unrepeatable)
    expect((seen as Unrepeatable).seen).toMatchObject({ clause: 'a verdict in the end' })
  })
})
