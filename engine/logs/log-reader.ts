/** Reads a log line by line, in bounded memory, up to its end or to the first line of which nothing can be said. */
import type { LogVerdict } from '../../spec/evidence/log-verdict.ts'
import type { LogEvent } from '../../spec/evidence/log.ts'
import { NoEvent } from './log-event.ts'
import type { LogJudge } from './log-judge.ts'
import type { LogMap } from './log-map.ts'

const longestLine = 2 ** 20
const linesPerBeat = 50_000
const newline = 10

interface Beside {
  /** Told now and then how far it is. */
  readonly onBeat: (lines: number) => void
  /** Who else is told of each event. */
  readonly also: (line: number, event: LogEvent) => void
}

type Stopped = LogVerdict['stopped']

export class LogReader {
  readonly #judge: LogJudge
  readonly #map: LogMap
  readonly #onBeat: Beside['onBeat']
  readonly #also: Beside['also']
  lines = 0
  stopped: Stopped = null
  #rest: Buffer = Buffer.alloc(0)

  constructor(judge: LogJudge, map: LogMap, { onBeat = () => undefined, also = () => undefined }: Partial<Beside> = {}) {
    this.#also = also
    this.#judge = judge
    this.#map = map
    this.#onBeat = onBeat
  }

  /** Reads all of it. What fails to be read further, as a compressed file that is cut off, ends the log there. */
  async read(chunks: AsyncIterable<Buffer>): Promise<void> {
    try {
      for await (const chunk of chunks) {
        this.#take(chunk)
        if (this.stopped) return
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error
      this.lines++
      return this.#stop(`its compressed text ends here or is damaged (${(error as Error).message})`)
    }
    if (this.#rest.length > 0) this.#see(this.#rest, true)
    if (this.lines === 0 && !this.stopped) this.stopped = { line: 1, because: 'the log is empty', isUnreadable: true }
  }

  #take(chunk: Buffer): void {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let end = all.indexOf(newline); end >= 0 && !this.stopped; end = all.indexOf(newline, from)) {
      this.#see(all.subarray(from, end), false)
      from = end + 1
    }
    this.#rest = Buffer.from(all.subarray(from))
    if (this.stopped || this.#rest.length <= longestLine) return
    this.lines++
    this.#stop(`it is longer than ${longestLine.toLocaleString('en-US')} bytes`, true)
  }

  /** A text of its own: a part of the chunk would keep all of the chunk in memory. */
  #see(bytes: Buffer, isLast: boolean): void {
    const text = bytes.toString('utf8')
    const line = this.lines++ === 0 ? text.replace(/^\ufeff/, '') : text
    if (this.lines % linesPerBeat === 0) this.#onBeat(this.lines)
    if (line.trim() === '') return
    if (isLast && this.#map.isText) return this.#stop('it has no end of a line: it may be cut off')
    try {
      const events = this.#map.eventsIn(line)
      if (events.length === 0) this.#judge.passesOver(this.lines, line)
      for (const event of events) this.#judgeOf(event)
    } catch (error) {
      if (!(error instanceof NoEvent)) throw error
      if (isLast) this.#stop('it is cut off')
      else this.#stop(error.message, true)
    }
  }

  #judgeOf(event: LogEvent): void {
    if (this.stopped) return
    const back = this.#judge.isBack(event)
    if (back > 0) return this.#stop(`time goes back by ${back.toLocaleString('en-US')} ms: sort the log by time, or say with --skew how far it may`)
    this.#judge.see(this.lines, event)
    this.#also(this.lines, event)
  }

  #stop(because: string, isUnreadable = false): void {
    this.stopped = { line: this.lines, because, isUnreadable }
  }
}
