/** Waves: messages that keep coming in the course of a long trouble. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inWaves, wavesFor } from '../../engine/falsify/waves.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const drawn = (promised: Partial<Connector> = {}) => fc.sample(wavesFor({ ...base, ...promised })!, { seed: 3, numRuns: 300 })

describe('Waves', () => {
  it('come with time between them, and are answered before the next one, but over a link that hangs', () => {
    for (const { stream, faults, schedule } of drawn({ notApplicable: { 'link hangs': 'no' } })) {
      expect(stream.length).toBeGreaterThanOrEqual(2)
      expect(schedule.filter((position) => position === 0)).toHaveLength(stream.length)
      const arrivals = schedule.flatMap((position, turn) => (position === 0 ? [turn] : []))
      arrivals.forEach((turn, wave) => {
        const next = arrivals[wave + 1] ?? schedule.length
        if (faults[0]!.what !== 'link hangs') expect(next - turn).toBe(1 + stream[wave]!.count)
        expect(faults.some(({ what, after }) => what === 'time passes' && after === next)).toBe(true)
      })
    }
  })

  it('are for the link in trouble and for another, before its end, at it and long after, and with every other fault meanwhile', () => {
    const all = drawn()
    expect(new Set(all.map(({ faults }) => faults[0]!.what)))
      .toEqual(new Set(['link refuses', 'link hangs', 'link drops before', 'time passes']))
    expect(all.some(({ stream }) => new Set(stream.map(({ link }) => link)).size === 2)).toBe(true)
    const ends = all.filter(({ faults }) => faults.some(({ what }) => what === 'link heals'))
    expect([ends.length > 50, ends.length < 290]).toEqual([true, true])
    const others = new Set(all.flatMap(({ faults }) => faults.map(({ what }) => what)).filter((what) => !what.startsWith('link')))
    expect(others.size).toBeGreaterThan(15)
    for (const { faults: [first, ...more] } of all)
      expect(more.filter(({ what }) => what.startsWith('link') && what !== 'link heals' && what !== first!.what)).toEqual([])
    const waves = all.flatMap(({ stream, faults }) => stream.map(({ link }) => link > faults[0]!.on))
    expect(waves.filter((isForAnother) => isForAnother).length / waves.length).toBeLessThan(0.4)
  })

  it('have every number within what is declared, from end to end', () => {
    const all = drawn({ workers: [2, 3], links: [2, 4], burst: 6 })
    const span = (numbers: readonly number[]) => [Math.min(...numbers), Math.max(...numbers)]
    const those = <T>(of: (scenario: Scenario) => readonly T[]) => new Set(all.flatMap(of))
    expect([span(all.map(({ workers }) => workers)), span(all.map(({ links }) => links))]).toEqual([[2, 3], [2, 4]])
    expect([span(all.map(({ faults }) => faults[0]!.on)), span(all.map(({ stream }) => stream.length))]).toEqual([[1, 4], [2, 5]])
    expect(those(({ stream }) => stream.map(({ count }) => count))).toEqual(new Set([1, 2, 3, 6]))
    expect(those(({ stream }) => stream.map(({ kind }) => kind))).toEqual(new Set(['plain', 'busy', 'refused']))
    expect(those(({ faults, stream }) => stream.map(({ link }) => link - faults[0]!.on))).toEqual(new Set([0, 1]))
    const upToEight = new Set([1, 2, 3, 4, 5, 6, 7, 8])
    for (const name of ['time passes', 'worker dies'])
      expect(those(({ faults }) => faults.filter(({ what }) => what === name).map(({ on }) => on))).toEqual(upToEight)
  })

  it('let the link fail anew with each wave until it is healed, and let time pass before that wave comes', () => {
    const hands = { of: 2, workers: 3, links: 4 }
    const wave = { count: 2, kind: 'plain', isForAnother: false, soon: 0, long: 5, also: null, about: 8 } as const
    const waves = [wave, { ...wave, count: 1, kind: 'busy', soon: 3 }, { ...wave, isForAnother: true, also: 'worker dies' }] as const
    const made = (what: Fault['what'], endsAt: number, recovers: number) => inWaves({ ...hands, waves, what, endsAt, recovers })
    const told = ({ faults }: Scenario) => faults.map(({ after, what, on }) => `${after} ${what} ${on}`)
    expect(made('link drops before', 2, 7)).toMatchObject({
      workers: 3, links: 4, schedule: [0, 1, 1, 0, 1, 0, 1, 1],
      stream: [{ count: 2, kind: 'plain', link: 2 }, { count: 1, kind: 'busy', link: 2 }, { count: 2, kind: 'plain', link: 3 }],
    })
    const both = ['3 time passes 5', '4 time passes 3', '5 time passes 5', '8 time passes 5', '8 worker dies 8']
    const drops = (after: number) => `${after} link drops before 2`
    expect(told(made('link drops before', 2, 7))).toEqual([
      drops(0), both[0], drops(3), ...both.slice(1, 3), '5 link heals 2', '5 time passes 7', ...both.slice(3)])
    expect(told(made('link drops before', Infinity, 7))).toEqual([
      drops(0), both[0], drops(3), ...both.slice(1, 3), drops(5), ...both.slice(3)])
    expect(told(made('link refuses', Infinity, 6))).toEqual(['0 link refuses 2', ...both])
    expect(told(made('link refuses', 1, 0))).toEqual(['0 link refuses 2', both[0], '3 link heals 2', ...both.slice(1)])
  })

  it('have no answer over a link that hangs, but over another, and when it is healed', () => {
    const wave = { count: 2, kind: 'plain', isForAnother: false, soon: 0, long: 5, also: null, about: 1 } as const
    const schedule = (endsAt: number) => inWaves({
      what: 'link hangs', of: 1, workers: 1, links: 2, waves: [wave, { ...wave, isForAnother: true }, wave], endsAt, recovers: 0,
    }).schedule
    expect([schedule(Infinity), schedule(2)]).toEqual([[0, 0, 1, 1, 0], [0, 0, 1, 1, 0, 1, 1]])
  })

  it('hold nothing that cannot happen to a connector, and are not drawn where no time can pass', () => {
    const left = drawn({
      notApplicable: { 'link refuses': 'no', 'service dies': 'no' }, neverGiven: { refused: 'no', busy: 'no' }, burst: 4,
    })
    const faults = new Set(left.flatMap(({ faults }) => faults.map(({ what }) => what)))
    expect([faults.has('link refuses'), faults.has('service dies'), faults.has('clock goes back')]).toEqual([false, false, true])
    expect(left.every(({ stream }) => stream.every(({ kind, count }) => kind === 'plain' && count <= 4))).toBe(true)
    expect(drawn({ notApplicable: { 'link heals': 'no' } }).some(({ faults }) => faults.some(({ what }) => what === 'link heals'))).toBe(false)
    const unheard = { neverGiven: { plain: 'no', busy: 'no', refused: 'no' } }
    for (const none of [{ clock: 'real' }, { notApplicable: { 'time passes': 'no' } }, unheard] as const)
      expect(wavesFor({ ...base, ...none })).toBeNull()
  })
})
