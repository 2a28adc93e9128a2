/**
 * What happens while a connector waits: between a failure and the next try, behind a link in trouble, or long after the trouble. It dies
 * or is started again with its messages in a pause, the clock is set back while some wait, what failed once is remembered for too long.
 */
import fc from 'fast-check'
import {
  type Connector, type FaultName, faultsFor, healthyKinds, lettingPass, type MessageKind, promisesOf, rangesOf,
} from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { Course } from './waves.ts'

/** How a connector loses its place: one of its workers, or all of it. */
const ends = ['worker dies', 'service dies', 'service restarts'] as const

/** None of them where no time can pass, or where nothing can fail over a link. */
export function pausesFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const can = (name: FaultName) => applicable.includes(name)
  const isGiven = (kind: MessageKind) => connector.neverGiven?.[kind] === undefined
  if (!can('time passes') || !can('link drops before') || !isGiven('plain')) return []
  const hands = {
    of: fc.integer({ min: 1, max: mostLinks }), isFetched: fc.boolean(),
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
  }
  const upTo = (most: number) => fc.integer({ min: 1, max: Math.min(most, burst) })
  const few = fc.integer({ min: 1, max: 8 })
  /** Fewer than a breaker opens at, or as many, more often than more. */
  const upToThree = fc.constantFrom(1, 1, 2, 2, 3, 3, 4, 5).map((count) => Math.min(count, burst))
  const course = (does: (course: Course, what: (name: FaultName, on: number) => void) => void) => {
    const made = new Course()
    does(made, (name, on) => { if (can(name)) made.happens(name, on) })
    return made.made
  }
  const kinds = ([...healthyKinds, 'list', 'empty', 'deep', 'busy'] as const).filter(isGiven)
  const wrong = (['refused', 'bad address', 'oversized'] as const).filter(isGiven)
  const poisons = wrong.length > 0 ? wrong : ['plain' as const]
  const downs = (['link hangs', 'link refuses', 'link drops before'] as const).filter(can)
  return [
    // Some fail, each of its own kind, and it loses its place in the pause before the next try, or in that try; and so on.
    fc.record({
      ...hands, ends: fc.shuffledSubarray([...ends], { minLength: 2 }), on: fc.tuple(few, few, few),
      kinds: fc.oneof(fc.constantFrom(...kinds, 'plain' as const).map((kind) => [kind]),
        fc.shuffledSubarray(kinds, { minLength: 1, maxLength: Math.min(kinds.length, burst) })),
      waits: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(0, 0, 4, 5))),
    }).map(({ of, isFetched, ends, on, kinds, waits, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        const fail = () => { for (const kind of kinds) if (kind !== 'busy') happens('link drops before', of) }
        fail()
        for (const kind of kinds) course.comes({ count: 1, kind, link: of }, isFetched)
        ends.forEach((end, round) => {
          // In the next try it dies as that takes effect.
          if (waits[round]! > 0) happens('time passes', waits[round]!)
          else if (round < ends.length - 1) fail()
          happens(end, end === 'worker dies' ? Math.ceil(on[round]! / 4) : waits[round]! > 0 ? 2 * on[round]! : on[round]!)
          course.answers(kinds.length, isFetched)
        })
      }),
    })),
    // Some wait for a link in trouble, the clock goes back, and more come; it may lose its place meanwhile.
    ...(can('clock goes back') ? [[null], ['worker dies', ...ends] as const].map((ends) => fc.record({
      ...hands, before: upTo(4), after: upTo(3), back: few, on: few, what: fc.constantFrom('link hangs' as const, ...downs),
      end: fc.constantFrom(...ends), isClockLast: fc.boolean(), heals: fc.constantFrom(0, 1, 5, 7),
    }).map(({ of, isFetched, before, after, back, on, what, end, isClockLast, heals, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        const loses = () => { if (end !== null) happens(end, end === 'worker dies' ? Math.ceil(on / 6) : on) }
        for (let i = what === 'link drops before' ? before : 1; i > 0; i--) happens(what, of)
        course.arrives({ count: before, kind: 'plain', link: of }, isFetched)
        if (isClockLast) loses()
        happens('clock goes back', back)
        if (!isClockLast) loses()
        course.arrives({ count: after, kind: 'plain', link: of }, isFetched)
        if (heals > 0) happens('time passes', heals)
        if (heals > 0) happens('link heals', of)
      }),
    }))) : []),
    // A few fail; long after that some are refused for what they are, and healthy ones come one by one: none of them is to suffer.
    fc.record({
      ...hands, fails: fc.tuple(upToThree, upToThree), isBusy: fc.boolean(), poison: fc.tuple(fc.nat(3), fc.nat(3)),
      kind: fc.constantFrom<MessageKind>(...poisons, ...poisons.slice(0, 1), ...poisons.slice(0, 1)), long: fc.constantFrom(7, 7, 8),
    }).map(({ of, isFetched, fails, isBusy, poison, kind, long, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        fails.forEach((count, round) => {
          const failing = isBusy && isGiven('busy') ? 'busy' : 'plain'
          if (failing === 'plain') for (let i = 0; i < count; i++) happens('link drops before', of)
          course.comes({ count, kind: failing, link: of }, isFetched)
          happens('link heals', of)
          happens('time passes', long)
          if (poison[round]! > 0) course.comes({ count: Math.min(burst, poison[round]!), kind, link: of }, isFetched)
          for (let i = 0; i < 3; i++) course.comes({ count: 1, kind: 'plain', link: of }, isFetched)
        })
      }),
    })),
    // Healthy ones and others wait in one line for a link in trouble. It is healed after a while, and whoever is first may be refused.
    ...(wrong.length > 0 ? [fc.record({
      ...hands, line: fc.array(fc.constantFrom<MessageKind>('plain', ...wrong.slice(0, 1)), { minLength: 3, maxLength: 6 }),
      what: fc.constantFrom(...downs), times: few, passes: fc.array(fc.constantFrom(1, 4, 5), { minLength: 1, maxLength: 4 }),
    }).map(({ of, isFetched, line, what, times, passes, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        for (let i = what === 'link drops before' ? times : 1; i > 0; i--) happens(what, of)
        for (const kind of line) course.arrives({ count: 1, kind, link: of }, isFetched)
        for (const long of passes) happens('time passes', long)
        happens('link heals', of)
      }),
    }))] : []),
    // The source has it still that some are done with, and gives them out again long after.
    ...(can('acknowledging fails') ? [fc.record({
      ...hands, count: upTo(3), ons: few, times: upTo(3), long: fc.constantFrom(5, 6, 7, 7, 8, 8),
      isStopped: fc.boolean(),
    }).map(({ of, isFetched: _, count, ons, times, long, isStopped, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        for (let i = 0; i < times; i++) happens('acknowledging fails', ons)
        course.comes({ count, kind: 'plain', link: of }, true)
        if (isStopped) happens('service stops', 1)
        else {
          happens('link hangs', of)
          course.arrives({ count: Math.min(4, burst), kind: 'plain', link: of }, true)
        }
        happens('time passes', long)
        happens('link heals', of)
        if (isStopped) happens('service restarts', 1)
      }),
    }))] : []),
    // As many fail in a row as a breaker opens at, and it ends then: what it has kept of that trouble is not for ever.
    fc.record({
      ...hands, failing: fc.constantFrom(3, 5, 7).map((count) => Math.min(count, burst)), end: fc.constantFrom(...ends), on: few,
      waits: fc.constantFrom(0, 0, 4),
    }).map(({ of, isFetched, failing, end, on, waits, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        for (let i = 0; i < failing; i++) happens('link drops before', of)
        course.comes({ count: failing, kind: 'plain', link: of }, isFetched)
        if (waits > 0) happens('time passes', waits)
        happens(end, on)
      }),
    })),
    // One link is down, another is not, and it dies with messages for both in hand: what it takes up again is as independent as before.
    ...(mostLinks > 1 && can('service dies') ? [fc.record({
      ...hands, down: upTo(3), other: upTo(3), isFirst: fc.boolean(), what: fc.constantFrom(...downs.slice(0, 1), ...downs), on: few,
      links: fc.integer({ min: Math.max(2, leastLinks), max: mostLinks }), turns: fc.constantFrom(0, 0, 1, 2),
    }).map(({ of, isFetched, down, other, isFirst, what, on, turns, ...hands }): Scenario => ({
      ...hands, ...course((course, happens) => {
        happens(what, of)
        const both = [{ count: down, kind: 'plain', link: of }, { count: other, kind: 'plain', link: of + 1 }] as const
        for (const each of isFirst ? both : both.toReversed()) course.arrives(each, isFetched)
        course.answers(turns, false)
        happens('service dies', on)
      }),
    }))] : []),
  ]
}

