/** §4: right property caches, each built another way. Each has room for two names. */
import type { Connector, Message } from '../../spec/connector.ts'
import { type Job, noop, pause, tries } from '../corpus/sending.ts'

const held = {
  guarantee: 'at-least-once', component: 'property-cache', carries: ['header'], links: [1, 1], burst: 1_000,
} as const satisfies Partial<Connector>
const room = 2
const isKnown = ({ header }: Message) => header === 'Subject'

/** Entries in the order in which they were used last; the oldest that nobody uses makes way, and where all are used, a message waits. */
export const leastRecentlyUsed: Connector = {
  ...held, name: 'a cache whose oldest idle entry makes way',
  start({ workers, send }) {
    const users = new Map<string, number>()
    const waiting: Job[] = []
    let sending = 0
    /** Whether there is an entry for it, which is in use then. */
    const enter = (name: string) => {
      const idle = [...users].find(([, count]) => count === 0)
      if (!users.has(name) && users.size >= room) {
        if (!idle) return false
        users.delete(idle[0])
      }
      const count = users.get(name) ?? 0
      users.delete(name)
      users.set(name, count + 1)
      return true
    }
    const next = () => {
      for (let at = 0; at < waiting.length && sending < workers; ) {
        const { m } = waiting[at]!
        if (isKnown(m) || enter(m.header)) void work(waiting.splice(at, 1)[0]!)
        else at++
      }
    }
    const work = async ({ m, ok, no }: Job) => {
      sending++
      const settle = await tries(() => send(m.content, { header: m.header })).then(() => ok, (error) => () => no(error))
      if (!isKnown(m)) users.set(m.header, users.get(m.header)! - 1)
      sending--
      settle()
      next()
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        waiting.push({ m, ok, no })
        next()
      }),
    }
  },
}

/** Each session fetches for itself, and has one entry of its own, which the next name takes over. */
export const entryPerSession: Connector = {
  ...held, name: 'a session with an entry of its own', workers: [1, room],
  start({ workers, receive, acknowledge, send, delivered, flag }) {
    const settled = new Set<string>()
    const working = new Set<string>()
    const session = async () => {
      let entry = ''
      for (;;) {
        const [message] = await receive(1).catch(() => [])
        if (!message) await pause(5_000)
        else if (!working.has(message.id)) {
          const { id, content, header } = message
          working.add(id)
          if (!isKnown(message)) entry = header
          if (!settled.has(id)) {
            const name = isKnown(message) ? header : entry
            await tries(() => send(content, { header: name })).then(() => delivered(id), (error) => flag(id, error))
            settled.add(id)
          }
          await acknowledge(id).catch(noop)
          working.delete(id)
        }
      }
    }
    for (let i = 0; i < workers; i++) void session()
    return {}
  },
}

/** In generations: as many new names as there is room for go out together with all that needs no entry, and then the cache is empty. */
export const generations: Connector = {
  ...held, name: 'a cache in generations',
  start({ send }) {
    const waiting: Job[] = []
    let isBusy = false
    const generation = () => {
      const names = new Set<string>()
      const fits = ({ m }: Job) => isKnown(m) || names.has(m.header) || names.size < room
      return waiting.splice(0).filter((job) => {
        const goes = fits(job)
        if (!goes) waiting.push(job)
        else if (!isKnown(job.m)) names.add(job.m.header)
        return goes
      })
    }
    const run = async () => {
      isBusy = true
      while (waiting.length > 0)
        await Promise.all(generation().map(({ m, ok, no }) => tries(() => send(m.content, { header: m.header })).then(ok, no)))
      isBusy = false
    }
    return {
      take: (m) => new Promise<void>((ok, no) => {
        waiting.push({ m, ok, no })
        if (!isBusy) void run()
      }),
    }
  },
}
