/** Connectors that are wrong about what they keep on a disk. */
import type { Connector } from '../../../spec/connector.ts'
import { again, entry, type Kept, linksUp, noop, pause, poll, sendTo, tries, until, whileYoung } from '../sending.ts'

/** Keeps all that it has acknowledged under one key of its disk: killed in the midst of rewriting that, it starts with nothing. */
export const inboxTorn: Connector = {
  name: 'one torn write loses the whole inbox', guarantee: 'at-least-once', burst: 500,
  start(w) {
    let inbox: Kept[] = []
    let saving: Promise<void> = Promise.resolve()
    const save = () => (saving = saving.then(() => until(() => w.storage.write('inbox', [...inbox]))))
    const pass = async (kept: Kept) => {
      await tries(() => w.send(kept.content)).catch((e) => w.flag(kept.id, e))
      w.disk.set(kept.id, 'done')
      inbox = inbox.filter(({ id }) => id !== kept.id)
      await save()
    }
    const run = async () => {
      const found = await until(() => w.storage.read('inbox'))
      inbox = Array.isArray(found) ? (found as Kept[]).filter(({ id }) => !w.disk.has(id)) : []
      for (const kept of [...inbox]) void pass(kept)
      await poll(w, async (m) => {
        if (!w.disk.has(m.id) && !inbox.some(({ id }) => id === m.id)) {
          const kept = { id: m.id, link: m.link, content: m.content }
          inbox.push(kept)
          void save().then(() => pass(kept))
        }
        await saving
        await w.acknowledge(m.id).catch(noop)
      })
    }
    void run()
    return {}
  },
}

/** Sends and then strikes off in one step, and repeats the step when the disk fails: delivered again for every failed striking off. */
export const removeFailsSendsAgain: Connector = {
  name: 'delivers again when the disk fails afterwards', guarantee: 'at-least-once', burst: 2_000,
  start(w) {
    const written = new Map<string, Promise<void>>()
    const pass = (id: string, content: unknown) => until(async () => {
      await tries(() => w.send(content)).catch((e) => w.flag(id, e)).then(() => w.disk.set(id, 'settled'))
      await w.storage.remove(id)
    })
    const run = async () => {
      for (const id of await until(() => w.storage.keys())) {
        const row = (await until(() => w.storage.read(id))) as { content: unknown } | undefined
        if (!row) continue
        written.set(id, Promise.resolve())
        if (w.disk.has(id)) await until(() => w.storage.remove(id))
        else void pass(id, row.content)
      }
      await poll(w, async (m) => {
        if (!w.disk.has(m.id) && !written.has(m.id)) {
          written.set(m.id, until(() => w.storage.write(m.id, { content: m.content })))
          void written.get(m.id)?.then(() => pass(m.id, m.content))
        }
        await written.get(m.id)
        await w.acknowledge(m.id).catch(noop)
      })
    }
    void run()
    return {}
  },
}

/** An outbox whose entries are numbered and read back sorted as text: after a crash with more than nine waiting, 10 goes before 9. */
export const outboxLexical: Connector = {
  name: 'a restart sends the outbox out of order', guarantee: 'at-least-once', order: 'per link',
  start(w) {
    const lanes = new Map<string, [key: string, kept: Kept][]>()
    const busy = new Set<string>()
    const known = new Set<string>()
    let n = 0
    const drain = async (link: string, lane: [key: string, kept: Kept][]) => {
      if (busy.has(link)) return
      busy.add(link)
      for (let next: [string, Kept] | undefined; (next = lane.shift()); ) {
        const [key, kept] = next
        const settle = await tries(() => w.send(kept.content), 3, 2_000)
          .then(() => () => w.delivered(kept.id), (e) => () => w.flag(kept.id, e))
        settle()
        w.disk.delete(key)
      }
      busy.delete(link)
    }
    const enqueue = (key: string, kept: Kept) => {
      known.add(kept.id)
      const lane = entry<[string, Kept][]>(lanes, kept.link, () => [])
      lane.push([key, kept])
      void drain(kept.link, lane)
    }
    for (const key of [...w.disk.keys()].sort()) {
      n = Math.max(n, Number(key))
      enqueue(key, w.disk.get(key) as Kept)
    }
    return {
      take(m) {
        if (known.has(m.id)) return
        const key = String(++n)
        const kept = { id: m.id, link: m.link, content: m.content }
        w.disk.set(key, kept)
        enqueue(key, kept)
      },
    }
  },
}

/** Counts on its disk how often it was given a message, and forgets it the fourth time: lost where it dies three times. */
export const thirdRedelivery: Connector = {
  name: 'loses on the third redelivery', guarantee: 'at-least-once',
  start: (w) => ({
    async take(m) {
      const given = Number(w.disk.get(m.id) ?? 0) + 1
      w.disk.set(m.id, given)
      if (given >= 4) return new Promise<never>(noop)
      await tries(() => w.send(m.content), 4, 60_000)
    },
  }),
}

/** Stopped in good order, it writes down what it has delivered as if it were still to be sent: the next start sends it all again. */
export const allAgain: Connector = {
  name: 'a restart sends again what was delivered', guarantee: 'at-least-once',
  start(w) {
    const delivered = new Map<string, unknown>()
    const open = new Set<Promise<unknown>>()
    let stopped = false
    for (const [, content] of [...w.disk]) void w.send(content).catch(noop)
    w.disk.clear()
    return {
      take(m) {
        if (stopped) throw new Error('stopped')
        const sent = w.send(m.content).then(() => { delivered.set(m.id, m.content) })
        open.add(sent)
        void sent.catch(noop).finally(() => open.delete(sent))
        return sent
      },
      async stop() {
        stopped = true
        while (open.size > 0) await Promise.allSettled([...open])
        for (const [id, content] of delivered) w.disk.set(id, content)
      },
    }
  },
}

