/**
 * The same connectors in front of a real RabbitMQ, where it can be reached, through a proxy: what its broker has confirmed is confirmed
 * once a consumer at the far side has it, and the faults of a link strike on the wire.
 */
import { createRequire } from 'node:module'
import { connect as dial } from 'node:net'
import type { Connector, FaultName, Link } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { FaultProxy } from '../../adapters/fault-proxy.ts'
import { Lease } from '../../adapters/lease.ts'
import { amqplib, confirmed, neverHappens, publishing } from './amqplib.ts'
import { confirmsOf, type Published } from './confirms.ts'
import { checked, managed, manager } from './connection-manager.ts'
import type { Broker } from './broker.ts'

const url = process.env['UNWEDGE_RABBITMQ'] ?? 'amqp://guest:guest@127.0.0.1:5672'
const address = new URL(url)
const port = Number(address.port || 5672)

interface Delivery {
  readonly content: Buffer
  readonly properties: { readonly messageId: string }
}
interface Channel {
  assertExchange(name: string, type: string, options: object): Promise<unknown>
  assertQueue(name: string, options: object): Promise<{ readonly queue: string }>
  bindQueue(queue: string, exchange: string, pattern: string, fields?: object): Promise<unknown>
  consume(queue: string, take: (delivery: Delivery | null) => void): Promise<unknown>
  ack(delivery: Delivery): void
  nack(delivery: Delivery, upTo: boolean, requeue: boolean): void
}
interface Consuming {
  connect(url: string, socket: object): Promise<{
    on(event: 'error', listener: () => void): unknown
    createChannel(): Promise<Channel>
    close(): Promise<void>
  }>
}
const load = createRequire(import.meta.url)
const consuming = load('amqplib-2.3.1') as Consuming

/** Why the trials against a real broker are skipped; null when it is there. */
export async function unreachable(): Promise<string | null> {
  try {
    await (await consuming.connect(url, { timeout: 1_000 })).close()
    return null
  } catch (error) {
    return `no RabbitMQ at ${address.host}: ${error instanceof Error ? error.message : String(error)}`
  }
}

let brokers = 0
const lease = new Lease()

/** An exchange goes with the last queue that is bound to it: not one to which none was bound as yet. */
const removal = (count: number) => `
const { connect } = require(${JSON.stringify(load.resolve('amqplib-2.3.1'))})
const all = async () => {
  const channel = await (await connect(${JSON.stringify(url)}, { timeout: 5_000 })).createChannel()
  for (let broker = 1; broker <= ${count}; broker++)
    for (const name of ${JSON.stringify(exchanges)}) await channel.deleteExchange('${lease.name}.' + broker + name)
}
all().then(() => process.exit(), () => process.exit(1))
`
const exchanges = ['.else', '.far.example']

/** Milliseconds after which a message is given out again that the far side was too busy for. */
const backOff = 10

/**
 * A virtual far side for each link: exchanges and queues of its own, which go when their consumer goes. A client comes to the broker
 * through a proxy, and hears a confirm when the far side has the message.
 */
