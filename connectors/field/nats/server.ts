/** A NATS server of its own for a scenario, with JetStream, on loopback; and a way to it on which acknowledgements are held. */
import { spawnSync } from 'node:child_process'
import { connect as dial, type Socket } from 'node:net'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { World } from '../../../spec/connector.ts'
import { Daemon } from '../../adapters/daemon.ts'
import { FaultProxy } from '../../adapters/fault-proxy.ts'
import type { Connection } from '../../adapters/proxied-connection.ts'
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

export class NatsServer {
  /** A connection that nothing is done to. */
  readonly direct: NatsConnection
  readonly #daemon: Daemon
  readonly #proxy: FaultProxy
  /** Acknowledgements that the server is being told of. */
  readonly #telling: ReadonlySet<Promise<void>>

  private constructor(
    direct: NatsConnection, daemon: Daemon, proxy: FaultProxy, telling: ReadonlySet<Promise<void>>,
  ) {
    this.direct = direct
    this.#daemon = daemon
    this.#proxy = proxy
    this.#telling = telling
  }

  /** With what it had in the folder. */
  static async started(folder: string, gate: Gate, world: World): Promise<NatsServer> {
    const launch = (at: number) => ({ command: 'nats-server', words: ['-a', '127.0.0.1', '-p', `${at}`, '-js', '-sd', folder], env })
    const { daemon, port } = await Daemon.listening({ folder, launch, greeting: /^INFO / }, world)
    const direct = await connect({ port, maxReconnectAttempts: 0 })
    const telling = new Set<Promise<void>>()
    const heed = async (published: Published): Promise<void> => {
      const sequence = sequenceIn(published.subject)
      const outcome = await gate.acknowledge(sequence)
      if (outcome === 'not heard') return
      const told = tell(direct, published, outcome).then(() => gate.settled(sequence), () => undefined)
      telling.add(told)
      await told
      telling.delete(told)
    }
    const ways = new Map<Connection, { readonly far: Socket; readonly frames: Frames }>()
    const proxy = await FaultProxy.listening({
      dial(connection) {
        const far = dial(port, '127.0.0.1')
        ways.set(connection, { far, frames: new Frames() })
        connection.gone.addEventListener('abort', () => ways.delete(connection))
        return far
      },
      passes(bytes, connection) {
        const { far, frames } = ways.get(connection) ?? {}
        for (const frame of frames?.whole(bytes) ?? [])
          if (frame.published && isFinal(frame.published)) void heed(frame.published)
          else if (!far!.destroyed) far!.write(frame.bytes)
        return false
      },
    })
    return new NatsServer(direct, daemon, proxy, telling)
  }

  /** Where clients are to connect to. */
  get port(): number {
    return this.#proxy.port
  }

  /** Every client loses its connection, in one way or another. */
  drop(): void {
    this.#proxy.drop()
  }

  async stop(within: number): Promise<void> {
    await this.#leave()
    await this.#daemon.stop(within)
  }

  /** By SIGKILL, between two acknowledgements: what it confirmed is what it was told. */
  async kill(): Promise<void> {
    await Promise.all(this.#telling)
    await this.#daemon.kill()
    await this.#leave()
  }

  async #leave(): Promise<void> {
    await this.#proxy.close()
    await this.direct.close()
  }
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
