/**
 * A consumer of NATS JetStream: each link has a durable consumer of its own, which pulls what is in the stream for it and sends it on.
 * What cannot be sent is given back, to be given out again a little later; after some tries it is flagged, and done with.
 */
import { AckPolicy, jetstream, jetstreamManager, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream'
import { connect, nanos } from '@nats-io/transport-node'
import { type Connector, outcomeOf } from '../../../spec/connector.ts'
import type { Finding } from '../../../spec/evidence/field-trial.ts'
import { privateFolder, removeFolder } from '../../adapters/keeper.ts'
import { acknowledgementOf, BrokeredSource } from '../brokered-source.ts'
import { answeredOnce, diesWhole, reportsNothing, writesNothing } from '../never.ts'
import { missing, natsServer, version } from './server.ts'

export const unreachable = async (): Promise<string | null> => missing()

const stream = 'unwedge'
/** Milliseconds after which a message is given out again that is not acknowledged, and that a confirmation of that is waited for. */
const ackWait = 500
const confirmation = 300
const tries = 5
/** Milliseconds after which what could not be sent is tried again. */
const backOff = 20

interface Manner {
  /** Whether it keeps a book of what it has sent, on a disk of its own, and sends nothing twice that is in there. */
  readonly remembers?: boolean
  /** Whether it takes for granted that its consumer is there, and pulls again as soon as it is connected again; or asks first. */
  readonly bind?: boolean
}

const consuming = (name: string, { remembers = true, bind = true }: Manner = {}, more: Partial<Connector> = {}): Connector => ({
  name,
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

    const client = await connect({ port: server.port, maxReconnectAttempts: -1, reconnectTimeWait: 10, reconnectJitter: 0 })
    const inHand = new Map<number, Promise<void>>()
    const handle = async (message: JsMsg) => {
      const { id, content } = message.json<{ readonly id: string; readonly content: unknown }>()
      ids.set(message.seq, id)
      source.comes(id)
      if (!disk.has(`${id} is in the book`)) {
        try {
          await send(content)
          delivered(id)
        } catch (error) {
          if (outcomeOf(error) !== 'refused for good' && message.info.deliveryCount < tries) {
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
    const consume = async (messages: ConsumerMessages) => {
      for await (const message of messages) {
        // Given out again while it is in hand, it is in hand still.
        if (inHand.has(message.seq)) continue
        inHand.set(message.seq, handle(message).finally(() => inHand.delete(message.seq)))
      }
    }
    const consumers = await Promise.all(links.map(async ({ name: link }) => {
      const consumer = await jetstream(client).consumers.get(stream, tokenOf(link))
      const messages = await consumer.consume({ max_messages: 20, bind })
      void consume(messages)
      return messages
    }))
    source.begin()
    return {
      async stop(within) {
        for (const messages of consumers) messages.stop()
        await Promise.race([Promise.all(inHand.values()), new Promise((go) => setTimeout(go, within / 8))])
        await source.stop()
        await client.close()
        await server.stop(within / 2)
      },
      async die() {
        await server.kill()
        await client.close()
      },
      async end() {
        await client.close()
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

const called = `@nats-io/jetstream 3.3.1 and NATS ${version}`

export const jetStream331 = consuming(`${called}, with a book of what it has sent`)
/** It sends again what it is given again. */
export const jetStream331Plain = consuming(called, { remembers: false }, {
  notApplicable: { 'receiving fails': 'where a connection is lost, what was acknowledged over it may be given out again: it expects that' },
})
export const jetStream331Asking = consuming(`${called}, asking after its consumer`, { bind: false })

export const mustPass: readonly Connector[] = [jetStream331]
const imports = { '@nats-io/jetstream': '@nats-io/jetstream', '@nats-io/transport-node': '@nats-io/transport-node' }
export const current: readonly Finding[] = [{
  connector: jetStream331Plain, laws: ['none twice'], page: 'nats-server-2.9.10-ack', imports,
  what: 'what JetStream confirmed as acknowledged is given out again when the server was killed just then',
}, {
  connector: jetStream331Asking, laws: ['delivered or flagged', 'nothing wedges', 'links are independent'],
  page: 'nats-jetstream-3.3.1-reconnect', imports,
  what: 'cut off twice in a row, `consume()` pulls nothing for half a minute, though it is connected',
}]
