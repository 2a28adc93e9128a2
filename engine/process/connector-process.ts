/** A process with a connector in it: what it answers, what it prints, how it is, and how it ends. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Duplex, Readable } from 'node:stream'
import type { Printed } from '../falsify/runner.ts'
import { type Answer, AnswerReader, type Malformed, type Order, type Place } from './answer.ts'
import { childProgram } from './child-program.ts'
import type { Piece } from './printed-events.ts'
import { ProcessGroup } from '../watchdog.ts'

/** Told of an answer, and how many bytes it took. */
type Heard = (answer: Answer | Malformed, bytes: number) => void

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
}

/** Milliseconds that a stack is waited for: what runs native code has none to give. */
const mostAsking = 1_500
/** Milliseconds that its last words are waited for. */
const mostParting = 500
/** Milliseconds that what was printed is waited for, once all else is told. */
const mostLooks = 100
/** Bytes of what is printed in one scenario that are kept. */
const mostKept = 64 * 1024

export class ConnectorProcess {
  /** Fulfilled when it has ended, whoever else holds its pipes. */
  readonly ended: Promise<Ended>
  onPrint: (printed: Printed) => void = () => undefined
  /** Bytes printed since `attend`, and what is kept of them. */
  printed = 0
  pieces: Piece[] = []
  /** Bytes that were ever printed. */
  readonly total = { stdout: 0, stderr: 0 }
  isOver = false
  readonly #group = new ProcessGroup()
  readonly #pulse: Duplex
  readonly #pid: number | undefined
  #began = performance.now()
  #heard: Heard = () => undefined
  #isSaid: (frames: readonly Place[]) => void = () => undefined

  /** Starts it. `heap` is in megabytes. */
  constructor(file: string, as: string, mutant: string, heap: number) {
    const secret = randomBytes(12).toString('hex')
    const child = spawn(process.execPath, [`--max-old-space-size=${heap}`, ...childProgram('./child.ts', file), file, as, mutant, secret], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'], detached: true, windowsHide: true, env: { ...process.env, ...this.#group.env },
    })
    this.#pid = child.pid
    if (child.pid !== undefined) this.#group.lead(child.pid)
    const [, , , pulse, answers] = child.stdio
    if (!(pulse instanceof Duplex) || !(answers instanceof Readable)) throw new Error('A process was started without its channels.')
    this.#pulse = pulse
    this.ended = new Promise((end) => {
      const over = (code: number | null, signal: string | null) => {
        this.isOver = true
        // What it left behind may hold its pipes, and is not to keep this process from its end.
        this.#group.end({ leaderIsGone: true })
        void said(child.stdio.filter((stream) => stream instanceof Readable)).then(() => end({ code, signal }))
      }
      child.once('exit', over)
      child.once('error', () => over(null, null))
    })
    for (const channel of [pulse, answers]) {
      const reader = new AnswerReader(secret, (answer, bytes) => {
        if (answer.is === 'where') this.#isSaid(answer.frames)
        else this.#heard(answer, bytes)
      })
      channel.on('data', (bytes: Buffer) => reader.take(bytes))
      channel.on('error', () => undefined)
    }
    this.#listen('stdout', child.stdout)
    this.#listen('stderr', child.stderr)
  }

  /** From now on what it answers is for somebody else, and what it prints belongs to another scenario. */
  attend(heard: Heard): void {
    this.#heard = heard
    this.printed = 0
    this.pieces = []
    this.#began = performance.now()
  }

  send(order: Order): void {
    this.#pulse.write(`${JSON.stringify(order)}\n`)
  }

  /** The stack of its first thread, the innermost call first; empty where it does not come to tell. It goes on no more. */
  where(): Promise<readonly Place[]> {
    return new Promise((say) => {
      const tooLate = setTimeout(() => say([]), mostAsking)
      this.#isSaid = (frames) => {
        clearTimeout(tooLate)
        say(frames)
      }
      this.#pulse.write('where\n')
    })
  }

  /** Whether a signal has halted it: such a process neither goes on nor ends. False where the system does not tell. */
  get isHalted(): boolean {
    try {
      return process.platform === 'linux' && /^\d+ \(.*\) [Tt] /s.test(readFileSync(`/proc/${this.#pid}/stat`, 'latin1'))
    } catch {
      return false
    }
  }

  /** Fulfilled when so many bytes of what it ever printed have been read, or soon after. */
  async hears(stdout: number, stderr: number): Promise<void> {
    for (let looks = 0; looks < mostLooks && (this.total.stdout < stdout || this.total.stderr < stderr) && !this.isOver; looks++)
      await new Promise((go) => setTimeout(go, 1))
  }

  /** Ends it and all that it has started. */
  async end(): Promise<void> {
    if (!this.isOver) this.#group.end()
    await this.ended
  }

  #listen(on: Printed['on'], stream: Readable | null): void {
    stream?.on('data', (bytes: Buffer) => {
      const left = mostKept - this.printed
      if (left > 0) {
        const kept = bytes.subarray(0, left)
        this.pieces.push({ on, from: this.total[on], bytes: kept })
        this.onPrint({ time: Math.round(performance.now() - this.#began), on, text: kept.toString('utf8') })
      }
      this.printed += bytes.length
      this.total[on] += bytes.length
    })
    stream?.on('error', () => undefined)
  }
}

/** Fulfilled when all that a process wrote has been read, and its pipes are let go. */
async function said(streams: readonly Readable[]): Promise<void> {
  const whole = Promise.all(streams.map((stream) => new Promise((end) => {
    if (stream.destroyed || stream.readableEnded) return end(null)
    stream.once('end', end).once('close', end)
  })))
  let late: NodeJS.Timeout | undefined
  await Promise.race([whole, new Promise((end) => { late = setTimeout(end, mostParting) })])
  clearTimeout(late)
  for (const stream of streams) stream.destroy()
}
