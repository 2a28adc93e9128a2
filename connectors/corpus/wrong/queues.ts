/** Queues that break their order, stop, or spin. */
import type { Connector } from '../../../spec/connector.ts'
import { again, entry, type Job, linkOf, noop, pause, tries } from '../sending.ts'

/** Promises order, and puts what is to be tried again at the end of the queue: after a refusal or a drop, later ones overtake it. */
export const retryAtTail: Connector = {
  name: 'a retry loses its place', guarantee: 'at-least-once', order: 'per link',
  start(w) {
    interface Entry extends Job { left: number }
    const lanes = new Map<string, Entry[]>()
    const busy = new Set<string>()
    const drain = async (link: string, lane: Entry[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let job: Entry | undefined; (job = lane.shift()); ) {
        try {
          await w.send(job.m.content)
          job.ok()
        } catch (e) {
          if (job.left-- > 0 && again(e)) {
            lane.push(job)
            await pause(250)
          } else job.no(e)
        }
      }
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Entry[]>(lanes, m.link, () => [])
        lane.push({ m, ok, no, left: 3 })
        void drain(m.link, lane)
      }),
    }
  },
}

/** Promises order, and takes the newest from its queue: whatever waits behind a message that is under way is sent backwards. */
export const orderInversion: Connector = {
  name: 'last in, first out per link', guarantee: 'at-least-once', order: 'per link',
  start(w) {
    const lanes = new Map<string, Job[]>()
    const busy = new Set<string>()
    const drain = async (link: string, lane: Job[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let job: Job | undefined; (job = lane.pop()); ) {
        const { content } = job.m
        await tries(() => w.send(content), 4, 60_000).then(job.ok, job.no)
      }
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Job[]>(lanes, m.link, () => [])
        lane.push({ m, ok, no })
        void drain(m.link, lane)
      }),
    }
  },
}

/** Reports an error before it settles the message: when reporting fails too, the queue of that link is never emptied again. */
export const reportKillsLoop: Connector = {
  name: 'a failing report stops the queue', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, Job[]>()
    const busy = new Set<string>()
    const drain = async (link: string, lane: Job[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let job: Job | undefined; (job = lane.shift()); ) {
        try {
          await w.send(job.m.content)
          job.ok()
        } catch (e) {
          w.report(e)
          job.no(e)
        }
      }
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Job[]>(lanes, m.link, () => [])
        lane.push({ m, ok, no })
        drain(m.link, lane).catch(noop)
      }),
    }
  },
}

/** While a link is down its messages wait; when it is back only the first of them is woken. */
export const wakesOne: Connector = {
  name: 'one wake-up for many that wait', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map(w.links.map((link) => {
      const lane = { link, up: true, waiting: [] as (() => void)[] }
      link.watch((now) => {
        lane.up = now === 'up'
        if (lane.up) lane.waiting.shift()?.()
      })
      return [link.name, lane] as const
    }))
    return {
      async take(m) {
        const lane = lanes.get(m.link)
        if (!lane) throw new Error('no such link')
        if (!lane.up) await new Promise<void>((go) => lane.waiting.push(go))
        await tries(() => lane.link.send(m.content))
      },
    }
  },
}

/** Tries again at once and without end: as long as a link refuses, it spins. */
export const hotRetry: Connector = {
  name: 'spins while a link refuses', guarantee: 'at-least-once',
  start: (w) => ({
    async take(m) {
      for (;;) { try { return await w.send(m.content) } catch (e) { if (!again(e)) throw e } }
    },
  }),
}

/** While it rests between two messages nobody wakes it: what comes then waits until another comes. */
export const strandsTheLast: Connector = {
  name: 'a worker that is deaf while it rests', guarantee: 'at-least-once',
  start(w) {
    const jobs: Job[] = []
    let wake: () => void = noop
    const work = async () => {
      for (;;) {
        const job = jobs.shift()
        if (job) void linkOf(w, job.m).send(job.m.content).then(job.ok, job.no)
        else {
          await pause(20)
          await new Promise<void>((go) => { wake = go })
          wake = noop
        }
      }
    }
    void work()
    return { take: (m) => new Promise<void>((ok, no) => { jobs.push({ m, ok, no }); wake() }) }
  },
}

/** What failed waits in one list for all links, and its head is sent again first: behind one that hangs all others wait. */
export const sharedRetries: Connector = {
  name: 'one list of retries for all links', guarantee: 'at-least-once',
  start(w) {
    interface Retry extends Job { left: number }
    const retries: Retry[] = []
    let isAtIt = false
    const drain = async () => {
      isAtIt = true
      for (let job: Retry | undefined; (job = retries.shift()); ) {
        await pause(5_000)
        await trying(job)
      }
      isAtIt = false
    }
    const trying = async (job: Retry) => {
      try {
        await linkOf(w, job.m).send(job.m.content)
        job.ok()
      } catch (e) {
        if (!again(e) || job.left-- === 0) return job.no(e)
        retries.push(job)
        if (!isAtIt) void drain()
      }
    }
    return { take: (m) => new Promise<void>((ok, no) => { void trying({ m, ok, no, left: 3 }) }) }
  },
}

/** Calls itself for the next message until none waits: a backlog of thousands, when its link is back, is deeper than the stack. */
export const recursiveDrain: Connector = {
  name: 'empties its backlog by recursion', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map(w.links.map((link) => {
      const lane = { link, up: true, waiting: [] as Job[] }
      const next = () => {
        const job = lane.up ? lane.waiting.shift() : undefined
        if (!job) return
        void tries(() => link.send(job.m.content)).then(job.ok, job.no)
        next()
      }
      link.watch((now) => {
        lane.up = now === 'up'
        next()
      })
      return [link.name, { waiting: lane.waiting, next }] as const
    }))
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = lanes.get(m.link)!
        lane.waiting.push({ m, ok, no })
        lane.next()
      }),
    }
  },
}
