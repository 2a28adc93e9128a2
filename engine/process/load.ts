/** Connectors out of a file: every export that is one, and a clear word where it nearly is. Components in it are only named. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Connector, envelopeParts, faultNames, messageKinds } from '../../spec/connector.ts'
import { connectorLaws } from '../../spec/laws.ts'
import { introducedPeer } from '../peer/peer.ts'
import { isProgram, programIn } from '../peer/program-file.ts'
import { UsageError } from '../usage-error.ts'

export interface Loaded {
  readonly file: string
  /** The name under which the file exports it. */
  readonly as: string
  readonly connector: Connector
}

export interface Loading {
  readonly found: readonly Loaded[]
  /** What is wrong with every other export that is nearly a connector: a line each. */
  readonly unfit: readonly string[]
  /** The names of its exports that are meant as components. */
  readonly components: readonly string[]
}

const guarantees = ['exactly-once', 'at-least-once', 'at-most-once']

/** What a file exports. Throws `UsageError` in one line when it cannot be loaded. */
export async function exportsOf(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path)
  if (!existsSync(file)) throw new UsageError(`There is no file ${path}.`)
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${inOneLine(error, file)}${howToImport(error)}`)
  }
}

/** What to do where it is this suite that is not found, to go after what Node says; empty for any other error. */
function howToImport(error: unknown): string {
  const says = error instanceof Error ? error.message : ''
  if (/Cannot find (?:package|module) 'unwedge(?:\/[^']*)?'/.test(says))
    return '. It imports this suite: install that where the file is, by `npm i -D unwedge`.'
  if (/Cannot find (?:package|module) '[^']*[\\/]dist[\\/](?:unwedge|assert|vitest|model)\.c?js'/.test(says))
    return '. In a clone of the suite a file imports `api/unwedge.ts`, `api/assert.ts`, `api/vitest.ts` or `api/model.ts` by its path.'
  if (/'\.\/[^']*' is not defined by "exports" in [^\n]*unwedge[\\/]package\.json/.test(says))
    return '. There are `unwedge`, `unwedge/assert`, `unwedge/vitest` and `unwedge/model`.'
  return ''
}

/** The names of exports that are meant as components, each thing once. */
export const componentsAmong = (exported: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(exported).flatMap(([as, value]) => {
    const isMeant = isObject(value) && 'variants' in (value as object) && 'model' in (value as object)
    return isMeant && !isNamedToo(as, value, exported) ? [as] : []
  })

/** Loads a file’s connectors. Throws `UsageError` when it has none that is fit, and no components either. */
export async function load(path: string): Promise<Loading> {
  const file = resolve(path)
  if (isProgram(path)) {
    if (!existsSync(file)) throw new UsageError(`There is no file ${path}.`)
    const connector = checked(await introducedPeer(programIn(path)), `${path}, the ‘connector’ of its hello`)
    return { found: [{ file, as: 'default', connector }], unfit: [], components: [] }
  }
  const exported = await exportsOf(path)
  const components = componentsAmong(exported)
  const objects = Object.entries(exported).filter(([as, value]) => isObject(value) && !isNamedToo(as, value, exported))
  const starting = objects.filter(([, value]) => 'start' in (value as object))
  // Parts of connectors may be exported too; where there is nothing else, one is taken for a connector gone wrong.
  const found = starting.length > 0 ? starting : objects.filter(([, value]) => 'guarantee' in (value as object))
  if (found.length === 0 && components.length > 0) return { found: [], unfit: [], components }
  if (found.length === 0)
    throw new UsageError(`${path} exports no connector and no model: export an object with ‘name’, ‘guarantee’ and ‘start’ (the type Connector of unwedge), or a component({ … }) of unwedge/model.`)
  const [fit, unfit]: [Loaded[], string[]] = [[], []]
  for (const [as, value] of found)
    try {
      fit.push({ file, as, connector: checked(value as Connector, `${path}, export ‘${as}’`) })
    } catch (error) {
      // A getter may throw anything.
      unfit.push(error instanceof UsageError ? error.message : `${path}, export ‘${as}’: ${inOneLine(error, file)}`)
    }
  if (fit.length === 0 && components.length === 0) throw new UsageError(unfit.join(' '))
  return { found: fit, unfit, components }
}

/** The line, from 1, in which a file exports something under a name; null where that cannot be told. */
export function lineOf(file: string, as: string): number | null {
  let lines: readonly string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch {
    return null
  }
  const name = as.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const declared = as === 'default' ? /^\s*export\s+default(?![\w$])/
    : new RegExp(`^\\s*export\\s+(?:const|let|var|class|(?:async\\s+)?function\\*?)\\s+${name}(?![\\w$])`, 'u')
  const listed = new RegExp(`^\\s*export\\s*\\{(?:.*[\\s,{])?${name}\\s*[,}]`, 'u')
  const at = [declared, listed].map((form) => lines.findIndex((line) => form.test(line))).find((line) => line >= 0)
  return at === undefined ? null : at + 1
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const isNamedToo = (as: string, value: unknown, exported: Readonly<Record<string, unknown>>) =>
  as === 'default' && Object.entries(exported).some(([name, other]) => name !== as && other === value)

const longestError = 300

/** What an error says, and the line of the file that it comes from if it does. */
export function inOneLine(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error)
  const line = (error.stack ?? '').split('\n').find((each) => /^\s+at /.test(each) && each.includes(basename(file)))
  const where = line === undefined ? '' : ` (${line.trim().replace(/^at .*?([^/()]+:\d+:\d+)\)?$/, 'at $1')})`
  return `${error.message.replace(/\s*\n\s*/g, ' ').trim().slice(0, longestError)}${where}`
}

/** What a connector may ask for at the most: more would only be the suite’s own memory and time. Milliseconds of patience. */
const most = { links: 100, workers: 1_000, burst: 100_000, patience: 2_147_483_647, realPatience: 600_000 }

/** Says what is wrong with a connector before anything else trips over it. */
export function checked(connector: Connector, where: string): Connector {
  const wrong = (what: string) => new UsageError(`${where}: ${what}`)
  if (!isObject(connector)) throw wrong(`it must be an object with ‘name’, ‘guarantee’ and ‘start’, and is ${shown(connector)}.`)
  const unknown = Object.keys(connector).find((field) => !fields.includes(field))
  // An instance of a class may have fields of its own.
  if (unknown !== undefined && Object.getPrototypeOf(connector) === Object.prototype)
    throw wrong(`there is no field ‘${unknown}’: there are ${fields.join(', ')}.`)
  const { name, guarantee, start, clock, patience, links, workers, burst, component } = connector as unknown as Record<string, unknown>
  if (typeof name !== 'string' || name.trim() === '') throw wrong('‘name’ must be a text, such as ‘my queue 1.0’.')
  if (!guarantees.includes(guarantee as string))
    throw wrong(`‘guarantee’ must be one of ${guarantees.join(', ')}, and is ${shown(guarantee)}.`)
  if (typeof start !== 'function') throw wrong(`‘start’ must be a function of the world, and is ${shown(start)}.`)
  if (clock !== undefined && clock !== 'virtual' && clock !== 'real')
    throw wrong(`‘clock’ must be ‘virtual’ or ‘real’, and is ${shown(clock)}.`)
  const longest = clock === 'real' ? most.realPatience : most.patience
  for (const [field, value, limit] of [['patience', patience, longest], ['burst', burst, most.burst]] as const) {
    if (value === undefined) continue
    if (!(typeof value === 'number' && value > 0)) throw wrong(`‘${field}’ must be a number over 0, and is ${shown(value)}.`)
    if (value > limit) throw wrong(`‘${field}’ must be at most ${limit.toLocaleString('en-US')}, and is ${shown(value)}.`)
  }
  for (const [field, value, limit] of [['links', links, most.links], ['workers', workers, most.workers]] as const)
    if (value !== undefined && !isRange(value, limit))
      throw wrong(`‘${field}’ must be [least, most] from 1 to ${limit.toLocaleString('en-US')}, such as [1, 3], and is ${shown(value)}.`)
  promises(connector, wrong)
  if (component !== undefined && typeof component !== 'string')
    throw wrong(`‘component’ must be the name of a component, and is ${shown(component)}.`)
  for (const [field, names] of Object.entries({
    notApplicable: faultNames, neverGiven: messageKinds, exempt: connectorLaws.map((law) => law.name),
  })) reasons(connector[field as 'exempt'], field, names, wrong)
  if (connector.neverGiven?.plain !== undefined)
    throw wrong('‘neverGiven’ names ‘plain’: every scenario ends with a plain message, so give it some.')
  return connector
}

/** The least and the most of each promise that is a number: of milliseconds, messages, attachments or recipients. */
const promised = {
  recovery: [0, 2_147_483_647], expiry: [1, 315_360_000_000], capacity: [1, 1_000_000], slack: [0, 2_147_483_647],
  timeout: [1, 2_147_483_647], strips: [0, 1_000_000], recipients: [1, 100],
} as const satisfies Partial<Record<keyof Connector, readonly [number, number]>>

/** Says what is wrong with what it promises. */
function promises(connector: Connector, wrong: (what: string) => UsageError): void {
  for (const [field, [least, greatest]] of Object.entries(promised)) {
    const value: unknown = connector[field as keyof typeof promised]
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= least && Number(value) <= greatest))
      throw wrong(`‘${field}’ must be a whole number from ${least} to ${greatest.toLocaleString('en-US')}, and is ${shown(value)}.`)
  }
  const { order, carries, trouble } = connector as Readonly<Partial<Record<'order' | 'carries' | 'trouble', unknown>>>
  if (order !== undefined && order !== 'none' && order !== 'per link') throw wrong(`‘order’ must be ‘none’ or ‘per link’, and is ${shown(order)}.`)
  for (const [field, value, names] of [['carries', carries, envelopeParts], ['trouble', trouble, ['refused for now']]] as const) {
    const known: readonly unknown[] = names
    if (value !== undefined && (!Array.isArray(value) || value.some((part) => !known.includes(part))))
      throw wrong(`‘${field}’ must be a list of ${names.join(', ')}, and is ${shown(value)}.`)
  }
}

/** What is left out must be something that there is, and have its reason: a slip here would pass for a test. */
function reasons(given: unknown, field: string, names: readonly string[], wrong: (what: string) => UsageError): void {
  if (given === undefined) return
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrong(`‘${field}’ must be an object of names and reasons, and is ${shown(given)}.`)
  for (const [name, because] of Object.entries(given)) {
    if (!names.includes(name)) throw wrong(`‘${field}’ names ‘${name}’: there are ${names.join(', ')}.`)
    if (typeof because !== 'string' || because.trim() === '') throw wrong(`‘${field}’ gives no reason for ‘${name}’: pages repeat it.`)
  }
}

/** A connector as it can be told to another process: all of it but `start`. */
export function described(connector: Connector): Omit<Connector, 'start'> {
  return Object.fromEntries(told.flatMap((field) => connector[field] === undefined ? [] : [[field, connector[field]]])) as
    unknown as Omit<Connector, 'start'>
}
const told = [
  'name', 'guarantee', 'clock', 'patience', 'notApplicable', 'neverGiven', 'exempt', 'links', 'workers', 'burst', 'component',
  'order', 'recovery', 'expiry', 'capacity', 'slack', 'timeout', 'trouble', 'carries', 'strips', 'recipients',
] as const satisfies readonly (keyof Connector)[]

const fields: readonly string[] = [...told, 'start']

const shown = (value: unknown): string =>
  value === undefined ? 'missing' : typeof value === 'function' ? 'a function' : typeof value === 'number' ? String(value)
    : (JSON.stringify(value) ?? String(value))

function isRange(value: unknown, limit: number): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [least, most] = value as unknown[]
  return Number.isInteger(least) && Number.isInteger(most) && (least as number) >= 1 && (least as number) <= (most as number)
    && (most as number) <= limit
}
