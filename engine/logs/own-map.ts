/**
 * A map of one’s own, in a file of JSON: where in a line its time, its message and the rest stand, and which lines mean what.
 * `examples/judging-a-log.md` has two, and `reports/schema/log-map.schema.json` is their schema.
 */
import type { LogEvent } from '../../spec/evidence/log.ts'
import { UsageError } from '../usage-error.ts'
import { eventOf, NoEvent } from './log-event.ts'
import type { LogMap } from './log-map.ts'

const fields = ['time', 'message', 'link', 'attempt', 'content', 'kind', 'recipients', 'permanent', 'because'] as const
type Field = (typeof fields)[number]

/** A line that this is true of means the event. */
interface Rule {
  readonly what: string
  /** Of text: it is like this. Named groups are fields. */
  readonly match: RegExp | null
  /** Of JSON: what stands at these paths is this. */
  readonly where: readonly (readonly [path: string, is: RegExp])[]
  /** Fields that the line does not have. */
  readonly set: Readonly<Record<string, unknown>>
}

export function ownMap(text: string, path: string): LogMap {
  const wrong = (why: string) => new UsageError(`${path} is no map of a log: ${why}.`)
  const value = objectIn(parsed(text, wrong), wrong, 'it')
  const unknown = Object.keys(value).find((name) => !['$schema', 'lines', 'fields', 'events', 'skew'].includes(name))
  if (unknown !== undefined) throw wrong(`it has "${unknown}", and is to have "lines", "fields", "events" and "skew"`)
  const { lines, skew = 0 } = value
  if (lines !== 'text' && lines !== 'json') throw wrong('its "lines" are to be "text" or "json"')
  if (typeof skew !== 'number' || !(skew >= 0)) throw wrong('its "skew" is to be a number of milliseconds')
  const at = Object.entries(objectIn(value['fields'] ?? {}, wrong, 'its "fields"')).map(([name, where]) => {
    if (!isField(name)) throw wrong(`its "fields" have "${name}", and may have ${fields.join(', ')}`)
    if (typeof where !== 'string') throw wrong(`its "fields" say of "${name}" where it stands by a path such as "job.id"`)
    return [name, where.split('.')] as const
  })
  if (!Array.isArray(value['events']) || value['events'].length === 0) throw wrong('its "events" are to be a list of what lines mean')
  const rules = value['events'].map((each, i) =>
    ruleOf(objectIn(each, wrong, `its event ${i + 1}`), lines, (why) => wrong(`its event ${i + 1} ${why}`)))
  return {
    isText: lines === 'text', skew, silentOn: [],
    eventsIn: lines === 'text' ? (line) => fromText(line, rules) : (line) => fromJson(line, rules, at),
  }
}

const isField = (name: string): name is Field => (fields as readonly string[]).includes(name)
type Wrong = (why: string) => UsageError

function ruleOf(rule: Readonly<Record<string, unknown>>, lines: 'text' | 'json', wrong: Wrong): Rule {
  const { what, match, where = {}, set = {}, ...more } = rule
  const unknown = Object.keys(more)[0]
  if (unknown !== undefined) throw wrong(`has "${unknown}", and may have "what", "match", "where" and "set"`)
  try {
    eventOf({ what, time: 0, message: 'm', link: 'l' })
  } catch (error) {
    throw wrong(`says that ${(error as Error).message}`)
  }
  if ((lines === 'text') !== (typeof match === 'string')) throw wrong(lines === 'text' ? 'has no "match", a regular expression' : 'has a "match", which is for lines of text')
  return {
    what: what as string, match: typeof match === 'string' ? expression(match, wrong) : null,
    where: Object.entries(objectIn(where, wrong, '"where"')).map(([path, is]) => [path, expression(`^(?:${String(is)})$`, wrong)]),
    set: objectIn(set, wrong, '"set"'),
  }
}

function expression(text: string, wrong: Wrong): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch (error) {
    throw wrong(`has no regular expression: ${(error as Error).message}`)
  }
}

function parsed(text: string, wrong: Wrong): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrong(`it is no JSON (${(error as Error).message})`)
  }
}

function objectIn(value: unknown, wrong: Wrong, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value) && !Array.isArray(value)) return value
  throw wrong(`${what} is no object`)
}

/** The first rule that a line is true of says what it means. */
function fromText(line: string, rules: readonly Rule[]): readonly LogEvent[] {
  for (const { what, match, set } of rules) {
    const groups = match!.exec(line)?.groups
    // A part of the line would keep the line in memory.
    if (groups || match!.test(line)) return [eventOf({ ...set, ...numbers(JSON.parse(JSON.stringify(groups ?? {}))), what })]
  }
  return []
}

function fromJson(line: string, rules: readonly Rule[], at: readonly (readonly [Field, readonly string[]])[]): readonly LogEvent[] {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new NoEvent('it is no JSON')
  }
  const rule = rules.find(({ where }) => where.every(([path, is]) => is.test(String(valueAt(value, path.split('.'))))))
  if (!rule) return []
  const found = at.flatMap(([name, path]) => {
    const each = valueAt(value, path)
    return each === undefined || each === null ? [] : [[name, each]]
  })
  return [eventOf({ ...rule.set, ...Object.fromEntries(found), what: rule.what })]
}

const valueAt = (value: unknown, path: readonly string[]): unknown => path.reduce<unknown>((within, name) =>
  (isObject(within) && Object.hasOwn(within, name) ? within[name] : undefined), value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/** A text has numbers as text. */
const numbers = ({ time, recipients, permanent, ...rest }: Readonly<Record<string, unknown>>) => ({
  ...rest, time: typeof time === 'string' && /^\d+(?:\.\d+)?$/.test(time) ? Number(time) : time,
  ...(recipients === undefined ? {} : { recipients: Number(recipients) }),
  ...(permanent === undefined ? {} : { permanent: permanent === 'true' }),
})