/**
 * A link is down for a while, in which whoever waits tries again and again, and messages for it and for others keep coming. It heals in the
 * midst of that, has its time to recover, and is used again: a pause, a count or a queue that outlasts the outage shows then. None where no
 * time can pass, or no link be down and up again.
 */
export function outagesFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const downs = (['link refuses', 'link refuses', 'link hangs'] as const).filter((name) => applicable.includes(name))
  const isGiven = (kind: MessageKind) => connector.neverGiven?.[kind] === undefined
  const kinds = (['plain', 'plain', 'plain', 'busy'] as const).filter(isGiven)
  if (!(['time passes', 'link heals'] as const).every((name) => applicable.includes(name)) || downs.length === 0 || !isGiven('plain')) return []
  const { recovery } = promisesOf(connector, 0)
  const enough = [1, 4, 5, 6, 7, 8].find((on) => lettingPass({ what: 'time passes', on }) > recovery) ?? 8
  const upTo = (most: number) => fc.integer({ min: 1, max: Math.min(most, burst) })
  const sameLink = fc.constant(0)
  /** From the link that is down to the one that a message is for: others are used as often. */
  const anyLink = fc.constantFrom(0, 0, 1, 2)
  const outages = (away: fc.Arbitrary<number>) => fc.record({
    of: fc.integer({ min: 1, max: mostLinks }), what: fc.constantFrom<FaultName>(...downs), isFetched: fc.nat(3).map((n) => n === 0),
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
    // How long it is until whoever waits has tried again, as faults number it, and how often.
    meanwhile: fc.tuple(fc.constant(0), away).chain((aways) => fc.tuple(...aways.map((away) => fc.record({
      count: upTo(3), kind: fc.constantFrom(...kinds), away: fc.constant(away),
      passes: fc.tuple(fc.nat(5), fc.constantFrom(1, 4, 4, 4, 5, 6)).map(([times, long]) => Array<number>(times).fill(long)),
    })))),
    // Some of these come earlier: where nobody waits for a turn, it is theirs.
    after: fc.array(away, { minLength: 6, maxLength: 6 }),
  }).map(({ of, what, isFetched, meanwhile, after, ...hands }): Scenario => {
    const course = new Course()
    course.happens(what, of)
    for (const { count, kind, away, passes } of meanwhile) {
      course.arrives({ count, kind, link: of + away }, isFetched)
      if (what === 'link refuses' || away > 0) course.answers(count, isFetched)
      for (const long of passes) {
        course.happens('time passes', long)
        if (what === 'link refuses') course.answers(1, isFetched)
      }
    }
    course.happens('link heals', of)
    course.happens('time passes', enough)
    for (const away of after) course.arrives({ count: 1, kind: 'plain', link: of + away }, isFetched)
    return { ...hands, ...course.made }
  })
  return [outages(sameLink), outages(sameLink), ...(mostLinks > 1 ? [outages(anyLink), outages(anyLink)] : [])]
}
