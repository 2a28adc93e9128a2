/** MQTT packets, to and from bytes. */
import { createRequire } from 'node:module'

export interface Packet {
  readonly cmd: string
  readonly messageId?: number
  readonly payload?: Buffer
  readonly sessionPresent?: boolean
  readonly dup?: boolean
}
export type Fields = Readonly<Record<string, unknown>>
interface Version { readonly protocolVersion: 4 | 5 }
interface Parser {
  on(event: 'packet', listener: (packet: Packet) => void): void
  parse(bytes: Buffer): void
}

export const packets = createRequire(import.meta.url)('mqtt-packet') as {
  parser(version: Version): Parser
  generate(packet: Fields, version: Version): Buffer
}
