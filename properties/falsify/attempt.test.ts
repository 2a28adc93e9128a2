/** How a connector is tried: which scenarios it is given, when that ends, and what is told. No connector is at work here. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Drawn } from '../../engine/falsify/coverage.ts'
import { attempt, type Verdict } from '../../engine/falsify/falsify.ts'
import { scenarios } from '../../engine/falsify/generator.ts'
import { manyFailures, situationsFor } from '../../engine/falsify/situations.ts'
import { whatSettles } from '../../reports/connectors/settling.ts'
import type { Runner } from '../../engine/falsify/runner.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import { type Connector, faultNames, type History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { event, gaveUp, invents, lawful, unstarted } from './answered.ts'

/** Time as the tests have it; where it is not set, real time. */
const clock = { now: 0, isReal: false }
vi.mock(import('../../engine/real-time.ts'), async (original) => {
  const real = await original()
  return { ...real, realNow: () => (clock.isReal ? real.realNow() : clock.now) }
})
beforeEach(() => { Object.assign(clock, { now: 1_000, isReal: false }) })

const connector: Connector = { ...unstarted, burst: 3 }

/** A runner that answers each scenario with a history, by its number: from 1, after the two quiet ones. */
function answering(history: (run: number, scenario: Scenario) => History | Promise<History> = () => lawful) {
  const asked: Scenario[] = []
  const runner: Runner = async (scenario) => history(asked.push(scenario) - 2, scenario)
  return { asked, runner }
}
const told = ({ verdict, runs, because }: Verdict) => [verdict, runs, because]
const quiet: Scenario = { workers: 2, links: 2, stream: [{ count: 3, kind: 'plain', link: 1 }], faults: [], schedule: [1, 0, 2] }

describe('A connector that is tried', () => {
  it('is given a quiet scenario twice, and then those of its seed, every third of which aims at what it has not met', async () => {
    const { asked, runner } = answering()
    const seen: (readonly [number, History])[] = []
    const verdict = await attempt(connector, { seed: 5, runs: 30, runner, onRun: (run, { history }) => seen.push([run, history]) })
    expect(asked.slice(0, 2)).toEqual([quiet, quiet])
    const aims = new Drawn(connector)
    expect(asked.slice(2)).toEqual(Array.from({ length: 30 }, (_, run) =>
      fc.sample(scenarios(connector, run % 3 === 2 ? aims.aim() : []),
        { seed: 5 * 1_000_003 + run, numRuns: 1, unbiased: run % 4 >= 2 })[0]))
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => [i + 1, lawful]))
    expect(verdict).toEqual({
      verdict: 'lawful', runs: 30, broken: null, because: '', repeats: true, unreached: new Drawn(connector).unreached,
      coverage: { met: {}, pairs: { met: 0, of: 0 } },
    })
  })

  it('aims at what was not met, as far as was known when a block of twenty-four was drawn', async () => {
    const faults = (asked: readonly Scenario[], run: number) => asked[run + 2]!.faults.slice(-2).map(({ what }) => what)
    const met = answering((run) => [...(run > 0 && run < 9 ? [event('link refuses', { link: 'link 1' })] : []), ...lawful])
    const { unreached, coverage } = await attempt(connector, { seed: 1, runs: 27, runner: met.runner })
    const aims = new Drawn(connector)
    for (let run = 2; run < 24; run += 3) expect(faults(met.asked, run)).toEqual(aims.aim())
    aims.see([event('link refuses', { link: 'link 1' })], { faults: [] })
    expect(faults(met.asked, 26)).toEqual(aims.aim())
    expect(coverage.met).toEqual({ 'link refuses': { 'before it is taken': 8 } })
    expect(unreached.map(({ what }) => what)).not.toContain('link refuses')
  })

  it('repeats where the quiet scenario gives the same history twice, but for its times and what it prints', async () => {
    const differing = async (first: History, second: History) => {
      const { runner } = answering((run) => [...(run === -1 ? first : run === 0 ? second : []), ...lawful])
      return (await attempt(connector, { seed: 1, runs: 1, runner })).repeats
    }
    expect(await differing([event('reports')], [event('reports')])).toBe(true)
    expect(await differing([event('reports')], [])).toBe(false)
    expect(await differing([event('reports', { detail: 'a' })], [event('reports', { detail: 'b' })])).toBe(false)
    expect(await differing([event('reports', { time: 1 })], [event('reports', { time: 2 })])).toBe(true)
    expect(await differing([event('prints', { detail: 'today' })], [event('prints', { detail: 'now' }), event('prints')])).toBe(true)
  })

  it('runs in this process where no runner is given', async () => {
    clock.isReal = true
    const right: Connector = { ...connector, exempt: {}, start: ({ send }) => ({ take: ({ content }) => send(content) }) }
    expect(told(await attempt(right, { seed: 1, runs: 2 }))).toEqual(['lawful', 2, ''])
    // On the real clock it starts no virtual one.
    const kept = globalThis.setTimeout
    let seen: unknown
    const start: Connector['start'] = (world) => { seen = globalThis.setTimeout; return right.start(world) }
    const real: Connector = { ...right, clock: 'real', patience: 20, start }
    await attempt(real, { seed: 1, runs: 0 })
    expect(seen).toBe(kept)
  })
})

