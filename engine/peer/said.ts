/** The guard on what a program says: every line is looked at, field by field, and a wrong one is told with what was expected there. */
import { type FromPeer, peerAbilities, peerInterests } from '../../spec/peer/protocol.ts'
import { envelopeParts } from '../../spec/connector.ts'
import { UsageError } from '../usage-error.ts'
import { shown } from './misuse.ts'

/** What a value should have been; null where it is. */
type Field = (value: unknown) => string | null

const greatest = Number.MAX_SAFE_INTEGER
/** The longest time that a timer takes, in milliseconds: what a timer of Node takes. */
const longestTimer = 2_147_483_647
const mostText = 100_000
/** How deep a value may be nested: deeper than any message is, and less than what the stack of whoever writes it down would take. */
const deepest = 3_200

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const whole = (least: number, most: number): Field => (value) =>
  (Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? null
    : `a whole number from ${least} to ${most.toLocaleString('en-US')}`)
const text: Field = (value) =>
  (typeof value === 'string' && value.length <= mostText ? null : `a text of at most ${mostText.toLocaleString('en-US')} characters`)
const flag: Field = (value) => (typeof value === 'boolean' ? null : 'true or false')
const anything: Field = (value) => (value === undefined ? 'any JSON value' : null)
const object: Field = (value) => (isObject(value) ? null : 'an object')
const oneOf = (names: readonly string[]): Field => (value) =>
  ((names as readonly unknown[]).includes(value) ? null : names.map((name) => `"${name}"`).join(' or '))
const listOf = (names: readonly string[]): Field => (value) =>
  (Array.isArray(value) && value.every((each) => names.includes(each as string)) && new Set(value).size === value.length ? null
    : `a list of ${names.map((name) => `"${name}"`).join(', ')}, each at most once`)
const maybe = (field: Field): Field => (value) => (value === undefined ? null : field(value))
const envelope: Field = (value) => {
  const parts: readonly string[] = envelopeParts
  const isOne = isObject(value) && Object.entries(value).every(([name, part]) =>
    parts.includes(name) && (name === 'attachments' ? whole(0, greatest) : text)(part) === null)
  return isOne ? null : `an object with ${parts.join(', ')}, or some of them`
}

const call = whole(0, greatest)
const none = {}
/** The fields of each type of line. */
const fieldsOf: { readonly [T in FromPeer['type']]: Readonly<Record<string, Field>> } = {
  hello: {
    protocol: whole(1, greatest), connector: object, can: maybe(listOf(peerAbilities)), hears: maybe(listOf(peerInterests)),
    scenarios: maybe(oneOf(['one', 'many'])),
  },
  started: none, stopped: none, ended: none,
  failed: { why: text },
  done: { turn: whole(1, greatest) },
  send: { call, content: anything, link: maybe(text), envelope: maybe(envelope) },
  delivered: { id: text, link: maybe(text) },
  flag: { id: text, reason: text, link: maybe(text) },
  report: { error: text },
  timer: { timer: call, after: whole(0, longestTimer) },
  cancel: { timer: call },
  keep: { key: text, value: anything },
  forget: { key: text },
  receive: { call, most: whole(0, greatest) },
  acknowledge: { call, id: text, upTo: maybe(flag) },
  refuse: { call, id: text, requeue: maybe(flag) },
  read: { call, key: text },
  write: { call, key: text, value: anything },
  remove: { call, key: text },
  keys: { call },
}

export const isType = (type: unknown): type is FromPeer['type'] => typeof type === 'string' && Object.hasOwn(fieldsOf, type)

/** A line as what it says. Throws `UsageError`, without the number of the line, where it is nothing that a program may say. */
export function said(line: string): FromPeer {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new UsageError(`it is no JSON: ${shown(line)}; only the protocol goes to its output, and what it logs to its error output`)
  }
  if (isTooDeep(line)) throw new UsageError(`it is nested over ${deepest.toLocaleString('en-US')} deep`)
  if (!isObject(value)) throw new UsageError(`it is no object: ${shown(line)}; a line is {"type": …}`)
  const { type, ...fields } = value
  if (!isType(type))
    throw new UsageError(`there is no type ${shown(type)}; there are ${Object.keys(fieldsOf).map((name) => `"${name}"`).join(', ')}`)
  const known = fieldsOf[type]
  for (const [name, field] of Object.entries(known)) {
    const expected = field(Object.hasOwn(fields, name) ? fields[name] : undefined)
    if (expected !== null) {
      const found = Object.hasOwn(fields, name) ? `, and is ${shown(fields[name])}` : ', and is missing'
      throw new UsageError(`‘${name}’ of "${type}" must be ${expected}${found}`)
    }
  }
  const stranger = Object.keys(fields).find((name) => !Object.hasOwn(known, name))
  if (stranger !== undefined) {
    const there = Object.keys(known).length === 0 ? 'it has none' : `there are ${Object.keys(known).join(', ')}`
    throw new UsageError(`"${type}" has no field ${shown(stranger)}: ${there}`)
  }
  return value as FromPeer
}

/** Of a line that is JSON. What is as deep as that has two brackets for each level. */
function isTooDeep(line: string): boolean {
  if (line.length <= 2 * deepest) return false
  let depth = 0
  for (const [part] of line.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (part === '[' || part === '{') depth++
    else if (part === ']' || part === '}') depth--
    if (depth > deepest) return true
  }
  return false
}
