/** Scenarios as fast-check draws them for a connector: independent numbers, now and then a situation that has broken others, or waves. */
import fc from 'fast-check'
import { type Connector, type FaultName, faultsFor, kindsFor, type MessageKind, rangesOf } from '../../spec/connector.ts'
import { type Burst, type Fault, isForSomebody, type Scenario } from '../../spec/scenario.ts'
import { situationsFor } from './situations.ts'
import { wavesFor } from './waves.ts'

/** Faults that last until they are healed: twice as likely, for most of the laws speak of them. */
const lasting: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs'])
/** Sizes at which connectors have broken: a burst is one of these, or one more or less. */
const sizes = [1, 2, 3, 5, 10, 16, 17, 32, 40, 64, 100, 128, 256, 500, 1_000, 1_024, 2_000, 4_000, 4_096, 5_000]
/** Those of which each takes long, drawn once in a while: whoever wants all of them is tried at its edges (`atTheEdges`). */
export const mostDrawn = 5_000

/** How often a fault happens at one time: a pool of two leaks both of its places when it is done twice. */
const timesInAll = [1, 1, 1, 1, 1, 2, 3] as const
/** Kinds of which one takes some connectors a second: a burst of them would say no more, and take minutes. */
const heavy: ReadonlySet<MessageKind> = new Set(['deep', 'long', 'long other script', 'many attachments', 'twin'])
const mostHeavy = 4

/** What is wanted of the next scenario: a fault that it is to hold, and another beside it. */
export type Aim = readonly FaultName[]

/** Those that aim at nothing, made once for a connector: to make them takes longer than to draw one. */
const made = new WeakMap<Connector, fc.Arbitrary<Scenario>>()

/** Scenarios for a connector: every part shrinks by itself. */
export function scenarios(connector: Connector, aim: Aim = []): fc.Arbitrary<Scenario> {
  if (aim.length > 0) return drawn(connector, aim)
  const before = made.get(connector)
  if (before) return before
  const all = unaimed(connector)
  made.set(connector, all)
  return all
}

function unaimed(connector: Connector): fc.Arbitrary<Scenario> {
  const plain = drawn(connector, [])
  const [situations, waves] = [situationsFor(connector), wavesFor(connector)]
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 4, arbitrary: fc.oneof(...situations) },
    ...(waves === null ? [] : [{ weight: 2, arbitrary: waves }]),
  )
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
  const mostRecipients = connector.recipients ?? 1
  const somebodys = given.filter(isForSomebody)
  const burstOf: fc.Arbitrary<Burst> = mostRecipients === 1 || somebodys.length === 0 ? entry : fc.oneof(
    { weight: 3, arbitrary: entry },
    { weight: 1, arbitrary: fc.record({
      count: small, kind: fc.constantFrom(...somebodys), link: fc.integer({ min: 1, max: mostLinks }),
      only: fc.integer({ min: 1, max: mostRecipients }),
    }) },
  )
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
    stream: fc.array(burstOf, { minLength: 1, maxLength: 5, size: 'max' }),
    faults: applicable.length === 0 ? fc.constant([]) : fc.tuple(
      fc.array(fc.tuple(any(), fc.constantFrom(...timesInAll)), { maxLength: 5, size: 'max' }),
      fc.tuple(...aimed.map((name) => fault([name]))),
    ).map(([some, wanted]) => [...some.flatMap(([each, times]) => Array.from({ length: times }, () => each)), ...wanted]),
    schedule: fc.array(fc.nat(7), { maxLength: 30, size: 'max' }),
    ...(mostRecipients > 1 ? { recipients: fc.integer({ min: 1, max: mostRecipients }) } : {}),
  })
}
