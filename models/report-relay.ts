/**
 * Report relay: hands messages on, and reports to their senders what it cannot hand on.
 *
 * A report is a message too. What matters is what becomes of it when nobody takes it, and what tells a loop.
 */
import { match } from 'ts-pattern'
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import { type Scope, sizes } from '../spec/components/report-relay.ts'
import { each, fate, maybe, model, one, oneOf, rulesOver, upTo } from '../spec/model.ts'
import { delivery, deliveryOrFlag, flagging } from '../spec/verdict.ts'
import { restart } from '../spec/word-map.ts'

const hopsAre = ['fewer than are allowed', 'as many as are allowed'] as const
const refusals = ['for good', 'for now', 'for now, once too often'] as const

const questions = {
  hops: question('A message is to be handed to the next relay, and has gone through so many. What becomes of it?',
    ['handed on', 'reported'], hopsAre),
  refused: question('A message was refused in this way. What becomes of it?', ['tried again', 'reported', 'dropped'], refusals),
  reports: question('A message is refused for now. Is that reported each time?', ['no', 'yes']),
  report: question('A report was refused. What becomes of it?', ['kept as dead mail', 'reported', 'dropped', 'offered for ever']),
  leaves: question('When does a message leave the relay?', ['as it is settled', 'some time after']),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  hops: (many) => match(many).returnType<'handed on' | 'reported'>()
    .with('fewer than are allowed', () => 'handed on')
    .with('as many as are allowed', () => 'reported')
    .exhaustive(),
  refused: (how) => match(how).returnType<'tried again' | 'reported'>()
    .with('for now', () => 'tried again')
    .with('for good', 'for now, once too often', () => 'reported')
    .exhaustive(),
  reports: 'no',
  report: 'kept as dead mail',
  leaves: 'as it is settled',
}

const variants = {
  fixed,
  reportsOnReports: { ...fixed, report: 'reported' },
  holdsOnToReports: { ...fixed, report: 'offered for ever' },
  dropsReports: { ...fixed, report: 'dropped' },
  reportsEachTry: { ...fixed, reports: 'yes' },
  countsNoHops: { ...fixed, hops: () => 'handed on' },
  triesForEver: {
    ...fixed,
    refused: (how) => match(how).returnType<'tried again' | 'reported'>()
      .with('for now', 'for now, once too often', () => 'tried again')
      .with('for good', () => 'reported')
      .exhaustive(),
  },
  dropsTheRefused: {
    ...fixed,
    refused: (how) => match(how).returnType<'tried again' | 'dropped'>()
      .with('for now', () => 'tried again')
      .with('for good', 'for now, once too often', () => 'dropped')
      .exhaustive(),
  },
  repeatsAfterDeath: { ...fixed, leaves: 'some time after' },
} satisfies Record<string, Policy>

