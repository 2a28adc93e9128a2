/** Who may say that all work is done: as it is specified for a ring, where messages take time, and as Dijkstra solves it with a token. */
import { begins, each, lawsOver, type Model, model, one, rulesOver, type Thing, upTo } from '../../api/model.ts'
import { byTlc, published } from './published.ts'

type Size = { readonly nodes: number }

/** A node that is at work may wake any other, at once. That all rest may be noticed at any time after. */
function atOnce({ nodes: count }: Size): Model {
  const state = {
    node: each(count, { works: begins(upTo(1), 0, 1) }), target: each(count, {}),
    end: one({ isNoticed: begins(upTo(1), 0, 1) }),
  }
  const { choice, rule } = rulesOver(state)
  const { everyStep, leadsTo } = lawsOver(state)
  const isOver = (nodes: readonly { readonly works: number }[]) => nodes.every(({ works }) => works === 0)
  return model({
    name: 'at once', state,
    starts: ({ nodes, end }) => end.isNoticed === 0 || isOver(nodes),
    rules: [
      rule('somebody notices', ({ nodes }) => isOver(nodes), ({ end }) => { end.isNoticed = 1 }),
      choice('node rests', ({ node }) => node.works === 1, ({ node }) => { node.works = 0 }),
      choice('node rests, which is noticed',
        ({ node, nodes, end }) => node.works === 1 && end.isNoticed === 0
          && nodes.every(({ number, works }) => works === 0 || number === node.number),
        ({ node, end }) => {
          node.works = 0
          end.isNoticed = 1
        }),
      choice('node wakes target', ({ node }) => node.works === 1, ({ nodes, target }) => { nodes[target.number - 1]!.works = 1 }),
    ],
    laws: [
      everyStep('stable', 'Once noticed, it stays over.',
        ({ nodes, end }) => end.isNoticed === 1 && isOver(nodes), (before, after) => after || !before),
      leadsTo('noticed', 'The end is noticed.', ({ nodes }) => isOver(nodes), ({ end }) => end.isNoticed === 1),
    ],
  })
}

/** The same where messages take time: up to `most` wait at each node in what is looked at. */
function inTime({ nodes: count, most }: Size & { readonly most: number }): Model {
  const state = {
    node: each(count, { works: begins(upTo(1), 0, 1), waiting: upTo(most + 1) }), target: each(count, {}),
    end: one({ isNoticed: begins(upTo(1), 0, 1) }),
  }
  const { choice, rule } = rulesOver(state)
  const { always, leadsTo } = lawsOver(state)
  const isOver = (nodes: readonly { readonly works: number; readonly waiting: number }[]) =>
    nodes.every(({ works, waiting }) => works === 0 && waiting === 0)
  return model({
    name: 'in time', state,
    starts: ({ nodes, end }) => end.isNoticed === 0 || isOver(nodes),
    within: ({ nodes }) => nodes.every(({ waiting }) => waiting <= most),
    rules: [
      rule('somebody notices', ({ nodes }) => isOver(nodes), ({ end }) => { end.isNoticed = 1 }),
      choice('node rests', ({ node }) => node.works === 1, ({ node }) => { node.works = 0 }),
      choice('node rests, which is noticed',
        ({ node, nodes, end }) => node.works === 1 && end.isNoticed === 0
          && nodes.every(({ number, works, waiting }) => waiting === 0 && (works === 0 || number === node.number)),
        ({ node, end }) => {
          node.works = 0
          end.isNoticed = 1
        }),
      choice('node sends to target', ({ node }) => node.works === 1, ({ nodes, target }) => { nodes[target.number - 1]!.waiting += 1 }),
      choice('node takes a message', ({ node }) => node.waiting > 0, ({ node }) => {
        node.works = 1
        node.waiting -= 1
      }),
    ],
    laws: [
      always('sound', 'Nothing is noticed that is not so.', ({ nodes, end }) => end.isNoticed === 0 || isOver(nodes)),
      leadsTo('noticed', 'The end is noticed.', ({ nodes }) => isOver(nodes), ({ end }) => end.isNoticed === 1),
    ],
  })
}

