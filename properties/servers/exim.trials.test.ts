/** Exim with a transport for each link; and what was found wrong with it. */
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Connector } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { agentCases, holdsBackReports } from './agent-cases.ts'
import { areAsked, burst, isTriedWhereAsked, real, shown } from './agents-on-trial.ts'

const exim = areAsked ? await import('../../connectors/field/agents/exim.ts') : null
const missing = await exim?.unreachable() ?? null

/** Killed between making a file for its hints, and giving that its name: that is drawn once in hundreds. */
const killedAsItMakesHints = (agent: Connector): Connector => ({
  ...agent,
  start(world) {
    const folder = world.disk.get('folder')
    if (typeof folder === 'string') {
      const hints = join(folder, 'spool/db')
      const { uid, gid } = statSync(join(folder, 'spool'))
      mkdirSync(hints, { recursive: true })
      writeFileSync(join(hints, '__db.retry'), '')
      for (const each of [hints, join(hints, '__db.retry')]) chownSync(each, uid, gid)
    }
    return agent.start(world)
  },
})

describe('Exim, a private instance', () => {
  isTriedWhereAsked()
  if (!exim) return

  agentCases(missing, {
    right: exim.eximRight, several: exim.eximSeveral, names: exim.eximNames,
    reporting: [exim.eximRefused, exim.eximReports], file: 'exim.ts#eximRight', processes: 1,
  })

  holdsBackReports(missing, exim.eximSeveral)

  // Sources of later ones keep the port of a connection beside its address.
  if (exim.version() === '4.96') real(missing, 'is caught sending mail for one port of a host to another, over a connection that it keeps', async () => {
    const refused: Partial<Scenario> = {
      links: 2, stream: [burst('plain', 2), burst('plain', 2, 2)],
      faults: [{ after: 0, what: 'link refuses', on: 1 }, { after: 0, what: 'link refuses', on: 2 }],
    }
    expect((await shown(exim.eximShared, refused)).says).toMatch(/^m\d is for link \d, and link \d records it\.$/)
    expect((await shown(exim.eximRight, refused)).says).toBeNull()
  })

  real(missing, 'is caught delivering nothing where it was killed as it made its hints, and delivers where what is left is removed', async () => {
    const killed: Partial<Scenario> = {
      links: 2, stream: [burst('plain'), burst('plain', 3, 2)],
      faults: [{ after: 0, what: 'service dies', on: 1 }, { after: 0, what: 'link refuses', on: 1 }],
    }
    expect((await shown(killedAsItMakesHints(exim.eximRight), killed)).says).toBeNull()
    // What is without a verdict when it is noticed depends on how quickly Exim took each of them before it was killed.
    expect((await shown(killedAsItMakesHints(exim.eximTorn), killed)).says).toMatch(/ at rest, and m\d( for link \d)? has no verdict\.$/)
  })

  real(missing, 'is caught telling nobody of a report that nobody takes', async () => {
    const { says } = await shown(exim.eximFrozen, { stream: [burst('refused'), burst('plain')] })
    expect(says).toBe('Everything is healed and at rest, and m1 has no verdict.')
  })
})
