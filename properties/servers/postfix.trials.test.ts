/** Postfix with ten processes that deliver; and what was found wrong with it where it has one, or a message several recipients. */
import { createServer } from 'node:net'
import { describe, expect } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import { agentCases, holdsBackReports } from './agent-cases.ts'
import { areAsked, becomes, burst, isTriedWhereAsked, real, shown } from './agents-on-trial.ts'

const postfix = areAsked ? await import('../../connectors/field/agents/postfix.ts') : null
const missing = await postfix?.unreachable() ?? null

describe('Postfix, a private instance', () => {
  isTriedWhereAsked()
  if (!postfix) return

  agentCases(missing, {
    right: postfix.postfixTen, several: postfix.postfixSeveral, names: postfix.postfixNames,
    reporting: [postfix.postfixRefused, postfix.postfixReports], file: 'postfix.ts#postfixTen', processes: 5,
  })

  real(missing, 'starts at another port where somebody else takes the one that was free', async () => {
    const ports: number[] = []
    const somebody = createServer()
    const crowded = postfix.postfix('10 processes', 10, {
      async starts(port) {
        if (ports.push(port) === 1) await new Promise<void>((go) => somebody.listen(port, '127.0.0.1', go))
      },
    })
    const { history, says } = await shown(crowded, { stream: [burst('plain')] })
    somebody.close()
    expect([says, becomes(history, 'm1'), new Set(ports).size]).toEqual([null, 'recorded', 2])
  })

  real(missing, 'is caught with one process that delivers: a link that hangs delays the others', async () => {
    const verdict = await attempt(postfix.postfixOne, { seed: 1, runs: 60, asDrawn: true })
    expect(verdict.broken).toMatchObject({ law: { name: 'links are independent' }, clause: 'a verdict while another link is down' })
  })

  // Whichever comes after the first for the dead link waits for that.
  real(missing, 'has one process wait for a dead link beside a healthy one', async () => {
    const { says } = await shown(postfix.postfixOne, {
      links: 2, stream: [burst('plain', 4), burst('plain', 4, 2)], faults: [{ after: 0, what: 'link hangs', on: 1 }],
    })
    expect(says).toMatch(/^Another link is down, everything is at rest, and m\d for link 2 has no verdict\.$/)
  })

  holdsBackReports(missing, postfix.postfixSeveral)
})
