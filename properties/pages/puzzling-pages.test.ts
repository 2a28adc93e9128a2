/** What pages say of connectors that once puzzled a reader: what broke, why, and what to do, in words that are true of each. */
import { describe, expect, it } from 'vitest'
import { advice } from '../../reports/advice/by-clause.ts'
import { scenarioSentences } from '../../reports/connectors/scenario.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { handMade } from '../verdict/hand-made-history.ts'
import { loser } from './exhibits.ts'
import { shownPuzzle } from './puzzling-connectors.ts'

const [lost] = loser.violations as [Violation]

describe('Of a connector that was started again, a page', () => {
  it('says of which life each call and each word is', async () => {
    const { page } = await shownPuzzle('two at work')
    for (const row of ['5 is offered m1 by life 2', '6 refuses m1 from life 1, for good', '7 refuses m1 from life 2, for good',
      '8 flags m1 in life 1: link 1', '9 ✗flags m1 in life 2: link 1'])
      expect(page).toContain(row)
    expect(page).toMatch(/the connector is started again: life 2, with ‘m1’ on its disk ─/)
  })

  it('says it of no message that only one of them had', () => {
    const history = handMade('taken m1; sent m1 #1; claims delivered m1; service dies; starts again; taken m2; sent m2 #2 life 2; claims delivered m2 life 2; end')
    expect(violationPage({ ...lost, history, message: 'm2', at: 7 })).not.toMatch(/m2.* life/)
  })

  it('does not say that a call is unanswered whose maker is gone', async () => {
    const { advice: says } = await shownPuzzle('takes what a dead one has begun for delivered')
    expect(says).toMatch(/^m1 was offered at step 2 by life 1 of the connector, which ends at step 3, “the service dies”: nobody is told/)
    expect(says).toContain('At step 5 life 2 says that m1 is delivered, and has not sent it.')
    expect(says).not.toContain('Silence')
    expect((await shownPuzzle('gives up at once and waits')).advice).toContain('Silence is no answer')
  })

  it('says that nobody hears the answer to a call of one that is gone', async () => {
    expect((await shownPuzzle('waits for the answer of a call that a dead one made')).advice)
      .toMatch(/^m1 is given again at step 6, and not sent after that\. Life 1 of the connector had sent m1 at step 3 and ends at/)
    expect((await shownPuzzle('sends again what a dead one has begun')).advice).toMatch(/is sent again at step 7 by life 2, when the connector had not been told/)
  })

  it('takes an answer that comes to nobody for nothing that was done to the message', () => {
    const said = (text: string, message: string) => {
      const history = handMade(`${text}; end`)
      return advice({ ...lost, clause: 'a verdict in the end', message, history, at: history.length - 1 })[0]
    }
    expect(said('taken m1; offered m1 #1; service dies; starts again; healed; dropped m1 #1', 'm1'))
      .toMatch(/^The last event about m1 is step 2, .* and then comes step 4, “the connector is started again: life 2”/)
    const others = 'taken m1; offered m1 #1; service dies; starts again; taken m2; healed'
    expect(said(others, 'm2')).not.toContain('m1 has been under way')
    expect(said(others.replace('service dies; starts again; ', ''), 'm2')).toContain('m1 has been under way')
  })
})

