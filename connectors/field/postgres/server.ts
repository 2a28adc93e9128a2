/**
 * The same in front of a real PostgreSQL, where it can be reached, through a proxy that loses connections to it. Each world has
 * a schema of its own, which goes when the next one comes, or when this process is gone.
 */
import { connect } from 'node:net'
import { createRequire } from 'node:module'
import { PgBoss as PgBoss12380 } from 'pg-boss-12.38.0'
import type { Trial } from '../../../spec/evidence/field-trial.ts'
import { FaultProxy } from '../../adapters/fault-proxy.ts'
import { Lease } from '../../adapters/lease.ts'
import { hasSockets } from '../never.ts'
import { type Database, isIn, meaningOf } from './job-source.ts'
import { type Open, type PgBoss, queueing } from './pg-boss.ts'

const url = new URL(process.env['UNWEDGE_POSTGRES'] ?? 'postgres://unwedge:unwedge@127.0.0.1:5432/unwedge')
const port = Number(url.port || 5432)

interface Pool {
  on(event: 'error', listener: () => void): unknown
  query(text: string, values?: readonly unknown[]): Promise<unknown>
}
const load = createRequire(import.meta.url)
const { Pool } = load('pg') as { readonly Pool: new (options: object) => Pool }

/** Connections of our own, past the proxy: to make jobs, and to put away what is left. */
const own = new Pool({ connectionString: url.href, max: 2, connectionTimeoutMillis: 5_000, allowExitOnIdle: true })
own.on('error', () => undefined)
const direct: Database = { executeSql: (text, values) => own.query(text, values) }

/** Why the trials against a real PostgreSQL are skipped; null when it is there. */
export async function unreachable(): Promise<string | null> {
  try {
    await own.query('SELECT 1')
    return null
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors.map(String).join(', ') : (error as Error).message
    return `no PostgreSQL at ${url.host}${url.pathname}: ${why}; \`pg_ctlcluster 15 main start\` starts it, .ci/run says who may enter, `
      + 'and UNWEDGE_POSTGRES names another'
  }
}

let worlds = 0
const lease = new Lease()

/** What else is at work on a schema is ended first: it might make tables after they have been removed. */
const removal = `
const { Client } = require(${JSON.stringify(load.resolve('pg'))})
const client = new Client({ connectionString: ${JSON.stringify(url.href)}, connectionTimeoutMillis: 5_000 })
const rows = async (text) => (await client.query(text)).rows
const all = async () => {
  await client.connect()
  for (let clear = 0; clear < 3; ) {
    await rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%${lease.name}%'")
    const schemas = await rows("SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE '${lease.name}%'")
    for (const { name } of schemas) await client.query('DROP SCHEMA IF EXISTS ' + name + ' CASCADE')
    clear = schemas.length === 0 ? clear + 1 : 0
    await new Promise((go) => setTimeout(go, 100))
  }
}
all().then(() => process.exit(), () => process.exit(1))
`

const remove = (schema: string) => own.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)

const open: Open = async ({ disk }, source, make) => {
  if (!disk.has('schema')) {
    if (worlds === 0) lease.isRemovedBy(removal)
    else await remove(`${lease.name}_${worlds}`)
    disk.set('schema', `${lease.name}_${++worlds}`)
    await make(disk.get('schema') as string)
  }
  const schema = disk.get('schema') as string
  const proxy = await FaultProxy.listening({
    dial: () => connect({ port, host: url.hostname, noDelay: true }),
    async passes(bytes, connection) {
      const question = meaningOf(bytes.toString('latin1'))
      const isThrough = question.asks !== 'to fetch' || (await source().fetches())
      const completes = question.asks === 'to complete' && await isIn('active', question.message, schema, direct)
      const completion = completes ? await source().completes(question.message) : 'is answered'
      // Not a byte of the answer comes back, but that it comes is waited for.
      if (completion === 'its answer is lost') connection.endAfter(0)
      if (isThrough && completion !== 'is lost') return true
      connection.lose()
      return false
    },
  })
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(proxy.port)
  return { options: { connectionString: through.href, schema }, shut: () => proxy.close(), remove: () => remove(schema) }
}

const boss = (version: string, library: unknown) => queueing(`pg-boss ${version} and PostgreSQL`, library as PgBoss, direct, open, {
  polls: [0.5, 0.5], clock: 'real', patience: 2_000, recovery: 3_000, links: [1, 2], burst: 20, notApplicable: hasSockets, records: true,
})

export const boss1042 = boss('10.4.2', load('pg-boss-10.4.2'))
export const boss12380 = boss('12.38.0', PgBoss12380)

/** To be tried only where `unreachable` says null. */
export const trials: readonly Trial[] = [
  {
    row: 20, buggy: boss1042, fixed: boss12380, laws: ['nothing wedges', 'delivered or flagged'],
    trigger: 'a message is sent on, and the connection is lost as its job is completed: nobody hears of that, and the process ends',
    smallest: 2, published: 'timgit/pg-boss #577', limits: 'fixed in 11.0.0; the newest is tried',
  },
]
