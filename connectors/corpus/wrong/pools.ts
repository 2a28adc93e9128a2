/** Pools that lose a worker, a connection or a permit, or share them among links. */
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { entry, type Job, noop, pause, pooled, tries } from '../sending.ts'

/** A call that timed out is reported, and its connection is kept until the answer: with one that never comes, the link is stuck. */
export const slotKeptOnTimeout: Connector = {
  name: 'a timed-out call keeps its connection', guarantee: 'at-least-once', timeout: 30_000,
  start(w) {
    interface Lane { busy: boolean; waiting: (() => void)[] }
    const lanes = new Map<string, Lane>()
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ busy: false, waiting: [] }))
        const go = () => {
          lane.busy = true
          const timer = setTimeout(() => no(new Error('timed out')), 30_000)
          void w.send(m.content).then(ok, no).finally(() => {
            clearTimeout(timer)
            lane.busy = false
            lane.waiting.shift()?.()
          })
        }
        if (lane.busy) lane.waiting.push(go)
        else go()
      }),
    }
  },
}

/** One pool of workers for all links: while one link hangs its messages hold every worker, and those for healthy links wait. */
export const sharedPool: Connector = {
  name: 'one dead link holds every worker', guarantee: 'at-least-once', links: [2, 3],
  start(w) {
    const queue: Job[] = []
    let idle = w.workers
    const next = () => {
      while (idle > 0) {
        const job = queue.shift()
        if (!job) return
        idle--
        void tries(() => w.send(job.m.content), 3, 1_000).then(job.ok, job.no).finally(() => {
          idle++
          next()
        })
      }
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        queue.push({ m, ok, no })
        next()
      }),
    }
  },
}

/** A worker that dies idle is replaced but stays in the list of idle ones: the next message handed to it is never heard of again. */
export const killLeavesIdle: Connector = {
  name: 'hands work to a worker that died idle', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    interface Worker { alive: boolean; job?: Job | undefined }
    const workers = Array.from({ length: w.workers }, (): Worker => ({ alive: true }))
    const idle = [...workers]
    const queue: Job[] = []
    const run = async (worker: Worker, job: Job) => {
      worker.job = job
      if (!worker.alive) return
      const send = () => (worker.alive ? w.send(job.m.content) : Promise.reject(new Error('died')))
      const settle = await tries(send).then(() => () => job.ok(), (e) => () => job.no(e))
      if (!worker.alive) return
      settle()
      worker.job = undefined
      idle.push(worker)
      next()
    }
    const next = () => { while (idle.length > 0 && queue.length > 0) void run(idle.shift()!, queue.shift()!) }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        queue.push({ m, ok, no })
        next()
      }),
      kill(n) {
        const old = workers[n - 1]
        if (!old) return
        old.alive = false
        idle.push((workers[n - 1] = { alive: true }))
        if (old.job) queue.unshift(old.job)
        next()
      },
    }
  },
}

/** A message that is aborted while it waits for one of eight permits keeps the permit it then gets: after eight of them, all wait. */
export const permitLeak: Connector = {
  name: 'leaks a permit on abort', guarantee: 'at-least-once', exempt: { 'links are independent': 'one pool of permits' },
  start(w) {
    let permits = 8
    const waiting: (() => void)[] = []
    const acquire = () => new Promise<void>((go) => {
      if (permits === 0) return void waiting.push(go)
      permits--
      go()
    })
    const release = () => {
      const next = waiting.shift()
      if (next) next()
      else permits++
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        let over = false
        m.signal.addEventListener('abort', () => {
          over = true
          no(new Error('aborted'))
        })
        void acquire().then(() => {
          if (!over) void w.send(m.content).then(ok, no).finally(release)
        })
      }),
    }
  },
}

/** One queue for all links, and 30 s for each message: while one link hangs, those for the others wait for it. */
export const headOfLine: Connector = {
  name: 'one queue for all links, and 30 s for each', guarantee: 'at-least-once',
  start(w) {
    let tail: Promise<unknown> = Promise.resolve()
    const tooLate = () => pause(30_000).then(() => { throw new Error('timed out') })
    return {
      take(m) {
        const mine = tail.then(() => Promise.race([w.send(m.content), tooLate()]))
        tail = mine.catch(noop)
        return mine
      },
    }
  },
}

/** A pool of 64 connections a link; one whose call was cut off after it took effect is not given back: at the 65th, nothing moves. */
export const leaksOnCut: Connector = {
  name: 'loses a connection at each cut', guarantee: 'at-least-once',
  start: (w) => pooled(w, (error) => outcomeOf(error) !== 'dropped after'),
}
