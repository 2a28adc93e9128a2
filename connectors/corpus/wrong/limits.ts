/** Connectors that go wrong when there are too many of something. */
import type { Connector, Message } from '../../../spec/connector.ts'
import { entry, type Job, noop, tries } from '../sending.ts'

/** What waits is kept under a 16-bit number: with more than 65,536 in hand the first ones are overwritten, and never sent. */
export const correlation16: Connector = {
  name: 'correlation ids wrap at 65,536', guarantee: 'at-least-once',
  start(w) {
    const inHand = new Map<number, Job>()
    const lanes = new Map<string, number[]>()
    const busy = new Set<string>()
    let n = 0
    const drain = async (link: string, lane: number[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let id: number | undefined; (id = lane.shift()) !== undefined; ) {
        const job = inHand.get(id)
        inHand.delete(id)
        if (job) await w.send(job.m.content).then(job.ok, job.no)
      }
      busy.delete(link)
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const id = n++ & 0xffff
        inHand.set(id, { m, ok, no })
        const lane = entry<number[]>(lanes, m.link, () => [])
        lane.push(id)
        void drain(m.link, lane)
      }),
    }
  },
}

/** A ring of 4,096 in which “full” looks like “empty”: that many waiting for one link at once, and they are all forgotten. */
export const ringFull: Connector = {
  name: 'a full ring buffer looks empty', guarantee: 'at-least-once',
  start(w) {
    interface Ring { slots: Job[]; head: number; tail: number; busy: boolean }
    const rings = new Map<string, Ring>()
    const drain = async (ring: Ring) => {
      if (ring.busy) return
      ring.busy = true
      while (ring.head !== ring.tail) {
        const job = ring.slots[ring.head]!
        ring.head = (ring.head + 1) % 4_096
        await tries(() => w.send(job.m.content), 3, 2_000).then(job.ok, job.no)
      }
      ring.busy = false
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const ring = entry<Ring>(rings, m.link, () => ({ slots: [], head: 0, tail: 0, busy: false }))
        ring.slots[ring.tail] = { m, ok, no }
        ring.tail = (ring.tail + 1) % 4_096
        void drain(ring)
      }),
    }
  },
}

/** Stops taking in at 16,384 and goes on at exactly 8,192, which steps of a hundred never meet: after one large burst it stays paused. */
export const lowWaterEquality: Connector = {
  name: 'back-pressure that is never lifted', guarantee: 'at-least-once',
  start(w) {
    interface Lane { jobs: Job[]; held: Job[]; paused: boolean; busy: boolean }
    const lanes = new Map<string, Lane>()
    const drain = async (lane: Lane) => {
      if (lane.busy) return
      lane.busy = true
      while (lane.jobs.length > 0) {
        const some = lane.jobs.splice(0, 100)
        await Promise.all(some.map((job) => tries(() => w.send(job.m.content), 2, 500).then(job.ok, job.no)))
        if (!lane.paused || lane.jobs.length !== 8_192) continue
        lane.paused = false
        lane.jobs = lane.jobs.concat(lane.held.splice(0))
      }
      lane.busy = false
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        const lane = entry<Lane>(lanes, m.link, () => ({ jobs: [], held: [], paused: false, busy: false }))
        if (lane.paused) lane.held.push({ m, ok, no })
        else if (lane.jobs.push({ m, ok, no }) >= 16_384) lane.paused = true
        void drain(lane)
      }),
    }
  },
}

/** Gives every header name that it meets a number in a table of 8,192: once that is full, a message with another name is flagged. */
export const headerTableFull: Connector = {
  name: 'the quota of named properties is exhausted', guarantee: 'at-least-once',
  start(w) {
    const numbers = new Map<string, number>()
    return {
      async take(m) {
        if (!numbers.has(m.header)) {
          if (numbers.size >= 8_192) throw new Error('MAPI_E_NAMED_PROP_QUOTA_EXCEEDED')
          numbers.set(m.header, numbers.size)
        }
        await tries(() => w.send(m.content))
      },
    }
  },
}

/** Counts to 30,000 and no further: each message after that has no verdict. */
export const wedge30000: Connector = {
  name: 'wedges after 30,000 messages', guarantee: 'at-least-once',
  start(w) {
    let taken = 0
    return { take: (m) => (++taken > 30_000 ? new Promise<never>(noop) : tries(() => w.send(m.content), 4, 60_000)) }
  },
}

/** Only a delivered message makes room again: after 64 that failed it says “over capacity” to everyone, with nothing in hand. */
export const capacityLeak: Connector = {
  name: 'failed messages are counted as in hand for ever', guarantee: 'at-least-once', capacity: 64, links: [1, 1],
  start(w) {
    let inHand = 0
    return {
      async take(m) {
        if (inHand >= 64) throw new Error('over capacity')
        inHand++
        await tries(() => w.send(m.content), 2, 5_000)
        inHand--
      },
    }
  },
}

/** A queue of 1,000 per link drops its oldest without a word: lost in a large burst, on a link with which nothing is wrong. */
export const dropOldest: Connector = {
  name: 'drops the oldest silently under load', guarantee: 'at-most-once',
  start(w) {
    const lanes = new Map<string, Message[]>()
    const busy = new Set<string>()
    const drain = async (link: string, lane: Message[]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let m: Message | undefined; (m = lane.shift()); ) {
        const { id, content } = m
        await w.send(content).then(() => w.delivered(id), (e) => w.flag(id, e))
      }
      busy.delete(link)
    }
    return {
      take(m) {
        const lane = entry<Message[]>(lanes, m.link, () => [])
        if (lane.push(m) > 1_000) lane.shift()
        void drain(m.link, lane)
      },
    }
  },
}

/** Takes bursts of 3,000, and has a registry for 512 header names, of which none is ever forgotten. */
export const headerRegistryFull: Connector = {
  name: 'a registry of 512 header names', guarantee: 'at-least-once', burst: 3_000,
  start(w) {
    const known = new Set<string>()
    return {
      async take(m) {
        if (known.size >= 512 && !known.has(m.header)) throw new Error('the registry is full')
        known.add(m.header)
        await tries(() => w.send(m.content))
      },
    }
  },
}

/** Takes the eleventh message of equal content within a minute for a loop, and drops it without a word to its sender. */
export const loopGuard: Connector = {
  name: 'takes the eleventh of equal content for a loop', guarantee: 'at-least-once',
  start(w) {
    const seen = new Map<string, number>()
    return {
      async take(m) {
        const key = JSON.stringify(m.content) ?? m.id
        const times = (seen.get(key) ?? 0) + 1
        seen.set(key, times)
        setTimeout(() => seen.delete(key), 60_000)
        if (times <= 10) await tries(() => w.send(m.content))
      },
    }
  },
}
