/**
 * The failure store: every scenario that broke a connector, kept as a file to read, to run again and to commit.
 *
 * A file is named for what it holds, so that the same failure found twice is one file, and two people’s stores can be
 * put together. Nothing in one is taken on trust. An entry of an older form is read as what it would be today, and its
 * file left as it is; one of a newer form is left alone, and reported.
 *
 * Runs of models are not kept. What a walk finds in a model is the same each time it is walked with that seed, its page
 * ends with the command that shows it again from nothing, and a variant’s shortest run is in the catalogue, which every
 * check holds it to. A connector is not ours to repeat: what broke it once is all there is.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Connector, faultNames, type MessageKind, messageKinds, rangesOf } from '../../spec/connector.ts'
import { connectorLaws, type LawName } from '../../spec/laws.ts'
import type { Fresh, Scenario } from '../../spec/scenario.ts'
import { UsageError } from '../usage-error.ts'

/** Where failures are kept, in the directory in which the command was given, unless told otherwise. */
export const storeName = '.unwedge'

/** Grows when a reader of an older entry would go wrong. */
export const storeSchema = 3

export interface Stored {
  readonly schema: typeof storeSchema
  readonly kind: 'scenario'
  readonly connector: string
  readonly export: string
  /** From the directory that the store is in, or that has the configuration file, with slashes. */
  readonly file: string
  readonly law: LawName
  readonly says: string
  readonly scenario: Scenario
  /** In which scenario that a seed draws; or in which of all orders of a few messages. */
  readonly found: { readonly seed: number; readonly run: number; readonly by: 'drawing' | 'every order' }
}

/** What becomes of an entry from one form to the next, by the form that it has. */
const migrations: Readonly<Record<number, (entry: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>> = {
  // How it was found was not told, and taken for drawn.
  1: (entry) => ({ ...entry, schema: 2, found: { ...(entry['found'] as object | undefined), by: 'drawing' } }),
  // What a connector was tried with was called an ordeal.
  2: ({ ordeal, ...entry }) => ({ ...entry, schema: 3, kind: entry['kind'] === 'ordeal' ? 'scenario' : entry['kind'], scenario: ordeal }),
}

/** The same entry in today’s form. */
function migrated(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { schema: from } = entry
  const step = typeof from === 'number' && Object.hasOwn(migrations, from) ? migrations[from] : undefined
  return step ? migrated(step(entry)) : entry
}

/** A file of a store: what it holds, or why that cannot be told. */
export type Entry = { readonly path: string } & ({ readonly stored: Stored } | { readonly unreadable: string })

/** Far more than any scenario takes. */
const mostBytes = 1024 * 1024
/** Bursts that are drawn for a scenario at the most, and the messages in them where a connector takes as many as any may. */
const mostBursts = 5
const mostMessages = mostBursts * 100_000

/** What a store holds; nothing when there is none. */
export function entriesIn(dir: string): readonly Entry[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(dir).filter((name) => name.endsWith('.json')).sort().map((name) => entryAt(join(dir, name)))
}

function entryAt(path: string): Entry {
  try {
    return { path, stored: readStored(path) }
  } catch (error) {
    return { path, unreadable: error instanceof Error ? error.message : String(error) }
  }
}

/** Reads one entry. Throws `UsageError`, in one line, whatever the file holds. */
export function readStored(path: string): Stored {
  const file = statSync(path)
  if (!file.isFile()) throw new UsageError(`${path} is no file.`)
  if (file.size > mostBytes) throw new UsageError(`${path} is no stored scenario: it has ${file.size.toLocaleString('en-US')} bytes.`)
  const wrong = (why: string) => new UsageError(`${path} cannot be read: ${why}.`)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw wrong('it is no JSON')
  }
  return storedFrom(value, wrong)
}

type Wrong = (why: string) => UsageError

/** A value as an entry. Throws what `wrong` makes of the reason why it is none. */
export function storedFrom(value: unknown, wrong: Wrong): Stored {
  const entry = migrated(objectOf(value, 'it is no stored scenario', wrong))
  if (typeof entry['schema'] === 'number' && entry['schema'] > storeSchema)
    throw wrong(`it is of schema ${entry['schema']}, and this unwedge knows ${storeSchema}`)
  if (entry['schema'] !== storeSchema || entry['kind'] !== 'scenario') throw wrong('it is no stored scenario')
  const text = (field: string) => {
    const found = entry[field]
    if (typeof found === 'string' && found !== '') return found
    throw wrong(`it lacks ‘${field}’`)
  }
  const most = Number.MAX_SAFE_INTEGER
  const found = objectOf(entry['found'], 'it does not say how it was found', wrong)
  const law = connectorLaws.find(({ name }) => name === entry['law'])?.name
  if (!law) throw wrong('it names no law')
  const by = found['by']
  if (by !== 'drawing' && by !== 'every order') throw wrong('it does not say how it was found')
  return {
    schema: storeSchema, kind: 'scenario', connector: text('connector'), export: text('export'), file: text('file'),
    law, says: text('says'),
    scenario: scenarioFrom(entry['scenario'], wrong),
    found: { seed: whole(found['seed'], 0, most, 'seed', wrong), run: whole(found['run'], 0, most, 'run', wrong), by },
  }
}

