import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../engine/falsify/generator.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { incomplete } from '../../engine/verdict/completeness.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { bugs, connectorOf, drawnTraits } from './drawn-connectors.ts'

const times = Number(process.env['UNWEDGE_SEEDS'] ?? 1)
const drawn = (numRuns: number) => ({ numRuns: numRuns * times, seed: 7 })

const patient = { timeout: 240_000 * times }

/** A connector with a bug or without, and a scenario that it may meet. */
const right = drawnTraits(null).chain(withScenario)
const wrong = fc.constantFrom(...bugs).chain(drawnTraits).chain(withScenario)

function withScenario(traits: Parameters<typeof connectorOf>[0]): fc.Arbitrary<readonly [Connector, Scenario]> {
  const connector = connectorOf(traits)
  return scenarios(connector).map((scenario) => [connector, scenario] as const)
}

const run = (connector: Connector, scenario: Scenario) => ran(connector, scenario, inProcess(connector))

/** What must not be further down or up the page of a message that is accused of the lack of it. */
const lacks: Readonly<Record<string, readonly string[]>> = {
  'a verdict in the end': ['recorded', 'recorded stripped', 'recorded altered', 'flagged'],
  'fresh messages are delivered': ['recorded'],
  'an answer in the end': ['claims delivered', 'flagged'],
}
/** Whoever fetches a message has the source to tell. */
const lacksOfTheFetched: typeof lacks = { ...lacks, 'an answer in the end': ['acknowledged', 'flagged'] }

describe('A connector without a bug', patient, () => {
  it('is not accused, and can be judged, whatever it is made of and meets', async () => {
    await fc.assert(fc.asyncProperty(right, async ([connector, scenario]) => {
      const { judgement, inconclusive } = await run(connector, scenario)
      expect(judgement?.says ?? inconclusive).toBeNull()
    }), drawn(60))
  })
})

describe('A connector with a bug', patient, () => {
  it('is accused of no lack on a page on which there is what it lacks', async () => {
    const caught = new Set<string>()
    await fc.assert(fc.asyncProperty(wrong, async ([connector, scenario]) => {
      const { judgement, history } = await run(connector, scenario)
      if (!judgement) return
      caught.add(connector.name.split(',')[0]!)
      const its = history.filter(({ message }) => message === judgement.message)
      const lacking = (its.some(({ what }) => what === 'fetched') ? lacksOfTheFetched : lacks)[judgement.clause] ?? []
      expect(its.filter(({ what }) => lacking.includes(what))).toEqual([])
    }), drawn(140))
    // Each of them is caught by some scenario, so the property is not an empty one.
    expect([...caught].sort()).toEqual(bugs.map((bug) => `one that ${bug}`).sort())
  })
})

describe('The judge', patient, () => {
  it('says the same of the same history, and of no part of it that it is lawful, nor anything else than of the whole', async () => {
    await fc.assert(fc.asyncProperty(wrong, fc.nat(1_000), async ([connector, scenario], place) => {
      const history = await inProcess(connector)(scenario)
      const whole = judge(connector, history)
      expect(judge(connector, history)).toEqual(whole)
      expect(await inProcess(connector)(scenario)).toEqual(history)
      const part = history.slice(0, place % history.length)
      const found = judge(connector, part)
      expect(found ?? incomplete(part, scenario)).not.toBeNull()
      if (found) expect(found).toEqual(whole)
    }), drawn(50))
  })
})
