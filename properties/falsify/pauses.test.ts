/** What is drawn of the time between a failure and what comes of it: everything that each can be is written down. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pausesFor } from '../../engine/falsify/pauses.ts'
import { type Connector, faultNames, type FaultName, messageKinds } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const drawn = (number: number, promised: Partial<Connector> = {}) =>
  fc.sample(pausesFor({ ...base, ...promised })[number]!, { seed: 4, numRuns: 200 })
const those = (scenarios: readonly Scenario[]) => new Set(scenarios.flatMap(({ faults }) => faults.map(({ what }) => what)))
const first = ({ faults }: Scenario, ...names: FaultName[]) => faults.find(({ what }) => names.includes(what))
const ends: FaultName[] = ['worker dies', 'service dies', 'service restarts']

describe('In a pause', () => {
  it('it loses its place two or three times in different ways, when each of its messages has failed', () => {
    const all = drawn(0)
    for (const scenario of all) {
      const failing = scenario.stream.filter(({ kind }) => kind !== 'busy').length
      const drops = scenario.faults.filter(({ what }) => what === 'link drops before')
      const lost = scenario.faults.filter(({ what }) => ends.includes(what))
      expect(new Set(lost.map(({ what }) => what)).size).toBe(lost.length)
      const waited = scenario.faults.filter(({ what }) => what === 'time passes')
      expect(drops.length % Math.max(1, failing)).toBe(0)
      // In the try after the pause it dies as that takes effect, and in the pause at any moment.
      for (const { after } of waited)
        for (const each of lost.filter((end) => end.after === after && end.what !== 'worker dies')) expect(each.on % 2).toBe(0)
      expect(lost[0]!.after).toBeGreaterThanOrEqual(2 * scenario.stream.length)
      expect(drops.slice(0, failing).every(({ after, on }) => after === 0 && on === scenario.stream[0]!.link)).toBe(true)
    }
    expect(those(all)).toEqual(new Set([...ends, 'link drops before', 'time passes']))
    expect(new Set(all.flatMap(({ stream }) => stream.map(({ kind }) => kind))).size).toBe(12)
    expect(all.some(({ stream }) => stream.length > 8)).toBe(true)
    expect(all.filter(({ stream }) => stream.length === 1).length).toBeGreaterThan(80)
  })

  it('the clock goes back between two bursts for a link in trouble, and it loses its place there or not', () => {
    for (const [number, isLost] of [[1, false], [2, true]] as const) {
      const all = drawn(number)
      for (const scenario of all) {
        expect(scenario.stream).toHaveLength(2)
        expect(scenario.stream[0]!.link).toBe(scenario.stream[1]!.link)
        expect(scenario.faults[0]!.what).toMatch(/^link (?:hangs|refuses|drops before)$/)
        expect(first(scenario, 'clock goes back')!.after).toBe(1)
        expect(first(scenario, ...ends)?.after).toBe(isLost ? 1 : undefined)
      }
      expect(new Set(all.map((scenario) => first(scenario, 'link heals') !== undefined)).size).toBe(2)
    }
  })
})

describe('Long after a trouble', () => {
  it('some are refused for what they are, or not, and healthy ones come one by one', () => {
    for (const { stream, faults } of drawn(3)) {
      const passes = faults.filter(({ what, on }) => what === 'time passes' && on >= 7)
      expect(passes.length).toBeGreaterThanOrEqual(2)
      expect(stream.slice(-3)).toEqual(Array.from({ length: 3 }, () => ({ count: 1, kind: 'plain', link: stream[0]!.link })))
    }
    const kinds = new Set(drawn(3).flatMap(({ stream }) => stream.map(({ kind }) => kind)))
    expect(kinds).toEqual(new Set(['plain', 'busy', 'refused', 'bad address', 'oversized']))
  })

  it('whoever waits in line may be refused when the link is healed', () => {
    const all = drawn(4)
    expect(all.every(({ faults }) => faults.at(-1)!.what === 'link heals')).toBe(true)
    const inLine = new Set(all.flatMap(({ stream }) => stream.map(({ kind, count }) => `${count} ${kind}`)))
    expect(inLine).toEqual(new Set(['1 plain', '1 refused']))
    expect(those(all)).toEqual(new Set(['link hangs', 'link refuses', 'link drops before', 'time passes', 'link heals']))
  })

  it('the source gives out again what could not be acknowledged', () => {
    const all = drawn(5)
    for (const scenario of all) {
      expect(scenario.faults[0]).toMatchObject({ what: 'acknowledging fails', after: 0 })
      expect(first(scenario, 'service stops', 'link hangs')).toBeDefined()
    }
    expect(those(all))
      .toEqual(new Set(['acknowledging fails', 'time passes', 'service stops', 'link hangs', 'link heals', 'service restarts']))
  })
})

describe('It loses its place', () => {
  it('when as many have failed in a row as a breaker opens at', () => {
    const all = drawn(6)
    for (const { stream, faults } of all) {
      const drops = faults.filter(({ what }) => what === 'link drops before')
      expect([stream, drops.length]).toEqual([[{ count: drops.length, kind: 'plain', link: drops[0]!.on }], stream[0]!.count])
      expect(ends).toContain(faults.at(-1)!.what)
    }
    expect(new Set(all.map(({ stream }) => stream[0]!.count))).toEqual(new Set([3, 5, 7]))
    expect(those(all)).toEqual(new Set([...ends, 'link drops before', 'time passes']))
  })

  it('with messages in hand for a link that is down, and for another that is not', () => {
    const all = drawn(7)
    for (const { stream, links, faults: [down, ...others] } of all) {
      expect(stream.map(({ link }) => link).sort()).toEqual([down!.on, down!.on + 1])
      expect(links).toBeGreaterThan(1)
      expect(others.at(-1)!.what).toBe('service dies')
    }
    expect(new Set(all.map(({ stream, faults }) => stream[0]!.link === faults[0]!.on))).toEqual(new Set([true, false]))
    expect(those(all)).toEqual(new Set(['link hangs', 'link refuses', 'link drops before', 'time passes', 'service dies']))
  })
})

describe('What is drawn of pauses', () => {
  it('is nothing that cannot happen, and nothing that it is never given', () => {
    const lengths = (promised: Partial<Connector>) => pausesFor({ ...base, ...promised }).length
    expect([lengths({}), lengths({ clock: 'real' }), lengths({ neverGiven: { plain: 'no' } })]).toEqual([8, 0, 0])
    const not = (...names: FaultName[]) => ({ notApplicable: Object.fromEntries(names.map((name) => [name, 'no'])) })
    const each = (['time passes', 'link drops before', 'clock goes back', 'acknowledging fails'] as const).map((name) => lengths(not(name)))
    expect(each).toEqual([0, 0, 6, 7])
    const needed: FaultName[] = ['time passes', 'link drops before', 'clock goes back', 'acknowledging fails']
    const neverGiven = Object.fromEntries(messageKinds.filter((kind) => kind !== 'plain').map((kind) => [kind, 'no']))
    const others = faultNames.filter((name) => !needed.includes(name))
    const bare: Partial<Connector> = { ...not(...others), neverGiven, burst: 2, links: [1, 2], workers: [2, 3] }
    expect(lengths(bare)).toBe(6)
    for (let number = 0; number < 6; number++) {
      const all = drawn(number, bare)
      expect([...those(all)].filter((name) => !needed.includes(name))).toEqual([])
      const bursts = all.flatMap(({ stream }) => stream)
      expect(bursts.every(({ kind, count, link }) => kind === 'plain' && link <= 2 && count <= 2)).toBe(true)
      expect(all.every(({ workers, links }) => workers >= 2 && workers <= 3 && links <= 2)).toBe(true)
    }
  })
})
