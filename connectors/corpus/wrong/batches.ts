/** Batches that lose messages, or give several one verdict. */
import type { Connector } from '../../../spec/connector.ts'
import { entry, type Job, tries } from '../sending.ts'

/** A full batch stops the flush timer and keeps its handle, so none is started again: the rest of a burst then waits for ever. */
export const batchTimerStale: Connector = {
  name: 'no flush timer after a full batch', guarantee: 'at-least-once',
  start(w) {
    interface Lane { jobs: Job[]; timer?: ReturnType<typeof setTimeout> }
    const lanes = new Map<string, Lane>()
    const flush = (lane: Lane) => {
      for (const job of lane.jobs.splice(0)) void tries(() => w.send(job.m.content)).then(job.ok, job.no)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ jobs: [] }))
        lane.jobs.push({ m, ok, no })
        lane.timer ??= setTimeout(() => {
          delete lane.timer
          flush(lane)
        }, 200)
        if (lane.jobs.length < 10) return
        clearTimeout(lane.timer)
        flush(lane)
      }),
    }
  },
}

/** A batch has one verdict: a single message that is refused gets the nine delivered with it reported as failed. */
export const batchFlagsAll: Connector = {
  name: 'one bad message flags its whole batch', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, Job[]>()
    const flush = (link: string) => {
      const batch = entry<Job[]>(lanes, link, () => []).splice(0, 10)
      if (batch.length === 0) return
      Promise.all(batch.map(({ m }) => tries(() => w.send(m.content))))
        .then(() => batch.forEach((job) => job.ok()), (e) => batch.forEach((job) => job.no(e)))
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Job[]>(lanes, m.link, () => [])
        lane.push({ m, ok, no })
        if (lane.length >= 10) flush(m.link)
        else if (lane.length === 1) setTimeout(() => flush(m.link), 100)
      }),
    }
  },
}

/** Empties the buffer after the flush and not before: what came in while the link was slow is cleared away unsent. */
export const clearsMeanwhile: Connector = {
  name: 'a flush clears what came in meanwhile', guarantee: 'at-least-once',
  start(w) {
    interface Lane { jobs: Job[]; flushing: boolean }
    const lanes = new Map<string, Lane>()
    const flush = async (lane: Lane) => {
      lane.flushing = true
      await Promise.all(lane.jobs.map((job) => tries(() => w.send(job.m.content)).then(job.ok, job.no)))
      lane.jobs = []
      lane.flushing = false
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ jobs: [], flushing: false }))
        if (lane.jobs.push({ m, ok, no }) === 1) setTimeout(() => void flush(lane), 50)
      }),
    }
  },
}
