/** Holds the catalogue to what the explorer finds: every variant, every law, every number. */
import type { Component, Scope } from '../../spec/component.ts'
import type { ModelBurst, Counterexample } from '../../spec/evidence/counterexample.ts'
import type { CheckedVariant } from '../../spec/evidence/suite-evidence.ts'
import { type LawName, laws } from '../../spec/laws.ts'
import { build, scopeOf, streams } from '../model/build.ts'
import { type Exploration, explore, type SearchOptions } from './explore.ts'
import { counterexample } from '../run/trace.ts'

/** What an entry of the catalogue says; `models/catalogue.ts` holds them. */
export interface Claim {
  readonly component: Component
  readonly variant: string
  readonly says: string
  readonly scope: Scope
  readonly states: number
  readonly breaks: Readonly<Partial<Record<LawName, number>>>
}

export interface CheckedClaim {
  readonly claim: Claim
  readonly scope: Scope
  readonly exploration: Exploration
  /** A shortest counterexample for each law it breaks, in the order of the claim. */
  readonly counterexamples: readonly Counterexample[]
  /** Where the catalogue is wrong, in sentences; empty when it is right. */
  readonly wrong: readonly string[]
  readonly milliseconds: number
}

export interface ClaimOptions extends SearchOptions {
  /** To start from; every stream that fits the scope when absent. */
  readonly streams?: readonly (readonly ModelBurst[])[]
}

/** Explores a variant at the claim’s scope. */
export function check(claim: Claim, options: ClaimOptions = {}): CheckedClaim {
  const began = performance.now()
  const { component, variant, says } = claim
  const scope = scopeOf(component, claim.scope)
  const machine = build(component, variant, scope)
  const starts = options.streams ?? streams(component, scope)
  if (options.symmetry) checkSmall(component, variant, scope, options)
  const exploration = explore(machine, starts.map((stream) => machine.start(stream)), options)
  const order = Object.keys(claim.breaks)
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const counterexamples = [...exploration.broken]
    .sort((a, b) => place(a.law.name) - place(b.law.name))
    .map(({ law, run, message, nearer, shortest }) => counterexample(machine, run, {
      component, variant, says, scope, law, message, stream: starts[run.start]!,
      minimality: { known: shortest ? 'proved' : 'proved but for the cycle', nearer },
    }))
  return { claim, scope, exploration, counterexamples, wrong: differences(claim, exploration), milliseconds: performance.now() - began }
}

/** A large space is not looked at everywhere for what is declared alike and is not; the small scope is. */
function checkSmall(component: Component, variant: string, scope: Scope, { laws }: ClaimOptions): void {
  const small = scopeOf(component)
  if (Object.entries(small).every(([size, n]) => scope[size] === n)) return
  const machine = build(component, variant, small)
  explore(machine, streams(component, small).map((stream) => machine.start(stream)), { symmetry: true, ...(laws && { laws }) })
}

function differences({ component, variant, states, breaks }: Claim, found: Exploration): readonly string[] {
  const name = `${component.name}/${variant}`
  const steps = new Map(found.broken.map(({ law, run }) => [law.name, run.moves.length]))
  return [
    ...(states === found.states ? [] : [`${name} has ${found.states} states, and the catalogue says ${states}.`]),
    ...laws.flatMap((law) => {
      const [is, said] = [steps.get(law.name), breaks[law.name]]
      if (is === said) return []
      if (is === undefined) return [`${name} keeps ‘${law.name}’, and the catalogue says it breaks it in ${said} steps.`]
      return [`${name} breaks ‘${law.name}’ in ${is} steps, and the catalogue says ${said === undefined ? 'nothing of it' : `in ${said}`}.`]
    }),
  ]
}

/** Laws of a component that no claim about it breaks, and that it does not say are vacuous there; and the reverse. */
export function untested(claims: readonly Claim[]): readonly string[] {
  const components = [...new Set(claims.map(({ component }) => component))]
  return components.flatMap((component) => laws.flatMap(({ name }) => {
    const broken = claims.some((claim) => claim.component === component && claim.breaks[name] !== undefined)
    const vacuous = component.vacuous[name] !== undefined
    if (broken === !vacuous) return []
    return [vacuous
      ? `${component.name} says that nothing can break ‘${name}’ there, and a variant does.`
      : `No variant of ${component.name} breaks ‘${name}’: add one, or say in \`vacuous\` why there is none.`]
  }))
}

/** A variant that was checked, as the index of a page shows it. */
export function checkedVariant({ claim, exploration, wrong, milliseconds }: CheckedClaim, fails: boolean): CheckedVariant {
  const { component: { name, source, title, vacuous }, variant, says } = claim
  return {
    component: name, variant, says, source, title, vacuous, states: exploration.states, milliseconds, wrong, fails,
    breaks: exploration.broken.map(({ law, run }) => ({ law: law.name, steps: run.moves.length })),
  }
}
