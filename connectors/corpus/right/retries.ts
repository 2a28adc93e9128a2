/** Right connectors that try again, give up, or do neither. */
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { again, dropped, entry, inProcess, type Job, linkOf, pause, retriesTogether } from '../sending.ts'

/** Tries like a mail server, after one minute up to after a day, and bounces after that; it declares how long it may suffer. */
export const mailRetries: Connector = {
  name: 'retries like a mail server, for two days', guarantee: 'at-least-once', recovery: 24 * 3_600_000, patience: 25 * 3_600_000,
  start: (w) => ({
    async take(m) {
      for (const minutes of [1, 5, 15, 60, 240, 720, 1_440, 0]) {
        try { return await w.send(m.content) } catch (e) { if (minutes === 0 || !(again(e) || dropped(e))) throw e }
        await pause(minutes * 60_000)
      }
    },
  }),
}

/** 300 tries, 100 ms apart, and then it flags: many fruitless timers, and an end to them. */
export const manyTries: Connector = {
  name: 'tries 300 times, and flags', guarantee: 'at-least-once',
  start: (w) => ({
    async take(m) {
      for (let n = 1; ; n++) {
        try { return await w.send(m.content) } catch (e) { if (n >= 300 || outcomeOf(e) === 'refused for good') throw e }
        await pause(100)
      }
    },
  }),
}

/** No retries, no queue: one call, given up after 20 s without an answer. Whatever fails is flagged at once. */
export const failsFast: Connector = {
  name: 'fails fast, with a timeout', guarantee: 'at-least-once', timeout: 20_000,
  start: (w) => ({
    take: (m) => new Promise<void>((ok, no) => {
      const timer = setTimeout(() => no(new Error('no answer within 20 s')), 20_000)
      void w.send(m.content).then(ok, no).finally(() => clearTimeout(timer))
    }),
  }),
}

/** Backs off exponentially with full jitter, half a second up to thirty; two runs of it are never alike. */
export const jitter: Connector = {
  name: 'exponential back-off with jitter', guarantee: 'at-least-once',
  start: (w) => ({
    async take(m) {
      for (let n = 0; ; n++) {
        try { return await w.send(m.content) } catch (e) { if (n >= 9 || !again(e)) throw e }
        await pause(1 + Math.random() * Math.min(30_000, 500 * 2 ** n))
      }
    },
  }),
}

/** At most once, like a datagram: one call, no retry. What a drop took has no verdict; a refusal is flagged. */
export const datagram: Connector = {
  name: 'at most once, without retries', guarantee: 'at-most-once',
  start: (w) => ({
    take(m) {
      w.send(m.content).then(() => w.delivered(m.id), (e) => {
        if (!dropped(e)) return w.flag(m.id, e)
        try { w.report(e) } catch { /* There is nobody left to tell. */ }
      })
    },
  }),
}

/** Keeps a message for ten minutes: until then it tries every 15 s, then it flags, also while a call is open, and tries no more. */
export const expires: Connector = {
  name: 'gives up after ten minutes', guarantee: 'at-least-once', expiry: 600_000,
  start: (w) => ({
    take: (m) => new Promise<void>((ok, no) => {
      let over = false
      const timer = setTimeout(() => {
        over = true
        no(new Error('expired'))
      }, 595_000)
      const run = async () => {
        while (!over) {
          try { return await w.send(m.content) } catch (e) { if (!again(e)) throw e }
          await pause(15_000)
        }
      }
      void run().then(ok, no).finally(() => clearTimeout(timer))
    }),
  }),
}

/** Heeds the signal wherever it is: before a try, in a back-off, and while a call is open, which it then takes back from the link. */
export const heedsAborts: Connector = {
  name: 'gives up at once when it is aborted', guarantee: 'at-least-once',
  start: (w) => ({
    take: (m) => new Promise<void>((ok, no) => {
      const link = w.links.find(({ name }) => name === m.link)
      if (!link || m.signal.aborted) throw new Error(link ? 'aborted' : `no link ${m.link}`)
      const onAbort = () => no(new Error('aborted'))
      m.signal.addEventListener('abort', onAbort, { once: true })
      const run = async () => {
        for (let n = 1; !m.signal.aborted; n++) {
          const outcome = await link.offer(m.content, m.signal)
          if (outcome.startsWith('taken')) return
          if (n >= 4 || (outcome !== 'refused for now' && outcome !== 'dropped before')) throw new Error(outcome)
          await pause(5_000)
        }
        throw new Error('aborted')
      }
      void run().then(ok, no).finally(() => m.signal.removeEventListener('abort', onAbort))
    }),
  }),
}

/** On the real clock, and slow to be called at rest: nothing about it spins. */
export const patient: Connector = {
  name: 'a patient gateway', guarantee: 'at-least-once', clock: 'real', patience: 4_500,
  start: (w) => ({ take: (m) => w.send(m.content) }),
}

