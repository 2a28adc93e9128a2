/** Connectors that are wrong about messages whose sender, or whose time, has gone. */
import type { Connector } from '../../../spec/connector.ts'
import { again, entry, type Job, pause, tries } from '../sending.ts'

/** An abort cuts the queue at the place that the message had when it came: once the queue has moved, that is another, which is lost. */
export const abortStaleIndex: Connector = {
  name: 'an abort removes another message from the queue', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, Job[]>()
    const busy = new Set<string>()
    const drain = async (link: string, lane: Job[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let job: Job | undefined; (job = lane.shift()); ) await tries(() => w.send(job!.m.content)).then(job.ok, job.no)
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        if (m.signal.aborted) throw new Error('aborted')
        const lane = entry<Job[]>(lanes, m.link, () => [])
        const at = lane.length
        const onAbort = () => {
          lane.splice(at, 1)
          no(new Error('aborted'))
        }
        m.signal.addEventListener('abort', onAbort, { once: true })
        const over = () => m.signal.removeEventListener('abort', onAbort)
        lane.push({ m, ok: () => { over(); ok() }, no: (e) => { over(); no(e) } })
        void drain(m.link, lane)
      }),
    }
  },
}

/** Looks at the signal before each try only: aborted while its link hangs, a message has no verdict until the link heals. */
export const abortOnlyAtDoor: Connector = {
  name: 'an abort is not noticed while a call is open', guarantee: 'at-least-once',
  start: (w) => ({
    take: (m) => tries(async () => {
      m.signal.throwIfAborted()
      await w.send(m.content)
    }, 6, 5_000),
  }),
}

/** The expiry timer is cleared on failure only: ten minutes after it was delivered, each message is reported as expired. */
export const expiryNotCleared: Connector = {
  name: 'delivered, and reported as expired later', guarantee: 'at-least-once', expiry: 600_000,
  start: (w) => ({
    take(m) {
      let over = false
      const fail = (e: unknown) => {
        if (over) return
        over = true
        clearTimeout(timer)
        w.flag(m.id, e)
      }
      const timer = setTimeout(() => fail(new Error('expired')), 590_000)
      void tries(() => (over ? Promise.reject(new Error('expired')) : w.send(m.content))).then(() => w.delivered(m.id), fail)
    },
  }),
}

/** Races the retries against five minutes, and does not stop the loser: reported as failed, and sent afterwards when the link is back. */
export const raceLeavesLoser: Connector = {
  name: 'goes on retrying what it has reported', guarantee: 'at-least-once', expiry: 300_000,
  start: (w) => ({
    take(m) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const tooLate = new Promise<never>((_, no) => { timer = setTimeout(() => no(new Error('expired')), 290_000) })
      return Promise.race([tries(() => w.send(m.content), 40, 30_000), tooLate]).finally(() => clearTimeout(timer))
    },
  }),
}

/** Says that it keeps nothing longer than an hour, and waits for its link however long: no verdict while the link is down. */
export const neverExpires: Connector = {
  name: 'waits for a dead link for ever', guarantee: 'at-least-once', expiry: 3_600_000,
  start(w) {
    const lanes = new Map(w.links.map((link) => {
      const lane = { up: true, waiting: [] as (() => void)[] }
      link.watch((now) => {
        lane.up = now === 'up'
        if (lane.up) for (const go of lane.waiting.splice(0)) go()
      })
      return [link.name, lane] as const
    }))
    return {
      async take(m) {
        const lane = lanes.get(m.link)!
        for (;;) {
          while (!lane.up) await new Promise<void>((go) => lane.waiting.push(go))
          try { return await w.send(m.content) } catch (e) { if (!again(e)) throw e }
          if (lane.up) await pause(1_000)
        }
      },
    }
  },
}

/** Never takes its listener off: a signal that fires when the message has long been delivered flags it. */
export const listensForEver: Connector = {
  name: 'flags what it delivered when its signal fires late', guarantee: 'at-least-once',
  start: ({ send, delivered, flag }) => ({
    take({ id, content, signal }) {
      if (signal.aborted) return flag(id, 'aborted')
      let hasFailed = false
      signal.addEventListener('abort', () => { if (!hasFailed) flag(id, 'aborted') }, { once: true })
      send(content).then(() => { if (!signal.aborted) delivered(id) }, (error: unknown) => {
        hasFailed = true
        if (!signal.aborted) flag(id, error)
      })
    },
  }),
}

/** Listens to the signal while a call is open; what was aborted before that, while it waited, is skipped, and nobody is told. */
export const skipsTheAborted: Connector = {
  name: 'skips what was aborted while it waited', guarantee: 'at-least-once',
  start(w) {
    const tails = new Map<string, Promise<unknown>>()
    const send = ({ content, signal }: Job['m']) => Promise.race([
      w.send(content), new Promise<never>((_, no) => signal.addEventListener('abort', () => no(new Error('aborted')), { once: true })),
    ])
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const tail = tails.get(m.link) ?? Promise.resolve()
        tails.set(m.link, tail.then(() => (m.signal.aborted ? undefined : send(m).then(ok, no))))
      }),
    }
  },
}

/** Looks for what is too old each two hours from its start on: what waits for a dead link may be kept for an hour more than it says. */
export const overdue: Connector = {
  name: 'sweeps each two hours for what is an hour old', guarantee: 'at-least-once', expiry: 3_600_000,
  start(w) {
    const waiting = new Map<string, { link: string; since: number; go(): void; flag(): void }>()
    const isUp = new Map<string, boolean>()
    for (const { name, watch } of w.links)
      watch((now) => {
        isUp.set(name, now === 'up')
        if (now === 'up') for (const { link, go } of [...waiting.values()]) if (link === name) go()
      })
    const sweep = () => { for (const { since, flag } of [...waiting.values()]) if (performance.now() - since >= 3_600_000) flag() }
    setInterval(sweep, 7_200_000)
    return {
      async take({ id, link, content }) {
        const since = performance.now()
        for (;;) {
          if (isUp.get(link) === false)
            await new Promise<void>((go, no) => waiting.set(id, { link, since, go, flag: () => no(new Error('too old')) }))
              .finally(() => waiting.delete(id))
          try { return await w.send(content) } catch (error) { if (!again(error)) throw error }
          await pause(1_000)
        }
      },
    }
  },
}

/** Hears of an abort by its event alone: what was given up before it was handed over waits for its link like any other. */
export const listensOnly: Connector = {
  name: 'hears of an abort only when it comes later', guarantee: 'at-least-once',
  start: ({ send }) => ({
    take: ({ content, signal }) => new Promise<void>((ok, no) => {
      let isOver = false
      signal.addEventListener('abort', () => {
        isOver = true
        no(new Error('aborted'))
      }, { once: true })
      void tries(() => (isOver ? Promise.reject(new Error('aborted')) : send(content))).then(ok, no)
    }),
  }),
}

/** Counts its ten minutes from the last try: as long as a link refuses, nothing for it is ever too old. */
export const expiresAnew: Connector = {
  name: 'each try begins the ten minutes anew', guarantee: 'at-least-once', expiry: 600_000,
  start: ({ send }) => ({
    async take({ content }) {
      for (;;) {
        let timer: NodeJS.Timeout | undefined
        const tooOld = new Promise<never>((_, no) => { timer = setTimeout(() => no(new Error('too old')), 600_000) })
        try { return await Promise.race([send(content), tooOld]).finally(() => clearTimeout(timer)) } catch (error) {
          if (!again(error)) throw error
        }
        await pause(60_000)
      }
    },
  }),
}
