/** From an exploration that kept its transitions to a graph with labels, for readers of other formats. */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { StateGraph } from '../../spec/evidence/state-graph.ts'
import { fill } from '../states/kernel.ts'
import { canProgress, canTime, type Edges, type Limits, type Log } from '../states/log.ts'
import { startsOf } from '../model/build.ts'
import type { Machine } from '../model/machine.ts'
import { Phrases } from '../run/run.ts'
import { printStream } from '../run/schedule-text.ts'

/** More than this is no drawing and no file to open. */
const manyStates = 1_000_000

/** Explores a machine from the starts of streams and gives its graph. Throws `TooManyStates` past the limit. */
export function stateGraph(machine: Machine, streams: readonly (readonly ModelBurst[])[], limits: Partial<Limits> = {}): StateGraph {
  const says = new Map<string, string>()
  const starts = startsOf(machine, streams).map(({ stream, begin, words }) => {
    const told = [...(stream.length === 0 ? [] : [printStream(stream)]), ...(machine.initialStates === 1 ? [] : [`beginning ${begin}`])]
    if (!says.has(words.join())) says.set(words.join(), told.join(', ') || 'nothing')
    return words
  })
  const log = fill(machine, starts, true, { states: manyStates, ...limits })
  return graphOf(log, [...says.values()])
}

/** The graph of a log that kept its edges. `sent` says what each of its first states was sent, in their order. */
function graphOf(log: Log, sent: readonly string[]): StateGraph {
  const { machine, states, transitions, can } = log
  if (!log.edges) throw new Error(`The exploration of ${machine.model.name} did not keep its transitions.`)
  return {
    name: machine.model.name, states, transitions,
    starts: sent.map((says, state) => ({ state, says })),
    edges: edgesOf(log, log.edges),
    isAtRest: (state) => (can[state]! & (canProgress | canTime)) === 0,
  }
}

function edgesOf({ machine, words, states }: Log, { from, to, by }: Edges): StateGraph['edges'] {
  return {
    *[Symbol.iterator]() {
      const phrases = new Phrases(machine)
      for (let state = 0; state < states; state++)
        for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
          machine.load(words, state * machine.words)
          const { who, does } = phrases.of(by[edge]!)
          yield [state, `${who} ${does}`, to[edge]!]
        }
    },
  }
}
