/** aedes: a broker in memory, and for each link a persistent subscriber at QoS 1 that comes and goes with it. */
import { setMaxListeners } from 'node:events'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Connector, Link, LinkState, Outcome } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { type Fields, type Packet, packets } from './packets.ts'
import { carriesUtf8, diesWhole, fetchesNone, reportsNothing, writesNothing } from '../never.ts'
import { read, written } from '../text.ts'
import { wire } from '../wire.ts'

interface Published { readonly topic: string; readonly payload: string | Buffer }
interface Broker {
  /** A subscriber has acknowledged a packet; undefined for one that it has acknowledged before. */
  on(event: 'ack', listener: (packet: Published | undefined) => void): void
  handle(connection: Duplex): void
  publish(packet: Fields, published: (error?: Error | null) => void): void
}

/** Past some 4,000 messages that wait for a subscriber its emitter overflows the stack: a finding of its own. */
const most = 2_000

/** QoS 1 is ‘at least once’; but for subscribers that heed the DUP flag of a second copy, it is once. */
const brokering = (name: string, aedes: () => Broker | Promise<Broker>, { heed = false, burst = most } = {}): Connector => ({
  name,
  guarantee: heed ? 'exactly-once' : 'at-least-once',
  async start({ links, flag, delivered }) {
    const broker = await aedes()
    /** Messages that no subscriber has acknowledged yet, by what they carry and where to. */
    const waiting = new Map<string, string>()
    const keyOf = ({ topic, payload }: Published) => `${topic} ${String(payload)}`
    broker.on('ack', (packet) => {
      const id = packet && waiting.get(keyOf(packet))
      if (id !== undefined && waiting.delete(keyOf(packet!))) delivered(id)
    })
    const connect = () => {
      const [near, far] = wire()
      broker.handle(far)
      return near
    }
    await Promise.all(links.map((link) => new Subscriber(link, connect, heed).subscribed))
    return {
      take({ id, content, address, link }) {
        const packet = { topic: `${link}/${address}`, payload: written(content), qos: 1 }
        waiting.set(keyOf(packet), id)
        broker.publish(packet, (error) => error && flag(id, error))
      },
    }
  },
  notApplicable: {
    ...fetchesNone,
    ...reportsNothing,
    ...diesWhole,
    ...writesNothing,
    'sender aborts': 'a message that is published cannot be called back',
    'service stops': 'its store is in memory here, and goes with it',
    'service restarts': 'its store is in memory here, and goes with it',
    'service dies': 'its store is in memory here, and dies with it',
  },
  neverGiven: { ...carriesUtf8, refused: 'a subscriber of MQTT 3.1.1 cannot refuse a message: it would be sent again for ever' },
  ...(heed ? {} : { exempt: { 'none twice': 'QoS 1 lets it: while a subscriber comes back, some are sent twice' } }),
  patience: 300_000,
  burst,
})

const version = { protocolVersion: 4 } as const
const keepalive = 60

/** A subscriber behind a link, once and for all; where it cannot take a message, it hangs up. */
class Subscriber {
  readonly subscribed: Promise<void>
  readonly #link: Link
  readonly #connect: () => Duplex
  readonly #heed: boolean
  /** What came under each packet identifier last. */
  readonly #came = new Map<number, { readonly text: string; readonly outcome: Promise<Outcome> }>()
  #made = () => {}
  #hangUp = () => {}
  #socket: Duplex | null = null
  #state: LinkState = 'up'

  constructor(link: Link, connect: () => Duplex, heed: boolean) {
    this.#link = link
    this.#connect = connect
    this.#heed = heed
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
      setImmediate(() => this.#state === 'up' && this.#socket === socket && this.#dial())
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
    const { cmd, messageId, sessionPresent } = packet
    const subscribe = () => say({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${this.#link.name}/#`, qos: 1 }] })
    if (cmd === 'connack' && !sessionPresent) this.#step('SUBSCRIBE', gone, subscribe)
    else if (cmd === 'suback') this.#made()
    else if (cmd === 'publish' && !gone.aborted)
      this.#take(packet, gone).then((outcome) => {
        if (outcome.startsWith('taken')) say({ cmd: 'puback', messageId })
        if (outcome === 'taken, said twice') say({ cmd: 'puback', messageId })
        if (outcome.startsWith('taken') || gone.aborted) return
        if (outcome.startsWith('refused')) this.#link.hangUp('it has no other way to refuse')
        this.#hangUp()
      }, () => this.#hangUp())
  }

  /** Whoever heeds the DUP flag does not take what it marks, and has come through before. */
  async #take({ messageId = 0, payload, dup }: Packet, gone: AbortSignal): Promise<Outcome> {
    const text = String(payload)
    const before = this.#heed && dup ? this.#came.get(messageId) : undefined
    if (before?.text === text && hasCome(await before.outcome)) return 'taken'
    const outcome = this.#link.offer(read(text), gone)
    this.#came.set(messageId, { text, outcome })
    return outcome
  }
}

const { Aedes } = (await import('aedes-1.2.0')) as unknown as { Aedes: { createBroker(): Promise<Broker> } }
const hasCome = (outcome: Outcome) => outcome.startsWith('taken') || outcome === 'dropped after'

const load = createRequire(import.meta.url) as (name: string) => () => Broker

export const aedes0441 = brokering('aedes 0.44.1', load('aedes-0.44.1'))
export const aedes0442 = brokering('aedes 0.44.2', load('aedes-0.44.2'))
export const aedes120 = brokering('aedes 1.2.0', () => Aedes.createBroker())
export const aedes120Crowded =
  brokering('aedes 1.2.0, with a backlog of thousands', () => Aedes.createBroker(), { burst: 5_000 })
export const aedes120Heeded = brokering('aedes 1.2.0, to those who heed DUP', () => Aedes.createBroker(), { heed: true })

export const trials: readonly Trial[] = [{
  row: 8, buggy: aedes0441, fixed: aedes0442, laws: ['delivered or flagged', 'nothing wedges'],
  trigger: 'eighteen messages while the subscriber is away: once it is back it is sent seventeen', smallest: 19,
  limits: 'at most 2,000 messages at once, for both versions break down over more: see aedes 1.2.0',
  published: 'moscajs/aedes #583',
}]
export const mustPass: readonly Connector[] = [aedes120]
export const current: readonly Finding[] = [{
  connector: aedes120Heeded, laws: ['none twice'], page: 'aedes-1.2.0-dup', imports: { aedes: 'aedes-1.2.0', 'mqtt-packet': 'mqtt-packet' },
  what: 'a message that is sent again has no DUP flag, be it over a new connection or twice over the same one',
}, {
  connector: aedes120Crowded, laws: ['nothing wedges'], page: 'aedes-1.2.0-backlog',
  imports: { aedes: 'aedes-1.2.0', 'mqtt-packet': 'mqtt-packet' },
  what: 'thousands of messages wait for a subscriber that does not read, and is lost: the broker overflows the stack, and its process ends',
}]
