/**
 * The fourth reader: could a model have done what a connector did?
 *
 * It follows every run at once, as the set of states that the model could be in. A history shows verdicts only, so any
 * other step may happen at any time between them. Where no run goes on, it says what the model would have allowed instead.
 */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { isOwed } from '../../spec/model.ts'
import { isFresh, type Machine, nameOf } from '../model/machine.ts'

/** A verdict, and the number of the message that it is about. */
export interface MessageVerdict {
  readonly is: 'delivered' | 'flagged'
  readonly message: number
}

export interface Unexplained {
  /** The first verdict that no run of the model has there; past the last, the model was not at rest yet. */
  readonly at: number
  /** What the model would have allowed instead. */
  readonly allowed: readonly string[]
}

export class TooManyRuns extends Error {}

const mostStates = 200_000

/** Null when some run of the model has exactly these verdicts. Throws `TooManyRuns` when it could be in too many states. */
export function explain(machine: Machine, stream: readonly ModelBurst[], verdicts: readonly MessageVerdict[]): Unexplained | null {
  let states = withSilentSteps(machine, [machine.start(stream)])
  for (const [at, { is, message }] of verdicts.entries()) {
    const steps = states.flatMap((state) => verdictSteps(machine, state))
    const taken = steps.filter(({ verdict }) => verdict.is === is && verdict.message === message)
    if (taken.length === 0) return { at, allowed: phrases(steps) }
    states = withSilentSteps(machine, taken.map(({ next }) => next))
  }
  if (states.some((state) => isAtRest(machine, state))) return null
  return { at: verdicts.length, allowed: phrases(states.flatMap((state) => verdictSteps(machine, state))) }
}

/** A step of the model: its verdict, if it gives one, and the state after it. */
interface Step {
  readonly verdict: MessageVerdict | null
  readonly next: Int32Array
}
interface VerdictStep extends Step {
  readonly verdict: MessageVerdict
}

const phrases = (steps: readonly VerdictStep[]) =>
  [...new Set(steps.map(({ verdict }) => `${nameOf('message', verdict.message)} is ${verdict.is}`))].sort()

const verdictSteps = (machine: Machine, state: Int32Array): readonly VerdictStep[] =>
  stepsFrom(machine, state).flatMap(({ verdict, next }) => (verdict ? [{ verdict, next }] : []))

/** States, and all that can be reached from them by steps that give no verdict. */
function withSilentSteps(machine: Machine, from: readonly Int32Array[]): readonly Int32Array[] {
  const seen = new Map(from.map((state) => [state.join(), state]))
  for (const state of seen.values()) {
    if (seen.size > mostStates)
      throw new TooManyRuns(`${machine.model.name} could be in over ${mostStates.toLocaleString('en-US')} states: explain a shorter history.`)
    for (const { verdict, next } of stepsFrom(machine, state)) if (!verdict) seen.set(next.join(), next)
  }
  return [...seen.values()]
}

function stepsFrom(machine: Machine, state: Int32Array): readonly Step[] {
  machine.load(state)
  const before = machine.messages.map(({ delivered, flagged }) => ({ delivered, flagged }))
  return machine.moves.flatMap((move): readonly Step[] => {
    machine.load(state)
    if (isFresh(move) || !machine.take(move.at)) return []
    const changed = machine.messages.find((m, i) => m.delivered !== before[i]!.delivered || m.flagged !== before[i]!.flagged)
    const is = changed && changed.delivered !== before[changed.number - 1]!.delivered ? 'delivered' : 'flagged'
    return [{ verdict: changed ? { is, message: changed.number } : null, next: machine.save() }]
  })
}

function isAtRest(machine: Machine, state: Int32Array): boolean {
  machine.load(state)
  return !machine.moves.some(({ rule, at }) => isOwed(rule.kind) && machine.may(at))
}
