/** Pages that were written as JSON, read back as runs to show. Nothing in such a file is taken on trust. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { UsageError } from '../../engine/usage-error.ts'
import { type Stored, storedFrom, storeSchema } from '../../engine/store/store.ts'
import { schema } from '../../reports/formats/json.ts'
import { plain } from '../../reports/text/words.ts'
import type { Scope } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { claimNamed } from './loaded-component.ts'
import { isInside } from './loaded-connector.ts'
import { checkedScope, checkedStream, quoted } from './names.ts'
import { lawOf, type RequestedRun, positionsIn } from './requested-run.ts'

/** Far more than any page takes. */
const mostBytes = 64 * 1024 * 1024

/** The run of a page, or those of a report’s pages. Throws `UsageError` in one line, whatever the file holds. */
export const readPages = async (path: string): Promise<readonly RequestedRun[]> =>
  (await readAll(path)).flatMap((page) => ('entry' in page ? [page] : []))

/** The same with connectors’ pages, and with what the failure store holds: scenarios. */
export async function readAll(path: string): Promise<readonly (RequestedRun | Stored)[]> {
  const file = statSync(path)
  if (!file.isFile()) throw new UsageError(`${path} is no file.`)
  const { size } = file
  if (size > mostBytes) throw new UsageError(`${path} is no page: it has ${size.toLocaleString('en-US')} bytes.`)
  const page = parsed(path)
  const pages = Array.isArray(page['pages']) ? (page['pages'] as unknown[]) : [page]
  if (pages.length === 0) throw new UsageError(`${path} holds no page: its report found nothing.`)
  const read: (RequestedRun | Stored)[] = []
  for (const [i, each] of pages.entries())
    try {
      const one = today(object(each, 'the page'))
      const wrong = (why: string) => new UsageError(`${why[0]!.toUpperCase()}${why.slice(1)}.`)
      if (isStored(one)) read.push(storedFrom(one, wrong))
      else read.push(one['kind'] === 'violation' ? storedFrom(scenarioOf(one), wrong) : await runOf(one))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new UsageError(`${path} cannot be replayed${pages.length > 1 ? `, at page ${i + 1}` : ''}: ${plain(error.message)}`)
    }
  return read
}

function parsed(path: string): Record<string, unknown> {
  const text = readFileSync(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const why = plain(error instanceof Error ? error.message : '').slice(0, 120)
    throw new UsageError(`${path} is no JSON (${why}): write a page with --format json.`)
  }
  const page = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  // An entry of the failure store has a schema of its own.
  if (page['schema'] !== schema && page['schema'] !== 1 && !isStored(page))
    throw new UsageError(`${path} is no page of unwedge: it has no "schema": ${schema}. Write one with --format json.`)
  return page
}

/** An entry of the store, of today’s form or an older one. */
const isStored = ({ kind }: Record<string, unknown>) => kind === 'scenario' || kind === 'ordeal'

/** A page of schema 1 in the words of this one: of what is read here, only a connector’s page has changed its words. */
const today = (page: Record<string, unknown>): Record<string, unknown> =>
  page['kind'] === 'trouble' ? { ...page, kind: 'violation', scenario: page['ordeal'] } : page

/** A connector’s page as an entry of the store. */
function scenarioOf({ connector, law, says, scenario, from, seed, runs, found }: Record<string, unknown>): unknown {
  const { file, export: as } = object(from, 'the file of its connector')
  const { name } = object(law, 'law')
  const how = { seed, run: runs, by: found === 'in every order' ? 'every order' : 'drawing' }
  return { schema: storeSchema, kind: 'scenario', connector, export: as, file, law: name, says, scenario, found: how }
}

async function runOf(page: Record<string, unknown>): Promise<RequestedRun> {
  const entry = await claimNamed(`${nameOf(page)}/${string(page['variant'], 'variant')}`)
  const scope = checkedScope(entry.component, numbers(page['scope']))
  const stream = checkedStream(entry.component, scope, list(page['stream'], 'stream').map(burst))
  const positions = positionsIn(string(page['schedule'], 'schedule'))
  const law = page['law'] === undefined ? {} : { law: lawOf(entry, scope, string(object(page['law'], 'law')['name'], 'the law’s name')) }
  const begin = page['begin'] === undefined ? {} : { begin: Number(page['begin']) }
  return { entry, scope, stream, positions, ...begin, ...law }
}

/** The component as it is typed. A page is not trusted to name a file elsewhere: whoever replays it runs that file. */
function nameOf(page: Record<string, unknown>): string {
  const component = string(page['component'], 'component')
  if (page['from'] === undefined || page['from'] === null) return component
  const from = object(page['from'], 'the file of its model')
  const [file, as] = [string(from['file'], 'the file of its model'), string(from['export'], 'the export of its model')]
  if (!existsSync(file)) throw new UsageError(`It is of ${quoted(file)}, which is not there: replay it where that is, or write it again.`)
  if (!isInside('.', file)) throw new UsageError(`It is of ${quoted(file)}, which is not in this directory: to run that file, name it.`)
  return `${file}#${as}`
}

function numbers(value: unknown): Scope {
  const scope = object(value, 'scope')
  for (const [name, n] of Object.entries(scope))
    if (typeof n !== 'number') throw new UsageError(`Its scope has no number for ${plain(name)}.`)
  return scope as Scope
}

function burst(value: unknown): ModelBurst {
  const found = object(value, 'a burst of its stream')
  const { count } = found
  if (!Number.isInteger(count) || Number(count) < 1) throw new UsageError('A burst of its stream has no count.')
  return found as ModelBurst
}

function object(value: unknown, called: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new UsageError(`It lacks ${called}.`)
}

function list(value: unknown, called: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new UsageError(`It lacks ${called}.`)
}

function string(value: unknown, called: string): string {
  if (typeof value === 'string') return value
  throw new UsageError(`It lacks ${called}.`)
}
