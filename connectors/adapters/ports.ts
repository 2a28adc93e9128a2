/** Ports of loopback: free ones, held for as long as somebody of ours needs one; and who listens at one. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

/** A port that nobody else of ours takes, in this process or another, whether or not somebody listens at it just then. */
export interface HeldPort {
  readonly number: number
  release(): void
}

/** Below those that a system gives to whoever dials: none of them takes a port while nobody listens at it. */
const [lowest, highest] = [20_000, 32_000]
const loopback = '127.0.0.1'
/** Another address of loopback, at which nobody is called: whoever listens there at a port holds it. On macOS there is none. */
const held = '127.0.0.2'

/** A port that is free now, and held. A stranger may take it all the same. */
export async function holdPort(): Promise<HeldPort> {
  for (;;) {
    const port = await hold(lowest + Math.floor(Math.random() * (highest - lowest)))
    if (port && (await isFree(port.number))) return port
    port?.release()
  }
}

/** The port with a number, held; null where somebody else holds it. */
export async function hold(number: number): Promise<HeldPort | null> {
  const server = await listening(number, held)
  if (server === 'taken') return null
  server?.unref()
  return { number, release: () => void server?.close() }
}

/** Whether nobody listens at a port. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listening(port, loopback)
  if (server === null || server === 'taken') return false
  await new Promise((closed) => server.close(closed))
  return true
}

/**
 * Whether one of these processes listens at a port of loopback; null where that cannot be told. Whoever answers there may be somebody
 * else, who was quicker.
 */
export function isListenedAtBy(pids: readonly number[], port: number): boolean | null {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listenersIn(file, port)).map((inode) => `socket:[${inode}]`)
  if (sockets.length === 0) return null
  const all = pids.map((pid) => filesOf(pid)?.some((file) => sockets.includes(file)) ?? null)
  return all.includes(true) ? true : all.includes(null) ? null : false
}

/** What a process has open; nothing of one that has ended, and null where that is not ours to know. */
function filesOf(pid: number): readonly string[] | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null
  }
}

/** As the files below write them: loopback, and every address, of IPv4 and of IPv6. */
const addresses = ['0100007F', '00000000', '0000000000000000FFFF00000100007F', '0'.repeat(32)]
/** The numbers of the sockets that listen at a port: proc_pid_net(5). */
function listenersIn(file: string, port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const locals = addresses.map((address) => `${address}:${hex}`)
  const isListening = ([, local = '', , state]: readonly string[]) => locals.includes(local) && state === '0A'
  return textOf(file).split('\n').map((line) => line.trim().split(/\s+/)).filter(isListening).map((words) => words[9] ?? '')
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}

const listening = (port: number, host: string): Promise<Server | 'taken' | null> => new Promise((done) => {
  const server = createServer()
  server.once('error', ({ code }: NodeJS.ErrnoException) => done(code === 'EADDRINUSE' ? 'taken' : null))
  server.listen({ port, host, exclusive: true }, () => done(server))
})
