/**
 * Makes a scenario that breaks a law as small as it gets: first what there is of it, then the run itself.
 *
 * fast-check finds the least total of a run-length stream and leaves it in several bursts; halving, dropping and
 * merging afterwards gives one. Every pass only tries, and keeps what still breaks the same law.
 *
 * Walks in strides lead the way. Where they left steps out, what they led to is walked step by step in the end, and so
 * is each number in it made less by one; if any of that comes out otherwise, everything is done again without strides.
 */
import type { Component, Scope, Sizes } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Law } from '../../spec/laws.ts'
import { type Builder, builderOf } from '../model/build.ts'
import type { Run } from '../run/run.ts'
import type { Machine } from '../model/machine.ts'
import { tidy } from './trim-lasso.ts'
import { guess, type ModelScenario, retrace, walk } from './walk.ts'

export interface Shrunk {
  readonly scenario: ModelScenario
  readonly machine: Machine
  readonly run: Run
  readonly message: number
  /** Walks that it took. */
  readonly tries: number
}

/** Shrinks a scenario that breaks a law for a variant; given sizes stay. Null when it does not break it. */
export function shrink(
  component: Component, variant: string, law: Law, from: ModelScenario, given: Scope = {}, machine = builderOf(component, variant),
): Shrunk | null {
  const shrunk = new Shrinker(component, law, given, machine, true).shrink(from)
  return shrunk === 'doubtful' ? new Shrinker(component, law, given, machine, false).shrink(from) as Shrunk | null : shrunk
}

class Shrinker {
  readonly #component: Component
  readonly #law: Law
  readonly #given: Scope
  readonly #strides: boolean
  readonly #machine: Builder
  #tries = 0
  /** Whether every step of every walk was taken. */
  #isSure = true

  constructor(component: Component, law: Law, given: Scope, machine: Builder, strides: boolean) {
    this.#component = component
    this.#law = law
    this.#given = given
    this.#machine = machine
    this.#strides = strides
  }

