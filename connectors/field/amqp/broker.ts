/**
 * A small AMQP 0-9-1 broker on loopback, in front of one link: what is published to it is offered to that link, and
 * confirmed, refused or dropped as the link says.
 *
 * It does what the protocol has a broker do: a message for an exchange that does not exist closes the channel, once
 * what came before it is dealt with, and what comes after it on that channel is not looked at.
 */
import { setMaxListeners } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Link, Message, Outcome } from '../../../spec/connector.ts'
import { encoded, type Fields, type Frame, Frames, idOf, type MethodName } from './codec.ts'

/** What the connectors of this family know of a broker. */
export interface Broker {
  readonly url: string
  /** What an exchange is called there. */
  exchange(name: string): string
  /** Fulfilled once a message that the broker has confirmed is at the far side of its link. */
  arrival(message: Message): Promise<void>
  /** A channel to it was lost. */
  lost(): void
  /** Fulfilled once nobody is connected to it; never, where that cannot be seen. */
  empty(): Promise<void>
  close(): unknown
}
export type Listen = (link: Link) => Promise<Broker>

export interface SinkOptions {
  /** The exchanges there are, */
  readonly exchanges: readonly string[]
  /** and one whose messages the broker keeps for itself, and confirms once all that came before is answered. */
  readonly kept: string
  /** A broker may deal with what is published one after the other, or with all of it at once: in no order then. */
  readonly takes: 'one by one' | 'all at once'
}

/** Listens on a port of its own. */
export const amqpSink = (options: SinkOptions): Listen => async (link) => {
  const sink = new AmqpSink(link, options)
  await sink.listening
  return sink
}

class AmqpSink implements Broker {
  readonly listening: Promise<void>
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #whenEmpty: (() => void)[] = []

