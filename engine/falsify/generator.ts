/** Scenarios as fast-check draws them for a connector, and what they are shrunk to. */
import fc from 'fast-check'
import { type Connector, type FaultName, faultNames, type MessageKind, messageKinds, rangesOf } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'

/** Faults that last until they are healed: twice as likely, for most of the laws speak of them. */
const lasting: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs'])
/** Sizes at which connectors have broken: a burst is one of these, or one more or less, or anything up to it. */
const sizes = [1, 2, 3, 5, 10, 16, 17, 32, 40, 64, 100, 128, 256, 500, 1_000, 1_024, 2_000, 4_000, 4_096, 5_000]

/** Kinds of which one takes some connectors a second: a burst of them would say no more, and take minutes. */
const heavy: ReadonlySet<MessageKind> = new Set(['deep', 'long', 'many attachments'])
const mostHeavy = 4

export const kindsFor = ({ neverGiven }: Connector) => messageKinds.filter((kind) => neverGiven?.[kind] === undefined)
export const faultsFor = ({ notApplicable }: Connector) => faultNames.filter((fault) => notApplicable?.[fault] === undefined)

/** Scenarios for a connector: independent numbers, so that every part shrinks by itself. */
export function scenarios(connector: Connector): fc.Arbitrary<Scenario> {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst: largest } = rangesOf(connector)
  const given = kindsFor(connector)
  const applicable = faultsFor(connector)
  const small = fc.integer({ min: 1, max: Math.min(4, largest) })
  const large = fc.tuple(fc.constantFrom(...sizes.filter((size) => size <= largest + 1)), fc.integer({ min: -1, max: 1 }))
    .map(([size, more]) => Math.max(1, Math.min(largest, size + more)))
  const burst: fc.Arbitrary<Burst> = fc.record({
    count: fc.oneof({ weight: 6, arbitrary: small }, { weight: 1, arbitrary: large }),
    kind: fc.oneof({ weight: 2, arbitrary: fc.constant<MessageKind>('plain') }, { weight: 1, arbitrary: fc.constantFrom(...given) }),
    link: fc.integer({ min: 1, max: mostLinks }),
  }).map((drawn) => (heavy.has(drawn.kind) ? { ...drawn, count: Math.min(drawn.count, mostHeavy) } : drawn))
  const fault = (): fc.Arbitrary<Fault> => fc.record({
    // Mostly while there is work to do: half of the scenarios are over after ten turns.
    after: fc.oneof({ weight: 2, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.nat(24) }),
    what: fc.constantFrom(...applicable, ...applicable.filter((fault) => lasting.has(fault))),
    on: fc.integer({ min: 1, max: 8 }),
  })
  return fc.record({
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }),
    links: fc.integer({ min: leastLinks, max: mostLinks }),
    stream: fc.array(burst, { minLength: 1, maxLength: 5, size: 'max' }),
    faults: applicable.length === 0 ? fc.constant([]) : fc.array(fault(), { maxLength: 5, size: 'max' }),
    schedule: fc.array(fc.nat(7), { maxLength: 30, size: 'max' }),
  })
}

/** Scenarios a step smaller than one, the boldest first. */
export function* smaller(scenario: Scenario, connector: Connector): Generator<Scenario> {
  const { stream, faults, schedule } = scenario
  // Fewer faults and messages before a plainer schedule: what takes its place is mostly another fault.
  if (faults.length > 1) yield { ...scenario, faults: [] }
  for (const at of stream.keys()) if (stream.length > 1) yield* atTheirTurns(scenario, { ...scenario, stream: stream.toSpliced(at, 1) })
  for (const at of faults.keys()) {
    const others = faults.toSpliced(at, 1)
    yield { ...scenario, faults: others }
    // Without it there may be fewer turns to wait for: a restart takes some of its own.
    for (const soonest of [2, 1]) if (others.some(({ after }) => after > soonest))
      yield { ...scenario, faults: others.map((fault) => ({ ...fault, after: Math.min(fault.after, soonest) })) }
  }
  for (const [at, burst] of stream.entries()) {
    const put = (change: Partial<Burst>) => ({ ...scenario, stream: stream.with(at, { ...burst, ...change }) })
    for (const count of new Set([1, Math.floor(burst.count / 2), burst.count - 1]))
      if (count >= 1 && count < burst.count) yield put({ count })
    if (burst.kind !== 'plain') yield put({ kind: 'plain' })
    if (burst.link > 1) yield put({ link: 1 })
    const twin = stream.findIndex((other, i) => i > at && other.kind === burst.kind && other.link === burst.link)
    if (twin > at) {
      const both = { ...burst, count: burst.count + stream[twin]!.count }
      yield* atTheirTurns(scenario, { ...scenario, stream: stream.with(at, both).toSpliced(twin, 1) })
    }
  }
  if (schedule.length > 0) yield { ...scenario, schedule: [] }
  const { links: [leastLinks], workers: [leastWorkers] } = rangesOf(connector)
  if (scenario.workers > leastWorkers) for (const workers of new Set([leastWorkers, scenario.workers - 1])) yield { ...scenario, workers }
  if (scenario.links > leastLinks) {
    yield { ...scenario, links: scenario.links - 1 }
    for (let to = 1; to < scenario.links; to++) for (let from = to + 1; from <= scenario.links; from++) yield inOne(scenario, from, to)
  }
  for (const [at, fault] of faults.entries()) {
    const put = (change: Partial<Fault>) => ({ ...scenario, faults: faults.with(at, { ...fault, ...change }) })
    for (const after of new Set([0, Math.floor(fault.after / 2), fault.after - 1]))
      if (after >= 0 && after < fault.after) yield put({ after })
    for (let on = 1; on < fault.on; on++) yield put({ on })
  }
  for (let size = Math.ceil(schedule.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < schedule.length; at += size) yield { ...scenario, schedule: schedule.toSpliced(at, size) }
  for (const [at, position] of schedule.entries())
    for (const less of new Set([0, position - 1]))
      if (less >= 0 && less < position) yield { ...scenario, schedule: schedule.with(at, less) }
}

/** What goes over one link goes over another, and the links after it move up. */
function inOne(scenario: Scenario, from: number, to: number): Scenario {
  const now = (link: number) => {
    const at = ((link - 1) % scenario.links) + 1
    return at === from ? to : at > from ? at - 1 : at
  }
  return {
    ...scenario, links: scenario.links - 1,
    stream: scenario.stream.map((burst) => ({ ...burst, link: now(burst.link) })),
    faults: scenario.faults.map((fault) => (fault.what.startsWith('link ') ? { ...fault, on: now(fault.on) } : fault)),
  }
}

/** With one burst less there is one turn less: the faults and the rest of the schedule come a turn sooner, or do not. */
function* atTheirTurns({ faults, schedule }: Scenario, less: Scenario): Generator<Scenario> {
  if (schedule.length > 0 || faults.length > 0)
    yield { ...less, schedule: schedule.slice(1), faults: faults.map((fault) => ({ ...fault, after: Math.max(0, fault.after - 1) })) }
  yield less
}
