/**
 * For each law the nearest state, or cycle, that breaks it, once every state is known.
 *
 * What must always hold is looked for in every state. What must hold in the end is looked for where no step is owed
 * any more, and on every cycle that is fair. What must recover is looked for backwards, from where the fresh message
 * has been delivered.
 */
import { type Law, waitsFor } from '../../spec/laws.ts'
import type { StepKind } from '../../spec/model.ts'
import { CycleArrays, canReach, cycles, type Graph, type Subgraph, type Ways, ways } from './graph.ts'
import { canProgress, canTime, type Log } from './log.ts'
import { nearestLasso } from './nearest-lasso.ts'
import type { Run } from '../run/run.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import type { MessageView } from '../model/stage.ts'

export interface ModelViolation {
  readonly law: Law
  readonly run: Run
  /** The message that the law was broken for, by its number. */
  readonly message: number
  /** How many states lie nearer than this run is long; each of them keeps the law. */
  readonly nearer: number
  /** False when the search for a shorter cycle was given up. */
  readonly shortest: boolean
}

/** Throws `TooManyStates` where there is too little memory for the answer. */
export function nearestViolation(graph: Graph, law: Law): ModelViolation | null {
  if (law.when === 'always') return anywhere(graph.log, law)
  if (law.when === 'recovers') return graph.memory.while('to go on from where it fails', () => doomed(graph, law))
  return graph.memory.while('to look for cycles', () => inTheEnd(graph, law, waitsFor(law)))
}

/** The message for which a law does not hold in the loaded state. */
export function brokenFor({ messages, known }: Machine, law: Law): MessageView | null {
  for (const message of messages) if (!law.holds(message, known)) return message
  return null
}

function anywhere(log: Log, law: Law): ModelViolation | null {
  const { machine } = log
  for (let state = 0; state < log.states; state++) {
    machine.load(log.words, state * machine.words)
    const message = brokenFor(machine, law)
    if (message) return at(log, law, state, message.number)
  }
  return null
}

const at = (log: Log, law: Law, state: number, message: number): ModelViolation => {
  const run = runTo(log, state)
  return { law, run, message, nearer: log.levels[run.moves.length]!, shortest: true }
}

/** Where nothing is owed any more, or on a cycle: whichever is nearer. */
function inTheEnd(graph: Graph, law: Law, owing: readonly StepKind[]): ModelViolation | null {
  const { log } = graph
  const { machine } = log
  const blamed = law.when === 'before time passes' ? curable(graph, law) : () => true
  const owed = marks(machine, (kind) => owing.includes(kind))
  const mask = (owing.includes('progress') ? canProgress : 0) | (owing.includes('timer') ? canTime : 0)
  let rest: ModelViolation | null = null
  for (let state = 0; state < log.states && !rest; state++) {
    if (log.can[state]! & mask) continue
    machine.load(log.words, state * machine.words)
    const stuck = machine.messages.filter((message) => !law.holds(message, machine.known))
    const message = stuck.find(({ number }) => blamed(state, number))
    if (message) rest = at(log, law, state, message.number)
  }
  const uses = marks(machine, (kind) => owing.includes(kind) || kind === 'fault' || kind === 'heal')
  const most = rest ? rest.run.moves.length - 1 : Infinity
  const { lasso, message, shortest } = onCycle(law, { ...graph, uses, has: () => true }, owed, blamed, most)
  if (!lasso) return rest && { ...rest, shortest }
  const stem = runTo(log, lasso.at)
  const moves = [...stem.moves, ...lasso.cycle]
  const nearer = log.levels[moves.length] ?? log.states
  return { law, run: { start: stem.start, moves, stem: stem.moves.length }, message, nearer, shortest }
}

type Blamed = (state: number, message: number) => boolean

/** Whether a message that is stuck, or was given up, owes it to a link that is down: healing would let it go. */
function curable(graph: Graph, law: Law): Blamed {
  const { log } = graph
  const { machine } = log
  const helps = marks(machine, (kind) => kind === 'progress' || kind === 'heal')
  const cured = new Map<number, Uint8Array>()
  return (state, message) => {
    const view = machine.messages[message - 1]!
    machine.load(log.words, state * machine.words)
    if (view.flagged > 0) return true
    let can = cured.get(message)
    if (!can) {
      can = canReach(graph, helps, (other) => {
        machine.load(log.words, other * machine.words)
        return view.arrived > 0 && law.holds(view, { due: machine.known.due, anotherIsDown: () => true })
      })
      cured.set(message, can)
    }
    return can[state] === 1
  }
}

