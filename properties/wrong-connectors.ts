/** Connectors that are wrong about one fault each, or one kind of message: what the generators must catch. */
import type { Connector, FaultName, Message, MessageKind, Running, World } from '../spec/connector.ts'
import type { LawName } from '../spec/laws.ts'

/** A connector that is wrong about one thing only, and the law that this breaks. */
export interface Wrong extends Partial<Connector> {
  readonly about: string
  readonly start: Connector['start']
  readonly law: LawName
  /** What else it takes to bring it about. */
  readonly with?: readonly (FaultName | MessageKind)[]
}

const never = () => new Promise<never>(() => undefined)
const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))
const outcomeOf = (error: unknown) => (error as { outcome?: string }).outcome

/** Sends at once; `when` is asked about what fails. */
const unless = (when: (error: unknown, message: Message, world: World) => unknown) => (world: World): Running => ({
  take: (message) => world.send(message.content).catch((error: unknown) => when(error, message, world)),
})
const failing = (outcome: string, then: (message: Message, world: World) => unknown) =>
  unless((error, message, world) => { if (outcomeOf(error) === outcome) return then(message, world); throw error })
/** Sends what passes, and does with the rest what it does. */
const minding = (isWrong: (message: Message) => boolean, then: (message: Message, world: World) => unknown) => (world: World): Running => ({
  take: (message) => (isWrong(message) ? then(message, world) : world.send(message.content)),
})

/** Fetches, sends, acknowledges, and reports what fails; one part of it lets an error go further than it should. */
const polling = (careless: 'receiving' | 'acknowledging' | 'reporting') => (world: World): Running => {
  let running = true
  const careful = async <T>(part: typeof careless, does: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await does()
    } catch (error) {
      if (part === careless) running = false
      else if (part !== 'reporting') await careful('reporting', () => world.report(error))
    }
    return undefined
  }
  const poll = async () => {
    while (running) {
      const [message] = (await careful('receiving', () => world.receive(1))) ?? []
      if (!message) {
        await pause(1_000)
        continue
      }
      if (careless === 'reporting') await careful('reporting', () => world.report(`sending ${message.id}`))
      await world.send(message.content).then(() => world.delivered(message.id), (error: unknown) => world.flag(message.id, error))
      await careful('acknowledging', () => world.acknowledge(message.id))
    }
  }
  void poll()
  return { stop: () => { running = false } }
}

/** Reads every answer as if it were about the message that has waited longest. */
function inOrder({ send }: World): Running {
  const waiting: { done: () => void; fail: (error: unknown) => void }[] = []
  return {
    take: ({ content }) => new Promise<void>((done, fail) => {
      waiting.push({ done, fail })
      void send(content).then(() => waiting.shift()?.done(), (error: unknown) => waiting.shift()?.fail(error))
    }),
  }
}

/** Breaks down when it has heard more answers than it asked for. */
function counting({ links }: World): Running {
  let asked = 0
  const hear = (times: number) => {
    asked -= times
    if (asked < 0) queueMicrotask(() => { throw new RangeError('more answers than questions') })
  }
  return {
    async take({ content, link }) {
      asked++
      const outcome = await links.find(({ name }) => name === link)!.offer(content)
      hear(outcome === 'taken, said twice' ? 2 : 1)
      if (!outcome.startsWith('taken')) throw new Error(outcome)
    },
  }
}

export const wrongAboutFaults: Readonly<Record<FaultName, Wrong>> = {
  'link refuses': { about: 'forgets what a link refuses', start: failing('refused for now', never), law: 'delivered or flagged' },
  'link hangs': {
    about: 'has one sender for all links', law: 'links are independent', links: [2, 3],
    start({ send }) {
      let before: Promise<unknown> = Promise.resolve()
      return {
        take(message) {
          const sent = before.then(() => send(message.content))
          before = sent.catch(() => undefined)
          return sent
        },
      }
    },
  },
  'link drops before': { about: 'forgets what is dropped', start: failing('dropped before', never), law: 'delivered or flagged' },
  'link drops after': {
    about: 'sends again what may have come through', guarantee: 'exactly-once', law: 'none twice',
    start: failing('dropped after', ({ content }, { send }) => send(content)),
  },
  'link is late': {
    about: 'sends again after two seconds', guarantee: 'exactly-once', law: 'none twice',
    start: ({ send }) => ({
      take: async ({ content }) => {
        let isAnswered = false
        const sent = send(content).finally(() => { isAnswered = true })
        await Promise.race([sent, pause(2_000).then(() => (isAnswered ? undefined : send(content)))])
      },
    }),
  },
  'link answers out of order': { about: 'reads answers in order', start: inOrder, law: 'honest', with: ['refused'] },
  'link answers twice': { about: 'counts answers', start: counting, law: 'nothing wedges' },
  'link heals': {
    about: 'sends all of it again when a link is back', guarantee: 'exactly-once', law: 'none twice', with: ['link refuses'],
    start({ links, send }) {
      const sent: unknown[] = []
      let wasDown = false
      for (const link of links) link.watch((now) => {
        if (now === 'up' && wasDown) for (const content of sent) void send(content).catch(() => undefined)
        wasDown = now !== 'up'
      })
      return { take: ({ content }) => { sent.push(content); return send(content) } }
    },
  },
  'sender aborts': {
    about: 'forgets what is aborted while it waits', law: 'delivered or flagged',
    start({ send }) {
      let before: Promise<unknown> = Promise.resolve()
      return {
        take({ content, signal }) {
          const sent = before.then(() => (signal.aborted ? never() : send(content)))
          before = Promise.race([sent, new Promise((go) => signal.addEventListener('abort', go))]).catch(() => undefined)
          return sent
        },
      }
    },
  },
  'worker dies': {
    about: 'never replaces a worker', law: 'honest', workers: [1, 1],
    start({ send }) {
      let isDead = false
      return {
        take: ({ content }) => (isDead ? Promise.reject(new Error('nobody is there')) : send(content)),
        kill: () => { isDead = true },
      }
    },
  },
  'service stops': {
    about: 'forgets what waits when it is stopped', law: 'delivered or flagged',
    start({ send }) {
      let isStopped = false
      let before: Promise<unknown> = Promise.resolve()
      return {
        take({ content }) {
          const sent = before.then(() => (isStopped ? never() : send(content)))
          before = sent.catch(() => undefined)
          return sent
        },
        stop: () => { isStopped = true },
      }
    },
  },
  'service restarts': {
    about: 'starts by sending its whole spool', guarantee: 'exactly-once', law: 'none twice',
    start({ send, disk }) {
      for (const content of disk.values()) void send(content).catch(() => undefined)
      return { take: ({ id, content }) => { disk.set(id, content); return send(content) }, stop: () => undefined }
    },
  },
  'service dies': {
    about: 'knows what it has sent only while it lives', guarantee: 'exactly-once', law: 'none twice',
    start({ send }) {
      const sent = new Set<string>()
      return {
        async take({ id, content }) {
          if (!sent.has(id)) await send(content)
          sent.add(id)
        },
      }
    },
  },
  'time passes': {
    about: 'is refused half an hour after it signed in', law: 'honest',
    start({ send }) {
      const until = Date.now() + 1_800_000
      return { take: ({ content }) => (Date.now() > until ? Promise.reject(new Error('sign in first')) : send(content)) }
    },
  },
  'receiving fails': { about: 'stops polling when receiving fails', start: polling('receiving'), law: 'delivered or flagged' },
  'acknowledging fails': { about: 'stops polling when an acknowledgement fails', start: polling('acknowledging'), law: 'delivered or flagged' },
  'reporting fails': { about: 'stops polling when a report fails', start: polling('reporting'), law: 'delivered or flagged' },
}

