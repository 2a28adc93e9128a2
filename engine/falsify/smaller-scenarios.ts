/** Scenarios a step smaller than one, the boldest first, a pass of them for each part. */
import { type Connector, rangesOf } from '../../spec/connector.ts'
import { lettingPass } from '../../spec/fault.ts'
import { type Burst, type Fault, forAll, plainly, type Scenario } from '../../spec/scenario.ts'
import { freshFor } from '../trial/phases.ts'

/**
 * A number of messages that was too few to break anything, by the scenario without that number. A pass is asked for its
 * next scenario only where the last one broke nothing, so it keeps this itself.
 */
export type TooFew = Map<string, number>

/** Scenarios that are each smaller than the one given. */
type Pass = (scenario: Scenario, connector: Connector, tooFew: TooFew) => Iterable<Scenario>

/** Fewer faults and messages before a plainer schedule: what takes its place is mostly another fault. */
export const passes: readonly Pass[] = [
  alone, fewerParts, smallerBursts, noSchedule, fewerHands, simplerFaults, shorterSchedule,
]

/** Where there is time for a few tries only, each that takes much away comes first, and the order of calls is one try. */
export const hastyPasses: readonly Pass[] = [alone, noSchedule, ...passes.filter((pass) => pass !== alone && pass !== noSchedule)]

/** One message of it, and nothing done to it: what spins or crashes mostly needs no more. */
function* alone(scenario: Scenario, connector: Connector): Generator<Scenario> {
  const { stream, faults } = scenario
  const { workers: [workers] } = rangesOf(connector)
  if (stream.length === 1 && faults.length === 0) return
  for (const burst of stream) yield { ...scenario, workers, stream: [{ ...burst, count: 1 }], faults: [], schedule: [] }
  if (stream.some(({ count }) => count > 1)) yield { ...scenario, stream: stream.map((burst) => ({ ...burst, count: 1 })) }
}

function* fewerParts(scenario: Scenario): Generator<Scenario> {
  const { stream, faults } = scenario
  if (faults.length > 1) yield { ...scenario, faults: [] }
  for (const fewer of inChunks(faults)) yield { ...scenario, faults: fewer }
  yield* allAtOnce(scenario)
  for (const fewer of inChunks(stream)) yield* sooner(scenario, fewer)
  yield* refusing(scenario)
  for (const at of stream.keys()) if (stream.length > 1) yield* atTheirTurns(scenario, { ...scenario, stream: stream.toSpliced(at, 1) })
  for (const at of faults.keys()) {
    const others = faults.toSpliced(at, 1)
    yield { ...scenario, faults: others }
    // Without it there may be fewer turns to wait for: a restart takes some of its own.
    for (const soonest of [2, 1]) if (others.some(({ after }) => after > soonest))
      yield { ...scenario, faults: others.map((fault) => ({ ...fault, after: Math.min(fault.after, soonest) })) }
  }
}

/** A list so long that one by one takes too many tries, without a half of it, a quarter, and so on. */
const long = 6
function* inChunks<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length < long) return
  for (let size = Math.floor(list.length / 2); size > 1; size = Math.floor(size / 2))
    for (let at = list.length - size; at >= 0; at -= size) yield list.toSpliced(at, size)
}

/**
 * Without many bursts there are as many turns less, or twice as many where each call had one too: what comes after them comes sooner by so
 * much, or does not.
 */
function* sooner(scenario: Scenario, stream: Scenario['stream']): Generator<Scenario> {
  const { faults, schedule } = scenario
  const gone = scenario.stream.length - stream.length
  const by = (turns: number) => faults.map((fault) => ({ ...fault, after: Math.max(0, fault.after - turns) }))
  if (faults.some(({ after }) => after > 0))
    for (const turns of [2 * gone, gone]) yield { ...scenario, stream, schedule: schedule.slice(turns), faults: by(turns) }
  yield { ...scenario, stream }
}

/** Where time passes again and again, it may as well pass at once, as soon as the first time or as late as the last. */
function* allAtOnce(scenario: Scenario): Generator<Scenario> {
  const passing = scenario.faults.filter(({ what }) => what === 'time passes')
  if (passing.length < several) return
  const total = passing.reduce((sum, fault) => sum + lettingPass(fault), 0)
  const [longer] = [8, 7, 6, 5, 4].filter((on) => lettingPass({ ...passing[0]!, on }) >= total).slice(-1)
  if (longer === undefined) return
  for (const at of [passing.at(-1)!, passing[0]!])
    yield {
      ...scenario,
      faults: scenario.faults.flatMap((fault) => (fault === at ? [{ ...fault, on: longer }] : passing.includes(fault) ? [] : [fault])),
    }
}
const several = 3

/** A link that drops again and again may as well refuse. */
function* refusing(scenario: Scenario): Generator<Scenario> {
  const { faults } = scenario
  for (const [at, fault] of faults.entries()) {
    const isSame = ({ what, on }: Fault) => what === 'link drops before' && on === fault.on
    if (!isSame(fault) || faults.findIndex(isSame) < at || faults.filter(isSame).length === 1) continue
    const others = faults.filter((each, i) => i === at || !isSame(each))
    yield { ...scenario, faults: others.map((each) => (each === fault ? { ...each, what: 'link refuses' as const } : each)) }
  }
}

