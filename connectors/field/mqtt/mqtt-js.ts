/** mqtt.js: for each link a client that publishes at QoS 1 under MQTT 5, and is called back for each message. */
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { broker } from './broker.ts'
import { carriesUtf8, diesWhole, fetchesNone, writesNothing } from '../never.ts'
import { written } from '../text.ts'

type Acknowledged = (error?: Error | null) => void
interface Client {
  on(event: 'error', listener: (error: Error) => void): void
  publish(topic: string, payload: string, options: { readonly qos: 1 }, acknowledged: Acknowledged): void
  end(force: boolean): void
}
interface Mqtt { Client: new (dial: () => Duplex, options: Readonly<Record<string, unknown>>) => Client }

/** How it is shut down: `given up`, what is not acknowledged being flagged; or `ended`, which waits for that. */
type Shutdown = 'given up' | 'ended'

const publishing = (name: string, mqtt: Mqtt, shutdown: Shutdown = 'given up'): Connector => ({
  name,
  guarantee: 'at-least-once',
  start({ links, flag, delivered, report }) {
    const unsettled = new Set<string>()
    const givenUp = new Set<string>()
    const clients = new Map(links.map((link) => {
      const client = new mqtt.Client(broker(link), { protocolVersion: 5, clientId: 'sender', clean: false })
      client.on('error', report)
      return [link.name, client]
    }))
    return {
      take({ id, content, address, link }) {
        unsettled.add(id)
        clients.get(link)!.publish(address, written(content), { qos: 1 }, (error) => {
          unsettled.delete(id)
          if (givenUp.has(id)) return
          if (error) flag(id, error)
          else delivered(id)
        })
      },
      stop() {
        for (const client of clients.values()) client.end(shutdown === 'given up')
        if (shutdown === 'ended') return
        for (const id of unsettled) {
          givenUp.add(id)
          flag(id, 'not acknowledged when the client was closed')
        }
        unsettled.clear()
      },
    }
  },
  notApplicable: {
    ...fetchesNone,
    ...diesWhole,
    ...writesNothing,
    'reporting fails': 'a listener for errors that throws ends the process, here as with any emitter',
    'sender aborts': 'a message that is published cannot be called back',
  },
  neverGiven: carriesUtf8,
  patience: 300_000,
  // A client has 65,535 packet identifiers. Of messages beyond, all in flight at once, mqtt.js says nothing.
  burst: 20_000,
})

const load = createRequire(import.meta.url) as (name: string) => Mqtt

export const mqtt438 = publishing('mqtt.js 4.3.8', load('mqtt-4.3.8'))
export const mqtt500 = publishing('mqtt.js 5.0.0', load('mqtt-5.0.0'))
export const mqtt5160 = publishing('mqtt.js 5.16.0', load('mqtt-5.16.0'))
export const mqtt5160Ended =
  publishing('mqtt.js 5.16.0, ended with messages in flight', load('mqtt-5.16.0'), 'ended')

export const trials: readonly Trial[] = [{
  row: 9, buggy: mqtt438, fixed: mqtt500, laws: ['honest'],
  trigger: 'the broker acknowledges a message with an error reason', smallest: 1,
  published: 'mqttjs/MQTT.js #1635',
}]
export const mustPass: readonly Connector[] = [mqtt5160]
export const current: readonly Finding[] = [{
  connector: mqtt5160Ended, laws: ['delivered or flagged'],
  page: 'mqtt-5.16.0', imports: { mqtt: 'mqtt-5.16.0', 'mqtt-packet': 'mqtt-packet' },
  what: 'ended while its connection is not up, or before that is lost, it calls back for no message in flight, nor for `end()`',
}]
