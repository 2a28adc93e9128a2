/** Mutual exclusion: Dijkstra’s algorithm of 1965, Peterson’s, a lock, and Lamport’s with messages and logical clocks. */
import {
  begins, each, lawsOver, lineOf, maybe, type Model, model, one, oneOf, rulesOver, setOf, type Thing, upTo,
} from '../../api/model.ts'
import { byTlc, published } from './published.ts'

type Size = { readonly clients: number }

/**
 * Dijkstra’s, in the steps that Lamport took it in. A client `claims` first, waits until it is its turn, and is `alone` if nobody else
 * says so too. `seen` is whose turn it found it to be, `left` those that it has yet to look at, and `holds` which of the two it has.
 */
function dijkstra({ clients: count }: Size): Model {
  const state = {
    client: each(count, {
      at: oneOf('start', 'asks', 'withdraws', 'reads', 'looks', 'takes', 'again', 'claims', 'checks', 'inside', 'leaves', 'ends', 'rests'),
      isPassive: begins(upTo(1), 1), isApart: begins(upTo(1), 1),
      holds: oneOf('nothing', 'one', 'several'), seen: maybe('client'), left: setOf('client'),
    }),
    /** Another client, as one looks at it. */
    other: each(count, {}),
    turn: one({ of: begins(maybe('client'), ...Array.from({ length: count }, (_, i) => i + 1)) }),
  }
  const { rule, choice } = rulesOver(state)
  const { always, leadsTo } = lawsOver(state)
  return model({
    name: 'Dijkstra’s', state,
    rules: [
      rule('client asks', ({ client }) => client.at === 'start', ({ client }) => {
        client.isPassive = 0
        client.at = 'asks'
      }),
      rule('client sees whose turn it is', ({ client }) => client.at === 'asks', ({ client, turn }) => {
        client.at = turn.of === client ? 'claims' : 'withdraws'
      }),
      rule('client withdraws', ({ client }) => client.at === 'withdraws', ({ client }) => {
        client.isApart = 1
        client.at = 'reads'
      }),
      rule('client reads the turn', ({ client }) => client.at === 'reads', ({ client, clients, turn }) => {
        client.holds = 'one'
        client.seen = turn.of
        for (const each of clients) client.left.remove(each)
        client.at = 'looks'
      }),
      rule('client looks whether that one asks', ({ client }) => client.at === 'looks', ({ client }) => {
        client.at = client.seen!.isPassive === 1 ? 'takes' : 'again'
      }),
      rule('client takes the turn', ({ client }) => client.at === 'takes', ({ client, turn }) => {
        turn.of = client
        client.at = 'again'
      }),
      rule('client looks again', ({ client }) => client.at === 'again', ({ client }) => { client.at = 'asks' }),
      rule('client claims', ({ client }) => client.at === 'claims', ({ client, clients }) => {
        client.isApart = 0
        client.holds = 'several'
        client.seen = null
        for (const each of clients) if (each !== client) client.left.add(each)
        client.at = 'checks'
      }),
      rule('client checks other', ({ client, other, clients }) => client.at === 'checks' && client.left.has(clients[other.number - 1]!),
        ({ client, other, clients }) => {
          const checked = clients[other.number - 1]!
          client.left.remove(checked)
          if (checked.isApart === 0) client.at = 'asks'
        }),
      rule('client goes in', ({ client }) => client.at === 'checks' && client.left.size === 0, ({ client }) => { client.at = 'inside' }),
      rule('client is done', ({ client }) => client.at === 'inside', ({ client }) => { client.at = 'leaves' }),
      rule('client leaves', ({ client }) => client.at === 'leaves', ({ client }) => {
        client.isApart = 1
        client.at = 'ends'
      }),
      rule('client ends', ({ client }) => client.at === 'ends', ({ client }) => {
        client.isPassive = 1
        client.at = 'rests'
      }),
      choice('client begins again', ({ client }) => client.at === 'rests', ({ client }) => { client.at = 'start' }),
    ],
    laws: [
      always('exclusion', 'No two are inside.', ({ clients }) => clients.filter(({ at }) => at === 'inside').length < 2),
      leadsTo('no deadlock', 'Where a client asks, one gets in.',
        ({ client }) => !['leaves', 'ends', 'rests'].includes(client.at), ({ clients }) => clients.some(({ at }) => at === 'inside')),
      leadsTo('no starvation', 'Each client that asks gets in.',
        ({ client }) => client.at === 'start', ({ client }) => client.at === 'inside'),
    ],
  })
}

