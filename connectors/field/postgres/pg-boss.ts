/**
 * pg-boss: a queue in PostgreSQL, and workers that send each message on. What fails is tried three times in all; then pg-boss
 * puts it with the dead letters, and what is found there is flagged.
 */
import type { Connector, Message, World } from '../../../spec/connector.ts'
import { answeredOnce, diesWhole, writesNothing } from '../never.ts'
import { type Database, deadLetters, JobSource, letters } from './job-source.ts'

interface Job {
  readonly id: string
  readonly data: { readonly id: string; readonly content: unknown }
  /** Aborted when its time is up; versions before 12 have none. */
  readonly signal?: AbortSignal
}
interface Boss {
  on(event: 'error', listener: (error: Error) => void): unknown
  start(): Promise<unknown>
  stop(options: { graceful: boolean; timeout?: number }): Promise<unknown>
  createQueue(name: string, options?: object): Promise<unknown>
  send(name: string, data: object, options: { id: string; db: Database; startAfter: Date }): Promise<unknown>
  work(name: string, options: object, work: (jobs: readonly Job[]) => Promise<void>): Promise<string>
  notifyWorker(worker: string): void
}
export type PgBoss = new (options: object) => Boss

/** A database for one start of a connector. */
export interface Site {
  /** What pg-boss is told of it. */
  readonly options: object
  /** Shut, nothing passes any more. */
  shut(): Promise<unknown> | undefined
  /** Leaves nothing behind, when its world is over. */
  remove?(): Promise<unknown>
}
/** Has pg-boss make its tables and the queues. */
type Make = (schema: string) => Promise<void>
/** Opens it: anew for each world, and as it was left where the connector is started again. What pg-boss asks goes by the source. */
export type Open = (world: World, source: () => JobSource, make: Make) => Promise<Site>

const [retries, seconds] = [2, 1_000]
/** How long a job may take. */
const expiresIn = 60

/** Without what is not used here: jobs at set times, a list of instances, for which files are read, and jobs that wait for jobs. */
const settings = {
  schedule: false, registerInstance: false, flowIntervalSeconds: 300, queueCacheIntervalSeconds: 300,
  superviseIntervalSeconds: 600, monitorVacuum: false, reindex: false,
}

const making = (PgBoss: PgBoss, db: Database): Make => async (schema) => {
  const boss = new PgBoss({ db, schema, ...settings, supervise: false })
  await boss.start()
  await boss.createQueue(deadLetters)
  await boss.createQueue(letters, { deadLetter: deadLetters, retryLimit: retries, retryDelay: 0, expireInSeconds: expiresIn })
  await boss.stop({ graceful: false })
}

interface Own extends Partial<Connector> {
  /** How often pg-boss looks for messages, and for dead letters, in seconds: half a second is the least that it allows. */
  readonly polls: readonly [letters: number, dead: number]
  /** Whether it writes down what was sent on: a dead letter of that is none. */
  readonly records?: boolean
}

/** With a database, and a way past pg-boss to it. */
export const queueing = (
  name: string, PgBoss: PgBoss, direct: Database, open: Open, { polls, records = false, ...own }: Own,
): Connector => ({
  name: records ? `${name}, with a record` : name,
  guarantee: 'at-least-once',
  async start(world) {
    const put = async (id: string, { id: message, content }: Message) =>
      // Where time stands still meanwhile, a job is made a moment ago: version 10 fetches none of the same moment.
      void (await boss.send(letters, { id: message, content }, { id, db: direct, startAfter: new Date(Date.now() - seconds) }))
    const source = new JobSource(world, put)
    const site = await open(world, () => source, making(PgBoss, direct))
    const boss = new PgBoss({ ...site.options, ...settings, migrate: false })
    boss.on('error', (error) => {
      try {
        world.report(error)
      } catch {
        // An error that nobody can be told of is no reason to look for no more work.
      }
    })
    await boss.start()
    for (let count = 0; count < world.workers; count++) {
      const worker: string = await boss.work(letters, { pollingIntervalSeconds: polls[0] }, async ([job]) => {
        await Promise.race([world.send(job!.data.content), aborted(job!.signal)])
        if (records) world.disk.set(`${job!.data.id} is sent`, true)
        // Where there was work there may be more.
        boss.notifyWorker(worker)
      })
    }
    await boss.work(deadLetters, { pollingIntervalSeconds: polls[1] }, async ([job]) => {
      const { id } = job!.data
      await source.bury(id, world.disk.has(`${id} is sent`) ? null : `tried ${retries + 1} times in vain`)
    })
    return {
      async stop(within) {
        await boss.stop({ graceful: true, timeout: within / 2 })
        await site.shut()
      },
      async end() {
        await site.shut()
        await boss.stop({ graceful: false })
        await site.remove?.()
      },
    }
  },
  ...own,
  notApplicable: {
    ...diesWhole, ...writesNothing, ...answeredOnce, ...own.notApplicable,
    'sender aborts': 'what is in the queue cannot be called back from it',
  },
  neverGiven: { 'control characters': 'a text in jsonb has no NUL: PostgreSQL’s manual, 8.14' },
  exempt: { 'links are independent': 'each worker waits for the link of its message, by design: it fetches again when it is done' },
})

/** Rejects when a job is to be given up. */
const aborted = (signal: AbortSignal | undefined) => new Promise<never>((_, fail) => {
  signal?.addEventListener('abort', () => fail(signal.reason), { once: true })
})

/** Where time costs nothing. What a worker had that was cut off, is fetched again when its time is up, and that was noticed. */
export const inVirtualTime: Own = {
  polls: [30, 300], timeout: expiresIn * seconds, recovery: 120 * seconds, patience: 900 * seconds, workers: [1, 2], burst: 20,
}
