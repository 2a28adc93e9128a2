/** Laws of one’s own that no state and no cycle breaks by itself: what leads to what, what each step keeps, what can be reached. */
import { type ModelLaw, waitsFor } from '../../spec/laws.ts'
import type { AskedLaw } from '../model/asked-law.ts'
import type { Run } from '../run/run.ts'
import { canReach, type Graph, subjectsOf, ways } from './graph.ts'
import { lassoFor } from './lassos.ts'
import { canProgress, canTime, isBeyond, type Log } from '../states/log.ts'
import {
  brokenAt, distance, marks, type ModelViolation, nearerThan, owedMoves, roundViolation, runTo, type UnrealisedViolation, wayBack,
} from './model-violation.ts'

/** The nearest step that a law forbids. Every step is taken once more, for what is seen before and after it. */
export function brokenByStep(log: Log, law: ModelLaw): ModelViolation | null {
  const { machine, words, states } = log
  const { from, by } = log.edges!
  const asked = machine.ask(law)
  for (let state = 0; state < states; state++) {
    machine.load(words, state * machine.words)
    const before = asked.subjects.map((_, i) => asked.sees(i + 1))
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
      machine.load(words, state * machine.words)
      machine.take(by[edge]!)
      const subject = 1 + before.findIndex((seen, i) => !asked.keeps(seen, asked.sees(i + 1)))
      if (subject === 0) continue
      const run = runTo(log, state)
      const moves = [...run.moves, by[edge]!]
      return { law, run: { ...run, moves }, subject, nearer: log.levels[run.moves.length]!, shortest: true }
    }
  }
  return null
}

/** What is so nowhere: no run shows it, and the one that is given is empty. */
export function neverReached(graph: Graph, law: ModelLaw): ModelViolation | null {
  const { machine, words, states } = graph.log
  const asked = machine.ask(law)
  const missing = new Set(subjectsOf(graph, asked))
  for (let state = 0; state < states && missing.size > 0; state++) {
    machine.load(words, state * machine.words)
    for (const subject of missing) if (asked.holds(subject)) missing.delete(subject)
  }
  const [subject] = missing
  return subject === undefined ? null : { law, run: { start: 0, moves: [], stem: null }, subject, nearer: states, shortest: true }
}

/** Whether what a law begins with is so in no state, for nobody. */
export function neverBegins({ machine, words, states }: Log, law: ModelLaw): boolean {
  const asked = machine.ask(law)
  for (let state = 0; state < states; state++) {
    machine.load(words, state * machine.words)
    if (asked.subjects.some((_, i) => asked.begins(i + 1))) return false
  }
  return true
}

/** The nearest state from which there is no way any more. Of what lies beyond the bound, the best is assumed. */
export function noLongerReached(graph: Graph, law: ModelLaw): ModelViolation | null {
  const { log } = graph
  const { machine } = log
  const asked = machine.ask(law)
  const helps = marks(machine, (kind) => kind !== 'fault')
  let nearest: { readonly state: number; readonly subject: number } | null = null
  for (const subject of subjectsOf(graph, asked)) {
    const can = graph.memory.while('to see what leads where', () => canReach(graph, helps, (state) => {
      machine.load(log.words, state * machine.words)
      return (log.can[state]! & isBeyond) !== 0 || asked.holds(subject)
    }))
    const state = can.indexOf(0)
    if (state >= 0 && (nearest === null || state < nearest.state)) nearest = { state, subject }
  }
  return nearest && brokenAt(log, law, nearest.state, nearest.subject)
}

/** The nearest run on which something has become due, and does not come: to where it rests, or round a fair cycle. */
export function unfulfilled(graph: Graph, law: ModelLaw): UnrealisedViolation | null {
  const asked = graph.log.machine.ask(law)
  let nearest: UnrealisedViolation | null = null
  for (const subject of subjectsOf(graph, asked))
    nearest = graph.memory.while('to look for cycles', () => unfulfilledFor(graph, asked, subject, nearest)) ?? nearest
  return nearest
}

/** The same for one of those that the law is about, if it is nearer than the nearest so far. */
function unfulfilledFor(graph: Graph, asked: AskedLaw, subject: number, before: ModelViolation | null): UnrealisedViolation | null {
  const { log, memory } = graph
  const { machine } = log
  const { law } = asked
  const owing = waitsFor(law)
  const lacks = memory.take(Uint8Array, log.states)
  const due: number[] = []
  for (let state = 0; state < log.states; state++) {
    machine.load(log.words, state * machine.words)
    if (asked.holds(subject)) continue
    lacks[state] = 1
    if (law.when === 'eventually' ? log.parents[state]! < 0 : asked.begins(subject)) due.push(state)
  }
  if (due.length === 0) return null
  const all = marks(machine, () => true)
  const begins = Int32Array.from(due)
  const entrances = { state: begins, before: begins.map(() => -1), far: begins.map((state) => distance(log, state)), by: 0 }
  const after = ways({ ...graph, has: (state) => lacks[state] === 1 }, all, entrances)
  const most = before ? before.run.moves.length - 1 : Infinity
  const mask = (owing.includes('progress') ? canProgress : 0) | (owing.includes('timer') ? canTime : 0) | isBeyond
  let rest = -1
  for (let state = 0; state < log.states; state++) {
    const far = after.far[state]!
    if (far >= 0 && far <= most && (rest < 0 || far < after.far[rest]!) && (log.can[state]! & mask) === 0) rest = state
  }
  const { found, shortest } = lassoFor(graph, {
    asked, subjects: [subject], uses: all, owed: owedMoves(machine, owing), has: (state) => after.far[state]! >= 0,
    depth: (state) => after.far[state]!, blamed: () => true, isMissing: true, most: rest < 0 ? most : after.far[rest]! - 1,
  })
  if (!found && rest < 0) return null
  const { before: first, moves } = wayBack(after, found ? found.at : rest, (state) => after.before[state]! < 0)
  const run = runTo(log, first)
  const whole: Run = { start: run.start, moves: [...run.moves, ...moves], stem: null }
  if (found) return roundViolation(log, law, whole, found, shortest)
  return { law, run: whole, subject, nearer: nearerThan(log, whole.moves.length), shortest }
}
