/** Runs that go round for ever without something, where every state is known. */
import { CycleArrays, cycles, type Graph, type LassoAnswer, type LassoQuestion } from './graph.ts'
import { nearestLasso } from './nearest-lasso.ts'

/** The nearest fair cycle on which somebody is without what the law asks for. Where states stand for orbits, they are unfolded. */
export const lassoFor = (graph: Graph, question: LassoQuestion): LassoAnswer =>
  (graph.unfolding ? graph.unfolding.lassoFor(graph, question) : overStates(graph, question))

export function overStates(graph: Graph, question: LassoQuestion): LassoAnswer {
  const { log: { machine, words, states }, log, memory } = graph
  const { asked, subjects, uses, owed, has, depth, blamed, isMissing, most } = question
  const isBad = isMissing ? new Uint8Array() : memory.take(Uint8Array, states)
  const part = { ...graph, uses, has: (state: number) => isBad[state] === 1 }
  let arrays: CycleArrays | null = null
  const { lasso, subject, shortest } = nearestLasso({ ...graph, uses, has }, owed, depth, most, (members, found) => {
    for (const each of subjects) {
      const bad = isMissing ? members : members.filter((state) => {
        machine.load(words, state * machine.words)
        return !asked.holds(each) && blamed(state, each)
      })
      if (bad.length === members.length) return found(members, each) // for another it would be the same
      if (bad.length === 0) continue
      for (const state of bad) isBad[state] = 1
      cycles(part, (cycle) => found(cycle, each), bad, (arrays ??= new CycleArrays(log, memory)))
      for (const state of bad) isBad[state] = 0
    }
  })
  const { cycle: moves = [] } = lasso ?? {}
  return { shortest, found: lasso && { at: lasso.at, length: moves.length, subject, roundFrom: () => ({ moves, subject }) } }
}
