/** Connectors that are wrong when they are stopped, or go on with another number of workers. */
import type { Connector, Message } from '../../../spec/connector.ts'
import { entry, type Job, noop, pause, tries } from '../sending.ts'

/** Stopping, it waits for the calls that are open, and not for what is backing off between two tries: that is lost. */
export const stopMissesBackoff: Connector = {
  name: 'a shutdown loses what waits for a retry', guarantee: 'at-least-once',
  start(w) {
    const open = new Map<Message, (e: unknown) => void>()
    let stopped = false
    return {
      take: (m) => new Promise<void>((ok, no) => {
        if (stopped) throw new Error('stopped')
        const call = async () => {
          open.set(m, no)
          try { await w.send(m.content) } finally { open.delete(m) }
        }
        void tries(call, 5, 30_000).then(ok, no)
      }),
      async stop(within) {
        stopped = true
        for (let n = 0; n < 8; n++) {
          await pause(within / 10)
          if (open.size === 0) return
        }
        for (const no of open.values()) no(new Error('stopped before it was sent'))
      },
    }
  },
}

/** Stopped, it still accepts messages into a queue that nobody empties any more: those never get a verdict. */
export const stoppedStillQueues: Connector = {
  name: 'accepts messages after it has stopped', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, Job[]>()
    const busy = new Set<string>()
    let stopped = false
    const drain = async (link: string, lane: Job[]) => {
      if (stopped || busy.has(link)) return
      busy.add(link)
      for (let job: Job | undefined; (job = lane.shift()); ) await w.send(job.m.content).then(job.ok, job.no)
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Job[]>(lanes, m.link, () => [])
        lane.push({ m, ok, no })
        void drain(m.link, lane)
      }),
      stop() { stopped = true },
    }
  },
}

/** Keeps the verdict of what it delivered until it is stopped: nobody is ever told of a delivered message before. */
export const verdictAtStop: Connector = {
  name: 'answers only when it is stopped', guarantee: 'at-least-once',
  start(w) {
    const owed: (() => void)[] = []
    return {
      take: (m) => new Promise<void>((ok, no) => void tries(() => w.send(m.content), 4, 60_000).then(() => { owed.push(ok) }, no)),
      stop() { for (const tell of owed) tell() },
    }
  },
}

/** Each worker has a queue of its own; with fewer workers, the queues of those that go are dropped with all that waits in them. */
export const scaleDownLoses: Connector = {
  name: 'scaling down loses what waits', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    let queues: { jobs: Job[]; busy: boolean }[] = Array.from({ length: w.workers }, () => ({ jobs: [], busy: false }))
    let turn = 0
    const drain = async (at: number) => {
      const mine = queues[at]
      if (!mine || mine.busy) return
      mine.busy = true
      while (queues[at] === mine) {
        const job = mine.jobs.shift()
        if (!job) break
        await tries(() => w.send(job.m.content), 3, 2_000).then(job.ok, job.no)
      }
      mine.busy = false
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const at = turn++ % queues.length
        queues[at]!.jobs.push({ m, ok, no })
        void drain(at)
      }),
      scale(workers) {
        queues = Array.from({ length: workers }, (_, at) => queues[at] ?? { jobs: [], busy: false })
      },
    }
  },
}

/** Scaling starts new workers at once, while the old ones still empty their queues: messages for one link overtake each other. */
export const scaleReorders: Connector = {
  name: 'scaling breaks the order', guarantee: 'at-least-once', order: 'per link',
  start(w) {
    const tails = new Map<string, Promise<unknown>>()
    let generation = 0
    return {
      take(m) {
        const lane = `${generation} ${m.link}`
        const mine = (tails.get(lane) ?? Promise.resolve()).then(() => tries(() => w.send(m.content), 3, 2_000))
        tails.set(lane, mine.catch(noop))
        return mine
      },
      scale() { generation++ },
    }
  },
}
