/** An MQTT 5 broker at the far end of a link, in memory: what becomes of a message there is what the world says. */
import { setMaxListeners } from 'node:events'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { Link, LinkState } from '../../spec/connector.ts'
import { read } from './text.ts'
import { wire } from './wire.ts'

interface Packet { readonly cmd: string; readonly messageId?: number; readonly payload?: Buffer }
interface Parser { on(event: 'packet', listener: (packet: Packet) => void): void; parse(bytes: Buffer): void }
const packets = createRequire(import.meta.url)('mqtt-packet') as {
  parser(options: { readonly protocolVersion: 5 }): Parser
  generate(packet: Readonly<Record<string, unknown>>, options: { readonly protocolVersion: 5 }): Buffer
}
const version = { protocolVersion: 5 } as const

/** Reason codes of MQTT 5: quota exceeded, and not authorized. */
const reasons = { taken: 0, 'refused for now': 0x97, 'refused for good': 0x87 }

/** How to dial the broker behind a link. While the link refuses, so does every dial; while it hangs, nobody answers. */
export function broker(link: Link): () => Duplex {
  let state: LinkState = 'up'
  const unanswered: (() => void)[] = []
  link.watch((now) => {
    state = now
    if (now === 'up') for (const answer of unanswered.splice(0)) answer()
  })
  const answer = (reply: () => void) => (state === 'hangs' ? unanswered.push(reply) : reply())
  let met = false
  return () => {
    const [near, far] = wire()
    if (state === 'refuses') {
      setImmediate(() => near.destroy(Object.assign(new Error(`${link.name} refuses the connection`), { code: 'ECONNREFUSED' })))
      return near
    }
    const say = (packet: Readonly<Record<string, unknown>>) => far.writable && far.write(packets.generate(packet, version))
    const gone = new AbortController()
    setMaxListeners(0, gone.signal)
    // What a link took before it dropped is still acknowledged; what had not its turn by then is dropped with it.
    const drop = () => { gone.abort(); setImmediate(() => far.end()) }
    const parser = packets.parser(version)
    parser.on('packet', ({ cmd, messageId, payload }) => {
      if (cmd === 'connect') answer(() => { say({ cmd: 'connack', reasonCode: 0, sessionPresent: met }); met = true })
      else if (cmd === 'pingreq') answer(() => say({ cmd: 'pingresp' }))
      else if (cmd === 'disconnect') far.end()
      else if (cmd === 'publish' && !gone.signal.aborted)
        link.offer(read(String(payload)), gone.signal).then((outcome) => {
          if (outcome === 'dropped before' || outcome === 'dropped after') drop()
          else say({ cmd: 'puback', messageId, reasonCode: reasons[outcome] })
        }, drop)
    })
    far.on('data', (bytes: Buffer) => parser.parse(bytes)).on('error', () => {}).on('close', () => gone.abort())
    return near
  }
}
