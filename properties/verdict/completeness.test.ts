import { describe, expect, it } from 'vitest'
import { incomplete } from '../../engine/verdict/completeness.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { handMade } from './hand-made-history.ts'

const scenario: Scenario = { workers: 1, links: 2, stream: [{ count: 2, kind: 'plain', link: 1 }], faults: [], schedule: [] }
const why = (history: string, change: Partial<Scenario> = {}) => incomplete(handMade(history), { ...scenario, ...change })
const both = 'taken m1; taken m2'

describe('A history', () => {
  it('is whole where it has all messages, and ends as histories do', () => {
    for (const ending of ['end', 'livelock', 'crashed']) expect(why(`${both}; ${ending}`), ending).toBeNull()
  })

  it('says nothing where it is empty, or ends elsewhere', () => {
    expect(incomplete([], scenario)).toBe('its history is empty')
    expect(why(`${both}; healed`)).toBe('its history ends before the trial did')
  })

  it('says nothing where it holds what is no event, told in a few letters', () => {
    expect(why(`${both}; nonsense; end`)).toBe('its history holds ‘nonsense’, which is no event')
    expect(why(`${'x'.repeat(50)}; end`)).toBe(`its history holds ‘${'x'.repeat(40)}’, which is no event`)
    expect(why(`${both}; link hangs; end`)).toBeNull()
  })

  it('says nothing where it is of no connector, or of one of whom too much was looked at', () => {
    expect(why('misused (it is a hat); end')).toBe('it is a hat')
    expect(why('misused')).toBe('it is no connector')
    expect(why(`${both}; gave up (it looks)`)).toBe('it looks')
    expect(why('gave up')).toBe('it was still busy when the budget of the trial was over')
  })

  it('says nothing where messages are missing, but of one that crashed', () => {
    expect(why('taken m1; fresh m2; end')).toBe('its history has 1 messages of the 2 that it was given')
    expect(why('taken m1; livelock')).toBe('its history has 1 messages of the 2 that it was given')
    expect(why('taken m1; crashed')).toBeNull()
    const stream = [{ count: 700, kind: 'plain', link: 1 }, { count: 500, kind: 'plain', link: 1 }] as const
    expect(why('taken m1; end', { stream })).toBe('its history has 1 messages of the 1,200 that it was given')
  })

  it('has a message for each recipient, as far as there are links', () => {
    const four = `${both}; taken m1 over 2; taken m2 over 2; end`
    expect(why(four, { recipients: 2 })).toBeNull()
    expect(why(four, { recipients: 3 })).toBeNull()
    expect(why(four)).toBe('its history has 4 messages of the 2 that it was given')
  })
})
