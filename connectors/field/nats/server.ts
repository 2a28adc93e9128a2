/**
 * A NATS server of its own for a scenario, with JetStream, on loopback; and a way to it on which acknowledgements are held. It is
 * installed, and not embedded: of JetStream there is no other than the one in Go, and what npm has for tests (nats-memory-server 2.2.1)
 * downloads that.
 */
import { spawnSync } from 'node:child_process'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { World } from '../../../spec/connector.ts'
import { PrivateBroker } from '../../adapters/private-broker.ts'
import type { Acknowledged } from '../brokered-source.ts'
import { Frames } from './frames.ts'

const server = '/usr/sbin:/usr/local/bin:/usr/bin'
const env = { PATH: `${process.env['PATH'] ?? ''}:${server}` }
const printed = spawnSync('nats-server', ['--version'], { encoding: 'utf8', env }).stdout ?? ''
export const version = /v?(\d+\.\d+\.\d+)/.exec(printed)?.[1] ?? '(not installed)'

/** Why nothing can be tried with a NATS server here; null when it can. */
export const missing = (): string | null => (printed === '' ? 'there is no nats-server here: apt-get install -y --no-install-recommends nats-server' : null)

/** Asked what becomes of the acknowledgement of the message with a number in the stream; then told that the server has it. */
export interface Gate {
  readonly acknowledge: (sequence: number) => Promise<Acknowledged>
  readonly settled: (sequence: number) => void
}

/** Started with what it had in the folder. */
export function natsServer(folder: string, gate: Gate, world: World): Promise<PrivateBroker<NatsConnection>> {
  return PrivateBroker.started({
    folder, greeting: /^INFO /,
    launch: (port) => ({ command: 'nats-server', words: ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', folder], env }),
    connects: (port) => connect({ port, maxReconnectAttempts: 0 }),
    leaves: (direct) => direct.close(),
    hears({ far, direct, tells }) {
      const frames = new Frames()
      const heed = async (published: Published): Promise<void> => {
        const sequence = sequenceIn(published.subject)
        const outcome = await gate.acknowledge(sequence)
        if (outcome !== 'not heard') tells(tell(direct, published, outcome).then(() => gate.settled(sequence), () => undefined))
      }
      return (bytes) => {
        for (const frame of frames.whole(bytes))
          if (frame.published && isFinal(frame.published)) void heed(frame.published)
          else if (!far.destroyed) far.write(frame.bytes)
      }
    },
  }, world)
}

interface Published { readonly subject: string; readonly reply: string; readonly payload: Buffer }

/** Whether it says that a message is done with: not that it is still at work, nor that it is to be given out again. */
const isFinal = ({ subject, payload }: Published) => subject.startsWith('$JS.ACK.') && !/^(?:\+WPI|-NAK)/.test(payload.toString('latin1', 0, 4))

/** The number of the message in its stream: the subject of an acknowledgement has it, in either of two forms (ADR-15). */
function sequenceIn(subject: string): number {
  const tokens = subject.split('.')
  return Number(tokens.length < 11 ? tokens[5] : tokens[7])
}

/** Tells the server, and waits until it says that it was; then lets whoever acknowledged know. */
async function tell(direct: NatsConnection, { subject, reply, payload }: Published, outcome: Acknowledged): Promise<void> {
  await direct.request(subject, payload, { timeout: 2_000 })
  if (outcome === 'heard' && reply !== '') direct.publish(reply)
}
