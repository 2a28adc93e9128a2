/** Connectors that are wrong about one fault each: what the generator must catch. */
import type { FaultName, Running, World } from '../../spec/connector.ts'
import { failing, never, pause, type Wrong } from './wrong-connectors.ts'

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
  'link loses answer': {
    about: 'forgets a message whose answer does not come', law: 'delivered or flagged', timeout: 10_000,
    start: ({ send }) => ({ take: ({ content }) => Promise.race([send(content), pause(10_000).then(never)]) }),
  },
  'link never answers': {
    about: 'takes silence for a yes', law: 'honest', timeout: 10_000,
    start: ({ send }) => ({ take: ({ content }) => Promise.race([send(content), pause(10_000)]) }),
  },
  'workers change': {
    about: 'forgets what waits when the number of its workers changes', law: 'delivered or flagged', with: ['link hangs'],
    start({ send }) {
      let epoch = 0
      return {
        take: ({ content }) => {
          const mine = epoch
          const isThere = () => mine === epoch
          return send(content).finally(() => (isThere() ? undefined : never()))
        },
        scale() { epoch++ },
      }
    },
  },
  'clock goes back': {
    about: 'waits for a date that is over', law: 'delivered or flagged',
    start({ send }) {
      let latest = Date.now()
      return {
        take({ content }) {
          if (Date.now() < latest) return never()
          latest = Date.now()
          return send(content)
        },
      }
    },
  },
  'acknowledgement is lost': {
    about: 'stops polling when the answer to an acknowledgement is lost', start: polling('acknowledging'), law: 'delivered or flagged',
  },
  'source is late': {
    about: 'does not look at messages that come late', law: 'delivered or flagged',
    start({ receive, send, acknowledge, flag, delivered }) {
      let running = true
      const poll = async () => {
        while (running) {
          const messages = await Promise.race([receive(1), pause(2_000).then(() => [])])
          if (messages.length === 0) await pause(1_000)
          for (const { id, content } of messages) {
            await send(content).then(() => delivered(id), (error: unknown) => flag(id, error))
            await acknowledge(id)
          }
        }
      }
      void poll()
      return { stop: () => { running = false } }
    },
  },
  'source drops': { about: 'stops polling when the source hangs up', start: polling('receiving'), law: 'delivered or flagged' },
  'disk fails': {
    about: 'forgets what it cannot write', law: 'delivered or flagged',
    start: ({ storage, send }) => ({ take: ({ id, content }) => storage.write(id, 'here').then(() => send(content), never) }),
  },
  'disk is slow': {
    about: 'forgets what takes two seconds to write', law: 'delivered or flagged',
    start: ({ storage, send }) => ({
      take: async ({ id, content }) => {
        const isWritten = await Promise.race([storage.write(id, 'here').then(() => true), pause(2_000).then(() => false)])
        return isWritten ? send(content) : never()
      },
    }),
  },
}
