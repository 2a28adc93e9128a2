/**
 * A subscriber of MQTT 3.1.1: for each link a client of mqtt.js with a persistent session, which sends on what comes, and acknowledges it
 * when that is done. MQTT has no way to give a message back: what cannot be sent is tried again, and flagged after some tries.
 *
 * At QoS 1 a broker sends again what is not acknowledged when a connection is lost, so this one keeps a book of what it has sent. At QoS 2
 * it needs none: it has each message on its disk before it says that it has received it, and until it has sent it.
 */
import { createRequire } from 'node:module'
import { connect as dialPort } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Connector, outcomeOf, type World } from '../../../spec/connector.ts'
import { FaultProxy } from '../../adapters/fault-proxy.ts'
import type { Connection } from '../../adapters/proxied-connection.ts'
import { acknowledgementOf, BrokeredSource } from '../brokered-source.ts'
import { answeredOnce, diesWhole, reportsNothing, writesNothing } from '../never.ts'
import { type Fields, type Packet, packets } from './packets.ts'

/** A broker behind a subscriber. */
export interface MqttBroker {
  dial(): Duplex
  /** What becomes of it when the service is stopped, within so many milliseconds; when it dies; and when all is over. */
  stop(within: number): Promise<void>
  kill(): Promise<void>
  end(): Promise<void>
}

type Done = (error?: Error | null) => void
interface Client {
  on(event: 'error', listener: () => void): void
  handleMessage(packet: { readonly payload: Buffer }, done: Done): void
  subscribe(topic: string, options: { readonly qos: 1 | 2 }, subscribed: Done): void
  publish(topic: string, payload: string, options: { readonly qos: 1 | 2 }, published: Done): void
  end(force: boolean): void
}
interface Mqtt { Client: new (dial: () => Duplex, options: Readonly<Record<string, unknown>>) => Client }
const { Client } = createRequire(import.meta.url)('mqtt-5.16.0') as Mqtt

const version = { protocolVersion: 4 } as const
const settings = { ...version, clean: false, reconnectPeriod: 10 }
const tries = 5
/** Milliseconds after which what could not be sent is tried again. */
const backOff = 20

export const subscribing = (
  name: string, qos: 1 | 2, broker: (world: World) => Promise<MqttBroker>, more: Partial<Connector> = {},
): Connector => ({
  name,
  guarantee: 'at-least-once',
  clock: 'real',
  patience: 1_200,
  recovery: 500,
  links: [1, 2],
  workers: [1, 1],
  burst: 20,
  async start(world) {
    const { links, disk, send, delivered, flag } = world
    const at = await broker(world)
    const publisher = new Client(() => at.dial(), { ...settings, clean: true, clientId: 'publisher' })
    publisher.on('error', () => undefined)
    const source = new BrokeredSource(world, {
      put: ({ id, link, content }) => new Promise<void>((go, fail) =>
        publisher.publish(`${link}/all`, JSON.stringify({ id, content }), { qos }, (error) => (error ? fail(error) : go()))),
      fails: () => way.drop(),
    })
    const way = await wayTo(at, source)
    const inHand = new Map<string, Promise<void>>()
    const isDone = (id: string) => qos === 1 && disk.has(`${id} is in the book`)
    const done = (id: string) => { if (qos === 1) disk.set(`${id} is in the book`, true) }
    const handle = async (id: string, content: unknown) => {
      for (let tried = 1; !isDone(id); tried++)
        try {
          await send(content)
          done(id)
          return delivered(id)
        } catch (error) {
          if (outcomeOf(error) === 'refused for good' || tried === tries) {
            done(id)
            return flag(id, error)
          }
          await new Promise((go) => setTimeout(go, backOff))
        }
    }
    const clients = await Promise.all(links.map(async ({ name: link }) => {
      const store = qos === 2 ? { incomingStore: storeOn(disk, link) } : {}
      const client = new Client(() => dialPort(way.port, '127.0.0.1'), { ...settings, clientId: link, ...store })
      client.on('error', () => undefined)
      let comes: () => void = () => undefined
      const came = new Promise<void>((go) => { comes = go })
      client.handleMessage = ({ payload }, handled) => {
        comes()
        const { id, content } = JSON.parse(payload.toString()) as { readonly id: string; readonly content: unknown }
        // Sent again while it is in hand, it is in hand still.
        const handling = inHand.get(id) ?? handle(id, content).finally(() => inHand.delete(id))
        inHand.set(id, handling)
        void handling.then(() => {
          if (qos === 1) source.expects(acknowledgementOf(id))
          handled()
        }, handled)
      }
      const subscribed = new Promise<void>((go, fail) => client.subscribe(`${link}/#`, { qos }, (error) => (error ? fail(error) : go())))
      // Of a session that goes on, what waited comes before the answer does: and that is read once the message is dealt with.
      await Promise.race([subscribed, came])
      return client
    }))
    source.begin()
    const leave = async () => {
      for (const client of [...clients, publisher]) client.end(true)
      await way.close()
    }
    return {
      async stop(within) {
        await Promise.race([Promise.all(inHand.values()), new Promise((go) => setTimeout(go, within / 8))])
        await source.stop()
        await leave()
        await at.stop(within / 2)
      },
      async die() {
        await at.kill()
        await leave()
      },
      async end() {
        await leave()
        await at.end()
      },
    }
  },
  ...more,
  notApplicable: {
    ...reportsNothing, ...diesWhole, ...writesNothing, ...answeredOnce,
    ...(qos === 1 ? { 'acknowledgement is lost': 'nobody answers a PUBACK' } : {}),
    'sender aborts': 'what is published cannot be called back',
    ...more.notApplicable,
  },
})

