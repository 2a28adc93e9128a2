/** A broker of its own for a scenario: a daemon, a proxy that clients reach it through, and a connection that nothing is done to. */
import { connect as dial, type Socket } from 'node:net'
import type { World } from '../../spec/connector.ts'
import { Daemon, type Listening } from './daemon.ts'
import { FaultProxy } from './fault-proxy.ts'
import type { Connection } from './proxied-connection.ts'

/** A way from a client to the broker. */
export interface Way<Direct> {
  readonly connection: Connection
  readonly far: Socket
  /** A connection that nothing is done to. */
  readonly direct: Direct
  /** The broker is being told something, and is not to die before it has heard it. */
  readonly tells: (told: Promise<unknown>) => void
}

interface Kind<Direct> extends Listening {
  readonly connects: (port: number) => Promise<Direct>
  readonly leaves: (direct: Direct) => unknown
  /** What hears a client: it passes on to the far side what is to come there. */
  readonly hears: (way: Way<Direct>) => (bytes: Buffer) => void
}

export class PrivateBroker<Direct> {
  /** A connection that nothing is done to. */
  readonly direct: Direct
  readonly #daemon: Daemon
  readonly #proxy: FaultProxy
  readonly #telling: ReadonlySet<Promise<unknown>>
  readonly #leaves: () => unknown

  private constructor(
    direct: Direct, daemon: Daemon, proxy: FaultProxy, telling: ReadonlySet<Promise<unknown>>, leaves: () => unknown,
  ) {
    this.direct = direct
    this.#daemon = daemon
    this.#proxy = proxy
    this.#telling = telling
    this.#leaves = leaves
  }

  /** With what it had in the folder. */
  static async started<Direct>({ connects, leaves, hears, ...listening }: Kind<Direct>, world: World): Promise<PrivateBroker<Direct>> {
    const { daemon, port } = await Daemon.listening(listening, world)
    const direct: Direct = await connects(port)
    const telling = new Set<Promise<unknown>>()
    const tells = (told: Promise<unknown>) => {
      telling.add(told)
      const over = () => telling.delete(told)
      told.then(over, over)
    }
    const ways = new Map<Connection, (bytes: Buffer) => void>()
    const proxy = await FaultProxy.listening({
      dial(connection) {
        const far = dial(port, '127.0.0.1')
        ways.set(connection, hears({ connection, far, direct, tells }))
        connection.gone.addEventListener('abort', () => ways.delete(connection))
        return far
      },
      passes(bytes, connection) {
        ways.get(connection)?.(bytes)
        return false
      },
    })
    return new PrivateBroker<Direct>(direct, daemon, proxy, telling, () => leaves(direct))
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
    await this.#leaves()
  }
}
