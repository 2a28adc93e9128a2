import { describe, expect, it } from 'vitest'
import { Drawn } from '../../engine/falsify/coverage.ts'
import { metSentence } from '../../reports/tables/coverage-table.ts'
import { type Connector, type FaultName, faultNames } from '../../spec/connector.ts'
import { handMade } from '../verdict/hand-made-history.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', timeout: 5_000, start: () => ({}) }
/** Every fault is in each scenario; what came of it, its history says. */
const every = faultNames.map((what) => ({ what, after: 0, on: 1 }))
function drawn(histories: readonly string[], promised: Partial<Connector> = {}): Drawn {
  const all = new Drawn({ ...connector, ...promised })
  for (const history of histories) all.see(handMade(history), { faults: every })
  return all
}

describe('What was drawn', () => {
  it('is which fault met which stage of a message’s life', () => {
    const stage = (before: string) => Object.keys(drawn([`${before}; link hangs`]).coverage.met['link hangs'] ?? {}).sort().join(', ')
    const stages: Readonly<Record<string, readonly string[]>> = {
      'before it is taken': ['at rest', 'dropped'],
      'in hand': ['taken m1', 'fetched m1', 'sent m1 #1; given again m1', 'offered m1 #1; refused m1 #1', 'offered m1 #1; dropped m1 #1'],
      'being sent': ['taken m1; offered m1 #1'],
      'recorded, and not told': ['taken m1; sent m1 #1 untold', 'recorded stripped m1 #1 untold', 'recorded altered m1 #1 untold'],
      settled: ['taken m1; sent m1 #1', 'recorded stripped m1 #1', 'recorded altered m1 #1', 'sent m1 #1 untold; answered m1 #1',
        'flagged m1', 'claims delivered m1', 'acknowledged m1', 'taken m1; sent m1 #1; reports m1'],
      'in hand, settled': ['taken m1; taken m2; flagged m1'],
    }
    for (const [name, befores] of Object.entries(stages)) for (const before of befores) expect(stage(before), before).toBe(name)
  })

  it('counts each stage once for each fault, and that of the message alone where it is about one', () => {
    const histories = ['taken m1; taken m2; link hangs; link hangs; taken m3; sender aborts m9; sent m3 #1; sender aborts m3', 'link hangs']
    expect(drawn(histories).coverage.met).toEqual({
      'link hangs': { 'in hand': 2, 'before it is taken': 1 }, 'sender aborts': { 'before it is taken': 1, settled: 1 },
    })
  })

  it('knows that a link answers twice by its answer alone, and nothing after all is healed', () => {
    expect(drawn(['link answers twice; sent m1 #1', 'healed; link hangs']).coverage.met).toEqual({})
    expect(drawn(['sent m1 #1; answered m1 #1 (twice)', 'sent m1 #1; answered m1 #1 (late); reports (twice)']).coverage.met)
      .toEqual({ 'link answers twice': { settled: 1 } })
  })

  it('is said in a sentence of the moments that matter, without what harms no message', () => {
    const { coverage } = drawn([
      'taken m1; link hangs; time passes; offered m1 #1; link refuses; link heals', 'taken m1; offered m1 #1; link refuses',
      'taken m1; sent m1 #1 untold; service dies',
    ])
    expect(metSentence(coverage)).toBe('Faults met a message 1 time while it was in hand, 2 times while it was being sent, '
      + 'and 1 time while it was recorded, and the connector not told so.')
    expect(metSentence(drawn([]).coverage)).toContain('Faults met a message 0 times while it was in hand')
  })

  it('is which pairs of faults came together, whichever came first', () => {
    const { coverage } = drawn(['link hangs; service dies', 'service dies; link hangs', 'link hangs; link heals; link hangs', 'time passes'])
    expect(coverage.pairs).toEqual({ met: 2, of: 6 })
    expect(drawn([]).coverage).toEqual({ met: {}, pairs: { met: 0, of: 0 } })
  })
})

