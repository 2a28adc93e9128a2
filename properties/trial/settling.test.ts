import { describe, expect, it } from 'vitest'
import { attempt } from '../../engine/falsify/falsify.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { Unrepeatable } from '../../engine/falsify/shrink.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { courses } from '../../reports/connectors/courses.ts'
import { brokeOnce, whatSettles } from '../../reports/connectors/settling.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { junitReport } from '../../reports/formats/junit.ts'
import { summaryReport } from '../../reports/formats/summary.ts'
import { dataOf } from '../../reports/html/page-data.ts'
import type { Connector } from '../../spec/connector.ts'
import { brokenClauses } from '../verdict/broken-clauses.ts'
import { tried } from '../pages/exhibits.ts'

const again = 'npx unwedge check mine.ts'

describe('A verdict that is inconclusive', () => {
  it('shows the law that was broken once, and its run, wherever it is written', async () => {
    let starts = 0
    const flighty: Connector = {
      name: 'a flighty one', guarantee: 'at-least-once', notApplicable: { 'service dies': 'it starts once in a scenario' },
      // The third start is that of the first scenario drawn: two quiet ones come before it.
      start: ({ send }) => (++starts === 3 ? { take: () => new Promise(() => undefined) } : { take: ({ content }) => send(content) }),
    }
    const seen = await attempt(flighty, { seed: 1, runs: 3 }).then(() => null, (error: unknown) => error)
    expect(seen).toBeInstanceOf(Unrepeatable)
    const broken = (seen as Unrepeatable).seen
    const once = violationOf(flighty, { broken, runs: 1, repeats: false }, { seed: 1, again, found: 'once' })
    const page = violationPage(once).replace(/\s+/g, ' ')
    expect(page).toContain(' ? Once: In the end, every message taken has been delivered or flagged. ')
    expect(page).toMatch(/takes m1/)
    expect(page).toContain('Seen once, in scenario 1 of seed 1: when the same scenario ran again, every law was kept.')
    expect(page).toContain('What would settle it: a run that repeats.')
    expect(page).not.toContain('matters')
    const connector = { ...tried([], flighty.name), verdict: 'inconclusive' as const, because: brokeOnce, once }
    const evidence = { command: '', claims: [], pages: [], thresholds: [], connectors: [connector] }
    expect(dataOf(evidence).pages).toMatchObject([{ isOnce: true, law: { name: 'delivered or flagged' } }])
    expect(dataOf(evidence).connectors).toMatchObject([{ once: { law: 'delivered or flagged' }, broken: [] }])
    expect(junitReport(evidence)).toContain('? Once: In the end')
    expect(summaryReport(evidence)).toContain('<summary>? a flighty one, once: ')
  })

  it('says what would settle it, where its reason does not', () => {
    expect(whatSettles('the time was over after 3 of 9 scenarios')).toContain('more time')
    expect(whatSettles(brokeOnce)).toContain('a run that repeats')
    expect(whatSettles('its history ends before the trial did')).toContain('a history that is whole')
    expect(whatSettles('it looks at the clock again and again: look less often')).toBeNull()
  })
})

describe('Links that are not independent', () => {
  it('are shown with both courses of the message, times beside each other', async () => {
    const { connector, scenario } = brokenClauses.find(({ clause }) => clause === 'nothing lost to the trouble of another link')!
    const { judgement, inconclusive: _, ...run } = await ran(connector, scenario, inProcess(connector))
    const broken = { ...judgement!, ...run, tries: 1 }
    const found = violationOf(connector, { broken, runs: 1, repeats: true }, { seed: 1, again })
    expect(courses(found).map(({ what, here, there }) => [what, here, there])).toEqual([
      ['takes m2, for link 2', '0 ms', '0 ms'], ['link 2 is offered m2', '5,000 ms', '0 ms'], ['link 2 records m2', '5,000 ms', '0 ms'],
    ])
    expect(violationPage(found)).toMatch(/ {4}link 2 records m2 +5,000 ms +0 ms\n/)
  })
})
