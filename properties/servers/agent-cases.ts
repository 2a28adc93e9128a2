/** What each real transfer agent is to do, the documents’ own cases among it: a private instance is started for every scenario. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Connector } from '../../spec/connector.ts'
import { allAtOnce, becomes, burst, keepsEveryLaw, real, root, runs, shown, until, within } from './agents-on-trial.ts'

/** An agent, in each of the manners that the cases ask for. */
interface Tried {
  readonly right: Connector
  /** Given messages of two recipients, and of 900 header names each. */
  readonly several: Connector
  readonly names: Connector
  /** Those that tell of a report that nobody takes; none where the agent never does. */
  readonly reporting: readonly Connector[]
  /** How the command line finds the right one, and how many processes of its own it has at least. */
  readonly file: string
  readonly processes: number
}

/** `missing` is why it cannot be tried; null when it can. */
export function agentCases(missing: string | null, { right, several, names, reporting, file, processes }: Tried): void {
  real(missing, 'keeps every law', () => keepsEveryLaw(right))

  real(missing, 'delivers what is for a healthy link while another hangs', async () => {
    const { history, says } = await shown(right, {
      links: 2, stream: [burst('plain', 4), burst('plain', 4, 2)], faults: [{ after: 0, what: 'link hangs', on: 1 }],
    })
    const stormy = history.slice(0, history.findIndex(({ what }) => what === 'healed'))
    expect([says, ...['m5', 'm6', 'm7', 'm8'].map((id) => becomes(stormy, id))]).toEqual([null, ...Array<string>(4).fill('recorded')])
  })

  real(missing, 'delivers to several recipients, whatever becomes of one link', async () => {
    await allAtOnce(['link refuses', 'link hangs', 'link drops before', 'link drops after'] as const, async (what) => {
      const { history, says } = await shown(several, {
        links: 2, recipients: 2, stream: [burst('plain', 3)], faults: [{ after: 12, what, on: 1 }],
      })
      expect(says, what).toBeNull()
      const recorded = history.filter((event) => event.what === 'recorded').map(({ message, link }) => `${message} ${link}`)
      for (const to of ['m1 link 1', 'm1 link 2', 'm2 link 1', 'm2 link 2', 'm3 link 1', 'm3 link 2']) expect(recorded, what).toContain(to)
    })
  })

  real(missing, 'ends by SIGKILL, and delivers what it had taken', async () => {
    await allAtOnce([6, 14, 25, 40], async (after) => {
      const { history, says } = await shown(right, {
        links: 2, stream: [burst('plain', 6), burst('plain', 2, 2)], faults: [{ after, what: 'service dies', on: after }],
      })
      expect([says, history.filter(({ what }) => what === 'service dies' || what === 'starts again').length], `${after}`).toEqual([null, 2])
    })
  })

  real(missing, 'passes on a message of 1,025 parts whole, and what comes after it', async () => {
    const { history, says } = await shown(right, { stream: [burst('many attachments'), burst('plain')] })
    expect([says, becomes(history, 'm1'), becomes(history, 'm2')]).toEqual([null, 'recorded', 'recorded'])
  })

  real(missing, 'flags what is addressed to nobody, and delivers what comes after it', async () => {
    const stream = [burst('bad address'), burst('no such destination'), burst('deep'), burst('plain')]
    const { history, says } = await shown(right, { stream })
    const became = ['m1', 'm2', 'm3', 'm4'].map((id) => becomes(history, id))
    expect([says, ...became]).toEqual([null, 'flagged', 'flagged', 'flagged', 'recorded'])
  })

  real(missing, 'has room for 65,537 header names, and for more', async () => {
    const { history, says } = await shown(names, { stream: [burst('new header', 73)] })
    const recorded = history.filter(({ what, detail }) => what === 'recorded' && detail === undefined)
    const flagged = history.find(({ what }) => what === 'flagged')?.detail ?? null
    expect([flagged, says, new Set(recorded.map(({ message }) => message)).size >= 73]).toEqual([null, null, true])
  })

  if (reporting.length > 0) real(missing, 'reports to whoever looks after it where nobody takes its report, once', async () => {
    await allAtOnce(reporting, async (each) => {
      const { history, says } = await shown(each, { stream: [burst('refused', 2), burst('plain')] })
      expect([says, becomes(history, 'm1'), becomes(history, 'm2'), becomes(history, 'm3')], each.name)
        .toEqual([null, 'flagged', 'flagged', 'recorded'])
    })
  })

  real(missing, 'is gone when the suite is killed, with all its processes and folders', async () => {
    const room = mkdtempSync(join(tmpdir(), 'agents-'))
    chmodSync(room, 0o755)
    const command = spawn(process.execPath, ['bin/unwedge.js', 'check', `connectors/field/agents/${file}`], {
      cwd: root, stdio: 'ignore', env: { ...process.env, TMPDIR: room },
    })
    // The command, the process that the connector is in, and those of the agent.
    await until(() => within(room).length >= 2 + processes)
    command.kill('SIGKILL')
    await until(() => within(room).length === 0 && readdirSync(room).filter((name) => name.startsWith('unwedge-daemon')).length === 0)
    rmSync(room, { recursive: true })
  })
}

/** What those have in common that are done with a message when they are done with all of its recipients. */
export function holdsBackReports(missing: string | null, several: Connector): void {
  real(missing, 'is caught holding back a report while another recipient’s link hangs', async () => {
    const { history, says } = await shown(several, {
      links: 2, recipients: 2, stream: [burst('no such destination')], faults: [{ after: 0, what: 'link hangs', on: 2 }],
    })
    expect(says).toBe('Another link is down, everything is at rest, and m1 for link 1 has no verdict.')
    const its = history.filter(({ what, message, link }) => what === 'healed' || (message === 'm1' && link === 'link 1'))
    expect(its.map(({ what }) => what)).toEqual(['taken', 'healed', 'flagged'])
  })

  real(missing, 'keeps every other law with several recipients', () =>
    keepsEveryLaw({ ...several, exempt: { 'links are independent': 'a message waits for the slowest of its recipients' } }, runs / 2))
}
