/** Scenarios a second of one connector with ten messages, in this process: our trials, and fast-check’s own scheduler. */
import { claimQueue as connector } from '../../connectors/references.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import type { Message, World } from '../../spec/connector.ts'
import { inTurn, many, medianOf, type Section, times } from '../measure.ts'
import { fastCheck } from '../peer.ts'

const messages = 10
const workers = 3

interface Run {
  readonly runs: number
  readonly seconds: number
}

async function timed(runs: number, work: () => Promise<void>): Promise<Run> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { runs, seconds: (user + system) / 1e6 }
}

const messageOf = (number: number) => ({ id: `m${number}`, content: `m${number}`, link: 'link 1' }) as unknown as Message

/** As much of a world as the connector asks for. */
const worldOf = (send: World['send']) => ({ send, workers, disk: new Map() }) as unknown as World

function complain(recorded: readonly unknown[]): void {
  if (recorded.length !== messages || new Set(recorded).size !== messages)
    throw new Error(`${recorded.length} recorded: ${recorded.join()}`)
}

export async function trials(rounds: number, runs: number): Promise<Section> {
  const fc = await fastCheck()
  const ours = 'trial: every call waits for its turn; all healed, and a calm'
  const results = await inTurn(rounds, {
    [ours]: () => timed(runs, () => usingThisProcess(connector, (runner) => fc.assert(fc.asyncProperty(
      fc.array(fc.nat(7), { maxLength: 30, size: 'max' }), async (schedule: number[]) => {
      const scenario = { workers, links: 1, stream: [{ count: messages, kind: 'plain' as const, link: 1 }], faults: [], schedule }
      const history = await runner(scenario)
      const storm = history.slice(0, history.findIndex(({ what }) => what === 'healed'))
      complain(storm.filter(({ what }) => what === 'recorded').map(({ message }) => message))
      if (history.at(-1)?.what !== 'end') throw new Error('A trial came to no end.')
    }), { numRuns: runs }))),
    'fc.scheduler': () => timed(runs, () => fc.assert(fc.asyncProperty(fc.scheduler(), async (scheduler: typeof fc) => {
      const recorded: unknown[] = []
      const send = scheduler.scheduleFunction(async (content: unknown) => { recorded.push(content) })
      const running = await connector.start(worldOf(send))
      const taken = Array.from({ length: messages }, (_, i) => running.take!(messageOf(i + 1)))
      await scheduler.waitAll()
      await Promise.all(taken)
      complain(recorded)
    }), { numRuns: runs })),
    'fc.scheduledModelRun': () => timed(runs, () => fc.assert(fc.asyncProperty(fc.scheduler(), async (scheduler: typeof fc) => {
      const recorded: unknown[] = []
      const takes = Array.from({ length: messages }, (_, i) => ({
        check: () => true,
        // Not awaited: the scheduler gives no other turn until a command is through.
        run: async (_model: unknown, running: { take: (message: Message) => unknown }) => { running.take(messageOf(i + 1)) },
        toString: () => `take m${i + 1}`,
      }))
      await fc.scheduledModelRun(scheduler, async () => {
        const send = scheduler.scheduleFunction(async (content: unknown) => { recorded.push(content) })
        return { model: {}, real: await connector.start(worldOf(send)) }
      }, takes)
      complain(recorded)
    }), { numRuns: runs })),
  })
  const rate = (name: string) => medianOf(results[name]!, (run) => run.runs / run.seconds)
  return {
    title: 'Scenarios of a real connector a second',
    says: [`${connector.name}, ${messages} messages and ${workers} workers; ${many(runs)} scenarios, in one process. A trial also waits for `
      + 'rest, heals, and sends a fresh stream of every healthy kind, on a clock of its own; a scheduler only puts calls in another order, and does not shrink.'],
    columns: ['', 'scenarios a second', 'ours is faster by'],
    rows: Object.keys(results).map((name) => [name, many(rate(name)), name === ours ? '' : times(rate(ours) / rate(name))]),
  }
}
