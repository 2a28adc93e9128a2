/** A scenario of a check in one line, and the page that shows it whole. */
import { describe, expect, it } from 'vitest'
import { printedLine, scenarioLine } from '../../reports/connectors/scenario-line.ts'
import { scenarioSentences } from '../../reports/connectors/scenario.ts'
import { scenarioPage } from '../../reports/connectors/scenario-page.ts'
import type { Event } from '../../spec/connector.ts'
import { busy, loser, nasty } from './exhibits.ts'

const [lost] = loser.violations as [(typeof loser.violations)[number]]
const tried = { connector: lost.connector, number: 12, scenario: lost.scenario, history: lost.history, breaks: null, inconclusive: null }
const prints = (detail: string): Event => ({ what: 'prints', detail, time: 0 })

describe('A scenario in a line', () => {
  it('has what became of its messages, what they were, the faults that came, and then its events', () => {
    expect(scenarioLine(tried)).toBe('   12 ✓ 1 delivered, 1 lost ← 2 plain over 2 links; link 1 refuses (9 events): takes m1; takes m2; '
      + 'link 1 is offered m1; link 1 records m1; says that m1 is delivered; link 1 refuses; link 1 is offered m2; '
      + 'link 1 drops m2, before; everythin…')
    expect(scenarioLine(tried, 90)).toBe('   12 ✓ 1 delivered, 1 lost ← 2 plain over 2 links; link 1 refuses (9 events)')
    expect(scenarioLine({ ...tried, breaks: lost.says })).toMatch(
      /^ {3}12 ✗ Everything is healed and at rest, and m2 has no verdict\. ← 2 plain/)
    expect(scenarioLine({ ...tried, inconclusive: 'the time was over' })).toMatch(/^ {3}12 \? the time was over ← 2 plain/)
  })

  it('says of fresh messages what became of them only where one did not come through', () => {
    const fresh = (n: number): Event => ({ what: 'fresh', message: `m${n}`, link: 'link 1', time: 9 })
    const recorded = (n: number): Event => ({ what: 'recorded', message: `m${n}`, link: 'link 1', time: 9 })
    const with_ = (...more: readonly Event[]) => scenarioLine({ ...tried, history: [...lost.history, ...more] })
    expect(with_(fresh(8), fresh(9), recorded(8), recorded(9))).toContain(' ✓ 1 delivered, 1 lost ←')
    expect(with_(fresh(8), fresh(9), recorded(8))).toContain(' ✓ 1 delivered, 1 lost; of fresh ones, 1 delivered, 1 lost ←')
    // A flag that names no link is for every recipient that has no verdict.
    const both: readonly Event[] = ['link 1', 'link 2'].map((link) => ({ what: 'taken', message: 'm1', link, time: 0 }))
    const history: readonly Event[] = [...both, recorded(1), { what: 'flagged', message: 'm1', time: 1 }]
    expect(scenarioLine({ ...tried, history })).toContain(' ✓ 1 delivered, 1 flagged ←')
  })

  it('says what is so for one of several recipients alone', () => {
    const stream = [{ count: 2, kind: 'refused', link: 3, only: 2 }, { count: 1, kind: 'refused', link: 1 }] as const
    const scenario = { ...lost.scenario, links: 3, recipients: 2, stream }
    expect(scenarioLine({ ...tried, scenario })).toContain(' ← 2 refused for one alone, 1 refused over 3 links; ')
    expect(scenarioLine({ ...tried, scenario: { ...scenario, recipients: 1 } })).toContain(' ← 3 refused over 3 links; ')
    const sentence = (change: Partial<typeof scenario> = {}) =>
      scenarioSentences({ ...lost, scenario: { ...scenario, ...change } })[0]
    expect(sentence()).toMatch(
      /^2 refused messages for link 3 \(refused over link 1 alone\), 1 refused message for link 1, each for 2 recipients; /)
    expect(sentence({ links: 2, recipients: 3 })).toMatch(/^2 refused messages for link 1 \(refused over link 2 alone\), /)
    expect(sentence({ recipients: 1 })).toMatch(/^2 refused messages for link 3, 1 refused message for link 1; /)
  })

  it('fits the terminal and steers none, whatever is in it', () => {
    const spoilt = lost.history.map((event): Event => ({ ...event, ...(event.message ? { detail: nasty } : {}) }))
    const history = [...spoilt, prints(nasty.repeat(20))]
    for (const columns of [20, 80, 240])
      for (const line of [
        scenarioLine({ ...tried, connector: nasty, history, breaks: nasty }, columns), printedLine({ history }, columns)!,
      ]) {
        expect(line.length).toBeLessThanOrEqual(columns)
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
      }
    expect(scenarioLine({ ...tried, ...busy(5_000).violations[0]!, breaks: null }, 80).length).toBeLessThanOrEqual(80)
  })

  it('is followed by what the connector printed', () => {
    expect(printedLine(tried)).toBeNull()
    expect(printedLine({ history: [prints('got m1'), ...lost.history, prints('done')] })).toBe('        prints 2 lines: got m1 | done')
  })
})

describe('The page of a scenario that breaks no law', () => {
  const [long] = busy(2_000).violations as [typeof lost]
  const shown = { ...long, number: 7, seed: 3, inconclusive: null, again: 'npx unwedge check queue.ts --seed 3 --show 7' }

  it('has every event where the whole is asked for, and what it was tried with', () => {
    const page = scenarioPage(shown, { whole: true })
    expect(page).toMatch(/^ {2}✓ This scenario breaks no law\.$/m)
    for (const n of [1, 1_234, 2_000]) expect(page).toMatch(new RegExp(`^ +[\\d,]+ .*takes m${n}, for link \\d$|^ +[\\d,]+ .*takes m${n}$`, 'm'))
    expect(page.split('\n').length).toBeGreaterThan(8_000)
    expect(page).toContain('Scenario 7 of seed 3, as it is drawn.\n')
    expect(page.trimEnd()).toMatch(/\n\n {2}npx unwedge check queue\.ts --seed 3 --show 7$/)
    expect(scenarioPage(shown).split('\n').length).toBeLessThan(200)
  })

  it('says why where nothing can be said, and fits the terminal', () => {
    const page = scenarioPage({ ...shown, history: lost.history, inconclusive: 'the trial was given up' }, { columns: 80, whole: true })
    expect(page).toContain('  ? Inconclusive: the trial was given up.\n')
    expect(page.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})
