/**
 * Situations that have broken connectors, and that independent numbers seldom make: one link saturated and then another used,
 * everybody giving up at once, one message that meets death again and again, the same fault a dozen times, a limit met exactly.
 */
import fc from 'fast-check'
import { type Connector, type FaultName, healthyKinds, type MessageKind, rangesOf } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'
import { outagesFor, pausesFor } from './pauses.ts'
import { agedFor, Course, diesAtRestFor, poisonedFor, slowDiskFor, steadyFor } from './waves.ts'

const full = [3, 9, 17, 33, 65, 129] as const
/** How many of equal content: two, and more than a window of ten, sixteen or thirty-two. */
const alike = [2, 2, 11, 17, 33] as const
/** So many in a row: what leaks or counts has come to its end by then, be it a window of four or of thirty-two. */
const inARow = [5, 13, 17, 33] as const
const schedule = fc.array(fc.nat(7), { maxLength: 12, size: 'max' })

interface Parts {
  readonly links?: fc.Arbitrary<number>
  readonly stream: fc.Arbitrary<readonly Burst[]>
  readonly faults: fc.Arbitrary<readonly Fault[]>
}

export function situationsFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const can = (name: FaultName) => connector.notApplicable?.[name] === undefined
  const isGiven = (kind: MessageKind) => connector.neverGiven?.[kind] === undefined
  const kinds = healthyKinds.filter(isGiven)
  const workers = fc.integer({ min: leastWorkers, max: mostWorkers })
  const link = fc.integer({ min: 1, max: mostLinks })
  const many = fc.constantFrom(...full.filter((count) => count <= burst), Math.min(2, burst))
  const isVirtual = connector.clock !== 'real'
  const unhealthy = (['refused', 'refused', 'refused', 'busy', 'bad address', 'wrong type', 'empty', 'deep'] as const).filter(isGiven)
  const mixed = (['plain', 'plain', 'busy', 'refused'] as const).filter(isGiven)
  const made = ({ links = fc.integer({ min: leastLinks, max: mostLinks }), stream, faults }: Parts): fc.Arbitrary<Scenario> =>
    fc.record({ workers, links, stream, faults, schedule })
  const at = (what: FaultName, after: number, on = 1): Fault => ({ what, after, on })
  const downs = (['link hangs', 'link refuses'] as const).filter(can)
  const others = Array.from({ length: mostLinks - 1 }, (_, i) => i + 1)
  const some = (count: number, kind: MessageKind = 'plain', of = 1): Burst => ({ count, kind, link: of })
  return [
    // One link takes all there is, and another is used then.
    ...(mostLinks > 1 && downs.length > 0 ? [made({
      links: fc.integer({ min: Math.max(2, leastLinks), max: mostLinks }),
      stream: many.map((count) => [some(count), some(2, 'plain', 2), some(1, kinds.at(1) ?? 'plain', 2)]),
      faults: fc.constantFrom(...downs).map((what) => [at(what, 0)]),
    })] : []),
    // Everybody gives up, or every other one, while a link keeps them waiting, or before they are handed over.
    ...(can('sender aborts') ? [made({
      stream: fc.tuple(many, link).map(([count, of]) => [some(count, 'plain', of)]),
      faults: fc.tuple(fc.constantFrom(0, 0, 0, 1, 2, 3, 4), fc.constantFrom(7, 8), fc.nat(2)).map(([after, on, isDown]) =>
        [...(isDown && can('link hangs') ? [at('link hangs', 0)] : []), at('sender aborts', after, on)]),
    })] : []),
    // One message, and its connector dies again and again with it in hand.
    ...(isVirtual && can('service dies') ? [made({
      stream: fc.tuple(fc.integer({ min: 1, max: 2 }), link).map(([count, of]) => [some(count, 'plain', of)]),
      faults: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 5 }).map((ons) =>
        [...(can('link hangs') ? [at('link hangs', 0)] : []), ...ons.map((on) => at('service dies', 1, on))]),
    })] : []),
    // A link drops or is late, and several come at once some time after.
    ...(isVirtual && can('time passes') ? [made({
      stream: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }), link)
        .map(([before, after, of]) => [some(before, 'plain', of), some(after, 'plain', of)]),
      faults: fc.tuple(fc.constantFrom<FaultName>('link drops before', 'link drops after', 'link is late', 'link refuses'), link,
        fc.integer({ min: 1, max: 8 })).map(([what, of, long]) =>
        [at(what, 0, of), at('time passes', 2, long), at('link heals', 3, of)].filter((fault) => can(fault.what))),
    })] : []),
    // One after another, with time between them, over a link that is down or has just failed.
    ...(isVirtual && can('time passes') ? [fc.record({
      count: fc.integer({ min: 2, max: 6 }), long: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 6, maxLength: 6 }),
      what: fc.constantFrom<FaultName>('link refuses', 'link refuses', 'link hangs', 'link drops before', 'link drops after'),
      kinds: fc.array(fc.constantFrom(...mixed), { minLength: 6, maxLength: 6 }), workers, of: link,
      links: fc.integer({ min: leastLinks, max: mostLinks }),
    }).map(({ count, kinds: each, long, what, of, ...hands }): Scenario => ({
      ...hands, stream: each.slice(0, count).map((kind) => some(1, kind, of)),
      schedule: Array.from({ length: 2 * count }, (_, i) => i % 2),
      faults: [at(what, 0, of), ...long.slice(0, count).map((on, i) => at('time passes', 2 * (i + 1), on))]
        .filter((fault) => can(fault.what)),
    }))] : []),
    // Many with which something is wrong, and healthy ones when those have had their answer.
    ...(unhealthy.length === 0 ? [] : [fc.record({
      kind: fc.constantFrom(...unhealthy), count: fc.constantFrom(...[4, 6, 11, 21].filter((each) => each <= burst), 1),
      workers, of: link,
      links: fc.integer({ min: leastLinks, max: mostLinks }),
    }).map(({ kind, count, of, ...hands }): Scenario => ({
      ...hands, stream: [some(kind === 'deep' || kind === 'empty' ? 1 : count, kind, of), some(3, 'plain', of)], faults: [],
      schedule: [0, ...Array.from({ length: 3 * count }, () => 1)],
    }))]),
    // It dies once, anywhere in its work.
    ...(isVirtual && can('service dies') ? [made({
      stream: fc.tuple(fc.integer({ min: 2, max: 12 }), link).map(([count, of]) => [some(Math.min(count, burst), 'plain', of)]),
      faults: fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 8 }))
        .map(([after, on]) => [at('service dies', after, on)]),
    })] : []),
    ...(can('service restarts') ? [made({
      stream: fc.tuple(fc.integer({ min: 2, max: 12 }), link).map(([count, of]) => [some(Math.min(count, burst), 'plain', of)]),
      faults: fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 16 }), link).map(([isDown, after, of]) =>
        [...(isDown && can('link hangs') ? [at('link hangs', 0, of)] : []), at('service restarts', after)]),
    })] : []),
    // Two or more of equal content, and some of one kind.
    made({
      stream: fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: 1, max: 3 }), fc.constantFrom(...alike), link)
        .map(([kind, count, twins, of]) => [
          ...(kinds.includes('twin') ? [some(Math.min(twins, burst), 'twin', of)] : []), some(count, kind, of),
        ]),
      faults: fc.constant([]),
    }),
    // More than it says that it can hold.
    ...(connector.capacity === undefined ? [] : [made({
      stream: fc.integer({ min: -1, max: 2 }).map((more) => [some(Math.max(1, Math.min(burst, connector.capacity! + more)))]),
      faults: fc.boolean().map((isDown) => (isDown && can('link hangs') ? [at('link hangs', 0)] : [])),
    })]),
    // Calls that nobody ever answers: a pool of so many is used up.
    ...(connector.timeout === undefined ? [] : [made({
      stream: fc.tuple(many, link).map(([count, of]) => [some(count, 'plain', of)]),
      faults: fc.tuple(fc.constantFrom<FaultName>('link never answers', 'link loses answer'), fc.integer({ min: 1, max: 6 }), link)
        .map(([what, times, of]) => Array.from({ length: times }, (_, i) => at(what, i, of))),
    })]),
    // Some are to be tried again over one link, while another fails first and hangs then.
    ...(mostLinks > 1 && isGiven('busy') && can('link hangs') ? [fc.record({
      failing: fc.integer({ min: 1, max: Math.min(3, burst) }), busy: fc.integer({ min: 1, max: Math.min(3, burst) }),
      isBusyFirst: fc.boolean(),
      what: fc.constantFrom<FaultName>('link refuses', 'link drops before'), of: link, workers,
      links: fc.integer({ min: Math.max(2, leastLinks), max: mostLinks }),
    }).map(({ failing, busy, isBusyFirst, what, of, ...hands }): Scenario => {
      const stream = [some(failing, 'plain', of), some(busy, 'busy', of + 1)]
      const first = Array.from({ length: what === 'link refuses' ? 1 : failing }, () => at(what, 0, of))
      return {
        ...hands, stream: isBusyFirst ? stream.reverse() : stream, schedule: [],
        faults: [...first.filter(() => can(what)), at('link hangs', stream.length + failing + busy, of)],
      }
    })] : []),
    ...again(connector),
    ...steadyFor(connector),
    ...poisonedFor(connector),
    ...diesAtRestFor(connector),
    // All links but the last are down, and that one is used then: what holds against one of them may not hold against two.
    ...(mostLinks > 2 && downs.length > 0 ? [made({
      links: fc.constant(mostLinks),
      stream: many.map((count) => [...others.map((of) => some(count, 'plain', of)), some(2, 'plain', mostLinks)]),
      // One that refuses gives an answer, and holds nobody up: most of them hang.
      faults: fc.tuple(...others.map((of) => fc.constantFrom(downs[0]!, downs[0]!, ...downs).map((what) => at(what, 0, of)))),
    })] : []),
    ...pausesFor(connector),
    ...slowDiskFor(connector),
    ...agedFor(connector),
    ...outagesFor(connector),
  ]
}

