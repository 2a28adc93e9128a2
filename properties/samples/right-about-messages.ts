/** Connectors that are right about one kind of message each, where those of `wrong-about-messages.ts` are wrong. */
import { type Message, type MessageKind, outcomeOf, type World } from '../../spec/connector.ts'
import { handed, linkOf } from '../verdict/judge-pair.ts'
import { minding, pause, type Right } from './wrong-connectors.ts'

const refuse = (why: string): never => { throw new Error(why) }
const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + depthOf(Object.values(value)[0]) : 0)

/** Sends text as what it becomes on its way, and the rest as it is. */
const through = (way: (text: string) => string) => handed((message: Message, world: World) =>
  linkOf(world, message).send(typeof message.content === 'string' ? way(message.content) : message.content))

/** Reads UTF-8 chunk by chunk, and keeps what a chunk ends in the midst of. */
function chunked(text: string): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const bytes = Buffer.from(text)
  let read = ''
  for (let at = 0; at < bytes.length; at += 16_384) read += decoder.decode(bytes.subarray(at, at + 16_384), { stream: true })
  return read + decoder.decode()
}

export const rightAboutMessages: Readonly<Record<MessageKind, Right>> = {
  plain: {
    about: 'sends every third ten seconds later',
    start: handed(async ({ id, content }, { send }) => { if (Number(id.slice(1)) % 3 === 0) await pause(10_000); return send(content) }),
  },
  'new header': {
    about: 'has room for three names, and lets the oldest go',
    start({ send }) {
      const names = new Set<string>()
      return {
        take({ header, content }) {
          names.add(header)
          for (const oldest of names) if (names.size > 3) names.delete(oldest)
          return send(content)
        },
      }
    },
  },
  'other script': { about: 'writes UTF-8', start: through((text) => Buffer.from(text).toString()) },
  lines: {
    about: 'puts a dot before a dot, and takes it away again',
    start: through((text) => text.replaceAll(/^\./gm, '..').replaceAll(/^\.\./gm, '.')),
  },
  'control characters': { about: 'writes JSON', start: through((text) => String(JSON.parse(JSON.stringify(text)))) },
  long: {
    about: 'cuts at 64 KiB, and puts it together again',
    start: through((text) => text.match(/[\s\S]{1,65536}/g)?.join('') ?? ''),
  },
  'long other script': { about: 'reads UTF-8 chunk by chunk, and keeps what a chunk ends in', start: through(chunked) },
  'lone surrogate': {
    about: 'looks whether it can write UTF-8', start: minding(({ content }) => /m\d+: half/.test(String(content)), () => refuse('not well-formed')),
  },
  list: { about: 'sends a list as one', start: through((text) => text) },
  empty: { about: 'sends what is empty', start: handed(({ content }, { send }) => send(content)) },
  deep: { about: 'flags what is nested too deep', start: minding(({ content }) => depthOf(content) > 100, () => refuse('too deep')) },
  oversized: { about: 'flags what has a long address', start: minding(({ address }) => address.length > 255, () => refuse('too long')) },
  'bad address': {
    about: 'flags what has no address', start: minding(({ address }) => !address.includes('@'), () => refuse('no address')),
  },
  'no such destination': {
    about: 'flags what goes nowhere', start: minding(({ address }) => address.endsWith('@nowhere.example'), () => refuse('no such domain')),
  },
  'wrong type': {
    about: 'flags what is no text', start: minding(({ content }) => typeof content === 'object', () => refuse('no text')),
  },
  'many attachments': { about: 'flags the 1,025th attachment', start: minding(({ attachments }) => attachments > 1_024, () => refuse('too many')) },
  refused: {
    about: 'tries again what is not refused for good',
    start: handed(async ({ content }, { send }) => {
      for (;;)
        try {
          return await send(content)
        } catch (error) {
          if (outcomeOf(error) !== 'refused for now') throw error
          await pause(60_000)
        }
    }),
  },
  busy: {
    about: 'tries three times what is refused for now',
    start: handed(({ content }, { send }) => send(content).catch(() => pause(60_000).then(() => send(content)))
      .catch(() => pause(60_000).then(() => send(content)))),
  },
  twin: {
    about: 'takes two of one id for one',
    start({ send }) {
      const sent = new Map<string, Promise<void>>()
      return {
        take({ id, content }) {
          const done = sent.get(id) ?? send(content)
          sent.set(id, done)
          return done
        },
      }
    },
  },
}
