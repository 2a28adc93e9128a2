/** Clauses that are looked at when everything is at rest, and in the end; and what else the judge says of a whole history. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../engine/verdict/judge.ts'
import { copyExcuses } from '../../spec/excuses.ts'
import { clause } from './clause-cases.ts'
import { handMade } from './hand-made-history.ts'

const atMostOnce = { guarantee: 'at-most-once' } as const
const aborted = 'Everything is at rest, and m1, which its sender has aborted, has no verdict.'
clause('a verdict when its sender gives up', 'delivered or flagged', {
  'is broken where there is none at rest': ['taken m1; sender aborts m1; at rest', aborted],
  'is broken where there is none an hour later': [
    'taken m1; sender aborts m1; an hour later', 'An hour has gone by, and m1, which its sender has aborted, has no verdict.'],
  'asks only when all is at rest': ['taken m1; sender aborts m1; healed', null],
  'does not ask once everything is healed': ['taken m1; sender aborts m1; healed; at rest', null],
  'asks only about those whose sender gives up': ['taken m1; at rest', null],
  'keeps who flagged it': ['taken m1; sender aborts m1; flagged m1; at rest', null],
  'keeps who delivered it': ['taken m1; sender aborts m1; sent m1 #1; at rest', null],
  'keeps who delivered as many of equal content': [
    'taken m1 (twin); taken m2 (twin of m1); sender aborts m1; sent m2 #1; offered m2 #2; recorded m2 #2 untold; at rest', null],
  'is about the second message as much': ['taken m2; taken m1; sent m2 #1; sender aborts m1; at rest', aborted],
  'keeps who may lose it, as its call failed': ['taken m1; offered m1 #1; refused m1 #1; sender aborts m1; at rest', null, atMostOnce],
  'is broken by who may not lose it': ['taken m1; offered m1 #1; refused m1 #1; sender aborts m1; at rest', aborted],
})

const late = 'm1 is kept for longer than the declared 5,000 ms, and has no verdict.'
const expires = { expiry: 5_000, slack: 100 }
clause('a verdict before it is too old', 'delivered or flagged', {
  'is broken where it is older': ['1: taken m1; 5101: at rest', late, expires],
  'is broken where it is older an hour later': ['1: taken m1; 5101: an hour later', late, expires],
  'keeps one that is not': ['2: taken m1; 5101: at rest', null, expires],
  'keeps one with a verdict': ['taken m1; sent m1 #1; 9000: at rest', null, expires],
  'keeps who may lose it': ['taken m1; offered m1 #1; refused m1 #1; 9000: at rest', null, { ...expires, ...atMostOnce }],
  'is for those who declare it': ['taken m1; 99999999: at rest', null],
  'keeps whose message waits at the source while it is stopped': [
    'taken m1; taken m2; fetched m2; sent m2 #1; claims delivered m2; service stops; 9000: at rest', null, expires],
  'is broken while one waits there and it is not stopped': [
    'taken m1; taken m2; fetched m2; sent m2 #1; claims delivered m2; 9000: at rest', late, expires],
  'keeps who has been stopped with it in hand: nobody is there who could tell': [
    'taken m1; fetched m1; service stops; 9000: at rest', null, expires],
  'is broken when it was started again, and is at rest': [
    'taken m1; fetched m1; service stops; starts again; 9000: at rest', late, expires],
})

const waits = 'Another link is down, everything is at rest, and m1 for link 1 has no verdict.'
clause('a verdict while another link is down', 'links are independent', {
  'is broken by who waits': ['taken m1; link hangs over 2; at rest', waits],
  'keeps who may lose it': ['taken m1; offered m1 #1; refused m1 #1; link hangs over 2; at rest', null, atMostOnce],
  'is broken by who may not lose it': ['taken m1; offered m1 #1; refused m1 #1; link hangs over 2; at rest', waits],
  'keeps who delivered it': ['taken m1; sent m1 #1; link hangs over 2; at rest', null],
  'is about a link that is down': ['taken m1; dropped over 2; at rest', null],
  'is not about one that has healed': ['taken m1; link refuses over 2; link heals over 2; at rest', null],
  'keeps whose own link is down': ['taken m1; link hangs over 2; link hangs over 1; at rest', null],
  'keeps whose own link dropped at any time': ['dropped; 999999: taken m1; link hangs over 2; at rest', null],
  'keeps who was interrupted': ['taken m1; link hangs over 2; worker dies; at rest', null],
  'keeps what came while it was stopped': ['service stops; taken m1; link hangs over 2; starts again; at rest', null],
  'is broken by who was given it again since': [
    'taken m1; link hangs over 2; service dies; starts again; given again m1; at rest', waits],
  'keeps who was interrupted since then': [
    'taken m1; link hangs over 2; service dies; starts again; given again m1; worker dies; at rest', null],
  'asks only when all is at rest': ['taken m1; link hangs over 2; an hour later; sent m1 #1; at rest', null],
  'is not about its own link': ['taken m1; link hangs; at rest', null],
  'keeps one of several recipients that was refused for good, and whose promise is that of all': [
    'taken m1 (refused) over 1; taken m1 (refused) over 2; link hangs over 2; offered m1 over 1 #1; refused m1 over 1 #1; at rest', null],
  'is broken by one of several that is refused for now': [
    'taken m1 (busy) over 1; taken m1 (busy) over 2; link hangs over 2; offered m1 over 1 #1; refused m1 over 1 #1; at rest', waits],
  'is broken by one of several that was never sent': [
    'taken m1 (refused) over 1; taken m1 (refused) over 2; link hangs over 2; at rest', waits],
  'is broken by the only one that was refused for good': [
    'taken m1 (refused); link hangs over 2; offered m1 #1; refused m1 #1; at rest', waits],
  'keeps whose message waits at the source while it is stopped': [
    'taken m1; link hangs over 2; service stops; has stopped; at rest; healed; starts again; fetched m1; sent m1 #1 life 2', null],
  'keeps who fetched it while it was being stopped': [
    'taken m1; link hangs over 2; service stops; fetched m1; has stopped; at rest; healed; starts again; sent m1 #1 life 2', null],
  'is broken while one waits there and it is not stopped': ['taken m1; link hangs over 2; at rest; healed; fetched m1; sent m1 #1', waits],
})

const never = 'Everything is healed and at rest, and m1 has no verdict.'
const lostOrNot = 'taken m1 (twin); fetched m1; acknowledged m1; service dies; taken m2 (twin of m1)'
clause('a verdict in the end', 'delivered or flagged', {
  'is broken where there is none': ['taken m1; healed; end', never],
  'is broken where there is none when the calm begins': ['taken m1; healed; calm; fresh m2; sent m1 #1; end', never],
  'asks only then and in the end': ['taken m1; healed', null],
  'asks only in the end on the real clock': ['taken m1; healed; calm; sent m1 #1; claims delivered m1; end', null, { clock: 'real' }],
  'asks only at the last event': ['taken m1; end; reports', null],
  'keeps who delivered it': ['taken m1; sent m1 #1; claims delivered m1; end', null],
  'keeps who flagged it': ['taken m1 (empty); flagged m1; end', null],
  'is about each of several recipients': [
    'taken m1 over 1; taken m1 over 2; sent m1 over 1 #1; claims delivered m1 over 1; end', never.replace('m1', 'm1 for link 2')],
  'keeps who delivered as many of equal content': [
    'taken m1 (twin); taken m2 (twin of m1); sent m1 #1; sent m1 #2; claims delivered m1; claims delivered m2; end', null],
  'keeps who flagged one of equal content and delivered as many as are left': [
    'taken m1 (twin); taken m2 (twin of m1); offered m2 #1; dropped m2 #1; flagged m2; sent m2 #2; claims delivered m1; end', null],
  'is broken by who delivered too few of equal content': ['taken m1 (twin); taken m2 (twin of m1); sent m2 #1; claims delivered m2; end', never],
  'keeps who may lose one of equal content, and delivered as many as are left': [
    `${lostOrNot}; starts again life 2; sent m1 #1 life 2; claims delivered m2 life 2; end`, null, atMostOnce],
  'is broken by who may lose one of equal content, and delivered none of those that are left': [
    `${lostOrNot}; starts again life 2; end`, never.replace('m1', 'm2'), atMostOnce],
  'is broken where the one that might have been lost is claimed': [
    `${lostOrNot.replace('; service dies', '; sent m1 #1; claims delivered m1; service dies')}; starts again life 2; end`,
    never.replace('m1', 'm2'), atMostOnce],
  'keeps while a call is open, however long': ['taken m1; offered m1 #1; 99999999: end', null],
  'keeps while a call may be open as it declares': ['taken m1; offered m1 #1; 5199: end', null, { timeout: 5_000, recovery: 200 }],
  'is broken when that is over': ['taken m1; offered m1 #1; 5200: end', never, { timeout: 5_000, recovery: 200 }],
  'keeps while it may be open, from when it was made': ['taken m1; 100: offered m1 #1; 5299: end', null, { timeout: 5_000, recovery: 200 }],
  'counts from when the call was made': ['taken m1; 100: offered m1 #1; 5300: end', never, { timeout: 5_000, recovery: 200 }],
  'is broken where the other of two recipients was given it twice': [
    'taken m1 over 1; taken m1 over 2; sent m1 over 2 #1 untold; sent m1 over 2 #2; claims delivered m1 over 2; end', never.replace('m1', 'm1 for link 1')],
  'is broken where who made the call said that it had stopped': [
    'taken m1; service restarts; offered m1 #1; has stopped; starts again; end', never],
  'keeps where who made the call did not say so': ['taken m1; service restarts; offered m1 #1; starts again; end', null],
  'is broken where a second life has died': [
    'service dies; starts again; taken m1; offered m1 #1 life 2; service dies; starts again; end', never],
  'keeps a third life': [
    'service dies; starts again; service dies; starts again; taken m1; offered m1 #1 life 3; end', null],
  'is broken where who made the call has died': ['taken m1; offered m1 #1; service dies; starts again; end', never],
  'is broken where the call has an answer': ['taken m1; offered m1 #1; dropped m1 #1; end', never],
  'keeps one of two calls that is open': ['taken m1; offered m1 #1; offered m1 #2; dropped m1 #1; end', null],
  'keeps who promises at most once and was not told that it is acknowledged': [
    'taken m1; fetched m1; acknowledged m1 untold; end', null, atMostOnce],
  'is broken by who was told when it asked once more': [
    'taken m1; fetched m1; acknowledged m1 untold; acknowledged m1; end', never, atMostOnce],
  'is broken by who is given again what it could not acknowledge': [
    'taken m1; fetched m1; given again m1; end', never, atMostOnce],
  'is broken by who promises at most once, where another could not be acknowledged': [
    'taken m2; taken m1; fetched m1; fetched m2; acknowledged m2 untold; acknowledged m1; end', never, atMostOnce],
})

clause('a verdict in the end', 'delivered or flagged', {
  'keeps who loses one whose call failed, where it promises at most once': ['taken m1; offered m1 #1; dropped m1 #1; end', null, atMostOnce],
  'keeps who loses one whose call has no answer': [
    'taken m1; offered m1 #1; 99999: end', null, { ...atMostOnce, timeout: 5_000 }],
  'keeps who loses one for a link in trouble': ['link hangs; healed; 60000: taken m1; end', null, atMostOnce],
  'is broken by who loses one later than that': ['link hangs; healed; 60001: taken m1; end', never, atMostOnce],
  'keeps who is stopped, or dies, with it in hand': ['taken m1; service dies; starts again; end', null, atMostOnce],
  'keeps who has been stopped': ['service stops; starts again; service stops; taken m1; end', null, atMostOnce],
  'is broken by who loses one for nothing': ['taken m1; end', never, atMostOnce],
  'is broken by who has died before it was taken': ['service dies; starts again; taken m1; end', never, atMostOnce],
  'is broken by who dies and promises more': ['taken m1; service dies; starts again; end', never],
})

const untold = 'link 1 has recorded m1, and whoever handed it over is never told.'
const notDone = 'link 1 has recorded m1, and the source is never told that it is done with.'
clause('an answer in the end', 'delivered or flagged', {
  'is broken by who never says so': ['taken m1; sent m1 #1; end', untold],
  'keeps who claims it': ['taken m1; sent m1 #1; claims delivered m1; end', null],
  'keeps who flagged it': ['link hangs; taken m1; offered m1 #1; 1000: flagged m1; recorded m1 #1; end', null],
  'keeps who was interrupted': ['taken m1; sent m1 #1; worker dies; end', null],
  'keeps who fetches, and whose source was interrupted': ['taken m1; fetched m1; sent m1 #1; source drops; end', null],
  'keeps who fetches, and could not acknowledge it': ['taken m1; fetched m1; sent m1 #1; acknowledging fails; end', null],
  'keeps who fetches, and acknowledged it into the blue': ['taken m1; fetched m1; sent m1 #1; acknowledgement is lost; end', null],
  'keeps whose call is open': ['taken m1; offered m1 #1; offered m1 #2; recorded m1 #1; end', null],
  'is broken by who does not say so to the source': ['taken m1; fetched m1; sent m1 #1; end', notDone],
  'is broken by who claims it, and does not say so to the source': ['taken m1; fetched m1; sent m1 #1; claims delivered m1; end', notDone],
  'keeps who acknowledges': ['taken m1; fetched m1; sent m1 #1; acknowledged m1; end', null],
  'does not ask about one that the source never gave out': [
    'taken m1; taken m2; fetched m2; sent m2 #1; acknowledged m2; sent m1 #2; end', null],
})

const undelivered = 'm1, sent fresh over link 1 after everything was healed, is not delivered.'
const whole = 'sent m1 #1; claims delivered m1'
clause('fresh messages are delivered', 'nothing wedges', {
  'is broken where one is not': ['fresh m1; end', undelivered],
  'says of which kind it is': [
    'fresh m1 (lines); end', 'm1, of the kind ‘lines’, sent fresh over link 1 after everything was healed, is not delivered.'],
  'keeps who delivers it whole': [`fresh m1; ${whole}; end`, null],
  'is broken by one of many attachments that is stripped': [
    'fresh m1 (many attachments); offered m1 #1; recorded stripped m1 #1; claims delivered m1; end',
    'm1, of the kind ‘many attachments’, sent fresh over link 1 after everything was healed, is not delivered.', { strips: 10 }],
  'keeps who delivers as many of equal content': [
    'fresh m1 (twin); fresh m2 (twin of m1); sent m1 #1; sent m1 #2; claims delivered m1; claims delivered m2; end', null],
  'is broken by who delivers too few': ['fresh m1 (twin); fresh m2 (twin of m1); sent m2 #1; claims delivered m2; end',
    'm1, of the kind ‘twin’, sent fresh over link 1 after everything was healed, is not delivered.'],
  'is broken where another fresh one was delivered twice': ['fresh m1; fresh m2; sent m2 #1 untold; sent m2 #2; claims delivered m2; end', undelivered],
})

clause('fresh messages are delivered', 'nothing wedges', {
  'keeps who has no room for one, and says so': ['fresh m2; fresh m1; flagged m1; sent m2 #1; claims delivered m2; end', null, { capacity: 1 }],
  'is broken by who has no room and says nothing': [
    'fresh m2; fresh m1; sent m2 #1; claims delivered m2; end', undelivered, { capacity: 1 }],
})

const slow = 'm1, sent fresh over link 1 after everything was healed, is delivered after 2,001 ms: a healthy message is to take 2,000 ms at the most.'
clause('fresh messages are delivered promptly', 'nothing wedges', {
  'is broken where one takes longer than the recovery': [`7: fresh m1; 2008: ${whole}; end`, slow, { recovery: 2_000 }],
  'keeps one that takes as long': [`7: fresh m1; 2007: ${whole}; end`, null, { recovery: 2_000 }],
  'is about fresh ones': [`taken m1; 2001: ${whole}; end`, null, { recovery: 2_000 }],
  'counts to the first of two copies': ['fresh m1; sent m1 #1 untold; 2001: sent m1 #2; claims delivered m1; end', null, { recovery: 2_000 }],
})

const healed = '7: link refuses over 1; 9: link heals over 1; 2009: taken m1'
const recovered = 'messages after a recovery are delivered promptly'
const told = { recovery: 2_000 }
const many = Array.from({ length: 11 }, (_, i) => `taken m${i + 2}`).join('; ')
const lateBy = (milliseconds: string) => 'All has been well again for 2,000 ms when m1 comes for link 1, and it declares to recover within 2,000 ms. '
  + `It is delivered after ${milliseconds} ms: a healthy message is to take 2,000 ms at the most.`
clause(recovered, 'nothing wedges', {
  'is broken where a message takes longer than the recovery': [`${healed}; 4010: ${whole}; end`,
    lateBy('2,001'), told],
  'keeps one that takes as long': [`${healed}; 4009: ${whole}; end`, null, told],
  'keeps one that comes before that': [`${healed.replace('2009', '2008')}; 4010: ${whole}; end`, null, told],
  'is about who says how long it takes': [`${healed}; 99999: ${whole}; end`, null],
  'is not about real time': [`${healed}; 4010: ${whole}; end`, null, { ...told, clock: 'real' }],
  'is not about who was never in trouble': [`2009: taken m1; 9999: ${whole}; end`, null, told],
  'is not about a link that is down, nor another that is': [
    `${healed}; 2010: link hangs over 1; 3000: link heals over 1; 9999: ${whole}; end`, null, told],
  'is not about one whose call was refused, or dropped': [
    `${healed}; offered m1 #1; 2010: refused m1 (for now) #1; 9999: sent m1 #2; claims delivered m1; end`, null, told],
  'is not about one in whose time hours passed': [`${healed}; 2010: time passes (3,600,000 ms); 3602010: ${whole}; end`, null, told],
  'is not about who was started again, or whose disk failed': [
    `${healed.replace('; 2009', '; 10: disk fails; 2009')}; 9999: ${whole}; end`, null, told],
  'is about who has eleven in hand': [
    `${healed.replace('taken m1', `${many}; taken m1`)}; 4010: ${whole}`,
    lateBy('2,001'), told],
  'is not about who has many in hand': [
    `${healed.replace('taken m1', `${many}; taken m13; taken m1`)}; 9999: ${whole}`, null, told],
})

const connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) } as const
describe('The judge', () => {
  it('says at which event a law was broken, the first, and of which message', () => {
    const history = handMade('taken m1; sent m1 #1; sent m1 #2; sent m1 #3; recorded something never sent (x)')
    expect(judge(connector, history)).toMatchObject({ clause: 'no second copy', message: 'm1', at: 4 })
  })

  it('reads what is recorded and was never sent as a lie', () => {
    expect(judge(connector, handMade('recorded something never sent over 2 (x)'))).toMatchObject({
      clause: 'nothing invented', law: { name: 'honest' }, message: null, at: 0, says: 'link 2 records ‘x’, which nobody sent.',
    })
  })

  it('reads a crash as one', () => {
    expect(judge(connector, handMade('taken m1; crashed (it fell)'))).toMatchObject({
      clause: 'it does not crash', law: { name: 'nothing wedges' }, message: null, at: 1, says: 'It crashes: it fell.',
    })
  })

  it('reads going on for ever as a message without a verdict, the first that has none', () => {
    expect(judge(connector, handMade('taken m1; taken m2; taken m3; sent m1 #1; healed; livelock (9 ms)'))).toMatchObject({
      clause: 'a verdict in the end', law: { name: 'delivered or flagged' }, message: 'm2', at: 6,
      says: 'It goes on for ever, and m2 has no verdict.',
    })
    expect(judge(connector, handMade('taken m1 (empty); flagged m1; taken m2; livelock'))?.message).toBe('m2')
    const both = 'taken m1 (empty); offered m1 #1; flagged m1; recorded m1 #1; taken m2; livelock'
    expect(judge(connector, handMade(both))?.message).toBe('m2')
  })

  it('reads it as wedged where every message of the storm has one', () => {
    const story = 'taken m1; sent m1 #1; healed; fresh m2; livelock'
    const found = { clause: 'it does not go on for ever', law: { name: 'nothing wedges' }, message: null }
    const says = (long: string) => `Everything is healed, ${long} later it is still at work, and nothing new has come in: it goes on for ever.`
    expect(judge(connector, handMade(`${story} (9 ms)`))).toMatchObject({ ...found, says: says('9 ms') })
    expect(judge(connector, handMade(story))).toMatchObject({ ...found, says: says('much time') })
    const exempt = { 'delivered or flagged': 'it may' }
    expect(judge({ ...connector, exempt }, handMade('taken m1; livelock'))).toMatchObject(found)
    expect(judge({ ...connector, exempt: { ...exempt, 'nothing wedges': 'it may' } }, handMade('taken m1; livelock'))).toBeNull()
  })

  it('can be told that an excuse does not count, and then still knows the others', () => {
    const untold = handMade('taken m1; sent m1 #1 untold; sent m1 #2')
    const again = handMade('taken m1; sent m1 #1 untold; given again m1; sent m1 #2')
    const denied = copyExcuses['it was not told of the first']
    expect([untold, again].map((history) => judge(connector, history, { denied })?.clause ?? null)).toEqual(['no second copy', null])
    expect([untold, again].map((history) => judge(connector, history))).toEqual([null, null])
  })

  it('passes over an event about a message that was never taken', () => {
    for (const what of ['recorded', 'flagged', 'claims delivered', 'acknowledged'])
      expect(judge(connector, handMade(`${what} m9 #1`)), what).toBeNull()
  })

  it('goes by the time that a connector is given on the real clock: a second, or its patience', () => {
    const real = { ...connector, clock: 'real' } as const
    const history = (at: number) => handMade(`dropped; ${at}: taken m1; flagged m1`)
    expect([1_000, 1_001].map((at) => judge(real, history(at)) === null)).toEqual([true, false])
    expect([50, 51].map((at) => judge({ ...real, patience: 50 }, history(at)) === null)).toEqual([true, false])
    expect([80, 81].map((at) => judge(real, history(at), { patience: 80 }) === null)).toEqual([true, false])
  })
})
