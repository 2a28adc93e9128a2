/** §7: right consumers of a queue that gives messages out again, each built another way. */
import type { Connector, Message } from '../../spec/connector.ts'
import { noop, pause, tries } from '../corpus/sending.ts'

const held = { guarantee: 'at-least-once', component: 'consumer', links: [1, 1], burst: 1_000 } as const satisfies Partial<Connector>
const betweenLooks = 5_000
const mostGiven = 4

/** Prefetches ten, sends them all at once, and gives back what was not taken: the next batch has it again. */
export const prefetchingConsumer: Connector = {
  ...held, name: 'a consumer that prefetches ten', workers: [1, 1],
  start({ receive, acknowledge, refuse, send, delivered, flag, disk }) {
    const given = new Map<string, number>()
    const handle = async ({ id, content }: Message) => {
      given.set(id, (given.get(id) ?? 0) + 1)
      if (disk.has(id)) return acknowledge(id).catch(noop)
      try {
        // Within a call it tries once: a queue that gives out again is a queue for what failed, too.
        await send(content)
        delivered(id)
      } catch (error) {
        if (given.get(id)! < mostGiven) return pause(10_000).then(() => refuse(id)).catch(noop)
        flag(id, error)
      }
      disk.set(id, 'settled')
      return acknowledge(id).catch(noop)
    }
    const run = async () => {
      for (;;) {
        const batch = await receive(10).catch(() => [])
        await Promise.all([...new Map(batch.map((message) => [message.id, message])).values()].map(handle))
        if (batch.length === 0) await pause(betweenLooks)
      }
    }
    void run()
    return {}
  },
}

/** One loop for all: what fails is tried again before it is given back to anybody, and what it has is known to all by its id. */
export const patientConsumer: Connector = {
  ...held, name: 'a consumer that tries again itself',
  start({ workers, receive, acknowledge, send, delivered, flag }) {
    const settled = new Set<string>()
    const working = new Set<string>()
    const work = async () => {
      for (;;) {
        const [message] = await receive(1).catch(() => [])
        if (!message) await pause(betweenLooks)
        else if (!working.has(message.id)) {
          const { id, content } = message
          working.add(id)
          if (!settled.has(id)) await tries(() => send(content), mostGiven).then(() => delivered(id), (error) => flag(id, error))
          settled.add(id)
          await acknowledge(id).catch(noop)
          working.delete(id)
        }
      }
    }
    for (let i = 0; i < workers; i++) void work()
    return {}
  },
}
