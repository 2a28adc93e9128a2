/** Connectors that are wrong long after the trouble began: in its recovery, or when all has been done for a while. */
import type { Connector, Message } from '../../../spec/connector.ts'
import { dropped, entry, type Job, type Kept, noop, pause, poll, sendTo, tries } from '../sending.ts'

/** Four in flight; a slot comes back with the answer to the acknowledgement, and with no error: after four of those it fetches nothing. */
export const windowLostWithAck: Connector = {
  name: 'a window of four that an acknowledgement which fails makes smaller', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    const done = new Set<string>()
    let free = 4
    void poll(w, async (m) => {
      free--
      if (!done.has(m.id)) await tries(() => w.send(m.content)).catch((e) => w.flag(m.id, e))
      done.add(m.id)
      await w.acknowledge(m.id).then(() => { free++ }, noop)
    }, () => free)
    return {}
  },
}

/** Open for half a minute from the last message that it refused, and not from when it opened: it is asked too often to close again. */
export const pauseRestarts: Connector = {
  name: 'a breaker whose half minute begins anew with each refusal', guarantee: 'at-least-once', recovery: 120_000,
  start(w) {
    interface Lane { failures: number; closes?: NodeJS.Timeout | undefined }
    const lanes = new Map<string, Lane>()
    const open = (lane: Lane) => {
      clearTimeout(lane.closes)
      lane.closes = setTimeout(() => Object.assign(lane, { failures: 0, closes: undefined }), 30_000)
    }
    return {
      async take(m) {
        const lane = entry<Lane>(lanes, m.link, () => ({ failures: 0 }))
        if (lane.closes) {
          open(lane)
          throw new Error('circuit open')
        }
        try {
          await w.send(m.content)
          lane.failures = 0
        } catch (e) {
          if (dropped(e) && ++lane.failures >= 2) open(lane)
          throw e
        }
      },
    }
  },
}

/** When a link is back, it sends as many as waited then, one a second: what comes meanwhile waits behind them until the next outage. */
export const drainsTheFirst: Connector = {
  name: 'a recovery that counts what waits as it begins', guarantee: 'at-least-once', burst: 200,
  start(w) {
    interface Lane { isUp: boolean; queue: Job[] }
    const lanes = new Map<string, Lane>()
    const drain = async (lane: Lane, link: string) => {
      for (let left = lane.queue.length; left > 0; left--) {
        const job = lane.queue.shift()!
        await sendTo(w, link, job.m.content).then(job.ok, job.no)
        await pause(1_000)
      }
      lane.isUp = true
    }
    for (const { name, watch } of w.links)
      watch((now) => {
        const lane = entry<Lane>(lanes, name, () => ({ isUp: now === 'up', queue: [] }))
        if (now !== 'up') lane.isUp = false
        else if (!lane.isUp) void drain(lane, name)
      })
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = lanes.get(m.link)!
        if (lane.isUp) sendTo(w, m.link, m.content).then(ok, no)
        else lane.queue.push({ m, ok, no })
      }),
    }
  },
}

interface HalfOpen { failures: number; openUntil: number; isProbing: boolean }
/** After three drops in a row it is open for 20 s; then there is one probe, for which whoever comes meanwhile waits. */
const probing = (checked: (m: Message) => void, hasFailed: (error: unknown) => boolean): Connector['start'] => (w) => {
  const lanes = new Map<string, HalfOpen>()
  return {
    async take(m) {
      const lane = entry<HalfOpen>(lanes, m.link, () => ({ failures: 0, openUntil: 0, isProbing: false }))
      while (lane.isProbing) await pause(1_000)
      if (Date.now() < lane.openUntil) throw new Error('circuit open')
      lane.isProbing = lane.failures >= 3
      checked(m)
      try {
        await w.send(m.content)
        Object.assign(lane, { failures: 0, isProbing: false })
      } catch (e) {
        if (hasFailed(e)) {
          const failures = lane.failures + 1
          Object.assign(lane, { failures, isProbing: false, openUntil: failures >= 3 ? Date.now() + 20_000 : 0 })
        }
        throw e
      }
    },
  }
}

/** Half open, its probe is one that the far side refuses for good: neither a success nor a failure of the link, and no other follows. */
export const probePoisoned: Connector = {
  name: 'half open for ever after a poison message', guarantee: 'at-least-once',
  start: probing(noop, dropped),
}

/** Half open, its probe is one that is too large to be sent: refused before it is, and no other follows. */
export const probeOversized: Connector = {
  name: 'half open for ever after an oversized message', guarantee: 'at-least-once',
  start: probing((m) => { if (m.address.length > 256) throw new Error('too large') }, dropped),
}

/** Every five minutes it strikes off its disk that a message is done, and forgets the message itself: the next start sends it again. */
export const compactsTheWrong: Connector = {
  name: 'a clean-up that takes the marks and leaves the messages', guarantee: 'at-least-once',
  start(w) {
    const doing = new Map<string, Promise<void>>()
    const pass = (id: string, content: unknown) => tries(() => w.send(content)).finally(() => w.disk.set(`done ${id}`, Date.now()))
    setInterval(() => {
      for (const [key, at] of w.disk) if (key.startsWith('done ') && Date.now() - (at as number) > 300_000) w.disk.delete(key)
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

/** What it finds on its disk it sends one after the other: behind a link that hangs, nothing for the others goes out. */
export const restoresInTurn: Connector = {
  name: 'restores one message after the other', guarantee: 'at-least-once',
  start(w) {
    const pass = async ({ id, link, content }: Kept) => {
      const settle = await tries(() => sendTo(w, link, content)).then(() => () => w.delivered(id), (error) => () => w.flag(id, error))
      w.disk.delete(id)
      settle()
    }
    const rows = [...w.disk.values()] as Kept[]
    const restore = async () => { for (const row of rows) await pass(row) }
    void restore()
    return {
      take({ id, link, content }) {
        if (w.disk.has(id)) return
        w.disk.set(id, { id, link, content })
        void pass({ id, link, content })
      },
    }
  },
}

/** Keeps on its disk that its breaker is open, and closes it by a timer: dead meanwhile, it is open for ever. */
export const breakerOutlivesTimer: Connector = {
  name: 'a breaker whose state outlives its timer', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, { failures: number }>()
    return {
      async take(m) {
        if (w.disk.get(m.link) === 'open') throw new Error('circuit open')
        const lane = entry(lanes, m.link, () => ({ failures: 0 }))
        try {
          await w.send(m.content)
          lane.failures = 0
        } catch (error) {
          if (dropped(error) && ++lane.failures >= 3) {
            w.disk.set(m.link, 'open')
            setTimeout(() => {
              w.disk.delete(m.link)
              lane.failures = 0
            }, 30_000)
          }
          throw error
        }
      },
    }
  },
}