/** The same goes wrong more than a dozen times in a row: with calls to the source, with others, or with both. */
function again(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const can = (name: FaultName) => connector.notApplicable?.[name] === undefined
  const ofTheSource = (['acknowledging fails', 'acknowledgement is lost', 'receiving fails', 'source drops'] as const).filter(can)
  const others = (['link drops before', 'link drops after', 'reporting fails', 'disk fails'] as const).filter(can)
  if (ofTheSource.length + others.length === 0) return []
  return [fc.record({
    // A connector that is handed its messages has no source: mostly, something else goes wrong too.
    first: ofTheSource.length === 0 ? fc.constant(null) : fc.constantFrom(...ofTheSource),
    other: others.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...others), { freq: 3 }),
    times: fc.constantFrom(...inARow), of: fc.integer({ min: 1, max: mostLinks }), schedule,
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map(({ first, other, times, of, ...hands }): Scenario => ({
    ...hands, stream: [{ count: Math.min(times + 1, burst), kind: 'plain', link: of }],
    faults: [first, other].flatMap((what) => (what === null ? []
      : Array.from({ length: times }, (_, i) => ({ what, after: what === 'source drops' ? i : 0, on: of })))),
  }))]
}

/** One after another, each done with when the next one comes, and each fails once: what grows by a second has grown by a minute. */
function failingSingly(connector: Connector): readonly Scenario[] {
  const { links: [, links], workers: [, workers] } = rangesOf(connector)
  const can = (name: FaultName) => connector.notApplicable?.[name] === undefined
  if (connector.clock === 'real' || !can('time passes') || !can('link drops before')) return []
  // Whoever waits before a call has not made it when the others are answered; whoever does not is answered at once.
  return [true, false].map((waits): Scenario => {
    const faults: Fault[] = []
    const schedule: number[] = []
    const passes = () => faults.push({ what: 'time passes', after: schedule.length, on: 6 })
    for (let i = 0; i < singles; i++) {
      faults.push({ what: 'link drops before', after: schedule.length, on: 1 })
      schedule.push(0)
      if (waits) passes()
      for (let tries = 0; tries < 2; tries++) {
        schedule.push(1)
        passes()
      }
    }
    const stream = Array.from({ length: singles }, () => ({ count: 1, kind: 'plain' as const, link: 1 }))
    return { workers, links, stream, faults, schedule }
  })
}
const singles = 70

