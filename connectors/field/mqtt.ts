/** mqtt.js: for each link a client that publishes at QoS 1 under MQTT 5, and hears of each message by a callback. */
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector, Link } from '../../spec/connector.ts'
import type { Trial } from '../../spec/field-trial.ts'
import { broker } from './mqtt-sink.ts'
import { written } from './text.ts'

type Acknowledged = (error?: Error | null) => void
interface Client {
  on(event: 'error', listener: (error: Error) => void): void
  publish(topic: string, payload: string, options: { readonly qos: 1 }, acknowledged: Acknowledged): void
  end(): void
}
interface Mqtt { Client: new (dial: () => Duplex, options: Readonly<Record<string, unknown>>) => Client }

const publishing = (name: string, mqtt: Mqtt): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ links, flag, delivered, report }) {
    const clients = new Map(links.map((link: Link) => {
      const client = new mqtt.Client(broker(link), { protocolVersion: 5, clientId: 'sender', clean: false })
      client.on('error', report)
      return [link.name, client]
    }))
    return {
      take({ id, content, address, link }) {
        clients.get(link)!.publish(address, written(content), { qos: 1 }, (error) => (error ? flag(id, error) : delivered(id)))
      },
      stop() {
        for (const client of clients.values()) client.end()
      },
    }
  },
  notApplicable: {
    'receiving fails': 'it is handed its messages, and fetches none',
    'sender aborts': 'a message that is published cannot be called back',
  },
  patience: 300_000,
})

const load = createRequire(import.meta.url) as (name: string) => Mqtt

export const mqtt438 = publishing('mqtt.js 4.3.8', load('mqtt-4.3.8'))
export const mqtt500 = publishing('mqtt.js 5.0.0', load('mqtt-5.0.0'))
export const mqtt5160 = publishing('mqtt.js 5.16.0', load('mqtt-5.16.0'))

export const trials: readonly Trial[] = [{
  row: 9, buggy: mqtt438, fixed: mqtt500, laws: ['honest'],
  trigger: 'the broker acknowledges a message with an error reason', smallest: 1,
  published: 'mqttjs/MQTT.js #1635',
}]
export const mustPass: readonly Connector[] = [mqtt5160]
