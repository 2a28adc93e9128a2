import { describe, expect, it } from 'vitest'
import { async022, async023 } from '../../connectors/async-queue.ts'
import { fastq1150, fastq1160 } from '../../connectors/fastq.ts'
import * as references from '../../connectors/references.ts'
import { load } from '../../engine/process/load.ts'
import { Supervisor } from '../../engine/process/supervisor.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { conformance } from '../../api/vitest.ts'

/** 2,000 scenarios for each fixed version, over five seeds; 99 of one seed where the whole suite has to be quick. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
// From a hundred on come streams by their size, too, which take longer than all others.
const seeds = isWhole ? [1, 2, 3, 4, 5] : [1]
const runs = isWhole ? 400 : 99

describe('A published bug', () => {
  for (const { buggy, fixed, law } of [
    { buggy: fastq1150, fixed: fastq1160, law: 'delivered or flagged' },
    { buggy: async022, fixed: async023, law: 'honest' },
  ]) {
    it(`of ${buggy.name} is found from drawn scenarios, and shrinks to one message`, { timeout: 240_000 }, async () => {
      for (const seed of [1, 2, 3]) {
        const { broken } = await attempt(buggy, { seed, runs: 500 })
        expect(broken?.law.name).toBe(law)
        expect(broken?.scenario.stream).toHaveLength(1)
        expect(broken?.scenario.stream[0]?.count).toBe(1)
        expect(broken!.scenario.faults.length).toBeLessThanOrEqual(1)
      }
    })

    it(`is not in ${fixed.name}, in ${runs * seeds.length} scenarios`, { timeout: 240_000 }, async () => {
      for (const seed of seeds) {
        const verdict = await attempt(fixed, { seed, runs })
        expect(verdict).toMatchObject({ verdict: 'lawful', repeats: true })
        // After what was drawn come streams by their size.
        expect(verdict.runs).toBeGreaterThanOrEqual(runs)
      }
    })
  }

  it('has a page that says what happened, and how to see it again', async () => {
    const verdict = await attempt(fastq1150, { seed: 2, runs: 500 })
    const page = violationPage(violationOf(fastq1150, verdict, { seed: 2, again: 'npx unwedge check connectors/fastq.ts' }))
    await expect(page).toMatchFileSnapshot('../../reports/golden/fastq-1.15.0.txt')
  })
})

const ofReferences = Number(process.env['UNWEDGE_REFERENCES'] || 10)
for (const reference of Object.values(references)) conformance(reference, { runs: ofReferences })

describe('A connector that does harm', () => {
  const file = 'connectors/hostile.ts'
  const expected: Readonly<Record<string, RegExp>> = {
    exits: /exited with code 3/, spins: /it spins/, floods: /prints without end|write ENOBUFS|m1 has no verdict/, eats: /out of memory/,
    throwsLater: /nobody catches this/, rejectsUnseen: /nobody sees this/, neverCalls: /m1 has no verdict/,
  }
  const slow = process.env['UNWEDGE_SEEDS'] ? ['exits', 'spins', 'floods', 'eats'] : []
  for (const as of ['throwsLater', 'rejectsUnseen', 'neverCalls', ...slow])
    it(`is caught and does none: ${as}`, { timeout: 240_000 }, async () => {
      const { connector } = (await load(file)).found.find((loaded) => loaded.as === as)!
      const supervisor = new Supervisor(file, as, { spin: 500, block: 500, heap: 96, output: 2_000_000 })
      try {
        const { broken } = await attempt(connector, { seed: 1, runs: 100, runner: supervisor.runner })
        expect(broken?.says).toMatch(expected[as]!)
        expect(broken?.scenario.stream).toEqual([{ count: 1, kind: 'refused', link: 1 }])
      } finally {
        await supervisor.close()
      }
    })
})
