/** How a variant of a component answers a probe: its model is run fairly, and looked at. */
import type { Component } from '../../spec/component.ts'
import { nothingWedges } from '../../spec/laws.ts'
import { builderOf } from '../model/build.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import { FairScheduler } from '../run/fairness.ts'
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
  const { progress, timer, heal } = machine.ends
  const words = () => machine.messages.slice(0, stream.length).map((message, i) => wordFor(message, eitherIsRight[i]!))
  machine.load(machine.start(stream))
  goOn(machine, progress, before)
  faults.some((move) => machine.take(move))
  goOn(machine, progress)
  const prompt = words()
  const ends = goOn(machine, timer)
  const rest = words()
  if (!ends) return endless({ prompt, rest })
  while (machine.next(timer, heal) >= 0);
  goOn(machine, timer)
  const healed = words()
  machine.take(machine.moves.findIndex(isFresh))
  goOn(machine, timer)
  const isWhole = nothingWedges.holds(machine.messages.at(-1)!, machine.known)
  return { prompt, rest, healed, ends: ['rests'], fresh: [isWhole ? 'delivered' : 'none'] }
}

/** Steps after which a small run counts as one that goes on for ever. */
const manySteps = 400

/** Goes on fairly with the moves up to one; says whether it came to rest. */
function goOn(machine: Machine, end: number, most = manySteps): boolean {
  const scheduler = new FairScheduler(machine.next, end)
  for (let steps = 0; steps < most; steps++) if (scheduler.go() === -1) return true
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
