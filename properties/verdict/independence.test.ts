import { describe, expect, it } from 'vitest'
import { compared, differInTurns, pairInTime, pairOf } from '../../engine/verdict/independence.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { handMade } from './hand-made-history.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const hangs: Fault = { what: 'link hangs', after: 0, on: 1 }
const dies: Fault = { what: 'service dies', after: 0, on: 1 }
const scenario: Scenario = {
  workers: 1, links: 2, stream: [{ count: 1, kind: 'plain', link: 1 }, { count: 1, kind: 'plain', link: 2 }], faults: [hangs, dies], schedule: [1],
}
/** m1 is for the link that is struck, m2 for another. */
const both = 'taken m1; 10: taken m2 over 2'
const paired = (history: string, change: Partial<Scenario> = {}, promised: Partial<Connector> = {}) =>
  pairOf({ ...connector, ...promised }, { ...scenario, ...change }, handMade(history))

describe('A pair of scenarios', () => {
  const pair = { struck: { ...scenario, faults: [hangs] }, spared: { ...scenario, faults: [] } }

  it('is made where a message for another link has no verdict, was flagged, or took longer than the slack', () => {
    expect(paired(both)).toEqual(pair)
    expect(paired(`${both}; flagged m2`)).toEqual(pair)
    expect(paired(`${both}; 1011: sent m2 #1`)).toEqual(pair)
    expect(paired(`${both}; 111: sent m2 #1`, {}, { slack: 100 })).toEqual(pair)
  })

  it('is not made where all of them were delivered in time, whatever became of those for the link that is struck', () => {
    expect(paired(`${both}; 1010: sent m2 #1`)).toBeNull()
    expect(paired(`${both}; 110: sent m2 #1`, {}, { slack: 100 })).toBeNull()
    for (const how of ['recorded stripped', 'recorded altered']) expect(paired(`${both}; ${how} m2`), how).toBeNull()
    expect(paired(`${both}; flagged m1; sent m2 #1`)).toBeNull()
  })

  it('goes by the first verdict of a message', () => {
    expect(paired(`${both}; sent m2 #1; flagged m2; 5000: sent m2 #2`)).toBeNull()
    expect(paired(`${both}; flagged m2; sent m2 #1`)).toEqual(pair)
  })

  it('is not made where nothing is done to a link, where there is one, or where the law does not apply', () => {
    expect(paired(both, { faults: [dies] })).toBeNull()
    expect(paired(both, { links: 1 })).toBeNull()
    expect(paired(both, {}, { exempt: { 'links are independent': 'they share a wire' } })).toBeNull()
    expect(paired(both, {}, { exempt: { honest: 'it is not' } })).toEqual(pair)
  })

  it('leaves out messages of the calm, and those with several recipients', () => {
    expect(paired('10: taken m2 over 2; sent m2 #1; fresh m3 over 2; taken m4 over 2')).toBeNull()
    expect(paired('taken m1 over 1; taken m1 over 2')).toBeNull()
    expect(paired('starts again; at rest; taken m2 over 2')).toEqual(pair)
  })

  it('knows which link a fault is about, by turns', () => {
    for (const [on, isMade] of [[1, true], [2, false], [3, true], [4, false]] as const)
      expect(paired('taken m1; sent m1 #1; taken m2 over 2', { faults: [{ ...hangs, on }] }) !== null, `${on}`).toBe(isMade)
    expect(paired('taken m1; sent m1 #1; taken m2 over 2', { links: 3, faults: [{ ...hangs, on: 2 }] })).toBeNull()
    expect(paired(both, { faults: [hangs, { ...dies, on: 2 }] })).not.toBeNull()
  })
})

const comparison = (history: string, without: string, promised: Partial<Connector> = {}) =>
  compared({ ...connector, ...promised }, { ...scenario, faults: [hangs] }, handMade(history), handMade(without))