/** The nearest fair cycle on which some message is without what the law asks for, of at most so many steps. */
function onCycle(law: Law, whole: Subgraph, owed: Uint8Array, blamed: Blamed, most: number) {
  const { log, memory } = whole
  const { machine } = log
  const isBad = memory.take(Uint8Array, log.states)
  const part = { ...whole, has: (state: number) => isBad[state] === 1 }
  let arrays: CycleArrays | null = null
  return nearestLasso(whole, owed, (state) => distance(log, state), most, (members, found) => {
    for (const { number: message } of machine.messages) {
      const bad = members.filter((state) => {
        machine.load(log.words, state * machine.words)
        return !law.holds(machine.messages[message - 1]!, machine.known) && blamed(state, message)
      })
      if (bad.length === members.length) return found(members, message) // for another message it would be the same
      if (bad.length === 0) continue
      for (const state of bad) isBad[state] = 1
      cycles(part, (cycle) => found(cycle, message), bad, (arrays ??= new CycleArrays(log, memory)))
      for (const state of bad) isBad[state] = 0
    }
  })
}

/**
 * Where a fresh message can no longer get through, whatever happens, short of a restart. The run shown goes on from
 * there until it shows: it heals what there is to heal, sends the message, and ends with the message undelivered.
 */
function doomed(graph: Graph, law: Law): ModelViolation | null {
  const { log, memory } = graph
  const { machine } = log
  const sending = machine.moves.findIndex(isFresh)
  if (sending < 0) return null
  const fresh = machine.messages.at(-1)!
  const helps = marks(machine, (kind) => kind !== 'fault')
  const look = <T>(state: number, at: () => T): T => {
    machine.load(log.words, state * machine.words)
    return at()
  }
  const safe = canReach(graph, helps, (state) => look(state, () => law.holds(fresh, machine.known)))
  const { from, to, by } = log.edges!
  // The fresh message is sent at most once from a state, so there are no more entrances than states.
  const [entered, before, far] = [0, 1, 2].map(() => memory.take(Int32Array, log.states)) as [Int32Array, Int32Array, Int32Array]
  let count = 0
  for (let state = 0; state < log.states; state++) {
    if (safe[state]) continue
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) {
      if (by[edge] !== sending) continue
      entered[count] = to[edge]!
      before[count] = state
      far[count++] = distance(log, state) + 1
    }
  }
  if (count === 0) return null
  const entrances = { state: entered.subarray(0, count), before: before.subarray(0, count), far: far.subarray(0, count), by: sending }
  const after = ways(graph, helps, entrances)
  const ended = (state: number) => {
    for (let edge = from[state]!; edge < from[state + 1]!; edge++) if (helps[by[edge]!]) return false
    return true
  }
  let rest = -1
  for (let state = 0; state < log.states; state++)
    if (after.far[state]! >= 0 && (rest < 0 || after.far[state]! < after.far[rest]!) && ended(state)) rest = state
  const part = { ...graph, uses: helps, has: (state: number) => after.far[state]! >= 0 }
  const { lasso, shortest } = nearestLasso(part, helps, (state) => after.far[state]!, rest < 0 ? Infinity : after.far[rest]! - 1,
    (members, found) => found(members, fresh.number))
  return lasso ? shown(lasso.at, lasso.cycle, after.far[lasso.at]!, shortest) : rest < 0 ? null : shown(rest, [], null, shortest)

  function shown(state: number, cycle: readonly number[], stem: number | null, shortest: boolean): ModelViolation {
    const { before, moves } = backTo(after, state, sending)
    const run = runTo(log, before)
    const all = [...run.moves, ...moves, ...cycle]
    const nearer = log.levels[all.length] ?? log.states
    return { law, run: { start: run.start, moves: all, stem }, message: fresh.number, nearer, shortest }
  }
}

function backTo(after: Ways, state: number, sending: number): { before: number; moves: readonly number[] } {
  const moves: number[] = []
  for (let here = state; ; here = after.before[here]!) {
    moves.push(after.by[here]!)
    if (after.by[here] === sending) return { before: after.before[here]!, moves: moves.reverse() }
  }
}

export const marks = (machine: Machine, counts: (kind: StepKind) => boolean) =>
  Uint8Array.from(machine.moves, ({ rule }) => (counts(rule.kind) ? 1 : 0))

function distance({ levels }: Log, state: number): number {
  let low = 0
  let high = levels.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (levels[middle]! <= state) low = middle
    else high = middle - 1
  }
  return low
}

/** The first way found to a state, which is a shortest one. */
function runTo(log: Log, state: number): Run {
  const { from, to, by } = log.edges!
  const moves: number[] = []
  let here = state
  while (log.parents[here]! >= 0) {
    const parent = log.parents[here]!
    let edge = from[parent]!
    while (to[edge] !== here) edge++
    moves.push(by[edge]!)
    here = parent
  }
  return { start: here, moves: moves.reverse(), stem: null }
}
