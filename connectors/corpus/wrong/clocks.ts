/** Connectors that are wrong about time: what takes long, and dates that go back. */
import type { Connector, Message } from '../../../spec/connector.ts'
import { again, entry, inProcess, noop, pause, retriesTogether, tries } from '../sending.ts'

/** Only the first try is timed: a second one that is never answered is waited for for ever. */
export const secondTryUntimed: Connector = {
  name: 'no timeout on a retry', guarantee: 'at-least-once', timeout: 20_000,
  start: (w) => ({
    async take(m) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<'late'>((go) => { timer = setTimeout(() => go('late'), 20_000) })
      const first = await Promise.race([w.send(m.content).then(() => 'taken' as const, (e: unknown) => ({ e })), late])
      clearTimeout(timer)
      if (first === 'taken') return
      if (first !== 'late' && !again(first.e)) throw first.e
      await pause(5_000)
      await w.send(m.content)
    },
  }),
}

/** Makes ids from the time, and refuses to while the clock is behind: after a step back of the clock, good messages are flagged. */
export const snowflakeRefuses: Connector = {
  name: 'clock moved backwards, refusing to generate an id', guarantee: 'at-least-once',
  start(w) {
    let last = 0
    let n = 0
    const key = () => {
      const now = Date.now()
      if (now < last) throw new Error(`clock moved backwards, refusing to generate an id for ${last - now} ms`)
      n = now === last ? n + 1 : 0
      last = now
      return `${now}-${n}`
    }
    const inHand = new Map<string, Message>()
    return {
      async take(m) {
        const id = key()
        inHand.set(id, m)
        try { await tries(() => w.send(m.content)) } finally { inHand.delete(id) }
      },
    }
  },
}

/** A connection that was idle for five minutes is closed: the first message after a quiet spell finds that out, and is flagged. */
export const idleConnection: Connector = {
  name: 'the first message after a quiet spell fails', guarantee: 'at-least-once',
  start(w) {
    const lastUsed = new Map<string, number>()
    return {
      async take(m) {
        const last = lastUsed.get(m.link) ?? Date.now()
        lastUsed.set(m.link, Date.now())
        if (Date.now() - last > 300_000) throw new Error('write after end')
        try { await tries(() => w.send(m.content)) } finally { lastUsed.set(m.link, Date.now()) }
      },
    }
  },
}

/** Waits for a date that is not before the last one, and never looks again: after a step back of the clock, no verdict. */
export const clock: Connector = {
  name: 'wedges when the clock goes back', guarantee: 'at-least-once',
  start(w) {
    let last = Date.now()
    return {
      take(m) {
        const now = Date.now()
        if (now < last) return new Promise<never>(noop)
        last = now
        return tries(() => w.send(m.content), 4, 60_000)
      },
    }
  },
}

/** Ten tokens a second, asked for every 50 ms and rounded down to none each time: once somebody waits for a token, none ever comes. */
export const bucketTruncates: Connector = {
  name: 'a token bucket that is never refilled', guarantee: 'at-least-once', burst: 100, slack: 60_000,
  start(w) {
    interface Bucket { tokens: number; last: number; tail: Promise<void> }
    const buckets = new Map<string, Bucket>()
    const token = async (bucket: Bucket) => {
      for (;;) {
        const now = Date.now()
        bucket.tokens = Math.min(20, bucket.tokens + Math.floor((Math.max(0, now - bucket.last) * 10) / 1_000))
        bucket.last = now
        if (bucket.tokens >= 1) break
        await pause(50)
      }
      bucket.tokens--
    }
    return {
      async take(m) {
        const bucket = entry<Bucket>(buckets, m.link, () => ({ tokens: 20, last: Date.now(), tail: Promise.resolve() }))
        bucket.tail = bucket.tail.then(() => token(bucket))
        await bucket.tail
        await w.send(m.content)
      },
    }
  },
}

