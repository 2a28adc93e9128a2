/**
 * One connection to a real RabbitMQ, through a fault proxy. What the broker confirms of a message is held until the far side has it: what
 * becomes of the message there is done to the connection, so that a fault strikes once, on the wire.
 */
import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Outcome } from '../../../spec/connector.ts'
import type { Connection } from '../../adapters/proxied-connection.ts'
import { wire } from '../wire.ts'
import { Frames, idOf } from './codec.ts'

/** A message that was published over a connection, and what becomes of it at the far side. */
export interface Published {
  readonly gone: AbortSignal
  readonly decide: (outcome: Outcome) => void
}

interface Channel {
  /** How many messages were published on it, */
  published: number
  /** and those of which the broker has said nothing yet, by their numbers. */
  readonly unconfirmed: Map<number, Promise<Outcome>>
  isPublishing: boolean
  /** Nobody hears a confirm any more: it is closed, or its connection is gone. */
  readonly gone: AbortController
}

interface Told {
  /** A message is on its way to the broker. */
  readonly publishes: (id: string, published: Published) => void
  /** The broker closes a channel. */
  readonly closes: () => void
}

/** What a client says goes to the broker as it is; what that answers, a frame at a time. */
export function confirmsOf(broker: Duplex, connection: Connection, { publishes, closes }: Told): Duplex {
  setMaxListeners(0, connection.gone)
  const [near, far] = wire()
  const channels = new Map<number, Channel>()
  const channelOf = (number: number) => {
    const channel = channels.get(number) ?? { published: 0, unconfirmed: new Map(), isPublishing: false, gone: new AbortController() }
    channels.set(number, channel)
    setMaxListeners(0, channel.gone.signal)
    return channel
  }
  connection.gone.addEventListener('abort', () => { for (const { gone } of channels.values()) gone.abort() })
  const said = new Frames()
  far.on('data', (bytes: Buffer) => {
    for (const frame of said.whole(bytes)) {
      if (frame === 'greeting') continue
      if (frame.id === idOf('ChannelOpen') || frame.id === idOf('ChannelClose')) {
        channelOf(frame.channel).gone.abort()
        channels.delete(frame.channel)
      }
      const channel = channelOf(frame.channel)
      if (frame.id === idOf('BasicPublish')) channel.isPublishing = true
      else if (frame.size !== undefined && channel.isPublishing) {
        channel.isPublishing = false
        let decide: (outcome: Outcome) => void = () => undefined
        channel.unconfirmed.set(++channel.published, new Promise((done) => { decide = done }))
        publishes(String(frame.fields?.['messageId'] ?? ''), { gone: channel.gone.signal, decide })
      }
    }
    if (!broker.destroyed) broker.write(bytes)
  })
  far.on('end', () => broker.end()).on('close', () => broker.destroy()).on('error', () => broker.destroy())

  /** Waits for what becomes of the messages that are confirmed. */
  const confirmed = async ({ unconfirmed }: Channel, { number, isMultiple, isRefusal }: Confirm) => {
    for (const [each, outcome] of [...unconfirmed]) {
      if (each !== number && !(isMultiple && each < number)) continue
      unconfirmed.delete(each)
      if (isRefusal || (await outcome).startsWith('taken')) continue
      if (!connection.gone.aborted) drop(connection)
      return
    }
  }
  const pass = async (frame: Buffer) => {
    const confirm = confirmIn(frame)
    if (confirm) await confirmed(channelOf(frame.readUInt16BE(1)), confirm)
    if (methodOf(frame) === idOf('ChannelClose')) {
      channelOf(frame.readUInt16BE(1)).gone.abort()
      closes()
    }
    if (far.writable) far.write(frame)
  }
  let left: Buffer = Buffer.alloc(0)
  let passed: Promise<unknown> = Promise.resolve()
  broker.on('data', (bytes: Buffer) => {
    left = Buffer.concat([left, bytes])
    for (let size = sizeOf(left); size > 0 && left.length >= size; size = sizeOf(left)) {
      const frame = left.subarray(0, size)
      left = left.subarray(size)
      passed = passed.then(() => pass(frame))
    }
  })
  const ends = () => void passed.then(() => far.end())
  broker.on('end', ends).on('close', ends).on('error', ends)
  return near
}

/** One way or another, by the number of the connection. */
const drop = (connection: Connection) => (connection.number % 2 === 0 ? connection.cut() : connection.reset())

/** Bytes around what a frame contains: its type, channel and size before it, and an end after it (AMQP 0-9-1, 4.2.3). */
const [head, tail] = [7, 1]
const sizeOf = (bytes: Buffer) => (bytes.length < head ? 0 : head + bytes.readUInt32BE(3) + tail)
const isMethod = (frame: Buffer) => frame[0] === 1
const methodOf = (frame: Buffer) => (isMethod(frame) ? frame.readUInt32BE(head) : null)

interface Confirm {
  readonly number: number
  /** Whether it is of all before that one, too. */
  readonly isMultiple: boolean
  readonly isRefusal: boolean
}

/** Of which messages a frame says that the broker has them, or has not. */
function confirmIn(frame: Buffer): Confirm | null {
  const method = methodOf(frame)
  if (method !== idOf('BasicAck') && method !== idOf('BasicNack')) return null
  const isMultiple = (frame[head + 12]! & 1) === 1
  return { number: Number(frame.readBigUInt64BE(head + 4)), isMultiple, isRefusal: method === idOf('BasicNack') }
}
