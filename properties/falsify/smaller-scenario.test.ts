/** Each pass of shrinking, on scenarios of which everything that it gives is written down. */
import { describe, expect, it } from 'vitest'
import { fewerFresh, hastyPasses, passes } from '../../engine/falsify/smaller-scenarios.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'

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
  it('comes once, and those that take much away, or are one try, come first where there is time for few', () => {
    expect(hastyPasses).toEqual([alone, noSchedule, fewerParts, smallerBursts, fewerHands, simplerFaults, shorterSchedule])
  })

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

  it('leaves out half of the bursts with the turns that they and their calls took, or with their own, or with none', () => {
    const stream = Array.from({ length: 8 }, () => burst(1))
    const shorter = (more: Partial<Scenario>) => given(fewerParts, { stream, ...more }).filter(({ stream: left }) => left)
    const [both, own, none] = shorter({ faults: [fault(10)], schedule: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1] })
    expect(both).toEqual({ stream: stream.slice(4), faults: [fault(2)], schedule: [0, 1] })
    expect(own).toEqual({ stream: stream.slice(4), faults: [fault(6)], schedule: [0, 1, 0, 1, 0, 1] })
    expect(none).toEqual({ stream: stream.slice(4) })
    expect(shorter({ faults: [fault(0)] })[0]).toEqual({ stream: stream.slice(4) })
  })

  it('lets as much time pass at once as passes again and again, late or soon', () => {
    const passes = (after: number, on = 4) => fault(after, 'time passes', on)
    const longer = (...faults: readonly Fault[]) =>
      given(fewerParts, { faults }).filter(({ faults: left }) => left?.some(({ on }) => on > 4))
    expect(longer(fault(0), passes(2), passes(4), passes(6)))
      .toEqual([{ faults: [fault(0), passes(6, 5)] }, { faults: [fault(0), passes(2, 5)] }])
    expect(longer(fault(0), passes(2), passes(4))).toEqual([])
    const hours = [passes(2, 8), passes(4, 8), passes(6, 8)]
    expect(longer(...hours).map(({ faults }) => faults), 'there is none so long').not.toContainEqual([passes(6, 8)])
  })

  it('leaves out half of a long list, and a quarter, before it goes one by one', () => {
    const many = [0, 1, 2, 3, 4, 5, 6, 7].map((after) => fault(after))
    const without = (list: readonly unknown[], from: number, size: number) => list.toSpliced(from, size)
    expect(given(fewerParts, { faults: many }).slice(0, 8).map(({ faults }) => faults)).toEqual([
      [], without(many, 4, 4), without(many, 0, 4), ...[6, 4, 2, 0].map((from) => without(many, from, 2)), without(many, 0, 1),
    ])
    const stream = [1, 2, 3, 4, 5, 6].map((count) => burst(count))
    expect(given(fewerParts, { stream }).slice(0, 3)).toEqual([
      { stream: without(stream, 3, 3) }, { stream: without(stream, 0, 3) }, { stream: without(stream, 0, 1) },
    ])
    expect(given(fewerParts, { faults: many.slice(0, 5) })[1]).toEqual({ faults: many.slice(1, 5) })
  })

  it('lets a link refuse that drops again and again', () => {
    const drops = [fault(1, 'link drops before'), fault(2, 'link drops before', 2), fault(3, 'service dies'), fault(4, 'link drops before')]
    expect(given(fewerParts, { faults: drops })[1])
      .toEqual({ faults: [fault(1, 'link refuses'), fault(2, 'link drops before', 2), fault(3, 'service dies')] })
    const isRefusing = ({ faults = [] }: Partial<Scenario>) => faults.some(({ what }) => what === 'link refuses')
    expect(given(fewerParts, { faults: drops }).filter(isRefusing)).toHaveLength(1)
    expect(given(fewerParts, { faults: drops.slice(0, 3) }).some(isRefusing)).toBe(false)
    expect(given(fewerParts, { faults: [1, 2].map((after) => fault(after, 'link drops after')) }).some(isRefusing)).toBe(false)
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
    expect(counts(8, 7)).toEqual({ tried: [1, 2, 5, 6, 7], now: 7 })
    expect(counts(1, 1)).toEqual({ tried: [], now: 1 })
    expect(counts(2, 2)).toEqual({ tried: [1], now: 2 })
    expect(counts(1_000, 1)).toEqual({ tried: [1], now: 1 })
    expect(counts(1_000, 700)).toEqual({ tried: [1, 31, 176, 419, 709, 564, 636, 672, 690, 699, 704, 701, 700], now: 700 })
    expect(given(smallerBursts, { stream: [burst(1, 'twin', 2)] })).toEqual([{ stream: [burst(1, 'plain', 2)] }, { stream: [burst(1, 'twin')] }])
    const alone: Burst = { ...burst(1, 'refused'), only: 2 }
    expect(given(smallerBursts, { recipients: 2, stream: [alone] })).toEqual(
      [{ stream: [burst(1)] }, { stream: [burst(1, 'refused')] }, { stream: [{ ...alone, only: 1 }] }])
    expect(given(smallerBursts, { recipients: 2, stream: [{ ...alone, only: 1 }, burst(1, 'refused')] })).toEqual(
      [[burst(1), burst(1, 'refused')], [burst(1, 'refused'), burst(1, 'refused')], [{ ...alone, only: 1 }, burst(1)]]
        .map((stream) => ({ stream })))
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
    const alone: Burst = { ...burst(1, 'refused'), only: 2 }
    expect(given(fewerHands, { recipients: 2, stream: [alone] })).toEqual([{ recipients: 1, stream: [burst(1, 'refused')] }])
    expect(given(fewerHands, { recipients: 3, stream: [alone] })).toEqual([{ recipients: 2 }])
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
    const fresh = (...links: readonly number[]) => links.map((link) => ({ kind: 'plain', link }) as const)
    expect(given(fewerHands, { links: 2, calm: fresh(2, 1) })).toEqual([{ links: 1 }, { links: 1, calm: fresh(1, 1) }])
  })

  it('leaves out fresh messages where one of them is accused: all others, all but one, and then some', () => {
    const calm = [1, 2, 1, 2].map((link) => ({ kind: 'plain', link }) as const)
    const left = (accused: number | null, change: Partial<Scenario> = { calm }) =>
      [...fewerFresh({ ...bare, links: 2, ...change }, connector, accused)].map((less) =>
        less.calm!.map((fresh) => calm.indexOf(fresh as typeof calm[0])))
    expect(left(2)).toEqual([[2], [0, 2], [1, 2], [2, 3], [2, 3], [0, 1], [1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    expect(left(3).slice(0, 4)).toEqual([[3], [1, 3], [0, 3], [2, 3]])
    expect(left(Infinity, { calm: calm.slice(0, 3) })).toEqual([[2], [0, 1], [1, 2], [0, 2], [0, 1]])
    expect(left(0, { calm: calm.slice(0, 2) })).toEqual([[0], [0, 1], [1], [0]])
    expect(left(Infinity)).toEqual([[2, 3], [0, 1], [1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    expect([left(null), left(0, { calm: calm.slice(0, 1) })]).toEqual([[], []])
    expect(left(null, {})).toEqual([])
    expect([...fewerFresh(bare, connector, 3)][0]).toEqual({ ...bare, calm: [{ kind: 'new header', link: 1 }] })
  })
})
