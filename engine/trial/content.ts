/** What messages of each kind carry, made so that a link knows a message again by it. */
import type { Event, EventName, History, MessageKind } from '../../spec/connector.ts'
import { depth } from '../../spec/message.ts'

/** Long texts that were made before: every scenario has some, of messages with the same ids. */
const made = new Map<string, string>()
const mostMade = 64

function madeOnce(id: string, kind: string, make: () => string): string {
  const key = `${kind} ${id}`
  const before = made.get(key)
  if (before !== undefined) return before
  if (made.size >= mostMade) made.clear()
  const text = make()
  made.set(key, text)
  return text
}

/** Whether content of a kind is an object, which is made anew for each hand. */
export const isObject = (kind: MessageKind): boolean => kind === 'list' || kind === 'wrong type' || kind === 'deep'

/** The content of a message. Objects are made anew at every call: what one hand changes, no other has. */
export function contentOf(id: string, kind: MessageKind): unknown {
  switch (kind) {
    case 'twin': return `${id}, and again`
    case 'other script': return `${id}: Grüße, привет, 漢字, e\u0301, 🙂`
    case 'lines': return `${id}\n.\n..\n\n  indented, and then spaces  `
    case 'control characters': return `${id}\r\nCR LF\rCR\ttab\0NUL\u0085\u2028and more\r\n`
    case 'long': return madeOnce(id, kind, () => `${id} ${'x'.repeat(100_000 - 1 - id.length)}`)
    case 'long other script': return madeOnce(id, kind, () => longOtherScript(id))
    case 'lone surrogate': return `${id}: half \ud83d of a picture`
    case 'list': return [id, `${id}, second part`]
    case 'empty': return ''
    case 'wrong type': return Object.assign(Object.create(null) as object, { id })
    case 'deep': {
      let nested: unknown = id
      for (let level = 0; level < depth; level++) nested = { in: nested }
      return nested
    }
    default: return id
  }
}

/** Letters of two to four bytes across every edge of 16 and 64 KiB, wherever a chunk begins. */
function longOtherScript(id: string): string {
  const letters = 'é漢🙂'
  return `${id}: ${letters.repeat(Math.ceil((66 * 1024) / 9))}`
}

export function addressOf(id: string, kind: MessageKind): string {
  const address = `${id}@far.example`
  if (kind === 'oversized') return `${'a'.repeat(300)}@far.example`
  if (kind === 'bad address') return `${id} at nowhere`
  if (kind === 'no such destination') return `${id}@nowhere.example`
  if (kind === 'deep') return madeOnce(id, 'deep address', () => `${Array.from({ length: depth }, (_, i) => `g${i}:`).join(' ')} ${address};`)
  return address
}

/** The id that content carries, wherever in it; null when it carries none. */
export function idIn(content: unknown): string | null {
  for (let inner = content, level = 0; level <= depth + 1; level++) {
    if (typeof inner === 'string') return leading(inner)
    if (inner === null || typeof inner !== 'object') return null
    const fields = inner as Record<string, unknown>
    inner = fields['id'] ?? fields['0'] ?? fields['in']
  }
  return null
}

/** ‘m’ and digits at the start of a text, and no letter, digit or line after them. */
function leading(text: string): string | null {
  if (text.charCodeAt(0) !== 109) return null
  let end = 1
  while (isDigit(text.charCodeAt(end))) end++
  return end === 1 || isOfAWord(text.charCodeAt(end)) ? null : text.slice(0, end)
}

const isDigit = (code: number) => code >= 48 && code <= 57
const isOfAWord = (code: number) => isDigit(code) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)

/** Whether what a link was given is what was sent: alike, whatever the objects. */
export function sameContent(a: unknown, b: unknown): boolean {
  for (let level = 0; ; level++) {
    if (Object.is(a, b)) return true
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
    const keys = Object.keys(left)
    if (keys.length !== Object.keys(right).length || Array.isArray(a) !== Array.isArray(b)) return false
    if (keys.length === 1) [a, b] = [left[keys[0]!], right[keys[0]!]]
    else return keys.every((key) => Object.is(left[key], right[key]) || String(left[key]) === String(right[key]))
    if (level > depth + 1) return false
  }
}

const longestWords = 200
/** Of reports in one history: whoever makes more says nothing new by it, and is not to fill the memory by it. */
export const mostReports = 1_000

/** What has come of a text: of a long one, where it is no longer what was sent. */
export function altered(sent: unknown, got: unknown): string {
  if (typeof sent !== 'string' || typeof got !== 'string' || sent.length < longestWords) return words(got)
  let same = 0
  while (same < got.length && got[same] === sent[same]) same++
  return `${words(got.slice(0, 20))}…, the same for ${same.toLocaleString('en-US')} of ${sent.length.toLocaleString('en-US')} characters`
}

/** An error or a value in a few words, whatever it is. */
export function words(value: unknown): string {
  try {
    const text = value instanceof Error ? value.message : typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    return text.slice(0, longestWords)
  } catch {
    return 'something that cannot be shown'
  }
}

/** What happened, and in the last report that is kept how many more there were. */
export function withCount({ events, reports }: { readonly events: History; readonly reports: number }): History {
  if (reports <= mostReports) return events
  const last = events.findLastIndex(({ what }) => what === 'reports')
  const { detail = '', ...event } = events[last]!
  return events.with(last, { ...event, detail: `${detail} (and ${(reports - mostReports).toLocaleString('en-US')} more reports)` })
}

type Open = { -readonly [K in keyof Event]: Event[K] }

/** An event from its fields, one by one: a spread takes several times as long, and there are hundreds of events. */
export function eventOf(
  what: EventName, time: number, message: string | undefined, link: string | undefined, attempt?: number, life?: number, detail?: string,
  told?: false,
): Event {
  const event: Open = { what, time }
  if (message !== undefined) event.message = message
  if (link !== undefined) event.link = link
  if (attempt !== undefined) event.attempt = attempt
  if (life !== undefined) event.life = life
  if (told !== undefined) event.told = told
  if (detail !== undefined) event.detail = detail
  return event
}

/** The same from an object, of whatever shape. */
export function happening(
  what: EventName, { message, link, attempt, told, life, detail, with: other, onDisk, holds, since }: Omit<Partial<Event>, 'what' | 'time'>,
  time: number,
): Event {
  const event: Open = eventOf(what, time, message, link, attempt, life, detail, told)
  if (other !== undefined) event.with = other
  if (onDisk !== undefined) event.onDisk = onDisk
  if (holds !== undefined) event.holds = holds
  if (since !== undefined) event.since = since
  return event
}