/**
 * One is to be tried again over its link, and a while later one for another link fails, which is down: the first has waited as long, and is
 * to be tried when it was. As long as from just more than a second to more than most wait.
 */
function failsMeanwhile(connector: Connector): readonly Scenario[] {
  const { links: [, links], workers: [, workers] } = rangesOf(connector)
  const can = (name: FaultName) => connector.notApplicable?.[name] === undefined
  const areGiven = (['busy', 'plain'] as const).every((kind) => connector.neverGiven?.[kind] === undefined)
  if (connector.clock === 'real' || links < 2 || !can('time passes') || !can('link refuses') || !areGiven) return []
  return [false, ...(can('receiving fails') ? [true] : [])].flatMap((isFetched) => [[1, 3], [1, 1, 1], [4, 4, 4, 4]].map((passes) => {
    const course = new Course()
    course.happens('link refuses', 2)
    course.arrives({ count: 1, kind: 'busy', link: 1 }, isFetched)
    course.answers(1, isFetched)
    for (const long of passes) course.happens('time passes', long)
    course.arrives({ count: 1, kind: 'plain', link: 2 }, isFetched)
    return { workers, links, ...course.made }
  }))
}

/** It dies, or is started again, with one of every kind in hand that may be delivered: what it had kept of them is to be what they were. */
function endsWithEachKind(connector: Connector): readonly Scenario[] {
  const { links: [, links], workers: [, workers], burst } = rangesOf(connector)
  const can = (name: FaultName) => connector.notApplicable?.[name] === undefined
  const all = [...healthyKinds, 'list', 'empty', 'deep'] as const
  const kinds = all.filter((kind) => connector.neverGiven?.[kind] === undefined).slice(0, burst)
  const each = { workers, links, stream: kinds.map((kind) => ({ count: 1, kind, link: 1 })), schedule: [] }
  const [after, drops] = [kinds.length + 1, kinds.map((): Fault => ({ what: 'link drops before', after: 0, on: 1 }))]
  return [
    ...(can('service dies') && can('link hangs')
      ? [{ ...each, faults: [{ what: 'link hangs', after: 0, on: 1 }, { what: 'service dies', after, on: 1 }] as const }] : []),
    // Those that failed wait for their next try, and all of their calls have had a turn.
    ...(can('service restarts') && can('link drops before')
      ? [{ ...each, faults: [...drops, { what: 'service restarts', after: 4 * after, on: 1 } as const] }] : []),
  ]
}

