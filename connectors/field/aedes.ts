/** aedes: a broker in memory, with a persistent subscriber at QoS 1 for each link that comes and goes as the link does. */
import { setMaxListeners } from 'node:events'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector, Link } from '../../spec/connector.ts'
import type { Finding, Trial } from '../../spec/field-trial.ts'
import { read, written } from './text.ts'
import { wire } from './wire.ts'

interface Packet { readonly cmd: string; readonly messageId?: number; readonly payload?: Buffer; readonly sessionPresent?: boolean }
interface Parser { on(event: 'packet', listener: (packet: Packet) => void): void; parse(bytes: Buffer): void }
interface Broker {
  handle(connection: Duplex): void
  publish(packet: Readonly<Record<string, unknown>>, published: (error?: Error | null) => void): void
}
const load = createRequire(import.meta.url)
const packets = load('mqtt-packet') as { parser(): Parser; generate(packet: Readonly<Record<string, unknown>>): Buffer }

/** `once` holds it to more than QoS 1 promises. */
const brokering = (name: string, aedes: () => Broker | Promise<Broker>, { once = false } = {}): Connector => ({
  name,
  guarantee: 'at-least-once',
  async start({ links, flag }) {
    const broker = await aedes()
    await Promise.all(links.map((link) => subscribed(link, () => {
      const [near, far] = wire()
      broker.handle(far)
      return near
    })))
    return {
      take: ({ id, content, address, link }) =>
        void broker.publish({ topic: `${link}/${address}`, payload: written(content), qos: 1 }, (error) => error && flag(id, error)),
    }
  },
  notApplicable: {
    'receiving fails': 'it is handed its messages, and fetches none',
    'reporting fails': 'it has nothing to report',
    'sender aborts': 'a message that is published cannot be called back',
    'service stops': 'its store is in memory here, and goes with it',
    'service restarts': 'its store is in memory here, and goes with it',
  },
  neverGiven: { refused: 'a subscriber of MQTT 3.1.1 cannot refuse a message: it would be sent again for ever' },
  ...(once ? {} : { exempt: { 'none twice': 'QoS 1 asks subscribers to bear copies, and it sends some while one comes back' } }),
  patience: 300_000,
})

const keepalive = 60
const redial = 1_000

/** A subscriber behind a link, there for good once its subscription is made; where it cannot take a message, it hangs up. */
function subscribed(link: Link, connect: () => Duplex): Promise<void> {
  return new Promise((made) => {
    let hangUp = () => {}
    let socket: Duplex | null = null
    const dial = () => {
      const gone = new AbortController()
      setMaxListeners(0, gone.signal)
      const connection = socket = connect()
      const say = (packet: Readonly<Record<string, unknown>>) => connection.writable && connection.write(packets.generate(packet))
      const pings = setInterval(() => state === 'up' && say({ cmd: 'pingreq' }), keepalive * 1_000)
      hangUp = () => { gone.abort(); setImmediate(() => connection.end()) }
      const parser = packets.parser()
      parser.on('packet', ({ cmd, messageId, payload, sessionPresent }) => {
        if (cmd === 'connack' && !sessionPresent) say({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${link.name}/#`, qos: 1 }] })
        else if (cmd === 'suback') made()
        else if (cmd === 'publish' && !gone.signal.aborted)
          link.offer(read(String(payload)), gone.signal)
            .then((outcome) => (outcome === 'taken' ? say({ cmd: 'puback', messageId }) : hangUp()), hangUp)
      })
      connection.on('data', (bytes: Buffer) => parser.parse(bytes)).on('error', () => {}).on('close', () => {
        gone.abort()
        clearInterval(pings)
        setTimeout(() => state === 'up' && socket === connection && dial(), redial)
      })
      say({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: false, clientId: link.name, keepalive })
    }
    let state = 'up'
    link.watch((now) => {
      state = now
      if (now === 'up') socket && !socket.destroyed ? socket.resume() : dial()
      else if (now === 'refuses') hangUp()
      else socket?.pause()
    })
  })
}

export const aedes0441 = brokering('aedes 0.44.1', load('aedes-0.44.1') as () => Broker)
export const aedes0442 = brokering('aedes 0.44.2', load('aedes-0.44.2') as () => Broker)

export const aedes0442Once = brokering('aedes 0.44.2, held to none twice', load('aedes-0.44.2') as () => Broker, { once: true })

export const trials: readonly Trial[] = [{
  row: 8, buggy: aedes0441, fixed: aedes0442, laws: ['delivered or flagged', 'nothing wedges'],
  trigger: 'forty messages while the subscriber is away: once it is back it is sent seventeen', smallest: 18,
  published: 'moscajs/aedes #583',
}]
export const mustPass: readonly Connector[] = []
/** Still so in aedes 1.2.0. */
export const current: readonly Finding[] = [{
  connector: aedes0442Once, laws: ['none twice'],
  what: 'published while a subscriber’s session is restored, a message is sent twice over one connection, under one packet id, without DUP',
}]
