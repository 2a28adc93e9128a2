/** Outages: a link is down for a while, heals in the midst of what is tried again, and is used again when it has recovered. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outagesFor } from '../../engine/falsify/pauses.ts'
import { type Connector, lettingPass, messageKinds } from '../../spec/connector.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', links: [1, 3], start: () => ({}) }
const drawn = (at: number, promised: Partial<Connector> = {}) =>
  fc.sample(outagesFor({ ...base, ...promised })[at]!, { seed: 3, numRuns: 200 })
const lasting = (on: number) => lettingPass({ what: 'time passes', on })

describe('An outage', () => {
  it('begins before anything comes, ends in the midst of it, and leaves the time to recover, just about', () => {
    for (const [recovery, enough] of [[undefined, 61_000], [5_000, 30_000], [600_000, 3_600_000], [9_999_999, 3_600_000]] as const)
      for (const { faults, schedule } of drawn(0, recovery === undefined ? {} : { recovery })) {
        const first = faults[0]
        const end = faults.findIndex(({ what }) => what === 'link heals')
        const [others, [heals, passes]] = [faults.slice(1, end), faults.slice(end)]
        expect(['link refuses', 'link hangs']).toContain(first!.what)
        expect(first!.after).toBe(0)
        expect([heals!.what, heals!.on, passes!.what, lasting(passes!.on)]).toEqual(['link heals', first!.on, 'time passes', enough])
        expect(heals!.after).toBe(passes!.after)
        expect(heals!.after).toBeLessThan(schedule.length)
        expect(others.every(({ what }) => what === 'time passes')).toBe(true)
      }
  })

  it('is used by messages of its own link, or of others too, which keep coming', () => {
    const aways = (at: number) => new Set(drawn(at).flatMap(({ stream, faults }) => stream.map(({ link }) => link - faults[0]!.on)))
    expect([...aways(0), ...aways(1)]).toEqual([0, 0])
    expect([...aways(2)].sort()).toEqual([0, 1, 2])
    for (const { stream, faults } of drawn(3)) {
      expect(stream).toHaveLength(8)
      expect(stream[0]!.link).toBe(faults[0]!.on)
      expect(stream.slice(2).every(({ count, kind }) => count === 1 && kind === 'plain')).toBe(true)
    }
    expect(new Set(drawn(2).flatMap(({ stream }) => stream.map(({ kind }) => kind)))).toEqual(new Set(['plain', 'busy']))
    expect(drawn(2, { burst: 2 }).flatMap(({ stream }) => stream).every(({ count }) => count <= 2)).toBe(true)
  })

  it('goes on while whoever waits tries several times, and messages are fetched', () => {
    const tries = drawn(0).map(({ faults }) => faults.filter(({ what }) => what === 'time passes').length - 1)
    expect([Math.min(...tries), Math.max(...tries)]).toEqual([0, 18])
  })

  it('is left out where it cannot be', () => {
    const count = (promised: Partial<Connector>) => outagesFor({ ...base, ...promised }).length
    expect([count({}), count({ links: [1, 1] })]).toEqual([4, 2])
    for (const what of ['time passes', 'link heals'] as const) expect(count({ notApplicable: { [what]: 'no' } })).toBe(0)
    expect(count({ notApplicable: { 'link refuses': 'no', 'link hangs': 'no' } })).toBe(0)
    expect(count({ neverGiven: { plain: 'no' } })).toBe(0)
    expect(count({ clock: 'real' })).toBe(0)
    const onlyHangs = { notApplicable: { 'link refuses': 'no' }, neverGiven: Object.fromEntries(messageKinds.slice(1).map((kind) => [kind, 'no'])) }
    for (const { faults, stream } of drawn(2, onlyHangs)) {
      expect(faults[0]!.what).toBe('link hangs')
      expect(stream.every(({ kind }) => kind === 'plain')).toBe(true)
    }
  })
})
