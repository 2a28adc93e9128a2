/** Haraka, as a process: its own configuration, plugins, queue and port, on loopback. */
import { createRequire } from 'node:module'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Agent, type Site, transferAgent } from './transfer-agent.ts'

const home = () => dirname(createRequire(import.meta.url).resolve('Haraka-3.3.4/package.json'))

/** Everybody on loopback may send; and where mail for a domain goes. What has no route has nowhere to go. */
const plugin = (routes: Site['routes']) => `
const routes = ${JSON.stringify(Object.fromEntries(routes))}
exports.hook_lookup_rdns = (next) => next(OK, 'localhost')
exports.hook_connect = (next, connection) => {
  connection.relaying = true
  next()
}
exports.hook_rcpt = (next) => next(OK)
exports.hook_get_mx = (next, hmail, domain) => {
  const port = routes[domain]
  if (port === undefined) return next(DENY, 'no such domain')
  next(OK, { priority: 0, exchange: '127.0.0.1', port })
}
`

function setUp({ folder, port, routes }: Site, concurrency: number): void {
  const at = (path: string) => join(folder, path)
  for (const room of ['config', 'plugins', 'queue']) mkdirSync(at(room), { recursive: true })
  writeFileSync(at('config/smtp.ini'), `listen=127.0.0.1:${port}\nnodes=0\n`)
  writeFileSync(at('config/plugins'), 'routes\n')
  // It does not do without.
  copyFileSync(join(home(), 'config/connection.ini'), at('config/connection.ini'))
  writeFileSync(at('config/me'), 'agent.near.example\n')
  writeFileSync(at('config/loglevel'), 'WARN\n')
  writeFileSync(at('config/outbound.ini'),
    `concurrency_max=${concurrency}\nenable_tls=false\ninet_prefer=v4\nlocal_mx_ok=true\ntemp_fail_intervals=5s*100\n`)
  writeFileSync(at('plugins/routes.js'), plugin(routes))
}

interface Manner {
  /** How many mails it delivers at once, in all; a hundred unless told otherwise, as it is shipped. */
  readonly concurrency?: number
  /** Whether an empty file lies in its queue when it starts: what a full disk or a power cut leaves. */
  readonly withEmptyFile?: boolean
}

type Own = Pick<Agent, 'names' | 'refusesReports' | 'submitsReports' | 'recipients'>
const haraka = (name: string, { concurrency = 100, withEmptyFile = false }: Manner, own: Own = {}) => transferAgent({
  name: `Haraka 3.3.4, ${name}`,
  ...own,
  launch(site) {
    const isFirst = !existsSync(join(site.folder, 'queue'))
    setUp(site, concurrency)
    const now = Date.now()
    if (isFirst && withEmptyFile) writeFileSync(join(site.folder, 'queue', `${now}_${now}_0_1_AAAAAA_1_agent.near.example`), '')
    // In a test it would take its configuration from elsewhere.
    return { command: process.execPath, words: [join(home(), 'bin/haraka'), '-c', site.folder], env: { NODE_ENV: 'production' } }
  },
  // It tries again after five seconds at the least.
  recovery: 9_000,
  patience: 12_000,
})

export const harakaHundred = haraka('a hundred at once', {})
export const harakaOne = haraka('one at a time', { concurrency: 1 })
export const harakaEmptyFile = haraka('one at a time, with an empty file in its queue', { concurrency: 1, withEmptyFile: true })
export const harakaSeveral = haraka('several recipients', {}, { recipients: 2 })
export const harakaNames = haraka('900 header names a message', {}, { names: 900 })
export const harakaRefused = haraka('its reports refused', {}, { refusesReports: true })
export const harakaReports = haraka('given reports', {}, { submitsReports: true })