describe('Of a message that is never sent, a page', () => {
  it('names the fault that it takes', async () => {
    expect((await shownPuzzle('stands still when the date goes back')).advice)
      .toMatch(/never sent\. It takes step 3, “the date is set back by 1,000 ms”: without that, every law is kept\. Look at what/)
    expect((await shownPuzzle('never sends after a fault')).advice).toContain('It takes step 1, “the next report will fail”: without that')
  })

  it('says to give back what a call held, whatever its end', async () => {
    const { advice: says } = await shownPuzzle('keeps a permit when the answer is lost')
    expect(says).toContain('It takes steps 1 and 2, “link 1 drops after”: without any one of them')
    expect(says).toContain('however a call ends, give back what it held, such as a permit or a lock')
  })

  it('names only what was tried, and what nothing else names', async () => {
    const { found } = await shownPuzzle('stands still when the date goes back')
    const unknown = advice({ ...found, lacking: found.lacking!.map((each) => ({ ...each, outcome: 'broken' as const })) }).join(' ')
    expect(unknown).not.toContain('It takes')
    expect(advice({ ...found, repeats: false }).join(' ')).not.toContain('It takes')
    expect((await shownPuzzle('one error for all recipients')).advice).not.toContain('It takes')
  })

  it('names each step of a fault that it takes, where they are alike', async () => {
    const { found } = await shownPuzzle('stands still when the date goes back')
    const [fault] = found.scenario.faults
    const { history } = found
    const thrice = {
      ...found, scenario: { ...found.scenario, faults: [fault!, fault!, fault!] }, at: found.at + 2,
      history: history.flatMap((event) => (event.what === 'clock goes back' ? [event, event, event] : [event])),
    }
    expect(advice(thrice).join(' ')).toContain('It takes steps 3, 4 and 5, “the date is set back by 1,000 ms”: without any one of them')
    expect(advice({ ...thrice, history, at: found.at }).join(' ')).toContain('It takes step 3, “the date is set back by 1,000 ms”: without that')
  })

  it('says how many came before it, were sent and failed', async () => {
    const before = '2 messages came before it: all of them were sent'
    for (const [name, which] of [
      ['permits run out, and it flags', ', and 2 are still in hand'], ['permits run out, and it waits', ', all failed, and 2 are still in hand'],
      ['permits run out in the calm', ', all failed, and none is still in hand'],
      ['permits run out in the calm, and it flags', ', all failed, and none is still in hand'],
    ] as const)
      expect((await shownPuzzle(name)).advice, name)
        .toContain(`${before}${which} when it comes. m3 is the first that is not sent. Look for what fills up`)
    expect((await shownPuzzle('room for sixty-four')).advice).toContain('64 messages came before it: all of them were sent, and 64 are still in hand')
  })

  it('does not count where a fault came before, or where a later one is sent', async () => {
    const said = (text: string, parts: Violation['lacking'] = []) => {
      const history = handMade(`${text}; end`)
      return advice({ ...lost, clause: 'a verdict in the end', message: 'm3', history, at: history.length - 1, lacking: parts }).join(' ')
    }
    const two = 'taken m1; sent m1 #1; claims delivered m1; taken m2; sent m2 #2; claims delivered m2; taken m3'
    expect(said(two)).toContain('m3 is the first that is not sent')
    expect(said(`link refuses; ${two}`)).not.toContain('the first that is not sent')
    const counts = { part: 'message', at: 0, outcome: 'kept', law: null, says: '' } as const
    expect(said(`link refuses; ${two}`, [counts])).toContain('m3 is the first that is not sent')
    expect(said(`${two}; taken m4; sent m4 #3; claims delivered m4`)).not.toContain('the first that is not sent')
    expect(said(two.replace('sent m2 #2; ', ''))).not.toContain('the first that is not sent')
  })

  it('names the last that is sent, and where its call ends', () => {
    const said = (text: string) => {
      const history = handMade(`${text}; end`)
      return advice({ ...lost, clause: 'a verdict in the end', message: 'm3', history, at: history.length - 1 }).join(' ')
    }
    const two = 'taken m1; taken m2; taken m3; sent m1 #1; sent m2 #2; claims delivered m1; claims delivered m2'
    expect(said(`link refuses; ${two}`)).toContain('m2 came before it and is the last that is sent, at step 7; its call ends at step 8. Look at what sends the next')
    expect(said(`link refuses; ${two}`)).not.toContain('given up')
    expect(said(`${two}; sender aborts m1`)).toContain('what may have taken its place: one that waits and is given up.')
  })

  it('says how many pass, where one fewer do', async () => {
    const { found } = await shownPuzzle('room for sixty-four')
    expect(violationPage(found).replace(/\s+/g, ' ')).toContain('Without this, another law is broken instead: one message of 65')
    const passes = { ...found, lacking: found.lacking!.map((each) => ({ ...each, outcome: 'kept' as const, law: null })) }
    expect(violationPage(passes).replace(/\s+/g, ' ')).toContain('With 64 of the 65 plain messages for link 1, every law is kept; all 65 break one.')
  })
})

