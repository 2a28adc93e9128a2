/** Right connectors that fetch, or keep what they have on a disk. */
import type { Connector, Message, World } from '../../../spec/connector.ts'
import { noop, pause, poll, sendTo, tries, until } from '../sending.ts'

/** Prefetches ten from a source for one link, acknowledges after delivery, and again when it is given the same again. */
export const prefetches: Connector = {
  name: 'a consumer with a prefetch of ten', guarantee: 'at-least-once', links: [1, 1],
  start(w) {
    const inHand = new Set<string>()
    let freed: () => void = noop
    const handle = async (m: Message) => {
      if (w.disk.has(m.id)) return w.acknowledge(m.id).catch(noop)
      if (inHand.has(m.id)) return
      inHand.add(m.id)
      const bad = await tries(() => w.send(m.content)).then(() => false, (e) => {
        w.flag(m.id, e)
        return true
      })
      w.disk.set(m.id, 'done')
      inHand.delete(m.id)
      freed()
      return (bad ? w.refuse(m.id, { requeue: false }) : w.acknowledge(m.id)).catch(noop)
    }
    const run = async () => {
      for (;;) {
        if (inHand.size >= 10) await new Promise<void>((go) => { freed = go })
        const got = await w.receive(10 - inHand.size).catch(() => [])
        for (const m of got) void handle(m)
        if (got.length === 0) await pause(500)
      }
    }
    void run()
    return {}
  },
}

/** Fetches into an inbox on storage that may fail, acknowledges what is written, delivers from there, and keeps verdicts on its disk. */
export const inbox: Connector = {
  name: 'an inbox on storage, acknowledged when written', guarantee: 'at-least-once', burst: 2_000,
  start(w) {
    interface Row { link: string; content: unknown }
    const written = new Map<string, Promise<void>>()
    const pass = async (id: string, { link, content }: Row) => {
      await tries(() => sendTo(w, link, content)).catch((e) => w.flag(id, e)).then(() => w.disk.set(id, 'settled'))
      await until(() => w.storage.remove(id))
    }
    const handle = async (m: Message) => {
      if (!w.disk.has(m.id) && !written.has(m.id)) {
        const row = { link: m.link, content: m.content }
        const write = until(() => w.storage.write(m.id, row))
        written.set(m.id, write)
        void write.then(() => pass(m.id, row))
      }
      await written.get(m.id)
      await w.acknowledge(m.id).catch(noop)
    }
    const run = async () => {
      const ids = await until(() => w.storage.keys())
      await Promise.all(ids.map(async (id) => {
        const row = (await until(() => w.storage.read(id))) as Row | undefined
        if (!row) return // Torn before it was acknowledged: it is given out again.
        written.set(id, Promise.resolve())
        if (w.disk.has(id)) await until(() => w.storage.remove(id))
        else void pass(id, row)
      }))
      for (;;) {
        const got = await w.receive(100).catch(() => [])
        for (const m of got) void handle(m)
        if (got.length === 0) await pause(500)
      }
    }
    void run()
    return {}
  },
}

/** Writes a message to its disk before it sends it, strikes it off with the verdict, and sends it again after a crash. */
export const outbox: Connector = {
  name: 'an outbox on disk', guarantee: 'at-least-once',
  start(w) {
    interface Row { link: string; content: unknown }
    const inHand = new Set<string>()
    let stopped = false
    const pass = async (id: string, { link, content }: Row) => {
      inHand.add(id)
      const settle = await tries(() => sendTo(w, link, content)).then(() => () => w.delivered(id), (e) => () => w.flag(id, e))
      w.disk.delete(id)
      inHand.delete(id)
      settle()
    }
    for (const [id, row] of [...w.disk]) void pass(id, row as Row)
    return {
      take(m) {
        if (inHand.has(m.id)) return undefined
        if (stopped) return Promise.reject(new Error('shutting down'))
        const row = { link: m.link, content: m.content }
        w.disk.set(m.id, row)
        void pass(m.id, row)
        return undefined
      },
      async stop(within) {
        stopped = true
        for (let n = 0; n < 8 && inHand.size > 0; n++) await pause(within / 10)
      },
    }
  },
}

/** At most once: acknowledges before it sends. What it could not acknowledge it leaves: it may be given that again, or never. */
export const acknowledgesFirst: Connector = {
  name: 'acknowledges first, and leaves what it could not acknowledge', guarantee: 'at-most-once', start: acknowledgingFirst(noop),
}

/** The same, and says that it does not know. */
export const flagsInDoubt: Connector = {
  name: 'acknowledges first, and flags what it could not acknowledge', guarantee: 'at-most-once',
  start: acknowledgingFirst((w, m, e) => w.flag(m.id, e)),
}

function acknowledgingFirst(leave: (w: World, m: Message, error: unknown) => void) {
  return (w: World) => {
    const inHand = new Set<string>()
    void poll(w, async (m) => {
      if (inHand.has(m.id)) return
      inHand.add(m.id)
      await w.acknowledge(m.id).then(() => w.send(m.content).catch((e) => w.flag(m.id, e)), (e) => leave(w, m, e))
      inHand.delete(m.id)
    })
    return {}
  }
}
