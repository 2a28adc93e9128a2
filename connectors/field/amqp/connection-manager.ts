/**
 * amqp-connection-manager: a channel for each link that dials again by itself, and publishes again what was on its
 * way when the link was lost. A domain without an exchange is one that the broker closes the channel over.
 */
import { createRequire } from 'node:module'
import type { Connector, Link } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { allAtOnce, type ConfirmChannel, exchangeOf, oneByOne, onLoopback, optionsOf } from './amqplib.ts'
import type { Broker, Listen } from './broker.ts'

interface ChannelWrapper {
  on(event: 'error', listener: () => void): unknown
  publish(exchange: string, routingKey: string, content: unknown, options: object): Promise<unknown>
}
export interface Manager {
  connect(urls: readonly string[], options: object): {
    createChannel(options: object): ChannelWrapper
    close(): Promise<unknown>
  }
}

/** So soon after a connection was lost it is dialled again, in seconds. */
const reconnectTimeInSeconds = 0.01

export const managed = (name: string, { connect }: Manager, listen: Listen, more: Partial<Connector> = {}): Connector => ({
  ...onLoopback,
  ...more,
  name,
  async start({ links }) {
    let stopped = false
    const dial = async (link: Link) => {
      const broker = await listen(link)
      const connection = connect([broker.url], { reconnectTimeInSeconds, connectionOptions: { noDelay: true } })
      const setup = async (channel: ConfirmChannel) => { channel.on('close', () => { if (!stopped) broker.lost() }) }
      const channel = connection.createChannel({ json: true, setup })
      // An ‘error’ that nobody listens for would end the process.
      channel.on('error', () => undefined)
      return { name: link.name, broker, connection, channel }
    }
    const ways = await Promise.all(links.map(dial))
    return {
      async take(message) {
        // What is published on a closed channel waits there for ever: that is for its owner to know.
        if (stopped) throw new Error('it has been stopped')
        const { broker, channel } = ways.find((way) => way.name === message.link)!
        await channel.publish(broker.exchange(exchangeOf(message)), message.address, message.content, optionsOf(message))
        await broker.arrival(message)
      },
      async stop() {
        stopped = true
        // Where the connection is lost before it is closed, the promise of that is never settled: a finding about amqplib 2.3.1.
        const lost = async (broker: Broker) => {
          await broker.empty()
          await new Promise((go) => setTimeout(go, 3 * reconnectTimeInSeconds * 1_000))
        }
        await Promise.all(ways.map(({ connection, broker }) => Promise.race([connection.close(), lost(broker)])))
        for (const { broker } of ways) broker.close()
      },
    }
  },
})

const require = createRequire(import.meta.url)
export const manager = (number: string) => require(`amqp-connection-manager-${number}`) as Manager
const version = (number: string) =>
  managed(`amqp-connection-manager ${number}`, manager(number), allAtOnce)

const fits = 'its application checks that an address fits into a routing key'
/** What is withheld from versions that never settle a message whose address is too long, or one beside it where the link drops then. */
export const checked: NonNullable<Connector['neverGiven']> = { oversized: fits, deep: fits }

/** A broker that deals with one message after another, and an application that looks at addresses first. */
const orderly = (number: string) =>
  managed(`amqp-connection-manager ${number}, in order`, manager(number), oneByOne, { neverGiven: checked })

export const orderly320 = orderly('3.2.0')
export const orderly321 = orderly('3.2.1')
export const orderly500 = orderly('5.0.0')
export const manager321 = version('3.2.1')
export const manager322 = version('3.2.2')
export const manager500 = version('5.0.0')

export const trials: readonly Trial[] = [
  {
    row: 3, buggy: orderly320, fixed: orderly321, laws: ['delivered or flagged', 'none twice', 'nothing wedges'],
    trigger: 'a message to an exchange that does not exist, and two good ones', smallest: 3,
    limits: 'its broker answers one by one, for 3.2.1 still has row 4; long and deep addresses are withheld, for it may not settle all of them',
    published: 'jwalton/node-amqp-connection-manager #124',
  },
  {
    row: 4, buggy: manager321, fixed: manager322, laws: ['none twice', 'delivered or flagged'],
    trigger: 'two messages, confirmed in the other order; the link drops in between', smallest: 3,
    published: 'jwalton/node-amqp-connection-manager #142',
  },
]

export const current: readonly Finding[] = [
  {
    connector: manager500, laws: ['delivered or flagged'], page: 'amqp-connection-manager-5.0.0',
    imports: { 'amqp-connection-manager': 'amqp-connection-manager-5.0.0' },
    what: 'with a listener for ‘error’, the promise of a message whose routing key is over 255 bytes never settles',
  },
]

/** With addresses checked, nothing is left to find. */
export const mustPass: readonly Connector[] = [orderly500]
