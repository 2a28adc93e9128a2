/**
 * A program at work: lines go in and come out, no shell between it and the suite, and it ends with all that it has started. Nothing
 * that it does or leaves undone is waited for without end.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { realSleep } from '../real-time.ts'
import { Inconclusive } from '../inconclusive.ts'
import { ProcessGroup } from '../watchdog.ts'
import { Lines, mostOfLine } from './lines.ts'
import { misuse, shown } from './misuse.ts'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  /** Besides what this process has in its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Milliseconds in which it may say nothing, and not work, while it owes an answer: ten seconds unless told otherwise. */
  readonly silence?: number | undefined
}

interface Heard {
  readonly line: (line: string, number: number) => void
  /** It has ended, or was ended, and why. */
  readonly over: (why: Error) => void
}

/** Bytes on its error output in one scenario; and what it says in one turn: several lines of each message of a large burst. */
const mostPrinted = 4_000_000
const mostSaid = { bytes: 256 * 1024 * 1024, lines: 500_000 }
/**
 * Milliseconds between two looks at it, and in which it may say nothing: it is waited for so many times as long while it works, or speaks.
 * After that it has to say a byte in each, and is waited for ten times longer.
 */
const lookEvery = 100
const usualSilence = 10_000
const longer = 6
/** How long the rest of what it said is waited for when it has ended, where others hold its pipes. */
const mostParting = 500

export class PeerProcess {
  isOver = false
  /** The last words on its error output. */
  lastWords = ''
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #group = new ProcessGroup()
  readonly #lines: Lines
  readonly #name: string
  readonly #silence: number
  #heard: Heard = { line: () => undefined, over: () => undefined }
  #printed = 0
  #said = 0
  #saidLines = 0
  /** What it owes an answer to, in words; null where it owes none. */
  #owes: { readonly what: string; readonly late: (why: string) => Error } | null = null
  #isWatched = false
  #asked = 0

  constructor({ command, args, cwd, env, silence = usualSilence }: Program) {
    this.#silence = silence
    this.#name = nameOf({ command, args })
    const child = this.#child = spawn(command, [...args], {
      cwd, env: { ...process.env, ...env, ...this.#group.env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true, shell: false,
      windowsHide: true,
    })
    if (child.pid !== undefined) this.#group.lead(child.pid)
    this.#lines = new Lines((line, number) => { if (!this.isOver) this.#say(line, number) })
    child.stdout.on('data', (bytes: Buffer) => this.#take(bytes))
    child.stderr.on('data', (bytes: Buffer) => this.#print(bytes))
    // Of a program that reads no more it shows when it does not answer, or has ended.
    child.stdin.on('error', () => undefined)
    for (const stream of [child.stdout, child.stderr]) stream.on('error', () => undefined)
    child.once('error', (error: NodeJS.ErrnoException) => this.#over(misuse(
      `${shown(command)} cannot be started (${error.code ?? error.message}): is it installed, and on the PATH?`)))
    child.once('exit', (code, signal) => void this.#exited(code, signal))
    child.stdout.once('end', () => { if (child.exitCode === null && child.signalCode === null) void this.#closed() })
    // It keeps nobody from ending, and virtual time does not wait for its pipes: what is waited for, a look is set for.
    child.unref()
    for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref?(): void }).unref?.()
  }

  /** From now on what it says is for somebody else. */
  attend(heard: Heard): void {
    this.#heard = heard
    this.#printed = 0
    this.#said = this.#saidLines = 0
    this.#owes = null
  }

