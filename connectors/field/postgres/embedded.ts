/**
 * pg-boss in front of PGlite, which is PostgreSQL in this process: it needs no server, and its clock is the world’s.
 */
import { createRequire } from 'node:module'
import { PGlite } from '@electric-sql/pglite'
import { PgBoss as PgBoss12380 } from 'pg-boss-12.38.0'
import type { Connector } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { type Database, isIn, jobOf, meaningOf } from './job-source.ts'
import { inVirtualTime, type Open, type PgBoss, queueing } from './pg-boss.ts'

/** Opened with this module: that takes a second of real time, and files. */
const database = await PGlite.create()

/** One connection for all: what a statement fails in is over before the next. Many statements in one text have no values. */
const direct: Database = {
  async executeSql(text, values) {
    try {
      if (values && values.length > 0) return await database.query(text, [...values])
      const results = await database.exec(text)
      return { rows: results.flatMap(({ rows }) => rows) }
    } catch (error) {
      await database.exec('ROLLBACK')
      throw error
    }
  },
}

const lost = 'Connection terminated unexpectedly'

/** Schemas as pg-boss made them, with what was in their tables then. */
const made = new Set<string>()

/** Empty tables, as they were when they were new: to make them takes a hundred times as long. */
async function afresh(schema: string, make: (schema: string) => Promise<void>): Promise<void> {
  const rows = async (text: string) => (await database.query<{ readonly name: string }>(text, [schema])).rows.map(({ name }) => name)
  const all = () => rows(`SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')`)
  if (made.has(schema)) {
    const kept = (await all()).filter((table) => table.endsWith('_as_made'))
    const used = (await all()).filter((table) => !kept.includes(table))
    await database.exec(`TRUNCATE ${used.map((table) => `${schema}.${table}`).join(', ')}`)
    for (const table of kept) await database.exec(`INSERT INTO ${schema}.${table.replace('_as_made', '')} SELECT * FROM ${schema}.${table}`)
  } else {
    await make(schema)
    for (const table of ['version', 'queue']) await database.exec(`CREATE TABLE ${schema}.${table}_as_made AS TABLE ${schema}.${table}`)
    made.add(schema)
  }
}

const opening = (schema: string): Open => async ({ disk }, source, make) => {
  if (!disk.has('is open')) await afresh(schema, make)
  disk.set('is open', true)
  const mine = {}
  disk.set('life', mine)
  let isShut = false
  const db: Database = {
    async executeSql(text, values = []) {
      if (isShut) throw new Error('the connection is closed')
      // Another was started in its place: its process is gone, and asks nothing.
      if (disk.get('life') !== mine) return new Promise(() => undefined)
      const question = meaningOf(`${text}\n${JSON.stringify(values)}`)
      if (question.asks === 'to fetch' && !(await source().fetches())) throw new Error(lost)
      const result = await direct.executeSql(text, values)
      if (question.asks !== 'to complete' || !(await isIn('completed', question.message, schema, direct))) return result
      // It is done before the world hears of it: whoever is cut off meanwhile has done it.
      const completion = await source().completes(question.message, true)
      if (completion === 'is lost')
        await direct.executeSql(`UPDATE ${schema}.job SET state = 'active', completed_on = NULL WHERE id = $1`, [jobOf(question.message)])
      if (completion !== 'is answered') throw new Error(lost)
      return result
    },
  }
  return { options: { db, schema }, shut: () => { isShut = true; return undefined } }
}

function boss(version: string, library: unknown, records: boolean): Connector {
  const open = opening(`boss_${version.replaceAll('.', '_')}`)
  return queueing(`pg-boss ${version} and PGlite`, library as PgBoss, direct, open, { ...inVirtualTime, records })
}

const library1042: unknown = createRequire(import.meta.url)('pg-boss-10.4.2')

export const recording1042 = boss('10.4.2', library1042, true)
export const recording12380 = boss('12.38.0', PgBoss12380, true)
export const boss12380 = boss('12.38.0', PgBoss12380, false)

export const trials: readonly Trial[] = [
  {
    row: 20, buggy: recording1042, fixed: recording12380, laws: ['nothing wedges', 'delivered or flagged'],
    trigger: 'a message is sent on, and the connection is lost as its job is completed: nobody hears of that, and the process ends',
    smallest: 2, published: 'timgit/pg-boss #577', isSlow: true,
    limits: 'fixed in 11.0.0: the newest is tried; PostgreSQL is in its process, so a connection is lost between two statements',
  },
]

export const current: readonly Finding[] = [
  {
    connector: boss12380, laws: ['honest'], page: 'pg-boss-12.38.0',
    what:
      'a job whose handler has returned is failed, and is a dead letter at its last try, when the connection is lost as it is completed',
    imports: { 'pg-boss': 'pg-boss-12.38.0', '@electric-sql/pglite': '@electric-sql/pglite' }, isSlow: true,
  },
]
