/**
 * The public surface, for test files of vitest: `conformance(connector)` is the whole of it. `api/assert.ts` is for other runners.
 *
 * The connector is put through drawn scenarios in this process. Where it breaks a law, the failure is the page.
 */
import { describe, it } from 'vitest'
import type { Connector } from '../spec/connector.ts'
import { connectorLaws, type LawName } from '../spec/laws.ts'
import type { Scenario } from '../spec/scenario.ts'
import { type Conformance, fitting, settled, tellable, tried, triedAgain } from './tried.ts'

export type { Conformance } from './tried.ts'

/** Declares a vitest suite that checks a connector against every law that applies to it. */
export function conformance(connector: Connector, how: Conformance = {}): void {
  fitting(connector, 'conformance', conformance)
  describe(connector.name, () => {
    it(`keeps every law in ${settled(how).runs} scenarios`, { timeout: 0 }, async ({ annotate }) => {
      const { unreached } = await tried(connector, how, 'conformance')
      for (const { what, because } of unreached) await annotate(`It was not tried with “${what}”, because ${because}.`)
    })
    for (const { name, says } of connectorLaws) {
      const because = connector.exempt?.[name]
      if (because !== undefined) it.skip(`is not checked against “${says}”, because ${because}`)
    }
    for (const [what, because] of Object.entries({ ...connector.notApplicable, ...connector.neverGiven }))
      it.skip(`is not tried with “${what}”, because ${because}`)
  })
}

/** Declares a test of one scenario that broke a law before. `unwedge keep` writes such tests. */
export function regression(connector: Connector, scenario: Scenario, law: LawName): void {
  fitting(connector, 'regression', regression)
  const checked = tellable(scenario, law, 'regression', regression)
  describe(connector.name, () => {
    it(`keeps every law in a scenario that once broke ‘${law}’`, { timeout: 0 }, () => triedAgain(connector, checked, law, 'regression'))
  })
}
