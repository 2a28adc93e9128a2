/**
 * A daemon that is started for a trial, in a folder of its own, and looked after: whatever becomes of this process, SIGKILL included, no
 * process of the daemon’s is left, and no folder. A keeper in a session of its own sees to that, a shell that outlives this process by
 * a moment: it has no other parent than the system, so that nobody who ends this process and its children ends the keeper with them.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'

/** How a daemon is started, in the foreground: it leads a process group, and ends at SIGTERM. */
export interface Launch {
  readonly command: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether it may be called on already. Looked at until it says so; left out, it may be at once. */
  readonly isReady?: () => boolean
}

interface Ended { readonly code: number | null; readonly signal: string | null }

/** What every process of a daemon has in its environment, unless it clears that: the folder that it belongs to, and the daemon’s number. */
const mark = 'UNWEDGE_DAEMON_IN'
let daemons = 0
/** Milliseconds that one is given to listen. */
const mostStarting = 20_000
/** Bytes of what it prints that are kept, to be told where it does not come up. */
const mostKept = 4_000

export class Daemon {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #mark: string
  #printed = ''
  readonly #isReady: () => boolean
  #isOver = false

  constructor({ command, words, env = {}, isReady = () => true }: Launch, folder: string) {
    this.#isReady = isReady
    // One that is started in the same folder after it is another.
    const own = `${folder}#${++daemons}`
    this.#mark = `${mark}=${own}`
    const child = spawn(command, words, {
      cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...env, [mark]: own },
    })
    this.#child = child
    if (child.pid !== undefined) tell(`+ ${child.pid}`)
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => { this.#printed = (this.#printed + bytes.toString()).slice(-mostKept) })
    this.ended = new Promise((end) => {
      const over = (code: number | null, signal: string | null) => {
        this.#isOver = true
        end({ code, signal })
      }
      child.once('exit', over)
      child.once('error', (error) => {
        this.#printed += error.message
        over(null, null)
      })
    })
    // It is waited for where that is asked for; nobody stays for its sake.
    child.unref()
    for (const stream of [child.stdout, child.stderr]) (stream as { unref?: () => void } | null)?.unref?.()
  }

  /** Fulfilled when it says something at a port, as mail servers do; rejects where it ends before, or takes too long. */
  async greets(port: number, greeting: RegExp): Promise<void> {
    await this.#until(async () => greeting.test(await firstWords(port)), `said nothing at port ${port}`)
  }

  /** Fulfilled when it listens at a port, for those that wait to be spoken to; rejects where it ends before, or takes too long. */
  async listens(port: number): Promise<void> {
    await this.#until(() => isListenedAt(port), `did not listen at port ${port}`)
  }

  async #until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
    for (const until = performance.now() + mostStarting; performance.now() < until; await new Promise((go) => setTimeout(go, 10))) {
      if (this.#isOver) break
      if (this.#isReady() && (await isSo())) return
    }
    const { pid, spawnfile } = this.#child
    const isOver = this.#isOver
    await this.kill()
    const what = isOver ? 'did not come up' : `${otherwise} in ${mostStarting / 1000} s`
    throw new Error(`${spawnfile} (process ${pid}) ${what}: ${this.#printed.trim() || 'it printed nothing'}`)
  }

  /** Asks it to end, and ends it where it has not after so many milliseconds. */
  async stop(within: number): Promise<void> {
    this.#child.ref()
    if (!this.#isOver) this.#child.kill('SIGTERM')
    let late: NodeJS.Timeout | undefined
    await Promise.race([this.ended, new Promise((go) => { late = setTimeout(go, within) })])
    clearTimeout(late)
    await this.kill()
  }

  /** Ends it and whatever it has started, as a power cut would. */
  async kill(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) return
    // From here on somebody waits for its end.
    this.#child.ref()
    const all = this.#isOver ? [] : descendantsOf(pid)
    for (const each of [-pid, ...all]) end(each)
    for (const each of marked(this.#mark)) end(each)
    tell(`- ${pid}`)
    await this.ended
  }
}

/** A folder of its own, which is gone when this process is, if not before. */
export function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unwedge-daemon-'))
  tell(`/ ${folder}`)
  return folder
}
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })

/** A port on loopback that is free now, of those that no system gives to whoever dials. Somebody else may take it before a daemon does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) return port
  }
}

/** Whether nobody listens at a port of loopback. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const answer = await new Promise<boolean>((done) => {
    server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true))
  })
  await new Promise((closed) => server.close(closed))
  return answer
}

/** What is said at a port to whoever dials and waits; nothing where nobody listens. */
const firstWords = (port: number): Promise<string> => new Promise((said) => {
  const socket = connect({ port, host: '127.0.0.1' })
  const over = (words: string) => {
    said(words)
    socket.destroy()
  }
  socket.on('data', (bytes) => over(bytes.toString()))
  const nothing = () => over('')
  socket.setTimeout(1_000, nothing).on('error', nothing).on('end', nothing)
})

const isListenedAt = (port: number): Promise<boolean> => new Promise((said) => {
  const socket = connect({ port, host: '127.0.0.1' })
  const over = (isSo: boolean) => {
    said(isSo)
    socket.destroy()
  }
  socket.on('connect', () => over(true)).on('error', () => over(false))
})

/** Reads what there is until this process is gone, and ends and removes it then. */
const keeping = `
{
  while read -r sign what; do
    case $sign in
      +) all="$all $what" ;;
      -) rest=; for each in $all; do [ "$each" = "$what" ] || rest="$rest $each"; done; all=$rest ;;
      /) set -- "$@" "$what" ;;
    esac
  done
  below() { for each in $(cat /proc/$1/task/*/children); do found="$found $each"; below "$each"; done; }
  for pid in $all; do kill -s STOP -- "-$pid"; done
  for pid in $all; do below "$pid"; done
  for pid in $all; do kill -s KILL -- "-$pid"; done
  for pid in $found; do kill -s KILL "$pid"; done
  for pass in 1 2 3; do
    for folder in "$@"; do
      for file in $(grep -ls "${mark}=$folder#" /proc/[0-9]*/environ); do file=\${file#/proc/}; kill -s KILL "\${file%/environ}"; done
      case $folder in */unwedge-daemon-*) rm -rf -- "$folder" ;; esac
    done
    [ $pass = 3 ] || sleep 0.2
  done
} <&3 > /dev/null 2>&1 &
`
let keeper: Writable | null | undefined

function tell(line: string): void {
  if (keeper === undefined) keeper = started()
  keeper?.write(`${line}\n`)
}

/** The keeper’s ear; null where there is no shell, as on Windows: then only what is closed in good order leaves nothing. */
function started(): Writable | null {
  if (process.platform === 'win32') return null
  const shell = spawn('/bin/sh', ['-c', keeping], {
    cwd: '/', stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  const lost = () => { keeper = null }
  shell.on('error', lost)
  shell.unref()
  const ear = shell.stdio[3]
  if (!(ear instanceof Writable)) return null
  ear.on('error', lost)
  ;(ear as { unref?: () => void }).unref?.()
  return ear
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** Those who left their group, and whose parents are gone: they have inherited where they belong. */
function marked(mark: string): readonly number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)
    } catch {
      return false
    }
  })
}

function descendantsOf(pid: number): readonly number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number))
    return children.flatMap((child) => [child, ...descendantsOf(child)])
  } catch {
    return []
  }
}
