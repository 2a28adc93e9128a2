/** What a fault of a scenario does to a connector and its world. */
import { type Connector, type EventName, type FaultName, goingBack, lettingPass, promisesOf, workersFor } from '../../spec/connector.ts'
import type { Fault } from '../../spec/scenario.ts'
import type { FaultyLink } from './faulty-link.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { TrialMessage } from './messages.ts'
import type { Scheduler } from './scheduler.ts'
import type { TrialWorld } from './world.ts'

interface Struck {
  readonly connector: Connector
  readonly workers: number
  readonly world: TrialWorld
  readonly lifecycle: Lifecycle
  readonly scheduler: Scheduler
}

const by = <T>(list: readonly T[], on: number): T => list[(on - 1) % list.length]!

/** Faults of the source of a connector that fetches, and of a disk: what becomes of the next call. */
const nextCalls = {
  'receiving fails': 'receiving', 'acknowledging fails': 'acknowledging', 'acknowledgement is lost': 'losing', 'source is late': 'late',
  'reporting fails': 'reporting', 'disk fails': 'disk', 'disk is slow': 'slow',
} as const satisfies Partial<Record<FaultName, keyof TrialWorld['next']>>
const ofTheSource: ReadonlySet<FaultName> =
  new Set(['receiving fails', 'acknowledging fails', 'acknowledgement is lost', 'source is late', 'source drops'])
/** What only a connector that gives up a call survives. */
const needsTimeout: ReadonlySet<FaultName> = new Set(['link loses answer', 'link never answers'])

/** Does it, and writes it down; nothing where it cannot happen to this connector. */
export async function strike({ what, on }: Fault, struck: Struck): Promise<void> {
  const { connector, workers, world, lifecycle, scheduler } = struck
  if (connector.notApplicable?.[what] !== undefined) return
  if (needsTimeout.has(what) && connector.timeout === undefined) return
  if (ofTheSource.has(what) && lifecycle.can('take')) return
  if (ofTheSource.has(what)) world.givesBackBehind = on % 2 === 0
  switch (what) {
    case 'sender aborts':
      // Where nobody waits, it is whoever comes next: given up before it is handed over.
      if (world.unsettled().length === 0) world.givenUp = on
      return abort(whoGivesUp(world.unsettled(), on), world)
    case 'service stops': case 'service restarts':
      if (!lifecycle.can('stop')) return
      world.note(what)
      return lifecycle.stop(what === 'service restarts')
    // Sockets and processes cannot be taken from it here: on the real clock it has to have a way to end them.
    case 'service dies': return scheduler.clock || lifecycle.can('die') ? lifecycle.die(on % 2 === 0, on) : undefined
    case 'worker dies': {
      if (!lifecycle.can('kill')) return
      const worker = ((on - 1) % workers) + 1
      world.note(what, { detail: `${worker}`, ...world.disk.shown })
      return lifecycle.kill(worker)
    }
    case 'workers change':
      if (!lifecycle.can('scale')) return
      world.note(what, { detail: `${workersFor(on)}` })
      return lifecycle.scale(workersFor(on))
    case 'time passes': {
      if (!scheduler.clock) return
      const milliseconds = lettingPass({ what, on })
      world.note(what, { detail: `${milliseconds.toLocaleString('en-US')} ms` })
      return timeGoesBy(milliseconds, struck)
    }
    case 'clock goes back':
      if (!scheduler.clock) return
      world.note(what, { detail: `${goingBack(on).toLocaleString('en-US')} ms` })
      return scheduler.setBack(goingBack(on))
    case 'source drops':
      world.note(what)
      world.next.receiving++
      return world.giveBack()
    case 'receiving fails': case 'acknowledging fails': case 'acknowledgement is lost': case 'source is late': case 'reporting fails':
      world.note(what)
      world.next[nextCalls[what]]++
      return
    // Written down when a call meets it: which messages are in hand then is what it may excuse.
    case 'disk fails': case 'disk is slow':
      world.next[nextCalls[what]]++
      return
    default: {
      const link: FaultyLink = by(world.links, on)
      world.note(what, { link: link.name })
      return link.strike(what)
    }
  }
}

