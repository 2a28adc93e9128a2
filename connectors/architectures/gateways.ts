/** §1: right gateways, each built another way. */
import { attachmentLimit } from '../../spec/components/gateway.ts'
import type { Connector, Envelope, Message } from '../../spec/connector.ts'
import { noop, pause, tries, until } from '../corpus/sending.ts'

const held = {
  guarantee: 'at-least-once', component: 'gateway', carries: ['attachments'], links: [1, 1], workers: [1, 1], burst: 1_000,
} as const satisfies Partial<Connector>

/** What goes on of a message: all of it, or, where it has more attachments than a store takes, its text and a notice. */
const fitting = ({ content, attachments }: Pick<Message, 'content' | 'attachments'>): readonly [content: unknown, envelope: Envelope] =>
  (attachments <= attachmentLimit || typeof content !== 'string' ? [content, { attachments }]
    : [`${content}\n(${attachments} attachments were removed)`, { attachments: 0 }])

/** Nothing waits: each message is passed on as it comes, and tried again by itself. */
export const streamingGateway: Connector = {
  ...held, name: 'a gateway that streams',
  start: ({ send }) => ({ take: (message) => tries(() => send(...fitting(message))) }),
}

/** Fetches what waits at its source, one after another, and acknowledges each when it is done with it. */
export const fetchingGateway: Connector = {
  ...held, name: 'a gateway that fetches',
  start(world) {
    const done = new Set<string>()
    const handle = async (message: Message) => {
      const { id } = message
      const sent = () => tries(() => world.send(...fitting(message)))
      if (!done.has(id)) await sent().then(() => world.delivered(id), (error) => world.flag(id, error))
      done.add(id)
      await world.acknowledge(id).catch(noop)
    }
    const run = async () => {
      for (;;) {
        const messages = await world.receive(10).catch(() => [])
        for (const message of messages) await handle(message)
        if (messages.length === 0) await pause(5_000)
      }
    }
    void run()
    return {}
  },
}

interface Row {
  readonly content: unknown
  readonly attachments: number
}

/** Writes a message to its storage before anything else, and forgets it there before it says what has become of it. */
export const storingGateway: Connector = {
  ...held, name: 'a gateway with a store on disk',
  async start({ storage, send, delivered, flag }) {
    const inHand = new Set<string>()
    const pass = async (id: string, row: Row) => {
      const verdict = await tries(() => send(...fitting(row))).then(() => () => delivered(id), (error) => () => flag(id, error))
      await until(() => storage.remove(id))
      inHand.delete(id)
      verdict()
    }
    for (const id of await until(() => storage.keys())) {
      const row = (await until(() => storage.read(id))) as Row | undefined
      // Cut off in the middle of a write, a row may hold nothing: who sent the message has it still.
      if (!row) continue
      inHand.add(id)
      void pass(id, row)
    }
    return {
      take({ id, content, attachments }) {
        if (inHand.has(id)) return
        inHand.add(id)
        void until(() => storage.write(id, { content, attachments })).then(() => pass(id, { content, attachments }))
      },
    }
  },
}
