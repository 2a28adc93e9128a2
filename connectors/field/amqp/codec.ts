/** AMQP 0-9-1 on the wire, as far as a broker of our own needs it: amqplib’s own tables, from the other side. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type Fields = Readonly<Record<string, unknown>>

/** A method (with an id), the header of a message (with an id and a size), or a piece of its content. */
export interface Frame {
  readonly channel: number
  readonly id?: number
  readonly size?: number
  readonly fields?: Fields
  readonly content?: Buffer
}

type Defs = Readonly<Record<string, number>> & { encodeMethod(id: number, channel: number, fields: Fields): Buffer }
interface Framing {
  parseFrame(bytes: Buffer, most: number): false | { readonly rest: Buffer }
  decodeFrame(frame: { readonly rest: Buffer }): Frame
}

// Its package exports no more than the client: the tables are taken from beside it.
const require = createRequire(import.meta.url)
const beside = (file: string): unknown => require(join(dirname(require.resolve('amqplib-2.3.1')), 'lib', file))
const defs = beside('defs.js') as Defs
const framing = beside('frame.js') as Framing

export type MethodName =
  | 'ConnectionStart' | 'ConnectionStartOk' | 'ConnectionTune' | 'ConnectionOpen' | 'ConnectionOpenOk'
  | 'ConnectionClose' | 'ConnectionCloseOk' | 'ChannelOpen' | 'ChannelOpenOk' | 'ChannelClose' | 'ChannelCloseOk'
  | 'ConfirmSelect' | 'ConfirmSelectOk' | 'BasicPublish' | 'BasicAck' | 'BasicNack'

export const idOf = (name: MethodName): number => defs[name]!
export const encoded = (name: MethodName, channel: number, fields: Fields): Buffer =>
  defs.encodeMethod(defs[name]!, channel, fields)

const protocolHeader = 8

/** Takes bytes as they come, and gives the frames that are whole. What a client says first is no frame. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0)
  #greeted = false

  whole(bytes: Buffer): readonly (Frame | 'greeting')[] {
    const found: (Frame | 'greeting')[] = []
    this.#rest = Buffer.concat([this.#rest, bytes])
    if (!this.#greeted && this.#rest.length >= protocolHeader) {
      this.#rest = this.#rest.subarray(protocolHeader)
      this.#greeted = true
      found.push('greeting')
    }
    if (!this.#greeted) return found
    for (;;) {
      const frame = framing.parseFrame(this.#rest, 0)
      if (!frame) return found
      this.#rest = frame.rest
      found.push(framing.decodeFrame(frame))
    }
  }
}
