/** Transactions that several resource managers commit together or not at all. */
import { alike, each, lawsOver, type Model, model, one, oneOf, rulesOver, type Thing, upTo } from '../../api/model.ts'
import { byTlc, published } from './published.ts'

/** What is asked of managers, however they come to it. */
const agree = (managers: readonly { is: string }[]) =>
  !(managers.some(({ is }) => is === 'committed') && managers.some(({ is }) => is === 'aborted'))

function transaction({ managers }: { readonly managers: number }): Model {
  const state = { manager: alike(managers, { is: oneOf('working', 'prepared', 'committed', 'aborted') }) }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  return model({
    name: 'transaction', state,
    rules: [
      choice('manager prepares', ({ manager }) => manager.is === 'working', ({ manager }) => { manager.is = 'prepared' }),
      choice('manager commits',
        ({ manager, managers: all }) => manager.is === 'prepared' && all.every(({ is }) => is === 'prepared' || is === 'committed'),
        ({ manager }) => { manager.is = 'committed' }),
      choice('manager aborts',
        ({ manager, managers: all }) => (manager.is === 'working' || manager.is === 'prepared')
          && all.every(({ is }) => is !== 'committed'),
        ({ manager }) => { manager.is = 'aborted' }),
    ],
    laws: [always('agree', 'No two end otherwise.', ({ managers: all }) => agree(all))],
  })
}

export function twoPhases({ managers }: { readonly managers: number }): Model {
  const state = {
    manager: alike(managers, { is: oneOf('working', 'prepared', 'committed', 'aborted'), hasSaid: upTo(1), isHeard: upTo(1) }),
    coordinator: one({ is: oneOf('waiting', 'committed', 'aborted') }),
  }
  const { rule } = rulesOver(state)
  const { always, inTheEnd } = lawsOver(state)
  return model({
    name: 'two phases', state,
    rules: [
      rule('coordinator hears manager', ({ coordinator, manager }) => coordinator.is === 'waiting' && manager.hasSaid === 1,
        ({ manager }) => { manager.isHeard = 1 }),
      rule('coordinator commits',
        ({ coordinator, managers: all }) => coordinator.is === 'waiting' && all.every(({ isHeard }) => isHeard === 1),
        ({ coordinator }) => { coordinator.is = 'committed' }),
      rule('coordinator aborts', ({ coordinator }) => coordinator.is === 'waiting', ({ coordinator }) => { coordinator.is = 'aborted' }),
      rule('manager prepares', ({ manager }) => manager.is === 'working', ({ manager }) => {
        manager.is = 'prepared'
        manager.hasSaid = 1
      }),
      rule('manager aborts', ({ manager }) => manager.is === 'working', ({ manager }) => { manager.is = 'aborted' }),
      // What was said stays said, so each of these may happen again and change nothing.
      rule('manager hears that it commits',
        ({ coordinator }) => coordinator.is === 'committed', ({ manager }) => { manager.is = 'committed' }),
      rule('manager hears that it aborts', ({ coordinator }) => coordinator.is === 'aborted', ({ manager }) => { manager.is = 'aborted' }),
    ],
    laws: [
      always('agree', 'No two end otherwise.', ({ managers: all }) => agree(all)),
      inTheEnd('settled', 'Each manager commits or aborts.', ({ manager }) => manager.is === 'committed' || manager.is === 'aborted'),
    ],
  })
}

/**
 * A manager may fail, and so may the coordinator, once it has decided; then a second one decides by what it sees.
 *
 * TLC generates a state for each way in which a condition is so, such as for each manager that makes it so that somebody has failed.
 * A `way` is one of those: for each manager, which one it is that makes a condition so of it, 0 for itself.
 */
