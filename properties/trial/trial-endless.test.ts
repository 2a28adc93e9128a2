/** Connectors that never come to rest: each takes a second or more, so no mutant waits for these. */
import { describe, expect, it } from 'vitest'
import type { History } from '../../spec/connector.ts'
import { faults, played, type Scripted } from './played-trial.ts'
import { never } from '../samples/wrong-connectors.ts'

/** As a trial: hundreds of thousands of events take seconds. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('A trial without an end', { timeout: 240_000 }, () => {
  it('comes to no calm with one that goes on for ever, and does for one that owes nothing', async () => {
    const busy = (owes: boolean): Scripted => ({ start: ({ links: [link] }) => {
      const go = async (): Promise<void> => { await link!.step('noop'); return go() }
      void go()
      return { take: () => (owes ? never() : Promise.resolve()) }
    } })
    const ends = (history: History) =>
      history.map(({ what }) => what).filter((what) => ['healed', 'calm', 'livelock', 'end'].includes(what)).join(' ')
    const history = await played(busy(true))
    expect(ends(history)).toBe('healed livelock')
    expect(history.at(-1)).toMatchObject({ what: 'livelock', detail: '7,201,000 ms' })
    expect(ends(await played(busy(false)))).toBe('healed calm end')
  })

  it.runIf(isWhole)('comes to no calm with one at whose clock we have looked too often', async () => {
    const polling: Scripted = { start: () => { setInterval(() => undefined, 1); return { take: never } }, patience: 7_200_000 }
    const history = await played(polling)
    expect(history.at(-1)!.what).toBe('gave up')
    expect(history.at(-1)!.detail).toMatch(
      /^it looks at the clock again and again, \d00,000 times in \d00,000 ms of its time, and does nothing else: /)
    expect(history.some(({ what }) => what === 'calm')).toBe(false)
  })

  it.runIf(isWhole)('comes to no end with one of which more is told than anybody reads', async () => {
    const busy: Scripted = { start: ({ links: [link] }) => {
      const go = async (): Promise<void> => { await link!.step('noop'); return go() }
      for (let i = 0; i < 200; i++) void go()
      return { take: never }
    } }
    expect((await played(busy)).at(-1)!.detail).toMatch(
      /^over 500,020 events came after all was healed, in [\d,]+ ms of its time: wait longer between two attempts, or declare/)
  })

  it.runIf(isWhole)('comes to its calm where so much happens only in the storm', async () => {
    const again: Scripted = { start: ({ send }) => ({
      async take({ content }) {
        for (;;) try { return await send(content) } catch { /* At once. */ }
      },
    }) }
    const history = await played(again, { stream: [{ count: 100, kind: 'plain', link: 1 }], faults: faults('0 link refuses') })
    expect(history.length).toBeGreaterThan(100_000)
    expect(history.length).toBeLessThan(120_000)
    expect(history.at(-1)!.what).toBe('end')
  })
})
