/**
 * The fourth reader: could a model have done what a connector did?
 *
 * It follows every run at once, as the set of states that the model could be in. A history shows verdicts and faults only, so any
 * step that is neither may happen at any time between them; a fault may happen from when it struck. Where the history tells time, a
 * timer of the model may be taken only once its time has passed. Where no run goes on, it says what the model would have allowed instead.
 */
import type { ModelBurst, ModelStart } from '../../spec/evidence/counterexample.ts'
import { isOwed } from '../../spec/model.ts'
import type { Fate } from '../../spec/verdict.ts'
import { startsOf } from '../model/build.ts'
import { isFresh, type Machine, type Move } from '../model/machine.ts'
import { AlikeWorkers } from './alike-workers.ts'
import type { ObservedFault, ObservedVerdict, Observation, VerdictName } from './observations.ts'
import { type Reached, Timers, type Waits } from './timers.ts'

/** What is asked about a history. */
export interface Asked {
  /** The streams that the messages may have been to the model: one that is refused for a time may be of more than one kind. */
  readonly streams: readonly (readonly ModelBurst[])[]
  /** The number of a message to the model, by its own, */
  readonly burstOf: (message: number) => number
  /** and what it is called, by that of the model. */
  readonly idOf: (burst: number) => string
  readonly observations: readonly Observation[]
  /** Whether a fault of the model may happen when those have struck. */
  readonly isStruck: (move: Move, struck: readonly ObservedFault[]) => boolean
  /** Whether one of them is what a world calls that fault of the model. */
  readonly isMeant: (move: Move, struck: ObservedFault) => boolean
  /** Whether the model is to be at rest after it: not where messages may be lost. */
  readonly ends: boolean
  /** How long its timers take; null where the history tells no time of which that could be asked. */
  readonly waits: Waits | null
}

/** A run of the model that is seen as the history is. */
export interface Explained {
  readonly is: 'explained'
  readonly start: ModelStart
  readonly moves: readonly number[]
}

export interface Unexplained {
  readonly is: 'unexplained'
  /** The first verdict that no run of the model has there; null where the model was not at rest after all of them. */
  readonly verdict: ObservedVerdict | null
  /** What the model would have allowed instead. */
  readonly allowed: readonly string[]
}

export class TooManyRuns extends Error {}

const mostStates = 100_000

/** A state that the model could be in, and how it comes there. */
interface Node {
  readonly state: Int32Array
  readonly before: Node | null
  readonly move: number
  readonly start: ModelStart
  /** The faults that have taken place on the way. */
  readonly faults: ReadonlySet<string>
  readonly reached: Reached
}

/** Where a run may be between two observations; those of a list before them are the ones to tell of. */
type Lists = readonly (readonly Node[])[]

/** Throws `TooManyRuns` when the model could be in too many states. */
export function explain(machine: Machine, asked: Asked): Explained | Unexplained {
  const { observations, burstOf, idOf, isMeant, ends } = asked
  const runs = new Runs(machine, asked)
  const starts = runs.starts()
  let lists: Lists = [starts]
  for (const observation of observations) {
    const { time } = observation
    const nodes = runs.goOn(lists, time)
    const at = (node: Node): Node => ({ ...node, reached: { ...node.reached, time } })
    if (observation.is === 'fault') {
      // First the runs in which it happens now: where one of them explains the history, that is the one to tell of.
      const moves = machine.moves.filter((move) => move.rule.kind === 'fault' && isMeant(move, observation))
      const now = nodes.flatMap((node) => runs.stepsFrom(node, { until: time, isThen: true, moves, isSeen: false }))
      runs.strikes(observation)
      lists = [now.map(({ next }) => at(next)), nodes.map(at)]
      continue
    }
    const steps = runs.verdictsFrom(nodes, time)
    const taken = steps.filter(({ verdict, message }) => verdict === observation.verdict && message === burstOf(observation.message))
    if (taken.length === 0) {
      const [now, later] = [steps, runs.verdictsLater(lists)].map((allowed) => phrases(allowed, idOf, time))
      return { is: 'unexplained', verdict: observation, allowed: allowedLater(now!, later!) }
    }
    const unheard = observation.isUnheard ? taken.filter((step) => isFault(machine, step)) : []
    lists = [unheard, taken].map((list) => list.map(({ next }) => at(next)))
  }
  const nodes = runs.goOn(lists, Infinity)
  // What struck may have its effect later. A run in which it has is the one to tell of; then one of the first of the streams.
  const place = new Map(starts.map(({ start }, i) => [start, i]))
  const byFaults = nodes.toSorted((a, b) => b.faults.size - a.faults.size || place.get(a.start)! - place.get(b.start)!)
  const last = ends ? byFaults.find(({ state }) => isAtRest(machine, state)) : byFaults[0]
  if (last) return { is: 'explained', start: last.start, moves: movesTo(last) }
  return { is: 'unexplained', verdict: null, allowed: [...phrases(runs.verdictsFrom(nodes, Infinity), idOf, 0).keys()] }
}

