/** Scenarios of a model, and how fast-check draws them: scope, stream, faults and schedule in one value, shrunk as one. */
import fc from 'fast-check'
import type { Attribute, Component, Scope, Sizes } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'

/** What a walk follows: drawn, shrunk, stored and replayed as one. */
export interface ModelScenario {
  readonly scope: Readonly<Record<string, number>>
  readonly stream: readonly ModelBurst[]
  /** In which of the ways to begin, or the next that there is; the first when absent. */
  readonly begin?: number
  readonly faults: readonly Fault[]
  readonly schedule: readonly number[]
}

/** A fault or a heal: the n-th of those that may happen, after so many owed moves. */
export interface Fault {
  readonly after: number
  readonly pick: number
}

/**
 * What is drawn: independent numbers, none of which can be refused. A number of messages or attachments is drawn
 * plain, or as a choice among the edges of the scope’s limits; which of the two is itself a number that shrinks.
 */
interface Draw {
  readonly scope: Scope
  readonly begin?: number
  readonly stream: readonly { readonly count: Amount; readonly values: readonly Amount[] }[]
  readonly faults: readonly { readonly after: number; readonly pick: number }[]
  readonly schedule: readonly number[]
}
interface Amount {
  readonly plain: number
  /** 0 for the plain number; otherwise which edge. */
  readonly edge: number
}

/** A scenario with its beginning as it was found: the next that there was. */
export function withBegin({ begin: _, ...scenario }: ModelScenario, begin: number): ModelScenario {
  return begin === 0 ? scenario : { ...scenario, begin }
}

interface Drawing {
  /** Sizes that are not drawn but given. */
  readonly given?: Scope
  /** The longest schedule drawn. */
  readonly steps?: number
  /** Whether there are several ways to begin. */
  readonly begins?: boolean
}

const mostAttributes = 6
const mostBegins = 2 ** 31 - 1
const edgesDrawn = 40

/** Draws of a component’s scenarios; `scenarioOf` makes each into a scenario. */
export function draws(component: Component, { given = {}, steps = 60, begins = false }: Drawing = {}): fc.Arbitrary<Draw> {
  const sizes: Sizes<Scope> = component.sizes
  const scope = fc.record(Object.fromEntries(Object.entries(sizes).map(([name, { least, most }]) =>
    [name, given[name] === undefined ? fc.integer({ min: least, max: most }) : fc.constant(given[name])])))
  const most = Math.max(1, ...Object.values(sizes).map((size) => size.most), ...Object.values(given))
  const amount = fc.record({ plain: fc.nat(most), edge: fc.nat(edgesDrawn) })
  const burst = fc.record({ count: amount, values: fc.array(amount, { minLength: mostAttributes, maxLength: mostAttributes }) })
  const messages = given['messages'] ?? sizes['messages']?.most
  return fc.record({
    scope,
    ...(begins ? { begin: fc.nat(mostBegins) } : {}),
    stream: messages === undefined ? fc.constant([]) : fc.array(burst, { minLength: 1, maxLength: messages, size: 'max' }),
    faults: fc.array(fc.record({ after: fc.nat(steps), pick: fc.nat(31) }), { maxLength: 6, size: 'max' }),
    schedule: fc.array(fc.nat(31), { maxLength: steps, size: 'max' }),
  })
}

/** The scenario that a draw stands for: every number brought into its range, so that every draw is one. */
export function scenarioOf(component: Component, draw: Draw): ModelScenario {
  const scope: Scope = component.sizes['messages'] === undefined ? draw.scope
    : { ...draw.scope, messages: Math.min(draw.scope['messages'] ?? draw.stream.length, draw.stream.length) }
  const attributes = Object.entries(component.attributes(scope))
  const limits = edges(scope)
  return {
    scope,
    ...(draw.begin === undefined ? {} : { begin: draw.begin }),
    stream: draw.stream.slice(0, scope['messages']).map(({ count, values }): ModelBurst => ({
      count: Math.max(1, number(count, limits, scope['burst'] ?? 1)),
      ...Object.fromEntries(attributes.map(([name, attribute], i) => [name, attributeOf(attribute, values[i]!, limits)])),
    })),
    faults: draw.faults,
    schedule: draw.schedule,
  }
}

function attributeOf({ small, most }: Attribute, amount: Amount, limits: readonly number[]): string | number {
  if (most === undefined || typeof small[0] === 'string') return small[(amount.plain + amount.edge) % small.length]!
  const least = small[0] as number
  return Math.max(least, number(amount, limits, most))
}

/** The plain number or the edge, brought into 0 … most. */
function number({ plain, edge }: Amount, limits: readonly number[], most: number): number {
  const chosen = edge === 0 ? plain : limits[(edge - 1) % limits.length]!
  return chosen % (most + 1)
}

const powers = Array.from({ length: 18 }, (_, i) => 2 ** i)
/** By the numbers of a scope: draws in a row mostly have the same few. */
const known = new Map<string, readonly number[]>()
const mostKnown = 100

/** Where limits lie: each number of the scope, one less and one more, and powers of two. */
function edges(scope: Scope): readonly number[] {
  const sizes = Object.values(scope)
  const key = sizes.join()
  let found = known.get(key)
  if (!found) {
    if (known.size === mostKnown) known.clear()
    const all = [...sizes.flatMap((n) => [n - 1, n, n + 1]), ...powers]
    known.set(key, (found = [...new Set(all)].filter((n) => n >= 0).sort((a, b) => a - b)))
  }
  return found
}
