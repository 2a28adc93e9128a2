/** Right connectors that delay or flag what is too much, and declare it. */
import type { Connector } from '../../../spec/connector.ts'
import { entry, inProcess, linksUp, noop, poll, sendTo, whileYoung } from '../sending.ts'

/** Fifty at once to a link, then 200 a second; a large burst takes seconds with nothing wrong, and it declares so as slack. */
export const tokenBucket: Connector = {
  name: 'a token bucket per link', guarantee: 'at-least-once', burst: 1_000, slack: 60_000,
  start(w) {
    interface Bucket { tokens: number; waiting: (() => void)[]; filling: boolean }
    const buckets = new Map<string, Bucket>()
    const fill = (bucket: Bucket) => {
      bucket.tokens = Math.min(50, bucket.tokens + 20)
      while (bucket.tokens > 0 && bucket.waiting.length > 0) {
        bucket.tokens--
        bucket.waiting.shift()?.()
      }
      bucket.filling = bucket.tokens < 50
      if (bucket.filling) setTimeout(() => fill(bucket), 100)
    }
    return {
      async take(m) {
        const bucket = entry<Bucket>(buckets, m.link, () => ({ tokens: 50, waiting: [], filling: false }))
        if (!bucket.filling) {
          bucket.filling = true
          setTimeout(() => fill(bucket), 100)
        }
        if (bucket.tokens > 0) bucket.tokens--
        else await new Promise<void>((go) => bucket.waiting.push(go))
        await w.send(m.content)
      },
    }
  },
}

/** Takes 200 at the most, and says no to the next at once, whatever link it is for; those in hand queue per link. */
export const shedsLoad: Connector = {
  name: 'sheds load over 200 in hand', guarantee: 'at-least-once', capacity: 200,
  start(w) {
    const tails = new Map<string, Promise<unknown>>()
    let inHand = 0
    return {
      async take(m) {
        if (inHand >= 200) throw new Error('over capacity')
        inHand++
        const mine = (tails.get(m.link) ?? Promise.resolve()).then(() => w.send(m.content))
        tails.set(m.link, mine.catch(noop))
        try { await mine } finally { inHand-- }
      },
    }
  },
}

/** Takes at most a hundred messages at a time, and says no to the next at once. */
export const sheds: Connector = {
  name: 'sheds load over 100', guarantee: 'at-least-once', capacity: 100,
  start(w) {
    let inHand = 0
    return {
      async take(m) {
        if (inHand >= 100) throw new Error('over capacity')
        inHand++
        try { await w.send(m.content) } finally { inHand-- }
      },
    }
  },
}

/** Looks several times a second at each that waits for a dead link, and flags it when it is ten minutes old. */
export const sweepsOften: Connector = {
  name: 'looks every 300 ms for what is too old', guarantee: 'at-least-once', expiry: 600_000, burst: 500, notApplicable: inProcess,
  start(w) {
    const up = linksUp(w)
    return {
      take({ link, content }) {
        const since = performance.now()
        return whileYoung(() => performance.now() - since >= 600_000, () => up.has(link), () => sendTo(w, link, content))
      },
    }
  },
}

/** An inbox that writes down when a message came: an hour after that it is flagged, in whichever life. */
export const ageKept: Connector = {
  name: 'an inbox that knows the age of its messages', guarantee: 'at-least-once', expiry: 3_600_000, burst: 500,
  start(w) {
    interface Row { readonly link: string; readonly content: unknown; readonly since: number }
    const up = linksUp(w)
    const pass = async (id: string, { link, content, since }: Row) => {
      await whileYoung(() => Date.now() - since >= 3_600_000, () => up.has(link), () => sendTo(w, link, content))
        .catch((error) => w.flag(id, error))
      w.disk.delete(id)
    }
    for (const [id, row] of [...w.disk]) void pass(id, row as Row)
    void poll(w, async ({ id, link, content }) => {
      if (!w.disk.has(id)) {
        const row = { link, content, since: Date.now() }
        w.disk.set(id, row)
        void pass(id, row)
      }
      await w.acknowledge(id).catch(noop)
    })
    return {}
  },
}
