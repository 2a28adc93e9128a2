/**
 * amqplib: a confirm channel for each link, opened again when it is gone. A broker confirms each message or refuses
 * it; what was on its way when the channel closed is flagged.
 */
import { createRequire } from 'node:module'
import type { Connector, FaultName, Link, Message, World } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { diesWhole, fetchesNone, hasSockets, reportsNothing, writesNothing } from '../never.ts'
import { amqpSink, type Broker, type Listen } from './broker.ts'

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
  ...fetchesNone,
  ...reportsNothing,
  ...diesWhole,
  ...writesNothing,
  ...hasSockets,
  'sender aborts': 'what is published cannot be taken back',
  'link answers twice': 'a broker confirms each message once, and never again: that is its word',
}

/** What every connector of this family has in common: real sockets, so little of everything. */
export const onLoopback = {
  guarantee: 'at-least-once', clock: 'real', patience: 40, links: [1, 2], workers: [1, 1], burst: 20,
  notApplicable: neverHappens,
} satisfies Partial<Connector>

/** Each domain has an exchange of its own: that of a message is what its address says. */
export const exchangeOf = ({ address }: Message) => address.split('@')[1] ?? ''
const exchanges = ['', 'far.example']
const records = 'records'
export const allAtOnce = amqpSink({ exchanges, kept: records, takes: 'all at once' })
export const oneByOne = amqpSink({ exchanges, kept: records, takes: 'one by one' })
export const bodyOf = ({ content }: Message) => Buffer.from(JSON.stringify(content))
export const optionsOf = ({ id, kind, header, attachments }: Message) =>
  ({ messageId: id, headers: { kind, attachments, [header]: id } })

/** How long closing a line takes: until the connection says that it is closed, or until its `close()` is settled. */
type Until = 'it is closed' | 'close() is settled'

/** One channel to one broker: dialled when there is something to publish, and again when it was lost. */
class Line {
  readonly broker: Broker
  readonly #amqplib: Amqplib
  readonly #until: Until
  #dialled: Promise<ConfirmChannel> | null = null
  #hangUp: () => unknown = () => undefined
  #stopped = false

  constructor(amqplib: Amqplib, broker: Broker, until: Until) {
    this.#amqplib = amqplib
    this.broker = broker
    this.#until = until
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
      const lost = new Promise<void>((go) => connection.on('close', () => { if (this.#until === 'it is closed') go() }))
      this.#hangUp = () => Promise.race([connection.close().catch(() => undefined), lost])
      connection.on('error', () => undefined)
      const channel = await connection.createConfirmChannel()
      if (this.#stopped) throw new Error('it was stopped while it dialled')
      channel.on('error', () => undefined)
      channel.on('close', () => {
        this.#dialled = null
        if (!this.#stopped) this.broker.lost()
        this.#hangUp()
      })
      return channel
    } catch (error) {
      this.#hangUp()
      this.#dialled = null
      throw error
    }
  }
}

/** Publishes over a line. The promise is what its broker said; without one, the world is told. */
export type Publish = (message: Message, line: Line, world: World) => Promise<void> | undefined

export const confirmed: Publish = async (message, line) => {
  const channel = await line.channel()
  await new Promise<void>((delivered, flagged) => {
    const exchange = line.broker.exchange(exchangeOf(message))
    channel.publish(exchange, message.address, bodyOf(message), optionsOf(message), (error) => (error ? flagged(error) : delivered()))
  })
  await line.broker.arrival(message)
}

/** Behind each message goes a record of it, for the books: without a callback, for nobody waits for it. */
const recorded: Publish = (message, line, world) => {
  const word = confirmed(message, line, world)
  line.channel().then((channel) => channel.publish(records, message.id, bodyOf(message), {})).catch(() => undefined)
  return word
}

export const publishing = (
  name: string, amqplib: Amqplib, publish: Publish, listen: Listen, until: Until = 'it is closed',
): Connector => ({
  ...onLoopback,
  name,
  async start(world) {
    const dial = async (link: Link) => {
      const line = new Line(amqplib, await listen(link), until)
      // It dials ahead; where that fails, it dials again for the next message.
      line.channel().catch(() => undefined)
      return [link.name, line] as const
    }
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

/** A broker that deals with all at once. */
const withRecords = (version: string) =>
  publishing(`amqplib ${version}, with records`, amqplib(version), recorded, allAtOnce)

export const amqplib103 = plainly('1.0.3')
export const amqplib104 = plainly('1.0.4')
export const amqplib231 = plainly('2.3.1')
export const recording104 = withRecords('1.0.4')
export const recording105 = withRecords('1.0.5')
export const recording231 = withRecords('2.3.1')
/** Its `stop` waits for what it calls. */
export const closing231 =
  publishing('amqplib 2.3.1, stopped when it is closed', amqplib('2.3.1'), confirmed, allAtOnce, 'close() is settled')

export const trials: readonly Trial[] = [
  {
    row: 1, buggy: amqplib103, fixed: amqplib104, laws: ['delivered or flagged', 'honest'],
    trigger: 'a message whose routing key is over 255 bytes, then any', smallest: 2, limits: 'its broker answers one by one',
    published: 'amqp-node/amqplib #842, #844',
  },
  {
    row: 2, buggy: recording104, fixed: recording105, laws: ['delivered or flagged'],
    trigger: 'in flight, a message with a callback, one without, and one with; the link drops', smallest: 4,
    published: 'amqp-node/amqplib #191, #846',
  },
]

export const mustPass: readonly Connector[] = [amqplib231, recording231]

export const current: readonly Finding[] = [
  {
    connector: closing231, laws: ['nothing wedges', 'honest', 'delivered or flagged'], page: 'amqplib-2.3.1-close',
    imports: { amqplib: 'amqplib-2.3.1' },
    what: 'the promise of `close()` is never settled when the connection is lost before the broker has answered it',
  },
]