/** A stream of so many messages with a name of their own each: the limits that only size meets. */
export function ofSize(connector: Connector, count: number): Scenario {
  const { links: [links], workers: [, workers] } = rangesOf(connector)
  const kind: MessageKind = connector.neverGiven?.['new header'] === undefined ? 'new header' : 'plain'
  return { workers, links, stream: [{ count, kind, link: 1 }], faults: [], schedule: [] }
}

/** The same, and all of it waits for a link that hangs, until that is healed. */
export const backlogOf = (connector: Connector, count: number): Scenario =>
  ({ ...ofSize(connector, count), faults: [{ what: 'link hangs', after: 0, on: 1 }] })

/** More than most pools, windows and books have places. */
const failuresInARow = 129
const failures = [
  'link drops before', 'link drops after', 'link never answers', 'link loses answer', 'acknowledging fails', 'acknowledgement is lost',
  'reporting fails', 'disk fails',
] as const satisfies readonly FaultName[]
/** What has a source give the same message out again, or has it sent again. */
const returns = ['acknowledging fails', 'link drops before'] as const satisfies readonly FaultName[]
const returnsOfOne = 25
const refusals = ['refused', 'busy', 'bad address'] as const satisfies readonly MessageKind[]

/**
 * The same fails in the same way more than a hundred times in a row: whatever is not given back after it, or forgotten too soon, shows.
 * Each way that a connector can meet, once; what its source gives out again comes behind all that waits. One message comes back again and
 * again, and one of each kind is in hand at a death and at a restart.
 */
export function manyFailures(connector: Connector): readonly Scenario[] {
  const { links: [, links], workers: [, workers], burst } = rangesOf(connector)
  const count = Math.min(failuresInARow + 1, burst)
  const needsTimeout = (what: FaultName) => what === 'link never answers' || what === 'link loses answer'
  const meets = (what: FaultName) =>
    connector.notApplicable?.[what] === undefined && (connector.timeout !== undefined || !needsTimeout(what))
  return [
    ...failures.filter(meets).map((what): Scenario => ({
      workers, links, stream: [{ count, kind: 'plain', link: 1 }], schedule: [],
      faults: Array.from({ length: failuresInARow }, () => ({ what, after: 0, on: what.startsWith('link') ? 1 : 2 })),
    })),
    ...returns.filter(meets).map((what): Scenario => ({
      workers, links, stream: [{ count: 1, kind: 'plain', link: 1 }], schedule: [],
      faults: Array.from({ length: returnsOfOne }, () => ({ what, after: 0, on: 1 })),
    })),
    ...endsWithEachKind(connector),
    ...failingSingly(connector),
    ...failsMeanwhile(connector),
    ...refusals.filter((kind) => connector.neverGiven?.[kind] === undefined).map((kind): Scenario => ({
      workers, links, stream: [{ count, kind, link: 1 }, { count: Math.min(2, burst), kind: 'plain', link: 1 }], faults: [],
      schedule: [0, ...Array.from({ length: count }, () => 1)],
    })),
  ]
}
