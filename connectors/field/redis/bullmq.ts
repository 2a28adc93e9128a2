/**
 * BullMQ on a Redis of its own: for each link a queue, and a worker that sends each message on. A job is done with when BullMQ has moved it
 * out of those that are active: that is a script of its own, and an acknowledgement here.
 */
import { Queue as BullQueue, Worker as BullWorker } from 'bullmq-6.7.0'
import type { Connector } from '../../../spec/connector.ts'
import { privateFolder, removeFolder } from '../../adapters/keeper.ts'
import { BrokeredSource } from '../brokered-source.ts'
import { answeredOnce, diesWhole, reportsNothing, writesNothing } from '../never.ts'
import type { Command } from './commands.ts'
import type { Acknowledgement } from './gate.ts'
import { missing, redisServer, version } from './server.ts'
import { handling } from './stream-source.ts'

export const unreachable = async (): Promise<string | null> => missing()

interface Queue {
  add(name: string, data: object, options: object): Promise<unknown>
  on(event: 'error', listener: () => void): unknown
}
interface Worker {
  on(event: 'error', listener: () => void): unknown
  waitUntilReady(): Promise<unknown>
  close(force: boolean): Promise<void>
  disconnect(): Promise<void>
}
interface Bull {
  readonly Queue: new (name: string, options: object) => Queue
  readonly Worker: new (name: string, work: (job: { readonly data: { readonly text: string } }) => Promise<void>, options: object) => Worker
}

/** A job whose lock is this old, in milliseconds, belongs to nobody; how often that is looked at. */
const lockDuration = 500
const stalledInterval = 200
/** When what could not be sent is tried again, and how often: the connector says itself when it is enough. */
const again = { attempts: 1_000_000, backoff: { type: 'fixed', delay: 20 } }
const leaving = { removeOnComplete: true, removeOnFail: true }

const queueing = (name: string, bull: Bull): Connector => ({
  name: `${name} on Redis ${version}`,
  guarantee: 'at-least-once',
  clock: 'real',
  patience: 2_000,
  recovery: 1_000,
  links: [1, 2],
  workers: [1, 2],
  burst: 20,
  async start(world) {
    const { links, disk, workers } = world
    const folder = (disk.get('folder') as string | undefined) ?? privateFolder()
    disk.set('folder', folder)
    const server = await redisServer(folder, 'each write', {
      meaningOf: jobDoneWith,
      acknowledge: (id) => source.acknowledge(id),
      settled: (id) => source.settled(id),
    }, world)
    const queues = new Map(links.map(({ name: link }) => [link, new bull.Queue(queueOf(link), { connection: server.direct })]))
    const source = new BrokeredSource(world, {
      put: ({ id, link, content }) =>
        queues.get(link)!.add(id, { text: JSON.stringify({ id, content }) }, { ...again, ...leaving, jobId: id }),
      fails: () => server.drop(),
    })
    const handle = handling(world, source, true)
    const connection = { host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null, retryStrategy: () => 10 }
    const all = links.map(({ name: link }) => new bull.Worker(queueOf(link), ({ data }) => handle(data.text), {
      connection, concurrency: workers, lockDuration, stalledInterval, maxStalledCount: again.attempts, runRetryDelay: 20,
    }))
    for (const part of [...queues.values(), ...all]) part.on('error', () => undefined)
    await Promise.all(all.map((worker) => worker.waitUntilReady()))
    source.begin()
    let isOver: Promise<unknown> | null = null
    const leave = () => (isOver ??= Promise.all(all.map((worker) => worker.close(true).catch(() => undefined))))
    return {
      async stop(within) {
        await Promise.race([Promise.all(all.map((worker) => worker.close(false))), new Promise((go) => setTimeout(go, within / 4))])
        await source.stop()
        await server.stop(within / 2)
      },
      async die() {
        await server.kill()
        void leave()
      },
      async end() {
        void leave()
        await server.kill()
        removeFolder(folder)
      },
    }
  },
  notApplicable: {
    ...reportsNothing, ...diesWhole, ...writesNothing, ...answeredOnce,
    'sender aborts': 'what is in the queue cannot be called back',
  },
})

const queueOf = (link: string) => link.replace(' ', '-')

/**
 * What `moveToFinished` says, which is as a script is called: by its text or its digest, the number of its keys, the keys, and its
 * arguments. Of the scripts of BullMQ no other has fourteen keys.
 */
const keysOfFinished = 14
function jobDoneWith({ words, parts }: Command): Acknowledgement | null {
  if (!/^eval(sha)?$/i.test(words[0] ?? '') || Number(words[2]) !== keysOfFinished) return null
  const [active, job, id, options] = [words[4]!, words[14]!, words[3 + keysOfFinished]!, parts[10 + keysOfFinished]!]
  return {
    messages: [id],
    repeat: (direct) => direct.call(words[0]!, ...parts.slice(1)),
    // Whose lock is over, or another’s by now, is refused: the job is given out again.
    async isUnderWay(direct) {
      const lock = await direct.get(`${job}:lock`)
      return lock !== null && options.includes(lock) && (await direct.lrange(active, 0, -1)).includes(id)
    },
  }
}

export const bullmq670 = queueing('BullMQ 6.7.0', { Queue: BullQueue, Worker: BullWorker } as unknown as Bull)

export const mustPass: readonly Connector[] = [bullmq670]
