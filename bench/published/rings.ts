/** Rings of processes, and a barrier: Dijkstra’s that heals itself, Chang and Roberts’ that elects one, and Lamport’s simplest. */
import { alike, begins, each, lawsOver, type Model, model, oneOf, rulesOver, setOf, upTo } from '../../api/model.ts'
import { byTlc, published } from './published.ts'

/** A counter at each node: the first adds one where its own is the last one’s, and any other takes that of the one before it. */
function selfStabilizing({ nodes: count, values }: { readonly nodes: number; readonly values: number }): Model {
  const state = { node: each(count, { value: begins(upTo(values - 1), ...Array.from({ length: values }, (_, i) => i)) }) }
  const { rule } = rulesOver(state)
  const { inTheEnd } = lawsOver(state)
  return model({
    name: 'self-stabilizing', state,
    rules: [
      rule('first adds one', ({ nodes }) => nodes[0]!.value === nodes[count - 1]!.value, ({ nodes }) => {
        nodes[0]!.value = (nodes[0]!.value + 1) % values
      }),
      rule('node takes what the one before it has', ({ node, nodes }) => node.number > 1 && node.value !== nodes[node.number - 2]!.value,
        ({ node, nodes }) => { node.value = nodes[node.number - 2]!.value }),
    ],
    laws: [inTheEnd('stable', 'There is one place where the counter changes, by one.', ({ nodes }) => {
      const [first] = nodes
      const change = nodes.findIndex(({ value }) => value !== first!.value)
      return change < 0 || nodes.slice(change).every(({ value }) => (value + 1) % values === first!.value)
    })],
  })
}

/** Those who stand for it send their names round the ring. Whoever has a lower one stops a name; whose own comes back has won. */
function election({ nodes: count }: { readonly nodes: number }): Model {
  const state = {
    node: each(count, {
      stands: begins(upTo(1), 0, 1), is: begins(oneOf('candidate', 'loser', 'winner'), 'candidate', 'loser'), hasBegun: upTo(1),
      mail: setOf('name'),
    }),
    name: each(count, {}),
  }
  const { rule } = rulesOver(state)
  const { always, eventually } = lawsOver(state)
  return model({
    name: 'election', state,
    starts: ({ nodes }) => nodes.every(({ stands, is }) => is === (stands === 1 ? 'candidate' : 'loser')),
    rules: [
      rule('node begins', ({ node }) => node.hasBegun === 0, ({ node, nodes, names }) => {
        node.hasBegun = 1
        if (node.stands === 1) nodes[node.number % count]!.mail.add(names[node.number - 1]!)
      }),
      rule('node reads name', ({ node, name }) => node.hasBegun === 1 && node.mail.has(name), ({ node, nodes, name }) => {
        node.mail.remove(name)
        if (node.is === 'loser' || name.number < node.number) {
          node.is = 'loser'
          nodes[node.number % count]!.mail.add(name)
        } else if (name.number === node.number) node.is = 'winner'
      }),
    ],
    laws: [
      always('lowest', 'Who wins stood for it, and everybody else knows to have lost.', ({ nodes }) => nodes.every((winner) =>
        winner.is !== 'winner' || (winner.stands === 1 && nodes.every((other) =>
          other === winner || (other.is === 'loser' && (other.stands === 0 || other.number > winner.number)))))),
      eventually('elected', 'Somebody wins where anybody stands.', ({ nodes }) =>
        nodes.every(({ stands }) => stands === 0) || nodes.some(({ is }) => is === 'winner')),
    ],
  })
}

/** Each sets its own word and then reads that of the one before it: one at the least reads what was set. */
function simplest({ nodes: count }: { readonly nodes: number }): Model {
  const state = { node: each(count, { at: oneOf('start', 'half', 'end'), set: upTo(1), read: upTo(1) }) }
  const { rule } = rulesOver(state)
  const { always } = lawsOver(state)
  return model({
    name: 'simplest', state,
    rules: [
      rule('node sets', ({ node }) => node.at === 'start', ({ node }) => {
        node.set = 1
        node.at = 'half'
      }),
      rule('node reads', ({ node }) => node.at === 'half', ({ node, nodes }) => {
        node.read = nodes[(node.number + count - 2) % count]!.set
        node.at = 'end'
      }),
      rule('all is done', ({ nodes }) => nodes.every(({ at }) => at === 'end'), () => {}),
    ],
    laws: [always('one reads', 'One has read what was set, once all have ended.',
      ({ nodes }) => nodes.some(({ at }) => at !== 'end') || nodes.some(({ read }) => read === 1))],
  })
}

/** Nobody goes on before all have come. */
function barrier({ threads: count }: { readonly threads: number }): Model {
  const state = { thread: alike(count, { waits: upTo(1) }) }
  const { rule } = rulesOver(state)
  const { canAlwaysBeReached } = lawsOver(state)
  return model({
    name: 'barrier', state,
    rules: [
      rule('thread comes', ({ thread }) => thread.waits === 0, ({ thread }) => { thread.waits = 1 }),
      rule('all go on', ({ threads }) => threads.every(({ waits }) => waits === 1), ({ threads }) => {
        for (const thread of threads) thread.waits = 0
      }),
    ],
    laws: [canAlwaysBeReached('all go on', 'All may go on.', ({ threads }) => threads.every(({ waits }) => waits === 0))],
  })
}

export const rings = [
  published('self-stabilizing ring, EWD426', selfStabilizing,
    [{ size: { nodes: 6, values: 6 }, states: 46_656, generated: 248_832, depth: 1, from: byTlc('ewd426', 'TokenRing.cfg') }]),
  published('Chang and Roberts’ election', election,
    [{ size: { nodes: 3 }, states: 137, generated: 227, depth: 10, from: byTlc('chang_roberts', 'MCChangRoberts.cfg') }]),
  published('teaching concurrency', simplest,
    [{ size: { nodes: 5 }, states: 723, generated: 1_842, depth: 11, from: byTlc('TeachingConcurrency', 'Simple.cfg') }]),
  published('a barrier', barrier, [{ size: { threads: 6 }, states: 64, generated: 194, depth: 7, from: byTlc('barriers', 'Barrier.cfg') }]),
]
