/** Every small run of a component that a connector can be tried with: a few messages, and at most one fault. */
import type { Component, Scope } from '../../spec/component.ts'
import { type Connector, rangesOf } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Burst, Scenario } from '../../spec/scenario.ts'
import type { WorldMessage } from '../../spec/word-map.ts'
import { builderOf, kinds, scopeOf } from '../model/build.ts'
import { eitherIsDue } from './model-answer.ts'
import type { Look, Probe } from './probe.ts'
import { hasWordsFor, inWorld, type SharedFault, sharedFaults, sizesOfFaults } from './vocabulary.ts'

/** None where a world has no words for what sets the component’s messages apart. */
export function probesFor(component: Component, connector: Connector): readonly Probe[] {
  if (!hasWordsFor(component, scopeOf(component))) return []
  const [leastWorkers, mostWorkers] = rangesOf(connector).workers
  return [1, 2].filter((n) => n >= leastWorkers && n <= mostWorkers).flatMap((workers) => {
    const scope = scopeFor(component, workers)
    const faults = sharedFaults(component).filter((fault) => isPossible(fault, component, scope) && isFair(fault, connector))
    return streamsOf(component, scope).flatMap((stream) =>
      [null, ...faults].flatMap((fault) => probeOf(component, connector, { scope, stream, fault, workers }) ?? []))
  })
}

/** Messages in the longest probe: up to three that are alike, and one more. */
const longest = 4

/** Each kind of fault may happen once. */
function scopeFor(component: Component, workers: number): Scope {
  const wanted: readonly (readonly [string, number])[] =
    [['messages', longest], ...component.words!.workers.map((size) => [size, workers] as const),
      ...sizesOfFaults(component).map((size) => [size, 1] as const)]
  return scopeOf(component, Object.fromEntries(wanted.filter(([size]) => size in component.sizes)))
}

/** A fault for which the right policy has no rule may be one that only a wrong one suffers from. */
const isPossible = ({ rule }: SharedFault, component: Component, scope: Scope) => Object.keys(component.variants).some((variant) =>
  builderOf(component, variant)(scope).moves.some((move) => move.rule.sentence === rule))

const isFair = ({ name, leavesDoubt }: SharedFault, { guarantee, notApplicable }: Connector) =>
  (!leavesDoubt || guarantee === 'exactly-once') && notApplicable?.[name] === undefined

function streamsOf(component: Component, scope: Scope): readonly (readonly ModelBurst[])[] {
  const all = kinds(component.attributes(scope))
  const alike = (kind: ModelBurst, times: number) => Array.from({ length: times }, () => kind)
  const oneMore = (times: number) => all.flatMap((first) => all.map((last) => [...alike(first, times), last]))
  return [...all.map((kind) => [kind]), ...[1, 2, longest - 1].flatMap(oneMore)]
}

type Ground = Pick<Probe, 'scope' | 'stream' | 'fault'> & { readonly workers: number }

/** Null where the connector cannot be tried with it. */
function probeOf(component: Component, connector: Connector, { scope, stream, fault, workers }: Ground): Probe | null {
  const messages = stream.flatMap(({ count: _, ...fields }) => inWorld(component, fields, scope) ?? [])
  if (messages.length < stream.length || messages.some(({ kind }) => connector.neverGiven?.[kind] !== undefined)) return null
  const isRefused = messages.some((message) => message.isRefused)
  // What is refused for now and what is refused for good are two questions.
  if (isRefused && messages.some(({ kind }) => kind === 'refused')) return null
  if (isRefused && (fault !== null || connector.notApplicable?.['link refuses'] !== undefined)) return null
  const [leastLinks, mostLinks] = rangesOf(connector).links
  const links = Math.max(leastLinks, scope['links'] ?? 1, ...messages.map(({ link }) => link))
  if (links > mostLinks) return null
  const due = eitherIsDue(component, { scope, stream, fault })
  return {
    scope, stream, fault,
    looks: looksAt(fault, isRefused).filter((look) => look !== 'fresh' || isFreshPlain(component, scope)),
    scenarios: scenariosOf({ workers, links, stream: messages.map(asBurst), faults: [], schedule: [] }, fault, isRefused),
    eitherIsRight: messages.map(({ mayBeFlagged }, i) => mayBeFlagged || due[i]! || (fault?.mayBeFlagged ?? false)),
  }
}

const asBurst = ({ kind, link }: WorldMessage): Burst => ({ count: 1, kind, link })

/** A fault that hangs a link shows at once whom else it holds up; with one that refuses, something may be tried again for a time. */
function looksAt(fault: SharedFault | null, isRefused: boolean): readonly Look[] {
  if (!fault) return isRefused ? ['rest'] : ['rest', 'ends', 'fresh']
  if (fault.name === 'link hangs') return ['prompt', 'healed', 'fresh']
  return fault.name === 'link drops after' ? ['healed', 'fresh'] : fault.lasts ? ['rest', 'healed', 'fresh'] : ['rest', 'fresh']
}

/** A world’s fresh message is plain. A model whose fresh message is of another kind says nothing of that. */
const isFreshPlain = (component: Component, scope: Scope) =>
  inWorld(component, builderOf(component, 'fixed')(scope).model.fresh ?? {}, scope)?.kind === 'plain'

/** A fault that lasts strikes when all have arrived; another at any of the turns after, and the worst of these counts. */
function scenariosOf(quiet: Scenario, fault: SharedFault | null, isRefused: boolean): readonly Scenario[] {
  if (isRefused) return [{ ...quiet, faults: [{ after: 0, what: 'link refuses', on: 2 }] }]
  if (!fault) return [[], [1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1]].map((schedule) => ({ ...quiet, schedule }))
  const turns = fault.lasts ? [0] : [0, 1, 2, 3]
  return turns.map((turn) => ({ ...quiet, faults: [{ after: quiet.stream.length + turn, what: fault.name, on: 1 }] }))
}
