/**
 * Holds what a connector did in small scenarios to the fixed model of the component that it says it implements: could
 * the model have shown the same?
 */
import type { Component, Scope } from '../../spec/component.ts'
import type { Connector, FaultName, History } from '../../spec/connector.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { build, kinds, scopeOf } from '../model/build.ts'
import { explain, type Observed, TooManyRuns, type Unexplained } from './explain.ts'

/** What a model cannot have done: the event at which they part, and what the model would have allowed instead. */
export interface Divergence {
  readonly scenario: Scenario
  readonly history: History
  readonly at: number
  readonly message: string | null
  readonly says: string
  readonly did: string
  readonly allowed: readonly string[]
}

/** Follows small scenarios as they are run, and keeps what they showed. */
export class Modelled {
  readonly #component: Component
  readonly #seen = new Map<string, { readonly scenario: Scenario; readonly history: History }>()

  constructor(component: Component) {
    this.#component = component
  }

  /** Takes in a history, if it is one that the model can be asked about and shows something new. */
  see(scenario: Scenario, history: History): void {
    if (!isSmall(scenario, this.#component)) return
    const did = shownIn(history).map(({ shown }) => shown)
    const key = JSON.stringify([scenario.workers, scenario.links, streamOf(scenario), failuresIn(scenario), did])
    if (!this.#seen.has(key)) this.#seen.set(key, { scenario, history })
  }

  /** Asks the model about all of them, the smallest first, until one differs or the time is over. */
  hold(seconds: number): Held {
    const until = performance.now() + seconds * 1000
    const waiting = [...this.#seen.values()].sort((a, b) => sizeOf(a.scenario) - sizeOf(b.scenario))
    let histories = 0
    let tooMany = 0
    for (const { scenario, history } of waiting) {
      if (performance.now() > until) break
      try {
        const divergence = heldTo(this.#component, scenario, history)
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

export interface Held {
  /** Histories that the model could have shown. */
  readonly histories: number
  /** Those of which it could not be told, the model having too many runs, */
  readonly tooMany: number
  /** and those for which there was no time. */
  readonly left: number
  readonly divergence: Divergence | null
}

const mostMessages = 6
/** What can happen to a link of a model: it goes down, and up again. */
const asLinksFail: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs', 'link drops before', 'link heals'])

const messagesIn = ({ stream }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0)
const sizeOf = (scenario: Scenario) => messagesIn(scenario) * 10 + scenario.workers
const hasLinks = (component: Component) => 'link' in component.attributes(scopeOf(component))

function isSmall(scenario: Scenario, component: Component): boolean {
  return messagesIn(scenario) <= mostMessages && scenario.stream.every(({ kind }) => kind === 'plain') &&
    scenario.faults.every(({ what }) => hasLinks(component) && asLinksFail.has(what))
}

const failuresIn = ({ faults }: Scenario) => faults.filter(({ what }) => what !== 'link heals').length
const streamOf = ({ stream, links }: Scenario): readonly number[] =>
  stream.flatMap(({ count, link }) => Array.from({ length: count }, () => ((link - 1) % links) + 1))

/** What a history shows, and where; fresh messages no model is asked about. */
function shownIn(history: History): readonly { readonly at: number; readonly shown: Observed }[] {
  const fresh = history.findIndex(({ what }) => what === 'fresh')
  return history.slice(0, fresh < 0 ? history.length : fresh).flatMap(({ what, message }, at) => {
    const does = what === 'recorded' || what === 'recorded altered' ? 'delivered' : what === 'flagged' ? 'flagged' : null
    return does === null || message === undefined ? [] : [{ at, shown: { does, message: Number(message.slice(1)) } }]
  })
}

function heldTo(component: Component, scenario: Scenario, history: History): Divergence | null {
  const scope = scopeFor(component, scenario)
  const shown = shownIn(history)
  const [quiet] = kinds(component.attributes(scope))
  const stream = streamOf(scenario).map((link): ModelBurst => (hasLinks(component) ? { ...quiet!, link } : quiet!))
  const found = explain(build(component, 'fixed', scope, { fresh: false }), stream, shown.map((each) => each.shown))
  return found && told(component, scenario, history, found)
}

function told(component: Component, scenario: Scenario, history: History, { at, allowed }: Unexplained): Divergence {
  const there = shownIn(history)[at]
  const fresh = history.findIndex(({ what }) => what === 'fresh')
  const instead = allowed.length === 0 ? 'nothing more' : allowed.join('; ')
  const message = there ? `m${there.shown.message}` : null
  const did = there ? `${message} is ${there.shown.does}` : 'nothing more happens'
  return {
    scenario, history, message, at: there ? there.at : Math.max(0, (fresh < 0 ? history.length : fresh) - 1),
    says: `${did}${there ? ' here' : ''}; ${component.name} would have allowed: ${instead}.`, did, allowed,
  }
}

/** As many messages, workers and links as the scenario has, as many failures as it strikes links, and nothing else. */
function scopeFor(component: Component, scenario: Scenario): Scope {
  const { workers, links } = scenario
  const wanted: Scope = { messages: messagesIn(scenario), workers, threads: workers, links, failures: failuresIn(scenario), burst: 1 }
  const faults = ['deaths', 'delays', 'losses', 'restarts']
  return scopeOf(component, Object.fromEntries(Object.keys(component.sizes).flatMap((size) =>
    wanted[size] !== undefined ? [[size, wanted[size]]] : faults.includes(size) ? [[size, 0]] : [])))
}

/** A connector’s component among those there are; undefined when it names none, null when there is none of that name. */
export const componentOf = (connector: Connector, components: readonly Component[]): Component | null | undefined =>
  connector.component === undefined ? undefined : (components.find(({ name }) => name === connector.component) ?? null)
