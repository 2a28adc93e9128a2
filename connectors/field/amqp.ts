/**
 * amqplib: a confirm channel for each link, opened again when it is gone. A broker confirms each message or refuses
 * it; what was on its way when the channel closed is flagged.
 */
import { createRequire } from 'node:module'
import type { Connector, FaultName, Link, Message, World } from '../../spec/connector.ts'
import type { Trial } from '../../spec/field-trial.ts'
import { amqpSink, type Broker, type Listen } from './amqp-sink.ts'

type Done = (error: unknown) => void
interface Emitter {
  on(event: 'error' | 'close', listener: () => void): unknown
}
export interface ConfirmChannel extends Emitter {
  publish(exchange: string, routingKey: string, content: Buffer, options: object, done?: Done): boolean
  waitForConfirms(): Promise<unknown>
}
interface Connection extends Emitter {
  createConfirmChannel(): Promise<ConfirmChannel>
  close(): Promise<void>
}
export interface Amqplib {
  connect(url: string, socket: object): Promise<Connection>
}

export const neverHappens: Readonly<Partial<Record<FaultName, string>>> = {
  'sender aborts': 'what is published cannot be taken back',
  'receiving fails': 'it is given its messages, and fetches none',
  'reporting fails': 'it reports nothing but through the promise of a message',
}

/** What every connector of this family has in common: real sockets, so little of everything. */
export const onLoopback = {
  guarantee: 'at-least-once', clock: 'real', patience: 40, links: [1, 2], workers: [1, 1], burst: 20,
  notApplicable: neverHappens,
} satisfies Partial<Connector>

/** Each domain has an exchange of its own: that of a message is what its address says. */
export const exchangeOf = ({ address }: Message) => address.split('@')[1] ?? ''
const exchanges = ['', 'far.example']
export const allAtOnce = amqpSink({ exchanges, takes: 'all at once' })
export const oneByOne = amqpSink({ exchanges, takes: 'one by one' })
const bodyOf = ({ content }: Message) => Buffer.from(JSON.stringify(content))
export const optionsOf = ({ id, kind, header, attachments }: Message) =>
  ({ messageId: id, headers: { kind, attachments, [header]: id } })

/** One channel to one broker: dialled when there is something to publish, and again when it was lost. */
class Line {
  readonly broker: Broker
  readonly #amqplib: Amqplib
  #dialled: Promise<ConfirmChannel> | null = null
  #hangUp: () => unknown = () => undefined
  #stopped = false

  constructor(amqplib: Amqplib, broker: Broker) {
    this.#amqplib = amqplib
    this.broker = broker
  }

  async channel(): Promise<ConfirmChannel> {
    if (this.#stopped) throw new Error('it has been stopped')
    return this.#dialled ??= this.#dial()
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#hangUp()
    this.broker.close()
  }

  async #dial(): Promise<ConfirmChannel> {
    try {
      const connection = await this.#amqplib.connect(this.broker.url, { noDelay: true })
      // It can only be closed once; and whatever an ‘error’ is about, a ‘close’ follows it.
      this.#hangUp = () => connection.close().catch(() => undefined)
      connection.on('error', () => undefined)
      const channel = await connection.createConfirmChannel()
      channel.on('error', () => undefined)
      channel.on('close', () => {
        this.#dialled = null
        if (!this.#stopped) this.broker.lost()
        this.#hangUp()
      })
      return channel
    } catch (error) {
      this.#dialled = null
      throw error
    }
  }
}

/** Publishes over a line. The promise is what its broker said; without one, the world is told. */
type Publish = (message: Message, line: Line, world: World) => Promise<void> | undefined

export const confirmed: Publish = async (message, line) => {
  const channel = await line.channel()
  await new Promise<void>((delivered, flagged) => {
    const exchange = line.broker.exchange(exchangeOf(message))
    channel.publish(exchange, message.address, bodyOf(message), optionsOf(message), (error) => (error ? flagged(error) : delivered()))
  })
  await line.broker.arrival(message)
}

/** How long announcements are gathered before their channel is asked after them, in milliseconds. */
const gathering = 20

/** What went over one channel with nobody waiting for it: asked after together, and flagged when the channel closes. */
class Announcements {
  readonly #channel: ConfirmChannel
  readonly #world: World
  readonly #waiting = new Set<string>()
  #timer: NodeJS.Timeout | null = null

