import { describe, expect, it } from 'vitest'
import { judge } from '../engine/verdict/judge.ts'
import type { Connector, Event } from '../spec/connector.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const link = 'link 1'
const told = (...events: readonly Omit<Event, 'time'>[]) => judge(connector, events.map((event) => ({ ...event, time: 0 })))
const taken = { what: 'taken', message: 'm1', link, detail: 'plain' } as const
const recorded = { what: 'recorded', message: 'm1', link } as const
const behind = { what: 'link answers out of order', link } as const
const struck = { what: 'link drops before', link } as const

describe('A second copy', () => {
  it('is no excuse for itself', () => {
    expect(told(taken, recorded, recorded)?.law.name).toBe('none twice')
  })

  it('is not excused by an answer out of order, nor by a link that dropped something else', () => {
    expect(told(taken, behind, recorded, recorded)?.law.name).toBe('none twice')
    expect(told(taken, struck, recorded, recorded)?.law.name).toBe('none twice')
  })

  it('is excused after a restart by one that may be at work still, and by none that has stopped or died', () => {
    const restart = { what: 'service restarts' } as const
    const again = { what: 'starts again' } as const
    expect(told(restart, again, taken, recorded, recorded)).toBeNull()
    expect(told(restart, { what: 'has stopped' }, again, taken, recorded, recorded)?.law.name).toBe('none twice')
    expect(told(restart, { what: 'service dies' }, again, taken, recorded, recorded)?.law.name).toBe('none twice')
  })

  it('is excused by both together: the answer may have been lost with its connection', () => {
    expect(told(taken, behind, recorded, struck, recorded)).toBeNull()
    expect(told(taken, struck, recorded, behind, recorded)).toBeNull()
    expect(told(taken, behind, recorded, { what: 'dropped', link, detail: 'it hangs up' }, recorded)).toBeNull()
  })
})
