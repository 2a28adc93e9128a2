/**
 * Exim, as a private instance: its own configuration, spool and port, on loopback. It need not be installed, as it would drive out any
 * other transfer agent: its program may be unpacked beside this room. It wants root, to run as the user that it is built for.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Agent, deadLetters, type Site, transferAgent } from './transfer-agent.ts'

const user = 'Debian-exim'
const programs = [fileURLToPath(new URL('../exim4/exim4', import.meta.url)), '/usr/sbin/exim4']
const program = () => programs.find((path) => existsSync(path))
const bV = () => spawnSync(program() ?? 'exim4', ['-C', '/dev/null', '-bV'], { encoding: 'utf8' })
/** Of the one that is tried; undefined where there is none. */
export const version = () => /^Exim version (\S+)/m.exec(bV().stdout ?? '')?.[1]

/** Why Exim cannot be tried here; null when it can. */
export async function unreachable(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'Exim is started by root alone: run it as root'
  if (version() !== undefined) return null
  return program() === undefined ? 'there is no Exim here: bash .ci/exim4 unpacks it' : `Exim does not run: ${bV().stderr.trim()}`
}

/** What is not as it is shipped. */
interface Manner {
  /** Whether a report that nobody takes is frozen, and nobody is told. */
  readonly freezes?: boolean
  /** Whether all links have one transport. */
  readonly sharesTransport?: boolean
  /** Whether what a death has left of hints that were being made is still there when it is started. */
  readonly keepsTornHints?: boolean
}

/**
 * A transport for each link, for they are ports of one host: of those that share one, a connection is handed on to whatever waits for
 * that host. A host hangs for as long as it likes, no name is looked up, and retries come every second; all else
 * is as it is shipped.
 */
const settings = ({ folder, port, routes }: Site, { freezes = false, sharesTransport = false }: Manner) => {
  const transportTo = (to: number) => (sharesTransport ? 'smtp' : `smtp_${to}`)
  const all = [...routes].map(([domain, to], i) => ({ domain, to, name: `route_${i}`, transport: transportTo(to) }))
  // Who is submitted to fast has many processes that end: twenty at once, as it is shipped, may be those of five senders.
  return `
primary_hostname = agent.near.example
exim_user = ${user}
exim_group = ${user}
exim_path = ${folder}/exim4
deliver_drop_privilege
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
keep_environment = UNWEDGE_DAEMON_IN
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
daemon_startup_retries = 0
smtp_accept_max = 0
disable_ipv6
host_lookup =
tls_advertise_hosts =
acl_smtp_rcpt = all
acl_smtp_data = all

begin acl
all:
  accept

begin routers
${all.map(({ domain, to, name, transport }) => `${name}:
  driver = manualroute
  domains = ${domain}
  transport = ${transport}
  route_list = * 127.0.0.1::${to} byname
  self = send
${freezes ? '' : `  errors_to = \${if eq{$sender_address}{}{${deadLetters}}fail}`}
`).join('\n')}
begin transports
${[...new Set(all.map(({ transport }) => transport))].map((transport) => `${transport}:
  driver = smtp
  return_path = $sender_address
`).join('\n')}
begin retry
* * F,1h,1s
`
}

function setUp(site: Site, manner: Manner): void {
  const at = (path: string) => join(site.folder, path)
  chmodSync(site.folder, 0o755)
  for (const room of ['spool', 'log']) mkdirSync(at(room), { recursive: true })
  spawnSync('chown', [`${user}:${user}`, site.folder, at('spool'), at('log')])
  writeFileSync(at('exim.conf'), settings(site, manner))
  rmSync(at('exim.pid'), { force: true })
  // Berkeley DB makes a file under such a name before it has its own, and waits a hundred seconds where there is one.
  const hints = existsSync(at('spool/db')) && !manner.keepsTornHints ? readdirSync(at('spool/db')) : []
  for (const name of hints) if (name.startsWith('__db.')) rmSync(at(`spool/db/${name}`))
  // Its user comes to what it may start again and again, wherever the program itself is.
  if (!existsSync(at('exim4'))) copyFileSync(program()!, at('exim4'))
}

type Own = Pick<Agent, 'names' | 'refusesReports' | 'submitsReports' | 'recipients'>
const exim = (name: string, manner: Manner = {}, own: Own = {}) => transferAgent({
  name: `Exim ${version() ?? '(not installed)'}, ${name}`,
  ...own,
  launch(site) {
    setUp(site, manner)
    const words = [join(site.folder, 'exim4'), '-C', join(site.folder, 'exim.conf'), '-bdf', '-q1s']
    return { command: 'setpriv', words: ['--reuid', user, '--regid', user, '--clear-groups', ...words] }
  },
})

export const eximRight = exim('a transport for each link')
export const eximSeveral = exim('several recipients', {}, { recipients: 2 })
export const eximNames = exim('900 header names a message', {}, { names: 900 })
export const eximRefused = exim('its reports refused', {}, { refusesReports: true })
export const eximReports = exim('given reports', {}, { submitsReports: true })
/** Its links are ports of one host, with one transport for all of them. */
export const eximShared = exim('one transport', { sharesTransport: true })
/** Killed as it makes its hints, it delivers nothing for as long as a message is deferred. */
export const eximTorn = exim('hints that a death has torn', { keepsTornHints: true })
/** As it is shipped, it tells nobody of a report that nobody takes. */
export const eximFrozen = exim('its reports refused, and nobody to tell', { freezes: true }, { refusesReports: true })