export const reportRelay: Component<Scope, typeof questions> = {
  name: 'report-relay',
  source: 'RFC 5321',
  title: 'Simple Mail Transfer Protocol',
  sizes,
  questions,
  documented: [],
  variants,
  attributes: ({ hops }) => ({
    to: { says: 'address', small: ['valid', 'invalid', 'busy', 'undeliverable'] },
    away: { says: 'relays on its way', small: [0, hops, hops + 1], most: hops + 1 },
  }),
  words: {
    attributes: {
      to: (value) => match(value)
        .with('invalid', () => ({ kind: 'refused' } as const))
        .with('busy', () => ({ link: 2, isRefused: true }))
        // Whether its sender takes a report, the world says of the next report that is made.
        .with('undeliverable', () => ({ kind: 'refused', meets: 'reporting fails' } as const))
        .otherwise(() => ({})),
      // Over how many relays a message goes, a connector is not told.
      away: (value) => (value === 0 ? {} : null),
    },
    faults: { 'relay dies with its message': { ...restart, times: 'deaths' } },
    workers: [],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    const state = {
      relay: one({ is: oneOf('idle', 'at work', 'refused', 'settled'), message: maybe('message') }),
      message: each(scope.messages + 1, {
        /** Undeliverable is what is refused for good, and whose report is, too: its sender is gone. */
        to: oneOf('valid', 'invalid', 'busy', 'undeliverable'),
        /** Relays that it has still to go through, and those that it has. */
        away: upTo(scope.hops + 1),
        hops: upTo(scope.hops),
        tried: upTo(scope.tries),
        is: oneOf('a message', 'a report', 'gone'),
        ...fate({ delivered: 2, flagged: 2 }),
      }),
    }
    const { rule, fault } = rulesOver(state)
    type Message = { readonly is: string; readonly to: string; readonly tried: number; readonly hops: number; readonly away: number }
    const many = ({ hops }: Message) => (hops < scope.hops ? 'fewer than are allowed' : 'as many as are allowed')
    const how = ({ to, tried }: Message) => (to !== 'busy' ? 'for good' : tried < scope.tries ? 'for now' : 'for now, once too often')
    const isRefused = (relay: { readonly is: string }, message: Message) => relay.is === 'refused' && message.is === 'a message'
    const isOnItsWay = (relay: { readonly is: string }, message: Message) =>
      relay.is === 'at work' && message.is === 'a message' && message.away > 0
    const settles = (relay: { is: string; message: unknown }, message: { is: string }) => {
      relay.is = policy.leaves === 'as it is settled' ? 'idle' : 'settled'
      if (relay.is === 'idle') {
        relay.message = null
        message.is = 'gone'
      }
    }

    return model({
      name: 'report-relay',
      state,
      rules: [
        rule('relay fetches message',
          ({ relay, message }) => relay.is === 'idle' && message.arrived > 0 && message.is !== 'gone',
          ({ relay, message }) => {
            relay.is = 'at work'
            relay.message = message
          }),

        rule('relay hands its message to the next relay',
          ({ relay, message }) => isOnItsWay(relay, message) && policy.hops(many(message)) === 'handed on',
          ({ relay, message }) => {
            message.hops = Math.min(message.hops + 1, scope.hops)
            // More relays than are allowed are a loop: of those it never comes to the last.
            if (message.away <= scope.hops) message.away -= 1
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay finds that its message goes in a loop',
          ({ relay, message }) => isOnItsWay(relay, message) && policy.hops(many(message)) === 'reported',
          ({ relay, message }) => {
            message.is = 'a report'
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay delivers its message',
          ({ relay, message }) => relay.is === 'at work' && message.is === 'a message' && message.away === 0 && message.to === 'valid',
          ({ relay, message }) => {
            message.delivered = Math.min(message.delivered + 1, 2)
            settles(relay, message)
          }),

        rule('relay is refused its message',
          ({ relay, message }) => relay.is === 'at work' && message.is === 'a message' && message.away === 0 && message.to !== 'valid',
          ({ relay, message }) => {
            relay.is = 'refused'
            if (policy.reports === 'yes' && message.to === 'busy') message.flagged = Math.min(message.flagged + 1, 2)
          }),

        rule('relay tries its message again',
          ({ relay, message }) => isRefused(relay, message) && policy.refused(how(message)) === 'tried again',
          ({ relay, message }) => {
            message.tried = Math.min(message.tried + 1, scope.tries)
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay makes a report of its message',
          ({ relay, message }) => isRefused(relay, message) && policy.refused(how(message)) === 'reported',
          ({ relay, message }) => {
            message.is = 'a report'
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay drops its message',
          ({ relay, message }) => isRefused(relay, message) && policy.refused(how(message)) === 'dropped',
          ({ relay, message }) => {
            message.is = 'gone'
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay delivers the report of its message',
          ({ relay, message }) => relay.is === 'at work' && message.is === 'a report' && message.to !== 'undeliverable',
          ({ relay, message }) => {
            message.flagged = Math.min(message.flagged + 1, 2)
            settles(relay, message)
          }),

        rule('relay is refused the report of its message',
          ({ relay, message }) => relay.is === 'at work' && message.is === 'a report' && message.to === 'undeliverable',
          ({ relay }) => { relay.is = 'refused' }),

        rule('relay keeps the report of its message as dead mail',
          ({ relay, message }) => relay.is === 'refused' && message.is === 'a report' && policy.report === 'kept as dead mail',
          ({ relay, message }) => {
            message.flagged = Math.min(message.flagged + 1, 2)
            settles(relay, message)
          }),

        rule('relay makes a report of the report of its message',
          ({ relay, message }) => relay.is === 'refused' && message.is === 'a report' && policy.report === 'reported',
          ({ relay }) => {
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay offers the report of its message again',
          ({ relay, message }) => relay.is === 'refused' && message.is === 'a report' && policy.report === 'offered for ever',
          ({ relay }) => { relay.is = 'at work' }),

        rule('relay drops the report of its message',
          ({ relay, message }) => relay.is === 'refused' && message.is === 'a report' && policy.report === 'dropped',
          ({ relay, message }) => {
            message.is = 'gone'
            relay.is = 'idle'
            relay.message = null
          }),

        rule('relay removes its message',
          ({ relay }) => relay.is === 'settled',
          ({ relay, message }) => {
            message.is = 'gone'
            relay.is = 'idle'
            relay.message = null
          }),

        fault('relay dies with its message', scope.deaths,
          () => true,
          ({ relay }) => {
            relay.is = 'idle'
            relay.message = null
          }),
      ],
      fresh: { to: 'valid', away: 0 },
      known: () => ({
        due: ({ to, away }) => away > scope.hops ? flagging : match(to)
          .with('valid', () => delivery)
          .with('invalid', 'undeliverable', () => flagging)
          .with('busy', () => deliveryOrFlag)
          .exhaustive(),
      }),
      facts: ({ messages }) => messages.map((m) => m.flagged > 1 ? `m${m.number} reported twice` : m.flagged > 0 ? `m${m.number} flagged`
        : m.delivered > 1 ? `m${m.number} delivered twice` : m.is === 'a report' ? `a report of m${m.number}` : ''),
    })
  },
}
