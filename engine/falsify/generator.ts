/** Scenarios as fast-check draws them for a connector: independent numbers, and now and then a situation that has broken others. */
import fc from 'fast-check'
import { type Connector, type FaultName, faultNames, type MessageKind, messageKinds, rangesOf } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'
import { situationsFor } from './situations.ts'

/** Faults that last until they are healed: twice as likely, for most of the laws speak of them. */
const lasting: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs'])
/** Sizes at which connectors have broken: a burst is one of these, or one more or less. */
const sizes = [1, 2, 3, 5, 10, 16, 17, 32, 40, 64, 100, 128, 256, 500, 1_000, 1_024, 2_000, 4_000, 4_096, 5_000]
/** Those of which each takes long, drawn once in a while: whoever wants all of them is tried at its edges (`atTheEdges`). */
export const mostDrawn = 5_000

/** Kinds of which one takes some connectors a second: a burst of them would say no more, and take minutes. */
const heavy: ReadonlySet<MessageKind> = new Set(['deep', 'long', 'long other script', 'many attachments', 'twin'])
const mostHeavy = 4

export const kindsFor = ({ neverGiven }: Connector) => messageKinds.filter((kind) => neverGiven?.[kind] === undefined)

/** Faults that can happen to a connector, as far as it says: others are not drawn. */
export function faultsFor({ notApplicable, timeout, clock }: Connector): readonly FaultName[] {
  const virtual: ReadonlySet<FaultName> = new Set(['time passes', 'clock goes back', 'service dies'])
  const waiting: ReadonlySet<FaultName> = new Set(['link loses answer', 'link never answers'])
  return faultNames.filter((fault) => notApplicable?.[fault] === undefined && !(clock === 'real' && virtual.has(fault))
    && !(timeout === undefined && waiting.has(fault)))
}

/** What is wanted of the next scenario: a fault that it is to hold, and another beside it. */
export type Aim = readonly FaultName[]

/** Scenarios for a connector: every part shrinks by itself. */
export function scenarios(connector: Connector, aim: Aim = []): fc.Arbitrary<Scenario> {
  const situations = situationsFor(connector)
  const plain = drawn(connector, aim)
  return situations.length === 0 || aim.length > 0 ? plain
    : fc.oneof({ weight: 2, arbitrary: plain }, { weight: 1, arbitrary: fc.oneof(...situations) })
}

function drawn(connector: Connector, aim: Aim): fc.Arbitrary<Scenario> {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const largest = Math.min(burst, mostDrawn)
  const given = kindsFor(connector)
  const applicable = faultsFor(connector)
  const small = fc.integer({ min: 1, max: Math.min(4, largest) })
  const large = fc.tuple(fc.constantFrom(...sizes.filter((size) => size <= largest + 1)), fc.integer({ min: -1, max: 1 }))
    .map(([size, more]) => Math.max(1, Math.min(largest, size + more)))
  const entry: fc.Arbitrary<Burst> = fc.record({
    count: fc.oneof({ weight: 10, arbitrary: small }, { weight: 1, arbitrary: large }),
    kind: fc.oneof({ weight: 2, arbitrary: fc.constant<MessageKind>('plain') }, { weight: 1, arbitrary: fc.constantFrom(...given) }),
    link: fc.integer({ min: 1, max: mostLinks }),
  }).map((each) => (heavy.has(each.kind) ? { ...each, count: Math.min(each.count, mostHeavy) } : each))
  const fault = (names: readonly FaultName[]): fc.Arbitrary<Fault> => fc.record({
    // Mostly while there is work to do: half of the scenarios are over after ten turns.
    after: fc.oneof({ weight: 2, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.nat(24) }),
    what: fc.constantFrom(...names),
    on: fc.integer({ min: 1, max: 8 }),
  })
  const any = () => fault([...applicable, ...applicable.filter((name) => lasting.has(name))])
  const aimed = aim.filter((name) => applicable.includes(name))
  return fc.record({
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }),
    links: fc.integer({ min: leastLinks, max: mostLinks }),
    stream: fc.array(entry, { minLength: 1, maxLength: 5, size: 'max' }),
    faults: applicable.length === 0 ? fc.constant([]) : fc.tuple(
      fc.array(any(), { maxLength: 5, size: 'max' }), fc.tuple(...aimed.map((name) => fault([name]))),
    ).map(([some, wanted]) => [...some, ...wanted]),
    schedule: fc.array(fc.nat(7), { maxLength: 30, size: 'max' }),
    ...((connector.recipients ?? 1) > 1 ? { recipients: fc.integer({ min: 1, max: connector.recipients! }) } : {}),
  })
}
