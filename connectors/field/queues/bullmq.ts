/**
 * BullMQ in front of a real Redis, where it can be reached: a queue there, and a worker that sends each message on. What
 * fails is tried three times in all, and flagged then.
 */
import { connect } from 'node:net'
import { Queue as BullQueue, Worker as BullWorker } from 'bullmq-6.7.0'
import type { Connector, World } from '../../../spec/connector.ts'
import { diesWhole, fetchesNone, hasSockets, writesNothing } from '../never.ts'

const url = new URL(process.env['UNWEDGE_REDIS'] ?? 'redis://127.0.0.1:6379/15')
const connection = { host: url.hostname, port: Number(url.port || 6379), db: Number(url.pathname.slice(1) || 0) }

interface Job {
  readonly id?: string | undefined
  readonly name: string
  readonly data: { readonly content: unknown }
  readonly attemptsMade: number
}
interface Queue {
  add(name: string, data: object, options: object): Promise<unknown>
  obliterate(options: object): Promise<unknown>
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}
interface Worker {
  on(event: 'completed', listener: (job: Job) => void): unknown
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  waitUntilReady(): Promise<unknown>
  close(force: boolean): Promise<void>
}
interface Bull {
  readonly Queue: new (name: string, options: object) => Queue
  readonly Worker: new (name: string, work: (job: Job) => Promise<void>, options: object) => Worker
}

/** Why the trials against a real Redis are skipped; null when it is there. */
export const unreachable = (): Promise<string | null> => new Promise((say) => {
  const socket = connect(connection.port, connection.host)
  const end = (because: string | null) => { socket.destroy(); say(because) }
  socket.setTimeout(1_000, () => end(`no Redis at ${url.host}: it does not answer`))
  socket.on('connect', () => end(null)).on('error', (error) => end(`no Redis at ${url.host}: ${error.message}`))
})

const tries = 3
let queues = 0

/** The queue of a world outlives its connectors; the world before left one that nobody needs any more. */
async function nameOf({ disk }: World, { Queue }: Bull): Promise<string> {
  const known = disk.get('queue') as string | undefined
  if (known !== undefined) return known
  if (queues > 0) {
    const old = new Queue(`unwedge-${process.pid}-${queues}`, { connection })
    await old.obliterate({ force: true }).catch(() => undefined)
    await old.close()
  }
  const name = `unwedge-${process.pid}-${++queues}`
  disk.set('queue', name)
  return name
}

const queueing = (name: string, bull: Bull): Connector => ({
  name: `${name} and Redis`,
  guarantee: 'at-least-once',
  clock: 'real',
  async start(world) {
    const { send, delivered, flag, report, workers } = world
    const queueName = await nameOf(world, bull)
    const queue = new bull.Queue(queueName, { connection })
    const worker = new bull.Worker(queueName, ({ data }) => send(data.content), { connection, concurrency: workers })
    for (const part of [queue, worker]) part.on('error', report)
    worker.on('completed', ({ name: id }) => delivered(id))
    worker.on('failed', (job, error) => { if (job && job.attemptsMade >= tries) flag(job.name, error) })
    await worker.waitUntilReady()
    return {
      take({ id, content }) {
        const options = { attempts: tries, backoff: { type: 'fixed', delay: 10 }, removeOnComplete: true, removeOnFail: true }
        queue.add(id, { content }, options).catch((error: unknown) => flag(id, error))
      },
      async stop() {
        await worker.close(false)
        await queue.close()
      },
    }
  },
  patience: 400,
  links: [1, 2],
  burst: 40,
  notApplicable: {
    ...fetchesNone,
    ...diesWhole,
    ...writesNothing,
    ...hasSockets,
    'link answers twice': 'its worker waits for a promise, and that is settled once',
    'sender aborts': 'what is in the queue cannot be called back',
  },
  exempt: { 'links are independent': 'one worker serves all links, by design: its calls wait for their own' },
})

export const bullmq670 = queueing('BullMQ 6.7.0', { Queue: BullQueue, Worker: BullWorker } as unknown as Bull)

export const mustPass: readonly Connector[] = [bullmq670]
