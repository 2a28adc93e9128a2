/**
 * A link is down for a while, in which whoever waits tries again and again, and messages for it and for others keep coming. It heals in the
 * midst of that, has its time to recover, and is used again: a pause, a count or a queue that outlasts the outage shows then.
 */
import fc from 'fast-check'
import { type Connector, type FaultName, faultsFor, lettingPass, type MessageKind, promisesOf, rangesOf } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { Course } from './waves.ts'

/** None where no time can pass, or no link be down and up again. */
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
