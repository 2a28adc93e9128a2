/** What the field trial accused, and should not have; each beside the nearest that is still accused. */
import { describe, expect, it } from 'vitest'
import { judge } from '../../engine/verdict/judge.ts'
import { trial } from '../../engine/trial/trial.ts'
import type { Connector } from '../../spec/connector.ts'
import { clause } from './clause-cases.ts'
import { scenario } from './judge-pair.ts'

const flaggedKnown = 'm1 is flagged, though link 1 has recorded it and said so.'
clause('not flagged when it is known to be delivered', 'honest', {
  'keeps who is stopped while the answer is on its way from a sink': [
    'taken m1; offered m1 #1 (comes in); recorded m1 #1; service stops; flagged m1', null],
  'is broken by who is stopped when it has the answer': [
    'taken m1; offered m1 #1; recorded m1 #1; service stops; flagged m1', flaggedKnown],
  'keeps who loses the link while the answer is on its way from a sink': [
    'taken m1; taken m2; offered m1 #1 (comes in); recorded m1 #1; offered m2 #2 (comes in); dropped m2 #2; flagged m1', null],
  'is broken by who loses it when it has the answer': [
    'taken m1; taken m2; offered m1 #1; recorded m1 #1; offered m2 #2; dropped m2 #2; flagged m1', flaggedKnown],
  'is broken where the link came to harm before the answer': [
    'taken m1; taken m2; offered m2 #2 (comes in); dropped m2 #2; 50: offered m1 #1 (comes in); recorded m1 #1; flagged m1', flaggedKnown],
  'keeps who is given it once more and fails then': [
    'taken m1; fetched m1; sent m1 #1; given again m1; fetched m1; offered m1 #2; refused m1 #2; flagged m1', null],
  'is broken by who failed before it was given it once more': [
    'taken m1; fetched m1; offered m1 #2; refused m1 #2; sent m1 #1; given again m1; fetched m1; flagged m1', flaggedKnown],
})

const sentAgain = 'm1 is flagged, and is then sent again and delivered.'
clause('not delivered after it was flagged', 'honest', {
  'keeps who had sent it, and it comes in at a sink': [
    'taken m1; service stops; flagged m1; offered m1 #1 (comes in); recorded m1 #1', null],
  'is broken by who calls after the flag': ['taken m1; service stops; flagged m1; sent m1 #1', sentAgain],
  'is broken where it comes in later than it takes': [
    'taken m1; service stops; flagged m1; 6: offered m1 #1 (comes in); recorded m1 #1', sentAgain],
})

clause('no second copy', 'none twice', {
  'keeps who sends it again when the answer was lost on its way from a sink': [
    'taken m1; offered m1 #1 (comes in); recorded m1 #1; dropped (CONNECT) #9; offered m1 #2 (comes in); recorded m1 #2', null],
  'is broken where nothing came between': [
    'taken m1; offered m1 #1 (comes in); recorded m1 #1; offered m1 #2 (comes in); recorded m1 #2',
      'm1 is recorded by link 1 a second time.'],
})

const idle = 'm1 is flagged, though it is healthy and nothing happened to it or to link 1.'
clause('flagged only with a reason', 'honest', {
  'keeps whose greeting is not answered': ['taken m1; steps (greeting) over 1 #1; 1000: flagged m1', null],
  'keeps whose greeting was answered late': ['taken m1; steps (greeting) over 1 #1; 1000: answered (greeting) over 1 #1; flagged m1', null],
  'is broken where the greeting was answered soon': [
    'taken m1; steps (greeting) over 1 #1; 999: answered (greeting) over 1 #1; flagged m1', idle],
  'is broken where another link greets late': ['taken m1; steps (greeting) over 2 #1; 1000: flagged m1', idle],
})

const twins = 'taken m1 (twin); taken m2 (twin of m1); taken m3 (twin of m1); fetched m1; sent m1 #1; claims delivered m1; acknowledged m1'
clause('acknowledged only when it is settled', 'honest', {
  'keeps one of equal content whose copy went by the name of another': [
    `${twins}; fetched m2; sent m3 #2; claims delivered m2; acknowledged m2`, null],
  'is broken by one of equal content more than was sent': [
    `${twins}; fetched m2; acknowledged m2`,
      'm2 is acknowledged at the source, and is neither delivered nor flagged, nor is it on the disk.'],
})

const fresh = 'fresh m1; 1000: sent m1 #1; claims delivered m1; end'
clause('fresh messages are delivered promptly', 'nothing wedges', {
  'keeps who takes a second of real time, for the machine may be busy': [fresh, null, { clock: 'real', recovery: 40 }],
  'is broken by who takes more than a second of it': [
    fresh.replace('1000', '1001'), 'm1, sent fresh over link 1 after everything was healed, is delivered after 1,001 ms: '
      + 'a healthy message is to take 1,000 ms at the most.', { clock: 'real', recovery: 40 }],
  'is broken by who takes a second of virtual time and promises less': [
    fresh,
      'm1, sent fresh over link 1 after everything was healed, is delivered after 1,000 ms: '
      + 'a healthy message is to take 40 ms at the most.',
    { recovery: 40 }],
})

/** Flags what has not been greeted within a second: the greeting is a few rounds of the event loop away. */
const greeted: Connector = {
  name: 'one that is greeted', guarantee: 'at-least-once',
  start: ({ links }) => ({
    async take({ content, link }) {
      await new Promise<void>((go, fail) => {
        const timer = setTimeout(() => fail(new Error('nobody greets')), 1_000)
        setImmediate(() => setImmediate(() => setImmediate(() => { clearTimeout(timer); go() })))
      })
      await links.find(({ name }) => name === link)!.send(content)
    },
  }),
}

describe('Virtual time', () => {
  it('passes when what is on its way, and needs no turn, has come', async () => {
    // The other call waits for its turn: nobody is at rest.
    const storm = scenario([[1], [1, 'plain', 2], [1]], [[3, 'time passes', 5]], { links: 2, schedule: [0, 0, 0] })
    expect(judge(greeted, await trial(greeted, storm))).toBeNull()
  })

  it('finds at rest whoever refreshes a timer and is owed nothing', async () => {
    const connector: Connector = {
      name: 'one that is kept alive', guarantee: 'at-least-once',
      start({ send }) {
        const idle = setTimeout(() => undefined, 90_000)
        setInterval(() => idle.refresh(), 60_000)
        return { take: ({ content }) => send(content) }
      },
    }
    const history = await trial(connector, scenario([[1]]))
    expect(history.at(-1)!.what).toBe('end')
  })
})

describe('Real time', () => {
  it('is given to whoever stops for a while, though it owes nothing', async () => {
    // One that never has stopped is in the field trial: ‘amqplib, stopped when it is closed’.
    const slow: Connector = {
      name: 'one that stops for a while', guarantee: 'at-least-once', clock: 'real', patience: 700,
      start: ({ send }) => ({ take: ({ content }) => send(content), stop: () => new Promise((go) => setTimeout(go, 400)) }),
    }
    expect(judge(slow, await trial(slow, scenario([[1]], [[9, 'service restarts']])))).toBeNull()
  })
})
