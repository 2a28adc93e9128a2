/** Postfix, as a private instance: its own configuration, queue and ports, on loopback. It wants root, as Postfix does. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Agent, deadLetters, type Site, transferAgent } from './transfer-agent.ts'

const daemons = '/usr/lib/postfix/sbin'

/** Why Postfix cannot be tried here; null when it can. */
export async function unreachable(): Promise<string | null> {
  if (!existsSync(`${daemons}/master`)) return 'there is no Postfix here: apt-get install -y --no-install-recommends postfix'
  return process.getuid?.() === 0 ? null : 'Postfix is started by root alone: run it as root'
}

const version = () => spawnSync('postconf', ['-h', 'mail_version'], { encoding: 'utf8' }).stdout?.trim() || '(not installed)'

/** Those that its makers ship, but for what only local mail needs; `processes` is how many deliver, in all. */
const services = (port: number, processes: number) => `
127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - ${processes} smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

/**
 * Retries come every other second, not every five minutes; all else is as it is shipped. Not every second: what is to be tried again so
 * soon may be looked at before its delivery has let go of it, and is left alone for a minute then, which looks like never here.
 */
const settings = ({ folder, routes }: Site) => `
compatibility_level = 3.6
config_directory = ${folder}/etc
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = agent.near.example
myorigin = local.near.example
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.1
smtpd_relay_restrictions = permit_mynetworks, reject
disable_dns_lookups = yes
smtp_host_lookup = native
transport_maps = inline:{ ${[...routes].map(([domain, port]) => `{${domain} = smtp:[127.0.0.1]:${port}}`).join(', ')} }
default_transport = error:5.1.2 no such domain
notify_classes = resource, software, 2bounce
2bounce_notice_recipient = ${deadLetters}
in_flow_delay = 0s
queue_run_delay = 1s
minimal_backoff_time = 2s
maximal_backoff_time = 2s
transport_retry_time = 1s
`

const queues = [
  'active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'maildrop', 'private', 'public', 'saved', 'trace',
]

function setUp(site: Site, processes: number): void {
  const at = (...path: readonly string[]) => join(site.folder, ...path)
  if (!existsSync(at('queue'))) {
    // Its daemons run as users of their own, and go through this folder.
    chmodSync(site.folder, 0o755)
    for (const folder of ['etc', 'data', 'queue', 'queue/pid', ...queues.map((queue) => `queue/${queue}`)]) mkdirSync(at(folder))
    execFileSync('chown', ['postfix', at('data'), ...queues.map((queue) => at('queue', queue))])
    execFileSync('chgrp', ['postdrop', at('queue/maildrop'), at('queue/public')])
    chmodSync(at('queue/maildrop'), 0o730)
    chmodSync(at('queue/public'), 0o710)
    chmodSync(at('queue/private'), 0o700)
  }
  writeFileSync(at('etc/main.cf'), settings(site))
  writeFileSync(at('etc/master.cf'), services(site.port, processes))
  // One that was written within the last two seconds is read again and again until those are over.
  const before = Date.now() / 1_000 - 10
  for (const file of ['etc/main.cf', 'etc/master.cf']) utimesSync(at(file), before, before)
}

/** Milliseconds that its lock is waited for. */
const mostLocked = 5_000

/**
 * Fulfilled when nobody holds the lock of that instance any more, as `master -t` tells. What the master had started may end a moment
 * after it and have the lock until then: the next one ends at once, then, and says so nowhere.
 */
async function unlocked(etc: string): Promise<void> {
  const isLocked = () => new Promise<boolean>((is) => execFile(`${daemons}/master`, ['-c', etc, '-t'], (error) => is(error !== null)))
  for (const until = performance.now() + mostLocked; performance.now() < until && await isLocked();)
    await new Promise((go) => setTimeout(go, 10))
}

interface Manner extends Pick<Agent, 'names' | 'refusesReports' | 'submitsReports' | 'recipients'> {
  /** Told at which port it is about to start. */
  readonly starts?: (port: number) => Promise<void>
}
export const postfix = (name: string, processes: number, { starts, ...own }: Manner = {}) => transferAgent({
  name: `Postfix ${version()}, ${name}`,
  ...own,
  async launch(site) {
    await starts?.(site.port)
    setUp(site, processes)
    await unlocked(join(site.folder, 'etc'))
    const log = join(site.folder, 'queue/public/postlog')
    // Nobody has left it there from before; whoever of its daemons has something to log before there is a log waits for seconds.
    rmSync(log, { force: true })
    return { command: `${daemons}/master`, words: ['-c', join(site.folder, 'etc'), '-d'], isReady: () => existsSync(log) }
  },
})

export const postfixTen = postfix('10 processes', 10)
export const postfixOne = postfix('one process', 1)
/** Given messages that go to several destinations. */
export const postfixSeveral = postfix('several recipients', 10, { recipients: 2 })
/** Given messages of a thousand new header names each; with a sender who takes no reports; given what is a report itself. */
export const postfixNames = postfix('a thousand header names a message', 10, { names: 1_000 })
export const postfixRefused = postfix('its reports refused', 10, { refusesReports: true })
export const postfixReports = postfix('given reports', 10, { submitsReports: true })
