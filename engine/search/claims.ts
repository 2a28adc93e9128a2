/** Holds what is claimed of variants to what the explorer finds: every variant, every law, every number. */
import type { Component, Scope, VariantClaim } from '../../spec/component.ts'
import type { ModelBurst, Counterexample, Minimality, Origin } from '../../spec/evidence/counterexample.ts'
import type { CheckedVariant } from '../../spec/evidence/suite-evidence.ts'
import { laws } from '../../spec/laws.ts'
import { UsageError } from '../usage-error.ts'
import { build, scopeOf, startsOf, streams } from '../model/build.ts'
import { type Exploration, explore, type SearchOptions } from './explore.ts'
import { answersOf } from '../run/answers.ts'
import { counterexample } from '../run/trace.ts'

/** What is said of a variant: `models/catalogue.ts` says it of the catalogue’s, and `claimsOf` takes it from a component. */
export interface Claim extends VariantClaim {
  readonly component: Component
  readonly variant: string
  readonly says: string
  readonly scope: Scope
  /** The file that the component is in, unless it is of the catalogue. */
  readonly from?: Origin
}

/** What a component says of its variants itself. Of what it does not say, `fixed` is right, and every other is wrong somehow. */
export function claimsOf(component: Component, from?: Origin): readonly Claim[] {
  const { claims = {}, variants } = component
  for (const name of Object.keys(claims))
    if (!Object.hasOwn(variants, name))
      throw new UsageError(`${component.name} claims something of ‘${name}’, and has no such variant: there are ${Object.keys(variants).join(', ')}.`)
  return Object.keys(variants).map((variant) => ({
    component, variant, says: differenceOf(component, variant), scope: {}, ...claims[variant], ...(from ? { from } : {}),
  }))
}

/** What sets a variant apart from the right one, to go after ‘which’. */
function differenceOf(component: Component, variant: string): string {
  const [first, ...more] = answersOf(component, variant, [])
  if (!first) return variant === 'fixed' ? 'is right' : 'answers every question as the right one does'
  const { asks, found, here } = first
  return `answers ‘${asks}’ with ‘${here}’${found === '' ? '' : ` when it is ${found}`}${more.length > 0 ? ', and more otherwise' : ''}`
}

/** Whether a variant is known to be wrong, or taken to be. */
export const isWrongOne = ({ breaks, variant }: Pick<Claim, 'breaks' | 'variant'>): boolean =>
  breaks === undefined ? variant !== 'fixed' : Object.keys(breaks).length > 0

export interface CheckedClaim {
  readonly claim: Claim
  readonly scope: Scope
  readonly exploration: Exploration
  /** A shortest counterexample for each law it breaks, in the order of the claim. */
  readonly counterexamples: readonly Counterexample[]
  /** Where the claim is wrong, in sentences; empty when it is right. */
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
  const { component, variant, says, from = null } = claim
  const scope = scopeOf(component, claim.scope)
  const machine = build(component, variant, scope)
  const starts = startsOf(machine, options.streams ?? streams(component, scope))
  if (options.symmetry) checkSmall(component, variant, scope, options)
  const exploration = explore(machine, starts.map(({ words }) => words), options)
  const order = Object.keys(claim.breaks ?? {})
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const counterexamples = [...exploration.broken]
    .sort((a, b) => place(a.law.name) - place(b.law.name))
    .map(({ run, nearer, shortest, ofOrbits, ...broken }) => {
      const { stream, begin } = starts[run.start]!
      const counted = ofOrbits ? { areOrbits: ofOrbits } : {}
      const minimality: Minimality = broken.law.when === 'can be reached' ? { known: 'nowhere', states: nearer, ...counted }
        : { known: shortest ? 'proved' : 'proved but for the cycle', nearer, ...counted }
      return counterexample(machine, run, { component, variant, from, says, scope, stream, begin, ...broken, minimality })
    })
  return { claim, scope, exploration, counterexamples, wrong: differences(claim, exploration), milliseconds: performance.now() - began }
}

/** A large space is not looked at everywhere for what is declared alike and is not; the small scope is. */
function checkSmall(component: Component, variant: string, scope: Scope, { laws }: ClaimOptions): void {
  const small = scopeOf(component)
  if (Object.entries(small).every(([size, n]) => scope[size] === n)) return
  const machine = build(component, variant, small)
  explore(machine, startsOf(machine, streams(component, small)).map(({ words }) => words), { symmetry: true, ...(laws && { laws }) })
}

function differences(claim: Claim, found: Exploration): readonly string[] {
  const { component, variant, breaks, from } = claim
  const name = `${component.name}/${variant}`
  const who = from ? 'its file' : 'the catalogue'
  const silent = isWrongOne(claim) ? [] : found.silent.map((law) =>
    `${name}: the law ‘${law.name}’ says nothing, for what it begins with is so in no state.`)
  const counts = [...silent, ...(['states', 'transitions'] as const).flatMap((what) =>
    claim[what] === undefined || claim[what] === found[what] ? [] : [`${name} has ${found[what]} ${what}, and ${who} says ${claim[what]}.`])]
  const steps = new Map<string, number>(found.broken.map(({ law, run }) => [law.name, run.moves.length]))
  if (breaks === undefined)
    return [...counts, ...(isWrongOne(claim) === steps.size > 0 ? [] : [steps.size === 0
      ? `${name} keeps every law. If it is right, say so: claims: { ${variant}: { breaks: {} } }.`
      : `${name} breaks ${[...steps.keys()].map((law) => `‘${law}’`).join(', ')}.`])]
  return [...counts, ...[...new Set([...steps.keys(), ...Object.keys(breaks)])].flatMap((law) => {
    const [is, said] = [steps.get(law), breaks[law]]
    if (is === said) return []
    if (is === undefined) return [`${name} keeps ‘${law}’, and ${who} says it breaks it in ${said} steps.`]
    return [`${name} breaks ‘${law}’ in ${is} steps, and ${who} says ${said === undefined ? 'nothing of it' : `in ${said}`}.`]
  })]
}

/** Laws of a component that no claim about it breaks, and that it does not say are vacuous there; and the reverse. */
export function untested(claims: readonly Claim[]): readonly string[] {
  const components = [...new Set(claims.map(({ component }) => component))]
  return components.flatMap((component) => laws.flatMap(({ name }) => {
    const broken = claims.some((claim) => claim.component === component && claim.breaks?.[name] !== undefined)
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
    laws: exploration.machine.laws.map((law) => ({ name: law.name, says: law.says })),
    breaks: exploration.broken.map(({ law, run }) => ({ law: law.name, steps: run.moves.length })),
  }
}
