/**
 * Makes a scenario that breaks a law as small as it gets: first what there is of it, then the run itself.
 *
 * fast-check finds the least total of a run-length stream and leaves it in several bursts; halving, dropping and
 * merging afterwards gives one. Every pass only tries, and keeps what still breaks the same law.
 *
 * Guesses lead the way. Where they left steps out, what they led to is walked step by step in the end, and so is each
 * number in it made less by one; if any of that comes out otherwise, everything is done again without guesses.
 */
import type { Component, Scope, Sizes } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { ModelLaw } from '../../spec/laws.ts'
import { lawIn } from '../model/asked-law.ts'
import { type Builder, builderOf } from '../model/build.ts'
import type { WalkSpeed } from './guards.ts'
import { type ModelScenario, withBegin } from './model-scenario.ts'
import { type Attempt, attempts, type Broken, holds, isLess } from './shorter-runs.ts'
import { trimmed } from './trimmed-lasso.ts'
import { guess, retrace, walk } from './walk.ts'

export interface Shrunk extends Broken {
  /** Walks that it took. */
  readonly tries: number
}

interface ShrinkOptions {
  /** Sizes that stay. */
  readonly given?: Scope
  readonly machine?: Builder
  readonly speed?: WalkSpeed | undefined
}

/** Shrinks a scenario that breaks a law for a variant. Null when it does not break it. */
export function shrink(
  component: Component, variant: string, law: ModelLaw, from: ModelScenario, options: ShrinkOptions = {},
): Shrunk | null {
  const { given = {}, machine = builderOf(component, variant), speed = {} } = options
  const all = { given, machine, speed }
  const shrunk = new Shrinker(component, law, all, true).shrink(from)
  return shrunk === 'doubtful' ? new Shrinker(component, law, all, false).shrink(from) as Shrunk | null : shrunk
}

interface All {
  readonly given: Scope
  readonly machine: Builder
  readonly speed: WalkSpeed
}

/** A longer run is left as it is: there is too much to try. */
const longestTrimmed = 400

class Shrinker {
  readonly #component: Component
  readonly #law: ModelLaw
  readonly #given: Scope
  readonly #machine: Builder
  readonly #speed: WalkSpeed
  readonly #guesses: boolean
  #tries = 0
  /** Whether every step of every walk was taken. */
  #isSure = true

  constructor(component: Component, law: ModelLaw, { given, machine, speed }: All, guesses: boolean) {
    this.#component = component
    this.#law = law
    this.#given = given
    this.#machine = machine
    this.#speed = speed
    this.#guesses = guesses
  }

  /** Whether a scenario breaks the law, or seems to. */
  #breaks(scenario: ModelScenario): boolean {
    if (!this.#guesses) return this.#walked(scenario) !== null
    this.#tries++
    const machine = this.#machine(scenario.scope)
    const { broken, isSure } = guess(machine, scenario, { laws: [lawIn(machine, this.#law)], speed: this.#speed })
    this.#isSure &&= isSure
    return broken !== null
  }

  /** How a scenario breaks the law, step by step; null when it does not. */
  #walked(scenario: ModelScenario): Pick<Broken, 'scenario' | 'run' | 'subject' | 'since'> | null {
    this.#tries++
    const machine = this.#machine(scenario.scope)
    const { broken, begin } = walk(machine, scenario, { laws: [lawIn(machine, this.#law)], speed: this.#speed })
    return broken && { ...broken, scenario: withBegin(scenario, begin) }
  }

  /** Null when there is nothing to shrink; doubtful when guesses have misled. */
  shrink(from: ModelScenario): Shrunk | null | 'doubtful' {
    if (!this.#breaks(from)) return this.#isSure ? null : 'doubtful'
    let scenario = from
    for (let before = ''; before !== JSON.stringify(scenario); ) {
      before = JSON.stringify(scenario)
      scenario = this.#smallerList(scenario, 'faults')
      scenario = this.#smallerList(scenario, 'schedule')
      scenario = this.#smallerStream(scenario)
      scenario = this.#earlierBegin(scenario)
      scenario = this.#smallerScope(scenario)
    }
    const broken = this.#walked(scenario)
    if (!broken || (!this.#isSure && this.#oneLess(scenario).some((less) => this.#walked(less) !== null))) return 'doubtful'
    return { ...this.#shortestRun(broken), tries: this.#tries }
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

  #earlierBegin(scenario: ModelScenario): ModelScenario {
    const at = (begin: number) => withBegin(scenario, begin)
    return scenario.begin === undefined ? scenario : at(this.#least(scenario.begin, 0, (begin) => this.#breaks(at(begin))))
  }

  #smallerScope(from: ModelScenario): ModelScenario {
    let scenario = from
    const sizes: Sizes<Scope> = this.#component.sizes
    for (const [name, { least }] of Object.entries(sizes)) {
      if (name === 'messages' || this.#given[name] !== undefined) continue
      const size = (n: number) => ({ ...scenario, scope: { ...scenario.scope, [name]: n } })
      const fits = name === 'burst' ? Math.max(...scenario.stream.map(({ count }) => count)) : least
      const breaks = (n: number) => n >= fits && holds(this.#component, scenario, name, n) && this.#breaks(size(n))
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
  #shortestRun({ scenario, run, ...broken }: Pick<Broken, 'scenario' | 'run' | 'subject' | 'since'>): Broken {
    const machine = this.#machine(scenario.scope)
    let best: Broken = { ...broken, scenario, machine, run: trimmed(machine, scenario, run) }
    for (let improved = true; improved && best.run.moves.length <= longestTrimmed; ) {
      improved = false
      for (const attempt of attempts(best, { component: this.#component, given: this.#given, machineAt: this.#machine })) {
        const shorter = this.#attempt(attempt)
        if (!shorter || !isLess(shorter, best)) continue
        best = shorter
        improved = true
        break
      }
    }
    return best
  }

  #attempt({ scenario, machine, moves }: Attempt): Broken | null {
    this.#tries++
    const law = lawIn(machine, this.#law)
    const { broken, begin } = retrace(machine, scenario, moves, { laws: [law], speed: this.#speed })
    if (broken?.law !== law) return null
    const begun = withBegin(scenario, begin)
    return { ...broken, scenario: begun, machine, run: trimmed(machine, begun, broken.run) }
  }
}
