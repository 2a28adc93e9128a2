/**
 * A model of one’s own: a pager, which calls whoever is on duty.
 *
 * 1. Each alarm is called out; answered, it is delivered.
 * 2. Unanswered, it is called out again, a few times. Then it is flagged: it goes on a list that somebody reads.
 * 3. A restart loses no alarm.
 *
 * Left out: how long a call rings, and alarms that are called out side by side.
 *
 *   npx unwedge check examples/pager.ts
 */
import {
  alike, component, delivery, deliveryOrFlag, fate, maybe, model, one, oneOf, question, restart, rulesOver, upTo,
} from '../api/model.ts'

export const pager = component({
  name: 'pager',
  title: 'A pager for whoever is on duty',

  // How much of the world to look at. `explore` looks at all of what is small; a walk draws up to the most.
  sizes: {
    messages: { says: 'alarms', least: 1, small: 2, most: 5 },
    calls: { says: 'times that an alarm is called out again', least: 0, small: 2, most: 5 },
    restarts: { says: 'restarts of the pager', least: 0, small: 1, most: 3 },
  },

  // What someone could get wrong is a question. `fixed` answers all of them; a variant says only what it answers otherwise.
  questions: {
    unanswered: question('Nobody has answered the last call. What becomes of the alarm?', ['flagged', 'forgotten', 'called for ever']),
    restart: question('The pager restarts with an alarm in hand. What becomes of it?', ['waits again', 'lost']),
  },
  variants: {
    fixed: { unanswered: 'flagged', restart: 'waits again' },
    forgets: { unanswered: 'forgotten' },
    callsForEver: { unanswered: 'called for ever' },
    losesOnRestart: { restart: 'lost' },
  },

  // What is claimed of each variant: which laws it breaks, in how many steps at the least, and how many states there are. It may
  // be left out; `npx unwedge check examples/pager.ts --record` prints what is so.
  claims: {
    fixed: { says: 'flags what nobody answers', states: 452, transitions: 766, breaks: {} },
    forgets: { says: 'forgets what nobody answers', states: 452, transitions: 766, breaks: { 'delivered or flagged': 4 } },
    callsForEver: {
      says: 'never stops calling', states: 300, transitions: 554, breaks: { 'delivered or flagged': 4, 'nothing wedges': 5 },
    },
    losesOnRestart: {
      says: 'loses what it has in hand when it restarts', states: 444, transitions: 658, breaks: { 'delivered or flagged': 2 },
    },
  },

  // What tells messages apart, and which values a stream tries: the quiet one first.
  attributes: () => ({ duty: { says: 'on duty', small: ['answers', 'away'] } }),
  // What that is in a world, where a connector says that it is a pager: `examples/pager-desk.ts` does. It may be left out.
  words: {
    attributes: { duty: (value) => (value === 'away' ? { kind: 'refused' } : {}) },
    faults: { 'pager restarts with its alarm': { ...restart, times: 'restarts' } },
    // How many milliseconds a timer takes at the least. Who gives up does so as soon as the last call is not answered.
    waits: { 'pager calls again for its alarm': 60_000, 'pager gives up its alarm': 0 },
    workers: [],
  },
  vacuous: { 'links are independent': 'there is only one way out, so a failed link has no other to block' },

  model(scope, policy) {
    // The state is declared, and every field begins at its first value: nobody, 0, the first word.
    const state = {
      pager: one({ alarm: maybe('message'), calls: upTo(scope.calls) }),
      // One more than the stream has: the fresh message, which arrives once everything else is over.
      message: alike(scope.messages + 1, { duty: oneOf('answers', 'away'), fetched: upTo(1), ...fate({ flagged: 1 }) }),
    }
    const { rule, timer, fault } = rulesOver(state)

    return model({
      name: 'pager',
      state,
      // A rule is a sentence, when it may happen, and what it does. The sentence names whom it is about: a kind of thing stands
      // for each of them in turn, and `its alarm` for the one in that field.
      rules: [
        rule('pager fetches message',
          ({ pager, message }) => pager.alarm === null && message.fetched < message.arrived,
          ({ pager, message }) => {
            pager.alarm = message
            pager.calls = 0
            message.fetched = 1
          }),

        rule('pager reaches somebody for its alarm',
          ({ alarm }) => alarm.duty === 'answers',
          ({ pager, alarm }) => {
            alarm.delivered = 1
            pager.alarm = null
          }),

        timer('pager calls again for its alarm',
          ({ pager, alarm }) => alarm.duty === 'away' && pager.calls < scope.calls,
          ({ pager }) => { pager.calls += 1 }),

        timer('pager gives up its alarm',
          ({ pager, alarm }) => alarm.duty === 'away' && pager.calls === scope.calls && policy.unanswered !== 'called for ever',
          ({ pager, alarm }) => {
            if (policy.unanswered === 'flagged') alarm.flagged = 1
            pager.alarm = null
          }),

        timer('pager starts over with its alarm',
          ({ pager, alarm }) => alarm.duty === 'away' && pager.calls === scope.calls && policy.unanswered === 'called for ever',
          ({ pager }) => { pager.calls = 0 }),

        // Faults come last, and only so often in one run.
        fault('pager restarts with its alarm', scope.restarts,
          () => true,
          ({ pager, alarm }) => {
            if (policy.restart === 'waits again') alarm.fetched = 0
            pager.alarm = null
          }),
      ],
      fresh: { duty: 'answers' },
      // What may properly become of a message: the laws ask.
      known: () => ({ due: ({ duty }) => (duty === 'answers' ? delivery : deliveryOrFlag) }),
      // What a page prints of a state where a step has changed it.
      facts: ({ pager, messages }) => [
        pager.calls > 0 ? `call ${pager.calls + 1}` : '',
        ...messages.map((m) => (m.flagged > 0 ? `m${m.number} flagged` : '')),
      ],
    })
  },
})
