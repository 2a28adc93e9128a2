import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aim, faultsFor, kindsFor, scenarios } from '../engine/falsify/generator.ts'
import { ofSize, situationsFor } from '../engine/falsify/situations.ts'
import { type Connector, type FaultName, faultNames, healthyKinds, messageKinds } from '../spec/connector.ts'
import type { Scenario } from '../spec/scenario.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
/** Many, of which an aim leaves out situations: independent numbers alone. */
const drawn = (promised: Partial<Connector> = {}, aim: Aim = ['link hangs'], numRuns = 1_500) =>
  fc.sample(scenarios({ ...base, ...promised }, aim), { seed: 1, numRuns })
const span = (numbers: readonly number[]) => [Math.min(...numbers), Math.max(...numbers)]
const bursts = (all: readonly Scenario[]) => all.flatMap(({ stream }) => stream)
const share = <T>(list: readonly T[], is: (each: T) => boolean) => list.filter(is).length / list.length

describe('A drawn scenario', () => {
  it('has every number within what is declared, from end to end', () => {
    const all = drawn({ workers: [2, 3], links: [2, 5], burst: 256, timeout: 1 }, ['link hangs'], 3_000)
    expect(span(all.map(({ workers }) => workers))).toEqual([2, 3])
    expect(span(all.map(({ links }) => links))).toEqual([2, 5])
    expect(span(bursts(all).map(({ link }) => link))).toEqual([1, 5])
    expect(span(bursts(all).map(({ count }) => count))).toEqual([1, 256])
    expect(span(all.map(({ stream }) => stream.length))).toEqual([1, 5])
    expect(span(all.map(({ faults }) => faults.length))).toEqual([1, 6])
    expect(span(all.map(({ schedule }) => schedule.length))).toEqual([0, 30])
    expect(span(all.flatMap(({ schedule }) => schedule))).toEqual([0, 7])
    expect(span(all.flatMap(({ faults }) => faults.map(({ after }) => after)))).toEqual([0, 24])
    expect(span(all.flatMap(({ faults }) => faults.map(({ on }) => on)))).toEqual([1, 8])
    expect(all.every(({ recipients }) => recipients === undefined)).toBe(true)
  })

  it('has the defaults where nothing is declared', () => {
    const all = drawn({}, ['link hangs'], 4_000)
    expect([span(all.map(({ workers }) => workers)), span(all.map(({ links }) => links))]).toEqual([[1, 4], [1, 3]])
    expect(Math.max(...bursts(all).map(({ count }) => count))).toBe(5_000)
    expect(span(bursts(drawn({ burst: 2 })).map(({ count }) => count))).toEqual([1, 2])
  })

  it('has bursts of small numbers, and of those at which connectors have broken, or one more or less', () => {
    const counts = bursts(drawn({ burst: 300 })).filter(({ kind }) => kind === 'plain').map(({ count }) => count)
    const sizes = [1, 2, 3, 5, 10, 16, 17, 32, 40, 64, 100, 128, 256]
    const near = new Set(sizes.flatMap((size) => [size - 1, size, size + 1]))
    expect(counts.filter((count) => count > 4 && !near.has(count) && count !== 300)).toEqual([])
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

  it('is a situation now and then, where nothing is aimed at', () => {
    const inOrder = ({ faults }: Scenario) => faults.length > 1
      && faults.every(({ what }, i) => what === (i === 0 ? 'link hangs' : 'service dies'))
    expect(share(drawn({}, [], 3_000), inOrder)).toBeGreaterThan(0.01)
    expect(share(drawn({}, ['time passes'], 500), inOrder)).toBe(0)
  })
})

describe('What is drawn', () => {
  it('is what can happen to a connector, as far as it says', () => {
    const without = (...names: readonly FaultName[]) => faultNames.filter((name) => !names.includes(name))
    expect(faultsFor(base)).toEqual(without('link loses answer', 'link never answers'))
    expect(faultsFor({ ...base, timeout: 1 })).toEqual(faultNames)
    expect(faultsFor({ ...base, timeout: 1, clock: 'real' })).toEqual(without('time passes', 'clock goes back', 'service dies'))
    expect(faultsFor({ ...base, timeout: 1, notApplicable: { 'link hangs': 'no' } })).toEqual(without('link hangs'))
    expect(kindsFor({ ...base, neverGiven: { deep: 'no' } })).toEqual(messageKinds.filter((kind) => kind !== 'deep'))
  })
})

describe('A stream of a size', () => {
  it('has a name of its own for each message, where the connector can be given those', () => {
    expect(ofSize(base, 70))
      .toEqual({ workers: 4, links: 1, stream: [{ count: 70, kind: 'new header', link: 1 }], faults: [], schedule: [] })
    expect(ofSize({ ...base, neverGiven: { 'new header': 'no' }, links: [2, 3], workers: [1, 2] }, 7)).toEqual(
      { workers: 2, links: 2, stream: [{ count: 7, kind: 'plain', link: 1 }], faults: [], schedule: [] })
  })
})

describe('A situation', () => {
  const samples = (promised: Partial<Connector>) =>
    situationsFor({ ...base, ...promised }).map((each) => fc.sample(each, { seed: 2, numRuns: 300 }))
  const all = samples({ capacity: 10, timeout: 1, burst: 40, workers: [2, 3], links: [1, 3] })
  const [saturated, given, dying, dropping, spaced, wrong, deadly, restarted, alike, over, unanswered] = all
  const counts = (scenarios: readonly Scenario[] | undefined, at = 0) =>
    [...new Set(scenarios!.map(({ stream }) => stream[at]?.count ?? 0))].sort((a, b) => a - b)
  const struck = ({ faults }: Scenario) => faults.map(({ what, after }) => `${after} ${what}`).join('; ')
  const those = (scenarios: readonly Scenario[] | undefined) => [...new Set(scenarios!.map(struck))].sort()

  it('is one of eleven, with workers, links and turns like any other', () => {
    expect(all).toHaveLength(11)
    for (const [i, each] of all.entries()) {
      expect(span(each.map(({ workers }) => workers))).toEqual([2, 3])
      expect(span(each.map(({ links }) => links))).toEqual([i === 0 ? 2 : 1, 3])
      if (each === spaced || each === wrong) continue
      expect(span(each.map(({ schedule }) => schedule.length))).toEqual([0, 12])
      expect(span(each.flatMap(({ schedule }) => schedule))).toEqual([0, 7])
    }
  })

  it('may saturate one link, and use another then', () => {
    expect(counts(saturated)).toEqual([2, 3, 9, 17, 33])
    expect(saturated![0]!.stream.slice(1)).toEqual([{ count: 2, kind: 'plain', link: 2 }, { count: 1, kind: 'new header', link: 2 }])
    expect(saturated!.every(({ stream }) => stream[0]!.link === 1 && stream[0]!.kind === 'plain')).toBe(true)
    expect(those(saturated)).toEqual(['0 link hangs', '0 link refuses'])
  })

  it('may let everybody give up, or every other one, while a link keeps them waiting or not', () => {
    expect(those(given)).toEqual([1, 2, 3, 4].flatMap((after) => [`${after} sender aborts`, `0 link hangs; ${after} sender aborts`]).sort())
    expect(new Set(given!.map(({ faults }) => faults.at(-1)!.on))).toEqual(new Set([7, 8]))
    expect([span(given!.map(({ stream }) => stream[0]!.link)), counts(given)]).toEqual([[1, 3], [2, 3, 9, 17, 33]])
  })

  it('may let one message meet death again and again', () => {
    expect(those(dying)).toEqual([2, 3, 4, 5].map((times) => ['0 link hangs', ...Array.from({ length: times }, () => '1 service dies')].join('; ')).sort())
    expect([counts(dying), span(dying!.flatMap(({ faults }) => faults.slice(1).map(({ on }) => on)))]).toEqual([[1, 2], [1, 8]])
  })

  it('may let a link drop, and several come some time after', () => {
    expect(those(dropping)).toEqual(['link drops after', 'link drops before', 'link is late', 'link refuses']
      .map((what) => `0 ${what}; 2 time passes; 3 link heals`))
    expect([counts(dropping), counts(dropping, 1)]).toEqual([[1, 2, 3], [1, 2, 3, 4]])
    for (const { faults: [first, passes, heals], stream: [before, after] } of dropping!)
      expect([first!.on === heals!.on, passes!.on >= 1 && passes!.on <= 8, before!.link === after!.link]).toEqual([true, true, true])
  })

  it('may be one after another, with time between them, over a link that fails', () => {
    for (const { stream, faults: [first, ...passes], schedule } of spaced!) {
      expect(['link refuses', 'link hangs', 'link drops before', 'link drops after']).toContain(first!.what)
      expect([first!.after, first!.on, new Set(stream.map(({ link, count }) => `${link} ${count}`)).size]).toEqual([0, stream[0]!.link, 1])
      expect(passes.map(({ what, after }) => `${after} ${what}`)).toEqual(stream.map((_, i) => `${2 * (i + 1)} time passes`))
      expect(schedule).toEqual(stream.flatMap(() => [0, 1]))
    }
    expect([span(spaced!.map(({ stream }) => stream.length)), span(spaced!.flatMap(({ faults }) => faults.slice(1).map(({ on }) => on)))])
      .toEqual([[2, 6], [1, 8]])
    expect(new Set(spaced!.map(({ faults }) => faults[0]!.what)).size).toBe(4)
  })

  it('may be many with which something is wrong, and healthy ones after those', () => {
    for (const { stream: [bad, good], faults, schedule } of wrong!) {
      expect([good, faults]).toEqual([{ count: 3, kind: 'plain', link: bad!.link }, []])
      expect((healthyKinds as readonly string[]).includes(bad!.kind)).toBe(false)
      expect([schedule[0], schedule.length % 3, new Set(schedule.slice(1))]).toEqual([0, 1, new Set([1])])
      if (bad!.kind === 'deep' || bad!.kind === 'empty') expect(bad!.count).toBe(1)
      else expect(schedule).toHaveLength(1 + 3 * bad!.count)
    }
    expect(counts(wrong)).toEqual([1, 4, 6, 11, 21])
    expect(counts(samples({ burst: 6 })[5])).toEqual([1, 4, 6])
  })

  it('may be one death or one restart, anywhere in its work', () => {
    expect([counts(deadly), counts(restarted)]).toEqual(Array.from({ length: 2 }, () => [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
    expect(span(deadly!.map(({ faults }) => faults[0]!.after))).toEqual([1, 24])
    expect(span(deadly!.map(({ faults }) => faults[0]!.on))).toEqual([1, 8])
    expect(deadly!.every(({ faults }) => faults.length === 1 && faults[0]!.what === 'service dies')).toBe(true)
    expect(span(restarted!.map(({ faults }) => faults.at(-1)!.after))).toEqual([1, 16])
    expect(new Set(restarted!.map(({ faults }) => faults.map(({ what }) => what).join()))).toEqual(
      new Set(['service restarts', 'link hangs,service restarts']))
    expect(counts(samples({ burst: 3 })[6])).toEqual([2, 3])
  })

  it('may be two of equal content, and some of one kind', () => {
    expect(those(alike)).toEqual([''])
    expect(alike!.every(({ stream: [two, some] }) => two!.kind === 'twin' && two!.count === 2 && some!.link === two!.link)).toBe(true)
    expect([counts(alike, 1), new Set(alike!.map(({ stream }) => stream[1]!.kind)).size]).toEqual([[1, 2, 3], 8])
  })

  it('may be more than it says that it can hold, or calls that nobody ever answers', () => {
    expect([counts(over), those(over)]).toEqual([[9, 10, 11, 12], ['', '0 link hangs']])
    const times = (what: string) => [1, 2, 3, 4, 5, 6].map((most) => Array.from({ length: most }, (_, i) => `${i} ${what}`).join('; '))
    expect(those(unanswered)).toEqual([...times('link loses answer'), ...times('link never answers')].sort())
    expect(counts(samples({ capacity: 10, burst: 10 }).at(-1))).toEqual([9, 10])
    expect(counts(samples({ capacity: 1 }).at(-1))).toEqual([1, 2, 3])
  })

  it('is left out where it cannot be', () => {
    const lengths = (promised: Partial<Connector>) => samples(promised).length
    expect(lengths({})).toBe(9)
    expect(lengths({ links: [1, 1] })).toBe(8)
    expect(lengths({ notApplicable: { 'link hangs': 'no', 'link refuses': 'no' } })).toBe(8)
    expect(lengths({ notApplicable: { 'link hangs': 'no' } })).toBe(9)
    expect(lengths({ notApplicable: { 'sender aborts': 'no' } })).toBe(8)
    expect(lengths({ notApplicable: { 'service restarts': 'no' } })).toBe(8)
    expect(lengths({ notApplicable: { 'service dies': 'no' } })).toBe(7)
    expect(lengths({ notApplicable: { 'time passes': 'no' } })).toBe(7)
    expect(lengths({ clock: 'real' })).toBe(5)
    expect(lengths({ neverGiven: Object.fromEntries(messageKinds.filter((kind) => kind !== 'plain').map((kind) => [kind, 'no'])) })).toBe(8)
    const notApplicable = { 'link hangs': 'no', 'link heals': 'no' }
    const calm = samples({ capacity: 5, notApplicable, neverGiven: { twin: 'no', 'new header': 'no' } })
    expect(calm.flat().some(({ faults }) => faults.some(({ what }) => what === 'link hangs' || what === 'link heals'))).toBe(false)
    expect(calm.flat().some(({ stream }) => stream.some(({ kind }) => kind === 'twin' || kind === 'new header'))).toBe(false)
    expect(calm[0]![0]!.stream[2]!.kind).toBe('other script')
    expect(calm[8]!.every(({ stream }) => stream.length === 1)).toBe(true)
  })
})
