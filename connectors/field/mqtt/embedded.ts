/** The same subscribers in front of aedes, which is embedded: its store is in memory, and outlives them. It needs no server. */
import type { Duplex } from 'node:stream'
import type { Connector, World } from '../../../spec/connector.ts'
import type { Finding } from '../../../spec/evidence/field-trial.ts'
import { wire } from '../wire.ts'
import { type MqttBroker, subscribing } from './subscriber.ts'

interface Aedes {
  handle(connection: Duplex): void
  close(closed: () => void): void
}
const { Aedes } = (await import('aedes-1.2.0')) as unknown as { Aedes: { createBroker(): Promise<Aedes> } }

async function embedded({ disk }: World): Promise<MqttBroker> {
  const aedes = (disk.get('broker') as Aedes | undefined) ?? await Aedes.createBroker()
  disk.set('broker', aedes)
  return {
    dial() {
      const [near, far] = wire()
      aedes.handle(far)
      return near
    },
    async stop() {},
    async kill() {},
    end: () => new Promise((closed) => aedes.close(closed)),
  }
}

export const aedesQos1 = subscribing('mqtt.js 5.16.0 subscribed to aedes 1.2.0, QoS 1', 1, embedded)
export const aedesQos2 = subscribing('mqtt.js 5.16.0 subscribed to aedes 1.2.0, QoS 2', 2, embedded)

export const mustPass: readonly Connector[] = [aedesQos1]
export const current: readonly Finding[] = [{
  connector: aedesQos2, laws: ['none twice', 'delivered or flagged', 'nothing wedges'], page: 'aedes-1.2.0-qos2',
  imports: { aedes: 'aedes-1.2.0', 'mqtt-packet': 'mqtt-packet' },
  what: 'of two messages in flight at QoS 2, the first is never released, or the second is sent again after its exchange was complete',
}]
