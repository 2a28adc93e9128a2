/** One line of a log as an event. What is no event says so, in words that follow the number of its line. */
import { aboutNoMessage, type LogEvent, type LogEventName, logEventNames } from '../../spec/evidence/log.ts'
import { type MessageKind, messageKinds } from '../../spec/message.ts'

/** What is wrong with a line. */
export class NoEvent extends Error {}

const names: ReadonlySet<unknown> = new Set(logEventNames)
const kinds: ReadonlySet<unknown> = new Set(messageKinds)
/** Longer ones are no names. */
const longestName = 1_000

const shown = (value: unknown) => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

export function eventIn(line: string): LogEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new NoEvent(`it is no JSON: ${shown(line)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NoEvent(`it is no object: ${shown(value)}`)
  return eventOf(value as Readonly<Record<string, unknown>>)
}

/** An event from fields that are not trusted. */
export function eventOf(from: Readonly<Record<string, unknown>>): LogEvent {
  const { what } = from
  if (!names.has(what)) throw new NoEvent(`its "what" is ${shown(what)}, and is to be one of ${logEventNames.join(', ')}`)
  const is = what as LogEventName
  const event: { -readonly [K in keyof LogEvent]: LogEvent[K] } = { what: is, time: timeOf(from['time']) }
  const message = nameIn(from, 'message', true)
  if (message !== undefined) event.message = message
  else if (!aboutNoMessage.has(is)) throw new NoEvent(`it is ‘${is}’, and has no "message"`)
  const link = nameIn(from, 'link')
  if (link !== undefined) event.link = link
  else if (is === 'link down' || is === 'link up') throw new NoEvent(`it is ‘${is}’, and has no "link"`)
  const { attempt, content, kind, recipients, permanent, because } = from
  if (attempt !== undefined) {
    if (typeof attempt !== 'string' && !Number.isSafeInteger(attempt)) throw new NoEvent(`its "attempt" is ${shown(attempt)}: use a whole number, or a text`)
    event.attempt = attempt as string | number
  }
  if (content !== undefined) event.content = typeof content === 'string' ? content : JSON.stringify(content)
  if (kind !== undefined) {
    if (!kinds.has(kind)) throw new NoEvent(`its "kind" is ${shown(kind)}, and is to be one of ${messageKinds.join(', ')}`)
    event.kind = kind as MessageKind
  }
  if (recipients !== undefined) {
    if (!Number.isSafeInteger(recipients) || Number(recipients) < 1 || Number(recipients) > mostRecipients)
      throw new NoEvent(`its "recipients" are ${shown(recipients)}: use a whole number from 1 to ${mostRecipients}`)
    event.recipients = recipients as number
  }
  if (permanent !== undefined) {
    if (typeof permanent !== 'boolean') throw new NoEvent(`its "permanent" is ${shown(permanent)}: use true or false`)
    event.permanent = permanent
  }
  if (because !== undefined) event.because = String(because).slice(0, longestName)
  return event
}
const mostRecipients = 10_000

function nameIn(from: Readonly<Record<string, unknown>>, field: string, mayBeNumber = false): string | undefined {
  const value = from[field]
  if (value === undefined || value === null) return undefined
  if (mayBeNumber && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string' || value === '') throw new NoEvent(`its "${field}" is ${shown(value)}: use a text`)
  if (value.length > longestName) throw new NoEvent(`its "${field}" has ${value.length.toLocaleString('en-US')} characters: ${longestName.toLocaleString('en-US')} is the most`)
  return value
}

/** Milliseconds: a number as it is, or a date as ISO 8601 writes it. */
export function timeOf(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) ? Date.parse(value) : NaN
  if (Number.isNaN(time))
    throw new NoEvent(`its "time" is ${shown(value)}: use milliseconds, or a date such as "2026-11-28T06:00:00.123Z"`)
  return time
}
