/** §5: right interchanges, each built another way. */
import type { Connector } from '../../spec/connector.ts'
import { again, type Job, noop, pause, tries } from '../corpus/sending.ts'

const held = { guarantee: 'at-least-once', component: 'interchange', links: [1, 1], burst: 1_000 } as const satisfies Partial<Connector>

/** Threads fetch from the source, and acknowledge what they are done with. */
export const fetchingThreads: Connector = {
  ...held, name: 'threads that fetch from a source',
  start({ workers, receive, acknowledge, send, delivered, flag }) {
    const settled = new Set<string>()
    const working = new Set<string>()
    let isStopped = false
    const thread = async () => {
      while (!isStopped) {
        const [message] = await receive(1).catch(() => [])
        if (!message) await pause(5_000)
        else if (!working.has(message.id)) {
          const { id, content } = message
          working.add(id)
          if (!settled.has(id)) await tries(() => send(content)).then(() => delivered(id), (error) => flag(id, error))
          settled.add(id)
          await acknowledge(id).catch(noop)
          working.delete(id)
        }
      }
    }
    const threads = Array.from({ length: workers }, thread)
    return {
      stop: (within) => {
        isStopped = true
        return Promise.race([Promise.all(threads), pause(within)])
      },
    }
  },
}

interface Tried extends Job { tried: number }

/** One thread; what is refused for now waits aside for its next try, and whatever comes after it goes on. */
export const setAside: Connector = {
  ...held, name: 'one thread that sets aside what is refused for now', workers: [1, 1],
  start({ send }) {
    const waiting: Tried[] = []
    let isBusy = false
    const run = async () => {
      isBusy = true
      for (let job = waiting.shift(); job; job = waiting.shift()) await submit(job)
      isBusy = false
    }
    const put = (job: Tried) => {
      waiting.push(job)
      if (!isBusy) void run()
    }
    const submit = async (job: Tried) => {
      try {
        await send(job.m.content)
        job.ok()
      } catch (error) {
        if (!again(error) || ++job.tried > 3) job.no(error)
        else setTimeout(() => put(job), 15_000)
      }
    }
    return { take: (m) => new Promise<void>((ok, no) => put({ m, ok, no, tried: 0 })) }
  },
}

/** In batches: all that waits is submitted at once, what is refused for good is flagged, and the rest goes with the next batch. */
export const batches: Connector = {
  ...held, name: 'batches that are submitted at once',
  start({ send }) {
    let waiting: Tried[] = []
    let isBusy = false
    const run = async () => {
      isBusy = true
      while (waiting.length > 0) {
        const batch = waiting
        waiting = []
        const left = await Promise.all(batch.map(async (job) => {
          try {
            await send(job.m.content)
            job.ok()
          } catch (error) {
            if (!again(error) || ++job.tried > 3) job.no(error)
            else return job
          }
          return null
        }))
        const rest = left.filter((job) => job !== null)
        if (rest.length > 0) await pause(15_000)
        waiting.unshift(...rest)
      }
      isBusy = false
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        waiting.push({ m, ok, no, tried: 0 })
        if (!isBusy) void run()
      }),
    }
  },
}
