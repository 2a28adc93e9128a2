/**
 * Scenarios for a connector out of the model of the component that it says it is: every stream of the small scope, walked by the
 * model with each of its faults at each moment, and what that is in a world. Those come first of which the walks exercise most that
 * no walk before them has.
 */
import type { Component, Scope } from '../../spec/component.ts'
import { type Connector, type FaultName, promisesOf, rangesOf } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { isOwed } from '../../spec/model.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import type { WorldMessage } from '../../spec/word-map.ts'
import { scopeOf, streams } from '../model/build.ts'
import { isFresh, type Move } from '../model/machine.ts'
import { RuleSpy, type RuleUse } from './rule-coverage.ts'
import { asBurst, type InWorld, streamInWorld } from './vocabulary.ts'

/** A run of the model: a fault after so many other steps, or none; and what it uses. */
interface Walk {
  readonly scenarios: readonly Scenario[]
  readonly uses: ReadonlySet<RuleUse>
}

/** A fault of a walk, and how many verdicts had been given by then. */
interface Struck {
  readonly move: Move
  readonly after: number
}

/** Steps of a walk: small runs have no more. */
const mostSteps = 60

/** Empty where no model’s message has a word in a world. */
export function modelScenarios(component: Component, connector: Connector): readonly Scenario[] {
  if (!component.words) return []
  const scope = scopeFor(component, connector)
  const spy = new RuleSpy(component, scope)
  const walks = streams(component, scope).flatMap((stream) => walksOf(component, connector, { scope, spy, stream }))
  return inOrderOfUse(walks)
}

interface Ground {
  readonly scope: Scope
  readonly spy: RuleSpy
  readonly stream: readonly ModelBurst[]
}

/** The small scope with a message more, and as many links and workers as the connector may be given. */
function scopeFor(component: Component, connector: Connector): Scope {
  const { workers, links } = component.words!
  const ranges = rangesOf(connector)
  const within = ([least, most]: readonly [number, number], size: string) => Math.max(least, Math.min(most, scopeOf(component)[size]!))
  return scopeOf(component, {
    messages: scopeOf(component)['messages']! + 1,
    ...Object.fromEntries(workers.map((size) => [size, within(ranges.workers, size)])),
    ...(links ? { [links]: within(ranges.links, links) } : {}),
  })
}

/** The stream without a fault, and with each of the model’s faults at each moment at which it may strike. */
function walksOf(component: Component, connector: Connector, ground: Ground): readonly Walk[] {
  const { spy: { machine }, stream } = ground
  const told = streamInWorld(component, stream, ground.scope)
  if (!told || told.recipients > promisesOf(connector, 0).recipients) return []
  const { messages } = told
  const isNeverGiven = ({ kind, isRefused }: WorldMessage) => connector.neverGiven?.[isRefused ? 'busy' : kind] !== undefined
  if (messages.some(isNeverGiven)) return []
  if (messages.some(({ meets }) => meets !== undefined && !canMeet(connector, meets))) return []
  const faults = machine.moves.filter(({ rule }) => rule.kind === 'fault')
  const quiet = walk(ground, null, 0)
  const walks = faults.flatMap((fault) => Array.from({ length: quiet.steps + 1 }, (_, at) => walk(ground, fault, at)))
  const made = [quiet, ...walks.filter(({ struck }) => struck !== null)]
  return made.map(({ uses, struck }) => ({ uses, scenarios: scenariosOf(component, connector, ground.scope, told, struck) }))
}

