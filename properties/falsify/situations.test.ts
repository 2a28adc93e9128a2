/** Situations that are drawn now and then: everything that each can be is written down. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backlogOf, manyFailures, ofSize, situationsFor } from '../../engine/falsify/situations.ts'
import { type Connector, faultNames, healthyKinds, messageKinds } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'

const base: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const span = (numbers: readonly number[]) => [Math.min(...numbers), Math.max(...numbers)]

describe('A stream of a size', () => {
  it('has a name of its own for each message, where the connector can be given those', () => {
    expect(ofSize(base, 70))
      .toEqual({ workers: 4, links: 1, stream: [{ count: 70, kind: 'new header', link: 1 }], faults: [], schedule: [] })
    expect(ofSize({ ...base, neverGiven: { 'new header': 'no' }, links: [2, 3], workers: [1, 2] }, 7)).toEqual(
      { workers: 2, links: 2, stream: [{ count: 7, kind: 'plain', link: 1 }], faults: [], schedule: [] })
  })

  it('may be a backlog: all of it waits for a link that hangs', () => {
    expect(backlogOf(base, 70)).toEqual({ ...ofSize(base, 70), faults: [{ what: 'link hangs', after: 0, on: 1 }] })
  })
})

describe('What fails very often', () => {
  const inBrief = (promised: Partial<Connector>) => manyFailures({ ...base, ...promised }).map(({ stream, faults, schedule }) => [
    ...stream.map(({ count, kind }) => `${count} ${kind}`), faults.length, ...new Set(faults.map(({ what, on }) => `${what} on ${on}`)),
    schedule.join('').replace(/1+$/, (turns) => ` and ${turns.length}`)].join(', '))

  /** Seventy in a row, each of which fails once, with time before each call or between the two. */
  const singly = [3, 2].map((passes) => [
    ...Array.from({ length: 70 }, () => '1 plain'), 70 * (passes + 1), 'link drops before on 1', 'time passes on 6',
    `${'011'.repeat(69)}0 and 2`].join(', '))

  /** One to be tried again, and one for a link that is down some time after: as handed over, and as fetched. */
  const meanwhile = [
    ['3', ', time passes on 1, time passes on 3', '010'], ['4', ', time passes on 1', '010'], ['5', ', time passes on 4', '010'],
    ['5', ', time passes on 4, time passes on 1, time passes on 3', '01110'], ['6', ', time passes on 4, time passes on 1', '01110'],
    ['7', ', time passes on 4', '01110'],
  ].map(([faults, passes, turns]) => `1 busy, 1 plain, ${faults}, link refuses on 2${passes}, ${turns}`)

  it('is each fault that a call can meet, and each refusal, with healthy ones after those', () => {
    const each = [...healthyKinds, 'list', 'empty', 'deep'].map((kind) => `1 ${kind}`).join(', ')
    expect(inBrief({})).toEqual([
      '130 plain, 129, link drops before on 1, ', '130 plain, 129, link drops after on 1, ', '130 plain, 129, acknowledging fails on 2, ',
      '130 plain, 129, acknowledgement is lost on 2, ', '130 plain, 129, reporting fails on 2, ', '130 plain, 129, disk fails on 2, ',
      '1 plain, 25, acknowledging fails on 1, ', '1 plain, 25, link drops before on 1, ',
      `${each}, 2, link hangs on 1, service dies on 1, `, `${each}, ${healthyKinds.length + 4}, link drops before on 1, service restarts on 1, `, ...singly, ...meanwhile,
      '130 refused, 2 plain, 0, 0 and 130', '130 busy, 2 plain, 0, 0 and 130', '130 bad address, 2 plain, 0, 0 and 130',
    ])
    expect(manyFailures({ ...base, links: [2, 3], workers: [1, 2] }).every(({ links, workers }) => links === 3 && workers === 2)).toBe(true)
    const isAnEnd = ({ what, after }: Fault) => what.startsWith('service ') && after > 0
    const deaths = manyFailures(base).flatMap(({ faults }) => faults.filter(isAnEnd))
    expect(deaths).toEqual([
      { what: 'service dies', after: healthyKinds.length + 4, on: 1 }, { what: 'service restarts', after: 4 * (healthyKinds.length + 4), on: 1 },
    ])
    const left = (notApplicable: Connector['notApplicable']) => manyFailures({ ...base, notApplicable: notApplicable! })
      .flatMap(({ faults }) => faults.filter(isAnEnd).map(({ what }) => what))
    for (const what of ['service dies', 'link hangs']) expect(left({ [what]: 'no' })).toEqual(['service restarts'])
    for (const what of ['service restarts', 'link drops before']) expect(left({ [what]: 'no' })).toEqual(['service dies'])
    const waiting = (promised: Partial<Connector>) => inBrief(promised).filter((each) => each.startsWith('1 busy'))
    expect(waiting({ notApplicable: { 'receiving fails': 'no' } })).toEqual(meanwhile.slice(0, 3))
    for (const what of ['link refuses', 'time passes']) expect(waiting({ notApplicable: { [what]: 'no' } })).toEqual([])
    for (const promised of [{ links: [1, 1] as const }, { neverGiven: { busy: 'no' } }]) expect(waiting(promised)).toEqual([])
  })

  it('is no larger than a burst, and nothing that cannot happen', () => {
    const notApplicable = { 'link drops after': 'no', 'acknowledging fails': 'no', 'acknowledgement is lost': 'no', 'disk fails': 'no' }
    const each = healthyKinds.slice(0, 7).map((kind) => `1 ${kind}`).join(', ')
    expect(inBrief({ timeout: 5, burst: 7, notApplicable, neverGiven: { busy: 'no' } })).toEqual([
      '7 plain, 129, link drops before on 1, ', '7 plain, 129, link never answers on 1, ', '7 plain, 129, link loses answer on 1, ',
      '7 plain, 129, reporting fails on 2, ', '1 plain, 25, link drops before on 1, ',
      `${each}, 2, link hangs on 1, service dies on 1, `, `${each}, 8, link drops before on 1, service restarts on 1, `, ...singly,
      '7 refused, 2 plain, 0, 0 and 7', '7 bad address, 2 plain, 0, 0 and 7',
    ])
    expect(inBrief({ burst: 1 }).at(-1)).toBe('1 bad address, 1 plain, 0, 0 and 1')
  })
})

