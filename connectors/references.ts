/** One right connector for each component, as short as it can be: what the suite must never accuse. */
import type { Connector, Message, World } from '../spec/connector.ts'

const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))

/** Tries a few times, a minute apart, and then gives up by rejecting, which flags the message. */
async function patiently(send: World['send'], content: unknown, tries: number): Promise<void> {
  for (let tried = 1; ; tried++)
    try {
      return await send(content)
    } catch (error) {
      if (tried === tries || (error as { outcome?: string }).outcome !== 'refused for now') throw error
      await pause(60_000)
    }
}

/** §1: strips nothing here, for a world has no limit; it sends what it can and flags what is refused. */
export const gateway: Connector = {
  name: 'a gateway in memory',
  guarantee: 'at-least-once',
  start: ({ send }) => ({ take: (message) => patiently(send, message.content, 3) }),
}

/**
 * §2: several workers, one list of what waits, and a name on a message before it is sent. The names are on disk: what has
 * one already may have been sent by somebody who died, and is flagged.
 */
export const claimQueue: Connector = {
  name: 'a claim queue in memory',
  guarantee: 'exactly-once',
  component: 'claim-queue',
  start({ send, workers, disk }) {
    let waiting: Job[] = []
    let first = 0
    /** To take one from the start of a long list moves all others: half of it is let go at once. */
    const next = (): Job | null => {
      if (first > waiting.length / 2) [waiting, first] = [waiting.slice(first), 0]
      return first < waiting.length ? waiting[first++]! : null
    }
    const hire = (): Worker => ({ job: null, isDead: false })
    const pool = Array.from({ length: workers }, hire)
    const work = async (worker: Worker) => {
      while (!worker.isDead && (worker.job = next())) {
        const { message, delivered, flagged } = worker.job
        if (disk.has(message.id)) flagged(new Error('it may have been sent before'))
        else {
          disk.set(message.id, 'claimed')
          await send(message.content).then(() => !worker.isDead && delivered(), (error: unknown) => !worker.isDead && flagged(error))
        }
      }
    }
    return {
      take: (message) => new Promise<void>((delivered, flagged) => {
        waiting.push({ message, delivered, flagged })
        const idle = pool.find(({ job }) => job === null)
        if (idle) void work(idle)
      }),
      kill(number) {
        const dead = pool[number - 1]!
        dead.isDead = true
        dead.job?.flagged(new Error('its worker died, and it may have been sent'))
        void work(pool[number - 1] = hire())
      },
    }
  },
  exempt: { 'links are independent': 'it has one way out, and its workers wait for it together' },
}

interface Job { readonly message: Message; readonly delivered: () => void; readonly flagged: (error: unknown) => void }
interface Worker { job: Job | null; isDead: boolean }

/** §3: a queue and a sender for each link. */
export const transferAgent: Connector = {
  name: 'a transfer agent in memory',
  guarantee: 'at-least-once',
  start({ links }) {
    const tails = new Map(links.map(({ name }) => [name, Promise.resolve() as Promise<unknown>]))
    return {
      take(message) {
        const link = links.find(({ name }) => name === message.link)!
        const sent = tails.get(link.name)!.then(() => patiently(link.send, message.content, 3))
        tails.set(link.name, sent.catch(() => undefined))
        return sent
      },
    }
  },
}

/** §4: a cache of header names with room for three, the oldest making way. */
export const propertyCache: Connector = {
  name: 'a property cache in memory',
  guarantee: 'at-least-once',
  start({ send }) {
    const names = new Set<string>()
    return {
      take(message) {
        names.delete(message.header)
        names.add(message.header)
        for (const oldest of names) if (names.size > 3) names.delete(oldest)
        return send(message.content)
      },
    }
  },
}

/** §5: fetches its messages, tries what is refused for now, and flags the rest. */
export const interchange: Connector = {
  name: 'an interchange in memory',
  guarantee: 'at-least-once',
  start({ workers, receive, acknowledge, send, delivered, flag, report }) {
    let running = true
    const thread = async () => {
      while (running)
        try {
          const [message] = await receive(1)
          if (!message) await pause(1_000)
          else {
            await patiently(send, message.content, 3).then(() => delivered(message.id), (error: unknown) => flag(message.id, error))
            await acknowledge(message.id)
          }
        } catch (error) {
          try {
            report(error)
          } catch {
            // Whoever is to hear of it cannot: the thread has to go on all the same.
          }
          await pause(1_000)
        }
    }
    for (let i = 0; i < workers; i++) void thread()
    return { stop: () => { running = false } }
  },
  exempt: { 'links are independent': 'a thread waits for the link of its message, and there may be fewer threads than messages' },
}
