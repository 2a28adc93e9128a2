/**
 * The same connectors in front of a real RabbitMQ, where it can be reached: what its broker has confirmed is delivered
 * once a consumer at the far side has it.
 */
import { createRequire } from 'node:module'
import type { Connector, FaultName, Link } from '../../../spec/connector.ts'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { amqplib, confirmed, neverHappens, publishing } from './amqplib.ts'
import { checked, managed, manager } from './connection-manager.ts'
import type { Broker } from './broker.ts'

const url = process.env['UNWEDGE_RABBITMQ'] ?? 'amqp://guest:guest@127.0.0.1:5672'

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
const consuming = createRequire(import.meta.url)('amqplib-2.3.1') as Consuming

/** Why the trials against a real broker are skipped; null when it is there. */
export async function unreachable(): Promise<string | null> {
  try {
    await (await consuming.connect(url, { timeout: 1_000 })).close()
    return null
  } catch (error) {
    return `no RabbitMQ at ${new URL(url).host}: ${error instanceof Error ? error.message : String(error)}`
  }
}

let brokers = 0

/** A virtual far side for each link: exchanges and queues of its own, which go when their consumer goes. */
async function rabbit(link: Link): Promise<Broker> {
  const prefix = `unwedge.${process.pid}.${++brokers}`
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
  const arrivals = new Arrivals()
  await channel.consume(read.queue, (delivery) => {
    if (!delivery) return
    void link.offer(JSON.parse(delivery.content.toString())).then((outcome) => {
      if (outcome !== 'taken') return channel.nack(delivery, false, outcome === 'refused for now')
      channel.ack(delivery)
      arrivals.of(delivery.properties.messageId).come()
    })
  })
  return {
    url,
    exchange: (name) => `${prefix}.${name}`,
    arrival: ({ id }) => arrivals.of(id).came,
    lost: () => link.hangUp('the channel is closed'),
    empty: () => new Promise(() => undefined),
    close: () => connection.close(),
  }
}

interface Arrival {
  readonly came: Promise<void>
  readonly come: () => void
}

/** Who waits for a message may ask before it comes, or after. */
class Arrivals {
  readonly #all = new Map<string, Arrival>()

  of(id: string): Arrival {
    let come = () => {}
    const arrival = this.#all.get(id) ?? { came: new Promise<void>((go) => { come = go }), come: () => come() }
    this.#all.set(id, arrival)
    return arrival
  }
}

const real = 'the broker is a real one, and so is the way to it: neither does as it is told'
const together = 'its far side would stop with it, and what the broker still held be lost with both'
const notApplicable: Readonly<Partial<Record<FaultName, string>>> = {
  ...neverHappens, 'link refuses': real, 'link hangs': real, 'link drops before': real, 'link drops after': real,
  'link is late': real, 'link heals': real, 'service stops': together, 'service restarts': together,
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

const limits = 'nothing is done to the link, for broker and way are real; busy, the broker may not answer in time, and not so again'

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
    published: 'jwalton/node-amqp-connection-manager #124', limits: `long and deep addresses are withheld, for 3.2.1 ends over them; ${limits}`,
  },
]

export const mustPass: readonly Connector[] = [rabbit231]
