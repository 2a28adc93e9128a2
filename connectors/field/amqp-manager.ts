/**
 * amqp-connection-manager: a channel for each link that dials again by itself, and publishes again what was on its
 * way when the link was lost. A domain without an exchange is one that the broker closes the channel over.
 */
import { createRequire } from 'node:module'
import type { Connector, Link } from '../../spec/connector.ts'
import type { Finding, Trial } from '../../spec/field-trial.ts'
import { exchangeOf, exchanges, onLoopback, optionsOf } from './amqp.ts'
import { amqpSink, type SinkOptions } from './amqp-sink.ts'

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

const managed = (name: string, { connect }: Manager, takes: SinkOptions['takes'], more: Partial<Connector> = {}): Connector => ({
  ...onLoopback,
  ...more,
  name,
  async start({ links }) {
    const dial = async (link: Link) => {
      const sink = await amqpSink(link, { exchanges, takes })
      const connection = connect([sink.url], { reconnectTimeInSeconds, connectionOptions: { noDelay: true } })
      const channel = connection.createChannel({ json: true })
      // An ‘error’ that nobody listens for would end the process.
      channel.on('error', () => undefined)
      return { name: link.name, sink, connection, channel }
    }
    const ways = await Promise.all(links.map(dial))
    let stopped = false
    return {
      take(message) {
        // What is published on a closed channel waits there for ever: that is for its owner to know.
        if (stopped) throw new Error('it has been stopped')
        const { channel } = ways.find((way) => way.name === message.link)!
        return channel.publish(exchangeOf(message), message.address, message.content, optionsOf(message))
      },
      async stop() {
        stopped = true
        await Promise.all(ways.map(({ connection }) => connection.close()))
        for (const { sink } of ways) sink.close()
      },
    }
  },
})

const load = createRequire(import.meta.url) as (name: string) => Manager
const version = (number: string) =>
  managed(`amqp-connection-manager ${number}`, load(`amqp-connection-manager-${number}`), 'all at once')

const checked = 'its application checks that an address fits into a routing key'

/** A broker that deals with one message after another, and an application that looks at addresses first. */
const orderly = (number: string) =>
  managed(`amqp-connection-manager ${number}, in order`, load(`amqp-connection-manager-${number}`), 'one by one',
    { neverGiven: { oversized: checked, deep: checked } })

export const orderly320 = orderly('3.2.0')
export const orderly321 = orderly('3.2.1')
export const orderly500 = orderly('5.0.0')
export const manager321 = version('3.2.1')
export const manager322 = version('3.2.2')
export const manager500 = version('5.0.0')

export const trials: readonly Trial[] = [
  {
    row: 3, buggy: orderly320, fixed: orderly321, laws: ['delivered or flagged', 'none twice'],
    trigger: 'a message to an exchange that does not exist, and two good ones', smallest: 3,
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
    connector: manager500, laws: ['delivered or flagged'],
    what: 'with a listener for ‘error’, the promise of a message whose routing key is over 255 bytes never settles',
  },
]