/** An inbox that says nothing of when its messages came: each start takes all of them for new, and a dead link keeps them for days. */
export const ageForgotten: Connector = {
  name: 'a restart makes old messages young again', guarantee: 'at-least-once', expiry: 3_600_000, burst: 500,
  start(w) {
    const up = linksUp(w)
    const pass = async (id: string, { link, content }: Omit<Kept, 'id'>) => {
      const since = performance.now()
      await whileYoung(() => performance.now() - since >= 3_600_000, () => up.has(link), () => sendTo(w, link, content))
        .catch((error) => w.flag(id, error))
      w.disk.delete(id)
    }
    for (const [id, row] of [...w.disk]) void pass(id, row as Kept)
    void poll(w, async ({ id, link, content }) => {
      if (!w.disk.has(id)) {
        w.disk.set(id, { link, content })
        void pass(id, { link, content })
      }
      await w.acknowledge(id).catch(noop)
    })
    return {}
  },
}

/** An outbox that takes a row without text for one that was never written in full: an empty message is gone at the next start. */
export const skipsEmptyRows: Connector = {
  name: 'an outbox that skips empty rows', guarantee: 'at-least-once',
  start({ send, disk, delivered, flag }) {
    let isStopped = false
    const deliver = async (id: string, content: unknown) => {
      const settle = await tries(() => (isStopped ? new Promise<never>(noop) : send(content)), 4, 2_000)
        .then(() => () => delivered(id), (error: unknown) => () => flag(id, error))
      disk.delete(id)
      settle()
    }
    for (const [id, content] of [...disk]) if (content === '') disk.delete(id); else void deliver(id, content)
    return {
      take({ id, content }) {
        if (disk.has(id)) return
        disk.set(id, content)
        if (!isStopped) void deliver(id, content)
      },
      stop: () => {
        isStopped = true
        return Promise.resolve()
      },
    }
  },
}

/** Says its word of a message while that is still being struck off: killed then, it finds the message again, and sends it once more. */
export const strikesOffLater: Connector = {
  name: 'says that it is delivered before that is written down', guarantee: 'at-least-once', burst: 500,
  start(w) {
    const inHand = new Set<string>()
    const pass = async ({ id, link, content }: Kept) => {
      const settle = await tries(() => sendTo(w, link, content)).then(() => () => w.delivered(id), (e) => () => w.flag(id, e))
      void until(() => w.storage.remove(id)).then(() => inHand.delete(id))
      settle()
    }
    const load = async () => {
      for (const id of await until(() => w.storage.keys())) {
        const row = (await until(() => w.storage.read(id))) as Kept | undefined
        if (!row || inHand.has(id)) continue
        inHand.add(id)
        void pass(row)
      }
    }
    void load()
    return {
      take({ id, link, content }) {
        if (inHand.has(id)) return
        inHand.add(id)
        const row = { id, link, content }
        void until(() => w.storage.write(id, row)).then(() => pass(row))
      },
    }
  },
}

/** Reads a hundred rows at a time behind the date of the last: those of the same millisecond that the page had no room for are skipped. */
export const cursorByTime: Connector = {
  name: 'a cursor that skips rows of the same date', guarantee: 'at-least-once', burst: 500,
  start(w) {
    interface Row extends Kept { readonly at: number }
    const rows = w.disk as Map<string, Row>
    const pass = async ({ id, link, content }: Row) => {
      const settle = await tries(() => sendTo(w, link, content)).then(() => () => w.delivered(id), (error) => () => w.flag(id, error))
      rows.delete(id)
      settle()
    }
    const run = async () => {
      for (let last = -1; ; ) {
        const page = [...rows.values()].filter(({ at }) => at > last).sort((a, b) => a.at - b.at).slice(0, 100)
        for (const row of page) void pass(row)
        last = page.at(-1)?.at ?? last
        if (page.length === 0) await pause(500)
      }
    }
    void run()
    return { take({ id, link, content }) { if (!rows.has(id)) rows.set(id, { id, link, content, at: Date.now() }) } }
  },
}

/** Writes down when a message is to be tried next, and reads that as text: after a restart no time is later than it. */
export const dueAsText: Connector = {
  name: 'a date that is text after a restart', guarantee: 'at-least-once', neverGiven: { deep: 'a row is text', 'wrong type': 'a row is text' },
  start(w) {
    interface Row extends Kept { due: number }
    const rows = new Set<string>()
    const work = async (row: Row) => {
      const { id, link, content } = row
      rows.add(id)
      for (let n = 1; ; n++) {
        while (!(Date.now() >= row.due)) await pause(1_000)
        const settle = await sendTo(w, link, content)
          .then(() => () => w.delivered(id), (error) => (n === 4 || !again(error) ? () => w.flag(id, error) : null))
        if (settle) {
          rows.delete(id)
          w.disk.delete(id)
          return settle()
        }
        row.due = Date.now() + 20_000
        w.disk.set(id, JSON.stringify({ ...row, due: new Date(row.due) }))
      }
    }
    for (const text of [...w.disk.values()]) void work(JSON.parse(text as string) as Row)
    return {
      take({ id, link, content }) {
        if (rows.has(id)) return
        w.disk.set(id, JSON.stringify({ id, link, content, due: 0 }))
        void work({ id, link, content, due: 0 })
      },
    }
  },
}
