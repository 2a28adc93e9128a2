/** How a variant of a component answers a probe: its model is run fairly, and looked at. */
import type { Component } from '../../spec/component.ts'
import type { StepKind } from '../../spec/model.ts'
import { builderOf } from '../model/build.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import type { Probe } from './probe.ts'
import { answerFrom, endless, type Reading, wordFor } from './reading.ts'

/** Steps before a fault that does not last: a small run has no more. */
const latest = 10

export function modelAnswer(component: Component, variant: string, probe: Probe): string {
  const { fault, scope } = probe
  const machine = builderOf(component, variant)(scope)
  const faults = fault ? machine.moves.flatMap(({ rule, at }) => (rule.sentence === fault.rule ? [at] : [])) : []
  const steps = fault && !fault.lasts ? Array.from({ length: latest }, (_, n) => n) : [0]
  return answerFrom(steps.map((before) => readingOf(machine, probe, { faults, before })), probe)
}

/** Runs a probe: so many steps, the first of the faults that may happen, and then all that is owed. */
function readingOf(
  machine: Machine, { stream, eitherIsRight }: Probe,
  { faults, before }: { readonly faults: readonly number[]; readonly before: number },
): Reading {
  const of = (kind: StepKind) => machine.moves.filter((move) => move.rule.kind === kind && !isFresh(move)).map(({ at }) => at)
  const progress = of('progress')
  const owed = [...progress, ...of('timer')]
  const words = () => machine.messages.slice(0, stream.length).map((message, i) => wordFor(message, eitherIsRight[i]!))
  machine.load(machine.start(stream))
  goOn(machine, progress, before)
  faults.some((move) => machine.take(move))
  goOn(machine, progress)
  const prompt = words()
  const ends = goOn(machine, owed)
  const rest = words()
  if (!ends) return endless({ prompt, rest })
  for (const heals = of('heal'); heals.some((move) => machine.take(move)); );
  goOn(machine, owed)
  const healed = words()
  machine.take(machine.moves.findIndex(isFresh))
  goOn(machine, owed)
  const { delivered, stripped, altered } = machine.messages.at(-1)!
  return { prompt, rest, healed, ends: ['rests'], fresh: [delivered > stripped && altered === 0 ? 'delivered' : 'none'] }
}

/** Steps after which a small run counts as one that goes on for ever. */
const manySteps = 400

/** Gives each move its turn, round and round; says whether it came to rest. */
function goOn(machine: Machine, moves: readonly number[], most = manySteps): boolean {
  for (let steps = 0, turn = 0, missed = 0; steps < most; turn++) {
    if (missed === moves.length) return true
    if (machine.take(moves[turn % moves.length]!)) {
      steps++
      missed = 0
    } else missed++
  }
  return false
}

/** For each message, whether the right model says that delivering and flagging it are both right once the fault has struck. */
export function eitherIsDue(component: Component, { scope, stream, fault }: Pick<Probe, 'scope' | 'stream' | 'fault'>): readonly boolean[] {
  const machine = builderOf(component, 'fixed')(scope)
  machine.load(machine.start(stream))
  const move = fault && machine.moves.find(({ rule }) => rule.sentence === fault.rule)
  if (move) machine.take(move.at)
  return stream.map((_, i) => {
    const { whole, flagged } = machine.known.due(machine.messages[i]!)
    return whole && flagged
  })
}