const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + depthOf(Object.values(value)[0]) : 0)

export const wrongAboutMessages: Readonly<Record<MessageKind, Wrong>> = {
  plain: { about: 'forgets every third', law: 'delivered or flagged', start: minding(({ id }) => Number(id.slice(1)) % 3 === 0, never) },
  'new header': {
    about: 'has room for three names', law: 'honest',
    start({ send }) {
      const names = new Set<string>()
      return { take: ({ header, content }) => (names.add(header).size > 3 ? Promise.reject(new Error('no room')) : send(content)) }
    },
  },
  'other script': {
    about: 'writes Latin-1', law: 'honest',
    start: ({ links }) => ({
      take: ({ content, link }) => links.find(({ name }) => name === link)!
        .send(typeof content === 'string' ? Buffer.from(content, 'latin1').toString('latin1') : content),
    }),
  },
  lines: {
    about: 'trims', law: 'honest',
    start: ({ links }) => ({
      take: ({ content, link }) => links.find(({ name }) => name === link)!.send(typeof content === 'string' ? content.trim() : content),
    }),
  },
  long: {
    about: 'cuts at 64 KiB', law: 'honest',
    start: ({ links }) => ({
      take: ({ content, link }) => links.find(({ name }) => name === link)!
        .send(typeof content === 'string' ? content.slice(0, 65_536) : content),
    }),
  },
  list: {
    about: 'sends a list item by item', law: 'honest',
    start: ({ links }) => ({
      take: async ({ content, link }) => {
        const { send } = links.find(({ name }) => name === link)!
        for (const item of Array.isArray(content) ? content as unknown[] : [content]) await send(item)
      },
    }),
  },
  empty: { about: 'takes nothing for no message', law: 'delivered or flagged', start: minding(({ content }) => content === '', never) },
  deep: {
    about: 'breaks down on what is nested', law: 'nothing wedges',
    start: minding(({ content }) => depthOf(content) > 100, () => {
      queueMicrotask(() => { throw new RangeError('too deep') })
      return never()
    }),
  },
  oversized: { about: 'forgets what has a long address', law: 'delivered or flagged', start: minding(({ address }) => address.length > 255, never) },
  'bad address': {
    about: 'tries what has no address for ever', law: 'delivered or flagged',
    start: minding(({ address, kind }) => kind !== 'deep' && !address.includes('@'), async () => { for (;;) await pause(60_000) }),
  },
  'no such destination': {
    about: 'claims what goes nowhere', law: 'honest',
    start: minding(({ address }) => address.endsWith('@nowhere.example'), () => Promise.resolve()),
  },
  'wrong type': {
    about: 'expects text', law: 'delivered or flagged',
    start: minding(({ content }) => typeof content === 'object' && content !== null && Object.getPrototypeOf(content) === null, never),
  },
  'many attachments': {
    about: 'never returns from the 1,025th attachment', law: 'delivered or flagged',
    start({ send }) {
      let isStuck = false
      return {
        take({ attachments, content }) {
          isStuck ||= attachments > 1_024
          return isStuck ? never() : send(content)
        },
      }
    },
  },
  refused: {
    about: 'tries again whatever is refused, for ever', law: 'delivered or flagged',
    start: ({ send }) => ({
      take: async ({ content }) => {
        for (;;)
          try {
            return await send(content)
          } catch {
            await pause(60_000)
          }
      },
    }),
  },
  busy: { about: 'forgets what is refused for now', start: failing('refused for now', never), law: 'delivered or flagged' },
}
