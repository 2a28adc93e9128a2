/**
 * A connector whose source is streams of Redis, one for each link, with a group of consumers on each: what it has in common, whoever reads
 * them. Redis gives each entry to one of a group, and has it pending until it is acknowledged.
 */
import { type Connector, outcomeOf, type World } from '../../../spec/connector.ts'
import { privateFolder, removeFolder } from '../../adapters/keeper.ts'
import { acknowledgementOf, BrokeredSource } from '../brokered-source.ts'
import { answeredOnce, diesWhole, reportsNothing, writesNothing } from '../never.ts'
import type { Command } from './commands.ts'
import type { Acknowledgement } from './gate.ts'
import { type Keeps, redisServer } from './server.ts'

export const group = 'connector'
const tries = 5

/** What a consumer is started with. */
export interface Site {
  /** Where the server is, by way of what is done to its connections. */
  readonly port: number
  readonly streams: readonly string[]
  /** Sends a message on, unless that has been done. Afterwards it is to be acknowledged; rejects where it is to be given out again. */
  readonly handle: (entry: string) => Promise<void>
}

export interface Consumer {
  /** Takes no more, and is done with what it has in hand, within so many milliseconds. */
  stop(within: number): Promise<unknown>
  /** Its process has ended. */
  die(): unknown
}

interface Manner {
  /** Whether it keeps a book of what it has sent, on a disk of its own, and sends nothing twice that is in there. */
  readonly remembers?: boolean
  readonly keeps?: Keeps
}

export const consuming = (
  name: string, start: (site: Site, world: World) => Promise<Consumer>,
  { remembers = true, keeps = 'each write' }: Manner = {}, more: Partial<Connector> = {},
): Connector => ({
  name,
  guarantee: 'at-least-once',
  clock: 'real',
  patience: 1_200,
  recovery: 1_000,
  links: [1, 2],
  workers: [1, 1],
  burst: 20,
  async start(world) {
    const { links, disk } = world
    const folder = (disk.get('folder') as string | undefined) ?? privateFolder()
    disk.set('folder', folder)
    const put = entriesIn(folder)
    const idOf = (entry: string) => put.get(entry) ?? ''
    const server = await redisServer(folder, keeps, {
      meaningOf: entriesDoneWith,
      acknowledge: (entry) => source.acknowledge(idOf(entry)),
      settled: (entry) => source.settled(idOf(entry)),
    }, world)
    for (const { name: link } of links)
      await server.direct.xgroup('CREATE', streamOf(link), group, '0', 'MKSTREAM').catch((error: Error) => {
        if (!error.message.startsWith('BUSYGROUP')) throw error
      })
    const source = new BrokeredSource(world, {
      async put({ id, link, content }) {
        const entry = `${put.size + 1}-1`
        put.set(`${streamOf(link)} ${entry}`, id)
        await server.direct.xadd(streamOf(link), entry, 'payload', JSON.stringify({ id, content }))
      },
      fails: () => server.drop(),
    })
    const consumer = await start({
      port: server.port, streams: links.map(({ name: link }) => streamOf(link)), handle: handling(world, source, remembers),
    }, world)
    source.begin()
    return {
      async stop(within) {
        await consumer.stop(within / 8)
        await source.stop()
        consumer.die()
        await server.stop(within / 2)
      },
      async die() {
        await server.kill()
        consumer.die()
      },
      async end() {
        consumer.die()
        await server.kill()
        removeFolder(folder)
        all.delete(folder)
      },
    }
  },
  ...more,
  notApplicable: {
    ...reportsNothing, ...diesWhole, ...writesNothing, ...answeredOnce,
    'sender aborts': 'what is in the stream cannot be called back',
    ...more.notApplicable,
  },
})

/** Keys, and names of consumers, have no spaces. */
const streamOf = (link: string) => link.replace(' ', '-')

/** By stream and entry, the messages that were put into the streams of a server, however often it was started. */
const all = new Map<string, Map<string, string>>()
function entriesIn(folder: string): Map<string, string> {
  const entries = all.get(folder) ?? new Map<string, string>()
  all.set(folder, entries)
  return entries
}

/** What XACK says; an entry is called by its stream and its number there. */
function entriesDoneWith({ words: [name = '', stream = '', of = '', ...numbers] }: Command): Acknowledgement | null {
  if (name.toLowerCase() !== 'xack') return null
  const numberOf = (entry: string) => entry.slice(stream.length + 1)
  return {
    messages: numbers.map((number) => `${stream} ${number}`),
    repeat: (direct, entries) => direct.xack(stream, of, ...entries.map(numberOf)),
    isUnderWay: async (direct, entry) => (await direct.xpending(stream, of, numberOf(entry), numberOf(entry), 1)).length > 0,
  }
}

/** Deals with a message that came from a broker, as JSON with its id: fulfilled, it may be acknowledged; rejected, it is to come again. */
export function handling(
  { disk, send, delivered, flag }: World, source: BrokeredSource, remembers: boolean,
): (entry: string) => Promise<void> {
  const inHand = new Map<string, Promise<void>>()
  const tried = new Map<string, number>()
  const handle = async (id: string, content: unknown) => {
    if (!disk.has(`${id} is in the book`)) {
      try {
        await send(content)
        delivered(id)
      } catch (error) {
        tried.set(id, (tried.get(id) ?? 0) + 1)
        if (outcomeOf(error) !== 'refused for good' && tried.get(id)! < tries) throw error
        flag(id, error)
      }
      if (remembers) disk.set(`${id} is in the book`, true)
    }
    source.expects(acknowledgementOf(id))
  }
  return (entry) => {
    const { id, content } = JSON.parse(entry) as { readonly id: string; readonly content: unknown }
    source.comes(id)
    // Given out again while it is in hand, it is in hand still.
    const handled = inHand.get(id) ?? handle(id, content).finally(() => inHand.delete(id))
    inHand.set(id, handled)
    return handled
  }
}
