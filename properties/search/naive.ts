/**
 * A second explorer, to hold the first one against: plain objects, JSON for keys, and every question answered by
 * trying everything. It shares the laws’ sentences with the engine, and nothing else.
 */
import { type Law, nothingWedges } from '../../spec/laws.ts'
import type { Circumstances, Fate } from '../../spec/verdict.ts'
import type { StepKind } from '../../spec/model.ts'

export interface PlainMessage extends Fate {
  readonly number: number
}
/** A state is anything that JSON can hold, as long as it has messages; the last is the fresh, if one is ever sent. */
export interface PlainState {
  readonly messages: readonly PlainMessage[]
}
interface Step<S> {
  readonly kind: StepKind
  /** It is the one by which the fresh arrives. */
  readonly sends: boolean
  /** The state after it, or null where it cannot be taken. */
  readonly take: (state: S) => S | null
}
export interface Naive<S extends PlainState> {
  readonly starts: readonly S[]
  readonly steps: readonly Step<S>[]
  readonly known: (state: S) => Circumstances<PlainMessage>
}

interface Node<S> {
  readonly state: S
  readonly distance: number
  /** By step: to which node it leads, or -1. */
  readonly next: number[]
}
export interface Graph<S extends PlainState> extends Naive<S> {
  readonly nodes: readonly Node<S>[]
}

export function graphOf<S extends PlainState>(machine: Naive<S>): Graph<S> {
  const nodes: Node<S>[] = []
  const found = new Map<string, number>()
  const visit = (state: S, distance: number): number => {
    const key = JSON.stringify(state)
    if (!found.has(key)) found.set(key, nodes.push({ state, distance, next: [] }) - 1)
    return found.get(key)!
  }
  for (const start of machine.starts) visit(start, 0)
  for (const { state, distance, next } of nodes)
    for (const { take } of machine.steps) {
      const after = take(state)
      next.push(after === null ? -1 : visit(after, distance + 1))
    }
  return { ...machine, nodes }
}

export const transitionsOf = <S extends PlainState>({ nodes }: Graph<S>) =>
  nodes.reduce((sum, { next }) => sum + next.filter((to) => to >= 0).length, 0)

/** How long the shortest run is that breaks a law, its cycle included; null when none does. */
export function shortest<S extends PlainState>(graph: Graph<S>, law: Law): number | null {
  const { nodes, known } = graph
  if (law.when === 'recovers') return shortestWedge(graph)
  if (law.when === 'always')
    return least(nodes.flatMap(({ state, distance }) =>
      (state.messages.every((message) => law.holds(message, known(state))) ? [] : [distance])))

  const owed = owedBy(graph, law)
  const mayRepeat = graph.steps.map((step, i) => owed[i]! || step.kind === 'heal' || step.kind === 'fault')
  let best: number | null = null
  for (let m = 0; m < nodes[0]!.state.messages.length; m++) {
    const bad = nodes.map((_, node) => breaks(graph, law, node, m))
    nodes.forEach(({ distance }, node) => {
      if (bad[node] && isAtRest(graph, owed, node)) best = least([best ?? distance, distance])
    })
    const far = nodes.map(({ distance }) => distance)
    best = shortestCycle(graph, bad, mayRepeat, owed, far, best)
  }
  return best
}

/** Which steps the scheduler owes under a law that is about the end. */
export const owedBy = <S extends PlainState>({ steps }: Graph<S>, law: Law) =>
  steps.map(({ kind }) => kind === 'progress' || (kind === 'timer' && law.when === 'in the end'))

export const isAtRest = <S extends PlainState>({ nodes, steps }: Graph<S>, owed: readonly boolean[], node: number) =>
  steps.every((_, step) => !owed[step] || nodes[node]!.next[step] === -1)

/** Whether a law about the end is broken for a message in a state, and not for somebody else’s fault. */
export function breaks<S extends PlainState>(graph: Graph<S>, law: Law, node: number, m: number): boolean {
  if (law.when === 'recovers') return false
  const { nodes, known, steps } = graph
  const { state } = nodes[node]!
  const message = state.messages[m]!
  if (law.holds(message, known(state))) return false
  if (law.when !== 'before time passes' || message.flagged > 0) return true
  const helps = steps.map(({ kind }) => kind === 'progress' || kind === 'heal')
  return reach(graph, node, helps).some((other) => {
    const later = nodes[other]!.state
    const { due } = known(later)
    return later.messages[m]!.arrived > 0 && law.holds(later.messages[m]!, { due, anotherIsDown: () => true })
  })
}

