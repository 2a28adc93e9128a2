/** Right ones that come back from trouble, and remember for long enough what is done. */
import type { Connector } from '../../../spec/connector.ts'
import { dropped, entry, type Job, noop, pause, poll, sendTo, tries } from '../sending.ts'

/** Four in flight; a slot comes back whatever becomes of the acknowledgement. */
export const windowFreed: Connector = {
  name: 'a window of four', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    const done = new Set<string>()
    const inHand = new Set<string>()
    void poll(w, async (m) => {
      if (inHand.has(m.id)) return
      inHand.add(m.id)
      if (!done.has(m.id)) await tries(() => w.send(m.content)).catch((e) => w.flag(m.id, e))
      done.add(m.id)
      await w.acknowledge(m.id).catch(noop)
      inHand.delete(m.id)
    }, () => 4 - inHand.size)
    return {}
  },
}

/** Open for half a minute from when it opened, however often it is asked meanwhile. */
export const pauseKept: Connector = {
  name: 'a breaker that is open for half a minute, asked or not', guarantee: 'at-least-once', recovery: 120_000,
  start(w) {
    interface Lane { failures: number; isOpen: boolean }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
        const lane = entry<Lane>(lanes, m.link, () => ({ failures: 0, isOpen: false }))
        if (lane.isOpen) throw new Error('circuit open')
        try {
          await w.send(m.content)
          lane.failures = 0
        } catch (e) {
          if (dropped(e) && ++lane.failures >= 2 && !lane.isOpen) {
            lane.isOpen = true
            setTimeout(() => Object.assign(lane, { failures: 0, isOpen: false }), 30_000)
          }
          throw e
        }
      },
    }
  },
}

/** When a link is back, it sends what waits, one each second, until nothing waits any more: what comes meanwhile is behind that. */
export const drainsAll: Connector = {
  name: 'a recovery that goes on until nothing waits', guarantee: 'at-least-once', burst: 50,
  start(w) {
    interface Lane { isUp: boolean; isDraining: boolean; queue: Job[] }
    const lanes = new Map<string, Lane>()
    const drain = async (lane: Lane, link: string) => {
      if (lane.isDraining) return
      lane.isDraining = true
      for (let job = lane.queue.shift(); job; job = lane.queue.shift()) {
        await sendTo(w, link, job.m.content).then(job.ok, job.no)
        await pause(1_000)
      }
      lane.isDraining = false
    }
    for (const { name, watch } of w.links)
      watch((now) => {
        const lane = entry<Lane>(lanes, name, () => ({ isUp: false, isDraining: false, queue: [] }))
        lane.isUp = now === 'up'
        if (lane.isUp) void drain(lane, name)
      })
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = lanes.get(m.link)!
        if (lane.isUp && !lane.isDraining) sendTo(w, m.link, m.content).then(ok, no)
        else lane.queue.push({ m, ok, no })
      }),
    }
  },
}

/** Half open, there is one probe: whatever becomes of it, it makes way; too large or refused for good, it says nothing of the link. */
export const probeMakesWay: Connector = {
  name: 'half open, and any probe makes way', guarantee: 'at-least-once',
  start(w) {
    interface Lane { failures: number; openUntil: number; isProbing: boolean }
    const lanes = new Map<string, Lane>()
    return {
      async take(m) {
        if (m.address.length > 256) throw new Error('too large')
        const lane = entry<Lane>(lanes, m.link, () => ({ failures: 0, openUntil: 0, isProbing: false }))
        while (lane.isProbing) await pause(1_000)
        if (Date.now() < lane.openUntil) throw new Error('circuit open')
        const isProbe = lane.failures >= 3
        if (isProbe) lane.isProbing = true
        try {
          await w.send(m.content)
          lane.failures = 0
        } catch (e) {
          if (dropped(e) && ++lane.failures >= 3) lane.openUntil = Date.now() + 20_000
          throw e
        } finally { if (isProbe) lane.isProbing = false }
      },
    }
  },
}

/** Every five minutes it strikes off its disk what has been done for as long: the message together with its mark. */
export const compactsBoth: Connector = {
  name: 'a clean-up that takes a message with its mark', guarantee: 'at-least-once',
  start(w) {
    const doing = new Map<string, Promise<void>>()
    const pass = (id: string, content: unknown) => tries(() => w.send(content)).finally(() => w.disk.set(`done ${id}`, Date.now()))
    setInterval(() => {
      for (const [key, at] of w.disk) if (key.startsWith('done ') && Date.now() - (at as number) > 300_000) {
        w.disk.delete(key.slice(5))
        w.disk.delete(key)
      }
    }, 300_000)
    for (const [id, content] of [...w.disk])
      if (!id.startsWith('done ') && !w.disk.has(`done ${id}`)) entry(doing, id, () => pass(id, content)).catch(noop)
    return {
      take({ id, content }) {
        w.disk.set(id, content)
        return entry(doing, id, () => pass(id, content))
      },
    }
  },
}
