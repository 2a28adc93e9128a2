import { describe, expect, it } from 'vitest'
import { judge } from '../../engine/verdict/judge.ts'
import { Ledger } from '../../engine/verdict/ledger.ts'
import { areNone } from '../../engine/verdict/link-faults.ts'
import { slowestFresh } from '../../engine/verdict/promptness.ts'
import type { Connector, Event } from '../../spec/connector.ts'
import { handMade } from './hand-made-history.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const link = 'link 1'
type Happening = Omit<Event, 'time'>
const judged = (...events: readonly Happening[]) => judge(connector, events.map((event) => ({ ...event, time: 0 })))
const taken = { what: 'taken', message: 'm1', link, detail: 'plain' } as const
/** A call that the link records; what the connector is told of it comes after. */
const sent = (attempt: number, more: Partial<Happening> = {}): readonly Happening[] =>
  [{ what: 'offered', message: 'm1', link, attempt, ...more }, { what: 'recorded', message: 'm1', link, attempt, ...more }]
const untold = (attempt: number): readonly Happening[] => sent(attempt, { told: false })

describe('A second copy', () => {
  it('is no excuse for itself', () => {
    expect(judged(taken, ...sent(1), ...sent(2))?.law.name).toBe('none twice')
  })

  it('is excused where the connector was not told of the first, and not where it was told before it made the call', () => {
    expect(judged(taken, ...untold(1), ...sent(2))).toBeNull()
    expect(judged(taken, ...untold(1), { what: 'dropped', message: 'm1', link, attempt: 1 }, ...sent(2))).toBeNull()
    expect(judged(taken, ...untold(1), { what: 'answered', message: 'm1', link, attempt: 1 }, ...sent(2))?.law.name).toBe('none twice')
  })

  it('is not excused by what happened to the link, nor to another message', () => {
    const struck = { what: 'link drops after', link } as const
    const other = [{ what: 'taken', message: 'm2', link }, { what: 'offered', message: 'm2', link, attempt: 9 },
      { what: 'recorded', message: 'm2', link, attempt: 9, told: false }, { what: 'dropped', message: 'm2', link, attempt: 9 }] as const
    expect(judged(struck, taken, ...sent(1), ...sent(2))?.law.name).toBe('none twice')
    expect(judged(taken, ...other, ...sent(1), ...sent(2))?.law.name).toBe('none twice')
  })

  it('is excused after a death by one that did not know, and not where the first had its verdict', () => {
    const death = [{ what: 'service dies' }, { what: 'starts again' }, { what: 'given again', message: 'm1' }] as const
    expect(judged(taken, ...sent(1), ...death, ...sent(2, { life: 2 }))).toBeNull()
    const claimed = { what: 'claims delivered', message: 'm1' } as const
    expect(judged(taken, ...sent(1), claimed, ...death.slice(0, 2), ...sent(2, { life: 2 }))?.law.name).toBe('none twice')
  })
})

describe('A word that is owed', () => {
  it('is owed by no one that may lose a message, where its own call failed, though it has arrived', () => {
    const history: readonly Happening[] = [taken, ...untold(1), { what: 'dropped', message: 'm1', link, attempt: 1 }, { what: 'end' }]
    const told = (guarantee: Connector['guarantee']) => judge({ ...connector, guarantee }, history.map((event) => ({ ...event, time: 0 })))
    expect(told('at-most-once')).toBeNull()
    expect(told('at-least-once')?.clause).toBe('an answer in the end')
  })
})

describe('What is acknowledged before it is settled', () => {
  const spooled = [taken, { what: 'fetched', message: 'm1' }, { what: 'acknowledged', message: 'm1', detail: 'on disk' }] as const
  const [fails, flagged] = [{ what: 'disk fails' }, { what: 'flagged', message: 'm1' }] as const

  it('is in hand, so that a disk that fails is a reason to flag it', () => {
    expect(judged(...spooled, fails, flagged)).toBeNull()
    expect(judged(...spooled, flagged)?.clause).toBe('flagged only with a reason')
  })

  it('is so no longer when it is recorded, nor is what waits at the source', () => {
    expect(judged(...spooled, ...sent(1), fails, flagged)?.clause).toBe('flagged only with a reason')
    expect(judged(taken, fails, { what: 'fetched', message: 'm1' }, flagged)?.clause).toBe('flagged only with a reason')
  })
})