  constructor(link: Link, options: SinkOptions) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        if (this.#sockets.size === 0) for (const go of this.#whenEmpty.splice(0)) go()
      })
      new Conversation(socket, link, options).begin()
    })
    this.listening = new Promise((ready) => this.#server.listen(0, '127.0.0.1', ready))
  }

  get url(): string {
    return `amqp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  exchange(name: string): string {
    return name
  }

  /** It confirms what its link has recorded, and nothing before. */
  async arrival(): Promise<void> {}

  /** It says itself when it hangs up. */
  lost(): void {}

  empty(): Promise<void> {
    return new Promise((go) => (this.#sockets.size === 0 ? go() : this.#whenEmpty.push(go)))
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

interface Channel {
  readonly number: number
  published: number
  /** Fulfilled once everything published on it so far has its answer. */
  answered: Promise<unknown>
  /** Once it is closing, what still comes is not looked at. */
  closing: boolean
  incoming: { readonly exchange: string; size: number; readonly parts: Buffer[] } | null
}

class Conversation {
  readonly #socket: Socket
  readonly #link: Link
  readonly #options: SinkOptions
  readonly #frames = new Frames()
  readonly #channels = new Map<number, Channel>()
  readonly #gone = new AbortController()

  constructor(socket: Socket, link: Link, options: SinkOptions) {
    this.#socket = socket
    this.#link = link
    this.#options = options
    setMaxListeners(0, this.#gone.signal)
  }

  begin(): void {
    this.#socket.setNoDelay(true)
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('close', () => this.#gone.abort())
    this.#socket.on('data', (bytes: Buffer) => {
      if (this.#gone.signal.aborted) return
      for (const frame of this.#frames.whole(bytes)) this.#take(frame)
    })
  }

  #take(frame: Frame | 'greeting'): void {
    if (frame === 'greeting')
      return this.#say('ConnectionStart', 0, { serverProperties: {}, mechanisms: Buffer.from('PLAIN'), locales: Buffer.from('en_US') })
    const channel = this.#channels.get(frame.channel)
    if (frame.content) return this.#gather(channel, frame.content)
    if (frame.size !== undefined) return this.#open(channel, frame.size)
    if (frame.id !== undefined) this.#answers.get(frame.id)?.(frame.channel, frame.fields ?? {}, channel)
  }

  readonly #answers = new Map<number, (number: number, fields: Fields, channel: Channel | undefined) => void>([
    [idOf('ConnectionStartOk'), () => this.#say('ConnectionTune', 0, { channelMax: 0, frameMax: 131_072, heartbeat: 0 })],
    [idOf('ConnectionOpen'), () => this.#step('Connection.Open', () => this.#say('ConnectionOpenOk', 0))],
    [idOf('ConnectionClose'), () => {
      this.#say('ConnectionCloseOk', 0)
      this.#channels.clear()
      this.#drop()
    }],
    [idOf('ChannelOpen'), (number) => this.#step('Channel.Open', () => {
      this.#channels.set(number, { number, published: 0, answered: Promise.resolve(), closing: false, incoming: null })
      this.#say('ChannelOpenOk', number)
    })],
    [idOf('ChannelClose'), (number) => { this.#channels.delete(number); this.#say('ChannelCloseOk', number) }],
    [idOf('ChannelCloseOk'), (number) => this.#channels.delete(number)],
    [idOf('ConfirmSelect'), (number) => this.#step('Confirm.Select', () => this.#say('ConfirmSelectOk', number))],
    [idOf('BasicPublish'), (_, { exchange }, channel) => {
      if (channel) channel.incoming = { exchange: String(exchange), size: 0, parts: [] }
    }],
  ])

  /** What a client asks for before it publishes: the link may fail there, too. */
  #step(name: string, then: () => void): void {
    this.#link.step(name, this.#gone.signal).then((outcome) => {
      if (outcome !== 'taken') this.#drop()
      else if (!this.#gone.signal.aborted) then()
    }, () => this.#drop())
  }

  #open(channel: Channel | undefined, size: number): void {
    if (!channel?.incoming) return
    channel.incoming.size = size
    if (size === 0) this.#published(channel, channel.incoming.exchange, Buffer.alloc(0))
  }

  #gather(channel: Channel | undefined, content: Buffer): void {
    if (!channel?.incoming) return
    const { exchange, size, parts } = channel.incoming
    parts.push(content)
    const whole = Buffer.concat(parts)
    if (whole.length >= size) this.#published(channel, exchange, whole)
  }

  #published(channel: Channel, exchange: string, content: Buffer): void {
    channel.incoming = null
    if (channel.closing) return
    const { exchanges, kept, takes } = this.#options
    if (exchange !== kept && !exchanges.includes(exchange)) return void this.#refuse(channel, exchange)
    const tag = ++channel.published
    const before = channel.answered
    const offer = () => this.#link.offer(JSON.parse(content.toString()), this.#gone.signal)
    const outcome = exchange === kept ? before.then(() => 'taken' as const) : takes === 'one by one' ? before.then(offer) : offer()
    const answered = outcome.then((answer) => this.#confirm(channel, tag, answer))
    channel.answered = Promise.all([before, answered])
  }

  #confirm(channel: Channel, deliveryTag: number, outcome: Outcome): void {
    if (!this.#isOpen(channel)) return
    if (outcome.startsWith('taken')) this.#say('BasicAck', channel.number, { deliveryTag, multiple: false })
    else if (outcome.startsWith('refused')) this.#say('BasicNack', channel.number, { deliveryTag, multiple: false, requeue: false })
    else this.#drop()
  }

  async #refuse(channel: Channel, exchange: string): Promise<void> {
    channel.closing = true
    const replyText = `NOT_FOUND - no exchange '${exchange}' in vhost '/'`
    this.#link.hangUp(`the broker closes the channel: 404 ${replyText}`)
    await channel.answered
    if (this.#isOpen(channel)) this.#say('ChannelClose', channel.number, { replyCode: 404, replyText, classId: 60, methodId: 40 })
  }

  /** Whether its client has not closed it meanwhile: nothing may be said on it any more then. */
  #isOpen(channel: Channel): boolean {
    return this.#channels.get(channel.number) === channel
  }

  #say(name: MethodName, channel: number, fields: Fields = {}): void {
    if (this.#socket.writable) this.#socket.write(encoded(name, channel, fields))
  }

  /** Looks at nothing more, says what there is still to say, and ends: what a link took before it dropped is confirmed. */
  #drop(): void {
    if (this.#gone.signal.aborted) return
    this.#gone.abort()
    setImmediate(() => this.#socket.end())
  }
}
