/** Who fetches from a source, and who keeps what it has on a disk: for each thing that these can do, a right one and a wrong one. */
import type { Message, Running, World } from '../../spec/connector.ts'
import { fetching, type Pair, scenario } from './judge-pair.ts'
import { pause } from '../samples/wrong-connectors.ts'

/** Fetches three at a time, and is at work on all of them at once. */
const prefetching = (batch: (messages: readonly Message[], world: World) => void) => (world: World): Running => {
  let running = true
  const poll = async () => {
    while (running) {
      const messages = await world.receive(3).catch(() => [])
      if (messages.length > 0) batch(messages, world)
      await pause(1_000)
    }
  }
  void poll()
  return { stop: () => { running = false } }
}

const sent = ({ id, content }: Pick<Message, 'id' | 'content'>, { send, delivered, flag }: World) =>
  send(content).then(() => delivered(id), (error: unknown) => flag(id, error))
/** Sends again, once, what has no answer in two seconds. */
const inTime = async ({ content }: Pick<Message, 'content'>, { send }: World) => {
  const isSent = await Promise.race([send(content).then(() => true), pause(2_000)])
  if (!isSent) await Promise.race([send(content), pause(2_000)])
}
const ignoring = (done: Promise<unknown>) => void done.catch(() => undefined)

/** What fails is thrown away at the source, and nobody is told. */
const throwingAway = fetching(({ id, content }, { send, acknowledge, refuse }) =>
  send(content).then(() => acknowledge(id), () => refuse(id, { requeue: false })))

/** Writes what it has fetched to a disk that takes time, each under a key of its own or all under one; then it acknowledges. */
const spooling = (keys: 'one for each' | 'one for all') => (world: World): Running => {
  const { storage, acknowledge, disk } = world
  const all = new Map<string, unknown>()
  const work = async (id: string, content: unknown) => {
    await sent({ id, content }, world)
    all.delete(id)
    await storage.remove(id)
  }
  const restore = async () => {
    for (const key of await storage.keys()) {
      const found = await storage.read(key)
      for (const [id, content] of keys === 'one for all' ? (found as [string, unknown][] | null) ?? [] : [[key, found] as const])
        ignoring(work(id, content))
    }
  }
  ignoring(disk.has('started') ? restore() : Promise.resolve())
  disk.set('started', true)
  return fetching(async ({ id, content }) => {
    all.set(id, content)
    await (keys === 'one for each' ? storage.write(id, content) : storage.write('all', [...all]))
    await acknowledge(id)
    ignoring(work(id, content))
  })(world)
}

/** All three are fetched, and the second is sent and acknowledged before the first is sent. */
const secondFirst = [0, 0, 1, 2, 0, 0, 0, 0, 0]

export const sourcePairs: Readonly<Record<string, Pair & { readonly by: string }>> = {
  'putting back': {
    scenario: scenario([[2]], [[0, 'link drops before']]), by: 'a verdict in the end',
    rightly: 'puts back what failed, and fetches it again',
    right: fetching(({ id, content }, { send, acknowledge, refuse }) =>
      send(content).then(() => acknowledge(id), () => refuse(id))),
    wrongly: 'throws away what failed',
    wrong: throwingAway,
  },
  'throwing away': {
    scenario: scenario([[1, 'refused'], [1]]), by: 'a verdict in the end',
    rightly: 'flags what it throws away',
    right: fetching(({ id, content }, { send, acknowledge, refuse, flag }) =>
      send(content).then(() => acknowledge(id), (error: unknown) => { flag(id, error); return refuse(id, { requeue: false }) })),
    wrongly: 'flags nothing',
    wrong: throwingAway,
  },
  'acknowledging up to one': {
    scenario: scenario([[3]], [], { schedule: secondFirst }), by: 'acknowledged only when it is settled',
    rightly: 'acknowledges up to the last of a batch when all of it is done',
    right: prefetching((messages, world) => ignoring(Promise.all(messages.map((message) => sent(message, world)))
      .then(() => world.acknowledge(messages.at(-1)!.id, { upTo: true })))),
    wrongly: 'acknowledges up to whichever is done',
    wrong: prefetching((messages, world) => {
      for (const message of messages) ignoring(sent(message, world).then(() => world.acknowledge(message.id, { upTo: true })))
    }),
  },
  'acknowledging out of order': {
    scenario: scenario([[3]], [], { schedule: secondFirst }), by: 'acknowledged only when it is settled',
    rightly: 'acknowledges each when it is done',
    right: prefetching((messages, world) => {
      for (const message of messages) ignoring(sent(message, world).then(() => world.acknowledge(message.id)))
    }),
    wrongly: 'acknowledges the one that has waited longest when any is done',
    wrong: prefetching((messages, world) => {
      const waiting = messages.map(({ id }) => id)
      for (const message of messages) ignoring(sent(message, world).then(() => world.acknowledge(waiting.shift()!)))
    }),
  },
  'an answer to an acknowledgement that is lost': {
    scenario: scenario([[1]], [[0, 'acknowledgement is lost']]), by: 'no second copy',
    rightly: 'takes it for done, or fetches it again',
    right: fetching((message, world) => sent(message, world).then(() => world.acknowledge(message.id))),
    wrongly: 'does it all again',
    wrong: fetching(async ({ id, content }, { send, acknowledge }) => {
      await send(content)
      await acknowledge(id).catch(() => send(content))
    }),
  },
  'a copy of what had no answer, before an acknowledgement that fails': {
    scenario: scenario([[1]], [[0, 'link loses answer'], [0, 'acknowledging fails']]), by: 'no second copy', timeout: 2_000,
    rightly: 'sends what it is given again as often as it is given it, and once more what had no answer in time',
    right: fetching((message, world) => inTime(message, world).then(() => world.acknowledge(message.id))),
    wrongly: 'does not ask whether the second had one',
    wrong: fetching(async (message, world) => {
      await inTime(message, world)
      await world.acknowledge(message.id).catch(() => inTime(message, world))
      await inTime(message, world)
    }),
  },
  'a source that drops what was fetched ahead': {
    scenario: scenario([[3]], [[1, 'time passes', 1], [2, 'source drops']]), by: 'a verdict in the end',
    rightly: 'goes on with what it has, and is done with it when it comes again',
    right(world) {
      const done = new Map<string, Promise<unknown>>()
      return prefetching((messages) => {
        for (const message of messages) {
          const once = done.get(message.id) ?? sent(message, world)
          done.set(message.id, once)
          ignoring(once.then(() => world.acknowledge(message.id)))
        }
      })(world)
    },
    wrongly: 'drops what it has, and does not look at what it knows when it comes again',
    wrong(world) {
      const known = new Set<string>()
      const queue: Message[] = []
      const work = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          await sent(next, world)
          await world.acknowledge(next.id)
        }
      }
      return prefetching((messages) => {
        for (const message of messages)
          if (known.has(message.id)) queue.length = 0
          else {
            known.add(message.id)
            queue.push(message)
          }
        ignoring(pause(5_000).then(work))
      })(world)
    },
  },
  'a disk that is cut off in a write': {
    scenario: scenario([[2]], [[1, 'time passes', 1], [5, 'service dies']], { schedule: [0, 0, 0, 0, 1, 0] }), by: 'a verdict in the end',
    rightly: 'has a key for each message', right: spooling('one for each'),
    wrongly: 'writes all of them anew under one', wrong: spooling('one for all'),
  },
}
