/** aedes: a broker in memory, and for each link a persistent subscriber at QoS 1 that comes and goes with it. */
import { setMaxListeners } from 'node:events'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector, Link, LinkState } from '../../spec/connector.ts'
import type { Finding, Trial } from '../../spec/field-trial.ts'
import { type Fields, type Packet, packets } from './mqtt-packets.ts'
import { diesWhole, fetchesNone, reportsNothing } from './never.ts'
import { read, written } from './text.ts'
import { wire } from './wire.ts'

interface Broker {
  handle(connection: Duplex): void
  publish(packet: Fields, published: (error?: Error | null) => void): void
}

/** `once` holds it to more than QoS 1 promises. */
const brokering = (name: string, aedes: () => Broker, { once = false } = {}): Connector => ({
  name,
  guarantee: 'at-least-once',
  async start({ links, flag }) {
    const broker = aedes()
    const connect = () => {
      const [near, far] = wire()
      broker.handle(far)
      return near
    }
    await Promise.all(links.map((link) => new Subscriber(link, connect).subscribed))
    return {
      take({ id, content, address, link }) {
        const packet = { topic: `${link}/${address}`, payload: written(content), qos: 1 }
        broker.publish(packet, (error) => error && flag(id, error))
      },
    }
  },
  notApplicable: {
    ...fetchesNone,
    ...reportsNothing,
    ...diesWhole,
    'sender aborts': 'a message that is published cannot be called back',
    'service stops': 'its store is in memory here, and goes with it',
    'service restarts': 'its store is in memory here, and goes with it',
    'service dies': 'its store is in memory here, and dies with it',
  },
  neverGiven: { refused: 'a subscriber of MQTT 3.1.1 cannot refuse a message: it would be sent again for ever' },
  ...(once ? {} : { exempt: { 'none twice': 'QoS 1 lets it: while a subscriber comes back, some are sent twice' } }),
  patience: 300_000,
})

const version = { protocolVersion: 4 } as const
const keepalive = 60
const redial = 1_000

/** A subscriber behind a link, once and for all; where it cannot take a message, it hangs up. */
class Subscriber {
  readonly subscribed: Promise<void>
  readonly #link: Link
  readonly #connect: () => Duplex
  #made = () => {}
  #hangUp = () => {}
  #socket: Duplex | null = null
  #state: LinkState = 'up'

  constructor(link: Link, connect: () => Duplex) {
    this.#link = link
    this.#connect = connect
    this.subscribed = new Promise((made) => { this.#made = made })
    link.watch((now) => this.#change(now))
  }

  #change(now: LinkState): void {
    this.#state = now
    if (now === 'refuses') this.#hangUp()
    else if (now === 'hangs') this.#socket?.pause()
    else if (this.#socket && !this.#socket.destroyed) this.#socket.resume()
    else this.#dial()
  }

  #dial(): void {
    const socket = this.#connect()
    const say = (packet: Fields) => {
      if (socket.writable && this.#state !== 'hangs') socket.write(packets.generate(packet, version))
    }
    const gone = new AbortController()
    setMaxListeners(0, gone.signal)
    const pings = setInterval(() => say({ cmd: 'pingreq' }), keepalive * 1_000)
    this.#socket = socket
    this.#hangUp = () => {
      gone.abort()
      setImmediate(() => socket.end())
    }
    const parser = packets.parser(version)
    parser.on('packet', (packet) => this.#hear(packet, say, gone.signal))
    socket.on('data', (bytes: Buffer) => parser.parse(bytes))
    socket.on('error', () => gone.abort())
    socket.on('close', () => {
      gone.abort()
      clearInterval(pings)
      setTimeout(() => this.#state === 'up' && this.#socket === socket && this.#dial(), redial)
    })
    const greet = () => say({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: false, clientId: this.#link.name, keepalive })
    this.#step('CONNECT', gone.signal, greet)
  }

  /** Whatever it says may be the moment at which its link fails. */
  #step(name: string, gone: AbortSignal, then: () => void): void {
    this.#link.step(name, gone).then((outcome) => {
      if (outcome === 'taken') then()
      else if (!gone.aborted) this.#hangUp()
    }, () => this.#hangUp())
  }

  #hear(packet: Packet, say: (packet: Fields) => void, gone: AbortSignal): void {
    const { cmd, messageId, payload, sessionPresent } = packet
    const subscribe = () => say({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${this.#link.name}/#`, qos: 1 }] })
    if (cmd === 'connack' && !sessionPresent) this.#step('SUBSCRIBE', gone, subscribe)
    else if (cmd === 'suback') this.#made()
    else if (cmd === 'publish' && !gone.aborted)
      this.#link.offer(read(String(payload)), gone).then((outcome) => {
        if (outcome.startsWith('taken')) say({ cmd: 'puback', messageId })
        if (outcome === 'taken, said twice') say({ cmd: 'puback', messageId })
        if (!outcome.startsWith('taken') && !gone.aborted) this.#hangUp()
      }, () => this.#hangUp())
  }
}

const load = createRequire(import.meta.url) as (name: string) => () => Broker

export const aedes0441 = brokering('aedes 0.44.1', load('aedes-0.44.1'))
export const aedes0442 = brokering('aedes 0.44.2', load('aedes-0.44.2'))
export const aedes0442Once = brokering('aedes 0.44.2, held to none twice', load('aedes-0.44.2'), { once: true })

export const trials: readonly Trial[] = [{
  row: 8, buggy: aedes0441, fixed: aedes0442, laws: ['delivered or flagged', 'nothing wedges'],
  trigger: 'eighteen messages while the subscriber is away: once it is back it is sent seventeen', smallest: 19,
  published: 'moscajs/aedes #583',
}]
export const mustPass: readonly Connector[] = []
/** Still so in aedes 1.2.0. */
export const current: readonly Finding[] = [{
  connector: aedes0442Once, laws: ['none twice'],
  what: 'published while a subscriber comes back, a message is sent twice over one connection, with one packet id and no DUP',
}]
