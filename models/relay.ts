/**
 * Relay: the five components in one server, a message passing through all of them.
 *
 * Nothing is written again. Each stage is the component’s own model, and what one delivers arrives at the next.
 */
import { type Component, type PolicyOf, question } from '../spec/component.ts'
import type { Model } from '../spec/model.ts'
import { type Scope, sizes } from '../spec/components/relay.ts'
import { claimQueue } from './claim-queue.ts'
import { gateway } from './gateway.ts'
import { interchange } from './interchange.ts'
import { propertyCache } from './property-cache.ts'
import { transferAgent } from './transfer-agent.ts'

/** In the order in which a message meets them. */
const stages = [interchange, gateway, propertyCache, claimQueue, transferAgent] as const
type StageName = 'interchange' | 'gateway' | 'property-cache' | 'claim-queue' | 'transfer-agent'

const asks = (component: Component) =>
  question(`Which ${component.name.replace('-', ' ')} is it?`, Object.keys(component.variants))
const questions = {
  interchange: asks(interchange),
  gateway: asks(gateway),
  'property-cache': asks(propertyCache),
  'claim-queue': asks(claimQueue),
  'transfer-agent': asks(transferAgent),
}
type Policy = PolicyOf<typeof questions>

const fixed: Policy = {
  interchange: 'fixed', gateway: 'fixed', 'property-cache': 'fixed', 'claim-queue': 'fixed', 'transfer-agent': 'fixed',
}

/** Wrong only where urgent messages come without an end, of which a relay is given none. */
const needTheUrgent = ['starvesTheOthers', 'latestFirst']
/** Every other way in which one of the five is wrong, named `gateway.asShipped` and so on. */
const oneWrong = Object.fromEntries(stages.flatMap((component: Component) =>
  Object.keys(component.variants).filter((variant) => variant !== 'fixed' && !needTheUrgent.includes(variant)).map((variant) =>
    [`${component.name}.${variant}`, { ...fixed, [component.name]: variant }])))

export const relay: Component<Scope, typeof questions> = {
  name: 'relay',
  source: 'all five documents',
  title: 'Interchange, gateway, property cache, claim queue and transfer agent in one server',
  sizes,
  questions,
  documented: [],
  variants: { fixed, ...oneWrong },
  attributes: (scope) => Object.assign({}, ...stages.map((component: Component) => component.attributes(scope))),
  words: {
    attributes: Object.assign({}, ...stages.map((component: Component) => component.words!.attributes)),
    faults: Object.assign({}, ...stages.map((component: Component) => component.words!.faults)),
    workers: ['threads', 'sessions', 'workers', 'pool'],
    links: 'links',
  },
  vacuous: {},

  model(scope, policy, build): Model {
    const built = stages.map((component: Component) =>
      build(component, { ...scope, copies: 2, burst: 2, urgent: 0 }, policy[component.name as StageName]))
    return {
      name: 'relay',
      state: {},
      rules: [],
      fresh: Object.assign({}, ...built.map(({ fresh }) => fresh)),
      known: () => { throw new Error('A relay’s circumstances are those of its stages.') },
      facts: () => [],
      stages: built,
    }
  },
}
