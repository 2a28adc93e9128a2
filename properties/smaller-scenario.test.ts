/** Each pass of shrinking, on scenarios of which everything that it gives is written down. */
import { describe, expect, it } from 'vitest'
import { passes } from '../engine/falsify/smaller-scenarios.ts'
import type { Connector } from '../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../spec/scenario.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const [alone, fewerParts, smallerBursts, noSchedule, fewerHands, simplerFaults, shorterSchedule] = passes
const bare: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const burst = (count: number, kind: Burst['kind'] = 'plain', link = 1): Burst => ({ count, kind, link })
const fault = (after: number, what: Fault['what'] = 'link hangs', on = 1): Fault => ({ after, what, on })

/** What a pass gives, each as what it has changed. */
function given(
  pass: (typeof passes)[number] | undefined, change: Partial<Scenario>, promised: Partial<Connector> = {},
): readonly Partial<Scenario>[] {
  const from = { ...bare, ...change }
  return [...pass!(from, { ...connector, ...promised }, new Map())].map((less) =>
    Object.fromEntries(Object.entries(less).filter(([key, value]) =>
      JSON.stringify(value) !== JSON.stringify(from[key as keyof Scenario]))))
}

describe('A pass of shrinking', () => {
  it('tries each message alone, and one of each, first of all', () => {
    const two = [burst(3), burst(1, 'twin', 2)]
    expect(given(alone, { workers: 3, stream: two, faults: [fault(1)], schedule: [1] }, { workers: [2, 4] })).toEqual([
      { workers: 2, stream: [burst(1)], faults: [], schedule: [] }, { workers: 2, stream: [burst(1, 'twin', 2)], faults: [], schedule: [] },
      { stream: [burst(1), burst(1, 'twin', 2)] },
    ])
    expect(given(alone, { stream: [burst(1), burst(1)] })).toEqual([{ stream: [burst(1)] }, { stream: [burst(1)] }])
    expect(given(alone, { stream: [burst(5)], workers: 2 })).toEqual([])
    expect(given(alone, { stream: [burst(5)], faults: [fault(0)] })).toEqual([{ stream: [burst(1)], faults: [] }, { stream: [burst(1)] }])
  })

  it('leaves out faults and bursts, those that follow coming a turn sooner, or not', () => {
    expect(given(fewerParts, {})).toEqual([])
    expect(given(fewerParts, { faults: [fault(1)] })).toEqual([{ faults: [] }])
    expect(given(fewerParts, { faults: [fault(0), fault(3), fault(2)] })).toEqual([
      { faults: [] }, { faults: [fault(3), fault(2)] }, { faults: [fault(2), fault(2)] }, { faults: [fault(1), fault(1)] },
      { faults: [fault(0), fault(2)] }, { faults: [fault(0), fault(1)] },
      { faults: [fault(0), fault(3)] }, { faults: [fault(0), fault(2)] }, { faults: [fault(0), fault(1)] },
    ])
    expect(given(fewerParts, { stream: [burst(1), burst(2)] })).toEqual([{ stream: [burst(2)] }, { stream: [burst(1)] }])
    expect(given(fewerParts, { stream: [burst(1), burst(2)], schedule: [3, 4] })).toEqual([
      { stream: [burst(2)], schedule: [4] }, { stream: [burst(2)] }, { stream: [burst(1)], schedule: [4] }, { stream: [burst(1)] },
    ])
    expect(given(fewerParts, { stream: [burst(1), burst(2)], faults: [fault(0), fault(2)] }).slice(1, 3)).toEqual([
      { stream: [burst(2)], faults: [fault(0), fault(1)] }, { stream: [burst(2)] },
    ])
  })

  it('halves a burst between too few and enough, makes it plain, over the first link, and one with its like', () => {
    const counts = (count: number, enough: number) => {
      const tried: number[] = []
      const known = new Map<string, number>()
      for (let now = count; ; ) {
        let isLess = false
        for (const less of smallerBursts!({ ...bare, stream: [burst(now)] }, connector, known)) {
          const next = less.stream[0]!.count
          tried.push(next)
          if (next < enough) continue
          now = next
          isLess = true
          break
        }
        if (!isLess) return { tried, now }
      }
    }
    expect(counts(10, 7)).toEqual({ tried: [1, 3, 6, 8, 7], now: 7 })
    expect(counts(1, 1)).toEqual({ tried: [], now: 1 })
    expect(counts(2, 2)).toEqual({ tried: [1], now: 2 })
    expect(counts(1_000, 1)).toEqual({ tried: [1], now: 1 })
    expect(counts(1_000, 700)).toEqual({ tried: [1, 31, 176, 419, 709, 564, 636, 672, 690, 699, 704, 701, 700], now: 700 })
    expect(given(smallerBursts, { stream: [burst(1, 'twin', 2)] })).toEqual([{ stream: [burst(1, 'plain', 2)] }, { stream: [burst(1, 'twin')] }])
    const [a, b, c] = [burst(1), burst(1, 'plain', 2), burst(1)]
    expect(given(smallerBursts, { stream: [a, b, c] })).toEqual([{ stream: [burst(2), b] }, { stream: [a, a, c] }])
    expect(given(smallerBursts, { stream: [a, c], schedule: [1, 2] })).toEqual(
      [{ stream: [burst(2)], schedule: [2] }, { stream: [burst(2)] }])
    expect(given(smallerBursts, { stream: [a, burst(1, 'twin')] })).toEqual([{ stream: [a, a] }])
  })

  it('drops the schedule, halves it, and takes its positions down', () => {
    expect([given(noSchedule, {}), given(noSchedule, { schedule: [0] })]).toEqual([[], [{ schedule: [] }]])
    expect(given(shorterSchedule, {})).toEqual([])
    expect(given(shorterSchedule, { schedule: [0, 3, 1] })).toEqual([
      { schedule: [1] }, { schedule: [0, 3] }, { schedule: [3, 1] }, { schedule: [0, 1] }, { schedule: [0, 3] },
      { schedule: [0, 0, 1] }, { schedule: [0, 2, 1] }, { schedule: [0, 3, 0] },
    ])
  })

  it('brings faults forward, and to a lower number', () => {
    expect(given(simplerFaults, { faults: [fault(0)] })).toEqual([])
    expect(given(simplerFaults, { faults: [fault(5), fault(1, 'link heals', 3)] })).toEqual([
      ...[0, 2, 4].map((after) => ({ faults: [fault(after), fault(1, 'link heals', 3)] })),
      { faults: [fault(5), fault(0, 'link heals', 3)] }, { faults: [fault(5), fault(1, 'link heals', 1)] },
      { faults: [fault(5), fault(1, 'link heals', 2)] },
    ])
  })

  it('takes away recipients, workers and links, as far as the connector can do with fewer', () => {
    expect(given(fewerHands, {})).toEqual([])
    expect(given(fewerHands, { recipients: 2 })).toEqual([{ recipients: 1 }])
    expect(given(fewerHands, { recipients: 1 })).toEqual([])
    expect(given(fewerHands, { workers: 4 })).toEqual([{ workers: 1 }, { workers: 3 }])
    expect(given(fewerHands, { workers: 3 }, { workers: [2, 4] })).toEqual([{ workers: 2 }])
    expect(given(fewerHands, { workers: 2, links: 2 }, { workers: [2, 4], links: [2, 3] })).toEqual([])
    expect(given(fewerHands, { links: 2, stream: [burst(1, 'plain', 2)] })).toEqual([{ links: 1 }, { links: 1, stream: [burst(1)] }])
    const over = (...links: readonly number[]) => links.map((link) => burst(1, 'plain', link))
    const hit = (...on: readonly number[]) => [fault(0, 'link hangs', on[0]), fault(0, 'worker dies', on[1])]
    expect(given(fewerHands, { links: 3, stream: over(1, 2, 3, 5), faults: hit(3, 3) })).toEqual([
      { links: 2 },
      { links: 2, stream: over(1, 1, 2, 1), faults: hit(2, 3) },
      { links: 2, stream: over(1, 2, 1, 2), faults: hit(1, 3) },
      { links: 2, stream: over(1, 2, 2, 2), faults: hit(2, 3) },
    ])
  })
})