describe('A pair of runs', () => {
  const calm = `${both}; 20: sent m2 #1`
  const broken = { law: { name: 'links are independent' }, clause: 'nothing lost to the trouble of another link', message: 'm2' }

  it('shows a message that is flagged in one of them', () => {
    expect(comparison(`${both}; flagged m2`, calm)).toMatchObject({
      ...broken, at: 2, says: 'm2 for link 2 is flagged, and is delivered when nothing is done to another link.',
    })
    expect(comparison(`${both}; flagged m2`, calm, { capacity: 1 })).toBeNull()
    expect(comparison(`${both}; flagged m2`, `${both}; flagged m2`)).toBeNull()
    expect(comparison(`${both}; flagged m2`, both)).toBeNull()
    expect(comparison(`${both}; flagged m2`, 'taken m1')).toBeNull()
  })

  it('goes on after one that was flagged for want of room', () => {
    const history = `${both}; taken m3 over 2; flagged m2; 2000: sent m3 #1`
    expect(comparison(history, `${calm}; taken m3 over 2; sent m3 #2`, { capacity: 1 })).toMatchObject({ message: 'm3' })
  })

  it('shows a message that takes longer than in the other, and than the slack', () => {
    expect(comparison(`${both}; 2021: sent m2 #1`, `${both}; 1020: sent m2 #1`)).toMatchObject({
      ...broken, at: 3, says: 'm2 for link 2 takes 2,011 ms, and 1,010 ms when nothing is done to another link.',
    })
    expect(comparison(`${both}; 2020: sent m2 #1`, `${both}; 1020: sent m2 #1`)).toBeNull()
    expect(comparison(`${both}; 1071: sent m2 #1`, `${both}; 1020: sent m2 #1`, { slack: 50 })).not.toBeNull()
    expect(comparison(`${both}; 5000: sent m2 #1`, 'taken m1; 3990: taken m2 over 2; 5000: sent m2 #1')).not.toBeNull()
  })

  it('says nothing of one that has no verdict yet, nor of the link that is struck', () => {
    expect(comparison(both, calm)).toBeNull()
    expect(comparison(`${calm}; flagged m1`, `${calm}; sent m1 #2`)).toBeNull()
  })
})

describe('A pair of runs in which time passes', () => {
  const passes: Fault = { what: 'time passes', after: 1, on: 1 }

  it('is made of the scenario itself, where nothing else happens in it', () => {
    const struck = { ...scenario, faults: [hangs, passes] }
    expect(pairInTime(struck)).toEqual({ struck, spared: { ...scenario, faults: [passes] } })
    expect(pairInTime({ ...scenario, faults: [hangs] })).toBeNull()
    expect(pairInTime({ ...scenario, faults: [hangs, passes, dies] })).toBeNull()
  })

  const inTime = (history: string, without: string) =>
    compared(connector, { ...scenario, faults: [hangs, passes] }, handMade(history), handMade(without))
  const begun = 'taken m2 over 2; offered m2 #1; refused m2 #1; time passes'
  const calm = `${begun}; 5000: taken m1; 6000: sent m2 #3`

  it('shows a message that waits longer, though as much time was let pass', () => {
    expect(inTime(`${begun}; 5000: taken m1; 11000: sent m2 #3`, calm)).toMatchObject({
      message: 'm2', says: 'm2 for link 2 takes 11,000 ms, and 6,000 ms when nothing is done to another link.',
    })
    expect(inTime(`${begun}; 5000: taken m1; 7000: sent m2 #3`, calm)).toBeNull()
  })

  it('shows nothing where time was let pass at another moment of that message, or is let pass after they differ', () => {
    expect(inTime('taken m2 over 2; offered m2 #1; time passes; 5000: refused m2 #1; taken m1; 15000: sent m2 #3', calm)).toBeNull()
    expect(inTime(`${begun}; 5000: taken m1; 6001: offered m2 #3; time passes; 11001: recorded m2 #3`, calm)).toBeNull()
    expect(inTime(`${begun}; 5000: taken m1; 11000: sent m2 #3`, `${calm}; time passes`)).toBeNull()
  })

  it('shows nothing where the other was the later one, or there is nothing to compare with', () => {
    expect(inTime(`${begun}; 5000: flagged m2`, calm)).toBeNull()
    expect(inTime(calm, calm)).toBeNull()
  })
})

describe('Two runs', () => {
  const differ = (history: string, without: string) => differInTurns('m2', handMade(history), handMade(without))
  const two = 'taken m2 over 2; taken m3 over 2'

  it('differ in turns alone where what is first another has come at the same moment', () => {
    expect(differ(`${two}; sent m3 #1; 5000: sent m2 #2`, `${two}; sent m2 #1; 500: sent m3 #2`)).toBe(true)
    expect(differ('taken m3 over 2; taken m2 over 2', two)).toBe(true)
  })

  it('do not where it has come later, or never', () => {
    expect(differ(`${two}; 5000: sent m2 #1`, `${two}; sent m2 #1`)).toBe(false)
    expect(differ(`${two}; sent m2 #1`, two)).toBe(false)
    expect(differ(two, `${two}; sent m2 #1`)).toBe(false)
    expect(differ(two, two)).toBe(false)
  })

  it('are compared by what happens to messages for that link, before the calm', () => {
    expect(differ(`taken m1; sent m1 #1; ${two}; 9: sent m2 #2`, `taken m1; ${two}; 9: sent m2 #1`)).toBe(false)
    expect(differ(`${two}; fresh m4 over 2; sent m4 #1`, `${two}; fresh m5 over 2; sent m5 #1`)).toBe(false)
  })
})
