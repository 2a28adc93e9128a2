/** Right connectors that try again, give up, or do neither. */
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { again, dropped, pause } from '../sending.ts'

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