function* noSchedule(scenario: Scenario): Generator<Scenario> {
  if (scenario.schedule.length > 0) yield { ...scenario, schedule: [] }
}

function* simplerFaults(scenario: Scenario): Generator<Scenario> {
  const { faults } = scenario
  for (const [at, fault] of faults.entries()) {
    const put = (change: Partial<Fault>) => ({ ...scenario, faults: faults.with(at, { ...fault, ...change }) })
    for (const after of new Set([0, Math.floor(fault.after / 2), fault.after - 1]))
      if (after >= 0 && after < fault.after) yield put({ after })
    for (let on = 1; on < fault.on; on++) yield put({ on })
  }
}

function* shorterSchedule(scenario: Scenario): Generator<Scenario> {
  const { schedule } = scenario
  for (let size = Math.ceil(schedule.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < schedule.length; at += size) yield { ...scenario, schedule: schedule.toSpliced(at, size) }
  for (const [at, position] of schedule.entries())
    for (const less of new Set([0, position - 1]))
      if (less >= 0 && less < position) yield { ...scenario, schedule: schedule.with(at, less) }
}

function* smallerBursts(scenario: Scenario, _: Connector, tooFew: TooFew): Generator<Scenario> {
  const { stream } = scenario
  for (const [at, burst] of stream.entries()) {
    const put = (change: Partial<Burst>) => ({ ...scenario, stream: stream.with(at, { ...burst, ...change }) })
    yield* fewer(burst.count, (count) => put({ count }), tooFew)
    if (burst.kind !== 'plain') yield { ...scenario, stream: stream.with(at, plainly(burst)) }
    if (burst.only !== undefined) yield { ...scenario, stream: stream.with(at, forAll(burst)) }
    if (burst.only !== undefined && burst.only > 1) yield put({ only: 1 })
    if (burst.link > 1) yield put({ link: 1 })
    const same = stream.findIndex(({ kind, link, only }, i) =>
      i > at && kind === burst.kind && link === burst.link && only === burst.only)
    if (same > at) {
      const both = { ...burst, count: burst.count + stream[same]!.count }
      yield* atTheirTurns(scenario, { ...scenario, stream: stream.with(at, both).toSpliced(same, 1) })
    }
  }
}

/** Halves what lies between too few and enough: by the ratio where that is large, so that most of these are small. */
function* fewer(count: number, put: (count: number) => Scenario, tooFew: TooFew): Generator<Scenario> {
  const rest = JSON.stringify(put(0))
  for (;;) {
    const least = tooFew.get(rest) ?? 0
    if (least >= count - 1) return
    const less = least === 0 ? 1 : count > 4 * least ? Math.floor(Math.sqrt(least * count)) : Math.floor((least + count) / 2)
    yield put(less)
    tooFew.set(rest, less)
  }
}

/**
 * Fewer fresh messages: first the accused one alone, by its place among them, and that with one other; none where the law is not broken
 * in the calm.
 */
export function* fewerFresh(scenario: Scenario, connector: Connector, accused: number | null): Generator<Scenario> {
  if (accused === null) return
  const all = scenario.calm ?? freshFor(connector, scenario.links)
  if (all.length < 2) return
  const only = (...places: readonly number[]): Scenario => ({ ...scenario, calm: [...places].sort((a, b) => a - b).map((at) => all[at]!) })
  const others = [...all.keys()].filter((at) => at !== accused)
  if (all[accused]) {
    yield only(accused)
    const isNear = (at: number) => all[at]!.link === all[accused]!.link
    for (const at of [...others.filter(isNear), ...others.filter((each) => !isNear(each))]) yield only(at, accused)
  }
  for (let size = Math.ceil(all.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < all.length; at += size) yield { ...scenario, calm: all.toSpliced(at, size) }
}

function* fewerHands(scenario: Scenario, connector: Connector): Generator<Scenario> {
  const { links: [leastLinks], workers: [leastWorkers] } = rangesOf(connector)
  const { recipients = 1, stream } = scenario
  if (recipients > 1) yield { ...scenario, recipients: recipients - 1, ...(recipients === 2 ? { stream: stream.map(forAll) } : {}) }
  if (scenario.workers > leastWorkers) for (const workers of new Set([leastWorkers, scenario.workers - 1])) yield { ...scenario, workers }
  if (scenario.links <= leastLinks) return
  yield { ...scenario, links: scenario.links - 1 }
  for (let to = 1; to < scenario.links; to++) for (let from = to + 1; from <= scenario.links; from++) yield inOne(scenario, from, to)
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
    ...(scenario.calm ? { calm: scenario.calm.map((fresh) => ({ ...fresh, link: now(fresh.link) })) } : {}),
  }
}

/** With one burst less there is one turn less: the faults and the rest of the schedule come a turn sooner, or do not. */
function* atTheirTurns({ faults, schedule }: Scenario, less: Scenario): Generator<Scenario> {
  if (schedule.length > 0 || faults.length > 0)
    yield { ...less, schedule: schedule.slice(1), faults: faults.map((fault) => ({ ...fault, after: Math.max(0, fault.after - 1) })) }
  yield less
}