/** From where the fresh message cannot be delivered whole any more, the shortest way to send it and see. */
function shortestWedge<S extends PlainState>(graph: Graph<S>): number | null {
  const { nodes, steps } = graph
  const sending = steps.findIndex(({ sends }) => sends)
  if (sending < 0) return null
  const helps = helping(graph)
  const far: (number | null)[] = nodes.map(() => null)
  nodes.forEach(({ next, distance }, node) => {
    const to = next[sending]!
    if (to < 0 || !isDoomed(graph, node)) return
    let length = distance + 1
    for (const layer of layers(graph, to, helps)) {
      for (const other of layer) far[other] = Math.min(far[other] ?? length, length)
      length++
    }
  })
  const inside = far.map((length) => length !== null)
  const ends = nodes.flatMap((_, node) => (inside[node] && isAtRest(graph, helps, node) ? [far[node]!] : []))
  return shortestCycle(graph, inside, helps, helps, far.map((length) => length ?? Infinity), least(ends))
}

export const helping = <S extends PlainState>({ steps }: Graph<S>) => steps.map(({ kind }) => kind !== 'fault')

/** Whether the fresh message can never be delivered whole, unless a fault helps. */
export const isDoomed = <S extends PlainState>(graph: Graph<S>, node: number) =>
  !reach(graph, node, helping(graph)).some((other) => {
    const { state } = graph.nodes[other]!
    return nothingWedges.holds(state.messages.at(-1)!, graph.known(state))
  })

const reach = <S extends PlainState>(graph: Graph<S>, from: number, uses: readonly boolean[]): readonly number[] =>
  [...layers(graph, from, uses)].flat()

/** The nodes 0, 1, 2, … steps away. */
function* layers<S extends PlainState>({ nodes }: Graph<S>, from: number, uses: readonly boolean[]) {
  const seen = new Set([from])
  for (let layer = [from]; layer.length > 0; ) {
    yield layer
    const further: number[] = []
    for (const node of layer)
      nodes[node]!.next.forEach((to, step) => {
        if (to < 0 || !uses[step] || seen.has(to)) return
        seen.add(to)
        further.push(to)
      })
    layer = further
  }
}

/** The least way and fair cycle together, through some nodes only, if it is less than what is known already. */
function shortestCycle<S extends PlainState>(
  graph: Graph<S>, inside: readonly boolean[], uses: readonly boolean[], owed: readonly boolean[],
  far: readonly number[], known: number | null,
): number | null {
  const settled = graph.nodes.map(({ next }) =>
    next.reduce((set, to, step) => (owed[step] && to !== -1 ? set : set | (1 << step)), 0))
  let best = known
  graph.nodes.forEach((_, node) => {
    if (!inside[node]) return
    const length = fairCycle(graph, node, inside, uses, settled, (best ?? Infinity) - far[node]!)
    if (length !== null) best = least([best ?? Infinity, far[node]! + length])
  })
  return best
}

/**
 * How long the shortest cycle is that a fair scheduler could take: every owed step is taken on it, or cannot be
 * taken somewhere on it. Breadth first over the pairs of a node and the set of steps that are settled, as bits.
 */
function fairCycle<S extends PlainState>(
  { nodes, steps }: Graph<S>, start: number, inside: readonly boolean[], uses: readonly boolean[],
  settledAt: readonly number[], within: number,
): number | null {
  const all = 2 ** steps.length - 1
  const seen = new Set<number>()
  let layer = [{ node: start, settled: settledAt[start]! }]
  for (let length = 1; layer.length > 0 && length < within; length++) {
    const further: typeof layer = []
    for (const { node, settled } of layer)
      for (const [step, to] of nodes[node]!.next.entries()) {
        if (to < 0 || !uses[step] || !inside[to]) continue
        const now = settled | (1 << step) | settledAt[to]!
        if (to === start && now === all) return length
        const pair = to * (all + 1) + now
        if (!seen.has(pair)) further.push({ node: to, settled: now })
        seen.add(pair)
      }
    layer = further
  }
  return null
}

const least = (lengths: readonly number[]): number | null => (lengths.length === 0 ? null : Math.min(...lengths))
