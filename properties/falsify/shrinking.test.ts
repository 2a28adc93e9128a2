/** How a scenario is made smaller: what is tried, when that ends, and what is told. No connector is at work here. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Runner } from '../../engine/falsify/runner.ts'
import { shrunk, Unrepeatable } from '../../engine/falsify/shrink.ts'
import { type Ran, ran } from '../../engine/falsify/verdict-of-run.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import type { Connector, Event, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const clock = { now: 0 }
vi.mock(import('../../engine/real-time.ts'), async (real) => ({ ...await real(), realNow: () => clock.now }))
beforeEach(() => { clock.now = 1_000 })

const connector: Connector = { name: 'mine', guarantee: 'at-least-once', start: () => ({}) }
const event = (what: Event['what'], more: Partial<Event> = {}): Event => ({ what, time: 0, ...more })
const invents: History = [event('recorded something never sent', { link: 'link 1', detail: 'x' }), event('gave up')]
const crashes: History = [event('reports'), event('reports'), event('crashed', { detail: 'it fell' })]
const goesOn: History = [event('reports'), event('livelock', { detail: '7,200,000 ms' })]
const lawful: History = [event('gave up', { detail: 'for nothing' })]

/** Runs that are answered by what the scenario is; how many there were, and which. */
function answering(history: (scenario: Scenario, run: number) => History) {
  const asked: Scenario[] = []
  const runner: Runner = async (scenario) => history(scenario, asked.push(scenario))
  return { asked, runner }
}
const many: Scenario = {
  workers: 3, links: 2, schedule: [3, 1, 2], faults: [{ after: 5, what: 'link hangs', on: 2 }, { after: 7, what: 'time passes', on: 3 }],
  stream: [{ count: 900, kind: 'new header', link: 2 }, { count: 40, kind: 'twin', link: 1 }],
}
const bare: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const size = ({ stream }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0)
const options = { asDrawn: false, until: Infinity }
const found = async (history: (scenario: Scenario, run: number) => History, change: Partial<Connector> = {}, scenario = many) => {
  const { asked, runner } = answering(history)
  const from = await ran({ ...connector, ...change }, scenario, async () => history(scenario, 0))
  return { asked, broken: await shrunk({ ...connector, ...change }, from, { ...options, runner }) }
}