  /** Whether a scenario breaks the law, or seems to. */
  #breaks(scenario: ModelScenario): boolean {
    if (!this.#strides) return this.#walked(scenario) !== null
    this.#tries++
    const { broken, isSure } = guess(this.#machine(scenario.scope), scenario, { laws: [this.#law] })
    this.#isSure &&= isSure
    return broken !== null
  }

  /** How a scenario breaks the law, step by step; null when it does not. */
  #walked(scenario: ModelScenario) {
    this.#tries++
    return walk(this.#machine(scenario.scope), scenario, { laws: [this.#law] }).broken
  }

  /** Null when there is nothing to shrink; doubtful when walks in strides have misled. */
  shrink(from: ModelScenario): Shrunk | null | 'doubtful' {
    if (!this.#breaks(from)) return this.#isSure ? null : 'doubtful'
    let scenario = from
    for (let before = ''; before !== JSON.stringify(scenario); ) {
      before = JSON.stringify(scenario)
      scenario = this.#smallerList(scenario, 'faults')
      scenario = this.#smallerList(scenario, 'schedule')
      scenario = this.#smallerStream(scenario)
      scenario = this.#smallerScope(scenario)
    }
    const broken = this.#walked(scenario)
    if (!broken || (!this.#isSure && this.#oneLess(scenario).some((less) => this.#walked(less) !== null))) return 'doubtful'
    return { ...this.#shortestRun(scenario, broken), tries: this.#tries }
  }

  /** A scenario with one number of its stream less by one, for each that can be. */
  #oneLess(scenario: ModelScenario): readonly ModelScenario[] {
    const attributes = Object.entries(this.#component.attributes(scenario.scope))
    const least = [['count', 1] as const, ...attributes.map(([name, { small }]) => [name, small[0]!] as const)]
    return scenario.stream.flatMap((burst, at) => least.flatMap(([name, low]) => {
      const value = burst[name]!
      if (typeof value !== 'number' || value <= Number(low)) return []
      return [{ ...scenario, stream: scenario.stream.with(at, { ...burst, [name]: value - 1 }) }]
    }))
  }

  #keep(scenario: ModelScenario, smaller: ModelScenario): ModelScenario {
    return this.#breaks(smaller) ? smaller : scenario
  }

  /** Leaves out elements, halves at first; then makes what is left 0. */
  #smallerList<K extends 'faults' | 'schedule'>(from: ModelScenario, key: K): ModelScenario {
    let scenario = from
    for (let size = Math.max(1, scenario[key].length); size >= 1; size = Math.floor(size / 2))
      for (let at = 0; at < scenario[key].length; ) {
        const without = { ...scenario, [key]: [...scenario[key].slice(0, at), ...scenario[key].slice(at + size)] }
        if (this.#breaks(without)) scenario = without
        else at += size
      }
    for (const at of scenario[key].keys()) {
      const lower = (n: number) => ({ ...scenario, schedule: scenario.schedule.with(at, n) })
      if (key === 'schedule') scenario = lower(this.#least(scenario.schedule[at]!, 0, (n) => this.#breaks(lower(n))))
      else {
        const fault = scenario.faults[at]!
        const with_ = (change: Partial<typeof fault>) =>
          ({ ...scenario, faults: scenario.faults.with(at, { ...scenario.faults[at]!, ...change }) })
        scenario = with_({ pick: this.#least(fault.pick, 0, (pick) => this.#breaks(with_({ pick }))) })
        scenario = with_({ after: this.#least(fault.after, 0, (after) => this.#breaks(with_({ after }))) })
      }
    }
    return scenario
  }

  #smallerStream(from: ModelScenario): ModelScenario {
    let scenario = from
    const stream = (bursts: readonly ModelBurst[]) => (
      { ...scenario, scope: { ...scenario.scope, messages: bursts.length }, stream: bursts })
    for (let at = 0; at < scenario.stream.length && scenario.stream.length > 1; ) {
      const without = stream(scenario.stream.toSpliced(at, 1))
      if (this.#breaks(without)) scenario = without
      else at++
    }
    const attributes = this.#component.attributes(scenario.scope)
    for (let at = 0; at < scenario.stream.length; at++) {
      const set = (change: Partial<ModelBurst>) => stream(scenario.stream.with(at, { ...scenario.stream[at]!, ...change } as ModelBurst))
      for (const [name, { small }] of Object.entries(attributes)) {
        const value = scenario.stream[at]![name]!
        if (value !== small[0]) scenario = this.#keep(scenario, set({ [name]: small[0]! }))
        const left = scenario.stream[at]![name]!
        if (typeof left === 'number')
          scenario = set({ [name]: this.#least(left, small[0] as number, (n) => this.#breaks(set({ [name]: n }))) })
      }
      for (const other of scenario.stream.keys()) {
        if (other === at || other >= scenario.stream.length || at >= scenario.stream.length) continue
        const merged = { ...scenario.stream[at]!, count: scenario.stream[at]!.count + scenario.stream[other]!.count }
        if (merged.count <= (scenario.scope['burst'] ?? 1))
          scenario = this.#keep(scenario, stream(scenario.stream.with(at, merged).toSpliced(other, 1)))
      }
      if (at < scenario.stream.length) {
        const { count } = scenario.stream[at]!
        scenario = set({ count: this.#least(count, 1, (n) => this.#breaks(set({ count: n }))) })
      }
    }
    return scenario
  }

  #smallerScope(from: ModelScenario): ModelScenario {
    let scenario = from
    const sizes: Sizes<Scope> = this.#component.sizes
    for (const [name, { least }] of Object.entries(sizes)) {
      if (name === 'messages' || this.#given[name] !== undefined) continue
      const size = (n: number) => ({ ...scenario, scope: { ...scenario.scope, [name]: n } })
      const fits = name === 'burst' ? Math.max(...scenario.stream.map(({ count }) => count)) : least
      const breaks = (n: number) => n >= fits && this.#holds(scenario, name, n) && this.#breaks(size(n))
      scenario = size(this.#least(scenario.scope[name]!, least, breaks))
    }
    return scenario
  }

  /** The least number that still breaks the law, by halving; exact where breaking is monotone. */
  #least(from: number, least: number, breaks: (n: number) => boolean): number {
    if (from <= least || breaks(least)) return Math.min(from, least)
    let good = least
    let bad = from
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2)
      if (breaks(middle)) bad = middle
      else good = middle
    }
    return bad
  }

  /** Makes the run itself shorter: without some moves, with a fault earlier, with a message less. */
  #shortestRun(scenario: ModelScenario, { run, message }: { run: Run; message: number }): Omit<Shrunk, 'tries'> {
    const machine = this.#machine(scenario.scope)
    let best = { scenario, machine, message, run: tidy(machine, scenario.stream, run) }
    for (let improved = true; improved && best.run.moves.length <= longestTrimmed; ) {
      improved = false
      for (const attempt of this.#attempts(best)) {
        const shorter = this.#attempt(attempt)
        if (!shorter || !isLess(shorter, best)) continue
        best = shorter
        improved = true
        break
      }
    }
    return best
  }

  /** Whether a stream still fits when one size is smaller: no value of it may lie outside what the scope allows. */
  #holds(scenario: ModelScenario, name: string, size: number): boolean {
    const attributes = this.#component.attributes({ ...scenario.scope, [name]: size })
    return scenario.stream.every((burst) => Object.entries(attributes).every(([field, { most }]) =>
      most === undefined || Number(burst[field]) <= most))
  }

  #attempt({ scenario, machine, moves }: Attempt): Omit<Shrunk, 'tries'> | null {
    this.#tries++
    const { broken } = retrace(machine, scenario.stream, moves, { laws: [this.#law] })
    if (broken?.law !== this.#law) return null
    return { scenario, machine, message: broken.message, run: tidy(machine, scenario.stream, broken.run) }
  }

  *#attempts({ scenario, machine, run }: Omit<Shrunk, 'tries'>): Generator<Attempt> {
    const { moves } = run
    for (const at of scenario.stream.keys()) {
      if (scenario.stream.length === 1) break
      const stream = scenario.stream.toSpliced(at, 1)
      const smaller = { ...scenario, stream, scope: { ...scenario.scope, messages: stream.length } }
      const to = this.#machine(smaller.scope)
      yield { scenario: smaller, machine: to, moves: translated(machine, to, moves, at + 1) }
    }
    for (const [at, burst] of scenario.stream.entries())
      for (const count of new Set([1, burst.count - 1]))
        if (count > 0 && count < burst.count)
          yield { scenario: { ...scenario, stream: scenario.stream.with(at, { ...burst, count }) }, machine, moves }
    const sizes: Sizes<Scope> = this.#component.sizes
    for (const [name, { least }] of Object.entries(sizes)) {
      const fits = name === 'burst' ? Math.max(...scenario.stream.map(({ count }) => count)) : least
      if (name === 'messages' || this.#given[name] !== undefined) continue
      if (scenario.scope[name]! <= fits || !this.#holds(scenario, name, fits)) continue
      const smaller = { ...scenario, scope: { ...scenario.scope, [name]: fits } }
      const to = this.#machine(smaller.scope)
      yield { scenario: smaller, machine: to, moves: translated(machine, to, moves, null) }
    }
    for (const [at, burst] of scenario.stream.entries())
      for (const [name, { small }] of Object.entries(this.#component.attributes(scenario.scope)))
        for (const value of small)
          if (value !== burst[name])
            yield { scenario: { ...scenario, stream: scenario.stream.with(at, { ...burst, [name]: value }) }, machine, moves }
    for (let size = Math.ceil(moves.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let at = 0; at < moves.length; at++) yield { scenario, machine, moves: moves.toSpliced(at, size) }
    for (const [at, move] of moves.entries())
      if (machine.moves[move]!.rule.kind === 'fault')
        for (let earlier = 0; earlier < at; earlier++)
          yield { scenario, machine, moves: moves.toSpliced(at, 1).toSpliced(earlier, 0, move) }
  }
}

interface Attempt {
  readonly scenario: ModelScenario
  readonly machine: Machine
  readonly moves: readonly number[]
}

/** Shorter; or as short, with fewer messages or less of a world. */
function isLess(a: Omit<Shrunk, 'tries'>, b: Omit<Shrunk, 'tries'>): boolean {
  const cost = ({ run, scenario }: Omit<Shrunk, 'tries'>) => [
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

const longestTrimmed = 400
