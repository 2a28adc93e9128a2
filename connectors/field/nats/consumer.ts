/**
 * A consumer of NATS JetStream: each link has a durable consumer of its own, from which a client takes what is in the stream for it and
 * sends it on. What cannot be sent is given back, to be given out again a little later; after some tries it is flagged, and done with.
 */
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import { privateFolder, removeFolder } from '../../adapters/keeper.ts'
import { acknowledgementOf, BrokeredSource } from '../brokered-source.ts'
import { answeredOnce, diesWhole, reportsNothing, writesNothing } from '../never.ts'
import { natsServer, version } from './server.ts'

export const stream = 'unwedge'
/** Milliseconds after which a message is given out again that is not acknowledged, and that a confirmation of that is waited for. */
const ackWait = 500
const confirmation = 300
const tries = 5
/** Milliseconds after which what could not be sent is tried again. */
const backOff = 20
/** How many messages are in hand for a link at the most. */
export const batch = 20

/** A message as a client has it. */
export interface Given {
  /** Its number in the stream, and how often it was given out. */
  readonly seq: number
  readonly times: number
  readonly data: Uint8Array
  nak(milliseconds: number): void
  /** Acknowledges it, and has that confirmed. */
  ackAck(options: { readonly timeout: number }): Promise<unknown>
}

/** A client that takes what is in the stream for some consumers. */
export interface Client {
  /** Takes no more. */
  stop(): void
  close(): Promise<unknown>
}
export type Connect = (port: number, consumers: readonly string[], comes: (given: Given) => void) => Promise<Client>

/** `remembers`: whether it keeps a book of what it has sent, on a disk of its own, and sends nothing twice that is in there. */
interface Manner extends Partial<Connector> {
  readonly remembers?: boolean
}

export const consuming = (client: string, connect: Connect, { remembers = true, ...more }: Manner = {}): Connector => ({
  name: `${client} and NATS ${version}${remembers ? ', with a book of what it has sent' : ''}`,
  guarantee: 'at-least-once',
  clock: 'real',
  patience: 2_000,
  recovery: 1_000,
  links: [1, 2],
  workers: [1, 1],
  burst: 20,
  async start(world) {
    const { links, disk, send, delivered, flag } = world
    const folder = (disk.get('folder') as string | undefined) ?? privateFolder()
    disk.set('folder', folder)
    /** By their numbers in the stream, those that have come: only these are acknowledged. */
    const ids = new Map<number, string>()
    const server = await natsServer(folder, {
      acknowledge: (sequence) => source.acknowledge(ids.get(sequence)!),
      settled: (sequence) => source.settled(ids.get(sequence)!),
    }, world)
    const manager = await jetstreamManager(server.direct)
    await manager.streams.add({ name: stream, subjects: [`${stream}.>`] })
    for (const { name: link } of links)
      await manager.consumers.add(stream, {
        durable_name: tokenOf(link), filter_subject: `${stream}.${tokenOf(link)}`, ack_policy: AckPolicy.Explicit, ack_wait: nanos(ackWait),
      })
    const producer = jetstream(server.direct)
    const source = new BrokeredSource(world, {
      put: ({ id, link, content }) =>
        producer.publish(`${stream}.${tokenOf(link)}`, JSON.stringify({ id, content }), { msgID: id }),
      fails: () => server.drop(),
    })

    const inHand = new Map<number, Promise<void>>()
    const handle = async (message: Given) => {
      const { id, content } = JSON.parse(Buffer.from(message.data).toString()) as { readonly id: string; readonly content: unknown }
      ids.set(message.seq, id)
      source.comes(id)
      if (!disk.has(`${id} is in the book`)) {
        try {
          await send(content)
          delivered(id)
        } catch (error) {
          if (outcomeOf(error) !== 'refused for good' && message.times < tries) {
            source.expects(id)
            return message.nak(backOff)
          }
          flag(id, error)
        }
        if (remembers) disk.set(`${id} is in the book`, true)
      }
      source.expects(acknowledgementOf(id))
      // Where it is not confirmed, the message comes again, or has been heard of.
      await message.ackAck({ timeout: confirmation }).catch(() => undefined)
    }
    const consumer = await connect(server.port, links.map(({ name: link }) => tokenOf(link)), (message) => {
      // Given out again while it is in hand, it is in hand still.
      if (!inHand.has(message.seq)) inHand.set(message.seq, handle(message).finally(() => inHand.delete(message.seq)))
    })
    source.begin()
    return {
      async stop(within) {
        consumer.stop()
        await Promise.race([Promise.all(inHand.values()), new Promise((go) => setTimeout(go, within / 8))])
        await source.stop()
        await consumer.close()
        await server.stop(within / 2)
      },
      async die() {
        await server.kill()
        await consumer.close()
      },
      async end() {
        await consumer.close()
        await server.kill()
        removeFolder(folder)
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

/** Subjects and names have no spaces. */
const tokenOf = (link: string) => link.replace(' ', '-')