describe('A broken law', () => {
  it('ends the search, and is told with the scenario, as it was drawn where that is asked', async () => {
    const { asked, runner } = answering((run) => (run >= 7 ? invents : lawful))
    const runs: number[] = []
    const found = await attempt(connector, { seed: 3, runs: 40, runner, asDrawn: true, onRun: (run) => runs.push(run) })
    expect(found).toMatchObject({ verdict: 'broken', runs: 7, because: '', repeats: true, broken: { clause: 'nothing invented' } })
    expect(runs).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect([found.broken!.scenario, asked.length]).toEqual([asked[8], 10])
  })

  it('is made smaller otherwise', async () => {
    const { asked, runner } = answering((run, { stream }) => (run > 0 && stream.length > 1 ? invents : lawful))
    const { broken } = await attempt(connector, { seed: 3, runs: 40, runner })
    expect(broken!.scenario).toEqual({ workers: 1, links: 1, faults: [], schedule: [], stream: [
      { count: 1, kind: 'plain', link: 1 }, { count: 1, kind: 'plain', link: 1 }] })
    expect(broken!.tries).toBeGreaterThan(1)
    expect(asked.length).toBeGreaterThan(10)
  })

  it('is looked for by several at once, and found where one would find it', async () => {
    const results = await Promise.all([1, 2, 3].map(async (many) => {
      const { asked, runner } = answering((run, scenario) => (scenario.schedule.length > 24 && run > 0 ? invents : lawful))
      // The first of them is slow: what is told comes in the order of the scenarios all the same.
      const slow: Runner = async (scenario, options) => {
        for (let turns = 0; turns < 50; turns++) await null
        return runner(scenario, options)
      }
      const order: number[] = []
      const found = await attempt(connector, {
        seed: 3, runs: 40, asDrawn: true, onRun: (run, { scenario }) => order.push(run, scenario.schedule.length),
        runner: [slow, ...Array.from({ length: many - 1 }, () => runner)],
      })
      expect(asked.length).toBeLessThan(40)
      return { order, told: told(found), scenario: found.broken!.scenario }
    }))
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
    expect(results[0]!.told[1]).toBeGreaterThan(1)
  })

  it('that is not broken again is told as what was seen once', async () => {
    const { runner } = answering((run) => (run === 1 ? gaveUp('it was busy') : run === 3 ? invents : lawful))
    const found = await attempt(connector, { seed: 1, runs: 9, runner, asDrawn: true }).then(told, (error: unknown) => String(error))
    expect(found).toContain('it does not repeat')
  })
})

describe('A trial that cannot be judged', () => {
  it('is told of by its first reason, and ends the search at the twentieth', async () => {
    const some = answering((run) => (run === 2 || run === 4 ? gaveUp(`reason ${run}`) : lawful))
    expect(told(await attempt(connector, { seed: 1, runs: 9, runner: some.runner }))).toEqual(['inconclusive', 9, 'reason 2'])
    const all = answering((run) => (run > 0 ? gaveUp(`reason ${run}`) : lawful))
    expect(told(await attempt(connector, { seed: 1, runs: 60, runner: all.runner }))).toEqual(['inconclusive', 20, 'reason 1'])
    expect(all.asked).toHaveLength(22)
    const several = answering((run) => (run > 0 ? gaveUp('busy') : lawful))
    const runner = [several.runner, several.runner, several.runner]
    expect(told(await attempt(connector, { seed: 1, runs: 60, runner }))).toEqual(['inconclusive', 20, 'busy'])
  })

  it('is one for which there is no time', async () => {
    const { asked, runner } = answering((run) => { clock.now += run > 0 ? 1_000 : 0; return lawful })
    expect(told(await attempt(connector, { seed: 1, runs: 60, runner, seconds: 30 }))).toEqual(
      ['inconclusive', 31, 'the time was over after 31 of 60 scenarios'])
    expect(asked).toHaveLength(33)
    expect(told(await attempt(connector, { seed: 1, runs: 60, runner }))).toEqual(['lawful', 60, ''])
  })

  it('is one whose runner has no more time', async () => {
    const { runner } = answering((run) => {
      if (run === 5) throw new Inconclusive('the process was over')
      return run === 2 ? gaveUp('busy') : lawful
    })
    expect(told(await attempt(connector, { seed: 1, runs: 60, runner }))).toEqual(['inconclusive', 4, 'the process was over'])
    const broken = answering((run) => { if (run === 5) throw new Error('a mistake'); return lawful })
    await expect(attempt(connector, { seed: 1, runs: 60, runner: broken.runner })).rejects.toThrow('a mistake')
  })
})