describe('A call that failed', () => {
  it('is no reason to flag the message for another of its recipients, nor one over another link', () => {
    const other = 'link 2'
    const failed = [{ what: 'offered', message: 'm1', link: other, attempt: 1 }, { what: 'refused', message: 'm1', link: other, attempt: 1 }] as const
    const flagged = { what: 'flagged', message: 'm1', link } as const
    expect(judged(taken, { ...taken, link: other }, ...failed, { ...flagged, link: other })).toBeNull()
    expect(judged(taken, { ...taken, link: other }, ...failed, flagged)?.clause).toBe('flagged only with a reason')
    expect(judged(taken, ...failed, flagged)?.clause).toBe('flagged only with a reason')
  })
})

describe('A history that says that the file gave no connector', () => {
  it('breaks no law, whatever is in it', () => {
    const [twice, misused] = [[taken, ...sent(1), ...sent(2)], { what: 'misused', detail: 'it returns no connector' }] as const
    expect([judged(...twice)?.law.name, judged(...twice, misused), judged(misused, ...twice)]).toEqual(['none twice', null, null])
  })
})

describe('How long fresh messages take', () => {
  it('is that of the slowest that came, until its first copy', () => {
    const slowest = (text: string) => slowestFresh(handMade(text))
    expect(slowest('10: fresh m1; 15: fresh m2; 40: sent m2 #1; 47: sent m1 #2; 50: end')).toBe(37)
    expect(slowest('10: fresh m1; 20: fresh m2; 40: sent m1 #1; 49: sent m2 #2')).toBe(30)
    expect(slowest('10: fresh m1; 15: sent m1 #1 untold; 90: sent m1 #2')).toBe(5)
    expect(slowest('10: taken m1; 90: sent m1 #1; 90: fresh m2; 95: offered m2 #2; 99: flagged m2; end')).toBe(0)
  })

  it('is added, on the real clock alone, to what they may take', () => {
    const late = (at: number, clock: 'real' | 'virtual') => {
      const history = handMade(`fresh m1; ${at}: sent m1 #1; claims delivered m1; end`)
      return judge({ ...connector, clock, recovery: 2_000 }, history, { healthy: 500 })?.clause ?? null
    }
    const promptly = 'fresh messages are delivered promptly'
    expect([late(2_500, 'real'), late(2_501, 'real')]).toEqual([null, promptly])
    expect([late(2_000, 'virtual'), late(2_001, 'virtual')]).toEqual([null, promptly])
  })
})

describe('What was done to a link', () => {
  /** Of a log: what is still known of the link when the one message over it is done with, a second later. */
  const known = (text: string) => {
    const ledger = new Ledger({ ...connector, trouble: ['refused for now'] }, 0, { isHanded: true, denied: null })
    for (const event of handMade(text)) ledger.see(event)
    ledger.forget('m1')
    const now = { at: 99, time: 5_000, life: 1 }
    return [ledger.isAnotherDown('link 2'), ledger.hadTrouble(link, 0, now), ledger.mayFailFast(link, 0, now)]
  }

  it('is known when the message is forgotten that it was done to', () => {
    expect(known('taken m1; sent m1 #1; claims delivered m1')).toEqual([false, false, false])
    expect(known('taken m1; sent m1 #1; link hangs')).toEqual([true, true, true])
    expect(known('taken m1; sent m1 #1; link hangs; link heals')).toEqual([false, true, true])
    expect(known('taken m1; offered m1 #1; dropped m1 #1')).toEqual([false, true, true])
    expect(known('taken m1; offered m1 #1; refused m1 #1 (for now)')).toEqual([false, false, true])
    expect(known('taken m1; taken m2; offered m2 #1')).toEqual([false, true, true])
  })

  it('is nothing, and takes no room, where nothing was', () => {
    const none = { downSince: Infinity, over: -Infinity, counted: -Infinity, unanswered: new Set<never>() }
    expect(areNone(none)).toBe(true)
    expect([{ over: 0 }, { counted: 0 }, { downSince: 0 }].map((some) => areNone({ ...none, ...some }))).toEqual([false, false, false])
  })
})