/** One connection: its far side, what the subscriber says, and the messages that it was sent, by their packet identifiers. */
interface Way {
  readonly far: Duplex
  readonly heard: (bytes: Buffer) => readonly Packet[]
  readonly ids: ReadonlyMap<number, string>
}

/**
 * The way to a broker on which what a subscriber acknowledges is acknowledged at the source first. Where that fails, the connection is
 * lost: a broker sends nothing again over one that stays.
 */
async function wayTo(
  broker: MqttBroker, source: BrokeredSource,
): Promise<{ readonly port: number; drop(): void; close(): Promise<void> }> {
  const ways = new Map<Connection, Way>()
  const proxy = await FaultProxy.listening({
    dial(connection) {
      const far = broker.dial()
      const ids = new Map<number, string>()
      const said = reading()
      far.on('data', (bytes: Buffer) => {
        for (const { cmd, messageId, payload } of said(bytes)) {
          if (cmd === 'pubrel') source.comes(releaseOf(ids.get(messageId ?? 0) ?? ''))
          if (cmd !== 'publish') continue
          const { id } = JSON.parse(String(payload)) as { readonly id: string }
          ids.set(messageId ?? 0, id)
          source.comes(id)
        }
      })
      ways.set(connection, { far, heard: reading(), ids })
      connection.gone.addEventListener('abort', () => ways.delete(connection))
      return far
    },
    async passes(bytes, connection) {
      const way = ways.get(connection)
      if (!way) return false
      for (const packet of way.heard(bytes)) {
        const id = packet.cmd === 'puback' || packet.cmd === 'pubrec' ? way.ids.get(packet.messageId ?? 0) : undefined
        const outcome = id === undefined ? null : await source.acknowledge(id)
        if (packet.cmd === 'pubrec' && id !== undefined) source.expects(releaseOf(id))
        if (outcome === 'not heard') connection.reset()
        if (way.far.destroyed || outcome === 'not heard') return false
        way.far.write(packets.generate(packet as unknown as Fields, version))
        if (id !== undefined) source.settled(id)
        if (outcome === 'heard, and the answer is lost') connection.cut()
      }
      return false
    },
  })
  return {
    port: proxy.port,
    drop: () => proxy.drop(),
    close: () => proxy.close(),
  }
}

const releaseOf = (id: string) => `the release of ${id}`

/** Where a client keeps what it has received and not dealt with: here, on a disk that outlives it. */
function storeOn(disk: World['disk'], link: string) {
  const keyOf = ({ messageId }: Packet) => `received over ${link}, ${messageId}`
  const found = (packet: Packet) => {
    const payload = disk.get(keyOf(packet))
    return typeof payload === 'string' ? { ...packet, cmd: 'publish', topic: `${link}/all`, qos: 2, payload: Buffer.from(payload) } : null
  }
  const missing = () => new Error('it has no such packet')
  return {
    put(packet: Packet, stored: () => void) {
      disk.set(keyOf(packet), String(packet.payload))
      stored()
    },
    get(packet: Packet, got: (error: Error | null, packet?: object) => void) {
      const kept = found(packet)
      if (kept) got(null, kept)
      else got(missing())
    },
    del(packet: Packet, gone: (error?: Error | null) => void) {
      gone(disk.delete(keyOf(packet)) ? null : missing())
    },
    close(closed: () => void) { closed() },
  }
}

/** Packets as they become whole. */
function reading(): (bytes: Buffer) => readonly Packet[] {
  const parser = packets.parser(version)
  let whole: Packet[] = []
  parser.on('packet', (packet) => whole.push(packet))
  return (bytes) => {
    whole = []
    parser.parse(bytes)
    return whole
  }
}
