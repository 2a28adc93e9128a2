import { describe, expect, it } from 'vitest'
import type { Runner } from '../engine/falsify/runner.ts'
import { ran } from '../engine/falsify/verdict-of-run.ts'
import type { Connector } from '../spec/connector.ts'
import type { Fault, Scenario } from '../spec/scenario.ts'
import { handMade } from './hand-made-history.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const [hangs, dies]: readonly Fault[] = [{ after: 0, what: 'link hangs', on: 1 }, { after: 1, what: 'service dies', on: 1 }]
const scenario: Scenario = { workers: 1, links: 2, stream: [{ count: 1, kind: 'plain', link: 2 }], faults: [], schedule: [] }
const delivered = (at: number) => `taken m1 over 2; ${at}: sent m1 #1; claims delivered m1; end`

/** Runs scenarios from a list of histories, and keeps which faults it was asked for. */
function told(...histories: readonly string[]) {
  const asked: string[] = []
  const runner: Runner = async ({ faults }) => {
    asked.push(faults.map(({ what }) => what).join())
    return handMade(histories[asked.length - 1]!)
  }
  return { asked, runner }
}

describe('A scenario that was run', () => {
  it('is judged once where it breaks a law, or keeps all', async () => {
    const lawful = told(delivered(0))
    expect(await ran(connector, scenario, lawful.runner)).toEqual(
      { scenario, history: handMade(delivered(0)), judgement: null, inconclusive: null })
    const broken = told('taken m1 over 2; end')
    expect(await ran(connector, { ...scenario, faults: [hangs!] }, broken.runner)).toMatchObject(
      { judgement: { clause: 'a verdict in the end' }, inconclusive: null })
    expect([lawful.asked, broken.asked]).toEqual([[''], ['link hangs']])
  })

  it('is inconclusive where its history is none, and broken where that breaks a law all the same', async () => {
    expect(await ran(connector, scenario, told('taken m1 over 2').runner)).toMatchObject(
      { judgement: null, inconclusive: 'its history ends before the trial did' })
    const cut = told('taken m1 over 2', delivered(0), delivered(0))
    expect((await ran(connector, { ...scenario, faults: [hangs!] }, cut.runner)).inconclusive).toBe('its history ends before the trial did')
    expect(cut.asked).toHaveLength(1)
    expect(await ran(connector, scenario, told('taken m1 over 2; recorded something never sent (x)').runner)).toMatchObject(
      { judgement: { clause: 'nothing invented' }, inconclusive: null })
    expect(await ran(connector, scenario, told('misused (a hat); recorded something never sent (x)').runner)).toMatchObject(
      { judgement: null, inconclusive: 'a hat' })
  })

  it('is run again without what was done to a link, where another message was late', async () => {
    const { asked, runner } = told(delivered(5_000), delivered(0), delivered(0))
    const found = await ran(connector, { ...scenario, faults: [hangs!] }, runner)
    expect(found).toMatchObject({ judgement: { law: { name: 'links are independent' }, message: 'm1' }, without: handMade(delivered(0)) })
    expect([asked, found.inconclusive]).toEqual([['link hangs', '', ''], null])
  })

  it('accuses nobody of chance: of what is not the same when it is run once more', async () => {
    const { asked, runner } = told(delivered(5_000), delivered(0), delivered(1))
    expect(await ran(connector, { ...scenario, faults: [hangs!] }, runner)).toMatchObject({ judgement: null, inconclusive: null })
    expect(asked).toEqual(['link hangs', '', ''])
  })

  it('is run with what was done to links alone, where more was done', async () => {
    const { asked, runner } = told(delivered(5_000), delivered(4_000), delivered(0), delivered(0))
    const found = await ran(connector, { ...scenario, faults: [hangs!, dies!] }, runner)
    expect(asked).toEqual(['link hangs,service dies', 'link hangs', '', ''])
    expect([found.scenario.faults, found.history, found.judgement?.message]).toEqual([[hangs], handMade(delivered(4_000)), 'm1'])
    const alike = told(delivered(5_000), delivered(4_000), delivered(4_000))
    const kept = await ran(connector, { ...scenario, faults: [hangs!, dies!] }, alike.runner)
    expect([kept.scenario.faults, kept.history]).toEqual([[hangs, dies], handMade(delivered(5_000))])
    expect([kept.judgement, kept.inconclusive]).toEqual([null, null])
  })

  it('is not run again on the real clock', async () => {
    const { asked, runner } = told(delivered(5_000), delivered(0))
    expect((await ran({ ...connector, clock: 'real', patience: 9_000 }, { ...scenario, faults: [hangs!] }, runner)).judgement).toBeNull()
    expect(asked).toHaveLength(1)
  })
})