describe('Shrinking', () => {
  it('comes to the smallest scenario that breaks the same law, and tries none twice', async () => {
    const { asked, broken } = await found((scenario) => (size(scenario) > 700 && scenario.faults.length > 0 ? invents : lawful))
    expect(broken).toMatchObject({
      clause: 'nothing invented', history: invents,
      scenario: { workers: 1, links: 1, faults: [{ after: 0, on: 1 }], schedule: [], stream: [{ count: 701, kind: 'plain', link: 1 }] },
    })
    expect([broken.tries, new Set(asked.map((each) => JSON.stringify(each))).size]).toEqual([asked.length, asked.length])
    expect(asked[0]).toEqual(many)
    expect(asked.length).toBeLessThan(80)
    expect('without' in broken).toBe(false)
  })

  it('begins anew as long as one thing lets another go, and passes over what it has tried', async () => {
    const { broken } = await found((scenario) =>
      (scenario.stream.length === 2 && (scenario.faults.length > 0 || scenario.workers === 1) ? invents : lawful))
    expect(broken.scenario).toMatchObject({ faults: [], workers: 1 })
    const same = { ...many, stream: [many.stream[0]!, many.stream[0]!] }
    const { asked } = await found((scenario) => (JSON.stringify(scenario) === JSON.stringify(same) ? invents : lawful), {}, same)
    expect(asked.filter(({ faults, stream }) => faults.length === 0 && stream.length === 1 && stream[0]!.count === 1)).toHaveLength(1)
  })

  it('leaves out fresh messages last, where one of them is accused or it ends among them', async () => {
    const fresh: History = Array.from({ length: 14 }, (_, i) => event('fresh', { message: `m${i + 1}`, link: 'link 1' }))
    const needed = new Set(['twin', 'lines'])
    const { asked, broken } = await found(({ calm }) =>
      (!calm || [...needed].every((kind) => calm.some((each) => each.kind === kind)) ? [...fresh, ...crashes] : lawful), {}, bare)
    expect(broken.scenario).toEqual({ ...bare, calm: [{ kind: 'twin', link: 1 }, { kind: 'lines', link: 1 }] })
    const first = asked.findIndex(({ calm }) => calm)
    expect(asked.slice(first, -1).every(({ calm }) => calm)).toBe(true)
    expect((await found(() => [event('calm'), event('healed'), ...crashes], {}, bare)).broken.scenario).toEqual(bare)
  })

  it('leaves the order of calls out early where each try takes long, as of one that spins', async () => {
    // A second for each run: there is time for a few, which are too few for all that could be smaller.
    const needed = (scenario: Scenario) => size(scenario) >= 900 && scenario.faults.length > 0
    const { broken } = await found((scenario) => {
      clock.now += 1_000
      return needed(scenario) ? crashes : lawful
    })
    expect(broken.scenario.schedule).toEqual([])
    expect(broken.tries).toBeLessThan(20)
  })

  it('takes no scenario that breaks another law', async () => {
    const { broken } = await found((scenario) => (scenario.faults.length === 2 ? invents : crashes))
    expect([broken.scenario.faults.length, broken.law.name]).toEqual([2, 'honest'])
  })

  it('leaves it as it was drawn where that is asked', async () => {
    const { asked, runner } = answering(() => invents)
    const broken = await shrunk(connector, await ran(connector, many, async () => invents), { runner, asDrawn: true, until: Infinity })
    expect([broken.scenario, broken.tries, asked.length]).toEqual([many, 1, 1])
  })

  it('says that it does not repeat where the second run keeps every law', async () => {
    const from = await ran(connector, many, async () => invents)
    const { runner } = answering(() => lawful)
    const error = await shrunk(connector, from, { ...options, runner }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Unrepeatable)
    expect((error as Unrepeatable).message).toBe('mine broke a law once, and not again under the same scenario: it does not repeat. '
      + '(link 1 records ‘x’, which nobody sent.)')
    expect((error as Unrepeatable).seen).toMatchObject({ clause: 'nothing invented', scenario: many, history: invents, tries: 0 })
  })

  it('asks for every event of the smallest, where only the last was told', async () => {
    const full: boolean[] = []
    const last = [event('crashed', { detail: 'at last' })]
    const whole = [event('reports'), event('crashed', { detail: 'as a whole' })]
    const told = async (history: History) => {
      full.length = 0
      const runner: Runner = async (_, given) => { full.push(given?.full === true); return given?.full ? history : last }
      return shrunk(connector, await ran(connector, many, async () => last), { runner, asDrawn: true, until: Infinity })
    }
    expect(await told(whole)).toMatchObject({ history: whole, says: 'It crashes: as a whole.', scenario: many, tries: 1 })
    expect(full).toEqual([false, true])
    await expect(told(lawful)).rejects.toThrow(Unrepeatable)
    const never: Runner = async (_, given) => { if (given?.full) throw new Inconclusive('no'); return last }
    expect(await shrunk(connector, await ran(connector, many, async () => last), { runner: never, asDrawn: true, until: Infinity }))
      .toMatchObject({ history: last, says: 'It crashes: at last.' })
  })

  it('keeps the run that a law was broken beside', async () => {
    const from: Ran = { ...await ran(connector, many, async () => invents), without: lawful }
    const runner: Runner = async () => { throw new Inconclusive('no time') }
    expect(await shrunk(connector, from, { ...options, runner })).toMatchObject(
      { without: lawful, scenario: many, tries: 1, history: invents })
  })
})

