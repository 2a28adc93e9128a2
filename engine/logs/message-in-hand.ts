/** What is kept of a message that a log speaks of, until it is settled: the calls with it, and the lines about it. */
import type { LogLine } from '../../spec/evidence/log-verdict.ts'
import type { LogEvent } from '../../spec/evidence/log.ts'

/** A call, as lines about it are brought together. */
export class Call {
  isAnswered = false
  /** Whether it counts as a delivery, by the word of the far side or by its record, */
  isCounted = false
  /** and whether that record has been seen. */
  isSeen = false
  readonly number: number
  /** What the log calls it; null where it has no name, or that is forgotten. */
  readonly key: string | number | null
  readonly link: string
  readonly life: number

  constructor(number: number, key: string | number | null, link: string, life: number) {
    this.number = number
    this.key = key
    this.link = link
    this.life = life
  }

  /** Whether an event may be about it. */
  isOf({ attempt, link }: LogEvent): boolean {
    return attempt === undefined ? link === undefined || this.link === link : this.key === attempt || this.key === null
  }
}

const [firstLines, lastLines] = [4, 8]

export class MessageInHand {
  readonly id: string
  readonly calls: Call[] = []
  /** By link; of one link, the last. */
  contents: Map<string, string> | null = null
  isKindKnown = false
  /** A flag came with a reason that is not about a call. */
  isExplained = false
  /** Its id was given to two: what is said of it is said of either. */
  isDoubtful = false
  isRemoved = false
  isAwaitingForgetting = false
  readonly #first: LogLine[] = []
  #last: LogLine[] = []

  constructor(id: string) {
    this.id = id
  }

  saw(line: number, { what, link, attempt, because }: LogLine['event'], time: number | null): void {
    const event: { -readonly [K in keyof LogLine['event']]: LogLine['event'][K] } = { what }
    if (link !== undefined) event.link = link
    if (attempt !== undefined) event.attempt = attempt
    if (because !== undefined) event.because = because
    if (this.#first.length < firstLines) this.#first.push({ line, event, time })
    else {
      if (this.#last.length >= lastLines) this.#last.shift()
      this.#last.push({ line, event, time })
    }
  }

  get lines(): readonly LogLine[] {
    return [...this.#first, ...this.#last]
  }

  /** The call that is answered: the one that is named, or else the last that waits over the link. */
  waiting(event: LogEvent, life: number): Call | undefined {
    return this.calls.findLast((call) => !call.isAnswered && call.life === life && call.isOf(event))
  }

  /** Whether this is said of a call a second time. */
  isAnswered({ attempt }: LogEvent): boolean {
    return attempt !== undefined && this.calls.some(({ key, isAnswered }) => key === attempt && isAnswered)
  }

  /** The call that a record of the far side is about: one that counts as a delivery already rather than one of which nothing is known. */
  recorded(event: LogEvent): Call | undefined {
    const may = this.calls.filter((call) => !call.isSeen && call.isOf(event))
    return may.find(({ isCounted }) => isCounted) ?? may[0]
  }

  /** Whether a call with it waits, of which the far side has not said either that it has it. */
  isOpen(life: number): boolean {
    return this.calls.some((call) => !call.isAnswered && !call.isCounted && call.life === life)
  }
}
