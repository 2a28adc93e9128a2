/**
 * The fourth reader: could a model have done what a connector did?
 *
 * It follows every run at once, as the set of states that the model could be in. A history shows verdicts and faults only, so any
 * step that is neither may happen at any time between them; a fault may happen from when it struck. Where no run goes on, it says
 * what the model would have allowed instead.
 */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { isOwed } from '../../spec/model.ts'
import { isFresh, type Machine, type Move } from '../model/machine.ts'
import type { ObservedFault, ObservedVerdict, Observation, VerdictName } from './observations.ts'

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
}

/** A run of the model that is seen as the history is. */
export interface Explained {
  readonly is: 'explained'
  readonly stream: readonly ModelBurst[]
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
  readonly stream: readonly ModelBurst[]
  /** The faults that have taken place on the way. */
  readonly faults: ReadonlySet<string>
}

/** Throws `TooManyRuns` when the model could be in too many states. */
export function explain(
  machine: Machine, { streams, observations, burstOf, idOf, isStruck, isMeant, ends }: Asked,
): Explained | Unexplained {
  const struck: ObservedFault[] = []
  const isSilent = (move: Move) => !isFresh(move) && (move.rule.kind !== 'fault' || isStruck(move, struck))
  const starts = streams.map((stream): Node => ({ state: machine.start(stream), before: null, move: -1, stream, faults: new Set() }))
  let nodes = withSilentSteps(machine, starts, isSilent)
  for (const observation of observations) {
    if (observation.is === 'fault') {
      struck.push(observation)
      // First the runs in which it happens now: where one of them explains the history, that is the one to tell of.
      const now = nodes.flatMap((node) => stepsFrom(machine, node, (move) => move.rule.kind === 'fault' && isMeant(move, observation)))
      const after = now.flatMap(({ verdict, next }) => (verdict ? [] : [next]))
      nodes = withSilentSteps(machine, [...withSilentSteps(machine, after, isSilent), ...nodes], isSilent)
      continue
    }
    const steps = nodes.flatMap((node) => verdictSteps(machine, node, isSilent))
    const taken = steps.filter(({ verdict, message }) => verdict === observation.verdict && message === burstOf(observation.message))
    if (taken.length === 0) return { is: 'unexplained', verdict: observation, allowed: phrases(steps, idOf) }
    const unheard = observation.isUnheard ? taken.filter((step) => isFault(machine, step)).map(({ next }) => next) : []
    nodes = withSilentSteps(machine, [...withSilentSteps(machine, unheard, isSilent), ...taken.map(({ next }) => next)], isSilent)
  }
  // What struck may have its effect later. A run in which it has is the one to tell of.
  const byFaults = nodes.toSorted((a, b) => b.faults.size - a.faults.size)
  const last = ends ? byFaults.find(({ state }) => isAtRest(machine, state)) : byFaults[0]
  if (last) return { is: 'explained', stream: last.stream, moves: movesTo(last) }
  return { is: 'unexplained', verdict: null, allowed: phrases(nodes.flatMap((node) => verdictSteps(machine, node, isSilent)), idOf) }
}

/** A step of the model: its verdict, if it gives one, and the state after it. */
interface Step {
  readonly verdict: VerdictName | null
  readonly message: number
  readonly next: Node
}

const isFault = ({ moves }: Machine, { next }: Step) => moves[next.move]!.rule.kind === 'fault'

const asText: Readonly<Record<VerdictName, string>> = {
  delivered: 'is delivered', 'delivered stripped': 'is delivered, stripped', 'delivered altered': 'is delivered, altered',
  flagged: 'is flagged',
}
export const verdictText = (id: string, verdict: VerdictName) => `${id} ${asText[verdict]}`

const phrases = (steps: readonly Step[], idOf: Asked['idOf']) =>
  [...new Set(steps.map(({ verdict, message }) => verdictText(idOf(message), verdict!)))].sort()

const verdictSteps = (machine: Machine, node: Node, may: (move: Move) => boolean) =>
  stepsFrom(machine, node, may).filter(({ verdict }) => verdict !== null)

/** States, and all that can be reached from them by steps that give no verdict. */
function withSilentSteps(machine: Machine, from: readonly Node[], may: (move: Move) => boolean): readonly Node[] {
  const seen = new Map(from.map((node) => [node.state.join(), node]))
  for (const node of seen.values()) {
    if (seen.size > mostStates)
      throw new TooManyRuns(`${machine.model.name} could be in over ${mostStates.toLocaleString('en-US')} states.`)
    for (const { verdict, next } of stepsFrom(machine, node, may)) {
      if (verdict !== null) continue
      const key = next.state.join()
      if (!seen.has(key)) seen.set(key, next)
    }
  }
  return [...seen.values()]
}

function stepsFrom(machine: Machine, before: Node, may: (move: Move) => boolean): readonly Step[] {
  const { messages } = machine
  machine.load(before.state)
  const was = messages.map(({ delivered, stripped, altered, flagged }) => ({ delivered, stripped, altered, flagged }))
  return machine.moves.flatMap((move): readonly Step[] => {
    if (!may(move)) return []
    machine.load(before.state)
    if (!machine.take(move.at)) return []
    const at = messages.findIndex(({ delivered, flagged }, i) => delivered !== was[i]!.delivered || flagged !== was[i]!.flagged)
    const { kind, sentence } = move.rule
    const faults = kind === 'fault' && !before.faults.has(sentence) ? new Set([...before.faults, sentence]) : before.faults
    const next: Node = { state: machine.save(), before, move: move.at, stream: before.stream, faults }
    if (at < 0) return [{ verdict: null, message: 0, next }]
    const [is, old] = [messages[at]!, was[at]!]
    const verdict = is.flagged !== old.flagged ? 'flagged' : is.stripped !== old.stripped ? 'delivered stripped'
      : is.altered !== old.altered ? 'delivered altered' : 'delivered'
    return [{ verdict, message: at + 1, next }]
  })
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