/** A scenario out of a file, every part of it looked at. */
export function scenarioFrom(value: unknown, wrong: Wrong): Scenario {
  const scenario = objectOf(value, 'it holds no scenario', wrong)
  const list = (field: string, most: number): readonly unknown[] => {
    const found = scenario[field]
    if (Array.isArray(found) && found.length <= most) return found
    throw wrong(`its scenario has no ${field}, or too long a one`)
  }
  const stream = list('stream', 1_000).map((each) => {
    const { count, kind, link, only } = objectOf(each, 'its stream has something that is no burst', wrong)
    if (!messageKinds.includes(kind as MessageKind)) throw wrong('it has messages of an unknown kind')
    return {
      count: whole(count, 1, 100_000, 'count', wrong), kind: kind as MessageKind, link: whole(link, 1, 1_000, 'link', wrong),
      ...(only === undefined ? {} : { only: whole(only, 1, 1_000, 'only', wrong) }),
    }
  })
  if (stream.length === 0) throw wrong('its scenario has no messages')
  if (messagesOf(stream) > mostMessages) throw wrong(`its scenario has more than ${mostMessages.toLocaleString('en-US')} messages`)
  const faults = list('faults', 1_000).map((each) => {
    const { after, what, on } = objectOf(each, 'it has something that is no fault', wrong)
    const name = faultNames.find((fault) => fault === what)
    if (!name) throw wrong('it has an unknown fault')
    return { after: whole(after, 0, 1_000_000, 'after', wrong), what: name, on: whole(on, 1, 1_000_000, 'on', wrong) }
  })
  const calm = scenario['calm'] === undefined ? [] : list('calm', 10_000).map((each): Fresh => {
    const { kind, link, later } = objectOf(each, 'its calm has something that is no fresh message', wrong)
    if (!messageKinds.includes(kind as MessageKind)) throw wrong('it has fresh messages of an unknown kind')
    return { kind: kind as MessageKind, link: whole(link, 1, 1_000, 'link', wrong), ...(later === true ? { later } : {}) }
  })
  return {
    workers: whole(scenario['workers'], 1, 1_000, 'workers', wrong), links: whole(scenario['links'], 1, 1_000, 'links', wrong),
    stream, faults,
    schedule: list('schedule', 100_000).map((position) => whole(position, 0, 1_000_000, 'schedule', wrong)),
    ...(scenario['recipients'] === undefined ? {} : { recipients: whole(scenario['recipients'], 1, 1_000, 'recipients', wrong) }),
    ...(scenario['calm'] === undefined ? {} : { calm }),
  }
}

const messagesOf = (stream: Scenario['stream']) => stream.reduce((sum, { count }) => sum + count, 0)

function objectOf(value: unknown, otherwise: string, wrong: Wrong): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw wrong(otherwise)
}

function whole(value: unknown, least: number, most: number, called: string, wrong: Wrong): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value)
  throw wrong(`its ‘${called}’ is no whole number from ${least} to ${most.toLocaleString('en-US')}`)
}

/**
 * Keeps a failure, and gives the path of its file. Its connector is in a file from `root`. Throws the system’s error where it cannot
 * be written.
 */
export function keep(dir: string, stored: Stored, root = '.'): string {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(dir)
  const path = placeFor(dir, stored, root)
  const written = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(written, `${JSON.stringify(stored, null, 2)}\n`, { flag: 'wx' })
    renameSync(written, path)
  } catch (error) {
    rmSync(written, { force: true })
    // A full disk is told without the name of the file.
    throw error instanceof Error ? Object.assign(error, { path }) : error
  }
  return path
}

/** Named for what it holds; and for where the connector is, too, if one of another file broke in the same way. */
function placeFor(dir: string, stored: Stored, root: string): string {
  const path = join(dir, `${nameOf(stored)}.json`)
  const there = existsSync(path) ? entryAt(path) : null
  if (!there || !('stored' in there)) return path
  const { file, export: as } = there.stored
  const isOurs = (file === stored.file && as === stored.export) || !existsSync(resolve(root, file))
  return isOurs ? path : join(dir, `${nameOf(stored)}-${hashOf([stored.file, stored.export]).slice(0, 4)}.json`)
}

export const forget = (path: string): void => rmSync(path, { force: true })

/** The connector, as a file system takes it, and the beginning of a hash of what matters. */
export function nameOf({ connector, law, scenario }: Pick<Stored, 'connector' | 'law' | 'scenario'>): string {
  return `${slug(connector)}-${hashOf({ connector, law, scenario }).slice(0, 10)}`
}

const hashOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex')

/** JSON in which equal values are equal texts: keys in their order, no white space. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`
}

/** A name that every file system and every shell takes for a name. */
export const slug = (name: string): string =>
  name.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/\.{2,}/g, '.').replace(/^[.-]+|[.-]+$/g, '').slice(0, 60) || 'connector'

/** Why a connector is not given a scenario any more; null when it is. */
export function misfit(connector: Connector, scenario: Scenario): string | null {
  const { neverGiven } = connector
  const { stream, links: asked, workers: working } = scenario
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const many = messagesOf(stream)
  const mostMany = mostBursts * burst
  if (many > mostMany) return `it is not given ${many.toLocaleString('en-US')} messages, but at most ${mostMany.toLocaleString('en-US')}`
  for (const { kind } of stream) if (neverGiven?.[kind] !== undefined) return `it is never given ‘${kind}’`
  if (asked < leastLinks || asked > mostLinks) return `it is not given ${asked} links`
  if (working < leastWorkers || working > mostWorkers) return `it is not given ${working} workers`
  return null
}

/** How a stored file is called in words: its name without what it is. */
export const called = (path: string): string => basename(path, '.json')