  write(lines: string): void {
    if (!this.isOver && this.#child.stdin.writable) this.#child.stdin.write(lines)
  }

  /** It owes an answer: where it says nothing at all for too long, it is ended with the error that `late` makes of the reason. */
  expect(what: string, late: (why: string) => Error): void {
    this.#owes = { what, late }
    this.#asked++
    this.#said = this.#saidLines = 0
    if (!this.#isWatched) void this.#watch()
  }

  /** It has answered. */
  satisfied(): void {
    this.#owes = null
  }

  /** What came is nothing that it may say: it is ended. */
  refuse(number: number, why: string): void {
    this.#fail(misuse(`line ${number} of what ${shown(this.#name)} says: ${why}`))
  }

  /** Ends it and all that it has started, and says nothing of it. */
  end(): void {
    this.#heard = { line: () => undefined, over: () => undefined }
    this.#over(new Error('it was ended'))
  }

  #fail(why: Error): void {
    this.#over(why)
  }

  #over(why: Error): void {
    if (this.isOver) return
    this.isOver = true
    this.#owes = null
    this.#lines.close()
    this.#group.end({ leaderIsGone: this.#child.exitCode !== null || this.#child.signalCode !== null })
    for (const stream of this.#child.stdio) stream?.destroy()
    this.#heard.over(why)
  }

  #take(bytes: Buffer): void {
    if (this.isOver) return
    this.#said += bytes.length
    if (this.#said > mostSaid.bytes) return this.#endless(`${mostSaid.bytes / 1024 / 1024} MB`)
    const { next } = this.#lines
    if (!this.#lines.take(bytes))
      this.#fail(misuse(`line ${Math.max(next, this.#lines.next)} of what ${shown(this.#name)} says has over ${mostOfLine / 1024 / 1024} MB: a line ends in \\n`))
  }

  #say(line: string, number: number): void {
    if (++this.#saidLines > mostSaid.lines) this.#endless(`${mostSaid.lines.toLocaleString('en-US')} lines`)
    else this.#heard.line(line, number)
  }

  #endless(much: string): void {
    this.#fail(new Error(`it says over ${much} and does not come to an end`))
  }

  #print(bytes: Buffer): void {
    if (this.isOver) return
    this.#printed += bytes.length
    this.lastWords = (this.lastWords + bytes.toString('utf8')).slice(-2_000)
    if (this.#printed > mostPrinted)
      return this.#fail(new Error(`it prints without end: over ${mostPrinted.toLocaleString('en-US')} bytes on its error output`))
    process.stderr.write(bytes)
  }

  /** It has ended by itself. What it said before counts, where it comes to the end. */
  async #exited(code: number | null, signal: string | null): Promise<void> {
    if (this.isOver) return
    const { stdout, stderr } = this.#child
    const read = Promise.all([stdout, stderr].map((stream) => new Promise((end) => {
      if (stream.readableEnded || stream.destroyed) return end(null)
      stream.once('end', end).once('close', end)
    })))
    await Promise.race([read, realSleep(mostParting)])
    this.#over(new Error(`${signal === null ? `its process exited with code ${code}` : `its process was ended by ${signal}`}${this.#halfALine()}`))
  }

  async #closed(): Promise<void> {
    // Whoever ends closes its output first.
    await realSleep(mostParting)
    this.#over(new Error(`it closed its output, and goes on${this.#halfALine()}`))
  }

  #halfALine(): string {
    const { rest } = this.#lines
    return rest === '' ? '' : `, and the last line that it says has no end: ${shown(rest)}`
  }

  /** Looks at it while it owes an answer. What counts is what it does: a machine that gives it no time is waited for. */
  async #watch(): Promise<void> {
    this.#isWatched = true
    let [asked, said, idle, working, looks] = [this.#asked, this.#said, 0, 0, 0]
    let used = processorTime(this.#child.pid)
    let looksInAll = 0
    const atAll = longer * this.#silence
    while (this.#owes && !this.isOver) {
      await realSleep(lookEvery)
      const inAll = lookEvery * (looksInAll = asked === this.#asked ? looksInAll + 1 : 0)
      if (inAll >= atAll && said !== this.#said && (this.#said < inAll || inAll >= 10 * atAll)) {
        this.#fail(new Inconclusive(`it speaks for ${inAll / 1_000} seconds, ${this.#said.toLocaleString('en-US')} bytes in all, `
          + `and does not come to an end: ${this.#owes.what}`))
        break
      }
      if (asked !== this.#asked || said !== this.#said) {
        [asked, said, idle, working, looks] = [this.#asked, this.#said, 0, 0, 0]
        continue
      }
      const now = processorTime(this.#child.pid)
      looks++
      if (now !== null && used !== null && now > used) {
        working += now - used
        idle = 0
      } else idle++
      used = now
      if (!this.#owes) break
      const { what, late } = this.#owes
      const silence = this.#silence / 1_000
      if (idle * lookEvery >= this.#silence) this.#fail(late(`it says nothing for ${silence} seconds, and does not work: ${what}`))
      else if (working >= 2 * this.#silence) this.#fail(late(`it spins: ${2 * silence} seconds of processor time, and it says nothing: ${what}`))
      else if (looks * lookEvery >= atAll) this.#fail(new Inconclusive(`it says nothing for ${atAll / 1_000} seconds, and goes on working: ${what}`))
    }
    this.#isWatched = false
  }
}

/** How it is called, in one line. */
export const nameOf = ({ command, args }: Program): string => [command, ...args].join(' ').replace(/\s+/g, ' ')

/** Milliseconds of processor time that a process has used, by a clock of a hundredth; null where the system does not tell. */
function processorTime(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]) * 10, 0)
  } catch {
    return null
  }
}