/** One walk: the first step that may be taken, each time, and after so many of them the fault. */
function walk({ spy, stream }: Ground, fault: Move | null, at: number) {
  const { machine } = spy
  const uses = new Set<RuleUse>()
  const owed = machine.moves.filter((move) => !isFresh(move) && (isOwed(move.rule.kind) || move.rule.kind === 'heal'))
  const verdicts = () => machine.messages.reduce((sum, { delivered, flagged }) => sum + delivered + flagged, 0)
  machine.load(machine.start(stream))
  let struck: Struck | null = null
  let steps = 0
  for (let turn = 0; steps < mostSteps; steps++) {
    if (fault && steps === at) {
      const after = verdicts()
      const used = spy.take(fault.at)
      for (const use of used) uses.add(use)
      if (used.length > 0) struck = { move: fault, after }
    }
    // Each has its turn, for a step that may always be taken again would keep the others from theirs.
    let used: readonly RuleUse[] = []
    for (let tried = 0; tried < owed.length && used.length === 0; tried++) used = spy.take(owed[turn++ % owed.length]!.at)
    if (used.length === 0) break
    for (const use of used) uses.add(use)
  }
  return { uses, struck, steps }
}

/** A walk in a world: one scenario for each fault that may be meant, and where it matters, one in which the link heals soon. */
function scenariosOf(
  component: Component, connector: Connector, scope: Scope, { messages, recipients }: InWorld, struck: Struck | null,
): readonly Scenario[] {
  const { workers: sizes, links: size } = component.words!
  const { links: [least, most], workers: [leastWorkers] } = rangesOf(connector)
  const links = Math.max(least, recipients, (size && scope[size]) || 1)
  if (links > most) return []
  const quiet: Scenario = {
    workers: Math.max(leastWorkers, ...sizes.map((each) => scope[each]!)), links, schedule: [],
    ...(recipients > 1 ? { recipients } : {}),
    faults: messages.flatMap(({ meets }) => (meets === undefined ? [] : [{ after: 0, what: meets, on: 1 }])),
    // One that is refused for a time is of a kind of its own; it needs no link that refuses all.
    stream: messages.map((message) => asBurst(message.isRefused ? { ...message, kind: 'busy', link: 1, isRefused: false } : message)),
  }
  const struckBy = (...faults: readonly Fault[]): Scenario => ({ ...quiet, faults: [...quiet.faults, ...faults] })
  const word = struck && component.words!.faults[struck.move.rule.sentence]
  if (!struck) return [quiet, { ...quiet, schedule: [1, 1, 1, 1, 1, 1] }]
  if (!word) return []
  const after = messages.length + struck.after
  return word.is.filter((what) => canMeet(connector, what)).flatMap((what) => {
    const fault: Fault = { after, what, on: struck.move.who[0] ?? 1 }
    const healed: Fault = { after: after + 2, what: 'link heals', on: fault.on }
    // Whoever looks for messages now and then has fetched none when they have only just arrived.
    const aWhile: Fault = { after: messages.length, what: 'time passes', on: fiveSeconds }
    return [
      struckBy(fault), ...(word.lasts ? [struckBy(fault, healed)] : []),
      ...(canMeet(connector, 'time passes') ? [struckBy(aWhile, fault)] : []),
    ]
  })
}

/** Which of the times that may pass that is. */
const fiveSeconds = 4

const canMeet = ({ notApplicable, timeout, clock }: Connector, what: FaultName) => notApplicable?.[what] === undefined
  && !(timeout === undefined && (what === 'link loses answer' || what === 'link never answers'))
  && !(clock === 'real' && (what === 'service dies' || what === 'time passes'))

/** Each time the walk that uses most of what none before it does; then the others, one after another. */
function inOrderOfUse(walks: readonly Walk[]): readonly Scenario[] {
  const left = [...walks]
  const used = new Set<RuleUse>()
  const chosen: Walk[] = []
  for (;;) {
    const gains = left.map(({ uses }) => [...uses].filter((use) => !used.has(use)).length)
    const most = Math.max(0, ...gains)
    if (most === 0) break
    const [best] = left.splice(gains.indexOf(most), 1)
    for (const use of best!.uses) used.add(use)
    chosen.push(best!)
  }
  const all = new Map([...chosen, ...left].flatMap(({ scenarios }) => scenarios).map((scenario) => [JSON.stringify(scenario), scenario]))
  return [...all.values()]
}
