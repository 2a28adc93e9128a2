import { describe, expect, it } from 'vitest'
import { inbox, prefetches } from '../../connectors/corpus/right/storage.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { caughtEarly, caughtLate, missed, rightOnes, wrongOnes } from './corpus.ts'

/** As a trial at length; where the whole suite has to be quick, forty scenarios and those that are caught in them. */
const isWhole = process.env['UNWEDGE_REFERENCES'] !== undefined
const length = { timeout: 900_000 }
const runsOfRight = isWhole ? Math.min(2_000, Number(process.env['UNWEDGE_REFERENCES'])) : 8
const runsOfWrong = isWhole ? 1_000 : 40
/** On the real clock a scenario takes seconds. */
const runsOnRealClock = isWhole ? 40 : 0

describe('The corpus', () => {
  it('says of each wrong connector how it is caught, or that it is missed', () => {
    const told = [caughtEarly, caughtLate, missed].flatMap((table) => Object.keys(table))
    expect(told.sort()).toEqual(Object.keys(wrongOnes).sort())
  })

  it('has a name for each connector that no other has', () => {
    const names = [...Object.values(wrongOnes), ...Object.values(rightOnes)].map(({ name }) => name)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })
})

describe('A right connector of the corpus', length, () => {
  for (const [name, connector] of Object.entries(rightOnes)) {
    const runs = connector.clock === 'real' ? runsOnRealClock : runsOfRight
    it.skipIf(runs === 0)(`keeps every law in ${runs} scenarios: ${name}`, async () => {
      const { verdict, because, broken } = await attempt(connector, { seed: 1, runs, asDrawn: true })
      expect({ verdict, because, says: broken?.says }).toEqual({ verdict: 'lawful', because: '', says: undefined })
    })
  }

  it('is not accused of what was fetched for it after it had died', async () => {
    const scenario = {
      workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [{ after: 2, what: 'service dies', on: 1 }],
      schedule: [7],
    } as const
    for (const connector of [inbox, prefetches])
      expect(judge(connector, await usingThisProcess(connector, (runner) => runner(scenario)))).toBeNull()
  })
})

describe('A wrong connector of the corpus', length, () => {
  for (const [at, [name, clauses]] of Object.entries({ ...caughtEarly, ...(isWhole ? caughtLate : {}) }).entries())
    it.skipIf(!isWhole && at % 4 !== 0)(`is caught within ${runsOfWrong} scenarios: ${name}`, async () => {
      const { broken } = await attempt(wrongOnes[name]!, { seed: 1, runs: runsOfWrong, asDrawn: true })
      expect(clauses).toContain(broken?.clause)
    })

  if (!isWhole) return
  for (const [name, because] of Object.entries(missed))
    it(`is missed today: ${name}, for ${because}`, async () => {
      expect(await attempt(wrongOnes[name]!, { seed: 1, runs: 300, asDrawn: true })).toMatchObject({ broken: null })
    })
})
