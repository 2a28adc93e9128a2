/**
 * Which rules of its model, and which answers of its policy, a right connector of each component exercises in so many scenarios: with those
 * out of the model, and without.
 */
import { fixed as claimQueue } from '../../connectors/variants/claim-queue.ts'
import { fixed as consumer } from '../../connectors/variants/consumer.ts'
import { fixed as gateway } from '../../connectors/variants/gateway.ts'
import { fixed as interchange } from '../../connectors/variants/interchange.ts'
import { fixed as propertyCache } from '../../connectors/variants/property-cache.ts'
import { fixed as reportRelay } from '../../connectors/variants/report-relay.ts'
import { fixed as spool } from '../../connectors/variants/spool.ts'
import { fixed as transferAgent } from '../../connectors/variants/transfer-agent.ts'
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { components } from '../../models/catalogue.ts'
import type { Component } from '../../spec/component.ts'
import type { Connector } from '../../spec/connector.ts'
import type { RuleCoverage } from '../../spec/evidence/model-coverage.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { many, medianOf, type Section } from '../measure.ts'

/** By component; a relay is made of the others. */
const connectors: Readonly<Record<string, Connector>> = {
  gateway, 'claim-queue': claimQueue, 'transfer-agent': transferAgent, 'property-cache': propertyCache, interchange, consumer,
  'report-relay': reportRelay, spool,
}

/** Seconds for which a model is asked about what was seen. */
const patience = 60

/** A rule; or in it an answer of the policy. */
interface Use {
  readonly name: string
  readonly histories: number
  readonly because: string | null
}

interface Seen {
  readonly uses: readonly Use[]
  readonly histories: number
  readonly left: number
}

interface Size {
  readonly seed: number
  readonly runs: number
}

async function exercised(component: Component, connector: Connector, among: readonly Scenario[], { seed, runs }: Size): Promise<Seen> {
  const model = new ModelConformance(component, connector)
  const { verdict, broken } = await attempt(connector, {
    seed, runs, among, onRun: (_run, { scenario, history }) => model.keep(scenario, history),
  })
  if (verdict !== 'lawful') throw new Error(`${connector.name} is ${verdict}: ${broken?.says}`)
  const { divergence, histories, tooMany, left, coverage } = model.check(patience)
  if (divergence) throw new Error(`${connector.name} parts from its model: ${divergence.says}`)
  return { uses: coverage.rules.flatMap(usesOf), histories, left: tooMany + left }
}

const usesOf = ({ rule, histories, because, answers }: RuleCoverage): readonly Use[] => [
  { name: rule, histories, because },
  ...answers.map(({ question, found, answer, histories: times }) =>
    ({ name: `${rule}: ${question}${found === '' ? '' : `, ${found}`}: ‘${answer}’`, histories: times, because })),
]
const isSeen = ({ histories }: Use) => histories > 0
const seenOf = ({ uses }: Seen) => uses.filter(isSeen).length

export async function rules(rounds: number, runs: number): Promise<Section> {
  const rows: (readonly string[])[] = []
  for (const component of components.filter(({ name }) => name !== 'relay')) {
    const connector = connectors[component.name]!
    const aims = modelScenarios(component, connector)
    const each: { readonly aimed: Seen; readonly drawn: Seen }[] = []
    for (let seed = 1; seed <= rounds; seed++) {
      process.stderr.write(`\r\u001b[K  ${component.name}, seed ${seed} …`)
      each.push({
        aimed: await exercised(component, connector, aims, { seed, runs }),
        drawn: await exercised(component, connector, [], { seed, runs }),
      })
    }
    const all = each[0]!.aimed.uses
    const never = all.filter(({ name }) => !each.some(({ aimed }) => aimed.uses.some((use) => use.name === name && isSeen(use))))
    const middle = (of: (one: (typeof each)[number]) => number) => many(medianOf(each, of))
    rows.push([
      component.name, String(all.length), middle(({ aimed }) => seenOf(aimed)), middle(({ drawn }) => seenOf(drawn)),
      middle(({ aimed }) => aimed.histories), middle(({ drawn }) => drawn.histories), middle(({ aimed, drawn }) => aimed.left + drawn.left),
      never.map(({ name, because }) => (because === null ? name : `${name} (${because})`)).join('; ') || '–',
    ])
  }
  process.stderr.write('\r\u001b[K')
  return {
    title: 'Rules and answers of a model that a right connector exercises',
    says: [
      `The connector that is its component’s right variant, ${many(runs)} scenarios with each seed from 1. Aimed: half of them are walks `
      + 'of the model, in a world. Drawn: none is. A rule is exercised where the run of the model that explains a history takes it, '
      + 'and so is each answer of the policy that the rule asks for. In brackets is why one cannot be, where that is known.',
      `Not asked of are histories for which ${patience} seconds were too few, or whose runs are too many.`,
    ],
    columns: [
      'component', 'rules and answers', 'aimed', 'drawn', 'histories, aimed', 'histories, drawn', 'not asked of', 'never, even aimed',
    ],
    rows,
  }
}
