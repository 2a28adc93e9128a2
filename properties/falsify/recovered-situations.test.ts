/** Situations of a connector that has come back: from trouble, or from a death when all was done. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { situationsFor } from '../../engine/falsify/situations.ts'
import { agedFor, slowDiskFor } from '../../engine/falsify/waves.ts'
import type { Connector } from '../../spec/connector.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const declared: Partial<Connector> = { capacity: 10, timeout: 1, burst: 40, workers: [2, 3], links: [1, 3] }
/** One of them, drawn many times: by its number, from the end of those that are about a link or a life alone. */
const drawn = (number: number, promised = declared) =>
  fc.sample(situationsFor({ ...base, ...promised }).at(number - 14)!, { seed: 2, numRuns: 200 })
const each = (of: typeof agedFor, promised: Partial<Connector> = {}) =>
  fc.sample(of({ ...base, ...promised })[0]!, { seed: 2, numRuns: 200 })
const sorted = (numbers: Iterable<number>) => [...new Set(numbers)].sort((a, b) => a - b)

describe('A situation', () => {
  it('may be one at a time, twenty seconds apart: slower than a time limit, and faster than a pause', () => {
    for (const { stream, faults } of drawn(-3)) {
      const passes = faults.filter(({ what }) => what === 'time passes')
      expect(passes.map(({ after, on }) => [after, on]))
        .toEqual(stream.flatMap((_, i) => Array.from({ length: 4 }, () => [2 * (i + 1), 4])))
      expect(faults.some(({ what }) => what === 'sender aborts')).toBe(false)
    }
    const lengths = (recovery: number) => new Set(drawn(-3, { ...declared, recovery }).map(({ stream }) => stream.length))
    // As many as the recovery lasts for, where two come in a step, and some more.
    expect(lengths(120_000)).toEqual(new Set([3, 5, 7].map((failing) => failing + 16)))
  })

  it('may be failures, time, and then one that is refused for what it is, again and again', () => {
    const poisoned = drawn(-2)
    for (const { stream, faults, schedule } of poisoned) {
      expect(stream).toHaveLength(10)
      const [failing, poison] = [stream.filter((_, i) => i % 2 === 0), stream.filter((_, i) => i % 2 === 1)]
      expect(new Set(failing.map(({ kind, count, link }) => `${kind} ${count} ${link}`)).size).toBe(1)
      expect([3, 5, 7]).toContain(failing[0]!.count)
      expect(failing[0]!.kind).toBe('plain')
      expect(poison.every(({ count, kind, link }) => count === 1 && link === failing[0]!.link && kind !== 'plain')).toBe(true)
      expect([0, 1, 3, 4].map((i) => poison[i]!.kind).sort()).toEqual(['oversized', 'oversized', 'refused', 'refused'])
      // The link is well again, and time has passed, before the poison comes.
      const heals = faults.filter(({ what }) => what === 'link heals').map(({ after }) => after)
      expect(heals).toHaveLength(5)
      for (const at of heals)
        expect([schedule[at], faults.some(({ what, after }) => what === 'time passes' && after === at)]).toEqual([0, true])
    }
    const what = new Set(poisoned.flatMap(({ faults }) => faults.map((fault) => fault.what)))
    expect(what).toEqual(new Set(['link refuses', 'link drops before', 'link heals', 'time passes']))
    expect(new Set(poisoned.map(({ stream }) => stream[5]!.kind)).size).toBe(8)
    const kinds = new Set(drawn(-2, { ...declared, neverGiven: { refused: 'no', oversized: 'no', busy: 'no' } })
      .flatMap(({ stream }) => stream.map(({ kind }) => kind)))
    expect([kinds.has('refused'), kinds.has('oversized'), kinds.has('busy'), kinds.has('bad address')]).toEqual([false, false, false, true])
  })

  it('may be deaths at rest, each when all that came before is done and time has passed', () => {
    const dying = drawn(-1)
    for (const { stream, faults, schedule } of dying) {
      const rested = faults.filter(({ what }, i) => what === 'service dies' && faults[i - 1]?.what === 'time passes')
      expect(rested).toHaveLength(stream.length)
      const deaths = faults.filter(({ what }) => what === 'service dies').map(({ after }) => after)
      // What comes next comes after the death.
      expect(deaths.map((after) => schedule[after] ?? 0)).toEqual(stream.map(() => 0))
      expect(deaths.at(-1)).toBe(schedule.length)
    }
    expect(sorted(dying.map(({ stream }) => stream.length))).toEqual([1, 2, 3])
    expect(sorted(dying.map(({ stream }) => stream[0]!.count))).toEqual([1, 2, 3, 4])
    expect(new Set(dying.flatMap(({ stream }) => stream.map(({ kind }) => kind)))).toEqual(new Set(['plain', 'refused', 'busy', 'twin']))
    expect(sorted(drawn(-1, { ...declared, burst: 2 }).map(({ stream }) => stream[0]!.count))).toEqual([1, 2])
  })

  it('may be a death while the disk is slow', () => {
    const slow = each(slowDiskFor).map(({ faults }) => faults)
    expect(sorted(slow.map(({ length }) => length))).toEqual([2, 3, 4, 5])
    expect(slow.every((faults) => faults.filter(({ what }) => what === 'service dies').length === 1)).toBe(true)
    expect(sorted(slow.flatMap((faults) => faults.filter(({ what }) => what === 'disk is slow').map(({ after }) => after))))
      .toEqual([0, 1, 2, 3, 4, 5, 6])
    for (const what of ['disk is slow', 'service dies']) expect(slowDiskFor({ ...base, notApplicable: { [what]: 'no' } })).toEqual([])
  })

  it('may be lives that end while a link is down, none as long as a message may be kept', () => {
    const lives = each(agedFor, { expiry: 600_000 })
    for (const { faults } of lives) {
      expect(['link refuses', 'link hangs']).toContain(faults[0]!.what)
      expect(faults.slice(1).map(({ what }) => what).join().replace(/^time passes,(?=time passes)/, ''))
        .toMatch(/^(time passes,service (dies|restarts),?)+$/)
      expect(faults.filter(({ what }) => what === 'time passes').every(({ on }) => ![7, 8].includes(on))).toBe(true)
    }
    expect(new Set(lives.flatMap(({ faults }) => faults.map(({ what }) => what)))).toEqual(
      new Set(['link refuses', 'link hangs', 'time passes', 'service dies', 'service restarts']))
    expect(agedFor(base)).toEqual([])
    expect(agedFor({ ...base, expiry: 600_000, notApplicable: { 'time passes': 'no' } })).toEqual([])
  })
})
