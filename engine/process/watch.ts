/** Watches over a process while it is at work, and ends it when it is past help. */
import { relative, sep } from 'node:path'
import { type Answer, type Malformed, mostBytes, type Place } from './answer.ts'
import { isOfTheProgram } from './child-program.ts'
import type { ConnectorProcess, Ended } from './connector-process.ts'
import type { Piece } from './printed-events.ts'
import { type Ailment, type VitalLimits, VitalSigns } from './vital-signs.ts'

export interface WatchLimits extends VitalLimits {
  /** Messages that it is given in this run: each takes memory of its own. */
  readonly messages?: number
  /** Megabytes of heap. */
  readonly heap: number
  /** Bytes it may print. */
  readonly output: number
  /** When it is ended whatever it does, by `performance.now()`. */
  readonly until: number
}

interface Watcher {
  readonly answered: (answer: Answer) => void
  /** It has ended, or was ended: why, and whether because it did not turn. */
  readonly ended: (died: string, isSlow: boolean) => void
  /** It was ended, and is not to blame. */
  readonly unsettled: (because: string, whose: 'connector' | 'machine') => void
}

/** It does not turn; something else is wrong with it; nothing can be said of it; or it was given no time. */
type Fate = 'slow' | 'ill' | 'unsettled' | 'starved'

/** Milliseconds without a pulse after which nothing can be said: the system gave it no time, or halted it. */
const mostSilence = 60_000
/** and after which it is looked at whether a signal has halted it. */
const haltedAfter = 1_000
const lookEvery = 250
/** Kilobytes for each message, its content, timers and listeners and our own notes of it: who takes more does not let go of something. */
const enoughForEach = 64

export class Watch {
  readonly #child: ConnectorProcess
  readonly #limits: WatchLimits
  readonly #watcher: Watcher
  readonly #signs: VitalSigns
  readonly #looks: NodeJS.Timeout
  readonly #deadline: NodeJS.Timeout | undefined
  #bytes = 0
  #heardAt = performance.now()
  /** Why it is being ended, once it is. */
  #fate: { readonly because: string; readonly is: Fate } | null = null
  #isOver = false