/** What would be allowed at that moment, and what only when time has passed: how much more, where a moment is not enough. */
const allowedLater = (now: Phrases, later: Phrases) =>
  [...now.keys(), ...[...later].filter(([phrase]) => !now.has(phrase)).map(([phrase, at]) => `${phrase}, once ${waited(at)} passed`)]
const waited = (milliseconds: number) =>
  (milliseconds >= 1 ? `${Math.ceil(milliseconds).toLocaleString('en-US')} ms more have` : 'time has')

interface Steps {
  readonly until: number
  readonly isThen: boolean
  readonly moves: readonly Move[]
  /** Whether those that give a verdict are asked for, or those that give none. */
  readonly isSeen: boolean
}

/** Every run of a model at once. */
class Runs {
  /** The faults that have struck until now, and the moves that may be taken then. */
  readonly #struck: ObservedFault[] = []
  #possible: readonly Move[]
  readonly #machine: Machine
  readonly #asked: Asked
  readonly #timers: Timers
  readonly #workers: AlikeWorkers
  /** What had come to each message before a step: made once, for there are a million steps. */
  readonly #was: Counts[]

  constructor(machine: Machine, asked: Asked) {
    this.#machine = machine
    this.#asked = asked
    this.#timers = new Timers(machine, asked.waits)
    this.#workers = AlikeWorkers.of(machine)
    this.#was = machine.messages.map(() => ({ delivered: 0, stripped: 0, altered: 0, flagged: 0 }))
    this.#possible = this.#possibleNow()
  }

  strikes(fault: ObservedFault): void {
    this.#struck.push(fault)
    this.#possible = this.#possibleNow()
  }

