/**
 * Consumer: takes messages from a queue that gives them out again, and delivers each once all the same.
 *
 * What matters is what a consumer remembers and when: it may die, or lose its lease to another, between any two steps.
 */
import { match } from 'ts-pattern'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { type Scope, sizes } from '../spec/components/consumer.ts'
import { alike, each, fate, maybe, model, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { delivery, deliveryOrFlag, flagging } from '../spec/verdict.ts'
import { restart } from '../spec/word-map.ts'

const givenOut = ['not yet too often', 'once too often'] as const

const questions = {
  acknowledges: question('When does a consumer acknowledge a message?', ['after it is delivered', 'as it is fetched']),
  remembers: question('A message is delivered. When does the consumer remember that?',
    ['with the delivery', 'before it', 'some time after']),
  looksUp: question('When does a consumer look whether a message was settled before?', ['as it delivers', 'as it fetches', 'never']),
  failed: question('A message could not be delivered, and was given out this often. What becomes of it?',
    ['given back', 'dead letter', 'dropped'], givenOut),
  afterDeath: question('A consumer died with a message in hand. What becomes of the message?', ['given out again', 'hidden for ever']),
  replaces: question('A consumer died. Does another take its place?', ['yes', 'no']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  acknowledges: 'after it is delivered',
  remembers: 'with the delivery',
  looksUp: 'as it delivers',
  failed: (often) => match(often).returnType<'given back' | 'dead letter'>()
    .with('not yet too often', () => 'given back')
    .with('once too often', () => 'dead letter')
    .exhaustive(),
  afterDeath: 'given out again',
  replaces: 'yes',
}

const variants = {
  fixed,
  acknowledgesFirst: { ...fixed, acknowledges: 'as it is fetched' },
  remembersBefore: { ...fixed, remembers: 'before it' },
  remembersAfterwards: { ...fixed, remembers: 'some time after' },
  looksNothingUp: { ...fixed, looksUp: 'never' },
  looksUpTooSoon: { ...fixed, looksUp: 'as it fetches' },
  retriesForEver: { ...fixed, failed: () => 'given back' },
  deadLettersAtOnce: { ...fixed, failed: () => 'dead letter' },
  dropsThePoison: {
    ...fixed,
    failed: (often) => match(often).returnType<'given back' | 'dropped'>()
      .with('not yet too often', () => 'given back')
      .with('once too often', () => 'dropped')
      .exhaustive(),
  },
  hidesAfterDeath: { ...fixed, afterDeath: 'hidden for ever' },
  neverReplaces: { ...fixed, replaces: 'no' },
} satisfies Record<string, Policy>

export const consumer: Component<Scope, typeof questions> = {
  name: 'consumer',
  source: 'Amazon SQS',
  title: 'Visibility timeout and dead-letter queues',
  sizes,
  questions,
  documented: [],
  variants,
  attributes: () => ({ kind: { says: 'kind', small: ['good', 'poison'] } }),
  words: {
    attributes: { kind: (value) => (value === 'poison' ? { kind: 'refused' } : {}) },
    faults: {
      'consumer dies with its message': { ...restart, is: ['service dies', 'service restarts', 'worker dies'], times: 'deaths' },
      'consumer loses the lease of its message': {
        is: ['source drops', 'acknowledging fails'], lasts: false, leavesDoubt: true, mayBeFlagged: false, times: 'expiries',
      },
      'consumer is refused its message for now': {
        is: ['link drops before'], orBriefly: ['link refuses'], lasts: false, leavesDoubt: false, mayBeFlagged: true, times: 'refusals',
      },
    },
    workers: ['consumers'],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    const state = {
      consumer: alike(scope.consumers, {
        is: oneOf('idle', 'at work', 'about to deliver', 'done', 'failed', ...(policy.replaces === 'yes' ? [] : ['dead'])),
        message: maybe('message'),
        lease: oneOf('runs', 'is over'),
      }),
      message: each(scope.messages + 1, {
        kind: oneOf('good', 'poison'),
        at: oneOf('the queue', 'a consumer', 'its end'),
        given: upTo(scope.tries),
        settled: oneOf('no', 'yes'),
        ...fate({ delivered: 2, flagged: 2 }),
      }),
    }
    const { rule, fault } = rulesOver(state)
    type Message = { readonly given: number; readonly settled: string }
    const becomes = ({ given }: Message) => policy.failed(given < scope.tries ? 'not yet too often' : 'once too often')
    const isKnown = ({ settled }: Message) => policy.looksUp === 'as it delivers' && settled === 'yes'
    /** What it says of a message whose lease has run out counts no more. */
    const hasIt = ({ lease }: { readonly lease: string }) => lease === 'runs'
    const lets = (consumer: { is: string; message: unknown; lease: string }) => {
      consumer.is = 'idle'
      consumer.message = null
      consumer.lease = 'runs'
    }

    return model({
      name: 'consumer',
      state,
      rules: [
        rule('consumer fetches message',
          ({ consumer, message }) => consumer.is === 'idle' && message.arrived > 0 && message.at === 'the queue',
          ({ consumer, message }) => {
            consumer.is = policy.looksUp === 'as it fetches' && message.settled === 'yes' ? 'done' : 'at work'
            consumer.message = message
            message.at = policy.acknowledges === 'as it is fetched' ? 'its end' : 'a consumer'
            message.given = Math.min(message.given + 1, scope.tries)
          }),

        rule('consumer remembers that it will deliver its message',
          ({ consumer, message }) => policy.remembers === 'before it' && consumer.is === 'at work' && message.kind === 'good' &&
            !isKnown(message),
          ({ consumer, message }) => {
            message.settled = 'yes'
            consumer.is = 'about to deliver'
          }),

        rule('consumer delivers its message',
          ({ consumer, message }) => message.kind === 'good' && (policy.remembers === 'before it' ? consumer.is === 'about to deliver'
            : consumer.is === 'at work' && !isKnown(message)),
          ({ consumer, message }) => {
            message.delivered = Math.min(message.delivered + 1, 2)
            if (policy.remembers === 'with the delivery') message.settled = 'yes'
            consumer.is = 'done'
          }),

        rule('consumer remembers that it delivered its message',
          ({ consumer, message }) => consumer.is === 'done' && message.settled === 'no',
          ({ message }) => { message.settled = 'yes' }),

        rule('consumer finds that its message is settled',
          ({ consumer, message }) => (consumer.is === 'at work' || consumer.is === 'failed') && isKnown(message),
          ({ consumer }) => { consumer.is = 'done' }),

        rule('consumer acknowledges its message',
          ({ consumer, message }) => consumer.is === 'done' && message.settled === 'yes',
          ({ consumer, message }) => {
            if (hasIt(consumer)) message.at = 'its end'
            lets(consumer)
          }),

        rule('consumer cannot deliver its message',
          ({ consumer, message }) => consumer.is === 'at work' && message.kind === 'poison',
          ({ consumer }) => { consumer.is = 'failed' }),

        rule('consumer gives back its message',
          ({ consumer, message }) => consumer.is === 'failed' && becomes(message) === 'given back',
          ({ consumer, message }) => {
            if (hasIt(consumer)) message.at = 'the queue'
            lets(consumer)
          }),

        rule('consumer puts its message with the dead letters',
          ({ consumer, message }) => consumer.is === 'failed' && becomes(message) === 'dead letter' && !isKnown(message),
          ({ consumer, message }) => {
            if (hasIt(consumer)) {
              message.flagged = Math.min(message.flagged + 1, 2)
              message.settled = 'yes'
              message.at = 'its end'
            }
            lets(consumer)
          }),

        rule('consumer drops its message',
          ({ consumer, message }) => consumer.is === 'failed' && becomes(message) === 'dropped',
          ({ consumer, message }) => {
            if (hasIt(consumer)) message.at = 'its end'
            lets(consumer)
          }),

        fault('consumer is refused its message for now', scope.refusals,
          ({ consumer, message }) => consumer.is === 'at work' && message.kind === 'good' && !isKnown(message),
          ({ consumer }) => { consumer.is = 'failed' }),

        fault('consumer loses the lease of its message', scope.expiries,
          ({ consumer, message }) => consumer.lease === 'runs' && message.at === 'a consumer',
          ({ consumer, message }) => {
            consumer.lease = 'is over'
            message.at = 'the queue'
          }),

        fault('consumer dies with its message', scope.deaths,
          () => true,
          ({ consumer, message }) => {
            if (hasIt(consumer) && message.at === 'a consumer' && policy.afterDeath === 'given out again') message.at = 'the queue'
            lets(consumer)
            if (policy.replaces === 'no') consumer.is = 'dead'
          }),
      ],
      fresh: { kind: 'good' },
      known: () => ({
        // What was given out as often as is allowed may be good and have had bad luck each time.
        due: ({ kind, given }) => (kind === 'poison' ? flagging : given < scope.tries ? delivery : deliveryOrFlag),
      }),
      facts: ({ messages }) => messages.map((m) =>
        (m.delivered > 1 ? `m${m.number} delivered twice` : m.flagged > 0 && m.delivered > 0 ? `m${m.number} delivered, and flagged`
          : m.flagged > 0 ? `m${m.number} flagged` : '')),
    })
  },
}
