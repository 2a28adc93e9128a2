/**
 * Gateway: copies messages into a store that has a limit, and delivers what fits.
 *
 * It asks the store for one attachment after another. A call that never returns hangs the gateway, its process
 * stops, and a restart finds the same message first in line.
 */
import { match } from 'ts-pattern'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { type Scope, sizes } from '../spec/components/gateway.ts'
import { backlog, waits } from './backlog.ts'
import { each, fate, maybe, model, one, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { deliveredOnce, delivery, stripping } from '../spec/verdict.ts'
import { restart } from '../spec/word-map.ts'

const room = ['plenty', 'one place', 'none'] as const

const questions = {
  store: question('The store is asked to take one more attachment, and has this much room. Does the call return?',
    ['returns', 'never returns'], room),
  creates: question('There is another attachment to copy, and the store has this much room. What does the gateway do?',
    ['copies it', 'strips the message', 'drops the message'], room),
  complete: question('The message is in the store. What becomes of it?', ['delivered', 'flagged']),
  next: question('A message was stripped. What becomes of the one after it?', ['judged afresh', 'stripped too']),
  leaves: question('When does a message leave the inlet?', ['as it is delivered', 'some time after']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  store: (left) => match(left).returnType<'returns' | 'never returns'>()
    .with('plenty', 'one place', () => 'returns')
    .with('none', () => 'never returns')
    .exhaustive(),
  creates: (left) => match(left).returnType<'copies it' | 'strips the message'>()
    .with('plenty', 'one place', () => 'copies it')
    .with('none', () => 'strips the message')
    .exhaustive(),
  complete: 'delivered',
  next: 'judged afresh',
  leaves: 'as it is delivered',
}

const variants = {
  fixed,
  asShipped: { ...fixed, creates: () => 'copies it' },
  stopsAtTheLimit: {
    ...fixed,
    store: (left) => match(left).returnType<'returns' | 'never returns'>()
      .with('plenty', () => 'returns')
      .with('one place', 'none', () => 'never returns')
      .exhaustive(),
  },
  dropsSilently: {
    ...fixed,
    creates: (left) => match(left).returnType<'copies it' | 'drops the message'>()
      .with('plenty', 'one place', () => 'copies it')
      .with('none', () => 'drops the message')
      .exhaustive(),
  },
  stripsEveryoneAfter: { ...fixed, next: 'stripped too' },
  flagsEverything: { ...fixed, complete: 'flagged' },
  redeliversAfterRestart: { ...fixed, leaves: 'some time after' },
} satisfies Record<string, Policy>

export const gateway: Component<Scope, typeof questions> = {
  name: 'gateway',
  source: 'Q298486',
  title: 'Exchange Notes Connector Service Stops w. Message Backlog',
  sizes,
  questions,
  documented: ['fixed', 'asShipped', 'stopsAtTheLimit'],
  variants,
  attributes: ({ limit, attachments }) => ({
    attachments: { says: 'attachments', small: edges(limit, attachments), most: attachments },
  }),
  words: {
    attributes: {
      // What is over the limit of a small scope is over that of the document in a world. In between there is no kind.
      attachments: (value, { limit }) => value === 0 ? {}
        : Number(value) > limit ? { kind: 'many attachments', mayBeFlagged: true } : null,
    },
    faults: { 'gateway is restarted with its message': { ...restart, times: 'restarts' } },
    workers: [],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    const state = {
      gateway: one({
        is: oneOf('idle', 'copying', 'hung', 'stopped', 'finishing'),
        message: maybe('message'),
        copied: upTo(scope.attachments),
        strips: oneOf('no', 'yes'),
      }),
      message: each(scope.messages + 1, {
        attachments: upTo(scope.attachments),
        fetched: upTo(scope.burst + 1),
        ...fate({
          arrived: scope.burst, delivered: scope.burst + 1, repeated: policy.leaves === 'some time after' ? scope.burst : 0,
          stripped: scope.burst + 1, flagged: scope.burst + 1,
        }),
      }),
    }
    const { rule, fault } = rulesOver(state)
    const left = (copied: number) => (copied < scope.limit - 1 ? 'plenty' : copied < scope.limit ? 'one place' : 'none')
    const copies = (g: { is: string; copied: number; strips: string }, message: { attachments: number }) =>
      g.is === 'copying' && g.strips === 'no' && g.copied < message.attachments
    const complete = (g: { is: string; copied: number; strips: string }, message: { attachments: number }) =>
      g.is === 'copying' && (g.strips === 'yes' || g.copied === message.attachments)

    return model({
      name: 'gateway',
      state,
      rules: [
        rule('gateway fetches message',
          ({ gateway, message, messages }) => gateway.is === 'idle' && messages.find(waits) === message,
          ({ gateway, message }) => {
            gateway.is = 'copying'
            gateway.message = message
            message.fetched += 1
          }),

        rule('gateway copies an attachment of its message',
          ({ gateway, message }) => copies(gateway, message) && policy.creates(left(gateway.copied)) === 'copies it',
          ({ gateway }) => {
            if (policy.store(left(gateway.copied)) === 'returns') gateway.copied += 1
            else gateway.is = 'hung'
          }),

        rule('gateway strips its message',
          ({ gateway, message }) => copies(gateway, message) && policy.creates(left(gateway.copied)) === 'strips the message',
          ({ gateway }) => { gateway.strips = 'yes' }),

        rule('gateway drops its message',
          ({ gateway, message }) => copies(gateway, message) && policy.creates(left(gateway.copied)) === 'drops the message',
          ({ gateway }) => {
            gateway.is = 'idle'
            gateway.message = null
            gateway.copied = 0
          }),

        rule('gateway delivers its message',
          ({ gateway, message }) => complete(gateway, message) && policy.complete === 'delivered',
          ({ gateway, message }) => {
            // They are copied in their order: what is fetched as the second was delivered before if two of them were.
            const isAgain = policy.leaves === 'some time after' && deliveredOnce(message) >= message.fetched
            if (isAgain) message.repeated! += 1
            message.delivered += 1
            if (gateway.strips === 'yes') message.stripped += 1
            if (policy.next === 'judged afresh') gateway.strips = 'no'
            gateway.copied = 0
            gateway.is = policy.leaves === 'as it is delivered' ? 'idle' : 'finishing'
            if (gateway.is === 'idle') gateway.message = null
          }),

        rule('gateway flags its message',
          ({ gateway, message }) => complete(gateway, message) && policy.complete === 'flagged',
          ({ gateway, message }) => {
            message.flagged += 1
            gateway.is = 'idle'
            gateway.message = null
            gateway.copied = 0
            gateway.strips = 'no'
          }),

        rule('gateway removes its message from the inlet',
          ({ gateway }) => gateway.is === 'finishing',
          ({ gateway }) => {
            gateway.is = 'idle'
            gateway.message = null
          }),

        rule('gateway stops with its message',
          ({ gateway }) => gateway.is === 'hung',
          ({ gateway }) => { gateway.is = 'stopped' }),

        fault('gateway is restarted with its message', scope.restarts,
          ({ message }) => message.delivered <= scope.burst,
          ({ gateway, message }) => {
            gateway.is = 'idle'
            gateway.message = null
            gateway.copied = 0
            gateway.strips = 'no'
            message.fetched -= 1
          }),
      ],
      fresh: { attachments: 0 },
      known: () => ({ due: (message) => (message.attachments > scope.limit ? stripping : delivery) }),
      facts: ({ gateway, messages }) => [
        gateway.is === 'hung' ? 'the call does not return' : gateway.is === 'stopped' ? 'the service has stopped' : '',
        backlog(messages),
        ...messages.map((m) => (m.flagged ? `m${m.number} flagged` : m.stripped ? `m${m.number} stripped` : '')),
      ],
    })
  },
}

/** The sizes at the edges of a limit, and the extremes; the quiet one first. */
const edges = (limit: number, most: number) =>
  [...new Set([0, 1, limit - 1, limit, limit + 1, most])].filter((n) => n >= 0 && n <= most).sort((a, b) => a - b)
