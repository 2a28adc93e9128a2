/**
 * What a supervised process answers, and the guard on it: nothing that comes out of one is taken on trust. Answers are
 * lines, each with a secret that only this suite and its child know; any other line is a stranger’s, and passed over.
 */
import type { Connector, Event, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { UsageError } from '../usage-error.ts'
import { checked } from './load.ts'
import type { Mark } from './printed-events.ts'
import type { Pulse } from './pulse.ts'

/** What a child is sent. */
export interface Order {
  /** Answers to any other order are late ones. */
  readonly number: number
  readonly scenario: Scenario
  readonly patience?: number
  /** Send every event as it happens, because this scenario does not come back. */
  readonly live: boolean
  /** Say how many could have had each turn. */
  readonly counting: boolean
}

/** A connector without its `start`, which cannot leave the process. */
interface Described {
  readonly as: string
  readonly connector: Omit<Connector, 'start'>
}

/** A place in a source: what is called there, and its file and line. */
export interface Place {
  readonly name: string
  readonly file: string
  readonly line: number
}

/** What it answers. */
export type Answer =
  /** It has its connector, which on the real clock is patient for so many milliseconds. */
  | { readonly is: 'ready'; readonly patience: number }
  | { readonly is: 'event'; readonly number: number; readonly event: Event; readonly printed: readonly number[] }
  /** A long history comes in parts, */
  | { readonly is: 'part'; readonly number: number; readonly part: History }
  /** and this is its last. */
  | {
    readonly is: 'history'; readonly number: number; readonly history: History; readonly choices: readonly number[]
    /** Where it had printed how much. */
    readonly marks: readonly Mark[]
  }
  /** What the file exports, when no export was named, what is wrong with those that are not fit, and which are components. */
  | {
    readonly is: 'exports'; readonly found: readonly Described[]; readonly unfit: readonly string[]
    readonly components: readonly string[]
  }
  | { readonly is: 'unfit'; readonly because: string }
  /** And what its second thread says. */
  | ({ readonly is: 'pulse' } & Pulse)
  | { readonly is: 'where'; readonly frames: readonly Place[] }

/** One that is none of these, and why. */
export interface Malformed {
  readonly is: 'malformed'
  readonly because: string
}

/** Bytes of one line, */
const mostOfLine = 64 * 1024 * 1024
/** and of all that is said of one scenario: far more than a hundred thousand messages take. */
export const mostBytes = 256 * 1024 * 1024
/** Characters of one text of an event, and events of a history. */
const mostText = 4_000
const mostEvents = 2_000_000

/** Takes bytes as they come, and gives the answers among them. Past `mostOfLine` without an end it says so, once. */
export class AnswerReader {
  readonly #secret: string
  readonly #heard: (answer: Answer | Malformed, bytes: number) => void
  #parts: Buffer[] = []
  #size = 0
  #isOver = false

  constructor(secret: string, heard: (answer: Answer | Malformed, bytes: number) => void) {
    this.#secret = secret
    this.#heard = heard
  }

  take(bytes: Buffer): void {
    if (this.#isOver) return
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; from = end + 1, end = bytes.indexOf(10, from)) {
      const line = Buffer.concat([...this.#parts, bytes.subarray(from, end)]).toString('utf8')
      this.#parts = []
      this.#size = 0
      if (line.startsWith(this.#secret)) this.#heard(answerFrom(line.slice(this.#secret.length)), line.length)
    }
    if (from < bytes.length) this.#parts.push(bytes.subarray(from))
    this.#size += bytes.length - from
    if (this.#size <= mostOfLine) return
    this.#isOver = true
    this.#parts = []
    this.#heard({ is: 'malformed', because: `its answer takes more than ${mostOfLine / 1024 / 1024} MB` }, this.#size)
  }
}

function answerFrom(line: string): Answer | Malformed {
  try {
    return answerOf(JSON.parse(line))
  } catch (error) {
    if (error instanceof UsageError) return { is: 'malformed', because: error.message }
    return { is: 'malformed', because: 'its process answered what is no answer' }
  }
}

/** A value as an answer. Throws `UsageError`, without a full stop, where it is none. */
export function answerOf(value: unknown): Answer {
  const answer = objectOf(value, 'its process answered what is no answer')
  switch (answer['is']) {
    case 'ready': return { is: 'ready', patience: numberOf(answer['patience']) }
    case 'event': return {
      is: 'event', number: numberOf(answer['number']), event: eventOf(answer['event']), printed: listOf(answer['printed']).map(numberOf),
    }
    case 'part': return { is: 'part', number: numberOf(answer['number']), part: listOf(answer['part']).map(eventOf) }
    case 'history': return {
      is: 'history', number: numberOf(answer['number']), choices: listOf(answer['choices']).map(numberOf),
      history: listOf(answer['history']).map(eventOf), marks: listOf(answer['marks']).map(markOf),
    }
    case 'exports': return {
      is: 'exports', found: listOf(answer['found']).map(describedOf), unfit: listOf(answer['unfit']).map(textOf),
      components: listOf(answer['components']).map(textOf),
    }
    case 'unfit': return { is: 'unfit', because: textOf(answer['because']) }
    case 'pulse': return {
      is: 'pulse', turns: numberOf(answer['turns']), events: numberOf(answer['events']), processor: numberOf(answer['processor']),
      memory: numberOf(answer['memory']), waits: answer['waits'] === null ? null : answer['waits'] === true,
    }
    case 'where': return { is: 'where', frames: listOf(answer['frames']).map(placeOf) }
    default: throw new UsageError('its process answered what is no answer')
  }
}

/** A connector as it is told here is held to the same as where it was loaded: that other place may have been tampered with. */
function describedOf(value: unknown): Described {
  const { as, connector } = objectOf(value, 'its process tells of no connector')
  const start = () => { throw new Error('A connector that runs in a process of its own is not started here.') }
  const { start: _, ...rest } = checked({ ...objectOf(connector, 'its process tells of no connector'), start } as unknown as Connector, textOf(as))
  return { as: textOf(as), connector: rest }
}

const markOf = (value: unknown): Mark => {
  const [at, stdout, stderr] = listOf(value).map(numberOf)
  return [at ?? 0, stdout ?? 0, stderr ?? 0]
}

const placeOf = (value: unknown): Place => {
  const { name, file, line } = objectOf(value, 'its process tells of no place')
  return { name: textOf(name), file: textOf(file), line: numberOf(line) }
}

/** ‘m’ and one to nine digits. */
function isId(text: string): boolean {
  if (text.length < 2 || text.length > 10 || text.charCodeAt(0) !== 109) return false
  for (let i = 1; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false
  return true
}

const notEvent = 'its process gave a history with something that is no event'
/** An event with the fields that pages know, and others only where they are plain. */
function eventOf(value: unknown): Event {
  const event = objectOf(value, notEvent)
  const { what, time, message, link, detail } = event
  if (typeof what !== 'string' || what === '' || what.length > 100) throw new UsageError(notEvent)
  if (typeof time !== 'number' || !Number.isFinite(time)) throw new UsageError(notEvent)
  if (message !== undefined && !(typeof message === 'string' && isId(message))) throw new UsageError(notEvent)
  for (const text of [link, detail]) if (text !== undefined && typeof text !== 'string') throw new UsageError(notEvent)
  // Nobody else has what was read from a line, and hardly any field has to be another: there are half a million events of a large stream.
  for (const name in event) {
    const field = event[name]
    const plain = plainOf(field)
    if (plain !== field) (event as Record<string, unknown>)[name] = plain
  }
  return event as unknown as Event
}

/** A text, no longer than a page has room for; a number; true, false and null; or a list of these. */
function plainOf(value: unknown, isInList = false): unknown {
  if (typeof value === 'string') return value.length > mostText ? `${value.slice(0, mostText)}…` : value
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value) && !isInList && value.length <= mostText) return value.map((each) => plainOf(each, true))
  throw new UsageError(notEvent)
}

function objectOf(value: unknown, otherwise: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>
  throw new UsageError(otherwise)
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new UsageError('its process answered something else where a list should be')
  if (value.length > mostEvents) throw new UsageError(`its process told of more than ${mostEvents.toLocaleString('en-US')} things`)
  return value
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new UsageError('its process answered something else where a number should be')
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw new UsageError('its process answered something else where a text should be')
}
