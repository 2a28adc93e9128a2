/** Connectors that mix up answers, or say what is not so. */
import type { Connector } from '../../../spec/connector.ts'
import { again, dropped, entry, inProcess, type Job, noop, pause, tries } from '../sending.ts'

/** Gives whatever answer comes to the oldest of several open calls: answers that overtake each other go to the wrong messages. */
export const pipelineFifo: Connector = {
  name: 'answers out of order are mixed up', guarantee: 'at-least-once',
  start(w) {
    const lanes = new Map<string, Job[]>()
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Job[]>(lanes, m.link, () => [])
        lane.push({ m, ok, no })
        w.send(m.content).then(() => lane.shift()?.ok(), (e) => lane.shift()?.no(e))
      }),
    }
  },
}

/** Fulfils the promise of the message before: the newest has no verdict until another comes. */
export const swappedAnswers: Connector = {
  name: 'fulfils the promise of the message before', guarantee: 'at-least-once',
  start(w) {
    let before: () => void = noop
    return {
      take: (m) => new Promise<void>((ok, no) => void tries(() => w.send(m.content), 4, 60_000).then(() => {
        const tell = before
        before = ok
        tell()
      }, no)),
    }
  },
}

/** Four tries, and after the last it falls out of the loop and says nothing of it: claimed as delivered when all four failed. */
export const swallowedLast: Connector = {
  name: 'the last error is swallowed', guarantee: 'at-least-once',
  start: (w) => ({
    async take(m) {
      for (let n = 1; n <= 4; n++) {
        try { return await w.send(m.content) } catch (e) { if (!again(e)) throw e }
        await pause(n * 2_000)
      }
    },
  }),
}

/** Reports each failure ten times: ten verdicts for one message. */
export const tenFlags: Connector = {
  name: 'ten reports of non-delivery for one failure', guarantee: 'at-least-once',
  start: (w) => ({
    take(m) {
      w.send(m.content).then(() => w.delivered(m.id), (e) => { for (let n = 0; n < 10; n++) w.flag(m.id, e) })
    },
  }),
}

/** Flags at the first failure and tries on: after one refusal, what was reported as failed is delivered a minute later. */
export const flagsAndDelivers: Connector = {
  name: 'flags at the first failure and delivers later', guarantee: 'at-least-once',
  start: (w) => ({
    take: (m) => new Promise<void>((ok, no) => {
      void w.send(m.content).then(ok, (e) => {
        no(e)
        if (again(e)) void pause(60_000).then(() => tries(() => w.send(m.content), 10, 60_000)).catch(noop)
      })
    }),
  }),
}

/** Takes every drop for one before the far side had it: sends again after a drop behind it, though it promises exactly-once. */
export const exactlyOnceResends: Connector = {
  name: 'doubles after a drop behind the message', guarantee: 'exactly-once', notApplicable: inProcess,
  start: (w) => ({
    async take(m) {
      for (let n = 1; ; n++) {
        try { return await w.send(m.content) } catch (e) { if (n >= 4 || !(again(e) || dropped(e))) throw e }
        await pause(5_000)
      }
    },
  }),
}

/** Keeps the promise of a connection, also when it failed: after one failed greeting, all that follows on that link is flagged. */
export const cachedRejection: Connector = {
  name: 'remembers a failed connection for ever', guarantee: 'at-least-once',
  start(w) {
    const dialled = new Map<string, Promise<void>>()
    const dial = async (name: string) => {
      const link = w.links.find((one) => one.name === name)
      if (!link) throw new Error(`no link ${name}`)
      const outcome = await link.step('greeting')
      if (!outcome.startsWith('taken')) throw new Error(`connecting to ${name}: ${outcome}`)
    }
    return {
      async take(m) {
        await entry(dialled, m.link, () => dial(m.link))
        try { await w.send(m.content) } catch (e) {
          if (dropped(e)) dialled.delete(m.link)
          throw e
        }
      },
    }
  },
}