/**
 * Dijkstra’s: a token goes down the ring, from the last node to the first. Whoever has woken one above it is stained, and stains the
 * token in turn; a round that ends without a stain is the last.
 */
function token({ nodes: count }: Size): Model {
  const state = {
    node: each(count, { works: begins(upTo(1), 0, 1), isStained: begins(upTo(1), 0, 1) }), target: each(count, {}),
    token: one({ at: begins(upTo(count - 1), ...Array.from({ length: count }, (_, i) => i)), isStained: begins(upTo(1), 1) }),
  }
  const { choice, rule } = rulesOver(state)
  const { always, leadsTo } = lawsOver(state)
  type Node = Thing<typeof state, 'node'>
  const isKnown = ([first]: readonly Node[], { at, isStained }: { readonly at: number; readonly isStained: number }) =>
    at === 0 && isStained === 0 && first!.isStained === 0 && first!.works === 0
  const isOver = (nodes: readonly Node[]) => nodes.every(({ works }) => works === 0)
  type Token = Thing<typeof state, 'token'>
  const goesRound = (it: Token, [first]: readonly Node[]) => {
    it.at = count - 1
    it.isStained = first!.isStained = 0
  }
  const goesOn = (it: Token, nodes: readonly Node[]) => {
    const node = nodes[it.at]!
    if (node.isStained === 1) it.isStained = 1
    node.isStained = 0
    it.at -= 1
  }
  return model({
    name: 'token', state,
    rules: [
      rule('token goes round, as it is stained',
        ({ token: { at, isStained } }) => at === 0 && isStained === 1, ({ token: it, nodes }) => goesRound(it, nodes)),
      rule('token goes round, as the first is stained',
        ({ token: { at }, nodes }) => at === 0 && nodes[0]!.isStained === 1, ({ token: it, nodes }) => goesRound(it, nodes)),
      rule('token goes on, as that one is at rest',
        ({ token: { at }, nodes }) => at > 0 && nodes[at]!.works === 0, ({ token: it, nodes }) => goesOn(it, nodes)),
      rule('token goes on, as that one is stained',
        ({ token: { at }, nodes }) => at > 0 && nodes[at]!.isStained === 1, ({ token: it, nodes }) => goesOn(it, nodes)),
      rule('token goes on, as it is stained',
        ({ token: { at, isStained } }) => at > 0 && isStained === 1, ({ token: it, nodes }) => goesOn(it, nodes)),
      choice('node rests', ({ node }) => node.works === 1, ({ node }) => { node.works = 0 }),
      choice('node wakes target', ({ node, target }) => node.works === 1 && target.number !== node.number, ({ node, nodes, target }) => {
        nodes[target.number - 1]!.works = 1
        if (target.number > node.number) node.isStained = 1
      }),
    ],
    laws: [
      always('sound', 'Nothing is known that is not so.', ({ nodes, token: it }) => !isKnown(nodes, it) || isOver(nodes)),
      leadsTo('known', 'The end is known.', ({ nodes }) => isOver(nodes), ({ nodes, token: it }) => isKnown(nodes, it)),
    ],
  })
}

export const terminations = [
  published('termination detection, at once', atOnce,
    [{ size: { nodes: 7 }, states: 129, generated: 3_722, depth: 1, from: byTlc('ewd840', 'SyncTerminationDetection.cfg') }]),
  published('termination detection, in time', inTime,
    [{ size: { nodes: 4, most: 3 }, states: 4_097, generated: 53_271, depth: 14, from: byTlc('ewd998', 'AsyncTerminationDetection.cfg') }]),
  published('EWD840', token, [
    // The manifest has a depth of 10 here. TLC’s is only exact with one worker, and another search of ours, not of this engine, has 9 too.
    { size: { nodes: 3 }, states: 302, generated: 2_001, from: byTlc('ewd840', 'EWD840.cfg') },
    { size: { nodes: 4 }, states: 1_566, generated: 15_986, depth: 12, from: byTlc('ewd840', 'EWD840_json.cfg') },
  ]),
]
