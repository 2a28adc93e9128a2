/**
 * Interchange: threads put messages to a transfer agent, which refuses some for good and some for now.
 *
 * A refused thread asks its policy what to do with the message in hand, and then with itself.
 */
import { match } from 'ts-pattern'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { type Scope, sizes } from '../spec/components/interchange.ts'
import { backlog, waits } from './backlog.ts'
import { lawsOver } from '../spec/laws.ts'
import { alike, each, fate, maybe, model, one, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { delivery, deliveryOrFlag, flagging } from '../spec/verdict.ts'
import { restart } from '../spec/word-map.ts'

const refusals = ['for good', 'for now', 'for now, once too often'] as const

const questions = {
  refused: question('The transfer agent refused the message in this way. What becomes of it?',
    ['submitted again', 'flagged', 'put back at the tail', 'dropped'], refusals),
  thread: question('A message was flagged. What becomes of the thread that had it?', ['takes the next', 'never seen again']),
  restart: question('The service restarts with messages in hand. What becomes of them?', ['they wait again', 'they are flagged']),
  leaves: question('When does a message leave the inlet?', ['as it is delivered', 'some time after']),
  next: question('Something urgent waits, and so does another message. Which goes next?', ['by turns', 'what is urgent']),
  order: question('Several messages wait. Which of them is fetched?', ['the first', 'the latest']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  refused: (how) => match(how).returnType<'submitted again' | 'flagged'>()
    .with('for now', () => 'submitted again')
    .with('for good', 'for now, once too often', () => 'flagged')
    .exhaustive(),
  thread: 'takes the next',
  restart: 'they wait again',
  leaves: 'as it is delivered',
  next: 'by turns',
  order: 'the first',
}

const variants = {
  fixed,
  asShipped: { ...fixed, refused: () => 'submitted again' },
  requeuesAtTheTail: {
    ...fixed,
    refused: (how) => match(how).returnType<'put back at the tail' | 'submitted again' | 'flagged'>()
      .with('for good', () => 'put back at the tail')
      .with('for now', () => 'submitted again')
      .with('for now, once too often', () => 'flagged')
      .exhaustive(),
  },
  givesUpSilently: {
    ...fixed,
    refused: (how) => match(how).returnType<'dropped' | 'submitted again' | 'flagged'>()
      .with('for good', () => 'dropped')
      .with('for now', () => 'submitted again')
      .with('for now, once too often', () => 'flagged')
      .exhaustive(),
  },
  retriesTransientsForEver: {
    ...fixed,
    refused: (how) => match(how).returnType<'submitted again' | 'flagged'>()
      .with('for now', 'for now, once too often', () => 'submitted again')
      .with('for good', () => 'flagged')
      .exhaustive(),
  },
  flagsButKeepsTheThread: { ...fixed, thread: 'never seen again' },
  flagsOnRestart: { ...fixed, restart: 'they are flagged' },
  resubmitsAfterRestart: { ...fixed, leaves: 'some time after' },
  starvesTheOthers: { ...fixed, next: 'what is urgent' },
  latestFirst: { ...fixed, order: 'the latest' },
} satisfies Record<string, Policy>

export const interchange: Component<Scope, typeof questions> = {
  name: 'interchange',
  source: 'Q151791',
  title: 'MSMI Stops Processing When Submitting Bad Address',
  sizes,
  questions,
  documented: ['asShipped'],
  variants,
  attributes: () => ({ address: { says: 'address', small: ['valid', 'invalid', 'busy'] } }),
  words: {
    attributes: {
      address: (value) => value === 'invalid' ? { kind: 'refused' } : value === 'busy' ? { link: 2, isRefused: true } : {},
    },
    faults: { 'service restarts': { ...restart, times: 'restarts' } },
    workers: ['threads'],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    const state = {
      inlet: one({
        order: oneOf('as they came', 'any'),
        urgent: scope.urgent > 0 ? oneOf('none', 'waits') : oneOf('none'),
        turn: scope.urgent > 0 ? oneOf('anybody', 'the others') : oneOf('anybody'),
      }),
      thread: alike(scope.threads, {
        is: oneOf('idle', 'ready', 'putting', 'refused', 'finishing', 'gone'),
        message: maybe('message'),
        tried: upTo(scope.tries),
      }),
      message: each(scope.messages + 1, {
        address: oneOf('valid', 'invalid', 'busy'),
        fetched: upTo(scope.burst + 1),
        back: upTo(1),
        ...fate({ arrived: scope.burst, delivered: scope.burst + 1, flagged: scope.burst }),
      }),
    }
    const { rule, choice, fault } = rulesOver(state)
    const { always } = lawsOver(state)
    type Message = { arrived: number; fetched: number; back: number; address: string }
    const isFirst = (message: Message) => waits(message) && message.back === 0
    /** What was put back at the tail comes after what was not. */
    const next = <M extends Message>(messages: readonly M[]) => policy.order === 'the first'
      ? messages.find(isFirst) ?? messages.find(waits) : messages.findLast(isFirst) ?? messages.findLast(waits)
    /** Of what is urgent there may be no end, and it came later than whatever waits. */
    const isPassed = (inlet: { urgent: string; turn: string }) => inlet.urgent === 'waits' &&
      (inlet.turn === 'anybody' || policy.next === 'what is urgent' || policy.order === 'the latest')
    const becomes = (thread: { tried: number }, message: Message) =>
      policy.refused(message.address === 'invalid' ? 'for good' : thread.tried < scope.tries ? 'for now' : 'for now, once too often')

    return model({
      name: 'interchange',
      state,
      rules: [
        rule('thread fetches message',
          ({ thread, inlet, message, messages }) => thread.is === 'idle' && !isPassed(inlet) &&
            (inlet.order === 'any' ? waits(message) : next(messages) === message),
          ({ thread, inlet, message }) => {
            thread.is = 'ready'
            thread.message = message
            thread.tried = 0
            message.fetched += 1
            inlet.turn = 'anybody'
          }),

        rule('thread delivers what is urgent',
          ({ thread, inlet, messages }) => thread.is === 'idle' && inlet.urgent === 'waits' &&
            (isPassed(inlet) || !messages.some(waits)),
          ({ inlet }) => {
            inlet.urgent = 'none'
            inlet.turn = 'the others'
          }),

        rule('thread opens a session for its message',
          ({ thread }) => thread.is === 'ready',
          ({ thread }) => { thread.is = 'putting' },
          'events 2384, 10000'),

        rule('thread delivers its message',
          ({ thread, message }) => thread.is === 'putting' && message.address === 'valid',
          ({ thread, message }) => {
            message.delivered += 1
            thread.is = policy.leaves === 'as it is delivered' ? 'idle' : 'finishing'
            if (thread.is === 'idle') thread.message = null
          }),

        rule('thread is refused its message',
          ({ thread, message }) => thread.is === 'putting' && message.address !== 'valid',
          ({ thread }) => { thread.is = 'refused' },
          'event 2342, return code 0x15'),

        rule('thread refreshes and keeps its message',
          ({ thread, message }) => thread.is === 'refused' && becomes(thread, message) === 'submitted again',
          ({ thread, message }) => {
            thread.is = 'ready'
            if (message.address === 'busy' && thread.tried < scope.tries) thread.tried += 1
          },
          'event 2553'),

        rule('thread flags its message',
          ({ thread, message }) => thread.is === 'refused' && becomes(thread, message) === 'flagged',
          ({ thread, message }) => {
            message.flagged += 1
            thread.is = policy.thread === 'takes the next' ? 'idle' : 'gone'
            thread.message = null
          }),

        rule('thread puts back its message',
          ({ thread, message }) => thread.is === 'refused' && becomes(thread, message) === 'put back at the tail',
          ({ thread, message }) => {
            message.fetched -= 1
            message.back = 1
            thread.is = 'idle'
            thread.message = null
          }),

        rule('thread drops its message',
          ({ thread, message }) => thread.is === 'refused' && becomes(thread, message) === 'dropped',
          ({ thread }) => {
            thread.is = 'idle'
            thread.message = null
          }),

        rule('thread removes its message from the inlet',
          ({ thread }) => thread.is === 'finishing',
          ({ thread }) => {
            thread.is = 'idle'
            thread.message = null
          }),

        choice('inlet is given something urgent',
          ({ inlet }) => scope.urgent > 0 && inlet.urgent === 'none',
          ({ inlet }) => { inlet.urgent = 'waits' }),

        fault('service restarts', scope.restarts,
          ({ threads }) => threads.some((thread) => thread.is !== 'idle'),
          ({ threads, inlet }) => {
            inlet.order = 'any'
            for (const thread of threads) {
              if (thread.message) {
                if (policy.restart === 'they are flagged') thread.message.flagged += 1
                else thread.message.fetched -= 1
              }
              thread.is = 'idle'
              thread.message = null
              thread.tried = 0
            }
          }),
      ],
      fresh: { address: 'valid' },
      known: () => ({
        due: ({ address }) => match(address)
          .with('valid', () => delivery)
          .with('invalid', () => flagging)
          .with('busy', () => deliveryOrFlag)
          .exhaustive(),
      }),
      laws: [
        always('in order', 'Until a restart, messages are fetched in the order in which they came.',
          ({ inlet, messages }) => inlet.order === 'any' || messages.every(({ fetched }, i) =>
            fetched === 0 || !messages.slice(0, i).some(isFirst))),
      ],
      facts: ({ inlet, threads, messages }) => [
        inlet.urgent === 'waits' ? 'something urgent waits' : '',
        threads.some((thread) => thread.is === 'gone') ? `${threads.filter((thread) => thread.is === 'gone').length} threads gone` : '',
        backlog(messages, ' in P1'),
        ...messages.map((m) => (m.flagged ? `m${m.number} flagged` : m.delivered > m.arrived ? `m${m.number} delivered twice` : '')),
      ],
    })
  },
}
