/** Right connectors of each component, of several architectures: every law holds, and the model could have done the same. */
import { describe, expect, it } from 'vitest'
import * as claimQueues from '../../connectors/architectures/claim-queues.ts'
import * as consumers from '../../connectors/architectures/consumers.ts'
import * as gateways from '../../connectors/architectures/gateways.ts'
import * as interchanges from '../../connectors/architectures/interchanges.ts'
import * as propertyCaches from '../../connectors/architectures/property-caches.ts'
import * as reportRelays from '../../connectors/architectures/report-relays.ts'
import * as spools from '../../connectors/architectures/spools.ts'
import * as transferAgents from '../../connectors/architectures/transfer-agents.ts'
import { strips } from '../../connectors/corpus/right/content.ts'
import { twoAssociations } from '../../connectors/corpus/right/workers.ts'
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { components } from '../../models/catalogue.ts'
import type { Connector } from '../../spec/connector.ts'
import { variantConnectors } from './variant-connectors.ts'

/** 2,000 scenarios each, half of them out of the model; a few where the whole suite has to be quick. */
const isWhole = process.env['UNWEDGE_REFERENCES'] !== undefined
const runs = isWhole ? Math.min(2_000, Number(process.env['UNWEDGE_REFERENCES'])) : 2
/** Seconds for which the model is asked; what is left then is not known to be wrong. */
const seconds = 10

const right: Readonly<Record<string, readonly Connector[]>> = {
  gateway: [...Object.values(gateways), strips], 'claim-queue': Object.values(claimQueues),
  'transfer-agent': [...Object.values(transferAgents), twoAssociations], 'property-cache': Object.values(propertyCaches),
  interchange: Object.values(interchanges), consumer: Object.values(consumers), 'report-relay': Object.values(reportRelays),
  spool: Object.values(spools),
}
/** A relay is made of the others. */
const single = components.filter(({ name }) => name !== 'relay')

describe('Every component', () => {
  it('has right connectors of several architectures', () => {
    expect(Object.keys(right).sort()).toEqual(single.map(({ name }) => name).sort())
  })
})

for (const component of single)
  describe(`A right ${component.name.replace('-', ' ')}`, () => {
    const all = [...(right[component.name] ?? []), variantConnectors[component.name]!['fixed']!]

    it('is there in three architectures or more, each of which says what it is', () => {
      expect(all.length).toBeGreaterThanOrEqual(3)
      expect(all.filter((each) => each.component !== component.name)).toEqual([])
    })

    for (const connector of all)
      it(`is lawful, and did what its model could have done, in ${runs} scenarios: ${connector.name}`, { timeout: 900_000 }, async () => {
        const model = new ModelConformance(component, connector)
        const among = isWhole ? modelScenarios(component, connector) : []
        const { verdict, because, broken } = await attempt(connector, {
          seed: 1, runs, among, onRun: (_run, { scenario, history }) => model.keep(scenario, history),
        })
        expect({ verdict, because, says: broken?.says }).toEqual({ verdict: 'lawful', because: '', says: undefined })
        const { divergence, histories } = model.check(seconds)
        expect(divergence?.says ?? null).toBeNull()
        if (isWhole) expect(histories).toBeGreaterThan(20)
      })
  })
