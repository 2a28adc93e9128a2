/** Haraka with its hundred places of delivery; and what was found wrong with it. */
import { describe, expect } from 'vitest'
import { agentCases } from './agent-cases.ts'
import { allAtOnce, areAsked, becomes, burst, isTriedWhereAsked, keepsEveryLaw, real, runs, shown, within } from './agents-on-trial.ts'

const haraka = areAsked ? await import('../../connectors/field/agents/haraka.ts') : null
const missing = null

describe('Haraka, as a process', () => {
  isTriedWhereAsked()
  if (!haraka) return

  agentCases(missing, {
    right: haraka.harakaHundred, several: haraka.harakaSeveral, names: haraka.harakaNames,
    reporting: [], file: 'haraka.ts#harakaHundred', processes: 1,
  })

  real(missing, 'crashes where its process ends, which is told at once, with how it ended and what it printed', async () => {
    const { history, says } = await shown({
      ...haraka.harakaHundred,
      async start(world) {
        const running = await haraka.harakaHundred.start(world)
        const [pid] = within(world.disk.get('folder') as string)
        setTimeout(() => process.kill(Number(pid), 'SIGABRT'), 500)
        return running
      },
    }, { stream: [burst('plain')], faults: [{ after: 0, what: 'link hangs', on: 1 }] })
    expect(history.at(-1)!.time).toBeLessThan(7_000)
    expect(history.map(({ what }) => what)).not.toContain('flagged')
    expect(says).toMatch(/^It crashes: .*node \(process \d+\) ended by itself, by SIGABRT: /)
  })

  real(missing, 'keeps every law with several recipients too', () => keepsEveryLaw(haraka.harakaSeveral, runs / 2))

  real(missing, 'is caught keeping its only place for an empty file, and delivers without one', async () => {
    const stream = [burst('plain')]
    expect((await shown(haraka.harakaOne, { stream })).says).toBeNull()
    const { history, says } = await shown(haraka.harakaEmptyFile, { stream })
    expect(says).toBe('Everything is healed and at rest, and m1 has no verdict.')
    expect(history.some(({ what }) => what === 'recorded')).toBe(false)
  })

  real(missing, 'is caught dropping a report that nobody takes', async () => {
    await allAtOnce([haraka.harakaRefused, haraka.harakaReports], async (agent) => {
      const { history, says } = await shown(agent, { stream: [burst('refused'), burst('plain')] })
      expect([says, becomes(history, 'm2')], agent.name).toEqual(['Everything is healed and at rest, and m1 has no verdict.', 'recorded'])
    })
  })
})
