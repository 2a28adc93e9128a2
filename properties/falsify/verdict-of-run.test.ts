import { describe, expect, it } from 'vitest'
import { inProcess, type Runner } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { handMade } from '../verdict/hand-made-history.ts'

/** As a trial: what takes seconds of real time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const [hangs, dies]: readonly Fault[] = [{ after: 0, what: 'link hangs', on: 1 }, { after: 1, what: 'service dies', on: 1 }]
const scenario: Scenario = { workers: 1, links: 2, stream: [{ count: 1, kind: 'plain', link: 2 }], faults: [], schedule: [] }
const delivered = (at: number) => `taken m1 over 2; ${at}: sent m1 #1; claims delivered m1; end`

/** Waits longer after each failure, and no longer after a success: over that link, or over any. */
const pausing = (over: 'each link' | 'all links'): Connector => ({
  ...connector, name: `a pause of ${over}`,
  start({ links }) {
    const pauses = new Map(links.map(({ name }) => [name, { wait: 0, until: 0 }]))
    return {
      async take({ link, content }) {
        const pause = pauses.get(over === 'each link' ? link : 'link 1')!
        for (;;) {
          await new Promise((go) => setTimeout(go, Math.max(0, pause.until - performance.now())))
          try {
            await links.find(({ name }) => name === link)!.send(content)
            pause.wait = 0
            return
          } catch {
            pause.wait = Math.min(10_000, pause.wait * 2 || 500)
            pause.until = performance.now() + pause.wait
          }
        }
      },
    }
  },
})

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

  it('accuses nobody of turns: where two for one link change places for what is left out, it is run in the order of the calls', async () => {
    const crowd: Scenario = {
      ...scenario, stream: [{ count: 1, kind: 'plain', link: 2 }, { count: 1, kind: 'plain', link: 2 }, { count: 2, kind: 'busy', link: 1 }],
      faults: [{ what: 'link refuses', after: 0, on: 2 }], schedule: [0, 1, 0, 0, 1],
    }
    const runner = (of: Connector): Runner => inProcess(of)
    expect(await ran(pausing('each link'), crowd, runner(pausing('each link')))).toMatchObject(
      { scenario: crowd, judgement: null, inconclusive: null })
    const shared = await ran(pausing('all links'), crowd, runner(pausing('all links')))
    expect(shared).toMatchObject({ scenario: crowd, judgement: { law: { name: 'links are independent' } } })
  })

  it('is shown in the order of the calls where it breaks the law in that order, too', async () => {
    const two = (first: string, second: string) =>
      `taken m1 over 2; taken m2 over 2; ${first}; ${second}; claims delivered m1; claims delivered m2; end`
    const [turned, calm] = [two('sent m2 #1', '5000: sent m1 #2'), two('sent m1 #1', 'sent m2 #2')]
    const late = two('4000: sent m1 #1', 'sent m2 #2')
    const struck: Scenario = { ...scenario, stream: [{ count: 2, kind: 'plain', link: 2 }], faults: [hangs!], schedule: [1, 0] }
    const { asked, runner } = told(turned, calm, calm, late, calm, calm)
    expect(await ran(connector, struck, runner)).toMatchObject({
      scenario: { ...struck, schedule: [] }, history: handMade(late), without: handMade(calm),
      judgement: { message: 'm1' }, inconclusive: null,
    })
    expect(asked).toEqual(['link hangs', '', '', 'link hangs', '', ''])
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

  it('is run again without what was done to links, where something waits while another is down, and shows that where it waits all the same', async () => {
    const waits = 'taken m1 over 2; link hangs over 1; at rest; healed; sent m1 #1; claims delivered m1; end'
    const never = 'taken m1 over 2; at rest; healed; end'
    const struck = { ...scenario, faults: [hangs!, dies!] }
    const stuck = told(waits, never)
    expect(await ran(connector, struck, stuck.runner)).toEqual({
      scenario: { ...struck, faults: [dies] }, history: handMade(never), inconclusive: null,
      judgement: expect.objectContaining({ clause: 'a verdict in the end', message: 'm1' }),
    })
    expect(stuck.asked).toEqual(['link hangs,service dies', 'service dies'])
    // It does so only of what came to an end, and of what can be run the same way twice.
    for (const [histories, more, asked] of [
      [[waits, delivered(0)], {}, 2], [[waits, 'taken m1 over 2'], {}, 2], [[waits, 'recorded something never sent (x)'], {}, 2],
      [[waits], { clock: 'real', patience: 9_000 }, 1],
    ] as const) {
      const kept = told(...histories)
      expect(await ran({ ...connector, ...more }, struck, kept.runner)).toEqual({
        scenario: struck, history: handMade(waits), inconclusive: null,
        judgement: expect.objectContaining({ clause: 'a verdict while another link is down', message: 'm1' }),
      })
      expect(kept.asked).toHaveLength(asked)
    }
  })

  it('is run once where what waits waits for nobody else', async () => {
    const { asked, runner } = told('taken m1 over 2; at rest; healed; end')
    expect(await ran(connector, { ...scenario, faults: [hangs!] }, runner)).toMatchObject({ judgement: { clause: 'a verdict in the end' } })
    expect(asked).toHaveLength(1)
  })

  it('is not run again on the real clock', async () => {
    const { asked, runner } = told(delivered(5_000), delivered(0))
    expect((await ran({ ...connector, clock: 'real', patience: 9_000 }, { ...scenario, faults: [hangs!] }, runner)).judgement).toBeNull()
    expect(asked).toHaveLength(1)
  })

  describe('whose fresh message is late on the real clock', () => {
    const real: Connector = { ...connector, clock: 'real', patience: 9_000, recovery: 5_000 }
    const storm: Scenario = { ...scenario, faults: [hangs!] }
    const fresh = (took: number) => `fresh m1; ${took}: sent m1 #1; claims delivered m1; end`

    it('is no breach where the machine takes as long for one by itself, in one of three runs without a storm', async () => {
      for (const healthy of [[900], [100, 900], [100, 100, 900]]) {
        const { asked, runner } = told(fresh(5_900), ...healthy.map(fresh))
        expect((await ran(real, storm, runner)).judgement).toBeNull()
        expect(asked).toEqual(['link hangs', ...healthy.map(() => '')])
      }
    })

    it('is one where the machine is not to blame', async () => {
      const { runner } = told(fresh(5_900), fresh(100), fresh(899), fresh(100))
      expect((await ran(real, storm, runner)).judgement).toMatchObject({
        clause: 'fresh messages are delivered promptly', message: 'm1',
        says: 'm1, sent fresh over link 1 after everything was healed, is delivered after 5,900 ms: a healthy message is to take 5,899 ms at the most.',
      })
    })

    it('is one where none of those comes by itself, and nothing is measured where none is late, or on virtual time', async () => {
      const never = told(fresh(5_900), 'fresh m1; end', 'fresh m1; end', 'fresh m1; end')
      expect((await ran(real, storm, never.runner)).judgement).toMatchObject({ message: 'm1' })
      const prompt = told(fresh(5_000))
      expect((await ran(real, storm, prompt.runner)).judgement).toBeNull()
      const virtual = told(fresh(5_900))
      expect((await ran({ ...connector, recovery: 5_000 }, scenario, virtual.runner)).judgement).toMatchObject({ message: 'm1' })
      expect([prompt.asked, virtual.asked]).toEqual([['link hangs'], ['']])
    })

    it.runIf(isWhole)('is found at work: who slows down after trouble is caught, and who is as slow as ever is not', { timeout: 60_000 }, async () => {
      const slowing = (isAtOnce: boolean): Connector => ({
        name: 'one that is slow', guarantee: 'at-least-once', clock: 'real', patience: 1_500, recovery: 100, links: [1, 1], workers: [1, 1],
        start({ send }) {
          let wait = isAtOnce ? 1_300 : 0
          return {
            async take({ content }) {
              await new Promise((go) => setTimeout(go, wait))
              await send(content).catch((error: unknown) => { wait = 1_300; throw error })
            },
          }
        },
      })
      const dropped: Scenario = {
        workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], schedule: [], calm: [{ kind: 'plain', link: 1 }],
        faults: [{ after: 0, what: 'link drops before', on: 1 }],
      }
      const says = async (slow: Connector) => (await ran(slow, dropped, inProcess(slow))).judgement?.clause ?? null
      expect([await says(slowing(false)), await says(slowing(true))]).toEqual(['fresh messages are delivered promptly', null])
    })
  })
})
