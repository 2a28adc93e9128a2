/**
 * A daemon that is started for a trial, in a folder of its own, and looked after: it has a port for itself, its end is told when nobody
 * asked for it, and nothing is left of it, whatever becomes of this process.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { World } from '../../spec/connector.ts'
import { mark, tell } from './keeper.ts'
import { outsideOf } from './outside.ts'
import { type HeldPort, holdPort, isFree, isListenedAtBy } from './ports.ts'

/** How a daemon is started, in the foreground: it leads a process group, and ends at SIGTERM. */
export interface Launch {
  readonly command: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether it may be called on already. Looked at until it says so; left out, it may be at once. */
  readonly isReady?: () => boolean
}

interface Ended { readonly code: number | null; readonly signal: string | null }

/** A daemon that listens at a port of loopback, which is its own for as long as it lives. */
export interface Listening {
  readonly folder: string
  /** How it is started at a port: asked again where a stranger was quicker there. */
  readonly launch: (port: number) => Launch | Promise<Launch>
  /** What it says to whoever dials; left out, it waits to be spoken to. */
  readonly greeting?: RegExp
}

/** Signals that a process gets for what it does itself, by signal(7); any other is somebody else’s doing. */
const ownSignals: ReadonlySet<string> = new Set([
  'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGPIPE', 'SIGSEGV', 'SIGSYS', 'SIGTRAP', 'SIGXCPU',
])

let daemons = 0
/** Milliseconds that one is given to listen. */
const mostStarting = 20_000
/** Bytes of what it prints that are kept, to be told where it does not come up, or ends by itself. */
const mostKept = 4_000
/** Milliseconds after which its end is heard of. */
const mostUnheard = 100

export class Daemon {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #mark: string
  #printed = ''
  readonly #isReady: () => boolean
  #isOver = false
  /** Whether it was told to end. */
  #isTold = false
  #port: HeldPort | null = null

  constructor({ command, words, env = {}, isReady = () => true }: Launch, folder: string) {
    this.#isReady = isReady
    // One that is started in the same folder after it is another.
    const own = `${folder}#${++daemons}`
    this.#mark = `${mark}=${own}`
    const child = spawn(command, words, {
      cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...env, [mark]: own },
    })
    this.#child = child
    const { pid } = child
    if (pid !== undefined) tell(`+ ${pid}`)
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => { this.#printed = (this.#printed + bytes.toString()).slice(-mostKept) })
    this.ended = new Promise((done) => {
      const over = (code: number | null, signal: string | null) => {
        this.#isOver = true
        // At once: later its number may be that of somebody else.
        if (pid !== undefined) {
          end(-pid)
          tell(`- ${pid}`)
        }
        done({ code, signal })
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

  /**
   * Starts one that listens at a port that was free, and waits until it does; where a stranger is quicker there, at another. Where it
   * ends before it is told to, the trial of the world ends at once, and its history says with what.
   */
  static async listening(
    { folder, launch, greeting }: Listening, world: World,
  ): Promise<{ readonly daemon: Daemon; readonly port: number }> {
    for (;;) {
      const held = await holdPort()
      const port = held.number
      const daemon = new Daemon(await launch(port), folder)
      daemon.#port = held
      try {
        await (greeting ? daemon.greets(port, greeting) : daemon.listens(port))
        void daemon.ended.then(() => daemon.#endsByItself(world))
        return { port, daemon }
      } catch (error) {
        if (await isFree(port)) throw error
      }
    }
  }

  /** Fulfilled when it says something at a port, as mail servers do; rejects where it ends before, or takes too long. */
  async greets(port: number, greeting: RegExp): Promise<void> {
    await this.#until(port, async () => greeting.test(await firstWords(port)), `said nothing at port ${port}`)
  }

  /** Fulfilled when it listens at a port, for those that wait to be spoken to; rejects where it ends before, or takes too long. */
  async listens(port: number): Promise<void> {
    await this.#until(port, () => isListenedAt(port), `did not listen at port ${port}`)
  }

  async #until(port: number, isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
    const { pid = 0 } = this.#child
    for (const until = performance.now() + mostStarting; performance.now() < until; await new Promise((go) => setTimeout(go, 10))) {
      if (this.#isOver) break
      if (!this.#isReady() || !(await isSo())) continue
      const isIt = isListenedAtBy([pid, ...descendantsOf(pid)], port)
      // Where nobody can tell who answered, one that could not listen ends.
      if (isIt || (isIt === null && !(await this.hasEndedByItself()))) return
    }
    const isOver = this.#isOver
    await this.kill()
    throw new Error(`${this.#name} ${isOver ? 'did not come up' : `${otherwise} in ${mostStarting / 1000} s`}: ${this.#lastWords}`)
  }

  /** Whether it has ended though nobody told it to. It is given a moment: whoever lost it may know before its end is heard of. */
  async hasEndedByItself(): Promise<boolean> {
    let late: NodeJS.Timeout | undefined
    await Promise.race([this.ended, new Promise((go) => { late = setTimeout(go, mostUnheard) })])
    clearTimeout(late)
    return this.#isOver && !this.#isTold
  }

  /**
   * Its own end is a crash of what is on trial. Where somebody else has ended it, by a signal, nothing that comes after says anything of
   * the connector, for or against it.
   */
  async #endsByItself(world: World): Promise<void> {
    if (this.#isTold) return
    const { code, signal } = await this.ended
    // What it said last may be on its way.
    await new Promise((go) => setTimeout(go, 20))
    const how = signal === null ? `with code ${code}` : `by ${signal}`
    const isOwn = signal === null || ownSignals.has(signal)
    const what = isOwn ? `${this.#name} ended by itself, ${how}: ${this.#lastWords}`
      : `${this.#name} was ended ${how}, and not by this trial: try again where nobody does that (${this.#lastWords})`
    outsideOf(world)?.fail(Object.assign(new Error(what), isOwn ? {} : { name: 'Inconclusive' }))
  }

  get #name(): string {
    return `${this.#child.spawnfile} (process ${this.#child.pid})`
  }

  get #lastWords(): string {
    return this.#printed.trim() || 'it printed nothing'
  }

  /** Asks it to end, and ends it where it has not after so many milliseconds. */
  async stop(within: number): Promise<void> {
    this.#isTold = true
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
    this.#isTold = true
    this.#port?.release()
    if (pid === undefined) return
    // From here on somebody waits for its end.
    this.#child.ref()
    if (!this.#isOver) for (const each of [-pid, ...descendantsOf(pid)]) end(each)
    for (const each of marked(this.#mark)) end(each)
    await this.ended
  }
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
