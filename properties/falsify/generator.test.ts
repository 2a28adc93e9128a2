import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aim, scenarios } from '../../engine/falsify/generator.ts'
import { type Connector, type FaultName, faultNames, messageKinds, faultsFor, kindsFor } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
/** Many, of which an aim leaves out situations: independent numbers alone. */
const drawn = (promised: Partial<Connector> = {}, aim: Aim = ['link hangs'], numRuns = 700) =>
  fc.sample(scenarios({ ...base, ...promised }, aim), { seed: 1, numRuns })
const span = (numbers: readonly number[]) => [Math.min(...numbers), Math.max(...numbers)]
const bursts = (all: readonly Scenario[]) => all.flatMap(({ stream }) => stream)
const share = <T>(list: readonly T[], is: (each: T) => boolean) => list.filter(is).length / list.length

describe('A drawn scenario', () => {
  it('has every number within what is declared, from end to end', () => {
    const all = drawn({ workers: [2, 3], links: [2, 5], burst: 256, timeout: 1 }, ['link hangs'], 800)
    expect(span(all.map(({ workers }) => workers))).toEqual([2, 3])
    expect(span(all.map(({ links }) => links))).toEqual([2, 5])
    expect(span(bursts(all).map(({ link }) => link))).toEqual([1, 5])
    expect(span(bursts(all).map(({ count }) => count))).toEqual([1, 256])
    expect(span(all.map(({ stream }) => stream.length))).toEqual([1, 5])
    expect(span(all.map(({ faults }) => faults.length))).toEqual([1, 13])
    expect(span(all.map(({ schedule }) => schedule.length))).toEqual([0, 30])
    expect(span(all.flatMap(({ schedule }) => schedule))).toEqual([0, 7])
    expect(span(all.flatMap(({ faults }) => faults.map(({ after }) => after)))).toEqual([0, 24])
    expect(span(all.flatMap(({ faults }) => faults.map(({ on }) => on)))).toEqual([1, 8])
    expect(all.every(({ recipients }) => recipients === undefined)).toBe(true)
  })

  it('has the defaults where nothing is declared', () => {
    const all = drawn({}, ['link hangs'], 1_600)
    expect([span(all.map(({ workers }) => workers)), span(all.map(({ links }) => links))]).toEqual([[1, 4], [1, 3]])
    expect(Math.max(...bursts(all).map(({ count }) => count))).toBe(5_000)
    for (const burst of [2, 255]) expect(span(bursts(drawn({ burst })).map(({ count }) => count))).toEqual([1, burst])
  })

  it('has bursts of small numbers, and of those at which connectors have broken, or one more or less', () => {
    const counts = bursts(drawn({ burst: 300 }, ['link hangs'], 1_500)).filter(({ kind }) => kind === 'plain').map(({ count }) => count)
    const sizes = [1, 2, 3, 5, 10, 16, 17, 32, 40, 64, 100, 128, 256]
    const near = new Set(sizes.flatMap((size) => [size - 1, size, size + 1]))
    expect(counts.filter((count) => count > 4 && !near.has(count))).toEqual([])
    for (const size of [9, 10, 11, 127, 128, 129]) expect(counts, `${size}`).toContain(size)
    expect(share(counts, (count) => count > 4)).toBeGreaterThan(0.03)
    expect(share(counts, (count) => count > 4)).toBeLessThan(0.15)
  })

  it('has mostly plain messages, every other kind, and few of those that are large', () => {
    const all = bursts(drawn({ neverGiven: { list: 'no', empty: 'no' } }))
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(messageKinds.filter((kind) => kind !== 'list' && kind !== 'empty')))
    expect(share(all, ({ kind }) => kind === 'plain')).toBeGreaterThan(0.6)
    expect(share(all, ({ kind }) => kind === 'plain')).toBeLessThan(0.8)
    for (const kind of ['deep', 'long', 'long other script', 'many attachments', 'twin'] as const)
      expect(span(all.filter((each) => each.kind === kind).map(({ count }) => count)), kind).toEqual([1, 4])
  })

  it('has faults that last twice as often, soon for the most part, and those that are aimed at', () => {
    const all = drawn({}, ['time passes', 'source drops'])
    for (const { faults } of all) expect(faults.slice(-2).map(({ what }) => what)).toEqual(['time passes', 'source drops'])
    const others = all.flatMap(({ faults }) => faults.slice(0, -2))
    const count = (name: FaultName) => others.filter(({ what }) => what === name).length
    for (const name of ['link refuses', 'link hangs'] as const) {
      expect(count(name) / count('link heals'), name).toBeGreaterThan(1.4)
      expect(count(name) / count('link heals'), name).toBeLessThan(2.8)
    }
    expect(share(others, ({ after }) => after <= 8)).toBeGreaterThan(0.7)
    expect(share(others, ({ after }) => after > 8)).toBeGreaterThan(0.1)
    const without = drawn({ notApplicable: { 'link heals': 'no' } }, ['link heals'])
    expect(without.some(({ faults }) => faults.some(({ what }) => what === 'link heals'))).toBe(false)
  })

  it('has no fault where none applies, and as many recipients as are declared', () => {
    const none = Object.fromEntries(faultNames.map((name) => [name, 'no']))
    expect(drawn({ notApplicable: none }, []).every(({ faults }) => faults.length === 0)).toBe(true)
    expect(span(drawn({ recipients: 3 }).map(({ recipients }) => recipients!))).toEqual([1, 3])
    expect(drawn({ recipients: 1 }).some((scenario) => 'recipients' in scenario)).toBe(false)
  })

  it('has messages of a kind that is about whom they are for, for one of several recipients alone, and no others', () => {
    const all = bursts(drawn({ recipients: 3, neverGiven: { busy: 'no' } }, ['link hangs'], 300))
    const alone = all.filter(({ only }) => only !== undefined)
    expect(share(all, ({ only }) => only !== undefined)).toBeGreaterThan(0.15)
    expect(span(alone.map(({ only }) => only!))).toEqual([1, 3])
    expect(new Set(alone.map(({ kind }) => kind))).toEqual(new Set(['oversized', 'bad address', 'no such destination', 'refused']))
    expect(all.some(({ kind, only }) => kind === 'refused' && only === undefined)).toBe(true)
    const none = { busy: 'no', oversized: 'no', 'bad address': 'no', 'no such destination': 'no', refused: 'no' }
    for (const promised of [{}, { recipients: 3, neverGiven: none }])
      expect(bursts(drawn(promised)).some(({ only }) => only !== undefined)).toBe(false)
  })

  it('is a situation, waves, or of independent numbers, where nothing is aimed at', () => {
    const inOrder = ({ faults }: Scenario) => faults.length > 1
      && faults.every(({ what }, i) => what === (i === 0 ? 'link hangs' : 'service dies'))
    expect(share(drawn({}, [], 600), inOrder)).toBeGreaterThan(0.01)
    expect(share(drawn({}, ['time passes'], 200), inOrder)).toBe(0)
    const all = fc.sample(scenarios(base), { seed: 1, numRuns: 300 })
    // Several come, and are answered, before the next come.
    const comesInWaves = ({ schedule }: Scenario) => /^(?:01*)+$/.test(schedule.join('')) && /011.*0/.test(schedule.join(''))
    const hasManyParts = ({ stream }: Scenario) => stream.length > 2 && stream.some(({ kind }) => kind === 'deep')
    for (const is of [inOrder, comesInWaves, hasManyParts]) expect(all.some(is), is.name).toBe(true)
    expect(share(all, comesInWaves)).toBeGreaterThan(0.05)
  })

  it('hangs on its seed and on its connector alone, however many were drawn before', () => {
    const one: Connector = { ...base, burst: 40 }
    const of = (connector: Connector, seed: number) => fc.sample(scenarios(connector), { seed, numRuns: 1, unbiased: seed % 4 >= 2 })
    const first = Array.from({ length: 40 }, (_, seed) => of(one, seed))
    expect(first.map((_, i) => of(one, 39 - i)).reverse()).toEqual(first)
    expect(first.map((_, seed) => of({ ...one }, seed))).toEqual(first)
    expect(first.map((_, seed) => of({ ...one, burst: 5_000 }, seed))).not.toEqual(first)
  })
})

describe('What is drawn', () => {
  it('is what can happen to a connector, as far as it says', () => {
    const without = (...names: readonly FaultName[]) => faultNames.filter((name) => !names.includes(name))
    expect(faultsFor(base)).toEqual(without('link loses answer', 'link never answers'))
    expect(faultsFor({ ...base, timeout: 1 })).toEqual(faultNames)
    expect(faultsFor({ ...base, timeout: 1, clock: 'real' })).toEqual(without('time passes', 'clock goes back'))
    expect(faultsFor({ ...base, timeout: 1, notApplicable: { 'link hangs': 'no' } })).toEqual(without('link hangs'))
    expect(kindsFor({ ...base, neverGiven: { deep: 'no' } })).toEqual(messageKinds.filter((kind) => kind !== 'deep'))
  })
})
