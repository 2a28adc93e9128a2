/** The messages of a scenario: one of each kind, made so that a link knows it again by what is carried. */
import type { Message, MessageKind } from '../../spec/connector.ts'
import { attachmentLimit } from '../../spec/components/gateway.ts'

/** What sets each kind apart, for pages. */
export const kindsOfMessage: Readonly<Record<MessageKind, string>> = {
  plain: 'healthy',
  'new header': 'healthy, with a header name that nobody has met',
  'other script': 'with letters of other scripts, an accent of its own and a picture',
  lines: 'of several lines, one of them a dot, with spaces at both ends',
  long: '100,000 characters long',
  list: 'its content is a list',
  empty: 'its content is empty',
  deep: 'nested 3,000 deep, in content and address',
  oversized: 'an address of 300 characters',
  'bad address': 'an address that is none',
  'no such destination': 'addressed to where there is nothing',
  'wrong type': 'its content cannot be made into text',
  'many attachments': `${(attachmentLimit + 1).toLocaleString('en-US')} attachments`,
  refused: 'the far side refuses it for good',
  busy: 'the far side refuses it twice, and then takes it',
}

const depth = 3_000

/** A message on its way, over a link; it knows whether the connector has ever looked at its signal. */
export class TrialMessage implements Message {
  readonly id: string
  readonly kind: MessageKind
  readonly link: string
  readonly content: unknown
  readonly address: string
  readonly header: string
  readonly attachments: number
  /** Made when somebody asks for it: thousands of messages never do. Who has not asked cannot be told of an abort. */
  #control: AbortController | null = null

  constructor(number: number, kind: MessageKind, link: string) {
    this.id = `m${number}`
    this.kind = kind
    this.link = link
    this.content = contentOf(this.id, kind)
    this.address = addressOf(this.id, kind)
    this.header = kind === 'new header' ? `X-Name-${number}` : 'Subject'
    this.attachments = kind === 'many attachments' ? attachmentLimit + 1 : 0
  }

  /** A copy of the message is no look at this. */
  get signal(): AbortSignal {
    this.#control ??= new AbortController()
    return this.#control.signal
  }

  get isHeeded(): boolean {
    return this.#control !== null
  }

  abort(): void {
    this.#control?.abort()
  }
}

function contentOf(id: string, kind: MessageKind): unknown {
  if (kind === 'other script') return `${id}: Grüße, привет, 漢字, e\u0301, 🙂`
  if (kind === 'lines') return `${id}\n.\n..\n\n  indented, and then spaces  `
  if (kind === 'long') return `${id} ${'x'.repeat(100_000 - 1 - id.length)}`
  if (kind === 'list') return [id, `${id}, second part`]
  if (kind === 'empty') return ''
  if (kind === 'wrong type') return Object.assign(Object.create(null) as object, { id })
  if (kind !== 'deep') return id
  let nested: unknown = id
  for (let level = 0; level < depth; level++) nested = { in: nested }
  return nested
}

function addressOf(id: string, kind: MessageKind): string {
  const address = `${id}@far.example`
  if (kind === 'oversized') return `${'a'.repeat(300)}@far.example`
  if (kind === 'bad address') return `${id} at nowhere`
  if (kind === 'no such destination') return `${id}@nowhere.example`
  if (kind === 'deep') return `${Array.from({ length: depth }, (_, i) => `g${i}:`).join(' ')} ${address};`
  return address
}

/** The id that content carries, wherever in it; null when it carries none. */
export function idIn(content: unknown): string | null {
  for (let inner = content, level = 0; level <= depth + 1; level++) {
    if (typeof inner === 'string') return /^m\d+\b/.exec(inner)?.[0] ?? null
    if (inner === null || typeof inner !== 'object') return null
    const fields = inner as Record<string, unknown>
    inner = fields['id'] ?? fields['0'] ?? fields['in']
  }
  return null
}

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
