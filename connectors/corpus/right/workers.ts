/** Right pools of workers for each link, which die, change and overtake each other. */
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { entry, type Job, pause, pooled } from '../sending.ts'

/** As many workers per link as it is told; one that dies is replaced at once, and its message goes back to the head of the queue. */
export const supervised: Connector = {
  name: 'a supervised pool of workers per link', guarantee: 'at-least-once',
  start(w) {
    interface Worker { alive: boolean; job?: Job | undefined }
    interface Lane { workers: Worker[]; queue: Job[] }
    const lanes = new Map<string, Lane>()
    const run = async (lane: Lane, worker: Worker, job: Job) => {
      worker.job = job
      const send = () => (worker.alive ? w.send(job.m.content) : Promise.reject(new Error('this worker has died')))
      const onceMore = (e: unknown) => (outcomeOf(e) === 'dropped before' ? send() : Promise.reject(e))
      const settle = await send().catch(onceMore).then(() => () => job.ok(), (e) => () => job.no(e))
      if (!worker.alive) return
      settle()
      worker.job = undefined
      next(lane)
    }
    const next = (lane: Lane) => {
      for (const worker of lane.workers) {
        if (worker.job) continue
        const job = lane.queue.shift()
        if (!job) return
        void run(lane, worker, job)
      }
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ workers: Array.from({ length: w.workers }, () => ({ alive: true })), queue: [] }))
        lane.queue.push({ m, ok, no })
        next(lane)
      }),
      kill(n) {
        for (const lane of lanes.values()) {
          const old = lane.workers[n - 1]
          if (!old) continue
          old.alive = false
          lane.workers[n - 1] = { alive: true }
          if (old.job) lane.queue.unshift(old.job)
          next(lane)
        }
      },
    }
  },
}

/** As many calls at once per link as it has workers; scaled down it finishes what is under way, scaled up it starts what waits. */
export const scales: Connector = {
  name: 'a limit per link that scales', guarantee: 'at-least-once',
  start(w) {
    interface Lane { waiting: Job[]; open: number }
    const lanes = new Map<string, Lane>()
    let limit = w.workers
    const next = (lane: Lane) => {
      while (lane.open < limit) {
        const job = lane.waiting.shift()
        if (!job) return
        lane.open++
        void w.send(job.m.content).then(job.ok, job.no).finally(() => {
          lane.open--
          next(lane)
        })
      }
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ waiting: [], open: 0 }))
        lane.waiting.push({ m, ok, no })
        next(lane)
      }),
      scale(workers) {
        limit = Math.max(1, workers)
        for (const lane of lanes.values()) next(lane)
      },
    }
  },
}

/** Two associations to each link, so that a second message may overtake the first: it promises no order. */
export const twoAssociations: Connector = {
  name: 'two associations a link', guarantee: 'at-least-once', component: 'transfer-agent',
  start(w) {
    const lanes = new Map(w.links.map((link) => [link.name, { link, busy: 0, waiting: [] as (() => void)[] }]))
    return {
      async take(m) {
        const lane = lanes.get(m.link)!
        if (lane.busy >= 2) await new Promise<void>((go) => lane.waiting.push(go))
        lane.busy++
        try {
          for (let n = 1; ; n++) {
            try { return await lane.link.send(m.content) } catch (e) { if (n >= 3 || outcomeOf(e) !== 'refused for now') throw e }
            await pause(60_000)
          }
        } finally {
          lane.busy--
          lane.waiting.shift()?.()
        }
      },
    }
  },
}

/** A pool of 64 connections a link, each given back however its call ends. */
export const returnsEach: Connector = {
  name: 'gives each connection back', guarantee: 'at-least-once', start: (w) => pooled(w, () => true),
}
