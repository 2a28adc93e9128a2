/** Connectors out of a file: every export that is one, and a clear word where it nearly is. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Connector } from '../spec/connector.ts'
import { Mistaken } from './build.ts'

export interface Loaded {
  readonly file: string
  /** The name under which the file exports it. */
  readonly as: string
  readonly connector: Connector
}

const guarantees = ['exactly-once', 'at-least-once', 'at-most-once']

/** Loads a file’s connectors. Throws `Mistaken` when it has none, or one that is malformed. */
export async function load(path: string): Promise<readonly Loaded[]> {
  const file = resolve(path)
  if (!existsSync(file)) throw new Mistaken(`There is no file ${path}.`)
  let exported: Record<string, unknown>
  try {
    exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw new Mistaken(`${path} cannot be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  const found = Object.entries(exported).filter(([, value]) => looksLikeOne(value))
  if (found.length === 0)
    throw new Mistaken(`${path} exports no connector: export an object with ‘name’, ‘guarantee’ and ‘start’ (see spec/connector.ts).`)
  return found.map(([as, value]) => ({ file, as, connector: checked(value as Connector, `${path}, export ‘${as}’`) }))
}

const looksLikeOne = (value: unknown): boolean => typeof value === 'object' && value !== null && 'start' in value

/** Says what is wrong with a connector before anything else trips over it. */
export function checked(connector: Connector, where: string): Connector {
  const wrong = (what: string) => new Mistaken(`${where}: ${what}`)
  const { name, guarantee, start, clock, patience, links, workers, burst } = connector as unknown as Record<string, unknown>
  if (typeof name !== 'string' || name === '') throw wrong('‘name’ must be a text, such as ‘my queue 1.0’.')
  if (!guarantees.includes(guarantee as string)) throw wrong(`‘guarantee’ must be one of ${guarantees.join(', ')}, and is ${JSON.stringify(guarantee)}.`)
  if (typeof start !== 'function') throw wrong('‘start’ must be a function of the world.')
  if (clock !== undefined && clock !== 'virtual' && clock !== 'real') throw wrong(`‘clock’ must be ‘virtual’ or ‘real’, and is ${JSON.stringify(clock)}.`)
  for (const [field, value] of Object.entries({ patience, burst }))
    if (value !== undefined && !(typeof value === 'number' && value > 0)) throw wrong(`‘${field}’ must be a number over 0, and is ${JSON.stringify(value)}.`)
  for (const [field, value] of Object.entries({ links, workers }))
    if (value !== undefined && !isRange(value)) throw wrong(`‘${field}’ must be [least, most] from 1, such as [1, 3], and is ${JSON.stringify(value)}.`)
  return connector
}

function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [least, most] = value as unknown[]
  return Number.isInteger(least) && Number.isInteger(most) && (least as number) >= 1 && (least as number) <= (most as number)
}
