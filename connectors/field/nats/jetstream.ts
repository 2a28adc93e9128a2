/** @nats-io/jetstream, the client of today: `consume()` pulls by itself, before it has handled all that it has. */
import { jetstream, type ConsumerMessages } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { Connector } from '../../../spec/connector.ts'
import type { Finding } from '../../../spec/evidence/field-trial.ts'
import { batch, type Connect, consuming, stream } from './consumer.ts'
import { missing } from './server.ts'

export const unreachable = async (): Promise<string | null> => missing()

/**
 * Milliseconds that the client waits until it is connected. One that is cut off before the PONG hears nothing of it: `dial` of nats-core
 * waits for that answer or for the time, 20 seconds unless told otherwise, and dials again only then.
 */
const handshake = 300

export const connected = (port: number) =>
  connect({ port, maxReconnectAttempts: -1, reconnectTimeWait: 10, reconnectJitter: 0, timeout: handshake })

/** `bind`: whether it takes for granted that its consumer is there, and pulls again as soon as it is connected again; or asks first. */
const consumes = (bind: boolean): Connect => async (port, consumers, comes) => {
  const client = await connected(port)
  const heed = async (messages: ConsumerMessages) => {
    for await (const message of messages) {
      const { seq, data, info: { deliveryCount: times } } = message
      comes({ seq, data, times, nak: (milliseconds) => message.nak(milliseconds), ackAck: (options) => message.ackAck(options) })
    }
  }
  const all = await Promise.all(consumers.map(async (name) => {
    const messages = await (await jetstream(client).consumers.get(stream, name)).consume({ max_messages: batch, bind })
    void heed(messages)
    return messages
  }))
  return {
    stop() { for (const messages of all) messages.stop() },
    close: () => client.close(),
  }
}

export const jetStream331 = consuming('@nats-io/jetstream 3.3.1', consumes(true))
/** It sends again what it is given again. */
export const jetStream331Plain = consuming('@nats-io/jetstream 3.3.1', consumes(true), {
  remembers: false,
  notApplicable: { 'receiving fails': 'where a connection is lost, what was acknowledged over it may be given out again: it expects that' },
})
const asking = consuming('@nats-io/jetstream 3.3.1', consumes(false))
export const jetStream331Asking = { ...asking, name: asking.name.replace('with a book of what it has sent', 'asking after its consumer') }

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