describe('Shrinking of a race', () => {
  const needed = ({ stream, faults }: Scenario) => stream.some(({ link }) => link === 2) && faults.some(({ what }) => what === 'link hangs')
  const sizeOf = ({ workers, links, stream, faults, schedule }: Scenario) =>
    workers + links + size({ stream } as Scenario) + 2 * faults.length + schedule.length + stream.length
  const races = async (chance: number, seed: number) => {
    const drawn = fc.sample(fc.nat(99), { seed, numRuns: 400, unbiased: true })
    const history = (scenario: Scenario, run: number) =>
      (run < 2 || (needed(scenario) && drawn[run]! < 100 * chance) ? invents : lawful)
    return found(history, { clock: 'real', patience: 1 })
  }

  // Where each is run once, the mean is 9.5 at a quarter, and the largest 23.
  it('comes to what is nearly as small as of a bug that always shows, in no more tries than there are', async () => {
    const always = sizeOf((await races(1, 1)).broken.scenario)
    const all = await Promise.all(Array.from({ length: 40 }, (_, seed) => races(0.25, seed + 1)))
    const sizes = all.map(({ broken }) => sizeOf(broken.scenario))
    expect([always, sizes.reduce((sum, each) => sum + each, 0) / sizes.length]).toEqual([6, 7])
    expect(Math.max(...sizes)).toBe(10)
    expect(Math.max(...all.map(({ asked }) => asked.length))).toBe(150)
  })

  it('costs three tries more where it always shows', async () => {
    const { asked, broken } = await found((scenario) => (needed(scenario) ? invents : lawful), { clock: 'real', patience: 1 })
    const once = new Set(asked.map((each) => JSON.stringify(each))).size
    expect([asked.length, broken.tries]).toEqual([once + 3, once + 3])
  })
})

/** So many steps smaller that no number of tries is enough. */
const endless: Scenario = { ...many, schedule: Array.from({ length: 300 }, () => 7) }
describe('Shrinking ends', () => {
  const tries = async (milliseconds: number, history: History = invents, change: Partial<Connector> = {}, until = Infinity) => {
    const from = await ran({ ...connector, ...change }, endless, async () => history)
    const { asked, runner } = answering((scenario, run) => {
      clock.now += milliseconds
      return JSON.stringify(scenario) === JSON.stringify(endless) || (run === 40 && milliseconds === 0) ? history : lawful
    })
    const broken = await shrunk({ ...connector, ...change }, from, { runner, asDrawn: false, until })
    expect(broken.tries).toBe(asked.length)
    return asked.length
  }
  const real = { clock: 'real', patience: 1 } as const

  it('after four hundred tries, and on the real clock after a hundred and fifty', async () => {
    expect([await tries(0), await tries(0, invents, real)]).toEqual([400, 150])
  })

  it('after a minute, eight seconds where it crashes or never ends, and five minutes on the real clock', async () => {
    expect(await tries(1_000)).toBe(62)
    expect(await tries(1_000, crashes)).toBe(10)
    expect(await tries(1_000, goesOn)).toBe(10)
    expect(await tries(10_000, invents, real)).toBe(32)
    expect(await tries(10_000, crashes, real)).toBe(32)
  })

  it('when time is over, but for half a second', async () => {
    expect(await tries(100, invents, {}, 3_000)).toBe(21)
    expect(await tries(100, invents, {}, 0)).toBe(7)
  })

  it('with the smallest so far where the runner has no more time', async () => {
    const { broken } = await found((scenario, run) => {
      if (run === 6) throw new Inconclusive('the process was over')
      return scenario.stream.length > 1 ? invents : lawful
    })
    expect(broken.tries).toBe(6)
    expect(broken.scenario).toMatchObject({ stream: [{ count: 1 }, { count: 1 }] })
    await expect(found((_, run) => {
      if (run === 3) throw new Error('a mistake')
      return run < 2 ? invents : lawful
    })).rejects.toThrow('a mistake')
  })
})
