/**
 * A Redis server of its own for a scenario, on loopback; and a way to it on which acknowledgements are held. It is installed, and not
 * embedded: what npm has in memory knows no groups of consumers (ioredis-mock 8.13.1, by its compat.md), or compiles a Redis that it
 * downloads (redis-memory-server 0.17.1).
 */
import { spawnSync } from 'node:child_process'
import { Redis } from 'ioredis'
import type { World } from '../../../spec/connector.ts'
import { PrivateBroker } from '../../adapters/private-broker.ts'
import { type Gate, Heard } from './gate.ts'

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

/** Started with what it had in the folder. */
export function redisServer(folder: string, keeps: Keeps, gate: Gate, world: World): Promise<PrivateBroker<Redis>> {
  return PrivateBroker.started({
    folder,
    launch: (port) =>
      ({ command: 'redis-server', words: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...settings[keeps]], env }),
    async connects(port) {
      const direct = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null })
      direct.on('error', () => undefined)
      await isLoaded(direct)
      return direct
    },
    leaves: (direct) => direct.disconnect(),
    hears(way) {
      const heard = new Heard(way, gate)
      return (bytes) => heard.hear(bytes)
    },
  }, world)
}

/** It answers before it has read what is on its disk. */
async function isLoaded(direct: Redis): Promise<void> {
  while (/loading:1/.test(await direct.info('persistence'))) await new Promise((go) => setTimeout(go, 2))
}
