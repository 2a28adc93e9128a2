/** A wrong connector and a right one that does nearly the same, both in one scenario: the judge accuses the first alone. */
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'
import type { Connector, FaultName, Message, MessageKind, Running, World } from '../../spec/connector.ts'
import { pause } from '../samples/wrong-connectors.ts'

export interface Pair extends Promised {
  /** What happens to both. */
  readonly scenario: Scenario
  /** What the wrong one does, to go after ‘one that’, */
  readonly wrongly: string
  readonly wrong: Connector['start']
  /** and what the right one does. */
  readonly rightly: string
  readonly right: Connector['start']
}

/** What both of a pair promise, beside a guarantee: at least once unless told otherwise. */
type Promised = Partial<Omit<Connector, 'name' | 'start'>>

export const wrongOf = ({ wrong: start, wrongly, ...promised }: Pair): Connector => connector(promised, `one that ${wrongly}`, start)
export const rightOf = ({ right: start, rightly, ...promised }: Pair): Connector => connector(promised, `one that ${rightly}`, start)

function connector(promised: Promised & Partial<Pair>, name: string, start: Connector['start']): Connector {
  const { scenario: _, wrong: _wrong, right: _right, wrongly: _wrongly, rightly: _rightly, ...promises } = promised
  return { guarantee: 'at-least-once', ...promises, name, start }
}

type Given = readonly [count: number, kind?: MessageKind, link?: number]
type Done = readonly [after: number, what: FaultName, on?: number]

/** Bursts that come together unless a schedule says otherwise, and faults after so many turns. */
export const scenario = (stream: readonly Given[], faults: readonly Done[] = [], more: Partial<Scenario> = {}): Scenario => ({
  workers: 2, links: 1, schedule: [], ...more,
  stream: stream.map(([count, kind = 'plain', link = 1]): Burst => ({ count, kind, link })),
  faults: faults.map(([after, what, on = 1]): Fault => ({ after, what, on })),
})

/** One that is handed its messages, and answers by a promise. */
export const handed = (take: (message: Message, world: World) => unknown) => (world: World): Running =>
  ({ take: (message) => take(message, world) })

export const linkOf = ({ links }: World, { link }: Pick<Message, 'link'>) => links.find(({ name }) => name === link)!

/** One sender for each name: what is done for it waits for what was asked before. */
export function senders() {
  const tails = new Map<string, Promise<unknown>>()
  return <T>(name: string, does: () => Promise<T>): Promise<T> => {
    const done = (tails.get(name) ?? Promise.resolve()).then(does)
    tails.set(name, done.catch(() => undefined))
    return done
  }
}

/** Fetches one message after another, for as long as it runs, and does with each what it is told to. */
export function fetching(each: (message: Message, world: World) => Promise<unknown>) {
  return (world: World): Running => {
    let running = true
    const poll = async () => {
      while (running) {
        const [message] = await world.receive(1).catch(() => [])
        if (message) await each(message, world).catch((error: unknown) => world.report(error))
        else await pause(1_000)
      }
    }
    void poll()
    return { stop: () => { running = false } }
  }
}
