/**
 * For each law the nearest state, or cycle, that breaks it, once every state is known.
 *
 * What must always hold is looked for in every state. What must hold in the end is looked for where no step is owed
 * any more, and on every cycle that is fair. What must recover is looked for backwards, from where the fresh message
 * has been delivered. Other laws of one’s own are in `own-violations.ts`.
 */
import { type Law, type ModelLaw, waitsFor } from '../../spec/laws.ts'
import type { StepKind } from '../../spec/model.ts'
import type { Run } from '../run/run.ts'
import { canReach, type Graph, subjectsOf, ways } from './graph.ts'
import { lassoFor } from './lassos.ts'
import { canProgress, canTime, isBeyond } from '../states/log.ts'
import {
  brokenAt, distance, marks, type ModelViolation, nearerThan, owedMoves, roundViolation, runTo, type UnrealisedViolation, wayBack,
} from './model-violation.ts'
import { brokenByStep, neverReached, noLongerReached, unfulfilled } from './own-violations.ts'
import { isFresh } from '../model/machine.ts'

/** Throws `TooManyStates` where there is too little memory for the answer. */
export function nearestViolation(graph: Graph, law: ModelLaw): UnrealisedViolation | null {
  const { log, memory } = graph
  switch (law.when) {
    case 'always': return anywhere(graph, law)
    case 'every step': return brokenByStep(log, law)
    case 'can be reached': return neverReached(graph, law)
    case 'can always be reached': return memory.while('to see what leads where', () => noLongerReached(graph, law))
    case 'recovers': return memory.while('to go on from where it fails', () => doomed(graph, law))
    case 'leads to':
    case 'eventually': return memory.while('to look for cycles', () => unfulfilled(graph, law))
    default: return memory.while('to look for cycles', () => inTheEnd(graph, law, waitsFor(law)))
  }
}

function anywhere({ log }: Graph, law: ModelLaw): ModelViolation | null {
  const { machine } = log
  const asked = machine.ask(law)
  for (let state = 0; state < log.states; state++) {
    machine.load(log.words, state * machine.words)
    const subject = asked.broken()
    if (subject > 0) return brokenAt(log, law, state, subject)
  }
  return null
}

/** Where nothing is owed any more, or on a cycle: whichever is nearer. */
function inTheEnd(graph: Graph, law: ModelLaw, owing: readonly StepKind[]): UnrealisedViolation | null {
  const { log } = graph
  const { machine } = log
  const asked = machine.ask(law)
  const subjects = subjectsOf(graph, asked)
  const blamed = law.when === 'before time passes' ? curable(graph, law) : () => true
  const mask = (owing.includes('progress') ? canProgress : 0) | (owing.includes('timer') ? canTime : 0) | isBeyond
  let rest: ModelViolation | null = null
  for (let state = 0; state < log.states && !rest; state++) {
    if (log.can[state]! & mask) continue
    machine.load(log.words, state * machine.words)
    const stuck = subjects.filter((each) => !asked.holds(each))
    const subject = stuck.find((each) => blamed(state, each))
    if (subject !== undefined) rest = brokenAt(log, law, state, subject)
  }
  const { found, shortest } = lassoFor(graph, {
    asked, subjects, uses: marks(machine, (kind) => owing.includes(kind) || unowed.includes(kind)), owed: owedMoves(machine, owing),
    has: () => true, depth: (state) => distance(log, state), blamed, isMissing: false, most: rest ? rest.run.moves.length - 1 : Infinity,
  })
  return found ? roundViolation(log, law, runTo(log, found.at), found, shortest) : rest && { ...rest, shortest }
}

/** What nobody owes may happen on a cycle all the same. */
const unowed: readonly StepKind[] = ['choice', 'heal', 'fault']

type Blamed = (state: number, subject: number) => boolean

/** Whether a message that is stuck, or was given up, owes it to a link that is down: healing would let it go. */
function curable(graph: Graph, law: Law): Blamed {
  const { log } = graph
  const { machine } = log
  const helps = marks(machine, (kind) => kind === 'progress' || kind === 'choice' || kind === 'heal')
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

/**
 * Where a fresh message can no longer get through, whatever happens, short of a restart. The run shown goes on from
 * there until it shows: it heals what there is to heal, sends the message, and ends with the message undelivered.
 */
function doomed(graph: Graph, law: Law): UnrealisedViolation | null {
  const { log, memory } = graph
  const { machine } = log
  const sending = machine.moves.findIndex(isFresh)
  if (sending < 0) return null
  const fresh = machine.messages.at(-1)!
  const helps = marks(machine, (kind) => kind !== 'fault')
  const safe = canReach(graph, helps, (state) => {
    machine.load(log.words, state * machine.words)
    return (log.can[state]! & isBeyond) !== 0 || law.holds(fresh, machine.known)
  })
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
  const { found, shortest } = lassoFor(graph, {
    asked: machine.ask(law), subjects: [fresh.number], uses: helps, owed: helps, has: (state) => after.far[state]! >= 0,
    depth: (state) => after.far[state]!, blamed: () => true, isMissing: true, most: rest < 0 ? Infinity : after.far[rest]! - 1,
  })
  if (!found && rest < 0) return null
  const way = wayBack(after, found ? found.at : rest, (here) => after.by[here] === sending)
  const run = runTo(log, way.before)
  const whole: Run = { start: run.start, moves: [...run.moves, ...way.moves], stem: null }
  return found ? roundViolation(log, law, whole, found, shortest)
    : { law, run: whole, subject: fresh.number, nearer: nearerThan(log, whole.moves.length), shortest }
}
