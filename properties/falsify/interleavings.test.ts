/** How every order is tried: which schedules, of which messages, and when that ends. No connector is at work here. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { everyOrder, type Orders } from '../../engine/falsify/interleavings.ts'
import type { Runner } from '../../engine/falsify/runner.ts'
import { Unrepeatable } from '../../engine/falsify/shrink.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { invents, lawful, unstarted } from './answered.ts'

const clock = { now: 0 }
vi.mock(import('../../engine/real-time.ts'), async (real) => ({ ...await real(), realNow: () => clock.now }))
beforeEach(() => { clock.now = 1_000 })

const connector: Connector = { ...unstarted, links: [1, 1] }
const schedule = ({ schedule: all }: Scenario) => all.slice(0, all.findLastIndex((position) => position > 0) + 1).join('')

/** Runs with so many choices at each turn, by what was chosen until then; as a history, what the schedule and the scenario say. */
async function tried(
  choices: (chosen: string, scenario: Scenario, run: number) => readonly number[], promised: Partial<Connector> = {},
  { history = () => lawful, ...more }: Omit<Parameters<typeof everyOrder>[1], 'runner'> & {
    readonly history?: (chosen: string, full: boolean, run: number) => History
  } = {},
): Promise<{ readonly orders: Orders; readonly asked: readonly Scenario[]; readonly chosen: readonly string[] }> {
  const asked: Scenario[] = []
  const runner: Runner = async (scenario, options) => {
    const run = asked.push(scenario)
    for (const count of choices(schedule(scenario), scenario, run)) options?.onChoice?.(count)
    return history(schedule(scenario), options?.full === true, run)
  }
  const orders = await everyOrder({ ...connector, ...promised }, { runner, ...more })
  return { orders, asked, chosen: asked.map(schedule) }
}
/** As many choices as there are messages, then one fewer, and so on. */
const permutations = (_: string, { stream }: Scenario) => stream.map((_, i) => stream.length - i)

describe('Every order', () => {
  it('is tried once, depth first, of two messages, then of three, then of four', async () => {
    const { orders, asked, chosen } = await tried(permutations)
    expect(orders).toEqual({ workers: 2, messages: 4, tried: 24, all: true, because: '', broken: null })
    expect(chosen.slice(0, 8)).toEqual(['', '1', '', '01', '1', '11', '2', '21'])
    expect(asked.map(({ stream }) => stream.length).join('')).toBe('22333333444444444444444444444444')
    expect(new Set(asked.map(({ schedule }) => schedule.length))).toEqual(new Set([400]))
    expect(new Set(asked.flatMap(({ schedule }) => schedule))).toEqual(new Set([0, 1, 2, 3]))
    const one = { count: 1, kind: 'plain', link: 1 }
    expect(asked[0]).toMatchObject({ workers: 2, links: 1, faults: [], stream: [one, one] })
  })

  it('is tried over one link, and by turns over two, as the connector can be given these', async () => {
    const grounds = async (promised: Partial<Connector>) => {
      const { asked } = await tried((_, { stream }) => (stream.length > 2 ? [9_999] : [1]), promised, { most: 50 })
      return asked.filter(({ stream }) => stream.length === 2).map(({ links, workers, stream }) =>
        `${links} ${workers} ${stream.map(({ link }) => link).join()}`)
    }
    expect(await grounds({ links: [1, 3] })).toEqual(['1 2 1,1', '2 2 1,2'])
    expect(await grounds({ links: [1, 1] })).toEqual(['1 2 1,1'])
    expect(await grounds({ links: [2, 2] })).toEqual(['2 2 1,2'])
    expect(await grounds({ links: [3, 4] })).toEqual(['3 2 1,2'])
    expect(await grounds({ workers: [1, 1] })).toEqual(['1 1 1,1'])
    expect(await grounds({ workers: [3, 4] })).toEqual(['1 3 1,1'])
  })

  it('is told of the most messages of which all were tried', async () => {
    expect((await tried(permutations, {}, { most: 20 })).orders).toEqual(
      { workers: 2, messages: 3, tried: 6, all: true, because: '', broken: null })
    expect((await tried(permutations, {}, { most: 32 })).orders.messages).toBe(4)
    expect((await tried(permutations, {}, { most: 1 })).orders).toEqual(
      { workers: 2, messages: 2, tried: 1, all: false, because: 'there are more than 1', broken: null })
    expect((await tried(() => [9_999])).orders).toMatchObject({ tried: 2_000, because: 'there are more than 2,000' })
    const seen: string[] = []
    await tried(permutations, {}, { most: 3, onHistory: (scenario, history) => seen.push(`${schedule(scenario)} ${history[0]!.what}`) })
    expect(seen).toEqual([' crashed', '1 crashed', ' crashed'])
  })

  it('ends with the time that there is', async () => {
    const slow = (chosen: string, scenario: Scenario) => { clock.now += 1_000; return permutations(chosen, scenario) }
    expect((await tried(slow, {}, { seconds: 1 })).orders).toMatchObject({ messages: 2, tried: 2, all: true })
    expect((await tried(slow, {}, { seconds: 0 })).orders).toMatchObject({ messages: 2, tried: 1, all: false, because: 'time was over' })
  })

  it('is not claimed of a run that is too long, nor where a schedule gives another run', async () => {
    const turns = (count: number) => tried(() => Array.from({ length: count }, () => 1))
    expect((await turns(401)).orders).toMatchObject({ tried: 1, all: false, because: 'a run takes more than 400 turns' })
    expect((await turns(400)).orders).toMatchObject({ all: true, messages: 4 })
    const restless = 'the same schedule does not always give the same run'
    expect((await tried((_, __, run) => (run === 2 ? [1] : [2]))).orders).toMatchObject({ tried: 2, all: false, because: restless })
    expect((await tried((_, __, run) => (run === 2 ? [] : [2]))).orders).toMatchObject({ tried: 2, all: false, because: restless })
    expect((await tried((_, __, run) => (run === 2 ? [2, 1] : [2]))).orders).toMatchObject({ all: true })
  })
})

