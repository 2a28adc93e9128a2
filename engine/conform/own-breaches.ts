/**
 * Which laws the right model of a component breaks itself, at its small scope: to a connector it is no yardstick then.
 *
 * Those that its claims say it breaks are known to whoever wrote it, and are none of them.
 */
import type { Component } from '../../spec/component.ts'
import { builderOf, scopeOf, startsOf, streams } from '../model/build.ts'
import { explore } from '../search/explore.ts'

export interface OwnBreaches {
  readonly laws: readonly string[]
  /** Null where every state was visited; else why not. */
  readonly unsettled: string | null
}

/** Of a model with more at its small scope it is not known: to visit them would take longer than to try the connector. */
const mostStates = 500_000

const known = new WeakMap<Component, OwnBreaches>()

/** Asked once of each component. Throws `UsageError` where what it declares alike is not: a history is explained by that. */
export function ownBreaches(component: Component): OwnBreaches {
  const before = known.get(component)
  if (before) return before
  const found = explored(component)
  known.set(component, found)
  return found
}

function explored(component: Component): OwnBreaches {
  const scope = scopeOf(component)
  const machine = builderOf(component, 'fixed')(scope)
  if (machine.laws.length === 0) return { laws: [], unsettled: null }
  let isTooLarge = false
  const beat = ({ states }: { readonly states: number }) => (isTooLarge = states > mostStates)
  try {
    const starts = startsOf(machine, streams(component, scope)).map(({ words }) => words)
    const { broken } = explore(machine, starts, { limits: { beat }, symmetry: true })
    const claimed = component.claims?.['fixed']?.breaks ?? {}
    return { laws: broken.map(({ law }) => law.name).filter((name) => !Object.hasOwn(claimed, name)), unsettled: null }
  } catch (error) {
    if (!isTooLarge) throw error
    return { laws: [], unsettled: `it has over ${mostStates.toLocaleString('en-US')} states at its small scope` }
  }
}