describe('A connector that takes large streams', () => {
  /** Nothing happens to it, so that its scenarios are quickly drawn, and nothing that it is given is refused. */
  const large = {
    ...connector, burst: 8_000, notApplicable: Object.fromEntries(faultNames.map((name) => [name, 'no'])),
    neverGiven: { refused: 'no', busy: 'no', 'bad address': 'no' },
  }
  const sizes = async (promised: Partial<Connector>, runs: number, history?: (run: number, scenario: Scenario) => History) => {
    const { asked, runner } = answering(history)
    const tried = { ...large, ...promised }
    const verdict = await attempt(tried, { seed: 1, runs, runner, asDrawn: true })
    const counts = asked.slice(2 + runs).map(({ stream }) => stream.map(({ count }) => count).join())
    return { sizes: counts.toSpliced(manyFailures(tried).length, more(tried)), verdict }
  }
  /** Scenarios that are drawn of situations before those. */
  const more = (tried: Connector) => 6 * situationsFor(tried).length
  const before = 100 + more(large)

  it('is tried with those after a hundred scenarios, the smaller first', async () => {
    expect((await sizes({}, 100)).sizes).toEqual(['125', '1000', '8000'])
    expect((await sizes({ burst: 8_001 }, 100)).sizes).toEqual(['126', '1008', '8001'])
    expect((await sizes({}, 99)).sizes).toEqual([])
    expect((await sizes({ burst: 5_000 }, 100)).sizes).toEqual(['5000'])
    expect((await sizes({ burst: 3 }, 100)).sizes).toEqual(['3'])
    expect((await sizes({ clock: 'real', patience: 50 }, 100)).sizes).toEqual([])
    expect((await sizes({}, 100, (run) => (run === 50 ? gaveUp('busy') : lawful))).sizes).toEqual([])
  })

  it('says before each how large it is, and where time was over in one that nothing else is missing', async () => {
    const bursts: number[] = []
    const { runner } = answering((run) => {
      if (run > before + 1) throw new Inconclusive('the time was over')
      return lawful
    })
    const verdict = await attempt(large, { seed: 1, runs: 100, runner, onBurst: (messages) => bursts.push(messages) })
    expect(bursts).toEqual([125, 1_000])
    expect(verdict.because).toBe('the time was over in a burst of 1,000 messages: only the largest bursts are missing, and all 100 drawn scenarios '
      + 'keep every law')
    expect(whatSettles(verdict.because)).toContain('a smaller `burst`')
  })

  it('is tried with more of each situation before those, drawn of its seed', async () => {
    const drawn = async (seed: number, runs = 100) => {
      const { asked, runner } = answering()
      await attempt(large, { seed, runs, runner })
      return asked.slice(2 + runs, -3)
    }
    const [one, another] = [await drawn(1), await drawn(2)]
    expect([one.length, another.length]).toEqual([more(large), more(large)])
    expect(await drawn(1)).toEqual(one)
    expect(another).not.toEqual(one)
    expect(await drawn(1, 99)).toEqual([])
    expect((await sizes({}, 100, (run) => (run >= before ? invents : lawful))).verdict).toMatchObject({ verdict: 'broken', runs: before })
  })

  it('is tried with what fails very often before those', async () => {
    const neverGiven = { refused: 'no', 'bad address': 'no' }
    expect((await sizes({ neverGiven }, 100)).sizes).toEqual(['130,2', '125', '1000', '8000'])
    expect((await sizes({ neverGiven }, 99)).sizes).toEqual([])
    const { verdict } = await sizes({ neverGiven }, 100, (run, { stream }) => (run > 100 && stream.length === 2 ? invents : lawful))
    expect([told(verdict), verdict.broken!.scenario.stream[0]]).toEqual([['broken', 101, ''], { count: 130, kind: 'busy', link: 1 }])
  })

  it('is broken by the first that breaks a law', async () => {
    const { sizes: tried, verdict } = await sizes({}, 100, (run) => (run >= before + 2 ? invents : lawful))
    expect([tried, told(verdict), verdict.broken!.scenario.stream[0]!.count])
      .toEqual([['125', '1000', '1000'], ['broken', before + 2, ''], 1_000])
  })

  it('is not tried with the next where that would take more than a minute, which is told', async () => {
    const taking = (milliseconds: number) => sizes({}, 100, (run) => { clock.now += run > before ? milliseconds : 0; return lawful })
    const whole = await taking(7_500)
    expect([whole.sizes, whole.verdict.unreached.map(({ what }) => what)]).toEqual([['125', '1000', '8000'], expect.not.arrayContaining(['1,000 messages at once'])])
    const cut = await taking(7_501)
    expect(cut.sizes).toEqual(['125'])
    expect(cut.verdict.unreached).toContainEqual(
      { what: '1,000 messages at once', because: '125 of them took 7.5 s: it would take more than 60 s' })
  })
})

describe('A connector on the real clock', () => {
  it('has its patience measured, unless it declares one', async () => {
    const patience: (number | undefined)[] = []
    const runner: Runner = async (_, options) => { patience.push(options?.patience); return lawful }
    await attempt({ ...connector, clock: 'real' }, { seed: 1, runs: 1, runner })
    expect(patience).toEqual([1_000, 1_000, 1_000, 60, 60, 60])
    patience.length = 0
    await attempt({ ...connector, clock: 'real', patience: 40 }, { seed: 1, runs: 1, runner })
    expect(patience).toEqual([undefined, undefined, undefined])
  })
})
