/**
 * What a suite that is killed in the midst of a trial leaves behind it on servers that others use, and on this machine: nothing, be it
 * killed alone or with everything that it has started, at any moment. `npm run trials:services` runs this.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const field = join(root, 'connectors/field')
const asked = process.env['UNWEDGE_SOCKETS'] !== undefined && existsSync(join(field, 'node_modules'))
const required = process.env['UNWEDGE_SERVICES'] === 'required'
const load = createRequire(join(field, 'never.ts'))
const withTsx = ['--import', import.meta.resolve('tsx')]

/** What a suite has in its environment, and all that it starts, but for keepers; those have the process that they are for. */
const rooms: string[] = []
const started: ChildProcess[] = []
afterEach(() => {
  for (const each of started.splice(0)) each.kill('SIGKILL')
  for (const room of rooms) for (const pid of processesIn(room)) end(pid)
  for (const room of rooms.splice(0)) rmSync(room, { recursive: true, force: true, maxRetries: 5 })
})
const end = (pid: number, signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL') => { try { process.kill(pid, signal) } catch { /* It is gone. */ } }

function withIn(words: (pid: string) => readonly string[] | null): readonly number[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      const all = words(pid)
      return all !== null && readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').some((word) => all.includes(word))
    } catch {
      return false
    }
  }).map(Number)
}
function processesIn(room: string): readonly number[] {
  const own = withIn(() => [`TMPDIR=${room}`])
  return [...own, ...withIn(() => own.map((pid) => `UNWEDGE_KEEPER_OF=${pid}`))]
}
const foldersIn = (room: string) => readdirSync(room).filter((name) => name.startsWith('unwedge'))
/** What it calls its own on a server. */
const namesIn = (room: string) => [...new Set(foldersIn(room).flatMap((folder) => {
  try {
    return readFileSync(join(room, folder, 'unwedge-will.cjs'), 'utf8').match(/unwedge_[0-9a-f]{12}/g) ?? []
  } catch {
    return []
  }
}))]

const mostMilliseconds = 60_000
async function until<T>(look: () => Promise<T> | T, isSo: (seen: T) => boolean): Promise<T> {
  for (const from = performance.now(); ; await new Promise((go) => setTimeout(go, 50))) {
    const seen = await look()
    if (isSo(seen) || performance.now() - from > mostMilliseconds) return seen
  }
}

