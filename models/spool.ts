/**
 * Spool: keeps on a disk what it has acknowledged, and delivers it to each of several recipients.
 *
 * What matters is what is on the disk when it dies, and whose turn it is again when one of several recipients did not get theirs,
 * and who is told of it when that one never does.
 */
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { type Scope, sizes } from '../spec/components/spool.ts'
import { each, fate, maybe, model, one, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { delivery, deliveryOrFlag, flagging } from '../spec/verdict.ts'
import { restart } from '../spec/word-map.ts'

const questions = {
  acknowledges: question('When does the spool acknowledge a message?', ['once it is written', 'as it comes']),
  known: question('A sender gives a message that the spool had before. What becomes of it?', ['acknowledged', 'kept once more']),
  torn: question('The spool died while it wrote a message. What becomes of what is on the disk?',
    ['thrown away', 'read as it is', 'it stops there']),
  retries: question('One of several recipients refuses a message for now. For whom is it tried again?', ['that one', 'all of them', 'nobody']),
  patience: question('How often may a recipient refuse a message for now before it is given up?', ['several times', 'once']),
  givenUp: question('One of several recipients refuses a message for now once too often. What becomes of it?',
    ['flagged', 'flagged for all of them', 'dropped', 'tried again']),
  refused: question('One of several recipients refuses a message for good. Which of them are flagged?', ['that one', 'all of them', 'none']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  acknowledges: 'once it is written',
  known: 'acknowledged',
  torn: 'thrown away',
  retries: 'that one',
  patience: 'several times',
  givenUp: 'flagged',
  refused: 'that one',
}

const variants = {
  fixed,
  triesAllAgain: { ...fixed, retries: 'all of them' },
  forgetsTheBusy: { ...fixed, retries: 'nobody' },
  givesUpAtOnce: { ...fixed, patience: 'once' },
  givesUpForAll: { ...fixed, givenUp: 'flagged for all of them' },
  givesUpSilently: { ...fixed, givenUp: 'dropped' },
  triesForEver: { ...fixed, givenUp: 'tried again' },
  flagsAllOfThem: { ...fixed, refused: 'all of them' },
  forgetsTheRefused: { ...fixed, refused: 'none' },
  acknowledgesFirst: { ...fixed, acknowledges: 'as it comes' },
  keepsItOnceMore: { ...fixed, known: 'kept once more' },
  readsTheTorn: { ...fixed, torn: 'read as it is' },
  stopsAtTheTorn: { ...fixed, torn: 'it stops there' },
} satisfies Record<string, Policy>

export const spool: Component<Scope, typeof questions> = {
  name: 'spool',
  source: 'RFC 5321',
  title: 'Simple Mail Transfer Protocol',
  sizes,
  questions,
  documented: [],
  variants,
  attributes: () => ({
    to: { says: 'address', small: ['valid', 'invalid', 'busy'] },
    goes: { says: 'goes', small: ['alone', 'along'] },
  }),
  words: {
    attributes: {
      to: (value) => (value === 'invalid' ? { kind: 'refused' } : value === 'busy' ? { link: 2, isRefused: true } : {}),
      goes: (value) => (value === 'alone' ? {} : null),
    },
    along: ['goes', 'along'],
    faults: {
      'spool dies with its message': { ...restart, is: ['service dies', 'service restarts'], times: 'deaths' },
      'spool is refused its message for now': {
        is: ['link drops before'], lasts: false, leavesDoubt: false, mayBeFlagged: true, times: 'refusals',
      },
    },
    workers: [],
  },
  vacuous: { 'links are independent': 'whoever refuses for now refuses one message, and no recipient is down' },

  model(scope, policy) {
    const state = {
      spool: one({
        is: oneOf('idle', 'receiving', 'writing', 'written', 'sending', ...(policy.torn === 'it stops there' ? ['stopped'] : [])),
        message: maybe('message'),
      }),
      message: each(scope.messages + 1, {
        /** Busy is whoever refuses it for now each time. */
        to: oneOf('valid', 'invalid', 'busy'),
        /** With the one before it is the same message to another recipient. */
        goes: oneOf('alone', 'along'),
        sender: oneOf('has it', 'has its word'),
        kept: oneOf('no', 'in part', 'whole', 'settled'),
        /** How often it was refused for now. */
        refused: upTo(scope.tries + 1),
        ...fate({ delivered: 2, altered: policy.torn === 'read as it is' ? 2 : 0, flagged: 2 }),
      }),
    }
    const { rule, fault } = rulesOver(state)
    type Message = { readonly number: number; readonly goes: string; kept: string; refused: number; flagged: number }
    const isKept = ({ kept }: Message) => kept === 'whole' || kept === 'settled'
    const isReadable = ({ kept }: Message) => kept === 'whole' || (kept === 'in part' && policy.torn === 'read as it is')
    /** Whether two are the same message to two recipients: whatever comes after the first of them goes with the one before. */
    const areOne = (messages: readonly Message[], one: Message, other: Message) =>
      messages.every(({ number, goes }) => goes !== 'alone' || number <= Math.min(one.number, other.number)
        || number > Math.max(one.number, other.number))
    const lets = (spool: { is: string; message: unknown }) => {
      spool.is = 'idle'
      spool.message = null
    }
    const flags = (message: Message) => { message.flagged = Math.min(message.flagged + 1, 2) }
    const flagsAll = (messages: readonly Message[], message: Message) => {
      for (const other of messages) if (isKept(other) && areOne(messages, message, other)) flags(other)
    }
    /** What the spool makes of a refusal for now. */
    const meetsRefusal = (message: Message, messages: readonly Message[]) => {
      message.refused = Math.min(message.refused + 1, scope.tries + 1)
      if (policy.patience === 'once' || message.refused > scope.tries) {
        if (policy.givenUp !== 'tried again') message.kept = 'settled'
        if (policy.givenUp === 'flagged') flags(message)
        if (policy.givenUp === 'flagged for all of them') flagsAll(messages, message)
      } else if (policy.retries === 'nobody') message.kept = 'settled'
      // Whom it was flagged for is no more on the list of whom it is for.
      else if (policy.retries === 'all of them')
        for (const other of messages)
          if (other.kept === 'settled' && other.flagged === 0 && areOne(messages, message, other)) other.kept = 'whole'
    }
    const isFirst = policy.acknowledges === 'as it comes'

    return model({
      name: 'spool',
      state,
      rules: [
        rule('spool receives message',
          ({ spool, message }) => spool.is === 'idle' && message.arrived > 0 && message.sender === 'has it',
          ({ spool, message }) => {
            spool.is = 'receiving'
            spool.message = message
          }),

        rule('spool finds that it has its message',
          ({ spool, message }) => spool.is === 'receiving' && isKept(message) && policy.known === 'acknowledged',
          ({ spool }) => { spool.is = 'written' }),

        rule('spool begins to write its message',
          ({ spool, message }) => spool.is === 'receiving' && (!isKept(message) || policy.known === 'kept once more') &&
            (!isFirst || message.sender === 'has its word'),
          ({ spool, message }) => {
            spool.is = 'writing'
            message.kept = 'in part'
          }),

        rule('spool ends writing its message',
          ({ spool }) => spool.is === 'writing',
          ({ spool, message }) => {
            message.kept = 'whole'
            spool.is = 'written'
            if (message.sender === 'has its word') lets(spool)
          }),

        rule('spool acknowledges its message',
          ({ spool, message }) => message.sender === 'has it' && (spool.is === 'written' || (isFirst && spool.is === 'receiving')),
          ({ spool, message }) => {
            message.sender = 'has its word'
            if (spool.is === 'written') lets(spool)
          }),

        rule('spool fetches message',
          ({ spool, message }) => spool.is === 'idle' && isReadable(message),
          ({ spool, message }) => {
            spool.is = 'sending'
            spool.message = message
          }),

        rule('spool delivers its message',
          ({ spool, message }) => spool.is === 'sending' && message.to === 'valid',
          ({ spool, message }) => {
            message.delivered = Math.min(message.delivered + 1, 2)
            if (message.kept === 'in part') message.altered = Math.min(message.altered + 1, 2)
            message.kept = 'settled'
            lets(spool)
          }),

        rule('spool is refused its message for good',
          ({ spool, message }) => spool.is === 'sending' && message.to === 'invalid',
          ({ spool, message, messages }) => {
            message.kept = 'settled'
            lets(spool)
            if (policy.refused === 'that one') flags(message)
            if (policy.refused === 'all of them') flagsAll(messages, message)
          }),

        rule('spool finds busy whom its message is for',
          ({ spool, message }) => spool.is === 'sending' && message.to === 'busy',
          ({ spool, message, messages }) => {
            lets(spool)
            meetsRefusal(message, messages)
          }),

        fault('spool is refused its message for now', scope.refusals,
          ({ spool, message }) => spool.is === 'sending' && message.to === 'valid',
          ({ spool, message, messages }) => {
            lets(spool)
            meetsRefusal(message, messages)
          }),

        fault('spool dies with its message', scope.deaths,
          () => true,
          ({ spool, message }) => {
            lets(spool)
            if (message.kept === 'in part' && policy.torn === 'thrown away') message.kept = 'no'
            if (message.kept === 'in part' && policy.torn === 'it stops there') spool.is = 'stopped'
          }),
      ],
      fresh: { to: 'valid', goes: 'alone' },
      known: () => ({
        due: ({ to, refused }) => (to === 'invalid' ? flagging : to === 'busy' || refused > scope.tries ? deliveryOrFlag : delivery),
      }),
      facts: ({ spool, messages }) => [
        spool.is === 'stopped' ? 'the spool has stopped' : '',
        ...messages.map((m) => (m.altered ? `m${m.number} altered` : m.delivered > 1 ? `m${m.number} delivered twice`
          : m.delivered > 0 && m.flagged > 0 ? `m${m.number} delivered, and flagged` : m.flagged > 0 ? `m${m.number} flagged`
          : m.kept === 'in part' ? `m${m.number} in part on the disk` : '')),
      ],
    })
  },
}
