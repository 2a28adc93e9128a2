import { describe, expect, it } from 'vitest'
import { checkVariants } from '../../bin/checks/variant-check.ts'
import { realNow } from '../../engine/real-time.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { catalogue } from '../../models/catalogue.ts'

const right = catalogue.find(({ component, variant }) => component.name === 'claim-queue' && variant === 'fixed')!

describe('A limit of time', () => {
  it('ends a search of states under way, which is then not settled', async () => {
    const { states: _, ...claim } = right
    const large = { ...claim, scope: { workers: 4, messages: 3 } }
    const { results, unsettled } = await checkVariants([large], { until: realNow() + 100, runs: 0, seed: 1 })
    expect(results).toHaveLength(0)
    expect(unsettled.map(({ why }) => why)).toEqual([expect.stringMatching(/^the time was over(?: after [\d,]+ states)?$/)])
  })

  it('ends walks between one and the next, and what was explored stands', async () => {
    const { runs, found } = randomWalks(right.component, right.variant, { seed: 1, runs: 1_000_000_000, until: realNow() + 50 })
    expect({ isCut: runs < 1_000_000_000, found }).toEqual({ isCut: true, found: null })
    const { results, unsettled } = await checkVariants([right], { until: realNow() + 2_000, runs: 1_000_000_000, seed: 1 })
    expect(results).toMatchObject([{ walked: null, wrong: [] }])
    expect(unsettled).toMatchObject([{ why: expect.stringMatching(/^the time was over after [\d,]+ of 1,000,000,000 walks$/) }])
  })
})