function withBackUp({ managers }: { readonly managers: number }): Model {
  const state = {
    way: each((managers + 1) ** managers, {}),
    manager: each(managers, { is: oneOf('working', 'prepared', 'committed', 'aborted', 'failed'), isDone: upTo(1) }),
    first: one({ at: oneOf('start', 'commits', 'committed', 'aborts', 'aborted', 'done') }),
    second: one({ at: oneOf('start', 'commits', 'aborts', 'done') }),
    verdict: one({ is: oneOf('none', 'commit', 'abort', 'hidden') }),
  }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  type Managers = readonly Thing<typeof state, 'manager'>[]
  const canCommit = (all: Managers, way: number) => all.every(({ is }, i) => {
    const by = Math.floor((way - 1) / (managers + 1) ** i) % (managers + 1)
    return by === 0 ? is === 'prepared' : all[by - 1]!.is === 'committed'
  })
  const canAbort = (all: Managers, { is }: Managers[number]) =>
    (is === 'aborted' || is === 'failed') && all.every((one) => one.is !== 'committed')
  const goesOn = ({ is, isDone }: Managers[number]) => isDone === 0 && (is === 'working' || is === 'prepared')
  return model({
    name: 'with a back-up', state,
    rules: [
      choice('manager prepares',
        ({ manager }) => goesOn(manager) && manager.is === 'working', ({ manager }) => { manager.is = 'prepared' }),
      choice('manager commits',
        ({ manager, verdict }) => goesOn(manager) && verdict.is === 'commit', ({ manager }) => { manager.is = 'committed' }),
      choice('manager aborts by itself',
        ({ manager }) => goesOn(manager) && manager.is === 'working', ({ manager }) => { manager.is = 'aborted' }),
      choice('manager aborts as it is told', ({ manager, verdict }) => goesOn(manager) && verdict.is === 'abort',
        ({ manager }) => { manager.is = 'aborted' }),
      // One fails at the most. Another that would fail goes on as it is.
      choice('manager fails', ({ manager }) => goesOn(manager), ({ manager, managers: all }) => {
        if (all.every(({ is }) => is !== 'failed')) manager.is = 'failed'
      }),
      choice('manager ends', ({ manager }) => manager.isDone === 0 && !goesOn(manager), ({ manager }) => { manager.isDone = 1 }),
      choice('first will commit, one way', ({ first, way, managers: all }) => first.at === 'start' && canCommit(all, way.number),
        ({ first }) => { first.at = 'commits' }),
      choice('first will abort as manager did', ({ first, manager, managers: all }) => first.at === 'start' && canAbort(all, manager),
        ({ first }) => { first.at = 'aborts' }),
      choice('first says so', ({ first }) => first.at === 'commits' || first.at === 'aborts', ({ first, verdict }) => {
        verdict.is = first.at === 'commits' ? 'commit' : 'abort'
        first.at = first.at === 'commits' ? 'committed' : 'aborted'
      }),
      choice('first disappears', ({ first }) => first.at === 'committed' || first.at === 'aborted', ({ first, verdict }) => {
        first.at = 'done'
        verdict.is = 'hidden'
      }),
      choice('second will commit, one way',
        ({ second, verdict, way, managers: all }) => second.at === 'start' && verdict.is === 'hidden' && canCommit(all, way.number),
        ({ second }) => { second.at = 'commits' }),
      choice('second will abort as manager did',
        ({ second, verdict, manager, managers: all }) => second.at === 'start' && verdict.is === 'hidden' && canAbort(all, manager),
        ({ second }) => { second.at = 'aborts' }),
      choice('second says so', ({ second }) => second.at === 'commits' || second.at === 'aborts', ({ second, verdict }) => {
        verdict.is = second.at === 'commits' ? 'commit' : 'abort'
        second.at = 'done'
      }),
      choice('everybody rests',
        ({ managers: all, first, second }) => all.every(({ isDone }) => isDone === 1) && first.at === 'done' && second.at === 'done', 
        () => {}),
    ],
    laws: [always('agree', 'No two end otherwise.', ({ managers: all }) => agree(all))],
  })
}

