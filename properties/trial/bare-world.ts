/** A world without a trial: whoever tests it makes the calls of a connector, gives the turns and strikes. */
import type { Connector, MessageKind } from '../../spec/connector.ts'
import { realImmediate } from '../../engine/real-time.ts'
import { Scheduler } from '../../engine/trial/scheduler.ts'
import { holdVirtualTime } from '../../engine/trial/virtual-time.ts'
import { TrialWorld } from '../../engine/trial/world.ts'
import { written } from '../verdict/hand-made-history.ts'

export interface Bare {
  readonly world: TrialWorld
  readonly scheduler: Scheduler
  /** Takes a message of a kind, for these links: the first unless told otherwise. */
  readonly take: (kind?: MessageKind, ...links: readonly string[]) => ReturnType<TrialWorld['arrive']>
  /** Gives a turn to all that wait, so many times, and lets them go on. */
  readonly turn: (times?: number) => Promise<void>
  /** Lets so many milliseconds go by. */
  readonly pass: (milliseconds: number) => Promise<void>
  /** What has happened since it was asked last, as `handMade` reads it. */
  readonly seen: () => readonly string[]
}

export const settled = async () => { for (let rounds = 0; rounds < 4; rounds++) await realImmediate() }

/** Virtual time is given back when it is over. */
export async function inWorld(promised: Partial<Connector>, does: (bare: Bare) => unknown, links = 2): Promise<void> {
  const time = holdVirtualTime()
  time.reset()
  try {
    const scheduler = new Scheduler(time.clock, time.immediates, 7_200_000)
    const connector: Connector = { name: 'one that a test plays', guarantee: 'at-least-once', start: () => ({}), ...promised }
    const world = new TrialWorld(connector, scheduler, { workers: 3, links })
    let from = 0
    await does({
      world, scheduler,
      take: (kind = 'plain', ...over) => world.arrive('taken', { kind, links: over.length > 0 ? over : ['link 1'] }),
      turn: async (times = 1) => {
        for (let i = 0; i < times; i++) {
          await settled()
          scheduler.giveAll()
        }
        await settled()
      },
      pass: async (milliseconds) => {
        time.clock.tick(milliseconds)
        await settled()
      },
      seen: () => written(world.events.slice(from, (from = world.events.length))),
    })
  } finally {
    time.release()
  }
}

/** What has become of a call by now: open, fulfilled, with what, or rejected, with what. */
export function fateOf(call: Promise<unknown>): { readonly now: string } {
  const fate = { now: 'open' }
  call.then(
    (value) => { fate.now = value === undefined ? 'fulfilled' : `fulfilled: ${String(value)}` },
    (error: unknown) => { fate.now = error instanceof Error ? error.message : String(error) })
  return fate
}
