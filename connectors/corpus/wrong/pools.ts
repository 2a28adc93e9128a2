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

/** Each link may have all workers but one, so that one link that hangs leaves one for the others: two that hang have them all. */
export const bulkheadForOne: Connector = {
  name: 'a bulkhead that holds against one link', guarantee: 'at-least-once', workers: [2, 4],
  start({ links, workers }) {
    let free = workers
    const lanes = links.map((link) => ({ link, out: 0, waiting: [] as Job[] }))
    const next = () => {
      for (const lane of lanes)
        while (free > 0 && lane.out < workers - 1 && lane.waiting.length > 0) {
          const { m, ok, no } = lane.waiting.shift()!
          free--
          lane.out++
          void lane.link.send(m.content).then(ok, no).finally(() => {
            free++
            lane.out--
            next()
          })
        }
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        lanes.find(({ link }) => link.name === m.link)!.waiting.push({ m, ok, no })
        next()
      }),
    }
  },
}

/** A worker that dies gives its job to another, and the pause before its own next try goes on: then both send it. */
export const retryOutlivesItsWorker: Connector = {
  name: 'a retry that outlives its worker', guarantee: 'at-least-once', exempt: { 'links are independent': 'its workers serve all links' },
  start(w) {
    const queue: Job[] = []
    const has = new Map<number, Job>()
    const free = Array.from({ length: w.workers }, (_, i) => i + 1)
    const settled = new Set<Job>()
    const run = async (worker: number, job: Job) => {
      const settle = await tries(() => w.send(job.m.content), 5, 2_000).then(() => job.ok, (error: unknown) => () => job.no(error))
      if (!settled.has(job)) settle()
      settled.add(job)
      if (has.get(worker) !== job) return
      has.delete(worker)
      free.push(worker)
      next()
    }
    const next = () => {
      while (free.length > 0 && queue.length > 0) {
        const [worker, job] = [free.shift()!, queue.shift()!]
        has.set(worker, job)
        void run(worker, job)
      }
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        queue.push({ m, ok, no })
        next()
      }),
      kill(worker) {
        const job = has.get(worker)
        if (!job) return
        has.delete(worker)
        free.push(worker)
        queue.unshift(job)
        next()
      },
    }
  },
}

/** Two permits for each link; a call that the link dropped after it had recorded the message keeps its own: twice, and all wait. */
export const bulkheadOfTwo: Connector = {
  name: 'two permits, and an answer that is lost keeps one', guarantee: 'at-least-once',
  start(w) {
    interface Lane { free: number; readonly waiting: (() => void)[] }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
        const lane = entry<Lane>(lanes, m.link, () => ({ free: 2, waiting: [] }))
        if (lane.free > 0) lane.free--
        else await new Promise<void>((go) => lane.waiting.push(go))
        const giveBack = () => {
          const next = lane.waiting.shift()
          if (next) next()
          else lane.free++
        }
        await w.send(m.content).then(giveBack, (error) => {
          if (outcomeOf(error) !== 'dropped after') giveBack()
          throw error
        })
      },
    }
  },
}

/** A call that is cancelled gives its slot back, and so does its end: two get the same slot, and one of them its answer. */
export const slotFreedTwice: Connector = {
  name: 'a slot that is given back twice', guarantee: 'at-least-once',
  start(w) {
    const slots: Job[] = []
    const free = [0, 1, 2, 3]
    const waiting: Job[] = []
    const next = () => {
      while (free.length > 0 && waiting.length > 0) {
        const at = free.shift()!
        slots[at] = waiting.shift()!
        void work(at, slots[at].m)
      }
    }
    const giveBack = (at: number) => {
      free.push(at)
      next()
    }
    const work = async (at: number, { content, signal }: Job['m']) => {
      const cancel = () => {
        slots[at]!.no(new Error('aborted'))
        giveBack(at)
      }
      if (signal.aborted) return cancel()
      signal.addEventListener('abort', cancel, { once: true })
      const settle = await tries(() => w.send(content), 4, 2_000).then(() => ({ ok }: Job) => ok(), (error) => ({ no }: Job) => no(error))
      signal.removeEventListener('abort', cancel)
      settle(slots[at]!)
      giveBack(at)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        waiting.push({ m, ok, no })
        next()
      }),
    }
  },
}