/** Two, and a word that says whose turn it is not. */
function peterson(): Model {
  const state = {
    client: each(2, { at: oneOf('rests', 'asks', 'yields', 'waits', 'inside', 'leaves'), asks: upTo(1) }),
    turn: one({ of: begins(maybe('client'), 1) }),
  }
  const { rule, choice } = rulesOver(state)
  const { always, leadsTo } = lawsOver(state)
  return model({
    name: 'Peterson’s', state,
    rules: [
      rule('client asks', ({ client }) => client.at === 'asks', ({ client }) => {
        client.asks = 1
        client.at = 'yields'
      }),
      rule('client lets the other go first', ({ client }) => client.at === 'yields', ({ client, clients, turn }) => {
        turn.of = clients[2 - client.number]!
        client.at = 'waits'
      }),
      rule('client goes in',
        ({ client, clients, turn }) => client.at === 'waits' && (clients[2 - client.number]!.asks === 0 || turn.of === client),
        ({ client }) => { client.at = 'inside' }),
      rule('client is done', ({ client }) => client.at === 'inside', ({ client }) => { client.at = 'leaves' }),
      rule('client leaves', ({ client }) => client.at === 'leaves', ({ client }) => {
        client.asks = 0
        client.at = 'rests'
      }),
      choice('client begins', ({ client }) => client.at === 'rests', ({ client }) => { client.at = 'asks' }),
    ],
    laws: [
      always('exclusion', 'No two are inside.', ({ clients }) => clients.filter(({ at }) => at === 'inside').length < 2),
      leadsTo('served', 'Each client that asks gets in.', ({ client }) => client.at === 'asks', ({ client }) => client.at === 'inside'),
    ],
  })
}

/** Whoever finds the lock free takes it. */
function lock({ clients: count }: Size): Model {
  const state = { client: each(count, { at: oneOf('rests', 'waits', 'inside', 'leaves') }), lock: one({ isTaken: upTo(1) }) }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  return model({
    name: 'a lock', state,
    rules: [
      choice('client begins', ({ client }) => client.at === 'rests', ({ client }) => { client.at = 'waits' }),
      choice('client takes the lock', ({ client, lock: { isTaken } }) => client.at === 'waits' && isTaken === 0, ({ client, lock: it }) => {
        it.isTaken = 1
        client.at = 'inside'
      }),
      choice('client is done', ({ client }) => client.at === 'inside', ({ client }) => { client.at = 'leaves' }),
      choice('client leaves', ({ client }) => client.at === 'leaves', ({ client, lock: it }) => {
        it.isTaken = 0
        client.at = 'rests'
      }),
    ],
    laws: [always('exclusion', 'No two are inside.', ({ clients }) => clients.filter(({ at }) => at === 'inside').length < 2)],
  })
}

/**
 * Lamport’s: who asks says so to all others with the time on its clock, and goes in when all have answered and nobody asked earlier.
 * A `line` is what one has sent to another, of letters: 1 is an answer, 2 says that one has left, and any other that one asks, and when.
 */