describe('What is aimed at', () => {
  const only = (...names: readonly FaultName[]) =>
    ({ notApplicable: Object.fromEntries(faultNames.filter((name) => !names.includes(name)).map((name) => [name, 'no'])) })

  it('is a fault that met least, and one that it has not met yet, by turns', () => {
    const history = 'taken m1; link hangs; flagged m1; link hangs; link heals'
    const all = drawn([history], only('link hangs', 'link heals', 'time passes', 'service dies'))
    expect(Array.from({ length: 6 }, () => all.aim())).toEqual([
      ['service dies', 'link heals'], ['time passes', 'service dies'], ['link heals', 'time passes'],
      ['service dies', 'link heals'], ['time passes', 'service dies'], ['link heals', 'service dies'],
    ])
  })

  it('is one fault where there is one, none where there is none', () => {
    expect(drawn([], only('link hangs')).aim()).toEqual(['link hangs'])
    expect(drawn([], only()).aim()).toEqual([])
  })

  it('is given up after three aims at each, where it never comes about', () => {
    const all = drawn(['link hangs'], only('link hangs', 'worker dies'))
    const firsts = Array.from({ length: 8 }, () => all.aim()[0])
    expect(firsts.slice(0, 6).filter((name) => name === 'worker dies')).toHaveLength(3)
    expect(firsts.slice(6)).toEqual(['link hangs', 'link hangs'])
    expect(all.aim()).toEqual(['link hangs'])
  })
})

describe('What was never reached', () => {
  const reasons = (promised: Partial<Connector> = {}, ...histories: readonly string[]) =>
    Object.fromEntries(drawn(histories, promised).unreached.map(({ what, because }) => [what, because]))

  it('has its reason', () => {
    const [handed, unstopped] = ['it is handed its messages, and fetches none', 'it has no ‘stop’']
    expect(reasons({}, 'taken m1; healed', 'healed')).toEqual({
      ...Object.fromEntries(faultNames.map((name) => [name, 'no scenario came to it'])),
      'worker dies': 'it has no ‘kill’', 'workers change': 'it has no ‘scale’', 'service stops': unstopped, 'service restarts': unstopped,
      'sender aborts': 'it never looks at a message’s ‘signal’', 'receiving fails': handed, 'acknowledging fails': handed,
      'acknowledgement is lost': handed, 'source is late': handed, 'source drops': handed,
      'link answers twice': 'it has no far side of its own that could: ‘send’ answers once',
      'disk fails': 'it makes no call of ‘world.storage’', 'disk is slow': 'it makes no call of ‘world.storage’',
      'link loses answer': 'it declares no ‘timeout’', 'link never answers': 'it declares no ‘timeout’',
    })
    expect(reasons({ clock: 'real' })).toMatchObject({
      'service dies': 'it runs on the real clock, and has no ‘die’',
      'time passes': 'it runs on the real clock', 'clock goes back': 'it runs on the real clock',
    })
  })

  it('says what is lacking only where the fault was there, again and again, and the scenario came to its end', () => {
    for (const histories of [[], ['healed'], ['taken m1', 'taken m1', 'healed']])
      expect(reasons({}, ...histories))
        .toMatchObject({ 'service stops': 'no scenario came to it', 'receiving fails': 'no scenario came to it' })
  })

  it('says of none that fetches that it is handed its messages', () => {
    expect(reasons({}, 'taken m1; fetched m1; healed', 'healed', 'healed')).toMatchObject({
      'receiving fails': 'no scenario came to it', 'source drops': 'no scenario came to it', 'service stops': 'it has no ‘stop’',
    })
  })

  it('is neither what came about, nor what cannot', () => {
    const left = reasons({ notApplicable: { 'link refuses': 'no' } }, 'link hangs')
    expect(['link hangs', 'link refuses', 'link heals'].map((name) => name in left)).toEqual([false, false, true])
  })
})
