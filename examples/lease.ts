/**
 * A model with laws of its own, and without a message in it: a server that lends a lock for a time.
 *
 * 1. A client that asks for the lock gets it, unless it dies. One that is slow or dead loses it when its time is over.
 * 2. A client that was slow may still believe that it has the lock. With each lock comes a token, greater than all before it, and
 *    the store takes no write with a token smaller than one it has seen.
 *
 * Left out: how long a lock is lent, and clients that come back to life.
 *
 *   npx unwedge check examples/lease.ts
 */
import { alike, component, lawsOver, maybe, model, one, oneOf, question, rulesOver, upTo } from '../api/model.ts'

export const lease = component({
  name: 'lease',
  title: 'A lock that is lent for a time',
  sizes: {
    clients: { says: 'clients', least: 1, small: 2, most: 4 },
    grants: { says: 'times that the lock is lent', least: 1, small: 3, most: 6 },
    deaths: { says: 'deaths of a client', least: 0, small: 1, most: 2 },
  },
  questions: {
    late: question('A write comes with a token smaller than one that was seen. Does the store take it?', ['no', 'yes']),
    over: question('The time of a client is over. Does the server take the lock back?', ['yes', 'no']),
  },
  variants: {
    fixed: { late: 'no', over: 'yes' },
    takesLateWrites: { late: 'yes' },
    lendsForEver: { over: 'no' },
  },
  claims: {
    fixed: { says: 'refuses late writes, and takes the lock back', states: 86, transitions: 212, breaks: {} },
    takesLateWrites: { says: 'takes a write from whoever had the lock once', states: 94, transitions: 232, breaks: { 'in order': 7 } },
    lendsForEver: { says: 'waits for a client that died', states: 44, transitions: 96, breaks: { served: 4 } },
  },

  model(scope, policy) {
    const state = {
      client: alike(scope.clients, { is: oneOf('idle', 'asking', 'writing', 'dead'), token: upTo(scope.grants) }),
      server: one({ lentTo: maybe('client'), token: upTo(scope.grants) }),
      store: one({ token: upTo(scope.grants) }),
    }
    const { rule, timer, choice, fault } = rulesOver(state)
    const { always, everyStep, leadsTo, canBeReached } = lawsOver(state)

    return model({
      name: 'lease',
      state,
      rules: [
        rule('server lends client the lock',
          ({ server, client }) => server.lentTo === null && client.is === 'asking' && server.token < scope.grants,
          ({ server, client }) => {
            server.lentTo = client
            server.token += 1
            client.is = 'writing'
            client.token = server.token
          }),

        rule('client writes to the store',
          ({ client }) => client.is === 'writing',
          ({ client, server, store }) => {
            if (policy.late === 'yes' || client.token >= store.token) store.token = client.token
            if (server.lentTo === client) server.lentTo = null
            client.is = 'idle'
            client.token = 0
          }),

        timer('server takes the lock back',
          ({ server }) => server.lentTo !== null && policy.over === 'yes',
          ({ server }) => { server.lentTo = null }),

        // What somebody may do, and need not: no scheduler owes it.
        choice('client asks for the lock',
          ({ client }) => client.is === 'idle',
          ({ client }) => { client.is = 'asking' }),

        fault('client dies', scope.deaths,
          ({ client }) => client.is !== 'dead',
          ({ client }) => { client.is = 'dead' }),
      ],

      // A law is a name, a sentence and what it asks. The sentence ranges over the kinds that it names, as that of a rule does.
      laws: [
        everyStep('in order', 'The store never goes back to a smaller token.', ({ store }) => store.token, (before, after) => after >= before),
        always('newest token', 'Nobody has a greater token than the server has given.',
          ({ clients, server }) => clients.every(({ token }) => token <= server.token)),
        leadsTo('served', 'Each client that asks gets the lock or dies.',
          ({ client }) => client.is === 'asking', ({ client }) => client.is === 'writing' || client.is === 'dead'),
        canBeReached('changes hands', 'The lock can be lent again.', ({ server }) => server.token > 1),
      ],

      // Tokens grow for ever. What is looked at ends where the last one is given.
      within: ({ server }) => server.token < scope.grants,
    })
  },
})