/**
 * Lets time go by. Whenever a message gets too old meanwhile, whoever waits has its turn for as long as that may take to be told: what
 * the connector does then is its own doing, and not that its disk had no turn to answer.
 */
export async function timeGoesBy(
  milliseconds: number, { connector, world, scheduler }: Pick<Struck, 'connector' | 'world' | 'scheduler'>,
): Promise<void> {
  const { expiry, slack } = promisesOf(connector, scheduler.patience)
  const until = scheduler.time + milliseconds
  if (scheduler.clock && expiry < Infinity) {
    // Whoever is about to write a message down knows how old it is when that is done.
    await scheduler.settle('aside')
    for (let from = scheduler.time; ;) {
      const next = Math.min(...ages(world).map((given) => given + expiry).filter((tooOld) => tooOld >= from))
      if (next >= until) break
      await scheduler.letPass(next - scheduler.time)
      await scheduler.letPass(Math.min(Math.max(slack, 1), until - scheduler.time), 'all')
      from = scheduler.time
    }
  }
  await scheduler.letPass(until - scheduler.time)
}

/** What the connector has in hand, or on its disk: of what is done with at the source, too, it owes a verdict. */
export const withoutVerdict = ({ messages }: TrialWorld): readonly TrialMessage[] =>
  [...messages.values()].filter(({ recipients }) => recipients.some(({ isRecorded, said }) => !isRecorded && said === null))

/** When each message without a verdict was given to the connector last. */
function ages(world: TrialWorld): readonly number[] {
  const given = new Map<string, number>()
  for (const { what, message, time } of world.events) if (message !== undefined && gives.has(what)) given.set(message, time)
  return [...new Set(withoutVerdict(world).map(({ id }) => given.get(id) ?? 0))]
}
const gives: ReadonlySet<EventName> = new Set(['taken', 'fresh', 'given again', 'fetched'])

/** Whose senders give up: one message, by its number; every other one; or all. Who never asks for their signals never knows. */
function whoGivesUp<T>(all: readonly T[], on: number): readonly T[] {
  const single = Array.from({ length: 6 }, (_, i) => all.slice(i % Math.max(1, all.length), (i % Math.max(1, all.length)) + 1))
  return by([...single, all.filter((_, i) => i % 2 === 0), all], on)
}

/** Lets the senders of those that come next give up, so many of them and each by its place, where that was to be. */
export function givingUpNext(world: TrialWorld, count: number): (message: TrialMessage, place: number) => void {
  const { givenUp } = world
  const places = new Set(givenUp === null ? [] : whoGivesUp(Array.from({ length: count }, (_, i) => i), givenUp))
  world.givenUp = null
  return (message, place) => { if (places.has(place)) abort([message], world) }
}

/** Those of whom the senders give up late, at the most. */
const mostLate = 3

/** The signals of a few messages that have their verdict fire too, as those of a time limit do. Whether there are any. */
export function abortSettled({ notApplicable }: Connector, world: TrialWorld): boolean {
  if (notApplicable?.['sender aborts'] !== undefined) return false
  const settled: TrialMessage[] = []
  for (const message of world.messages.values()) {
    if (settled.length === mostLate) break
    if (message.isHeeded && !message.isAborted && message.recipients.every(({ said }) => said !== null)) settled.push(message)
  }
  abort(settled, world)
  return settled.length > 0
}

function abort(messages: readonly TrialMessage[], world: TrialWorld): void {
  for (const message of messages)
    message.abort(() => {
      for (const { link } of message.recipients)
        world.note('sender aborts', { message: message.id, ...(message.recipients.length > 1 ? { link } : {}) })
    })
}