describe('Of a message with several recipients, a page', () => {
  it('says which of them it is about', async () => {
    expect((await shownPuzzle('one error for all recipients')).says).toMatch(/^m1 for link 2 is flagged, though/)
    expect((await shownPuzzle('one answer for all recipients')).says).toBe('m1 for link 1 is claimed to be delivered, and link 1 has not recorded it.')
  })

  it('says whose failure or answer it was', async () => {
    expect((await shownPuzzle('one error for all recipients')).advice)
      .toMatch(/^It is over link 1 that m1 failed, at step 6, .*, and at step 9 it is flagged for link 2 too\. .* one error that answers/)
    expect((await shownPuzzle('the wrong recipient')).advice)
      .toMatch(/^It is over link 2 that m1 failed, at step 7, .*, and at step 9 it is flagged for link 1 instead\. .* which recipient/)
    expect((await shownPuzzle('one answer for all recipients')).advice)
      .toMatch(/^It is over link 2 that m1 was delivered, at step 7, .* at step 8 it is said to be delivered over link 1, where it failed/)
  })

  it('says nothing of another where that failed at another time', async () => {
    const { found } = await shownPuzzle('the wrong recipient')
    const later = found.history.map((event, i) => (i === found.at ? { ...event, time: event.time + 500 } : event))
    expect(advice({ ...found, history: later }).join(' ')).not.toContain('It is over link')
  })
})

describe('Of what a connector takes a message for, a page', () => {
  it('says with which other one it shares its content', async () => {
    expect((await shownPuzzle('knows messages by their content')).advice).toContain('Its content is that of m1, and they are two messages: look for')
    expect((await shownPuzzle('gives up at once and waits')).advice).not.toContain('two messages')
  })

  it('says of which kind it is', async () => {
    expect((await shownPuzzle('is too strict')).advice).toContain('or a check that is too strict for its kind, ‘other script’.')
  })

  it('says that it failed over its own link before', async () => {
    expect((await shownPuzzle('tries again over another link')).advice)
      .toMatch(/^m1 is for link 1, and goes over link 2 at step \d+\. Before that it failed at step \d+, .*: look for what tries/)
  })
})

describe('What a scenario does', () => {
  it('is said with how much: of time, of the date, of workers', async () => {
    const { found } = await shownPuzzle('stands still when the date goes back')
    const sentences = (faults: Scenario['faults']) => scenarioSentences({
      ...found, scenario: { ...found.scenario, faults }, history: faults.map(({ what }) => ({ what, time: 0 })),
    })[0]
    expect(sentences([{ what: 'time passes', on: 8, after: 2 }, { what: 'time passes', on: 2, after: 2 }]))
      .toContain('3,600,000 ms pass, after 2 turns; 1 ms pass, after 2 turns.')
    expect(sentences([{ what: 'clock goes back', on: 3, after: 0 }, { what: 'workers change', on: 5, after: 1 }]))
      .toContain('the date goes back 1,000 ms, at the start; workers change to 1, after 1 turn.')
    expect(violationPage(found)).toContain('the date goes back 1,000 ms, after 1 turn.')
  })
})

describe('What follows from a heal', () => {
  it('stands below it', async () => {
    const { found: { history } } = await shownPuzzle('looks when the link is back')
    const at = (what: string) => history.findIndex((event) => event.what === what)
    expect(at('offered')).toBeGreaterThan(at('healed'))
  })
})
