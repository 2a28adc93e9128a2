/**
 * Checks what a connector did in small scenarios against the fixed model of the component that it says it is: could the
 * model have done the same?
 */
import type { Component, Scope } from '../../spec/component.ts'
import type { EventName, FaultName, History } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Divergence } from '../../spec/evidence/violation.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { build, kinds, scopeOf } from '../model/build.ts'
import { realNow } from '../real-time.ts'
import { explain, type MessageVerdict, TooManyRuns, type Unexplained } from './explain.ts'
import { sizesAtWork, sizesOfFaults } from './vocabulary.ts'

/** What the model cannot have done. Which connector it was, and how to see it again, whoever ran it adds. */
type ModelDivergence = Omit<Divergence, 'connector' | 'again'>

export interface ConformanceResult {
  /** Histories that the model could have had, */
  readonly histories: number
  /** those of which that is not known, as the model has too many runs, */
  readonly tooMany: number
  /** and those for which there was no time. */
  readonly left: number
  readonly divergence: ModelDivergence | null
}

/** Keeps the histories of small scenarios as they are run, and checks them against the model. */
export class ModelConformance {
  readonly #component: Component
  readonly #kept = new Map<string, { readonly scenario: Scenario; readonly history: History }>()

  constructor(component: Component) {
    this.#component = component
  }

  /** Keeps a history if the model can be asked about its scenario, and its verdicts are new. */
  keep(scenario: Scenario, history: History): void {
    if (!isSmall(scenario, this.#component)) return
    const verdicts = verdictsIn(history).map(({ verdict }) => verdict)
    const key = JSON.stringify([scenario.workers, scenario.links, streamOf(scenario), failuresIn(scenario), verdicts])
    if (!this.#kept.has(key)) this.#kept.set(key, { scenario, history })
  }

  /** Asks the model about all of them, the smallest first, until one differs or the time is over. */
  check(seconds: number): ConformanceResult {
    const until = realNow() + seconds * 1000
    const waiting = [...this.#kept.values()].sort((a, b) => sizeOf(a.scenario) - sizeOf(b.scenario))
    let histories = 0
    let tooMany = 0
    for (const { scenario, history } of waiting) {
      if (realNow() > until) break
      try {
        const divergence = divergenceOf(this.#component, scenario, history)
        if (divergence) return { histories, tooMany, left: 0, divergence }
        histories++
      } catch (error) {
        if (!(error instanceof TooManyRuns)) throw error
        tooMany++
      }
    }
    return { histories, tooMany, left: waiting.length - histories - tooMany, divergence: null }
  }
}

const mostMessages = 6
/** What can happen to a link of a model: it goes down, and up again. */
const linkFaults: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs', 'link drops before', 'link heals'])

const messagesIn = ({ stream }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0)
const sizeOf = (scenario: Scenario) => messagesIn(scenario) * 10 + scenario.workers
const hasLinks = (component: Component) => 'link' in component.attributes(scopeOf(component))

function isSmall(scenario: Scenario, component: Component): boolean {
  return messagesIn(scenario) <= mostMessages && scenario.stream.every(({ kind }) => kind === 'plain') &&
    scenario.faults.every(({ what }) => hasLinks(component) && linkFaults.has(what))
}

const failuresIn = ({ faults }: Scenario) => faults.filter(({ what }) => what !== 'link heals').length
const streamOf = ({ stream, links }: Scenario): readonly number[] =>
  stream.flatMap(({ count, link }) => Array.from({ length: count }, () => ((link - 1) % links) + 1))

/** A verdict, and its place among the events. */
interface VerdictEvent {
  readonly at: number
  readonly verdict: MessageVerdict
}

const verdictNames: Readonly<Partial<Record<EventName, MessageVerdict['is']>>> = {
  recorded: 'delivered', 'recorded altered': 'delivered', flagged: 'flagged',
}

/** Events before the first fresh message: of fresh messages no model is asked here. */
function beforeFresh(history: History): History {
  const fresh = history.findIndex(({ what }) => what === 'fresh')
  return fresh < 0 ? history : history.slice(0, fresh)
}

const verdictsIn = (history: History): readonly VerdictEvent[] => beforeFresh(history).flatMap(({ what, message }, at) => {
  const is = verdictNames[what]
  return is === undefined || message === undefined ? [] : [{ at, verdict: { is, message: Number(message.slice(1)) } }]
})

function divergenceOf(component: Component, scenario: Scenario, history: History): ModelDivergence | null {
  const scope = scopeFor(component, scenario)
  const [quiet] = kinds(component.attributes(scope))
  const stream = streamOf(scenario).map((link): ModelBurst => (hasLinks(component) ? { ...quiet!, link } : quiet!))
  const machine = build(component, 'fixed', scope, { fresh: false })
  const unexplained = explain(machine, stream, verdictsIn(history).map(({ verdict }) => verdict))
  return unexplained && { component: component.name, scenario, history, ...inWords(component, history, unexplained) }
}

/** Where they part, what the connector did there, and what the model would have allowed. */
function inWords(
  { name }: Component, history: History, { at, allowed }: Unexplained,
): Pick<Divergence, 'at' | 'message' | 'did' | 'allowed' | 'says'> {
  const event = verdictsIn(history)[at]
  const instead = `${name} would have allowed: ${allowed.length === 0 ? 'nothing more' : allowed.join('; ')}.`
  if (!event) {
    const did = 'nothing more happens'
    return { at: Math.max(0, beforeFresh(history).length - 1), message: null, did, allowed, says: `${did}; ${instead}` }
  }
  const message = `m${event.verdict.message}`
  const did = `${message} is ${event.verdict.is}`
  return { at: event.at, message, did, allowed, says: `${did} here; ${instead}` }
}

/** As many messages, workers and links as the scenario has, as many failures as it strikes links, and nothing else. */
function scopeFor(component: Component, scenario: Scenario): Scope {
  const { workers, links } = scenario
  const wanted: readonly (readonly [string, number])[] = [
    ['messages', messagesIn(scenario)], ['links', links], ['burst', 1],
    ...sizesAtWork.map((size) => [size, workers] as const),
    ...sizesOfFaults.map((size) => [size, size === 'failures' ? failuresIn(scenario) : 0] as const),
  ]
  return scopeOf(component, Object.fromEntries(wanted.filter(([size]) => size in component.sizes)))
}
