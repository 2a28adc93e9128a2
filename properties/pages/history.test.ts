import { describe, expect, it } from 'vitest'
import { violationOf } from '../../engine/store/violation-record.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { timeline } from '../../reports/connectors/history.ts'
import { violationPlayback } from '../../reports/html/violation-playback.ts'
import type { Connector, Event } from '../../spec/connector.ts'

const page = async (connector: Connector) =>
  violationPage(violationOf(connector, await attempt(connector, { seed: 1, runs: 300 }), { seed: 1, again: 'npx unwedge check' }))

const connector = (name: string, start: Connector['start']): Connector => ({ name, guarantee: 'at-least-once', start })

describe('The page of a long history', { timeout: 240_000 }, () => {
  it('says once what comes round and round, and ends where it would never end', async () => {
    const forEver = connector('one that tries for ever', ({ send }) => ({
      async take({ content }) {
        for (;;)
          try {
            return await send(content)
          } catch {
            await new Promise((go) => setTimeout(go, 60_000))
          }
      },
    }))
    const text = await page(forEver)
    expect(text).toContain('In the end, every message taken has been delivered or flagged.')
    expect(text).toMatch(/and so on, [\d,]+ times more, to [\d,]+/)
    expect(text).toMatch(/✗goes on for ever: it is still at work [\d,]+ ms after everything was healed\n\n/)
    expect(text.split('\n').length).toBeLessThan(40)
  })

  it('never hides the message that is accused among its like', async () => {
    const forgetful = connector('one that forgets the fiftieth', ({ send }) => ({
      take: ({ id, content }) => (id === 'm50' ? new Promise(() => undefined) : send(content)),
    }))
    const scenario = { workers: 1, links: 1, stream: [{ count: 9_999, kind: 'plain' as const, link: 1 }], faults: [], schedule: [] }
    const history = [
      ...Array.from({ length: 9_999 }, (_, i): Event => ({ what: 'taken', message: `m${i + 1}`, link: 'link 1', detail: 'plain', time: 0 })),
      ...Array.from({ length: 9_999 }, (_, i): Event => ({ what: 'offered', message: `m${i + 1}`, link: 'link 1', time: 0 })),
      { what: 'end', time: 0 } as const,
    ].filter(({ what, message }) => what !== 'offered' || message !== 'm50')
    const broken = { ...judge(forgetful, history)!, message: 'm50', scenario, history, tries: 0 }
    const text = violationPage(violationOf(forgetful, { broken, runs: 1, repeats: true }, { seed: 1, again: 'npx unwedge check' }))
    expect(text).toMatch(/^ +1–49 +takes m1 … m49\n +50 +takes m50\n +51–9,999 +takes m51 … m9999\n/m)
    expect(text).toMatch(/^ +19,998 +✗─+ at rest again ─+$/m)
    const playback = violationPlayback({ connector: forgetful.name, history, message: 'm50' })
    expect(playback.cells.map(({ of }) => of)).toContain('m50')
  })

  it('names messages that are folded one by one, or says how many they are where some between them are missing', () => {
    const rowOf = (...numbers: readonly number[]) => {
      const events = numbers.map((number): Event => ({ what: 'offered', message: `m${number}`, link: 'link 1', time: 0 }))
      const many = Array.from({ length: 60 }, (_, i): Event => ({ what: 'taken', message: `m${i + 1}`, link: 'link 1', time: 0 }))
      const lines = timeline({ connector: 'a queue', history: [...many, ...events], message: null, at: -1 })
      return lines.find((line) => line.includes('offered'))!.replace(/^ *61–\d+ +/, '').trimEnd()
    }
    expect(rowOf(1, 6)).toBe('is offered m1, m6')
    expect(rowOf(1, 4, 6)).toBe('is offered m1, m4, m6')
    expect(rowOf(1, 2, 1)).toBe('is offered m1, m2  ×3')
    expect(rowOf(1, 2, 3, 4, 5)).toBe('is offered m1 … m5')
    expect(rowOf(1, 2, 3, 5, 6)).toBe('is offered m1 … m6, 5 of them')
    expect(rowOf(7, 7, 7)).toBe('is offered m7  ×3')
  })

  it('tells where a message stands for each of its recipients', () => {
    const of = (what: Event['what'], link: string): Event => ({ what, message: 'm1', link, time: 0 })
    const history = [
      of('taken', 'link 1'), of('taken', 'link 2'), of('recorded', 'link 1'), of('recorded', 'link 2'), of('flagged', 'link 2'),
    ]
    const { cells, stretches: [whole] } = violationPlayback({ connector: 'a queue', history, message: 'm1' })
    expect(cells.map(({ of: thing }) => thing)).toEqual(['link 1', 'link 2', 'm1 over link 1', 'm1 over link 2'])
    expect(whole!.moments.map(({ marks, sets }) => [marks?.[0]?.[1], sets])).toEqual([
      ['taken', [[2, 'taken']]], ['taken', [[3, 'taken']]], ['delivered', [[2, 'recorded']]], ['delivered', [[3, 'recorded']]],
      ['flagged', [[3, 'flagged']]],
    ])
  })

  it('keeps what is about that message where lines are left out', () => {
    const events = Array.from({ length: 400 }, (_, i): Event => ({
      what: (['taken', 'offered', 'recorded', 'flagged'] as const)[(i * 7 + (i >> 3)) % 4]!,
      message: `m${(i * 13) % 90}`, link: `link ${(i * 5) % 3}`, time: i,
    }))
    const refused: Event = { what: 'refused', message: 'm777', link: 'link 1', detail: 'for now', time: 200 }
    const history = [...events.slice(0, 200), refused, ...events.slice(200)]
    const lines = timeline({ connector: 'a queue', history, message: 'm777', at: history.length - 1 })
    expect(lines.filter((line) => line.includes('more lines'))).toHaveLength(2)
    expect(lines.filter((line) => line.includes('refuses m777, for now'))).toHaveLength(1)
  })

  it('names the first and the last of many messages', async () => {
    const forgetful = connector('one that forgets the hundredth', ({ send }) => ({
      take: ({ id, content }) => (id === 'm100' ? new Promise(() => undefined) : send(content)),
    }))
    const scenario = { workers: 1, links: 1, stream: [{ count: 100, kind: 'plain' as const, link: 1 }], faults: [], schedule: [] }
    const history = await inProcess(forgetful)(scenario)
    const broken = { ...judge(forgetful, history)!, scenario, history, tries: 0 }
    const text = violationPage(violationOf(forgetful, { broken, runs: 1, repeats: true }, { seed: 1, again: 'npx unwedge check' }))
    expect(text).toMatch(/and so on, 9\d times more/)
    expect(text.split('\n').length).toBeLessThan(40)
  })
})
