/** Scenarios a step smaller than one, the boldest first. */
import { type Connector, rangesOf } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'

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
  yield* smallerBursts(scenario)
  if (schedule.length > 0) yield { ...scenario, schedule: [] }
  if ((scenario.recipients ?? 1) > 1) yield { ...scenario, recipients: scenario.recipients! - 1 }
  yield* fewerHands(scenario, connector)
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

function* smallerBursts(scenario: Scenario): Generator<Scenario> {
  const { stream } = scenario
  for (const [at, burst] of stream.entries()) {
    const put = (change: Partial<Burst>) => ({ ...scenario, stream: stream.with(at, { ...burst, ...change }) })
    for (const count of new Set([1, Math.floor(burst.count / 2), Math.floor((burst.count * 7) / 8), burst.count - 1]))
      if (count >= 1 && count < burst.count) yield put({ count })
    if (burst.kind !== 'plain') yield put({ kind: 'plain' })
    if (burst.link > 1) yield put({ link: 1 })
    const same = stream.findIndex((other, i) => i > at && other.kind === burst.kind && other.link === burst.link)
    if (same > at) {
      const both = { ...burst, count: burst.count + stream[same]!.count }
      yield* atTheirTurns(scenario, { ...scenario, stream: stream.with(at, both).toSpliced(same, 1) })
    }
  }
}

function* fewerHands(scenario: Scenario, connector: Connector): Generator<Scenario> {
  const { links: [leastLinks], workers: [leastWorkers] } = rangesOf(connector)
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
  }
}

/** With one burst less there is one turn less: the faults and the rest of the schedule come a turn sooner, or do not. */
function* atTheirTurns({ faults, schedule }: Scenario, less: Scenario): Generator<Scenario> {
  if (schedule.length > 0 || faults.length > 0)
    yield { ...less, schedule: schedule.slice(1), faults: faults.map((fault) => ({ ...fault, after: Math.max(0, fault.after - 1) })) }
  yield less
}