  constructor(child: ConnectorProcess, limits: WatchLimits, watcher: Watcher) {
    this.#child = child
    this.#limits = limits
    this.#watcher = watcher
    this.#signs = new VitalSigns(limits)
    child.attend((answer, bytes) => this.#hear(answer, bytes))
    this.#looks = setInterval(() => this.#look(), lookEvery)
    const left = limits.until - performance.now()
    this.#deadline = left === Infinity ? undefined : setTimeout(() => this.#giveUp('the time was over', 'unsettled'), Math.max(0, left))
    void child.ended.then((ended) => this.#end(ended))
  }

  /** Whatever it does from now on is nobody’s business. */
  stop(): void {
    this.#isOver = true
    clearInterval(this.#looks)
    clearTimeout(this.#deadline)
    this.#child.attend(() => undefined)
  }

  #hear(answer: Answer | Malformed, bytes: number): void {
    this.#heardAt = performance.now()
    if (answer.is === 'pulse') {
      const ailment = this.#signs.see(answer, this.#heardAt)
      if (ailment !== null) void this.#tell(ailment)
      return
    }
    this.#bytes += bytes
    // How much is kept is the suite’s own limit: who has more to tell is not to blame.
    if (this.#bytes > mostBytes) this.#giveUp(`its answers take more than ${mostBytes / 1024 / 1024} MB`, 'unsettled')
    else if (answer.is === 'malformed') this.#giveUp(answer.because, 'ill')
    else this.#watcher.answered(answer)
  }

  #look(): void {
    if (this.#child.printed > this.#limits.output)
      this.#giveUp(`it prints without end: over ${this.#limits.output.toLocaleString('en-US')} bytes`, 'ill')
    const silent = performance.now() - this.#heardAt
    if (silent > haltedAfter && this.#child.isHalted) this.#giveUp('its process was halted by a signal, and did not go on', 'slow')
    if (silent > mostSilence)
      this.#giveUp(`its process gave no sign of life in ${mostSilence / 1000} seconds: the machine gave it no processor time, and that says `
        + 'nothing of the connector', 'starved')
  }

  async #tell(ailment: Ailment): Promise<void> {
    if (this.#fate) return
    const { spin, block, stall, memory } = this.#limits
    if (ailment === 'is out of memory') return this.#runsOutOfMemory(memory, `${memory} MB`)
    if (ailment === 'stalls') return this.#giveUp(`nothing happened for ${stall / 1000} seconds, and it did not come to an end`, 'unsettled')
    if (ailment === 'is blocked')
      return this.#giveUp(`it blocks its only thread: its event loop did not turn for ${block / 1000} seconds, and it did no work`, 'slow')
    const because = `${Math.round(spin / 100) / 10} seconds of processor time, and its event loop did not turn`
    this.#fate = { because: `it spins: ${because}`, is: 'slow' }
    const place = placeIn(await this.#child.where())
    if (this.#isOver) return
    this.#fate = { because: `it spins${place}: ${because}`, is: 'slow' }
    await this.#child.end()
  }

  /**
   * That memory is full is evidence against it only where a message would have had far more of it than any takes: with so many in hand
   * at once it was our own limit that ended first.
   */
  #runsOutOfMemory(megabytes: number, told: string): void {
    const { messages = 0 } = this.#limits
    const each = megabytes * 1024 / messages
    if (each > enoughForEach) this.#giveUp(`it ran out of memory (${told})`, 'ill')
    else
      this.#giveUp(`it ran out of memory (${told}) with ${messages.toLocaleString('en-US')} messages in hand, ${Math.round(each)} KB for each: `
        + 'declare a smaller `burst`', 'unsettled')
  }

  #giveUp(because: string, is: Fate): void {
    if (this.#fate && is !== 'unsettled' && is !== 'starved') return
    this.#fate = { because, is }
    void this.#child.end()
  }

  #end(ended: Ended): void {
    if (this.#isOver) return
    if (!this.#fate && isOutOfMemory(ended, this.#child.pieces)) this.#runsOutOfMemory(this.#limits.heap, `${this.#limits.heap} MB of heap`)
    const { because, is } = this.#fate ?? { because: how(ended), is: 'ill' }
    if (is === 'unsettled' || is === 'starved') this.#watcher.unsettled(because, is === 'starved' ? 'machine' : 'connector')
    else this.#watcher.ended(because, is === 'slow')
  }
}

/** Whether its heap was full: V8 says so on its way. */
const isOutOfMemory = ({ code, signal }: Ended, printed: readonly Piece[]) => (signal === 'SIGABRT' || code === 134)
  && printed.some(({ bytes }) => /heap out of memory|Allocation failed/.test(bytes.toString('utf8')))

/** Why it ended by itself. */
function how({ code, signal }: Ended): string {
  if (signal === 'SIGABRT' || code === 134) return 'it aborted'
  return signal === null ? `its process exited with code ${code}` : `its process was ended by ${signal}`
}

/** The innermost call that is not the suite’s own, and the one of the connector’s own files that led to it. */
function placeIn(frames: readonly Place[]): string {
  const theirs = frames.filter(({ file }) => !isOfTheProgram(file))
  const inner = theirs[0]
  const own = theirs.find(({ file }) => !file.includes(`${sep}node_modules${sep}`))
  if (!inner) return ''
  return own && own !== inner ? `, ${called(inner)}, called from ${called(own)}` : `, ${called(inner)}`
}
const called = ({ name, file, line }: Place) =>
  `in ${name === '' ? 'a function without a name' : `‘${name}’`} (${relative('.', file).split(sep).join('/')}:${line})`