interface Channel { checkExchange(name: string): Promise<unknown>; close(): Promise<void>; on(event: 'error', listener: () => void): void }
interface Connection { createChannel(): Promise<Channel>; close(): Promise<void> }
async function exchangesOf(names: readonly string[]): Promise<readonly string[]> {
  const { connect } = load('amqplib-2.3.1') as { connect(url: string): Promise<Connection> }
  const connection = await connect(process.env['UNWEDGE_RABBITMQ'] ?? 'amqp://guest:guest@127.0.0.1:5672')
  const found: string[] = []
  for (const name of names)
    for (const exchange of [1, 2, 3, 4, 5, 6].flatMap((n) => [`${name}.${n}.else`, `${name}.${n}.far.example`])) {
      const channel = await connection.createChannel()
      channel.on('error', () => undefined)
      await channel.checkExchange(exchange).then(() => { found.push(exchange); return channel.close() }, () => undefined)
    }
  await connection.close()
  return found
}
async function schemasOf(names: readonly string[]): Promise<readonly string[]> {
  interface Client { connect(): Promise<void>; query(text: string): Promise<{ rows: { name: string }[] }>; end(): Promise<void> }
  const { Client } = load('pg') as { readonly Client: new (options: object) => Client }
  const client = new Client({ connectionString: process.env['UNWEDGE_POSTGRES'] ?? 'postgres://unwedge:unwedge@127.0.0.1:5432/unwedge' })
  await client.connect()
  const { rows } = await client.query(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'unwedge%'`)
  await client.end()
  return rows.map(({ name }) => name).filter((schema) => names.some((name) => schema.startsWith(name)))
}
/** Of a server of its own: those who are at work in a folder of the room. Redis writes over its environment, which tells nothing then. */
const serversIn = (room: string) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(room) && /redis-server/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))
  } catch {
    return false
  }
})

interface Place {
  readonly file: string
  readonly as: string
  readonly holds: (room: string, names: readonly string[]) => Promise<readonly unknown[]>
}
interface Service { readonly unreachable: () => Promise<string | null> }
const places: readonly Place[] = [
  { file: 'amqp/rabbitmq', as: 'rabbit231', holds: (_, names) => exchangesOf(names) },
  { file: 'postgres/server', as: 'boss12380', holds: (_, names) => schemasOf(names) },
  { file: 'redis/bullmq', as: 'bullmq670', holds: async (room) => serversIn(room) },
  { file: 'redis/stream-group', as: 'streamGroup', holds: async (room) => serversIn(room) },
]

function begun(...words: readonly string[]) {
  const room = mkdtempSync(join(tmpdir(), 'left-'))
  rooms.push(room)
  return { room, child: inRoom(room, ...words) }
}
function inRoom(room: string, ...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [...withTsx, ...words], {
    cwd: root, stdio: ['ignore', 'ignore', 'ignore'], detached: true, env: { ...process.env, TMPDIR: room },
  })
  started.push(child)
  return child
}
const left = async ({ holds }: Place, room: string, names: readonly string[]) =>
  ({ processes: processesIn(room), folders: foldersIn(room), held: await holds(room, names) })
const nothing = { processes: [], folders: [], held: [] }
const isNothing = (seen: object) => JSON.stringify(seen) === JSON.stringify(nothing)

for (const place of places) {
  const service = asked ? await import(new URL(`../../connectors/field/${place.file}.ts`, import.meta.url).href) as Service : null
  const because = await service?.unreachable() ?? null
  const isSkipped = !asked || process.platform !== 'linux' || (because !== null && !required)
  describe.skipIf(isSkipped)(`A suite with ${place.as}, killed in the midst of a trial`, () => {
    const midst = async () => {
      expect(because).toBeNull()
      const { room, child } = begun('bin/unwedge.ts', 'check', `connectors/field/${place.file}.ts#${place.as}`, '--runs', '100', '--no-stored')
      expect(await until(() => place.holds(room, namesIn(room)), (held) => held.length > 0)).not.toEqual([])
      return { room, child, names: namesIn(room) }
    }

    it('leaves nothing', { timeout: 0 }, async () => {
      const { room, child, names } = await midst()
      child.kill('SIGKILL')
      expect(await until(() => left(place, room, names), isNothing)).toEqual(nothing)
    })

    it('leaves nothing once another has begun, where everything was killed with it', { timeout: 0 }, async () => {
      const { room, names } = await midst()
      const all = processesIn(room)
      for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const pid of all) end(pid, signal)
      expect(await until(() => processesIn(room), (pids) => pids.length === 0)).toEqual([])
      expect(foldersIn(room)).not.toEqual([])
      const keeper = JSON.stringify(new URL('../../connectors/adapters/keeper.ts', import.meta.url).href)
      inRoom(room, '--input-type=module', '-e', `import { privateFolder } from ${keeper}; privateFolder()`)
      expect(await until(() => left(place, room, names), isNothing)).toEqual(nothing)
    })
  })
}

describe.skipIf(!asked || process.platform !== 'linux')('A suite with RabbitMQ', () => {
  // An exchange is deleted with the last queue that is bound to it: this one never has any.
  it('leaves no exchange, killed when it has made one and bound nothing to it', { timeout: 0 }, async () => {
    const { room, child } = begun('--input-type=module', '-e', `
      import { createRequire } from 'node:module'
      const { Channel } = createRequire(${JSON.stringify(join(field, 'never.ts'))})(${JSON.stringify(join(field, 'node_modules/amqplib-2.3.1/lib/channel_model.js'))})
      Channel.prototype.assertQueue = () => new Promise(() => undefined)
      const { rabbit231 } = await import(${JSON.stringify(new URL('../../connectors/field/amqp/rabbitmq.ts', import.meta.url).href)})
      rabbit231.start({ links: [{ name: 'link 1', watch() {} }] })
      setInterval(() => {}, 1_000)
    `)
    const [place] = places
    expect((await until(() => exchangesOf(namesIn(room)), ({ length }) => length === 2)).length).toBe(2)
    const names = namesIn(room)
    child.kill('SIGKILL')
    expect(await until(() => left(place!, room, names), isNothing)).toEqual(nothing)
  })
})
