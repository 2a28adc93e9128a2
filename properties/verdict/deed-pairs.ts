/** For every clause about what is done with a message: who breaks it, and who comes near and does not. */
import { fetching, handed, linkOf, type Pair, scenario, senders } from './judge-pair.ts'
import { pause } from '../samples/wrong-connectors.ts'

const text = (content: unknown) => (typeof content === 'string' ? content : '')
const minute = 60_000

export const deedPairs: Readonly<Record<string, Pair>> = {
  'not altered': {
    scenario: scenario([[2, 'lines']]),
    wrongly: 'trims', wrong: handed((message, world) => linkOf(world, message).send(text(message.content).trim())),
    rightly: 'writes bytes and reads them again',
    right: handed((message, world) => linkOf(world, message).send(Buffer.from(text(message.content)).toString())),
  },
  'not stripped for nothing': {
    scenario: scenario([[1, 'many attachments'], [1]]), strips: 2_000,
    wrongly: 'strips what is half as large as it may be',
    wrong: handed(({ content, attachments }, { send }) => send(attachments > 1_000 ? `${text(content)} (stripped)` : content)),
    rightly: 'strips what is too large',
    right: handed(({ content, attachments }, { send }) => send(attachments > 2_000 ? `${text(content)} (stripped)` : content)),
  },
  'not misrouted': {
    scenario: scenario([[1], [1, 'plain', 2]], [[0, 'link refuses', 1]], { links: 2 }), links: [2, 2],
    wrongly: 'goes over another link when its own is down',
    wrong: handed((message, world) => linkOf(world, message).send(message.content)
      .catch(() => world.links.find(({ name }) => name !== message.link)!.send(message.content))),
    rightly: 'tries its own link again',
    right: handed((message, world) => linkOf(world, message).send(message.content)
      .catch(() => pause(minute).then(() => linkOf(world, message).send(message.content)))),
  },
  'not delivered after it was flagged': {
    scenario: scenario([[1]], [[0, 'link drops before']]),
    wrongly: 'flags at the first failure, and tries again',
    wrong: handed(({ content }, { send }) => send(content).catch((error: unknown) => {
      void pause(minute).then(() => send(content)).catch(() => undefined)
      throw error
    })),
    rightly: 'tries again, and then flags',
    right: handed(({ content }, { send }) => send(content).catch(() => pause(minute).then(() => send(content)))),
  },
  'no second copy': {
    scenario: scenario([[1]], [[0, 'link drops after']]),
    wrongly: 'sends once more to be safe',
    wrong: handed(({ content }, { send }) => send(content).catch(() => send(content)).then(() => send(content))),
    rightly: 'sends again where it was not told', right: handed(({ content }, { send }) => send(content).catch(() => send(content))),
  },
  'in the order in which they were taken': {
    scenario: scenario([[3]], [[2, 'link drops before']]), order: 'per link', exempt: { 'links are independent': 'there is one link' },
    wrongly: 'takes what came last first',
    wrong({ send }) {
      const waiting: (() => Promise<void>)[] = []
      let isBusy = false
      const go = async () => {
        if (isBusy) return
        isBusy = true
        for (let next = waiting.pop(); next; next = waiting.pop()) await next()
        isBusy = false
      }
      return {
        take: ({ content }) => new Promise<void>((done, fail) => {
          waiting.push(() => send(content).then(done, fail))
          void go()
        }),
      }
    },
    rightly: 'takes what came first first',
    right({ send }) {
      const inTurn = senders()
      return { take: ({ content, link }) => inTurn(link, () => send(content)) }
    },
  },
  'flagged only with a reason': {
    scenario: scenario([[1], [1, 'long']], [[3, 'link refuses']]),
    wrongly: 'flags what is long',
    wrong: handed(({ content }, { send }) => { if (text(content).length > 1_000) throw new Error('too long'); return send(content) }),
    rightly: 'flags what is refused', right: handed(({ content }, { send }) => send(content)),
  },
  'not flagged when it is known to be delivered': {
    scenario: scenario([[1]], [[0, 'link is late']]),
    wrongly: 'flags what took long',
    wrong: handed(async ({ content }, { send }) => {
      const began = Date.now()
      await send(content)
      if (Date.now() - began > 2_000) throw new Error('too slow')
    }),
    rightly: 'flags what takes long, before it has an answer',
    right: handed(({ content }, { send }) =>
      Promise.race([send(content), pause(2_000).then(() => { throw new Error('too slow') })])),
  },
  'one verdict': {
    scenario: scenario([[1]], [[0, 'link refuses']]),
    wrongly: 'flags a failure for each of its causes',
    wrong: handed(({ id, content }, { send, flag, delivered }) => {
      send(content).then(() => delivered(id), (error: unknown) => { flag(id, error); flag(id, 'it failed') })
    }),
    rightly: 'flags a failure', right: handed(({ id, content }, { send, flag, delivered }) => {
      send(content).then(() => delivered(id), (error: unknown) => flag(id, error))
    }),
  },
  'one verdict, claimed': {
    scenario: scenario([[1]], [[0, 'link is late']]),
    wrongly: 'flags what is late, and claims it when it comes',
    wrong: handed(({ id, content }, { send, flag, delivered }) => {
      let isAnswered = false
      void send(content).then(() => { isAnswered = true; delivered(id) })
      void pause(2_000).then(() => { if (!isAnswered) flag(id, 'it is late') })
    }),
    rightly: 'flags what is late, and lets it come',
    right: handed(({ content }, { send }) =>
      Promise.race([send(content), pause(2_000).then(() => { throw new Error('it is late') })])),
  },
  'claimed only when it is recorded': {
    scenario: scenario([[1]]),
    wrongly: 'claims what it has handed over', wrong: handed(({ content }, { send }) => { void send(content); return Promise.resolve() }),
    rightly: 'claims what was taken', right: handed(({ content }, { send }) => send(content)),
  },
  'acknowledged only when it is settled': {
    scenario: scenario([[2]]),
    wrongly: 'acknowledges what it has fetched',
    wrong: fetching(async ({ id, content }, { acknowledge, send, delivered }) => {
      await acknowledge(id)
      await send(content)
      delivered(id)
    }),
    rightly: 'acknowledges what is on its disk',
    right: fetching(async ({ id, content }, { acknowledge, send, delivered, disk }) => {
      disk.set(id, content)
      await acknowledge(id)
      await send(content)
      disk.delete(id)
      delivered(id)
    }),
  },
}
