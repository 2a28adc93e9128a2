import { describe, expect, it } from 'vitest'
import { fastq1150 } from '../../connectors/fastq.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { lacking } from '../../engine/falsify/ablation.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { withoutPart } from '../../reports/connectors/scenario.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { dataOf } from '../../reports/html/page-data.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { loser, tried } from '../pages/exhibits.ts'

const scenario: Scenario = {
  workers: 2, links: 1, stream: [{ count: 3, kind: 'busy', link: 1 }, { count: 1, kind: 'plain', link: 1 }],
  faults: [{ after: 0, what: 'link refuses', on: 1 }], schedule: [0, 1],
}
const parts = ['message', 'kind', 'message', 'fault', 'workers', 'order'] as const

describe('Which parts of a scenario matter', () => {
  it('is found by leaving out each in its turn', async () => {
    const ran: Scenario[] = []
    const found = await lacking(fastq1150, scenario, (each) => {
      ran.push(each)
      return inProcess(fastq1150)(each)
    }, 60)
    expect(found.map(({ part }) => part)).toEqual(parts)
    const inBrief = ({ stream, faults, workers, schedule }: Scenario) =>
      [stream.map(({ count, kind }) => `${count} ${kind}`).join(), faults.length, workers, schedule.length]
    expect(ran.map(inBrief)).toEqual([
      ['2 busy,1 plain', 1, 2, 2], ['3 plain,1 plain', 1, 2, 2], ['3 busy', 1, 2, 2], ['3 busy,1 plain', 0, 2, 2],
      ['3 busy,1 plain', 1, 1, 2], ['3 busy,1 plain', 1, 2, 0],
    ])
    for (const [i, less] of ran.entries())
      expect(found[i]!.law).toBe(judge(fastq1150, await inProcess(fastq1150)(less))?.law.name ?? null)
  })

  it('is all of them in a scenario that was shrunk', async () => {
    const { broken } = await attempt(fastq1150, { seed: 1, runs: 500 })
    const found = await lacking(fastq1150, broken!.scenario, inProcess(fastq1150), 60)
    expect(found.length).toBeGreaterThan(0)
    expect(found.every(({ law }) => law === null)).toBe(true)
  })

  it('is said in words, and on the pages', () => {
    const [violation] = loser.violations
    const all = parts.map((part, at) => ({ part, at: part === 'message' && at > 0 ? 1 : 0, law: null, outcome: 'kept' as const, says: '' }))
    const found = { ...violation!, scenario, lacking: all }
    expect(all.map((each) => withoutPart(found, each)[0])).toEqual([
      'one message of 3 busy messages for link 1', 'what is ‘busy’ in 3 plain messages for link 1', 'the plain message for link 1',
      'the fault ‘link 1 refuses’', 'one of 2 workers', 'the order of calls: they take effect as they are made',
    ])
    expect(violationPage(found)).toContain('\n  Every part of it matters: without any one, every law is kept.\n')
    const other = { part: 'fault', at: 0, law: 'honest', outcome: 'broken', says: 'm1 is altered.' } as const
    const said = (change: Partial<Violation>) => violationPage({ ...found, ...change }).replace(/\s+/g, ' ')
    expect(said({ lacking: [...all, other] })).not.toContain('Every part of it matters')
    expect(said({ lacking: [...all.slice(0, 1), other] })).toContain('Without this, every law is kept: one message of 3 busy messages for link 1. '
      + 'Without this, another law is broken instead: the fault ‘link 1 refuses’.')
    // Faults that are the same have one row, and none of them a number.
    const [fault] = scenario.faults
    const often = { ...scenario, faults: [fault!, fault!, { ...fault!, after: 1 }] }
    const history = often.faults.map((each, at) => ({ what: each.what, time: at, link: 'link 1' }) as const)
    expect(said({ scenario: often, history, at: 0, lacking: [other] })).toContain('link 1 refuses, 2 times at the start; link 1 refuses, after 1 turn.')
    const named = (faults: readonly Fault[]) => withoutPart({ ...found, scenario: { ...scenario, faults } }, other)[0]
    expect(named(often.faults)).toBe('the fault ‘link 1 refuses’, number 1 of 3 alike')
    expect(named([fault!, fault!])).toBe('the fault ‘link 1 refuses’, one of 2 alike')
    // What was seen once, or was not tried, is not known.
    expect(said({ repeats: false })).toContain('Left out one by one, 6 of 6 parts made a difference, in one run each: that may be chance.')
    expect(said({ clock: 'real' })).not.toContain('Every part of it matters')
    const untried = { ...other, outcome: 'not known', law: null, says: 'It was not tried, for lack of time.' } as const
    expect(said({ lacking: [...all, untried] })).toContain('Not known: the fault ‘link 1 refuses’.')
    expect(violationPage(violation!)).toContain('Which parts of it matter was not tried.')
    const connectors = [tried([{ ...found, lacking: [other] }])]
    const { pages: [page] } = dataOf({ command: '', claims: [], pages: [], thresholds: [], connectors })
    expect(page!.parts).toEqual([{ what: 'the fault ‘link 1 refuses’', then: '‘honest’ is broken: m1 is altered.', isNeeded: false }])
  })
})