/** An outbox whose rows go out by the date at which they came: what comes after the clock was set back overtakes what waits. */
export const outboxByDate: Connector = {
  name: 'an outbox in the order of its dates', guarantee: 'at-least-once', order: 'per link', burst: 300,
  start({ links, disk, delivered, flag }) {
    const rows = disk as Map<string, { readonly link: string; readonly content: unknown; readonly at: number }>
    const drains = new Set<string>()
    const drain = async (name: string) => {
      if (drains.has(name)) return
      drains.add(name)
      const next = () => [...rows].filter(([, { link }]) => link === name).sort(([, a], [, b]) => a.at - b.at)[0]
      for (let row = next(); row; row = next()) {
        const [id, { content }] = row
        const settle = await tries(() => links.find((link) => link.name === name)!.send(content), 4, 1_000)
          .then(() => () => delivered(id), (error: unknown) => () => flag(id, error))
        rows.delete(id)
        settle()
      }
      drains.delete(name)
    }
    for (const { name } of links) void drain(name)
    return {
      take({ id, link, content }) {
        if (!rows.has(id)) rows.set(id, { link, content, at: Date.now() })
        void drain(link)
      },
    }
  },
}

/** Waits a second more before each call for every call that fails, and never less again: after a month of single failures, for ever. */
export const backoffNeverResets: Connector = {
  name: 'a back-off that only grows', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, { wait: number; grown: number }>()
    return {
      async take(m) {
        const lane = entry(lanes, m.link, () => ({ wait: 0, grown: 0 }))
        await tries(async () => {
          await pause(lane.wait)
          const began = performance.now()
          await w.send(m.content).catch((error) => {
            // Those that were under way with it are one failure.
            if (began > lane.grown) Object.assign(lane, { wait: lane.wait + 1_000, grown: performance.now() })
            throw error
          })
        }, 4, 1_000)
      },
    }
  },
}

/** Waits for a time of the day: where half a minute from now is after midnight, it never comes. */
export const byTimeOfDay: Connector = {
  name: 'a pause that never ends after midnight', guarantee: 'at-least-once',
  start(w) {
    const timeOfDay = () => Date.now() % 86_400_000
    return {
      async take(m) {
        for (let n = 1; ; n++) {
          try { return await w.send(m.content) } catch (error) { if (n === 4 || !again(error)) throw error }
          const until = timeOfDay() + 30_000
          while (timeOfDay() < until) await pause(1_000)
        }
      },
    }
  },
}

/** Doubles its pause for each failure of a link, and no success makes it shorter: after many outages, the next one costs hours. */
export const pauseNeverShrinks: Connector = {
  name: 'a pause that no success makes shorter', guarantee: 'at-least-once',
  start(w) {
    const waits = new Map<string, number>()
    return {
      async take(m) {
        for (let n = 1; ; n++) {
          try { return await w.send(m.content) } catch (error) { if (n === 4 || !again(error)) throw error }
          const wait = waits.get(m.link) ?? 1_000
          waits.set(m.link, Math.min(2 * wait, 14_400_000))
          await pause(wait)
        }
      },
    }
  },
}

/** It says that it recovers within half a minute, and its pauses, meant in seconds, are minutes after the third: the whole line waits. */
export const pausesForMinutes: Connector = {
  name: 'pauses in another unit', guarantee: 'at-least-once', order: 'per link', recovery: 30_000,
  start({ links }) {
    const lines = new Map<string, Promise<unknown>>()
    const sent = async ({ link, content }: Message) => {
      const { send } = links.find(({ name }) => name === link)!
      for (const seconds of [1, 2, 4, 8 * 60]) {
        try { return await send(content) } catch (error) { if (!again(error)) throw error }
        await pause(seconds * 1_000)
      }
      return send(content)
    }
    return {
      take(message) {
        const done = (lines.get(message.link) ?? Promise.resolve()).then(() => sent(message))
        lines.set(message.link, done.catch(() => undefined))
        return done
      },
    }
  },
}

/** One timer for the retries of all links, set anew by whatever fails: while one link fails, what another is to be given waits. */
export const oneRetryTimer: Connector = {
  name: 'one timer for the retries of all links', guarantee: 'at-least-once', notApplicable: inProcess,
  start: (w) => retriesTogether(w, () => 'all of them'),
}
