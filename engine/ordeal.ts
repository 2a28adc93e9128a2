/** Ordeals as fast-check draws them for a connector, and what they are shrunk to. */
import fc from 'fast-check'
import type { Connector, FaultName, MessageKind } from '../spec/connector.ts'
import type { Batch, Blow, Ordeal } from '../spec/ordeal.ts'

const kinds: readonly MessageKind[] = [
  'plain', 'new header', 'other script', 'lines', 'long', 'list', 'empty', 'deep', 'oversized', 'bad address',
  'no such destination', 'wrong type', 'many attachments', 'refused', 'busy',
]
const faults: readonly FaultName[] = [
  'link refuses', 'link hangs', 'link drops before', 'link drops after', 'link is late', 'link answers out of order',
  'link answers twice', 'link heals', 'sender aborts', 'worker dies', 'service stops', 'service restarts', 'service dies',
  'time passes', 'receiving fails', 'acknowledging fails', 'reporting fails',
]
/** Faults that last until they are healed: twice as likely, for most of the laws speak of them. */
const lasting: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs'])
/** Sizes at which connectors have broken: a batch is one of these, or one more or less, or anything up to it. */
const sizes = [1, 2, 3, 5, 10, 16, 17, 32, 40, 64, 100, 128, 256, 500, 1_000, 1_024, 2_000, 4_000, 4_096, 5_000]

/** Kinds of which one takes some connectors a second: a burst of them would say no more, and take minutes. */
const heavy: ReadonlySet<MessageKind> = new Set(['deep', 'long', 'many attachments'])
const mostHeavy = 4

export const kindsFor = ({ neverGiven }: Connector) => kinds.filter((kind) => neverGiven?.[kind] === undefined)
export const faultsFor = ({ notApplicable }: Connector) => faults.filter((fault) => notApplicable?.[fault] === undefined)

/** Ordeals for a connector: independent numbers, so that every part shrinks by itself. */
export function ordeals(connector: Connector): fc.Arbitrary<Ordeal> {
  const [leastLinks, mostLinks] = connector.links ?? [1, 3]
  const [leastWorkers, mostWorkers] = connector.workers ?? [1, 4]
  const burst = connector.burst ?? (connector.clock === 'real' ? 2_000 : 5_000)
  const given = kindsFor(connector)
  const applicable = faultsFor(connector)
  const small = fc.integer({ min: 1, max: Math.min(4, burst) })
  const large = fc.tuple(fc.constantFrom(...sizes.filter((size) => size <= burst + 1)), fc.integer({ min: -1, max: 1 }))
    .map(([size, more]) => Math.max(1, Math.min(burst, size + more)))
  const batch: fc.Arbitrary<Batch> = fc.record({
    count: fc.oneof({ weight: 6, arbitrary: small }, { weight: 1, arbitrary: large }),
    kind: fc.oneof({ weight: 2, arbitrary: fc.constant<MessageKind>('plain') }, { weight: 1, arbitrary: fc.constantFrom(...given) }),
    link: fc.integer({ min: 1, max: mostLinks }),
  }).map((drawn) => (heavy.has(drawn.kind) ? { ...drawn, count: Math.min(drawn.count, mostHeavy) } : drawn))
  const blow = (): fc.Arbitrary<Blow> => fc.record({
    // Mostly while there is work to do: half of the ordeals are over after ten turns.
    after: fc.oneof({ weight: 2, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.nat(24) }),
    what: fc.constantFrom(...applicable, ...applicable.filter((fault) => lasting.has(fault))),
    on: fc.integer({ min: 1, max: 8 }),
  })
  return fc.record({
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }),
    links: fc.integer({ min: leastLinks, max: mostLinks }),
    stream: fc.array(batch, { minLength: 1, maxLength: 5, size: 'max' }),
    faults: applicable.length === 0 ? fc.constant([]) : fc.array(blow(), { maxLength: 5, size: 'max' }),
    schedule: fc.array(fc.nat(7), { maxLength: 30, size: 'max' }),
  })
}

