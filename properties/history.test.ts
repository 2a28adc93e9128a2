import { describe, expect, it } from 'vitest'
import { violationOf } from '../engine/store/violation-record.ts'
import { attempt } from '../engine/falsify/falsify.ts'
import { inProcess } from '../engine/falsify/runner.ts'
import { judge } from '../engine/verdict/judge.ts'
import { violationPage } from '../reports/connectors/violation-page.ts'
import type { Connector } from '../spec/connector.ts'

const page = async (connector: Connector) =>
  violationPage(violationOf(connector, await attempt(connector, { seed: 1, runs: 300 }), { seed: 1, again: 'npx unwedge check' }))

const connector = (name: string, start: Connector['start']): Connector => ({ name, guarantee: 'at-least-once', start })

describe('The page of a long history', { timeout: 60_000 }, () => {
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
