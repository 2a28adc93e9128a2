/** Right queues: batches, order, and a stop in good order. */
import { type Connector, type Link, outcomeOf } from '../../../spec/connector.ts'
import { entry, type Job, noop, pause, tries } from '../sending.ts'

/** Batches of fifty per link, or what there is after 100 ms; each message has a verdict of its own, and no batch holds up another. */
export const batches: Connector = {
  name: 'batches with a flush timer', guarantee: 'at-least-once',
  start(w) {
    interface Lane { jobs: Job[]; timer?: ReturnType<typeof setTimeout> | undefined }
    const lanes = new Map<string, Lane>()
    const flush = (lane: Lane) => {
      clearTimeout(lane.timer)
      lane.timer = undefined
      for (const job of lane.jobs.splice(0)) void tries(() => w.send(job.m.content)).then(job.ok, job.no)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ jobs: [] }))
        lane.jobs.push({ m, ok, no })
        if (lane.jobs.length >= 50) flush(lane)
        else lane.timer ??= setTimeout(() => flush(lane), 100)
      }),
    }
  },
}

/** In order per link: the head of a queue waits for its link, and is sent again after a drop, before all that follow. */
export const headRetries: Connector = {
  name: 'in order, retrying at the head', guarantee: 'at-least-once', order: 'per link',
  start(w) {
    interface Lane { link: Link; up: boolean; woken: (() => void)[]; tail: Promise<unknown> }
    const lanes = new Map(w.links.map((link) => {
      const lane: Lane = { link, up: true, woken: [], tail: Promise.resolve() }
      link.watch((now) => {
        lane.up = now === 'up'
        if (lane.up) for (const go of lane.woken.splice(0)) go()
      })
      return [link.name, lane] as const
    }))
    const head = async (lane: Lane, content: unknown) => {
      for (let drops = 0; ; ) {
        while (!lane.up) await new Promise<void>((go) => lane.woken.push(go))
        try { return await lane.link.send(content) } catch (e) {
          const later = outcomeOf(e) === 'refused for now' && !lane.up
          if (!later && (outcomeOf(e) !== 'dropped before' || ++drops > 5)) throw e
        }
      }
    }
    return {
      async take(m) {
        const lane = lanes.get(m.link)
        if (!lane) throw new Error(`no link ${m.link}`)
        const mine = lane.tail.then(() => head(lane, m.content))
        lane.tail = mine.catch(noop)
        await mine
      },
    }
  },
}

/** Stops in good order: takes nothing new, empties its queues for most of the time that it has, and flags what is left. */
export const drains: Connector = {
  name: 'drains its queues when it is stopped', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, Job[]>()
    const busy = new Set<string>()
    const inHand = new Set<Job>()
    let stopped = false
    const drain = async (link: string, lane: Job[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let job: Job | undefined; (job = lane.shift()); ) await w.send(job.m.content).then(job.ok, job.no)
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        if (stopped) throw new Error('shutting down')
        const settle = (say: () => void) => {
          inHand.delete(job)
          say()
        }
        const job: Job = { m, ok: () => settle(ok), no: (e) => settle(() => no(e)) }
        inHand.add(job)
        const lane = entry<Job[]>(lanes, m.link, () => [])
        lane.push(job)
        void drain(m.link, lane)
      }),
      async stop(within) {
        stopped = true
        for (let n = 0; n < 8 && inHand.size > 0; n++) await pause(within / 10)
        for (const lane of lanes.values()) lane.length = 0
        for (const job of inHand) job.no(new Error('not sent before the service stopped'))
      },
    }
  },
}

/** While a link is down its messages wait; when it is back all of them go out, in a loop, however many they are. */
export const emptiesItsBacklog: Connector = {
  name: 'empties its backlog in a loop', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map(w.links.map((link) => {
      const lane = { up: true, waiting: [] as Job[] }
      const empty = () => {
        if (lane.up) for (const job of lane.waiting.splice(0)) void tries(() => link.send(job.m.content)).then(job.ok, job.no)
      }
      link.watch((now) => {
        lane.up = now === 'up'
        empty()
      })
      return [link.name, { waiting: lane.waiting, empty }] as const
    }))
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = lanes.get(m.link)!
        lane.waiting.push({ m, ok, no })
        lane.empty()
      }),
    }
  },
}
