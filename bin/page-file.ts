/** Pages that were written as JSON, read back as runs to show. Nothing in such a file is taken on trust. */
import { readFileSync, statSync } from 'node:fs'
import { Mistaken } from '../engine/build.ts'
import { type Stored, storedFrom } from '../engine/store.ts'
import { schema } from '../reports/json.ts'
import { plain } from '../reports/words.ts'
import type { Scope } from '../spec/component.ts'
import type { Burst } from '../spec/counterexample.ts'
import { checkedScope, checkedStream, entryNamed, lawNamed } from './names.ts'
import { type Asked, positionsIn } from './run.ts'

/** Far more than any page takes. */
const mostBytes = 64 * 1024 * 1024

/** The run of a page, or those of a report’s pages. Throws `Mistaken` in one line, whatever the file holds. */
export const readPages = (path: string): readonly Asked[] => readAll(path).flatMap((page) => ('entry' in page ? [page] : []))

/** The same with connectors’ pages, and with what the failure store holds: ordeals. */
export function readAll(path: string): readonly (Asked | Stored)[] {
  const file = statSync(path)
  if (!file.isFile()) throw new Mistaken(`${path} is no file.`)
  const { size } = file
  if (size > mostBytes) throw new Mistaken(`${path} is no page: it has ${size.toLocaleString('en-US')} bytes.`)
  const page = parsed(path)
  const pages = Array.isArray(page['pages']) ? (page['pages'] as unknown[]) : [page]
  if (pages.length === 0) throw new Mistaken(`${path} holds no page: its report found nothing.`)
  return pages.map((each, i) => {
    try {
      const one = object(each, 'the page')
      const wrong = (why: string) => new Mistaken(`${why[0]!.toUpperCase()}${why.slice(1)}.`)
      if (one['kind'] === 'ordeal') return storedFrom(one, wrong)
      return one['kind'] === 'trouble' ? storedFrom(ordealOf(one), wrong) : runOf(one)
    } catch (error) {
      if (!(error instanceof Mistaken)) throw error
      throw new Mistaken(`${path} cannot be replayed${pages.length > 1 ? `, at page ${i + 1}` : ''}: ${plain(error.message)}`)
    }
  })
}

function parsed(path: string): Record<string, unknown> {
  const text = readFileSync(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const why = plain(error instanceof Error ? error.message : '').slice(0, 120)
    throw new Mistaken(`${path} is no JSON (${why}): write a page with --format json.`)
  }
  const page = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  // An entry of the failure store has a schema of its own.
  if (page['schema'] !== schema && page['kind'] !== 'ordeal')
    throw new Mistaken(`${path} is no page of unwedge: it has no "schema": ${schema}. Write one with --format json.`)
  return page
}

/** A connector’s page as an entry of the store. */
function ordealOf({ connector, law, says, ordeal, from, seed, runs, found }: Record<string, unknown>): unknown {
  const { file, export: as } = object(from, 'the file of its connector')
  const { name } = object(law, 'law')
  const how = { seed, run: runs, by: found === 'in every order' ? 'every order' : 'drawing' }
  return { schema: 2, kind: 'ordeal', connector, export: as, file, law: name, says, ordeal, found: how }
}

function runOf(page: Record<string, unknown>): Asked {
  const entry = entryNamed(`${string(page['component'], 'component')}/${string(page['variant'], 'variant')}`)
  const scope = checkedScope(entry.component, numbers(page['scope']))
  const stream = checkedStream(entry.component, scope, list(page['stream'], 'stream').map(burst))
  const positions = positionsIn(string(page['schedule'], 'schedule'))
  const law = page['law'] === undefined ? {} : { law: lawNamed(string(object(page['law'], 'law')['name'], 'the law’s name')) }
  return { entry, scope, stream, positions, ...law }
}

function numbers(value: unknown): Scope {
  const scope = object(value, 'scope')
  for (const [name, n] of Object.entries(scope))
    if (typeof n !== 'number') throw new Mistaken(`Its scope has no number for ${plain(name)}.`)
  return scope as Scope
}

function burst(value: unknown): Burst {
  const found = object(value, 'a burst of its stream')
  const { count } = found
  if (!Number.isInteger(count) || Number(count) < 1) throw new Mistaken('A burst of its stream has no count.')
  return found as Burst
}

function object(value: unknown, called: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Mistaken(`It lacks ${called}.`)
}

function list(value: unknown, called: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new Mistaken(`It lacks ${called}.`)
}

function string(value: unknown, called: string): string {
  if (typeof value === 'string') return value
  throw new Mistaken(`It lacks ${called}.`)
}
