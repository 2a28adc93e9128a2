/** Consumers that fetch, and are wrong about what they acknowledge or when they fetch. */
import type { Connector, Message, World } from '../../../spec/connector.ts'
import { again, inProcess, noop, pause, poll, tries } from '../sending.ts'

/** Acknowledges “all up to this one” as soon as any is through: a crash loses the slower ones that were fetched before it. */
export const cumulativeAckAhead: Connector = {
  name: 'acknowledges up to the newest that is through', guarantee: 'at-least-once',
  start(w) {
    void poll(w, handler(w, deliver(w), (m) => w.acknowledge(m.id, { upTo: true })))
    return {}
  },
}

/** Rejects without requeue what failed for now, as if that meant “later”, and tells nobody: gone after one refusal or drop. */
export const nackDiscards: Connector = {
  name: 'throws away what it means to try later', guarantee: 'at-least-once',
  start(w) {
    void poll(w, handler(w, async (m) => {
      try { await w.send(m.content) } catch (e) {
        if (again(e)) return 'discard'
        w.flag(m.id, e)
      }
      return 'done'
    }))
    return {}
  },
}

/** Prefetch credit comes back for delivered messages only: after eight that failed it fetches nothing any more. */
export const creditLeak: Connector = {
  name: 'prefetch credit leaks on failure', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    let credit = 8
    void poll(w, handler(w, async (m) => {
      credit--
      try {
        await tries(() => w.send(m.content))
        credit++
      } catch (e) { w.flag(m.id, e) }
      return 'done'
    }), () => credit)
    return {}
  },
}

/** The flag “a poll is under way” stays up after a poll that failed: one error of the source, and it never polls again. */
export const pollGuardStuck: Connector = {
  name: 'stops polling after the source failed once', guarantee: 'at-least-once',
  start(w) {
    const each = handler(w, deliver(w))
    let polling = false
    setInterval(() => {
      if (polling) return
      polling = true
      w.receive(256).then((got) => {
        polling = false
        for (const m of got) void each(m)
      }).catch(noop)
    }, 250)
    return {}
  },
}

/** Exactly-once by remembering so many ids: delivered twice when an acknowledgement fails and more than those came between. */
const deduplicating = (most: number) => (w: World) => {
  const last: string[] = []
  const inHand = new Set<string>()
  void poll(w, async (m) => {
    if (inHand.has(m.id)) return
    if (!last.includes(m.id)) {
      inHand.add(m.id)
      await tries(() => w.send(m.content)).catch((e) => w.flag(m.id, e))
      inHand.delete(m.id)
      if (last.push(m.id) > most) last.shift()
    }
    await w.acknowledge(m.id).catch(noop)
  })
  return {}
}
export const dedupWindowTooShort: Connector = {
  name: 'deduplicates over the last eight only', guarantee: 'exactly-once', notApplicable: inProcess, start: deduplicating(8),
}
export const dedupWindowOfAHundred: Connector = {
  name: 'deduplicates over the last hundred only', guarantee: 'exactly-once', notApplicable: inProcess, start: deduplicating(100),
}

/** Puts back whatever failed, once a minute, for ever: a message that the far side refuses for good never gets a verdict. */
export const poisonRequeued: Connector = {
  name: 'requeues a poison message for ever', guarantee: 'at-least-once',
  start(w) {
    void poll(w, handler(w, async (m) => {
      try { await w.send(m.content) } catch {
        await pause(60_000)
        return 'requeue'
      }
      return 'done'
    }))
    return {}
  },
}

/** What a consumer does with a fetched message: once, however often it is given out; what is done with is on the disk. */
type Result = 'done' | 'requeue' | 'discard'
function handler(w: World, handle: (m: Message) => Promise<Result>, acknowledge = (m: Message) => w.acknowledge(m.id)) {
  const inHand = new Set<string>()
  return async (m: Message) => {
    if (w.disk.has(m.id)) return acknowledge(m).catch(noop)
    if (inHand.has(m.id)) return
    inHand.add(m.id)
    const result = await handle(m)
    inHand.delete(m.id)
    if (result !== 'requeue') w.disk.set(m.id, 'done')
    return (result === 'done' ? acknowledge(m) : w.refuse(m.id, { requeue: result === 'requeue' })).catch(noop)
  }
}
const deliver = (w: World) => async (m: Message): Promise<Result> => {
  await tries(() => w.send(m.content)).catch((e) => w.flag(m.id, e))
  return 'done'
}

/** Its credit comes back with the answer to an acknowledgement: after a dozen of those that failed it fetches nothing any more. */
export const creditLostWithAck: Connector = {
  name: 'prefetch credit leaks when an acknowledgement fails', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    let credit = 12
    const each = handler(w, deliver(w), (m) => w.acknowledge(m.id).then(() => { credit++ }))
    void poll(w, (m) => {
      credit--
      return each(m)
    }, () => credit)
    return {}
  },
}

/** Exactly once, one at a time, by remembering the last one alone: twice, where one is given out again behind another. */
export const remembersTheLast: Connector = {
  name: 'deduplicates against the last one alone', guarantee: 'exactly-once', notApplicable: inProcess, links: [1, 1],
  start(w) {
    let last: string | undefined
    const run = async () => {
      for (;;) {
        const [m] = await w.receive(1).catch(() => [])
        if (!m) {
          await pause(500)
          continue
        }
        if (m.id !== last) await tries(() => w.send(m.content), 2, 1_000).catch((e) => w.flag(m.id, e))
        last = m.id
        await w.acknowledge(m.id).catch(noop)
      }
    }
    void run()
    return {}
  },
}

/** At most once, acknowledged before it is sent; and sent all the same where that failed: twice, when the source gives it again. */
export const sendsInDoubt: Connector = {
  name: 'sends what it could not acknowledge', guarantee: 'at-most-once',
  start(w) {
    void poll(w, async (m) => {
      await w.acknowledge(m.id).catch(noop)
      await w.send(m.content).catch((e) => w.flag(m.id, e))
    })
    return {}
  },
}

/** At most once, and leaves what it could not acknowledge; when it is given that again, it takes it for done. */
export const leavesForGood: Connector = {
  name: 'takes for done what it could not acknowledge', guarantee: 'at-most-once',
  start(w) {
    const seen = new Set<string>()
    void poll(w, async (m) => {
      const isKnown = seen.has(m.id)
      seen.add(m.id)
      try { await w.acknowledge(m.id) } catch { return }
      if (!isKnown) await w.send(m.content).catch((e) => w.flag(m.id, e))
    })
    return {}
  },
}
