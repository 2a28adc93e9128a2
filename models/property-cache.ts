/**
 * Property cache: sends messages in several sessions, each new header name taking an entry while it is in use.
 *
 * An entry is in use from when a session fetches its message until the message is delivered. After that it is idle,
 * and stays in the cache. What matters is what a session does when there is no room for one more.
 */
import { match } from 'ts-pattern'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { each, fate, maybe, model, one, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { type Scope, sizes } from '../spec/components/property-cache.ts'
import { delivery } from '../spec/verdict.ts'
import { restart } from '../spec/word-map.ts'

const cacheIs = ['not full', 'full, some entry idle', 'full, every entry in use'] as const

const questions = {
  needsEntry: question('A message with a new name is next, and the cache is in this state. What does a session do?',
    ['adds an entry', 'reuses an idle one', 'overwrites one in use', 'leaves it in the queue'], cacheIs),
  names: question('A new name falls on the place of another that has an entry. Which does its message take?',
    ['one of its own', 'that of the other']),
  ends: question('A session has delivered its message. What becomes of the session?', ['takes the next', 'never ends']),
  afterReuse: question('An entry was reused. Can it be reused again?', ['yes', 'never']),
  afterRefusal: question('A message found no entry. What becomes of the next one with a new name?', ['looks again', 'refused unseen']),
  expires: question('A message has been in the queue too long. What becomes of it?', ['flagged', 'it waits on']),
  leaves: question('When does a message leave the queue?', ['as it is delivered', 'some time after']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  needsEntry: (cache) => match(cache).returnType<'adds an entry' | 'reuses an idle one' | 'leaves it in the queue'>()
    .with('not full', () => 'adds an entry')
    .with('full, some entry idle', () => 'reuses an idle one')
    .with('full, every entry in use', () => 'leaves it in the queue')
    .exhaustive(),
  names: 'one of its own',
  ends: 'takes the next',
  afterReuse: 'yes',
  afterRefusal: 'looks again',
  expires: 'flagged',
  leaves: 'as it is delivered',
}
const asShipped: Policy = {
  ...fixed,
  needsEntry: (cache) => match(cache).returnType<'adds an entry' | 'leaves it in the queue'>()
    .with('not full', () => 'adds an entry')
    .with('full, some entry idle', 'full, every entry in use', () => 'leaves it in the queue')
    .exhaustive(),
}

const variants = {
  fixed,
  asShipped,
  evictsWhatIsInUse: {
    ...fixed,
    needsEntry: (cache) => match(cache).returnType<'adds an entry' | 'reuses an idle one' | 'overwrites one in use'>()
      .with('not full', () => 'adds an entry')
      .with('full, some entry idle', () => 'reuses an idle one')
      .with('full, every entry in use', () => 'overwrites one in use')
      .exhaustive(),
  },
  offByOne: {
    ...fixed,
    needsEntry: (cache) => match(cache).returnType<'adds an entry' | 'overwrites one in use'>()
      .with('not full', () => 'adds an entry')
      .with('full, some entry idle', 'full, every entry in use', () => 'overwrites one in use')
      .exhaustive(),
  },
  sharesAnEntry: { ...fixed, names: 'that of the other' },
  neverEndsASession: { ...fixed, ends: 'never ends' },
  leaksASlot: { ...fixed, afterReuse: 'never' },
  cachesTheFailure: { ...fixed, afterRefusal: 'refused unseen' },
  holdsForEver: { ...asShipped, expires: 'it waits on' },
  resendsAfterRestart: { ...fixed, leaves: 'some time after' },
} satisfies Record<string, Policy>

export const propertyCache: Component<Scope, typeof questions> = {
  name: 'property-cache',
  source: '941060',
  title: 'Some e-mail messages remain in the queue on an Exchange 2003 server',
  sizes,
  questions,
  documented: ['asShipped'],
  variants,
  attributes: () => ({ header: { says: 'header name', small: ['known', 'new'] } }),
  words: {
    attributes: { header: (value) => (value === 'new' ? { kind: 'new header' } : {}) },
    faults: { 'store restarts': { ...restart, times: 'restarts' } },
    workers: ['sessions'],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    const state = {
      session: each(scope.sessions, {
        is: oneOf('idle', 'sending', 'finishing', ...(policy.ends === 'never ends' ? ['open'] : [])),
        message: maybe('message'),
        entry: oneOf('none', 'its own', 'overwritten'),
      }),
      cache: one({ entries: upTo(scope.entries), lost: upTo(scope.entries), refuses: oneOf('no', 'yes') }),
      message: each(scope.messages + 1, {
        header: oneOf('known', 'new'),
        fetched: upTo(scope.burst + 1),
        ...fate({ arrived: scope.burst, delivered: scope.burst + 1, altered: scope.burst + 1, flagged: scope.burst }),
      }),
    }
    const { rule, timer, fault } = rulesOver(state)
    type Cache = { entries: number; lost: number; refuses: string }
    type Session = { is: string; entry: string }
    type Message = { header: string; arrived: number; fetched: number }
    const waits = (message: Message) => message.fetched < message.arrived
    const used = (sessions: readonly Session[]) => {
      let count = 0
      for (const { is, entry } of sessions) if ((is === 'sending' || is === 'open') && entry === 'its own') count++
      return count
    }
    const condition = (cache: Cache, sessions: readonly Session[]) =>
      cache.entries < scope.entries ? 'not full'
      : used(sessions) + cache.lost < scope.entries ? 'full, some entry idle'
      : 'full, every entry in use'
    const next = (cache: Cache, sessions: readonly Session[]) =>
      cache.refuses === 'yes' ? 'leaves it in the queue' : policy.needsEntry(condition(cache, sessions))
    const stuck = (message: Message, cache: Cache, sessions: readonly Session[]) =>
      waits(message) && message.header === 'new' && next(cache, sessions) === 'leaves it in the queue'

    return model({
      name: 'property-cache',
      state,
      rules: [
        rule('session takes the entry of another name for message',
          ({ session, message, cache }) => policy.names === 'that of the other' && session.is === 'idle' && waits(message) &&
            message.header === 'new' && cache.entries > 0,
          ({ session, message }) => {
            // What is there is not its own name, as if somebody had overwritten it.
            session.entry = 'overwritten'
            session.is = 'sending'
            session.message = message
            message.fetched += 1
          }),

        rule('session fetches message',
          ({ session, message, cache, sessions }) => session.is === 'idle' && waits(message) && !stuck(message, cache, sessions),
          ({ session, message, cache, sessions }) => {
            if (message.header === 'new') {
              const how = next(cache, sessions)
              if (how === 'adds an entry') cache.entries += 1
              if (how === 'reuses an idle one' && policy.afterReuse === 'never') cache.lost += 1
              if (how === 'overwrites one in use')
                for (const other of sessions)
                  if (other.is === 'sending' && other.entry === 'its own') {
                    other.entry = 'overwritten'
                    break
                  }
              session.entry = how === 'reuses an idle one' && policy.afterReuse === 'never' ? 'none' : 'its own'
            }
            session.is = 'sending'
            session.message = message
            message.fetched += 1
          }),

        rule('session finds no entry for message',
          ({ session, message, cache, sessions }) => policy.afterRefusal === 'refused unseen' && cache.refuses === 'no' &&
            session.is === 'idle' && stuck(message, cache, sessions),
          ({ cache }) => { cache.refuses = 'yes' }),

        rule('session delivers its message',
          ({ session }) => session.is === 'sending',
          ({ session, message }) => {
            message.delivered += 1
            if (session.entry === 'overwritten') message.altered += 1
            if (policy.ends === 'takes the next') session.entry = 'none'
            session.is = policy.leaves === 'some time after' ? 'finishing' : policy.ends === 'never ends' ? 'open' : 'idle'
            if (session.is !== 'finishing') session.message = null
          }),

        rule('session removes its message from the queue',
          ({ session }) => session.is === 'finishing',
          ({ session }) => {
            session.is = 'idle'
            session.message = null
          }),

        timer('store sends NDR 4.4.7 for message',
          ({ message, cache, sessions }) => policy.expires === 'flagged' && stuck(message, cache, sessions) &&
            sessions.every((session) => session.is === 'idle' || session.is === 'open'),
          ({ message }) => {
            message.fetched += 1
            message.flagged += 1
          }),

        fault('store restarts', scope.restarts,
          ({ cache, sessions }) => cache.entries > 0 || sessions.some((session) => session.is !== 'idle'),
          ({ cache, sessions }) => {
            cache.entries = 0
            cache.lost = 0
            cache.refuses = 'no'
            for (const session of sessions) {
              if (session.message) session.message.fetched -= 1
              session.is = 'idle'
              session.message = null
              session.entry = 'none'
            }
          }),
      ],
      fresh: { header: 'new' },
      known: () => ({ due: () => delivery }),
      facts: ({ cache, messages, sessions }) => [
        cache.entries === scope.entries ? 'the cache is full' : `${cache.entries.toLocaleString('en-US')} in the cache`,
        cache.lost > 0 ? `${cache.lost.toLocaleString('en-US')} of them lost` : '',
        cache.refuses === 'yes' ? 'new names are refused unseen' : '',
        ...messages.map((m) => (m.altered ? `m${m.number} altered` : m.flagged ? `m${m.number} flagged` : '')),
        remaining(messages.filter((m) => stuck(m, cache, sessions))),
      ],
    })
  },
}

/** `m1, m2 remain in the queue`; nothing when none does. */
const remaining = (messages: readonly { readonly number: number }[]) => messages.length === 0 ? ''
  : `${messages.map(({ number }) => `m${number}`).join(', ')} ${messages.length === 1 ? 'remains' : 'remain'} in the queue`
