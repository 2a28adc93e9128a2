/** §3: right transfer agents, each built another way. */
import { type Connector, outcomeOf } from '../../spec/connector.ts'
import { again, entry, type Job, type Kept, pause, sendTo, tries, until } from '../corpus/sending.ts'

const held = { guarantee: 'at-least-once', component: 'transfer-agent', burst: 1_000 } as const satisfies Partial<Connector>

/** A queue for each link, in order; what is refused for now is tried again ever more seldom, at the head of its queue. */
export const queuePerLink: Connector = {
  ...held, name: 'a queue for each link, with back-off', order: 'per link',
  start(world) {
    const tails = new Map<string, Promise<unknown>>()
    const send = async (link: string, content: unknown) => {
      for (let wait = 1_000; ; wait *= 3)
        try {
          return await sendTo(world, link, content)
        } catch (error) {
          if (!again(error) || wait > 30_000) throw error
          await pause(wait)
        }
    }
    return {
      take({ link, content }) {
        const sent = (tails.get(link) ?? Promise.resolve()).then(() => send(link, content))
        tails.set(link, sent.catch(() => undefined))
        return sent
      },
    }
  },
}

/** Once a second, all that waits for a link goes out together; what is refused for now goes with the next batch, a few times. */
export const batchPerLink: Connector = {
  ...held, name: 'a batch for each link', slack: 3_000,
  start(world) {
    interface Waiting extends Job { tried: number }
    const lanes = new Map<string, Waiting[]>()
    const flush = async (link: string, batch: readonly Waiting[]) => {
      await Promise.all(batch.map(async (job) => {
        try {
          await sendTo(world, link, job.m.content)
          job.ok()
        } catch (error) {
          if (!again(error) || ++job.tried > 5) job.no(error)
          else {
            await pause(10_000)
            wait(link, job)
          }
        }
      }))
    }
    const wait = (link: string, job: Waiting) => {
      const lane = entry<Waiting[]>(lanes, link, () => [])
      lane.push(job)
      if (lane.length === 1) setTimeout(() => void flush(link, lane.splice(0)), 1_000)
    }
    return { take: (m) => new Promise<void>((ok, no) => wait(m.link, { m, ok, no, tried: 0 })) }
  },
}

/** An outbox on storage: a row goes out when its link is up, waits while it is down, and is flagged when it is too old. */
export const storedOutbox: Connector = {
  ...held, name: 'an outbox on storage, for half an hour', expiry: 1_800_000,
  async start(world) {
    const { storage, links, delivered, flag } = world
    const inHand = new Set<string>()
    const isUp = new Map<string, boolean>()
    const woken = new Map<string, (() => void)[]>()
    for (const { name, watch } of links)
      watch((now) => {
        isUp.set(name, now === 'up')
        if (now === 'up') for (const go of entry(woken, name, () => [] as (() => void)[]).splice(0)) go()
      })
    const send = async ({ link, content }: Kept, isOver: () => boolean) => {
      while (!isOver()) {
        if (!isUp.get(link)) await new Promise<void>((go) => entry(woken, link, () => [] as (() => void)[]).push(go))
        else
          try {
            return await sendTo(world, link, content)
          } catch (error) {
            if (!again(error) || outcomeOf(error) === undefined) throw error
            await pause(5_000)
          }
      }
    }
    const pass = async (row: Kept) => {
      let clock: NodeJS.Timeout | undefined
      let isOver = false
      const tooOld = new Promise<never>((_, fail) => {
        // While its link is up it is on its way.
        const look = () => (isUp.get(row.link) ? void (clock = setTimeout(look, 10_000)) : fail(new Error('it is too old')))
        clock = setTimeout(look, 1_800_000)
      })
      const verdict = await Promise.race([send(row, () => isOver), tooOld])
        .then(() => () => delivered(row.id), (error: unknown) => () => flag(row.id, error))
      isOver = true
      clearTimeout(clock)
      await until(() => storage.remove(row.id))
      inHand.delete(row.id)
      verdict()
    }
    for (const id of await until(() => storage.keys())) {
      const row = (await until(() => storage.read(id))) as Kept | undefined
      if (!row) continue
      inHand.add(id)
      void pass(row)
    }
    return {
      take({ id, link, content }) {
        if (inHand.has(id)) return
        inHand.add(id)
        const row = { id, link, content }
        void until(() => storage.write(id, row)).then(() => pass(row))
      },
    }
  },
}

/** Nothing waits for anything else: each message has a call of its own. */
export const callPerMessage: Connector = {
  ...held, name: 'a call for each message',
  start: (world) => ({ take: ({ link, content }) => tries(() => sendTo(world, link, content)) }),
}