describe('A situation', () => {
  const declared: Partial<Connector> = { capacity: 10, timeout: 1, burst: 40, workers: [2, 3], links: [1, 3] }
  /** One of them, drawn many times: by its number, from the end where that is less than nothing. */
  const drawn = (number: number, promised = declared, numRuns = 200) =>
    fc.sample(situationsFor({ ...base, ...promised }).at(number)!, { seed: 2, numRuns })
  const counts = (scenarios: readonly Scenario[], at = 0) =>
    [...new Set(scenarios.map(({ stream }) => stream[at]?.count ?? 0))].sort((a, b) => a - b)
  const struck = ({ faults }: Scenario) => faults.map(({ what, after }) => `${after} ${what}`).join('; ')
  const those = (scenarios: readonly Scenario[]) => [...new Set(scenarios.map(struck))].sort()

  it('is one of thirty-two, with workers, links and turns like any other', () => {
    expect(situationsFor({ ...base, ...declared })).toHaveLength(32)
    for (let i = 0; i < 31; i++) {
      const each = drawn(i, declared, 80)
      expect(span(each.map(({ workers }) => workers))).toEqual([2, 3])
      expect(span(each.map(({ links }) => links))).toEqual([i === 18 ? 3 : i === 0 || i === 11 || i === 26 ? 2 : 1, 3])
      if ([4, 5, 11, 13, 14, 15, 16, 17].includes(i) || i > 18) continue
      expect(span(each.map(({ schedule }) => schedule.length))).toEqual([0, 12])
      expect(span(each.flatMap(({ schedule }) => schedule))).toEqual([0, 7])
    }
  })

  it('may saturate one link, and use another then', () => {
    const saturated = drawn(0)
    expect(counts(saturated)).toEqual([2, 3, 9, 17, 33])
    expect(saturated[0]!.stream.slice(1)).toEqual([{ count: 2, kind: 'plain', link: 2 }, { count: 1, kind: 'new header', link: 2 }])
    expect(saturated.every(({ stream }) => stream[0]!.link === 1 && stream[0]!.kind === 'plain')).toBe(true)
    expect(those(saturated)).toEqual(['0 link hangs', '0 link refuses'])
    expect(counts(drawn(0, { ...declared, burst: 17 }))).toEqual([2, 3, 9, 17])
  })

  it('may let everybody give up, or every other one, while a link keeps them waiting or not', () => {
    const given = drawn(1)
    expect(those(given)).toEqual([0, 1, 2, 3, 4].flatMap((after) => [`${after} sender aborts`, `0 link hangs; ${after} sender aborts`]).sort())
    expect(new Set(given.map(({ faults }) => faults.at(-1)!.on))).toEqual(new Set([7, 8]))
    expect([span(given.map(({ stream }) => stream[0]!.link)), counts(given)]).toEqual([[1, 3], [2, 3, 9, 17, 33]])
  })

  it('may let one message meet death again and again', () => {
    const dying = drawn(2)
    expect(those(dying)).toEqual([2, 3, 4, 5].map((times) => ['0 link hangs', ...Array.from({ length: times }, () => '1 service dies')].join('; ')).sort())
    expect([counts(dying), span(dying.flatMap(({ faults }) => faults.slice(1).map(({ on }) => on)))]).toEqual([[1, 2], [1, 8]])
  })

  it('may let a link drop, and several come some time after', () => {
    const dropping = drawn(3)
    expect(those(dropping)).toEqual(['link drops after', 'link drops before', 'link is late', 'link refuses']
      .map((what) => `0 ${what}; 2 time passes; 3 link heals`))
    expect([counts(dropping), counts(dropping, 1)]).toEqual([[1, 2, 3], [1, 2, 3, 4]])
    for (const { faults: [first, passes, heals], stream: [before, after] } of dropping)
      expect([first!.on === heals!.on, passes!.on >= 1 && passes!.on <= 8, before!.link === after!.link]).toEqual([true, true, true])
  })

  it('may be one after another, with time between them, over a link that fails', () => {
    const spaced = drawn(4)
    for (const { stream, faults: [first, ...passes], schedule } of spaced) {
      expect(['link refuses', 'link hangs', 'link drops before', 'link drops after']).toContain(first!.what)
      expect([first!.after, first!.on, new Set(stream.map(({ link, count }) => `${link} ${count}`)).size]).toEqual([0, stream[0]!.link, 1])
      expect(passes.map(({ what, after }) => `${after} ${what}`)).toEqual(stream.map((_, i) => `${2 * (i + 1)} time passes`))
      expect(schedule).toEqual(stream.flatMap(() => [0, 1]))
    }
    expect([span(spaced.map(({ stream }) => stream.length)), span(spaced.flatMap(({ faults }) => faults.slice(1).map(({ on }) => on)))])
      .toEqual([[2, 6], [1, 8]])
    expect(new Set(spaced.map(({ faults }) => faults[0]!.what)).size).toBe(4)
    const kinds = (promised: Partial<Connector>) => new Set(drawn(4, promised).flatMap(({ stream }) => stream.map(({ kind }) => kind)))
    expect(kinds(declared)).toEqual(new Set(['plain', 'busy', 'refused']))
    expect(kinds({ ...declared, neverGiven: { busy: 'no' } })).toEqual(new Set(['plain', 'refused']))
  })

  it('may be many with which something is wrong, and healthy ones after those', () => {
    const wrong = drawn(5)
    for (const { stream: [bad, good], faults, schedule } of wrong) {
      expect([good, faults]).toEqual([{ count: 3, kind: 'plain', link: bad!.link }, []])
      expect((healthyKinds as readonly string[]).includes(bad!.kind)).toBe(false)
      expect([schedule[0], schedule.length % 3, new Set(schedule.slice(1))]).toEqual([0, 1, new Set([1])])
      if (bad!.kind === 'deep' || bad!.kind === 'empty') expect(bad!.count).toBe(1)
      else expect(schedule).toHaveLength(1 + 3 * bad!.count)
    }
    expect(counts(wrong)).toEqual([1, 4, 6, 11, 21])
    expect(counts(drawn(5, { burst: 6 }))).toEqual([1, 4, 6])
  })

  it('may be one death or one restart, anywhere in its work', () => {
    const [deadly, restarted] = [drawn(6), drawn(7)] as const
    expect([counts(deadly), counts(restarted)]).toEqual(Array.from({ length: 2 }, () => [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
    expect(span(deadly.map(({ faults }) => faults[0]!.after))).toEqual([1, 24])
    expect(span(deadly.map(({ faults }) => faults[0]!.on))).toEqual([1, 8])
    expect(deadly.every(({ faults }) => faults.length === 1 && faults[0]!.what === 'service dies')).toBe(true)
    expect(span(restarted.map(({ faults }) => faults.at(-1)!.after))).toEqual([1, 16])
    expect(new Set(restarted.map(({ faults }) => faults.map(({ what }) => what).join()))).toEqual(
      new Set(['service restarts', 'link hangs,service restarts']))
    expect(counts(drawn(6, { burst: 3 }))).toEqual([2, 3])
  })

  it('may be two of equal content or many more, and some of one kind', () => {
    const alike = drawn(8)
    expect([those(alike), counts(alike), counts(drawn(8, { burst: 12 }))]).toEqual([[''], [2, 11, 17, 33], [2, 11, 12]])
    expect(alike.every(({ stream: [two, some] }) => two!.kind === 'twin' && some!.link === two!.link)).toBe(true)
    expect([counts(alike, 1), new Set(alike.map(({ stream }) => stream[1]!.kind)).size]).toEqual([[1, 2, 3], 8])
  })

  it('may be more than it says that it can hold, or calls that nobody ever answers', () => {
    const [over, unanswered] = [drawn(9), drawn(10)] as const
    expect([counts(over), those(over)]).toEqual([[9, 10, 11, 12], ['', '0 link hangs']])
    const times = (what: string) => [1, 2, 3, 4, 5, 6].map((most) => Array.from({ length: most }, (_, i) => `${i} ${what}`).join('; '))
    expect(those(unanswered)).toEqual([...times('link loses answer'), ...times('link never answers')].sort())
    expect(counts(drawn(9, { capacity: 10, burst: 10 }))).toEqual([9, 10])
    expect(counts(drawn(9, { capacity: 1 }))).toEqual([1, 2, 3])
  })

  it('may be some to try again over one link, while another fails first and hangs then', () => {
    const retried = drawn(11)
    for (const { stream, faults, links, schedule } of retried) {
      const [failing, busy] = [stream.find(({ kind }) => kind === 'plain')!, stream.find(({ kind }) => kind === 'busy')!]
      expect([stream.length, busy.link - failing.link, (busy.link - failing.link) % links === 0, schedule]).toEqual([2, 1, false, []])
      expect(faults.every(({ on }) => on === failing.link)).toBe(true)
      // It hangs when all have had their first answer.
      expect(faults.at(-1)).toMatchObject({ what: 'link hangs', after: 2 + failing.count + busy.count })
      const first = faults.slice(0, -1).map(({ what, after }) => `${after} ${what}`)
      expect(first[0] === '0 link refuses' ? first : new Set([first.length === failing.count, ...first]))
        .toEqual(first[0] === '0 link refuses' ? ['0 link refuses'] : new Set([true, '0 link drops before']))
    }
    expect(new Set(retried.map(({ stream }) => stream[0]!.kind)).size).toBe(2)
    expect([counts(retried), counts(retried, 1)]).toEqual([[1, 2, 3], [1, 2, 3]])
    const dropping = drawn(11, { ...declared, notApplicable: { 'link refuses': 'no' } })
    expect(new Set(dropping.flatMap(({ faults }) => faults.map(({ what }) => what)))).toEqual(new Set(['link drops before', 'link hangs']))
  })

  it('may let the same go wrong five times in a row, or more than a dozen times', () => {
    const again = drawn(12)
    const [ofTheSource, others] = [new Set<string>(), new Set<string>()]
    for (const { faults, stream } of again) {
      const [first, ...more] = [...new Set(faults.map(({ what }) => what))]
      ofTheSource.add(first!)
      for (const what of more) others.add(what)
      for (const what of [first, ...more]) expect([5, 13, 17, 33]).toContain(faults.filter((fault) => fault.what === what).length)
      expect(stream).toMatchObject([{ kind: 'plain' }])
      const drops = faults.filter(({ what }) => what === 'source drops')
      expect(drops.map(({ after }) => after)).toEqual(drops.map((_, i) => i))
      expect(faults.filter(({ what, after }) => what !== 'source drops' && after > 0)).toEqual([])
    }
    expect([ofTheSource, others, counts(again)]).toEqual([
      new Set(['acknowledging fails', 'acknowledgement is lost', 'receiving fails', 'source drops']),
      new Set(['link drops before', 'link drops after', 'reporting fails', 'disk fails']), [6, 14, 18, 34],
    ])
    expect(counts(drawn(12, { ...declared, burst: 15 }))).toEqual([6, 14, 15])
    const [source, rest] = [[...ofTheSource], [...others]].map((names) => Object.fromEntries(names.map((name) => [name, 'no'])))
    const left = (notApplicable: Connector['notApplicable']) =>
      new Set(drawn(12, { ...declared, notApplicable: notApplicable! }).flatMap(({ faults }) => faults.map(({ what }) => what)))
    expect([left(source), left(rest)]).toEqual([others, ofTheSource])
  })

  it('may be one at a time, at an even pace: for longer than it may suffer, and each given up with its call under way or not', () => {
    for (const [number, isGivenUp] of [[13, false], [14, true]] as const)
      for (const { stream, faults, schedule } of drawn(number)) {
        const count = stream.length
        expect([new Set(stream.map((each) => JSON.stringify(each))).size, stream[0]!.count, stream[0]!.kind]).toEqual([1, 1, 'plain'])
        expect(schedule).toEqual(stream.flatMap(() => [0, 1]))
        expect([faults[0]!.after, faults[0]!.on]).toEqual([0, stream[0]!.link])
        expect(faults[0]!.what).toMatch(/^link (?:refuses|drops before)$/)
        const passes = faults.filter(({ what }) => what === 'time passes')
        expect(passes.map(({ after }) => after)).toEqual(stream.map((_, i) => 2 * (i + 1)))
        const seconds = ({ 4: 5, 5: 30 } as Record<number, number>)[passes[0]!.on]!
        const drops = faults.filter(({ what }) => what === 'link drops before').length
        const failing = drops || faults.find(({ what }) => what === 'link heals')!.after / 2
        expect([3, 5, 7]).toContain(failing)
        const aborts = faults.filter(({ what }) => what === 'sender aborts').map(({ after, on }) => `${after} ${on}`)
        expect(aborts).toEqual(isGivenUp ? stream.slice(failing).map((_, i) => `${2 * (failing + i) + 1} 8`) : [])
        // Two may come in a step: of the minute that it may suffer something is over all the same.
        expect((count - failing) / 2 * seconds).toBeGreaterThan(60)
      }
    const paces = (recovery: number) =>
      new Set(drawn(13, { ...declared, recovery }).map(({ faults }) => faults.find(({ what }) => what === 'time passes')!.on))
    expect([60_000, 600_000, 36_000_000, 0].map(paces)).toEqual([new Set([4, 5]), new Set([6]), new Set([8]), new Set([5])])
  })

  it('may be all links down but the last, and that one is used then', () => {
    for (const { links, stream, faults } of drawn(18)) {
      expect([links, stream.map(({ link }) => link), faults.map(({ on, after }) => [on, after])]).toEqual([3, [1, 2, 3], [[1, 0], [2, 0]]])
      expect([stream[0]!.count - stream[1]!.count, stream[2]]).toEqual([0, { count: 2, kind: 'plain', link: 3 }])
    }
    expect(those(drawn(18))).toHaveLength(4)
    expect(those(drawn(18, { ...declared, notApplicable: { 'link refuses': 'no' } }))).toEqual(['0 link hangs; 0 link hangs'])
  })

  it('is of plain messages, over any link, where it is not about a kind or a link', () => {
    for (const number of [1, 2, 3, 6, 7, 10, 12, 13, 14]) {
      const bursts = drawn(number).flatMap(({ stream }) => stream)
      expect([new Set(bursts.map(({ kind }) => kind)), span(bursts.map(({ link }) => link))], `${number}`).toEqual([new Set(['plain']), [1, 3]])
    }
    expect(counts(drawn(10))).toEqual([2, 3, 9, 17, 33])
  })

  it('is left out where it cannot be', () => {
    const lengths = (promised: Partial<Connector>) => situationsFor({ ...base, ...promised }).length
    expect(lengths({})).toBe(30)
    expect(lengths({ links: [1, 1] })).toBe(24)
    expect(lengths({ notApplicable: { 'link hangs': 'no', 'link refuses': 'no' } })).toBe(23)
    expect(lengths({ notApplicable: { 'link hangs': 'no' } })).toBe(29)
    expect(lengths({ notApplicable: { 'sender aborts': 'no' } })).toBe(28)
    expect(lengths({ notApplicable: { 'service restarts': 'no' } })).toBe(29)
    expect(lengths({ notApplicable: { 'service dies': 'no' } })).toBe(25)
    expect(lengths({ notApplicable: { 'time passes': 'no' } })).toBe(11)
    expect(lengths({ notApplicable: { 'link refuses': 'no', 'link drops before': 'no' } })).toBe(18)
    expect(lengths({ expiry: 600_000 })).toBe(31)
    expect(lengths({ clock: 'real' })).toBe(9)
    expect(lengths({ recovery: 7_200_000 * 24 })).toBe(27)
    const none = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'no']))
    const plainAlone = { neverGiven: none(messageKinds.filter((kind) => kind !== 'plain')) }
    expect([lengths(plainAlone), drawn(0, plainAlone)[0]!.stream[2]!.kind]).toEqual([26, 'plain'])
    const ofCalls = /^(?:link drops|acknowl|receiving|reporting|disk|source)/
    expect(lengths({ notApplicable: none(faultNames.filter((name) => ofCalls.test(name))) })).toBe(20)
    const notApplicable = { 'link hangs': 'no', 'link heals': 'no' }
    const quiet = { capacity: 5, notApplicable, neverGiven: { twin: 'no', 'new header': 'no' } }
    const calm = Array.from({ length: lengths(quiet) }, (_, i) => drawn(i, quiet, 40))
    expect(calm.flat().some(({ faults }) => faults.some(({ what }) => what === 'link hangs' || what === 'link heals'))).toBe(false)
    expect(calm.flat().every(({ faults }) => faults.every(({ what }) => faultNames.includes(what)))).toBe(true)
    expect(calm.flat().some(({ stream }) => stream.some(({ kind }) => kind === 'twin' || kind === 'new header'))).toBe(false)
    expect(calm[0]![0]!.stream[2]!.kind).toBe('other script')
    expect(calm[8]!.every(({ stream }) => stream.length === 1)).toBe(true)
  })
})
