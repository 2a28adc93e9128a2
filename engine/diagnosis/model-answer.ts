/** How a variant of a component answers a probe: its model is run fairly, and looked at. */
import type { Component } from '../../spec/component.ts'
import { nothingWedges } from '../../spec/laws.ts'
import { builderOf } from '../model/build.ts'
import { isFresh, type Machine } from '../model/machine.ts'
import { FairScheduler } from '../run/fairness.ts'
import type { Probe } from './probe.ts'
import { answerFrom, endless, orderOf, type Reading, wordFor } from './reading.ts'

/** Steps before a fault that does not last: a small run has no more, nor so many of each of its messages. */
const latest = 10
const ofEach = 6

export function modelAnswer(component: Component, variant: string, probe: Probe): string {
  const machine = builderOf(component, variant)(probe.scope)
  const [first] = probe.faults
  const isAnyTime = first && !first.lasts && !probe.isLate
  const steps = Array.from({ length: isAnyTime ? Math.max(latest, ofEach * probe.stream.length) : 1 }, (_, n) => n)
  // Whoever starts anew may begin with anything: with what is given to it again, or with what it finds.
  const turns = first?.name === 'service dies' ? Array.from({ length: machine.ends.progress }, (_, turn) => turn) : [0]
  const readings = rulesOf(probe).flatMap((rules) => steps.flatMap((before) => turns.map((turn) =>
    readingOf(machine, probe, { rules, before, turn }))))
  // What could not happen at that moment tells nothing of it, unless it can at none.
  const struck = readings.filter(({ isStruck }) => isStruck)
  return answerFrom(struck.length > 0 ? struck : readings, probe)
}

interface ModelReading extends Reading {
  /** Whether its faults came about. */
  readonly isStruck: boolean
}

/** For each fault the rule that it is, in every way. */
const rulesOf = ({ faults }: Pick<Probe, 'faults'>) => faults.reduce<readonly (readonly string[])[]>(
  (all, { rules }) => all.flatMap((chosen) => rules.map((rule) => [...chosen, rule])), [[]])

interface Way {
  readonly rules: readonly string[]
  /** Steps before the first fault, where it does not last. */
  readonly before: number
  /** The move whose turn it is after the faults. */
  readonly turn: number
}

/** Runs a probe: what comes before the faults, the faults, and then all that is owed. */
function readingOf(machine: Machine, probe: Probe, { rules, before, turn }: Way): ModelReading {
  const { progress, timer, heal } = machine.ends
  const words = () => machine.messages.slice(0, probe.stream.length).map((message, i) => wordFor(message, i, probe))
  machine.load(machine.start(probe.stream))
  if (probe.isLate) goOn(machine, progress)
  else if (probe.faults[0]?.lasts) takeUp(machine)
  else goOn(machine, progress, { most: before })
  const isStruck = rules.map((rule) => strike(machine, rule)).every((did) => did)
  const delivered = new Map<number, number>()
  goOn(machine, progress, { turn, then: (step) => noteDelivered(machine, delivered, step) })
  const prompt = words()
  const ends = goOn(machine, timer)
  if (!ends) letAll(machine)
  const rest = words()
  // Who goes on as long as something lasts may come to an end when it is healed.
  if (!ends && probe.faults.every(({ lasts }) => !lasts)) return { ...endless({ prompt, rest }), isStruck }
  while (machine.next(timer, heal) >= 0);
  goOn(machine, timer)
  const healed = words()
  machine.take(machine.moves.findIndex(isFresh))
  goOn(machine, timer)
  const isWhole = nothingWedges.holds(machine.messages.at(-1)!, machine.known)
  return { prompt, rest, healed, late: words(), ends: ['rests'], fresh: [isWhole ? 'delivered' : 'none'], isStruck,
    order: [orderOf(probe.stream.map((_, i) => delivered.get(i)))] }
}

/** Which of the messages was delivered in a step. */
function noteDelivered({ messages }: Machine, delivered: Map<number, number>, step: number): void {
  for (const [i, message] of messages.entries()) if (message.delivered > 0 && !delivered.has(i)) delivered.set(i, step)
}

/** The first of the moves of a rule that may happen. */
const strike = (machine: Machine, sentence: string) =>
  machine.moves.some(({ rule, at }) => rule.sentence === sentence && machine.take(at))

/** Steps after which a small run counts as one that goes on for ever. */
const manySteps = 400

/** Goes on fairly with the moves up to one; says whether it came to rest. */
function goOn(machine: Machine, end: number, { most = manySteps, turn = 0, then = (_step: number) => {} } = {}): boolean {
  const scheduler = new FairScheduler(machine.next, end)
  scheduler.turn = turn
  for (let steps = 0; steps < most; steps++) {
    if (scheduler.go() === -1) return true
    then(steps)
  }
  return false
}

/**
 * Goes on with what was done longest ago, each time: who goes round with one message for ever comes to the others, too, as queues do.
 */
function letAll(machine: Machine): void {
  const waiting = Array.from({ length: machine.ends.progress }, (_, move) => move)
  for (let steps = 0; steps < manySteps; steps++) {
    const at = waiting.findIndex((move) => machine.take(move))
    if (at < 0) return
    waiting.push(...waiting.splice(at, 1))
  }
}

/** Whoever works takes up what has come, and nobody has a verdict yet: connectors fetch as soon as there is something. */
function takeUp(machine: Machine): void {
  const verdicts = () => machine.messages.reduce((sum, { delivered, flagged }) => sum + delivered + flagged, 0)
  const isSilent = (move: number) => {
    const [state, before] = [machine.save(), verdicts()]
    if (!machine.take(move)) return false
    if (verdicts() === before) return true
    machine.load(state)
    return false
  }
  for (let steps = 0; steps < latest; steps++)
    if (!machine.moves.slice(0, machine.ends.progress).some(({ at }) => isSilent(at))) return
}

/** For each message, whether the right model says that delivering and flagging it are both right once the faults have struck. */
export function eitherIsDue(
  component: Component, { scope, stream, faults }: Pick<Probe, 'scope' | 'stream' | 'faults'>,
): readonly boolean[] {
  const machine = builderOf(component, 'fixed')(scope)
  const dues = rulesOf({ faults }).map((rules) => {
    machine.load(machine.start(stream))
    for (const rule of rules) strike(machine, rule)
    return stream.map((_, i) => machine.known.due(machine.messages[i]!))
  })
  return stream.map((_, i) => dues.some((due) => due[i]!.whole && due[i]!.flagged))
}