function lamport({ clients: count, time }: Size & { readonly time: number }): Model {
  const state = {
    letter: each(time + 3, {}),
    client: each(count, { clock: begins(upTo(time + 1), 1), answers: setOf('client'), isInside: upTo(1) }),
    /** Another client, as one meets it. */
    peer: each(count, {}),
    /** What one knows of when another asked, 0 if it does not ask. */
    claim: each(count ** 2, { asked: upTo(time + 1) }),
    line: each(count ** 2, { holds: lineOf('letter', 3) }),
  }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  type Client = Thing<typeof state, 'client'>
  const [answer, left] = [1, 2]
  const at = <T>(all: readonly T[], one: number, other: number) => all[(one - 1) * count + other - 1]!
  type Lines = readonly Thing<typeof state, 'line'>[]
  const says = (lines: Lines, from: number, to: number) => (from === to ? 0 : at(lines, from, to).holds.first?.number ?? 0)
  const toOthers = (lines: Lines, { number }: Client, letter: Thing<typeof state, 'letter'>) => {
    for (let other = 1; other <= count; other++) if (other !== number) at(lines, number, other).holds.push(letter)
  }
  return model({
    name: 'Lamport’s', state,
    rules: [
      choice('client asks', ({ client: { number }, claims }) => at(claims, number, number).asked === 0,
        ({ client, clients, claims, lines, letters }) => {
          at(claims, client.number, client.number).asked = client.clock
          toOthers(lines, client, letters[client.clock + 1]!)
          for (const each of clients) if (each === client) client.answers.add(each)
          else client.answers.remove(each)
        }),
      choice('client goes in',
        ({ client: { number, answers }, clients, claims }) => answers.size === count && clients.every((other) => {
          const [mine, its] = [at(claims, number, number).asked, at(claims, number, other.number).asked]
          return other.number === number || its === 0 || mine < its || (mine === its && number < other.number)
        }),
        ({ client }) => { client.isInside = 1 }),
      choice('client leaves', ({ client }) => client.isInside === 1, ({ client, clients, claims, lines, letters }) => {
        client.isInside = 0
        toOthers(lines, client, letters[left - 1]!)
        at(claims, client.number, client.number).asked = 0
        for (const each of clients) client.answers.remove(each)
      }),
      choice('client hears that peer asks', ({ client, peer, lines }) => says(lines, peer.number, client.number) > left,
        ({ client, peer, lines, letters, claims }) => {
          const asked = says(lines, peer.number, client.number) - 2
          at(claims, client.number, peer.number).asked = asked
          client.clock = Math.max(asked, client.clock) + 1
          at(lines, peer.number, client.number).holds.shift()
          at(lines, client.number, peer.number).holds.push(letters[answer - 1]!)
        }),
      choice('client hears the answer of peer', ({ client, peer, lines }) => says(lines, peer.number, client.number) === answer,
        ({ client, peer, clients, lines }) => {
          client.answers.add(clients[peer.number - 1]!)
          at(lines, peer.number, client.number).holds.shift()
        }),
      choice('client hears that peer has left', ({ client, peer, lines }) => says(lines, peer.number, client.number) === left,
        ({ client, peer, lines, claims }) => {
          at(claims, client.number, peer.number).asked = 0
          at(lines, peer.number, client.number).holds.shift()
        }),
    ],
    laws: [always('exclusion', 'No two are inside.', ({ clients }) => clients.filter(({ isInside }) => isInside === 1).length < 2)],
    within: ({ clients }) => clients.every(({ clock }) => clock <= time),
  })
}

export const exclusions = [
  published('Dijkstra’s mutual exclusion', dijkstra, [{
    size: { clients: 3 }, states: 90_882, generated: 282_810, depth: 54, isLarge: true,
    from: 'TLC: github.com/tlaplus/Examples, specifications/dijkstra-mutex/DijkstraMutex.toolbox/LSpec-model/MC.out',
  }], ['no starvation']),
  published('Lamport’s mutual exclusion', lamport, [{
    size: { clients: 3, time: 6 }, states: 724_274, generated: 2_729_079, depth: 61, isLarge: true,
    from: byTlc('lamport_mutex', 'MCLamportMutex.cfg'),
  }]),
  published('Peterson’s mutual exclusion', peterson,
    [{ size: {}, states: 42, generated: 77, depth: 11, from: byTlc('locks_auxiliary_vars', 'Peterson.cfg') }]),
  published('a lock', lock,
    [{ size: { clients: 2 }, states: 12, generated: 21, depth: 5, from: byTlc('locks_auxiliary_vars', 'Lock.cfg') }]),
]
