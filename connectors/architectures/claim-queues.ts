/** §2: right claim queues, each built another way. */
import type { Connector, Message } from '../../spec/connector.ts'
import { type Job, noop, pause, tries } from '../corpus/sending.ts'

const held = { guarantee: 'at-least-once', component: 'claim-queue', links: [1, 1], burst: 1_000 } as const satisfies Partial<Connector>
/** Who has died makes no further try. */
const hasDied = () => Promise.reject(new Error('this worker has died'))

/** Workers compete for what waits at the source: who fetches a message has it, and nobody else, until it gives it back. */
export const competingConsumers: Connector = {
  ...held, name: 'workers that compete for one source',
  start({ workers, receive, acknowledge, refuse, send, delivered, flag }) {
    interface Worker { isAlive: boolean; inHand: string | null }
    const settled = new Set<string>()
    const working = new Set<string>()
    const handle = async (worker: Worker, { id, content }: Message) => {
      if (!settled.has(id)) {
        const sent = tries(() => (worker.isAlive ? send(content) : hasDied()))
        const verdict = await sent.then(() => () => delivered(id), (error) => () => flag(id, error))
        if (!worker.isAlive) return
        settled.add(id)
        verdict()
      }
      await acknowledge(id).catch(noop)
    }
    const work = async (worker: Worker) => {
      while (worker.isAlive) {
        const [message] = await receive(1).catch(() => [])
        if (!message) await pause(5_000)
        else if (!worker.isAlive) await refuse(message.id).catch(noop)
        else if (!working.has(message.id)) {
          // It may be given out again while somebody is at it.
          working.add(worker.inHand = message.id)
          await handle(worker, message)
          if (worker.isAlive) working.delete(message.id)
          worker.inHand = null
        }
      }
    }
    const hired = () => {
      const worker: Worker = { isAlive: true, inHand: null }
      void work(worker)
      return worker
    }
    const pool = Array.from({ length: workers }, hired)
    return {
      kill(number) {
        const dead = pool[number - 1]!
        dead.isAlive = false
        if (dead.inHand !== null) {
          working.delete(dead.inHand)
          void refuse(dead.inHand).catch(noop)
        }
        pool[number - 1] = hired()
      },
    }
  },
}

/** Nobody competes: each message belongs to one of the workers by its number, and to whoever takes that one’s place. */
export const shardedQueue: Connector = {
  ...held, name: 'a queue that is cut into shards',
  start({ workers, send }) {
    interface Shard { readonly queue: Job[]; life: number; isBusy: boolean }
    const shards = Array.from({ length: workers }, (): Shard => ({ queue: [], life: 1, isBusy: false }))
    const work = async (shard: Shard) => {
      const { life } = shard
      shard.isBusy = true
      for (let job = shard.queue[0]; job; job = shard.queue[0]) {
        const { m, ok, no } = job
        const settle = await tries(() => (life === shard.life ? send(m.content) : hasDied())).then(() => ok, (error) => () => no(error))
        // Who has died says nothing: it stays at the head of the shard.
        if (life !== shard.life) return
        shard.queue.shift()
        settle()
      }
      shard.isBusy = false
    }
    let next = 0
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const shard = shards[next++ % workers]!
        shard.queue.push({ m, ok, no })
        if (!shard.isBusy) void work(shard)
      }),
      kill(number) {
        const shard = shards[number - 1]!
        shard.life++
        shard.isBusy = false
        if (shard.queue.length > 0) void work(shard)
      },
    }
  },
}