async function rabbit(link: Link): Promise<Broker> {
  const prefix = `${lease.name}.${++brokers}`
  lease.isRemovedBy(removal(brokers))
  const connection = await consuming.connect(url, { noDelay: true })
  connection.on('error', () => undefined)
  const channel = await connection.createChannel()
  const far = `${prefix}.far.example`
  const passing = { durable: false, autoDelete: true }
  // What is refused comes to a queue that has no room, and is not confirmed; all else to one that is read.
  await channel.assertExchange(`${prefix}.else`, 'fanout', passing)
  await channel.assertExchange(far, 'headers', { ...passing, alternateExchange: `${prefix}.else` })
  const full = await channel.assertQueue('', { exclusive: true, arguments: { 'x-max-length': 0, 'x-overflow': 'reject-publish' } })
  const read = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(full.queue, far, '', { kind: 'refused' })
  await channel.bindQueue(read.queue, `${prefix}.else`, '')
  /** Of each message, those that were published over a connection that is there, and have not come: in their order. */
  const onTheirWay = new Map<string, Published[]>()
  const forget = (id: string, published: Published) =>
    onTheirWay.set(id, (onTheirWay.get(id) ?? []).filter((each) => each !== published))
  const publishes = (id: string, published: Published) => {
    onTheirWay.set(id, [...onTheirWay.get(id) ?? [], published])
    published.gone.addEventListener('abort', () => {
      forget(id, published)
      published.decide('dropped before')
    }, { once: true })
  }
  const comes = async (delivery: Delivery) => {
    const { messageId } = delivery.properties
    const published = onTheirWay.get(messageId)?.[0]
    // It is lost with its connection.
    if (!published) return channel.ack(delivery)
    const outcome = await link.offer(JSON.parse(delivery.content.toString()), published.gone)
    if (outcome === 'refused for now' && proxy.way !== 'refusing') {
      await new Promise((go) => setTimeout(go, backOff))
      return channel.nack(delivery, false, true)
    }
    forget(messageId, published)
    published.decide(outcome)
    channel.ack(delivery)
  }
  await channel.consume(read.queue, (delivery) => { if (delivery) void comes(delivery).catch(() => undefined) })
  const proxy = await FaultProxy.listening({
    dial: (client) => confirmsOf(dial(port, address.hostname).setNoDelay(true), client, {
      publishes,
      closes: () => link.hangUp('the broker closes the channel'),
    }),
    // Whatever was not confirmed by then is lost with it: also of a message to which nothing else happened.
    seen({ fault, connection: number }) {
      if (number > 0 && fault !== 'frozen') link.hangUp(`connection ${number}: ${fault}`)
    },
  })
  link.watch((now) => {
    if (now === 'refuses') proxy.refuse()
    else if (now === 'hangs') void proxy.freeze()
    else void proxy.open()
  })
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = `${proxy.port}`
  return {
    url: through.href,
    exchange: (name) => `${prefix}.${name}`,
    async arrival() {},
    lost() {},
    empty: () => new Promise(() => undefined),
    close: () => Promise.all([proxy.close(), connection.close()]),
  }
}

const together = 'its far side would stop with it, and what the broker still held be lost with both'
const notApplicable: Readonly<Partial<Record<FaultName, string>>> = {
  ...neverHappens, 'service stops': together, 'service restarts': together,
}
/** On a busy machine it takes three quarters of a second to open a connection. */
const reached: Partial<Connector> = { patience: 900, links: [1, 1], notApplicable }

const plainly = (version: string): Connector =>
  ({ ...publishing(`amqplib ${version} and RabbitMQ`, amqplib(version), confirmed, rabbit), ...reached })
const again = (version: string): Connector =>
  managed(`amqp-connection-manager ${version} and RabbitMQ`, manager(version), rabbit, reached)

export const rabbit103 = plainly('1.0.3')
export const rabbit104 = plainly('1.0.4')
export const rabbit231 = plainly('2.3.1')
export const rabbit320 = { ...again('3.2.0'), neverGiven: checked }
export const rabbit321 = { ...again('3.2.1'), neverGiven: checked }
export const rabbit322 = again('3.2.2')

const limits = 'busy, the broker may not answer in time, and not so again'

/** To be tried only where `unreachable` says null. */
export const trials: readonly Trial[] = [
  {
    row: 1, buggy: rabbit103, fixed: rabbit104, laws: ['delivered or flagged', 'honest'],
    trigger: 'a message whose routing key is over 255 bytes, then one that the broker refuses', smallest: 2,
    published: 'amqp-node/amqplib #842, #844', limits,
  },
  {
    row: 3, buggy: rabbit320, fixed: rabbit321, laws: ['delivered or flagged', 'none twice', 'nothing wedges'],
    trigger: 'a message to an exchange that does not exist, and two good ones', smallest: 3,
    published: 'jwalton/node-amqp-connection-manager #124',
    limits: `long and deep addresses are withheld, for where the link drops beside one 3.2.1 does not settle all; ${limits}`,
  },
]

export const mustPass: readonly Connector[] = [rabbit231]
