/** A Redis server of its own for a scenario, on loopback; and a way to it on which acknowledgements are held. */
import { spawnSync } from 'node:child_process'
import { connect as dial } from 'node:net'
import { Redis } from 'ioredis'
import type { World } from '../../../spec/connector.ts'
import { Daemon } from '../../adapters/daemon.ts'
import { FaultProxy } from '../../adapters/fault-proxy.ts'
import type { Connection } from '../../adapters/proxied-connection.ts'
import { type Gate, Way } from './gate.ts'

const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/bin:/usr/bin` }
const printed = spawnSync('redis-server', ['--version'], { encoding: 'utf8', env }).stdout ?? ''
export const version = /v=(\d+\.\d+\.\d+)/.exec(printed)?.[1] ?? '(not installed)'

/** Why nothing can be tried with a Redis of its own here; null when it can. */
export const missing = (): string | null =>
  (printed === '' ? 'there is no redis-server here: apt-get install -y --no-install-recommends redis-server' : null)

/** What it has acknowledged is on the disk by then; or it is in memory, as it is shipped, and on the disk now and then. */
export type Keeps = 'each write' | 'now and then'
const settings: Readonly<Record<Keeps, readonly string[]>> = {
  'each write': ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
  'now and then': [],
}

export class RedisServer {
  /** A connection that nothing is done to. */
  readonly direct: Redis
  readonly #daemon: Daemon
  readonly #proxy: FaultProxy
  /** Acknowledgements that the server is being told of. */
  readonly #telling: ReadonlySet<Promise<unknown>>

  private constructor(direct: Redis, daemon: Daemon, proxy: FaultProxy, telling: ReadonlySet<Promise<unknown>>) {
    this.direct = direct
    this.#daemon = daemon
    this.#proxy = proxy
    this.#telling = telling
  }

  /** With what it had in the folder. */
  static async started(folder: string, keeps: Keeps, gate: Omit<Gate, 'tells'>, world: World): Promise<RedisServer> {
    const launch = (at: number) =>
      ({ command: 'redis-server', words: ['--port', `${at}`, '--bind', '127.0.0.1', '--dir', folder, ...settings[keeps]], env })
    const { daemon, port } = await Daemon.listening({ folder, launch }, world)
    const direct = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null })
    direct.on('error', () => undefined)
    await isLoaded(direct)
    const telling = new Set<Promise<unknown>>()
    const tells = (told: Promise<void>) => {
      telling.add(told)
      void told.then(() => telling.delete(told))
    }
    const ways = new Map<Connection, Way>()
    const proxy = await FaultProxy.listening({
      dial(connection) {
        const far = dial(port, '127.0.0.1')
        ways.set(connection, new Way(connection, far, direct, { ...gate, tells }))
        connection.gone.addEventListener('abort', () => ways.delete(connection))
        return far
      },
      passes(bytes, connection) {
        ways.get(connection)?.hear(bytes)
        return false
      },
    })
    return new RedisServer(direct, daemon, proxy, telling)
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
    this.direct.disconnect()
  }
}

/** It answers before it has read what is on its disk. */
async function isLoaded(direct: Redis): Promise<void> {
  while (/loading:1/.test(await direct.info('persistence'))) await new Promise((go) => setTimeout(go, 2))
}