  constructor(channel: ConfirmChannel, world: World) {
    this.#channel = channel
    this.#world = world
    channel.on('close', () => this.#flag([...this.#waiting], new Error('the channel closed')))
  }

  publish(message: Message): void {
    this.#channel.publish(exchangeOf(message), message.address, bodyOf(message), optionsOf(message))
    this.#waiting.add(message.id)
    this.#timer ??= setTimeout(() => this.#ask(), gathering)
  }

  #ask(): void {
    const asked = [...this.#waiting]
    this.#timer = null
    this.#waiting.clear()
    this.#channel.waitForConfirms().then(() => {
      for (const id of asked) this.#world.delivered(id)
    }, (error: unknown) => this.#flag(asked, error))
  }

  #flag(ids: readonly string[], error: unknown): void {
    this.#waiting.clear()
    for (const id of ids) this.#world.flag(id, error)
  }
}

/** Nobody waits for a message with a header of its own: it is an announcement. */
const announcing = (): Publish => {
  const announced = new WeakMap<ConfirmChannel, Announcements>()
  return (message, line, world) => {
    if (message.header === 'Subject') return confirmed(message, line, world)
    line.channel().then((channel) => {
      const announcements = announced.get(channel) ?? new Announcements(channel, world)
      announced.set(channel, announcements)
      announcements.publish(message)
    }).catch((error: unknown) => world.flag(message.id, error))
    return undefined
  }
}

export const publishing = (name: string, amqplib: Amqplib, publish: Publish, listen: Listen): Connector => ({
  ...onLoopback,
  name,
  async start(world) {
    const dial = async (link: Link) => [link.name, new Line(amqplib, await listen(link))] as const
    const lines = new Map(await Promise.all(world.links.map(dial)))
    return {
      take: (message) => publish(message, lines.get(message.link)!, world),
      stop: () => Promise.all([...lines.values()].map((line) => line.close())),
    }
  },
})

const require = createRequire(import.meta.url)
export const amqplib = (version: string) => require(`amqplib-${version}`) as Amqplib

/** A broker that deals with one message after another. */
const plainly = (version: string) => publishing(`amqplib ${version}`, amqplib(version), confirmed, oneByOne)

/** A broker that deals with all at once, and announcements among the messages. */
const withAnnouncements = (version: string) =>
  publishing(`amqplib ${version}, with announcements`, amqplib(version), announcing(), allAtOnce)

export const amqplib103 = plainly('1.0.3')
export const amqplib104 = plainly('1.0.4')
export const amqplib231 = plainly('2.3.1')
export const announcing104 = withAnnouncements('1.0.4')
export const announcing105 = withAnnouncements('1.0.5')
export const announcing231 = withAnnouncements('2.3.1')

export const trials: readonly Trial[] = [
  {
    row: 1, buggy: amqplib103, fixed: amqplib104, laws: ['delivered or flagged', 'honest'],
    trigger: 'a message whose routing key is over 255 bytes, then one that the broker refuses', smallest: 2,
    published: 'amqp-node/amqplib #842, #844',
  },
  {
    row: 2, buggy: announcing104, fixed: announcing105, laws: ['delivered or flagged'],
    trigger: 'in flight, a message with a callback, one without, and one with; the link drops', smallest: 4,
    published: 'amqp-node/amqplib #191, #846',
  },
]

export const mustPass: readonly Connector[] = [amqplib231, announcing231]
