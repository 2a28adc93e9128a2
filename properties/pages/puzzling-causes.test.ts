/** Which cause a page names, of connectors that break the same laws for different reasons: its own, and that of no other. */
import { beforeAll, describe, expect, it } from 'vitest'
import { advice } from '../../reports/advice/by-clause.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { handMade } from '../verdict/hand-made-history.ts'
import { loser } from './exhibits.ts'
import { puzzles, shownPuzzle } from './puzzling-connectors.ts'

type Name = keyof typeof puzzles

/** What is said of one, and of those alone that are named. */
const causes: readonly (readonly [says: RegExp, ...of: readonly [Name, ...Name[]]])[] = [
  [/At step 4 life 2 starts, and finds ‘lock’ on the disk\. If that is a lock, whoever has it is gone with life 1/,
    'the lock of a life that is gone'],
  [/look for what is sorted by the date, which may be set back\. Number the messages as they come/, 'sorts by the date'],
  [/finds ‘m1’ on the disk\. What is written down when it is begun is not done/, 'waits for the answer of a call that a dead one made'],
  [/m1 is under way at step 4, “worker 1 dies”, and ‘lock’ is on the disk then; after that m2 is never sent\. Look at what a worker holds/,
    'the lock of a worker that is gone'],
  [/The last that the connector does is step \d+, “reports: .*”, and that report fails/,
    'a report ends its loop', 'never sends after a fault'],
  [/What ends it is the report of step 5, “reports: .*”, after step 4, “link 1 refuses m1, for good”: it fails, and nobody catches/,
    'a report ends its loop, and nobody catches it'],
  [/At step 7, “it is to go on with one worker”, it had 2, and one is to leave\. m4 is in hand then/, 'a worker leaves with what it has'],
  [/At step 1, “it is to go on with one worker”, it had 2, and one is to leave\. m\d comes after that/, 'a worker leaves too late'],
  [/m1 waits 1,000 ms and is then sent, at step 2, .* m2, m3 and m4 are sent together, at step \d+, when m4 comes: that is a batch/,
    'a batch that nothing wakes'],
  [/32 messages wait when m34 comes, at step 35\. m2 has waited longest, and is never sent.* 32 is 2 to the power of 5\./,
    'the oldest makes room'],
  [/m1 waits for link 1, and is never sent; those that came after it go over link 2, and are\. Look for what the links share/,
    'one timer for all links'],
  [/256 messages are in hand when m257 comes.* m1 is the oldest of them.* 256 is 2 to the power of 8: as many as 8 bits tell apart\./,
    'a number that comes round'],
  [/m2 waits too, and is given up before it is sent, at step 5, “the sender of m2 aborts it”\..* still has it, and m3 waits for ever/,
    'a slot for one that gave up'],
  [/is sent by life 2, and is not what life 1 took at step 1\. On the disk is ‘m1’ when it starts, at step 4, and it is not given m1 again/,
    'what it reads back'],
  [/from which those that failed were taken/, 'a place in a shorter list', 'one answer for all recipients'],
  [/Of the recipients of m1: over link 1 it is dropped at step \d+ and said to be delivered at step \d+; over link 2 it is recorded/,
    'a place in a shorter list', 'one answer for all recipients'],
]

describe('The cause that a page names', () => {
  const said = new Map<Name, string>()
  beforeAll(async () => {
    for (const name of Object.keys(puzzles) as Name[]) said.set(name, (await shownPuzzle(name)).advice)
  })

  for (const [says, ...names] of causes)
    it(`is said of ${names.map((name) => `‘${name}’`).join(' and ')} alone: ${says.source.slice(0, 50)}`, () => {
      for (const name of names) expect(said.get(name)).toMatch(says)
      for (const [name, advice] of said) if (!names.includes(name)) expect(advice, name).not.toMatch(says)
    })

  const [lost] = loser.violations as [Violation]
  const adviceOn = (text: string, message: string, more: Partial<Violation> = {}) => {
    const history = handMade(`${text}; end`)
    return advice({ ...lost, clause: 'a verdict in the end', message, history, at: history.length - 1, lacking: [], ...more }).join(' ')
  }

  it('is no report that did not fail, and none after which it goes on', () => {
    const text = 'reporting fails; taken m1; refused m1 #1 (for good); reports (oh)'
    expect(adviceOn(text, 'm1')).toContain('and that report fails')
    expect(adviceOn(text.replace('reporting fails; ', ''), 'm1')).not.toContain('that report fails')
    expect(adviceOn(`reports (before); ${text.replace('reporting fails; ', '')}; reporting fails`, 'm1')).not.toContain('that report fails')
    expect(adviceOn(`${text}; taken m2; sent m2 #2`, 'm1')).not.toContain('that report fails')
  })

  it('is no timer where a call was under way, or where it was sent at once', () => {
    expect(adviceOn('taken m1; 900: sent m1 #1; taken m2', 'm2')).toContain('m1 waits 900 ms and is then sent')
    expect(adviceOn('taken m0; offered m0 #1; taken m1; 900: recorded m0 #1; sent m1 #2; taken m2', 'm2')).not.toContain('a timer sends it')
    expect(adviceOn('taken m1; sent m1 #1; 900: taken m2', 'm2')).not.toContain('a timer sends it')
    expect(adviceOn('link refuses; taken m1; 900: link heals; sent m1 #1; taken m2', 'm2')).not.toContain('a timer sends it')
  })

  it('is no waiter that was sent, or had its verdict', () => {
    const text = 'taken m1; taken m2; taken m3; offered m1 #1; sender aborts m2; flagged m2; recorded m1 #1; claims delivered m1'
    expect(adviceOn(text, 'm3')).toContain('m2 waits too, and is given up before it is sent')
    expect(adviceOn(text.replace('sender aborts m2', 'flagged m2; sender aborts m2'), 'm3')).not.toContain('given up before it is sent')
    expect(adviceOn(text.replace('sender aborts m2', 'offered m2 #2; sender aborts m2'), 'm3')).not.toContain('given up before it is sent')
  })

  it('is no worker that died with nothing under way, nor one without which it is broken all the same', () => {
    const text = 'taken m1; offered m1 #1; taken m2; worker dies (1); recorded m1 #1; claims delivered m1'
    expect(adviceOn(text, 'm2')).toContain('m1 is under way at step 4, “worker 1 dies”; after that m2 is never sent')
    expect(adviceOn(text.replace('offered m1 #1; ', ''), 'm2')).not.toContain('Look at what a worker holds')
    const scenario = { ...lost.scenario, faults: [{ what: 'worker dies', on: 1, after: 1 }] } as const
    const without = { part: 'fault', at: 0, outcome: 'broken', law: lost.law.name, says: '' } as const
    expect(adviceOn(text, 'm2', { scenario, lacking: [without], repeats: true, clock: 'virtual' })).not.toContain('Look at what a worker holds')
  })

  it('is none of workers that are added', () => {
    const scenario = { ...lost.scenario, workers: 2 }
    expect(adviceOn('taken m1; workers change (1)', 'm1', { scenario })).toContain('it had 2, and one is to leave')
    expect(adviceOn('taken m1; workers change (4)', 'm1', { scenario })).not.toContain('to leave')
  })

  it('is a number only where one message fewer breaks nothing', async () => {
    const { found } = await shownPuzzle('the oldest makes room')
    expect(advice({ ...found, lacking: [] }).join(' ')).not.toContain('has waited longest')
    expect(advice({ ...found, declared: [{ what: 'capacity', is: '32' }] }).join(' ')).toContain('It declares capacity: 32.')
  })
})
