/** What may be a shorter run, given one that breaks a law: each to be tried, those first that would save most. */
import type { Component, Scope, Sizes } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Builder } from '../model/build.ts'
import type { Machine } from '../model/machine.ts'
import { kindsNamed } from '../model/rule-source.ts'
import type { Run } from '../run/run.ts'
import type { ModelScenario } from './model-scenario.ts'

/** A run that breaks a law, and the scenario that it follows. */
export interface Broken {
  readonly scenario: ModelScenario
  readonly machine: Machine
  readonly run: Run
  /** Whom it is broken for, from 1 in the order in which the law is asked. */
  readonly subject: number
  /** Steps after which what it asks for is due, where something has to make it so. */
  readonly since?: number
}

/** Moves that may be taken from the start of a scenario’s stream. */
export interface Attempt {
  readonly scenario: ModelScenario
  readonly machine: Machine
  readonly moves: readonly number[]
}

interface Within {
  readonly component: Component
  /** Sizes that stay. */
  readonly given: Scope
  readonly machineAt: Builder
}

/** Without a message, without some moves, with a fault earlier, with less of a world, in another order. */
export function* attempts({ scenario, machine, run }: Broken, { component, given, machineAt }: Within): Generator<Attempt> {
  const { moves } = run
  for (const at of scenario.stream.keys()) {
    if (scenario.stream.length === 1) break
    const stream = scenario.stream.toSpliced(at, 1)
    const smaller = { ...scenario, stream, scope: { ...scenario.scope, messages: stream.length } }
    const to = machineAt(smaller.scope)
    yield { scenario: smaller, machine: to, moves: translated(machine, to, moves, at + 1) }
  }
  for (const [at, burst] of scenario.stream.entries())
    for (const count of new Set([1, burst.count - 1]))
      if (count > 0 && count < burst.count)
        yield { scenario: { ...scenario, stream: scenario.stream.with(at, { ...burst, count }) }, machine, moves }
  const sizes: Sizes<Scope> = component.sizes
  for (const [name, { least }] of Object.entries(sizes)) {
    const fits = name === 'burst' ? Math.max(...scenario.stream.map(({ count }) => count)) : least
    if (name === 'messages' || given[name] !== undefined) continue
    if (scenario.scope[name]! <= fits || !holds(component, scenario, name, fits)) continue
    const smaller = { ...scenario, scope: { ...scenario.scope, [name]: fits } }
    const to = machineAt(smaller.scope)
    yield { scenario: smaller, machine: to, moves: translated(machine, to, moves, null) }
  }
  for (const [at, burst] of scenario.stream.entries())
    for (const [name, { small }] of Object.entries(component.attributes(scenario.scope)))
      for (const value of small)
        if (value !== burst[name])
          for (const count of new Set([burst.count, 1])) {
            const other = { ...burst, count, [name]: value } as ModelBurst
            yield { scenario: { ...scenario, stream: scenario.stream.with(at, other) }, machine, moves }
          }
  for (let size = Math.ceil(moves.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at < moves.length; at++) yield { scenario, machine, moves: moves.toSpliced(at, size) }
  for (const [at, move] of moves.entries())
    if (machine.moves[move]!.rule.kind === 'fault')
      for (let earlier = 0; earlier < at; earlier++)
        yield { scenario, machine, moves: moves.toSpliced(at, 1).toSpliced(earlier, 0, move) }
  for (const other of reordered(machine, moves)) yield { scenario, machine, moves: other }
}

/** A longer run is not tried in another order, or with others in it: there would be too many ways. */
const longestReordered = 16

/** Without one move, and otherwise with two moves the other way round, or with one thing in place of another from some move on. */
function* reordered(machine: Machine, moves: readonly number[]): Generator<readonly number[]> {
  if (moves.length > longestReordered) return
  const without = function* (other: readonly number[]) {
    for (let at = 0; at < other.length; at++) yield other.toSpliced(at, 1)
  }
  for (let at = 0; at + 1 < moves.length; at++)
    yield* without(moves.toSpliced(at, 2, moves[at + 1]!, moves[at]!))
  for (const [stage, { model: { state } }] of machine.stages.entries())
    for (const [kind, { many, count }] of Object.entries(state))
      for (let a = 1; many && a < count; a++)
        for (let b = a + 1; b <= count; b++)
          for (let from = 0; from < moves.length; from++) {
            const others = moves.map((move, i) => (i < from ? move : exchanged(machine, move, { stage, kind, a, b })))
            if (others.every((move, i) => move === moves[i])) continue
            yield* without(others)
          }
}

interface Exchange {
  readonly stage: number
  readonly kind: string
  readonly a: number
  readonly b: number
}

/** A move with two things of a kind in each other’s place. */
function exchanged(machine: Machine, move: number, { stage, kind, a, b }: Exchange): number {
  const { rule, who, stage: at } = machine.moves[move]!
  if (at !== stage) return move
  const kinds = kindsNamed(rule.sentence, machine.stages[stage]!.model.state)
  const now = who.map((number, k) => (kinds[k] !== kind ? number : number === a ? b : number === b ? a : number))
  return machine.moves.find((other) => other.rule === rule && other.stage === at && other.who.join() === now.join())?.at ?? move
}

/** Whether a stream still fits when one size is smaller: no value of it may lie outside what the scope allows. */
export function holds(component: Component, scenario: ModelScenario, name: string, size: number): boolean {
  const attributes = component.attributes({ ...scenario.scope, [name]: size })
  return scenario.stream.every((burst) => Object.entries(attributes).every(([field, { most }]) =>
    most === undefined || Number(burst[field]) <= most))
}

/** Shorter; or as short, with fewer messages or less of a world. */
export function isLess(a: Broken, b: Broken): boolean {
  const cost = ({ run, scenario }: Broken) => [
    run.moves.length,
    scenario.stream.reduce((sum, { count }) => sum + count, 0),
    Object.values(scenario.scope).reduce((sum, n) => sum + n, 0),
  ]
  const [mine, theirs] = [cost(a), cost(b)]
  const differs = mine.findIndex((n, i) => n !== theirs[i])
  return differs >= 0 && mine[differs]! < theirs[differs]!
}

/** A run’s moves in another machine; those about a message that is gone are left out, and later ones renumbered. */
function translated(from: Machine, to: Machine, moves: readonly number[], gone: number | null): readonly number[] {
  return moves.flatMap((at) => {
    const { rule, who, stage } = from.moves[at]!
    const words = rule.sentence.split(' ').filter((word, i, all) => all[i - 1] !== 'its' && isMany(from, stage, word))
    const about = words.indexOf('message')
    if (about >= 0 && who[about] === gone) return []
    const now = who.map((number, k) => (k === about && gone !== null && number > gone ? number - 1 : number))
    const found = to.moves.find((move) => move.rule.sentence === rule.sentence && move.stage === stage && move.who.join() === now.join())
    return found ? [found.at] : []
  })
}

function isMany(machine: Machine, stage: number, word: string): boolean {
  return machine.stages[stage]!.model.state[word]?.many ?? false
}