/** Waits for up to an hour between two tries, and gives up after the fifteenth: half a day, in few steps. */
export const hourlyAtLast: Connector = {
  name: 'backs off for hours, fifteen times', guarantee: 'at-least-once', recovery: 3_600_000,
  start: (w) => ({
    async take({ link, content }) {
      const to = w.links.find(({ name }) => name === link)!
      for (let n = 0; ; n++) {
        try { return await to.send(content) } catch (error) { if (n === 14 || outcomeOf(error) === 'refused for good') throw error }
        await pause(Math.min(3_600_000, 60_000 * 2 ** n))
      }
    },
  }),
}

/** Looks four times a second at what waits, and each time bounces ten that are too old at the most. */
export const bouncesByTens: Connector = {
  name: 'a poller that bounces ten at a time', guarantee: 'at-least-once', expiry: 3_600_000, burst: 300, notApplicable: inProcess,
  start({ links }) {
    interface Row { readonly content: unknown; readonly since: number; isOut: boolean; ok(): void; no(error: unknown): void }
    const lane = ({ send }: (typeof links)[number]) => {
      const rows = new Set<Row>()
      let isOn = false
      const done = (row: Row, then: () => void) => { if (rows.delete(row)) then() }
      const poll = () => {
        const old = [...rows].filter(({ since }) => performance.now() - since > 3_000_000)
        for (const row of old.slice(0, 10)) done(row, () => row.no(new Error('too old')))
        for (const row of rows) {
          if (row.isOut || old.includes(row)) continue
          row.isOut = true
          send(row.content).then(() => done(row, row.ok), (error: unknown) => {
            row.isOut = false
            if (outcomeOf(error) === 'refused for good') done(row, () => row.no(error))
          })
        }
        isOn = rows.size > 0
        if (isOn) setTimeout(poll, 250)
      }
      return (content: unknown) => new Promise<void>((ok, no) => {
        rows.add({ content, since: performance.now(), ok, no, isOut: false })
        if (!isOn) setTimeout(poll, 0)
        isOn = true
      })
    }
    const lanes = new Map(links.map((link) => [link.name, lane(link)]))
    return { take: ({ link, content }) => lanes.get(link)!(content) }
  },
}

/** Each recipient by itself: what it is given again goes to whoever has no word yet. */
export const recipientsOnTheirOwn: Connector = {
  name: 'tries each recipient by itself', guarantee: 'at-least-once', recipients: 3,
  start: (w) => ({
    take({ id, recipients, content }) {
      for (const { link } of recipients)
        void (async () => {
          for (let n = 1; ; n++) {
            try { await w.links.find(({ name }) => name === link)!.send(content) } catch (error) {
              if (n === 4 || outcomeOf(error) === 'refused for good') return w.flag(id, error, link)
              await pause(1_000 * n)
              continue
            }
            return w.delivered(id, link)
          }
        })()
    },
  }),
}

/** What failed waits in a list of its own link, and its head is sent again first: one that hangs holds up its own link alone. */
export const retriesPerLink: Connector = {
  name: 'a list of retries for each link', guarantee: 'at-least-once',
  start(w) {
    interface Retry extends Job { left: number }
    interface Lane { retries: Retry[]; isAtIt: boolean }
    const lanes = new Map<string, Lane>()
    const drain = async (lane: Lane) => {
      lane.isAtIt = true
      for (let job: Retry | undefined; (job = lane.retries.shift()); ) {
        await pause(5_000)
        await trying(lane, job)
      }
      lane.isAtIt = false
    }
    const trying = async (lane: Lane, job: Retry) => {
      try {
        await linkOf(w, job.m).send(job.m.content)
        job.ok()
      } catch (e) {
        if (!again(e) || job.left-- === 0) return job.no(e)
        lane.retries.push(job)
        if (!lane.isAtIt) void drain(lane)
      }
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        void trying(entry<Lane>(lanes, m.link, () => ({ retries: [], isAtIt: false })), { m, ok, no, left: 3 })
      }),
    }
  },
}

/** Listens to the signal while a call is open; what was aborted before that, while it waited, is flagged when it has its turn. */
export const flagsTheAborted: Connector = {
  name: 'flags what was aborted while it waited', guarantee: 'at-least-once',
  start(w) {
    const tails = new Map<string, Promise<unknown>>()
    const send = ({ content, signal }: Job['m']) => Promise.race([
      w.send(content), new Promise<never>((_, no) => signal.addEventListener('abort', () => no(new Error('aborted')), { once: true })),
    ])
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const tail = tails.get(m.link) ?? Promise.resolve()
        tails.set(m.link, tail.then(() => (m.signal.aborted ? no(new Error('aborted')) : send(m).then(ok, no))))
      }),
    }
  },
}

/** A timer for the retries of each link, set anew by whatever fails over it. */
export const retryTimerForEachLink: Connector = {
  name: 'one timer for the retries of each link', guarantee: 'at-least-once', notApplicable: inProcess,
  start: (w) => retriesTogether(w, ({ link }) => link),
}