describe('An order that breaks a law', () => {
  it('is told under the shortest schedule that gives it', async () => {
    const { orders, asked } = await tried(() => [2, 2, 1], {}, { history: (chosen) => (chosen === '01' ? invents : lawful) })
    expect(orders).toMatchObject({ messages: 2, tried: 2, all: false, because: '', broken: {
      clause: 'nothing invented', history: invents, tries: 0, scenario: { schedule: [0, 1] } } })
    expect(asked).toHaveLength(3)
    const first = await tried(() => [2], {}, { history: () => invents })
    expect([first.orders.tried, first.orders.broken!.scenario.schedule]).toEqual([1, []])
  })

  it('is told with every event, under the whole schedule where the shortest does not give it', async () => {
    const whole = [...invents, ...lawful]
    const told = async (breaks: (run: number) => History) => {
      const fulls: boolean[] = []
      const { orders } = await tried(() => [2], {}, { history: (_, full, run) => { fulls.push(full); return breaks(run) } })
      return [orders.broken!.scenario.schedule.length, orders.broken!.history, fulls]
    }
    expect(await told((run) => (run === 2 ? whole : invents))).toEqual([0, whole, [false, true]])
    expect(await told((run) => (run === 2 ? lawful : run === 3 ? whole : invents))).toEqual([400, whole, [false, true, true]])
  })

  it('is told as what the second run breaks, where that is another law', async () => {
    const crashes: History = [{ what: 'crashed', time: 0, detail: 'it fell' }]
    const { orders } = await tried(() => [2], { exempt: {} }, { history: (_, full) => (full ? crashes : invents) })
    expect(orders.broken).toMatchObject({ law: { name: 'nothing wedges' }, history: crashes, scenario: { schedule: [] } })
  })

  it('is no accusation where every law is kept when it is run again, and is one where there is no time for that', async () => {
    const error = await tried(() => [2], {}, { history: (_, full) => (full ? lawful : invents) }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Unrepeatable)
    expect((error as Unrepeatable).seen).toMatchObject({ law: { name: 'honest' }, history: invents, tries: 0 })
    const late = (full: boolean): History => {
      if (full) throw new Inconclusive('no time')
      return invents
    }
    expect((await tried(() => [2], {}, { history: (_, full) => late(full) })).orders.broken).toMatchObject({ history: invents })
  })
})
