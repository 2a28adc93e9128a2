/**
 * Claim queue: workers race for notifications, and each message goes out exactly once.
 *
 * A worker sees a message that nobody has added, and then adds it. Seeing and adding are two steps, so another
 * worker may come between them. The dispatcher then fetches and delivers one message at a time.
 */
import { match } from 'ts-pattern'
import { type Scope, sizes } from '../spec/components/claim-queue.ts'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { alike, each, fate, lineOf, maybe, model, one, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { delivery } from '../spec/verdict.ts'
import { linkIsLate, restart, workerDies } from '../spec/word-map.ts'

const questions = {
  looksAt: question('A worker sees a notification. Does it take it up?', ['yes', 'no'], ['open', 'added']),
  adds: question('A worker is about to add the message that it saw open. Given what the message is now, what does it do?',
    ['adds it', 'gives it up', 'flags it'], ['open', 'added']),
  remembers: question('Which of the messages that were added does it remember?', ['all', 'the latest few']),
  afterDeath: question('The dispatcher died with a message in hand. What becomes of the message?', ['open again', 'still taken']),
  replaces: question('A worker died. Does another take its place?', ['yes', 'no']),
  whenSlow: question('The dispatcher’s lease runs out while it is at work. What becomes of the message?', ['still taken', 'open again']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  looksAt: (notification) => match(notification).returnType<'yes' | 'no'>()
    .with('open', () => 'yes')
    .with('added', () => 'no')
    .exhaustive(),
  adds: (notification) => match(notification).returnType<'adds it' | 'gives it up'>()
    .with('open', () => 'adds it')
    .with('added', () => 'gives it up')
    .exhaustive(),
  remembers: 'all',
  afterDeath: 'open again',
  replaces: 'yes',
  whenSlow: 'still taken',
}

const variants = {
  fixed,
  asShipped: { ...fixed, adds: () => 'adds it' },
  claimsBlindly: { ...fixed, adds: () => 'adds it', looksAt: () => 'yes' },
  keepsDeadNames: { ...fixed, afterDeath: 'still taken' },
  leaseTooShort: { ...fixed, whenSlow: 'open again' },
  forgetsWhatItSent: { ...fixed, remembers: 'the latest few' },
  neverReplaces: { ...fixed, replaces: 'no' },
  flagsTheOvertaken: {
    ...fixed,
    adds: (notification) => match(notification).returnType<'adds it' | 'flags it'>()
      .with('open', () => 'adds it')
      .with('added', () => 'flags it')
      .exhaustive(),
  },
} satisfies Record<string, Policy>

export const claimQueue: Component<Scope, typeof questions> = {
  name: 'claim-queue',
  source: 'Q184524',
  title: 'cc:Mail Connector Sends Messages Twice Under Load',
  sizes,
  questions,
  documented: ['asShipped'],
  variants,
  attributes: () => ({}),
  words: {
    attributes: {},
    faults: {
      'worker dies': { ...workerDies, times: 'deaths' },
      // Which of those that work is the dispatcher, a world cannot tell.
      'dispatcher dies with its message': { ...restart, is: [...restart.is, ...workerDies.is], times: 'deaths' },
      'dispatcher is slow with its message': { ...linkIsLate, times: 'delays' },
    },
    workers: ['workers'],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    const places = scope.messages + 1
    const state = {
      worker: alike(scope.workers, {
        message: maybe('message'),
        is: policy.replaces === 'yes' ? oneOf('alive') : oneOf('alive', 'dead'),
      }),
      queue: one({ line: lineOf('message', places) }),
      dispatcher: one({ message: maybe('message') }),
      message: (policy.remembers === 'all' ? alike : each)(places, {
        added: upTo(scope.copies),
        ...fate({ arrived: scope.copies, delivered: 2, flagged: policy.adds('added') === 'flags it' ? 1 : 0 }),
      }),
    }
    const { rule, fault } = rulesOver(state)
    const notification = (message: { added: number; arrived: number }) => (message.added < message.arrived ? 'open' : 'added')

    return model({
      name: 'claim-queue',
      state,
      rules: [
        rule('worker sees message',
          ({ worker, message }) => worker.is === 'alive' && worker.message === null && message.arrived > 0 &&
            policy.looksAt(notification(message)) === 'yes',
          ({ worker, message }) => { worker.message = message }),

        rule('worker adds its message',
          ({ message, queue }) => queue.line.hasRoom && policy.adds(notification(message)) === 'adds it',
          ({ worker, message, queue, messages, dispatcher }) => {
            queue.line.push(message)
            message.added = Math.min(message.added + 1, message.arrived)
            worker.message = null
            const known = policy.remembers === 'all' ? [] : messages.filter((other) => other.added > 0)
            if (known.length > scope.memory) {
              const oldest = known.find((other) => other !== message && other.delivered > 0 && other !== dispatcher.message)
              if (oldest) oldest.added = 0
            }
          }),

        rule('worker gives up its message',
          ({ message }) => policy.adds(notification(message)) === 'gives it up',
          ({ worker }) => { worker.message = null }),

        rule('worker flags its message',
          ({ message }) => policy.adds(notification(message)) === 'flags it',
          ({ worker, message }) => {
            message.flagged = 1
            worker.message = null
          }),

        rule('dispatcher fetches message',
          ({ dispatcher, message, queue }) => dispatcher.message === null && queue.line.first === message,
          ({ dispatcher, message, queue }) => {
            dispatcher.message = message
            queue.line.shift()
          }),

        rule('dispatcher delivers its message',
          () => true,
          ({ dispatcher, message }) => {
            message.delivered = Math.min(message.delivered + 1, 2)
            dispatcher.message = null
          }),

        fault('worker dies', scope.deaths,
          ({ worker }) => worker.is === 'alive' && (worker.message !== null || policy.replaces === 'no'),
          ({ worker }) => {
            worker.message = null
            if (policy.replaces === 'no') worker.is = 'dead'
          }),

        fault('dispatcher dies with its message', scope.deaths,
          () => true,
          ({ dispatcher, message }) => {
            dispatcher.message = null
            if (policy.afterDeath === 'open again') message.added = Math.max(0, message.added - 1)
          }),

        fault('dispatcher is slow with its message', policy.whenSlow === 'open again' ? scope.delays : 0,
          () => true,
          ({ message }) => { message.added = 0 }),
      ],
      fresh: {},
      known: () => ({ due: () => delivery }),
      facts: ({ messages, queue }) => [
        queue.line.length === 0 ? '' : `${queue.line.length} in the queue`,
        ...messages.map((m) => (m.delivered > 1 ? `m${m.number} delivered twice` : m.flagged ? `m${m.number} flagged` : '')),
      ],
    })
  },
}
