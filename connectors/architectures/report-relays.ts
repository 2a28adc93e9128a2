/** §8: right relays of reports, each built another way. A report that nobody takes is kept as dead mail. */
import type { Connector, World } from '../../spec/connector.ts'
import { again, type Kept, pause, tries, until } from '../corpus/sending.ts'

const held = {
  guarantee: 'at-least-once', component: 'report-relay', links: [1, 1], workers: [1, 1], burst: 1_000,
} as const satisfies Partial<Connector>

/** Why a message is flagged: what was reported, or what is written on the dead mail. */
function reported({ report }: World, error: unknown): Error {
  try {
    report(error)
    return new Error(`reported: ${String(error)}`)
  } catch {
    return new Error(`dead mail: ${String(error)}`)
  }
}

/** Nothing waits: each message is handed on as it comes, and reported by itself. */
export const streamingRelay: Connector = {
  ...held, name: 'a relay that streams',
  start: (world) => ({ take: ({ content }) => tries(() => world.send(content)).catch((error) => { throw reported(world, error) }) }),
}

/** Reports are a queue of their own, which is worked off when there is nothing to hand on. */
export const reportsLater: Connector = {
  ...held, name: 'a relay that reports when it is idle',
  start(world) {
    const waiting: (() => Promise<void>)[] = []
    const reports: (() => void)[] = []
    let isBusy = false
    const run = async () => {
      isBusy = true
      for (;;) {
        const next = waiting.shift() ?? reports.shift()
        if (!next) break
        await next()
      }
      isBusy = false
    }
    const handOn = async (content: unknown): Promise<unknown> => {
      for (let tried = 1; ; tried++) {
        const error = await world.send(content).then(() => undefined, (failed: unknown) => failed)
        if (error === undefined || tried > 3 || !again(error)) return error
        await pause(15_000)
      }
    }
    return {
      take: ({ content }) => new Promise<void>((delivered, flagged) => {
        waiting.push(async () => {
          const error = await handOn(content)
          if (error === undefined) delivered()
          else reports.push(() => flagged(reported(world, error)))
        })
        if (!isBusy) void run()
      }),
    }
  },
}

/** A spool on storage: a message leaves it before its sender hears of it, so that no report is made twice. */
export const spoolingRelay: Connector = {
  ...held, name: 'a relay with a spool',
  async start(world) {
    const { storage, send, delivered, flag } = world
    const inHand = new Set<string>()
    const pass = async ({ id, content }: Kept) => {
      const verdict = await tries(() => send(content)).then(() => () => delivered(id), (error) => () => flag(id, reported(world, error)))
      await until(() => storage.remove(id))
      inHand.delete(id)
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
        void until(() => storage.write(id, { id, link, content })).then(() => pass({ id, link, content }))
      },
    }
  },
}