  #possibleNow(): readonly Move[] {
    const { isStruck } = this.#asked
    return this.#machine.moves.filter((move) => !isFresh(move) && (move.rule.kind !== 'fault' || isStruck(move, this.#struck)))
  }

  starts(): readonly Node[] {
    return startsOf(this.#machine, this.#asked.streams).map(({ words: state, ...start }) => {
      this.#machine.load(state)
      return { state, before: null, move: -1, start, faults: new Set<string>(), reached: this.#timers.start() }
    })
  }

  /** What steps without a verdict lead to until then. */
  goOn(lists: Lists, until: number): readonly Node[] {
    let nodes: readonly Node[] = []
    for (const list of lists) nodes = this.#withSilentSteps([...nodes, ...list], until)
    return nodes
  }

  verdictsFrom(nodes: readonly Node[], until: number): readonly Step[] {
    return nodes.flatMap((node) => this.stepsFrom(node, { until, isThen: true, moves: this.#possible, isSeen: true }))
  }

  /** Those that may come if there is time without end. */
  verdictsLater(lists: Lists): readonly Step[] {
    return this.verdictsFrom(this.goOn(lists, Infinity), Infinity)
  }

  /** States, and all that can be reached from them by steps that give no verdict. */
  #withSilentSteps(from: readonly Node[], until: number): readonly Node[] {
    const { name } = this.#machine.model
    const seen = new Map<string, Reached[]>()
    const all: Node[] = []
    const see = (node: Node) => {
      const { time } = node.reached
      const { state, since } = this.#workers.inOrder(node.state, node.reached.since)
      const key = keyOf(state)
      const reached = { time, since }
      const same = seen.get(key)
      if (same?.some((before) => this.#timers.isNoLater(before, reached))) return
      if (same) same.push(reached)
      else seen.set(key, [reached])
      all.push(node)
    }
    // Of two that come to the same here, the later is the one to tell of.
    for (const node of from.toReversed()) see(node)
    all.reverse()
    for (const node of all) {
      if (all.length > mostStates) throw new TooManyRuns(`${name} could be in over ${mostStates.toLocaleString('en-US')} states.`)
      for (const { next } of this.stepsFrom(node, { until, isThen: false, moves: this.#possible, isSeen: false })) see(next)
    }
    return all
  }

  /** Those that may be taken by then: as early as can be, or just then. */
  stepsFrom(before: Node, { until, isThen, moves, isSeen }: Steps): readonly Step[] {
    const { messages } = this.#machine
    const was = this.#was
    const steps: Step[] = []
    this.#machine.load(before.state)
    for (let i = 0; i < messages.length; i++) keep(was[i]!, messages[i]!)
    let isBefore = true
    for (const move of moves) {
      const earliest = this.#timers.earliest(before.reached, move)
      if (earliest > until) continue
      // One that may not be taken leaves the state as it is.
      if (!isBefore) this.#machine.load(before.state)
      isBefore = !this.#machine.take(move.at)
      if (isBefore) continue
      const at = messages.findIndex(({ delivered, flagged }, i) => delivered !== was[i]!.delivered || flagged !== was[i]!.flagged)
      if (at >= 0 !== isSeen) continue
      const verdict = at < 0 ? null : verdictOf(messages[at]!, was[at]!)
      const { kind, sentence } = move.rule
      const faults = kind === 'fault' && !before.faults.has(sentence) ? new Set([...before.faults, sentence]) : before.faults
      const reached = this.#timers.after(before.reached, move, isThen ? until : earliest)
      const next: Node = { state: this.#machine.save(), before, move: move.at, start: before.start, faults, reached }
      steps.push({ verdict, message: at + 1, next, earliest })
    }
    return steps
  }
}

/** A text that no other state of the same machine has. */
function keyOf(state: Int32Array): string {
  let key = ''
  for (let i = 0; i < state.length; i++) key += String.fromCharCode(state[i]! & 0xffff, state[i]! >>> 16)
  return key
}

interface Counts { delivered: number; stripped: number; altered: number; flagged: number }

function keep(counts: Counts, { delivered, stripped, altered, flagged }: Fate): void {
  counts.delivered = delivered
  counts.stripped = stripped
  counts.altered = altered
  counts.flagged = flagged
}

const verdictOf = (is: Fate, was: Counts): VerdictName => is.flagged !== was.flagged ? 'flagged'
  : is.stripped !== was.stripped ? 'delivered stripped' : is.altered !== was.altered ? 'delivered altered' : 'delivered'

/** A step of the model: its verdict, if it gives one, and the state after it. */
interface Step {
  readonly verdict: VerdictName | null
  readonly message: number
  readonly next: Node
  /** When it may come at the earliest, in milliseconds since the start. */
  readonly earliest: number
}

const isFault = ({ moves }: Machine, { next }: Step) => moves[next.move]!.rule.kind === 'fault'

const asText: Readonly<Record<VerdictName, string>> = {
  delivered: 'is delivered', 'delivered stripped': 'is delivered, stripped', 'delivered altered': 'is delivered, altered',
  flagged: 'is flagged',
}
export const verdictText = (id: string, verdict: VerdictName) => `${id} ${asText[verdict]}`

/** Verdicts in words, in their order, and after how many milliseconds each may come at the earliest. */
type Phrases = ReadonlyMap<string, number>

function phrases(steps: readonly Step[], idOf: Asked['idOf'], now: number): Phrases {
  const all = new Map<string, number>()
  for (const { verdict, message, earliest } of steps) {
    const phrase = verdictText(idOf(message), verdict!)
    all.set(phrase, Math.min(all.get(phrase) ?? Infinity, earliest - now))
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isAtRest(machine: Machine, state: Int32Array): boolean {
  machine.load(state)
  return !machine.moves.some(({ rule, at }) => isOwed(rule.kind) && machine.may(at))
}

function movesTo(last: Node): readonly number[] {
  const moves: number[] = []
  for (let node = last; node.before; node = node.before) moves.push(node.move)
  return moves.reverse()
}
