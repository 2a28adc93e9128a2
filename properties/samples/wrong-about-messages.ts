/** Connectors that are wrong about one kind of message each: what the generator must catch. */
import type { MessageKind } from '../../spec/connector.ts'
import { failing, minding, never, pause, type Wrong } from './wrong-connectors.ts'

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
  twin: {
    about: 'takes two of equal content for one', law: 'honest',
    start({ send }) {
      const sent = new Map<unknown, Promise<void>>()
      return {
        take: ({ content }) => {
          if (!sent.has(content)) sent.set(content, send(content))
          return sent.get(content)
        },
      }
    },
  },
  'control characters': {
    about: 'writes every end of a line as one', law: 'honest',
    start: ({ links }) => ({
      take: ({ content, link }) => links.find(({ name }) => name === link)!
        .send(typeof content === 'string' ? content.replaceAll(/\r\n?/g, '\n') : content),
    }),
  },
  'long other script': {
    about: 'reads UTF-8 chunk by chunk', law: 'honest',
    start({ links }) {
      const chunked = (text: string) => {
        const bytes = Buffer.from(text)
        const chunks = Array.from({ length: Math.ceil(bytes.length / 16_384) }, (_, i) => bytes.subarray(i * 16_384, (i + 1) * 16_384))
        return chunks.map((chunk) => chunk.toString()).join('')
      }
      return {
        take: ({ content, link }) => links.find(({ name }) => name === link)!
          .send(typeof content === 'string' && content.length > 16_384 ? chunked(content) : content),
      }
    },
  },
  'lone surrogate': {
    about: 'writes UTF-8 and does not look whether it can', law: 'honest',
    start: ({ links }) => ({
      take: ({ content, link }) => links.find(({ name }) => name === link)!
        .send(typeof content === 'string' && content.length < 1_000 ? Buffer.from(content).toString() : content),
    }),
  },
}
