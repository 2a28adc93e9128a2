/** Logs held to the models of the catalogue. */
import { describe, expect, it } from 'vitest'
import { ModelWatch } from '../../engine/logs/log-conformance.ts'
import { LogJudge } from '../../engine/logs/log-judge.ts'
import { components } from '../../models/catalogue.ts'
import { logPage } from '../../reports/connectors/log-page.ts'
import { type LogEvent, logEventNames, type LogPromises } from '../../spec/evidence/log.ts'

const promises: LogPromises = {
  guarantee: 'at-least-once', order: 'none', recovery: 60_000, expiry: Infinity, skew: 0, patience: null, until: null, begins: 'empty',
}

/** Events as words: `m1 taken a`, or a world’s event. */
const events = (words: readonly string[]): readonly LogEvent[] => words.map((word, i) => {
  const [, message, what, link, permanent] = /^(?:(m\d+) )?([a-z ]+?)(?: ([abc]))?( for good)?$/.exec(word)!
  if (!(logEventNames as readonly string[]).includes(what!)) throw new Error(`${what} is no event.`)
  return {
    time: i, what: what as LogEvent['what'], ...(message === undefined ? {} : { message }), ...(link === undefined ? {} : { link }),
    ...(permanent === undefined ? {} : { permanent: true }),
  }
})

function held(name: string, words: readonly string[]) {
  const watch = new ModelWatch(components.find((component) => component.name === name)!, promises)
  const judge = new LogJudge(promises)
  for (const [i, event] of events(words).entries()) {
    judge.see(i + 1, event)
    watch.see(i + 1, event)
  }
  const conformance = watch.end()
  return { conformance, page: logPage(judge.end('log', words.length, null, conformance)) }
}
const parts = (name: string, words: readonly string[]) => {
  const { messages, divergence, notAsked } = held(name, words).conformance
  return divergence ? `${divergence.line}: ${divergence.says}` : messages > 0 ? 'as the model' : Object.keys(notAsked).join('; ')
}
const many = (count: number, link: string, verdict: string) => [
  ...Array.from({ length: count }, (_, i) => `m${i + 1} taken ${link}`), ...Array.from({ length: count }, (_, i) => `m${i + 1} ${verdict}`),
]

describe('A log held to a model', () => {
  it('is as the model where that could have done the same', () => {
    expect(parts('transfer-agent', ['m1 taken a', 'm2 taken b', 'm2 accepted b', 'm1 accepted a'])).toBe('as the model')
    expect(parts('transfer-agent', ['m1 taken a', 'm1 sent a', 'm1 lost a', 'm1 sent a', 'm1 accepted a'])).toBe('as the model')
    expect(parts('consumer', ['m1 fetched', 'm1 sent a', 'm1 accepted a', 'm1 acknowledged'])).toBe('as the model')
    expect(parts('gateway', ['m1 taken a', 'died', 'started', 'm1 accepted a'])).toBe('as the model')
  })

  it('shows the first line that no run explains, and what was allowed there', () => {
    expect(parts('transfer-agent', ['m1 taken a', 'm1 flagged'])).toBe('2: m1 is flagged here; transfer-agent would have allowed: m1 is delivered.')
    expect(parts('gateway', ['m1 taken a', 'm1 flagged', 'died', 'started'])).toBe('2: m1 is flagged here; gateway would have allowed: m1 is delivered.')
    expect(parts('transfer-agent', ['m1 taken a', 'm2 taken b', 'm1 accepted a', 'm2 flagged'])).toMatch(/^4: m2 is flagged here; /)
  })

  it('asks of what lasted when a message came as of what began later', () => {
    const down = parts('transfer-agent', ['link down a', 'm1 taken a', 'm1 flagged'])
    expect(down).toBe(parts('transfer-agent', ['m1 taken a', 'link down a', 'm1 flagged']))
    expect(parts('transfer-agent', ['link down b', 'm1 taken a', 'm1 flagged'])).toMatch(/^3: /)
  })

  it('holds a few messages together, and each by itself where there are more', () => {
    const few = held('transfer-agent', many(3, 'a', 'accepted a')).conformance
    expect([few.messages, few.together]).toEqual([3, 3])
    const more = held('transfer-agent', [...many(9, 'a', 'accepted a'), 'm10 taken a', 'm10 accepted a']).conformance
    expect([more.messages, more.together, more.divergence]).toEqual([10, 1, null])
    const wrong = held('transfer-agent', many(9, 'a', 'flagged')).conformance
    expect([wrong.messages, wrong.divergences, wrong.divergence!.line]).toEqual([9, 9, 10])
  })

  it('says of what it was not asked, and why', () => {
    expect(parts('transfer-agent', ['m1 taken a', 'm1 refused a for good', 'm1 flagged'])).toBe('transfer-agent has no word for ‘refused’')
    expect(parts('consumer', ['m1 taken a', 'm1 refused a for good', 'm1 flagged'])).toBe('as the model')
    expect(held('transfer-agent', ['m1 taken a', 'm1 refused a for good', 'm1 flagged']).page)
      .toContain('Inconclusive: no message could be held to transfer-agent')
  })

  it('has a page that names messages as the log does', () => {
    const { page } = held('transfer-agent', ['m7 taken a', 'm7 flagged'])
    expect(page).toContain('✗ Line 2: the model of transfer-agent cannot do this.\n    m7 is flagged here; transfer-agent would have allowed: m7 is delivered.')
    expect(page).toContain('Broken: 1 not as transfer-agent.')
  })

  it('forgets what has its verdict', () => {
    const watch = new ModelWatch(components.find(({ name }) => name === 'transfer-agent')!, promises)
    for (let i = 1; i <= 20_000; i++)
      for (const event of events([`m${i} taken a`, `m${i} sent a`, `m${i} accepted a`, `m${i - 1} acknowledged`])) watch.see(i, event)
    expect(watch.kept).toBeLessThan(10)
    expect(watch.end().messages).toBe(20_000)
  })
})