/** Ordeals a step smaller than one, the boldest first. */
export function* smaller(ordeal: Ordeal, connector: Connector): Generator<Ordeal> {
  const { stream, faults: blows, schedule } = ordeal
  // Fewer faults and messages before a plainer schedule: what takes its place is mostly another fault.
  if (blows.length > 1) yield { ...ordeal, faults: [] }
  for (const at of stream.keys()) if (stream.length > 1) yield* atTheirTurns(ordeal, { ...ordeal, stream: stream.toSpliced(at, 1) })
  for (const at of blows.keys()) {
    const others = blows.toSpliced(at, 1)
    yield { ...ordeal, faults: others }
    // Without it there may be fewer turns to wait for: a restart takes some of its own.
    for (const soonest of [2, 1]) if (others.some(({ after }) => after > soonest))
      yield { ...ordeal, faults: others.map((blow) => ({ ...blow, after: Math.min(blow.after, soonest) })) }
  }
  for (const [at, batch] of stream.entries()) {
    const put = (change: Partial<Batch>) => ({ ...ordeal, stream: stream.with(at, { ...batch, ...change }) })
    for (const count of new Set([1, Math.floor(batch.count / 2), batch.count - 1]))
      if (count >= 1 && count < batch.count) yield put({ count })
    if (batch.kind !== 'plain') yield put({ kind: 'plain' })
    if (batch.link > 1) yield put({ link: 1 })
    const twin = stream.findIndex((other, i) => i > at && other.kind === batch.kind && other.link === batch.link)
    if (twin > at) {
      const both = { ...batch, count: batch.count + stream[twin]!.count }
      yield* atTheirTurns(ordeal, { ...ordeal, stream: stream.with(at, both).toSpliced(twin, 1) })
    }
  }
  if (schedule.length > 0) yield { ...ordeal, schedule: [] }
  const [leastLinks] = connector.links ?? [1]
  const [leastWorkers] = connector.workers ?? [1]
  if (ordeal.workers > leastWorkers) for (const workers of new Set([leastWorkers, ordeal.workers - 1])) yield { ...ordeal, workers }
  if (ordeal.links > leastLinks) {
    yield { ...ordeal, links: ordeal.links - 1 }
    for (let to = 1; to < ordeal.links; to++) for (let from = to + 1; from <= ordeal.links; from++) yield inOne(ordeal, from, to)
  }
  for (const [at, blow] of blows.entries()) {
    const put = (change: Partial<Blow>) => ({ ...ordeal, faults: blows.with(at, { ...blow, ...change }) })
    for (const after of new Set([0, Math.floor(blow.after / 2), blow.after - 1])) if (after >= 0 && after < blow.after) yield put({ after })
    for (let on = 1; on < blow.on; on++) yield put({ on })
  }
  for (let size = Math.ceil(schedule.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < schedule.length; at += size) yield { ...ordeal, schedule: schedule.toSpliced(at, size) }
  for (const [at, position] of schedule.entries())
    for (const less of new Set([0, position - 1])) if (less >= 0 && less < position) yield { ...ordeal, schedule: schedule.with(at, less) }
}

/** What goes over one link goes over another, and the links after it move up. */
function inOne(ordeal: Ordeal, from: number, to: number): Ordeal {
  const now = (link: number) => {
    const at = ((link - 1) % ordeal.links) + 1
    return at === from ? to : at > from ? at - 1 : at
  }
  return {
    ...ordeal, links: ordeal.links - 1,
    stream: ordeal.stream.map((batch) => ({ ...batch, link: now(batch.link) })),
    faults: ordeal.faults.map((blow) => (blow.what.startsWith('link ') ? { ...blow, on: now(blow.on) } : blow)),
  }
}

/** With one batch less there is one turn less: the faults and the rest of the schedule come a turn sooner, or do not. */
function* atTheirTurns({ faults: blows, schedule }: Ordeal, less: Ordeal): Generator<Ordeal> {
  if (schedule.length > 0 || blows.length > 0)
    yield { ...less, schedule: schedule.slice(1), faults: blows.map((blow) => ({ ...blow, after: Math.max(0, blow.after - 1) })) }
  yield less
}
