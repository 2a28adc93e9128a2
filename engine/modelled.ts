/**
 * Holds what a connector did in small ordeals to the fixed model of the component that it says it implements: could
 * the model have shown the same?
 */
import type { Component, Scope } from '../spec/component.ts'
import type { Connector, FaultName, History } from '../spec/connector.ts'
import type { Burst } from '../spec/counterexample.ts'
import type { Ordeal } from '../spec/ordeal.ts'
import { build, kinds, scopeOf } from './build.ts'
import { explain, type Shown, TooManyRuns, type Unexplained } from './explain.ts'

/** What a model cannot have done: the event at which they part, and what the model would have allowed instead. */
export interface Unlike {
  readonly ordeal: Ordeal
  readonly history: History
  readonly at: number
  readonly message: string | null
  readonly says: string
  readonly did: string
  readonly allowed: readonly string[]
}

/** Follows small ordeals as they are run, and keeps what they showed. */
export class Modelled {
  readonly #component: Component
  readonly #seen = new Map<string, { readonly ordeal: Ordeal; readonly history: History }>()

  constructor(component: Component) {
    this.#component = component
  }

  /** Takes in a history, if it is one that the model can be asked about and shows something new. */
  see(ordeal: Ordeal, history: History): void {
    if (!isSmall(ordeal, this.#component)) return
    const did = shownIn(history).map(({ shown }) => shown)
    const key = JSON.stringify([ordeal.workers, ordeal.links, streamOf(ordeal), failuresIn(ordeal), did])
    if (!this.#seen.has(key)) this.#seen.set(key, { ordeal, history })
  }

  /** Asks the model about all of them, the smallest first, until one is unlike it or the time is over. */
  hold(seconds: number): Held {
    const until = performance.now() + seconds * 1000
    const waiting = [...this.#seen.values()].sort((a, b) => sizeOf(a.ordeal) - sizeOf(b.ordeal))
    let histories = 0
    let tooMany = 0
    for (const { ordeal, history } of waiting) {
      if (performance.now() > until) break
      try {
        const unlike = heldTo(this.#component, ordeal, history)
        if (unlike) return { histories, tooMany, left: 0, unlike }
        histories++
      } catch (error) {
        if (!(error instanceof TooManyRuns)) throw error
        tooMany++
      }
    }
    return { histories, tooMany, left: waiting.length - histories - tooMany, unlike: null }
  }
}

export interface Held {
  /** Histories that the model could have shown. */
  readonly histories: number
  /** Those of which it could not be told, the model having too many runs, */
  readonly tooMany: number
  /** and those for which there was no time. */
  readonly left: number
  readonly unlike: Unlike | null
}

const mostMessages = 6
/** What can happen to a link of a model: it goes down, and up again. */
const asLinksFail: ReadonlySet<FaultName> = new Set(['link refuses', 'link hangs', 'link drops before', 'link heals'])

const messagesIn = ({ stream }: Ordeal) => stream.reduce((sum, { count }) => sum + count, 0)
const sizeOf = (ordeal: Ordeal) => messagesIn(ordeal) * 10 + ordeal.workers
const hasLinks = (component: Component) => 'link' in component.attributes(scopeOf(component))

function isSmall(ordeal: Ordeal, component: Component): boolean {
  return messagesIn(ordeal) <= mostMessages && ordeal.stream.every(({ kind }) => kind === 'plain') &&
    ordeal.faults.every(({ what }) => hasLinks(component) && asLinksFail.has(what))
}

const failuresIn = ({ faults }: Ordeal) => faults.filter(({ what }) => what !== 'link heals').length
const streamOf = ({ stream, links }: Ordeal): readonly number[] =>
  stream.flatMap(({ count, link }) => Array.from({ length: count }, () => ((link - 1) % links) + 1))

/** What a history shows, and where; fresh messages no model is asked about. */
function shownIn(history: History): readonly { readonly at: number; readonly shown: Shown }[] {
  const fresh = history.findIndex(({ what }) => what === 'fresh')
  return history.slice(0, fresh < 0 ? history.length : fresh).flatMap(({ what, message }, at) => {
    const does = what === 'recorded' || what === 'recorded altered' ? 'delivered' : what === 'flagged' ? 'flagged' : null
    return does === null || message === undefined ? [] : [{ at, shown: { does, message: Number(message.slice(1)) } }]
  })
}

function heldTo(component: Component, ordeal: Ordeal, history: History): Unlike | null {
  const scope = scopeFor(component, ordeal)
  const shown = shownIn(history)
  const [quiet] = kinds(component.attributes(scope))
  const stream = streamOf(ordeal).map((link): Burst => (hasLinks(component) ? { ...quiet!, link } : quiet!))
  const found = explain(build(component, 'fixed', scope, { probe: false }), stream, shown.map((each) => each.shown))
  return found && told(component, ordeal, history, found)
}

function told(component: Component, ordeal: Ordeal, history: History, { at, allowed }: Unexplained): Unlike {
  const there = shownIn(history)[at]
  const fresh = history.findIndex(({ what }) => what === 'fresh')
  const instead = allowed.length === 0 ? 'nothing more' : allowed.join('; ')
  const message = there ? `m${there.shown.message}` : null
  const did = there ? `${message} is ${there.shown.does}` : 'nothing more happens'
  return {
    ordeal, history, message, at: there ? there.at : Math.max(0, (fresh < 0 ? history.length : fresh) - 1),
    says: `${did}${there ? ' here' : ''}; ${component.name} would have allowed: ${instead}.`, did, allowed,
  }
}

/** As many messages, workers and links as the ordeal has, as many failures as it strikes links, and nothing else. */
function scopeFor(component: Component, ordeal: Ordeal): Scope {
  const { workers, links } = ordeal
  const wanted: Scope = { messages: messagesIn(ordeal), workers, threads: workers, links, failures: failuresIn(ordeal), burst: 1 }
  const faults = ['deaths', 'delays', 'losses', 'restarts']
  return scopeOf(component, Object.fromEntries(Object.keys(component.sizes).flatMap((size) =>
    wanted[size] !== undefined ? [[size, wanted[size]]] : faults.includes(size) ? [[size, 0]] : [])))
}

/** A connector’s component among those there are; undefined when it names none, null when there is none of that name. */
export const componentOf = (connector: Connector, components: readonly Component[]): Component | null | undefined =>
  connector.component === undefined ? undefined : (components.find(({ name }) => name === connector.component) ?? null)
