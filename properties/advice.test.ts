import { describe, expect, it } from 'vitest'
import { inProcess } from '../engine/falsify/runner.ts'
import { ran } from '../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../engine/store/violation-record.ts'
import { judge } from '../engine/verdict/judge.ts'
import { advice } from '../reports/advice/by-clause.ts'
import { asks, clausesInWords } from '../reports/connectors/clause-words.ts'
import { violationPage } from '../reports/connectors/violation-page.ts'
import { clauses, otherClauses } from '../spec/clauses.ts'
import type { Connector } from '../spec/connector.ts'
import type { Violation } from '../spec/evidence/violation.ts'
import type { Scenario } from '../spec/scenario.ts'
import { brokenClauses } from './broken-clauses.ts'
import { loser } from './exhibits.ts'
import { handMade } from './hand-made-history.ts'

const [lost] = loser.violations

async function shownOf(connector: Connector, scenario: Scenario): Promise<Violation | null> {
  const { judgement, ...run } = await ran(connector, scenario, inProcess(connector))
  const broken = judgement && { ...judgement, ...run, tries: 1 }
  return broken && violationOf(connector, { broken, runs: 1, repeats: true }, { seed: 1, again: 'npx unwedge check mine.ts' })
}

const allClauses = [...clauses.map(({ name }) => name), ...otherClauses].sort()

/** No trial gives a message with attachments that are few enough: what such a history would say is written by hand. */
const byHand = 'not stripped for nothing'

describe('What to look for', () => {
  it('is known for every clause, and so is what it asks, in words', () => {
    expect([...clausesInWords].sort()).toEqual(allClauses)
    expect([...new Set([...brokenClauses.map(({ clause }) => clause), byHand])].sort()).toEqual(allClauses)
    expect(asks('no such clause')).toBeNull()
    expect(advice({ ...lost!, clause: 'no such clause' })).toEqual([])
  })

  for (const { clause, connector, right, scenario, advice: says } of brokenClauses)
    it(`is said where ‘${clause}’ is broken, and not where it is kept: ${says.source.slice(0, 60)}`, async () => {
      const found = (await shownOf(connector, scenario))!
      expect(found.clause).toBe(clause)
      expect(advice(found)[0]).toMatch(says)
      expect(violationPage(found)).toContain(`\n    ${asks(clause)}\n`)
      expect(await shownOf(right, scenario)).toBeNull()
    })

  it(`is said where ‘${byHand}’ is broken, and not where there are too many attachments`, () => {
    const connector: Connector = { name: 'by hand', guarantee: 'at-least-once', strips: 1_000, start: () => ({}) }
    const history = handMade('taken m1; offered m1 #1; recorded stripped m1 #1')
    const found = { ...lost!, ...judge(connector, history)!, history }
    expect(advice(found)[0]).toMatch(/^m1 has no more attachments than are passed on, and goes without them at step 3\./)
    expect(judge(connector, handMade('taken m1 (many attachments); offered m1 #1; recorded stripped m1 #1; claims delivered m1; end'))).toBeNull()
  })

  it('differs for each way to end', () => {
    const ends = [
      'it spins, in ‘retry’ (h.ts:4): 3 seconds of processor time, and its event loop did not turn',
      'it blocks its only thread: its event loop did not turn for 6 seconds, and it did no work',
      'it ran out of memory (256 MB of heap)', 'its process exited with code 7', 'its process was ended by SIGTERM', 'it aborted',
      'it prints without end: over 8,000,000 bytes', '`start` failed: no port', '`stop` was called, and has not returned', '`start` failed: `world.report` failed: that is the fault ‘reporting fails’',
      'nested too deep',
    ]
    const said = ends.map((detail) => {
      const history = [...handMade('taken m1; offered m1 #1'), { what: 'crashed' as const, detail, time: 0 }]
      return advice({ ...lost!, clause: 'it does not crash', message: null, history, at: 2 })[0]!
    })
    expect(new Set(said.map((each) => each.slice(0, 40))).size).toBe(ends.length)
    expect(said[0]).toMatch(/^The code that is named there runs without end/)
    expect(said[7]).toMatch(/^What `start` throws/)
    expect(said.at(-1)).toMatch(/^An error is thrown, or a promise rejected, where nobody catches it\. The last event before is step 2/)
  })

  it('stands on the page, whose events have the same numbers', () => {
    const page = violationPage(lost!)
    expect(page.replace(/\s+/g, ' ')).toContain(`What to do: ${advice(lost!).join(' ')}`)
    expect(page).toMatch(/^ +8 .*drops m2, before$/m)
  })
})
