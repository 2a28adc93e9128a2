/** Which parts of a scenario are left out to see whether they matter, and what is told of each. No connector is at work here. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { lacking } from '../../engine/falsify/ablation.ts'
import type { History } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { gaveUp, invents, lawful, unstarted } from './answered.ts'

const clock = { now: 0 }
vi.mock(import('../../engine/real-time.ts'), async (real) => ({ ...await real(), realNow: () => clock.now }))
beforeEach(() => { clock.now = 1_000 })

const bare: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const told = async (change: Partial<Scenario>, history: (run: number) => History = () => lawful, seconds = 60) => {
  const asked: Scenario[] = []
  const found = await lacking(unstarted, { ...bare, ...change }, async (scenario) => history(asked.push(scenario)), seconds)
  return { asked: asked.map((each) => Object.fromEntries(Object.entries(each).filter(([key, value]) =>
    JSON.stringify(value) !== JSON.stringify({ ...bare, ...change }[key as keyof Scenario])))), found }
}
const faults = (count: number) => Array.from({ length: count }, (_, after) => ({ after, what: 'link hangs', on: 1 }) as const)

describe('The parts of a scenario', () => {
  it('are left out one at a time, and a scenario has a message in the end', async () => {
    expect(await told({})).toEqual({ asked: [], found: [] })
    const twin = { count: 1, kind: 'twin', link: 1 } as const
    expect((await told({ stream: [twin] })).asked).toEqual([{ stream: [{ ...twin, kind: 'plain' }] }])
    expect((await told({ stream: [{ count: 1, kind: 'refused', link: 1, only: 2 }] })).asked).toEqual([{ stream: [{ ...twin, kind: 'plain' }] }])
    expect((await told({ stream: [{ ...twin, count: 2 }, ...bare.stream] })).asked).toEqual([
      { stream: [twin, ...bare.stream] }, { stream: [{ ...twin, count: 2, kind: 'plain' }, ...bare.stream] },
      { stream: [{ ...twin, count: 2 }] },
    ])
    expect((await told({ recipients: 3, workers: 2, schedule: [0, 1] })).asked).toEqual(
      [{ workers: 1 }, { recipients: 2 }, { schedule: [] }])
    expect((await told({ recipients: 1, schedule: [0, 0] })).asked).toEqual([])
    expect((await told({ faults: faults(2) })).asked).toEqual([{ faults: faults(2).slice(1) }, { faults: faults(1) }])
    const [one, other] = faults(2) as [Fault, Fault]
    expect((await told({ faults: [one, one, other, one] })).asked).toEqual(
      [{ faults: [one, other, one] }, { faults: [one, one, one] }, { faults: [one, one, other] }])
    const [elsewhere, late] = [{ ...one, on: 2 }, { ...one, what: 'link is late' }] as const
    expect((await told({ faults: [one, elsewhere, late] })).asked).toHaveLength(3)
  })

  it('each have what happens without them', async () => {
    const { found } = await told({ faults: faults(3), workers: 2, recipients: 2 }, (run) =>
      [invents, lawful, gaveUp('it was busy')][run % 3]!)
    expect(found).toEqual([
      { part: 'fault', at: 0, law: null, outcome: 'kept', says: '' },
      { part: 'fault', at: 1, law: null, outcome: 'not known', says: 'Nothing can be said, because it was busy.' },
      { part: 'fault', at: 2, law: 'honest', outcome: 'broken', says: 'link 1 records ‘x’, which nobody sent.' },
      { part: 'workers', at: 0, law: null, outcome: 'kept', says: '' },
      { part: 'recipients', at: 0, law: null, outcome: 'not known', says: 'Nothing can be said, because it was busy.' },
    ])
  })

  it('are not tried where there are more than twenty-four, nor when there is no more time', async () => {
    expect((await told({ faults: faults(24) })).found).toHaveLength(24)
    expect(await told({ faults: faults(25) })).toEqual({ asked: [], found: [] })
    const { asked, found } = await told({ faults: faults(4) }, () => { clock.now += 1_000; return lawful }, 1)
    expect(asked).toHaveLength(2)
    expect(found.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'not known', 'not known'])
    expect(found[3]).toEqual({ part: 'fault', at: 3, law: null, outcome: 'not known', says: 'It was not tried, for lack of time.' })
  })
})
