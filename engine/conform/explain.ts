/**
 * The fourth reader: could a model have done what a connector did?
 *
 * It follows every run at once, as the set of states the model could be in: what a history does not show may happen at
 * any time between what it does. Where no run goes on, it says what the model would have allowed instead.
 */
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { isFresh, type Machine, nameOf } from '../model/machine.ts'

/** What a history shows of a message, by its number. */
export interface Observed {
  readonly does: 'delivered' | 'flagged'
  readonly message: number
}

export interface Unexplained {
  /** The first thing shown that no run of the model has there; past the last, the model was not at rest yet. */
  readonly at: number
  /** What the model would have allowed instead. */
  readonly allowed: readonly string[]
}

export class TooManyRuns extends Error {}

const mostStates = 200_000

/** Null when some run of the model shows exactly this. Throws `TooManyRuns` when it could be in too many states. */
export function explain(machine: Machine, stream: readonly ModelBurst[], history: readonly Observed[]): Unexplained | null {
  let states = withHidden(machine, [machine.start(stream)])
  for (const [at, shown] of history.entries()) {
    const steps = states.flatMap((state) => showing(machine, state))
    const taken = steps.filter((step) => step.shown.does === shown.does && step.shown.message === shown.message)
    if (taken.length === 0) return { at, allowed: phrases(steps) }
    states = withHidden(machine, taken.map(({ state }) => state))
  }
  if (states.some((state) => atRest(machine, state))) return null
  return { at: history.length, allowed: phrases(states.flatMap((state) => showing(machine, state))) }
}

interface ShowingStep {
  readonly shown: Observed
  readonly state: Int32Array
}

const phrases = (steps: readonly ShowingStep[]) =>
  [...new Set(steps.map(({ shown }) => `${nameOf('message', shown.message)} is ${shown.does}`))].sort()

/** The steps from a state that a history would show. */
function showing(machine: Machine, state: Int32Array): readonly ShowingStep[] {
  return successors(machine, state).flatMap(({ shown, state: next }) => (shown ? [{ shown, state: next }] : []))
}

/** States and all that can be reached from them by steps that a history does not show. */
function withHidden(machine: Machine, from: readonly Int32Array[]): readonly Int32Array[] {
  const seen = new Map(from.map((state) => [state.join(), state]))
  for (const state of seen.values()) {
    if (seen.size > mostStates)
      throw new TooManyRuns(`${machine.model.name} could be in over ${mostStates.toLocaleString('en-US')} states: explain a shorter history.`)
    for (const { shown, state: next } of successors(machine, state)) if (!shown) seen.set(next.join(), next)
  }
  return [...seen.values()]
}

function successors(machine: Machine, state: Int32Array): readonly { shown: Observed | null; state: Int32Array }[] {
  machine.load(state)
  const before = machine.messages.map(({ delivered, flagged }) => ({ delivered, flagged }))
  return machine.moves.flatMap((move) => {
    machine.load(state)
    if (isFresh(move) || !machine.take(move.at)) return []
    const changed = machine.messages.find((m, i) => m.delivered !== before[i]!.delivered || m.flagged !== before[i]!.flagged)
    const does = changed && changed.delivered !== before[changed.number - 1]!.delivered ? 'delivered' : 'flagged'
    return [{ shown: changed ? { does, message: changed.number } : null, state: machine.save() }]
  })
}

function atRest(machine: Machine, state: Int32Array): boolean {
  machine.load(state)
  return !machine.moves.some(({ rule, at }) => (rule.kind === 'progress' || rule.kind === 'timer') && machine.may(at))
}