/** Three acceptors keep for each manager what is known of it, in two ballots: its own, and one that a leader may hold. */
function paxosCommit({ managers }: { readonly managers: number }): Model {
  const acceptors = 3
  const state = {
    manager: each(managers, {
      is: oneOf('working', 'prepared', 'committed', 'aborted'), said: oneOf('nothing', 'prepared', 'aborted'),
      isAsked: upTo(1), lead: oneOf('nothing', 'prepared', 'aborted'),
    }),
    acceptor: each(acceptors, {}),
    /** Of each manager at each acceptor. Values are those of its own ballot, and of the leader’s. */
    vote: each(managers * acceptors, {
      ballot: upTo(1), in: oneOf('no ballot', 'own', 'the leader’s'), promised: oneOf('nothing', 'without a value', 'with a value'),
      own: upTo(1), leading: upTo(1),
    }),
    /** Each leaves out one acceptor. */
    majority: each(acceptors, {}),
    /** A ballot and a majority that has voted in it: a way to know what was decided of one manager; and one of each, of all of them. */
    way: each(2 * acceptors, {}),
    proof: each((2 * acceptors) ** managers, {}),
    outcome: one({ isCommitted: upTo(1), isAborted: upTo(1) }),
  }
  const { choice } = rulesOver(state)
  const { always } = lawsOver(state)
  type Manager = Thing<typeof state, 'manager'>
  type Vote = Thing<typeof state, 'vote'>
  const voteOf = (votes: readonly Vote[], manager: Manager, acceptor: number) => votes[(manager.number - 1) * acceptors + acceptor]!
  const inMajority = (votes: readonly Vote[], manager: Manager, without: number) =>
    [0, 1, 2].filter((acceptor) => acceptor !== without - 1).map((acceptor) => voteOf(votes, manager, acceptor))
  const isDecided = (votes: readonly Vote[], manager: Manager, value: 'prepared' | 'aborted', way: number) => {
    const [isOwn, without] = [way < acceptors, (way % acceptors) + 1]
    return (isOwn ? manager.said : manager.lead) === value
      && inMajority(votes, manager, without).every(({ own, leading }) => (isOwn ? own : leading) === 1)
  }
  return model({
    name: 'Paxos commit', state,
    rules: [
      choice('manager prepares', ({ manager }) => manager.is === 'working', ({ manager }) => { manager.is = manager.said = 'prepared' }),
      choice('manager aborts', ({ manager }) => manager.is === 'working', ({ manager }) => { manager.is = manager.said = 'aborted' }),
      choice('manager hears that it commits', ({ outcome }) => outcome.isCommitted === 1, ({ manager }) => { manager.is = 'committed' }),
      choice('manager hears that it aborts', ({ outcome }) => outcome.isAborted === 1, ({ manager }) => { manager.is = 'aborted' }),
      choice('leader asks about manager', () => true, ({ manager }) => { manager.isAsked = 1 }),
      choice('leader hears of manager from majority',
        ({ manager, majority, votes }) =>
          manager.lead === 'nothing' && inMajority(votes, manager, majority.number).every(({ promised }) => promised !== 'nothing'),
        ({ manager, majority, votes }) => {
          const known = inMajority(votes, manager, majority.number).some(({ promised }) => promised === 'with a value')
          manager.lead = known ? manager.said : 'aborted'
        }),
      choice('leader has proof to commit',
        ({ managers: all, votes, proof }) => all.every((manager, i) =>
          isDecided(votes, manager, 'prepared', Math.floor((proof.number - 1) / (2 * acceptors) ** i) % (2 * acceptors))),
        ({ outcome }) => { outcome.isCommitted = 1 }),
      choice('leader knows in a way that manager aborts', ({ manager, votes, way }) => isDecided(votes, manager, 'aborted', way.number - 1),
        ({ outcome }) => { outcome.isAborted = 1 }),
      choice('acceptor promises of manager',
        ({ acceptor, manager, votes }) => manager.isAsked === 1 && voteOf(votes, manager, acceptor.number - 1).ballot === 0,
        ({ acceptor, manager, votes }) => {
          const vote = voteOf(votes, manager, acceptor.number - 1)
          vote.ballot = 1
          vote.promised = vote.in === 'own' ? 'with a value' : 'without a value'
        }),
      choice('acceptor votes as manager said',
        ({ acceptor, manager, votes }) => manager.said !== 'nothing' && voteOf(votes, manager, acceptor.number - 1).ballot === 0,
        ({ acceptor, manager, votes }) => {
          const vote = voteOf(votes, manager, acceptor.number - 1)
          vote.in = 'own'
          vote.own = 1
        }),
      choice('acceptor votes for manager as the leader said',
        ({ manager }) => manager.lead !== 'nothing', ({ acceptor, manager, votes }) => {
        const vote = voteOf(votes, manager, acceptor.number - 1)
        vote.ballot = 1
        vote.in = 'the leader’s'
        vote.leading = 1
      }),
    ],
    laws: [always('agree', 'No two end otherwise.', ({ managers: all }) => agree(all))],
  })
}

const folder = 'transaction_commit'
export const commitments = [
  published('transaction commit', transaction,
    [{ size: { managers: 3 }, states: 34, generated: 94, depth: 7, from: byTlc(folder, 'TCommit.cfg') }]),
  published('two-phase commit', twoPhases, [
    { size: { managers: 3 }, states: 288, generated: 1_146, depth: 11, from: byTlc(folder, 'TwoPhase.cfg') },
    { size: { managers: 5 }, states: 8_832, from: 'Stateright: github.com/stateright/stateright, the test in examples/2pc.rs' },
    {
      size: { managers: 8 }, states: 1_745_408, isLarge: true,
      from: 'TLC: W. Schultz, Bespoke Verified Compilation with Claude, will62794.github.io, January 2026',
    },
  ]),
  published('two-phase commit with a back-up', withBackUp,
    [{ size: { managers: 3 }, states: 1_245, generated: 5_841, depth: 15, from: byTlc(folder, '2PCwithBTM.cfg') }]),
  published('Paxos commit', paxosCommit,
    [{
      size: { managers: 2 }, states: 1_321_761, generated: 16_959_159, depth: 28, isLarge: true,
      from: byTlc(folder, 'PaxosCommit.cfg'),
    }]),
]
