/** An MQTT 5 broker at the far end of a link, in memory, which asks the world what becomes of each message. */
import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Link, LinkState } from '../../../spec/connector.ts'
import { type Fields, type Packet, packets } from './packets.ts'
import { read } from '../text.ts'
import { type End, wire } from '../wire.ts'

const version = { protocolVersion: 5 } as const

/** Reason codes of MQTT 5: quota exceeded, and not authorized. */
const reasons = { taken: 0, 'taken, said twice': 0, 'refused for now': 0x97, 'refused for good': 0x87 }

/** How to dial the broker behind a link: in vain while it refuses; while it hangs, nobody answers. */
export function broker(link: Link): () => Duplex {
  let state: LinkState = 'up'
  let met = false
  const unanswered: (() => void)[] = []
  link.watch((now) => {
    state = now
    if (now === 'up') for (const answer of unanswered.splice(0)) answer()
  })
  const answer = (reply: () => void) => (state === 'hangs' ? unanswered.push(reply) : reply())
  return () => {
    const [near, far] = wire()
    if (state === 'refuses') setImmediate(() => near.destroy(refusal(link)))
    else
      converse(far, link, ({ cmd }, { say, drop, gone }) => {
        if (cmd === 'pingreq') answer(() => say({ cmd: 'pingresp' }))
        else if (cmd === 'connect')
          link.step('CONNECT', gone).then((outcome) => {
            if (outcome !== 'taken') return drop()
            say({ cmd: 'connack', reasonCode: 0, sessionPresent: met })
            met = true
          }, drop)
      })
    return near
  }
}

const refusal = ({ name }: Link) => Object.assign(new Error(`${name} refuses the connection`), { code: 'ECONNREFUSED' })

/** What can be done with a connection that is open. */
interface Conversation {
  readonly say: (packet: Fields) => void
  readonly drop: () => void
  readonly gone: AbortSignal
}

/** One connection: every message that comes in is offered to the link, whatever else it answers. */
function converse(far: End, link: Link, answer: (packet: Packet, here: Conversation) => void): void {
  const say = (packet: Fields) => {
    if (far.writable) far.write(packets.generate(packet, version))
  }
  const gone = new AbortController()
  setMaxListeners(0, gone.signal)
  // What a link took before it dropped is still acknowledged; what had not its turn by then is dropped with it.
  const drop = () => {
    gone.abort()
    setImmediate(() => far.end())
  }
  const parser = packets.parser(version)
  parser.on('packet', (packet) => {
    if (gone.signal.aborted) return
    if (packet.cmd === 'disconnect') far.end()
    else if (packet.cmd !== 'publish') answer(packet, { say, drop, gone: gone.signal })
    else
      link.offer(read(String(packet.payload)), gone.signal).then((outcome) => {
        if (outcome === 'dropped before' || outcome === 'dropped after') return drop()
        const puback = { cmd: 'puback', messageId: packet.messageId, reasonCode: reasons[outcome] }
        say(puback)
        if (outcome === 'taken, said twice') say(puback)
      }, drop)
  })
  far.on('data', (bytes: Buffer) => parser.parse(bytes))
  far.on('error', drop)
  far.on('close', () => gone.abort())
}
