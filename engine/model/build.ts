/** From a component, a variant and a scope to a machine; and the streams that a scope holds. */
import type { Attribute, Component, BuildModel, Scope, Sizes } from '../../spec/component.ts'
import type { ModelBurst, ModelStart } from '../../spec/evidence/counterexample.ts'
import { UsageError } from '../usage-error.ts'
import { checkedModel } from './component-shape.ts'
import { compile, type Machine } from './machine.ts'
import { tabulated } from './policy.ts'

export const modelOf: BuildModel = (component, scope, variant) => {
  const policy = component.variants[variant]
  if (policy === undefined)
    throw new UsageError(`${component.name} has no variant ‘${variant}’: there are ${Object.keys(component.variants).join(', ')}.`)
  const named = `${component.name}/${variant}`
  return checkedModel(component.model(scope, tabulated(component.questions, policy, named), modelOf), named)
}

/** A variant of a component at a scope, ready to be read. Throws `UsageError` where the scope is too wide for it. */
export function build(component: Component, variant: string, scope: Scope, { fresh = true } = {}): Machine {
  const { fresh: message, ...model } = modelOf(component, scope, variant)
  return compile(fresh && message ? { ...model, fresh: message } : model)
}

export type Builder = (scope: Scope) => Machine

/** Builds a variant at many scopes, each once and for whoever asks: what has been walked for long is quick. */
export function builderOf(component: Component, variant: string): Builder {
  let machines = built.get(component)
  if (!machines) built.set(component, (machines = new Map()))
  const known = machines
  return (scope) => {
    const key = `${variant} ${JSON.stringify(scope)}`
    let machine = known.get(key)
    if (machine) return machine
    if (known.size === mostBuilt) known.clear()
    known.set(key, (machine = build(component, variant, scope)))
    return machine
  }
}
const built = new WeakMap<Component, Map<string, Machine>>()
const mostBuilt = 200

/** The small scope of a component, with some numbers changed. Throws `UsageError` for a name or a number out of range. */
export function scopeOf(component: Component, changes: Scope = {}): Scope {
  const sizes: Sizes<Scope> = component.sizes
  for (const [name, value] of Object.entries(changes)) {
    const size = sizes[name]
    if (!size) throw new UsageError(`${component.name} has no size ‘${name}’: there are ${Object.keys(sizes).join(', ')}.`)
    if (!Number.isInteger(value) || value < size.least)
      throw new UsageError(`${component.name} cannot have ${name}=${value} (${size.says}): use a whole number from ${size.least}.`)
  }
  return { ...Object.fromEntries(Object.entries(sizes).map(([name, { small }]) => [name, small])), ...changes }
}

/** Every stream in every way to begin with it that a machine’s model wants. Throws `UsageError` where there are none, or too many. */
export function startsOf(machine: Machine, all: readonly (readonly ModelBurst[])[]): readonly Start[] {
  const { initialStates, model } = machine
  if (all.length * initialStates > mostStarts)
    throw new UsageError(`${model.name} begins in ${(all.length * initialStates).toLocaleString('en-US')} ways at this scope, and ${mostStarts.toLocaleString('en-US')} is the most: narrow it, or let fewer fields begin otherwise.`)
  const starts = all.flatMap((stream) =>
    Array.from({ length: initialStates }, (_, begin) => ({ stream, begin, words: machine.start(stream, begin) })))
  const wanted = starts.filter(({ words }) => {
    machine.load(words)
    return machine.isStart()
  })
  if (wanted.length === 0) throw new UsageError(`${model.name} has nowhere to begin: ‘starts’ holds of none of ${starts.length.toLocaleString('en-US')} initial states.`)
  return wanted
}

interface Start extends Required<ModelStart> {
  readonly words: Int32Array
}
const mostStarts = 2_000_000

/** The first way to begin from a number on, round and round, that a machine’s model wants. */
export function beginningFrom(machine: Machine, { stream, begin = 0 }: ModelStart): number {
  const { initialStates, model } = machine
  if (initialStates === 1) return 0
  for (let tries = 0; tries < Math.min(initialStates, mostTries); tries++) {
    const number = (begin + tries) % initialStates
    machine.load(machine.start(stream, number))
    if (machine.isStart()) return number
  }
  throw new UsageError(`${model.name} has too few initial states that ‘starts’ holds of to find one.`)
}
const mostTries = 100_000

/** The kinds of message that a small scope tries: every value of every attribute, against a quiet background. */
export function kinds(attributes: Readonly<Record<string, Attribute>>): readonly ModelBurst[] {
  const names = Object.keys(attributes)
  const quiet = Object.fromEntries(names.map((name) => [name, attributes[name]!.small[0]!]))
  const others = names.flatMap((name) => attributes[name]!.small.slice(1).map((value) => ({ ...quiet, [name]: value })))
  return [quiet, ...others].map((kind) => ({ count: 1, ...kind }))
}

/** Every stream of 1 to `messages` single messages of those kinds, the shortest and quietest first; an empty one where there are none. */
export function streams(component: Component, scope: Scope): readonly (readonly ModelBurst[])[] {
  if (scope['messages'] === undefined) return [[]]
  const all = kinds(component.attributes(scope))
  let longer: (readonly ModelBurst[])[] = [[]]
  return Array.from({ length: scope['messages']! }, () => {
    longer = longer.flatMap((stream) => all.map((kind) => [...stream, kind]))
    return longer
  }).flat()
}
