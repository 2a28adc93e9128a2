/**
 * The public surface, for test files: `conformance(connector)` is the whole of it.
 *
 * The connector is put through drawn scenarios in this process. Where it breaks a law, the failure is the page. That takes the
 * engine, the pages and the catalogue, which only this room and the command line put together.
 */
import { describe, it } from 'vitest'
import { ran } from '../engine/falsify/verdict-of-run.ts'
import { checked } from '../engine/process/load.ts'
import { attempt } from '../engine/falsify/falsify.ts'
import { calibrated, inProcess, repeats, usingThisProcess } from '../engine/falsify/runner.ts'
import { violationOf } from '../engine/store/violation-record.ts'
import { violationPage } from '../reports/connectors/violation-page.ts'
import type { Connector } from '../spec/connector.ts'
import { connectorLaws, type LawName } from '../spec/laws.ts'
import type { Scenario } from '../spec/scenario.ts'

export interface Conformance {
  /** Scenarios to draw; 200 unless told otherwise. */
  readonly runs?: number
  /** The same seed draws the same scenarios; 1 unless told otherwise. */
  readonly seed?: number
}

/** Declares a vitest suite that checks a connector against every law that applies to it. */
export function conformance(connector: Connector, { runs = 200, seed = 1 }: Conformance = {}): void {
  checked(connector, 'The connector given to conformance()')
  describe(connector.name, () => {
    it(`keeps every law in ${runs} scenarios`, { timeout: 0 }, async ({ annotate }) => {
      const verdict = await attempt(connector, { seed, runs })
      for (const { what, because } of verdict.unreached) await annotate(`It was not tried with “${what}”, because ${because}.`)
      if (verdict.broken) {
        const diagnosis = await diagnosed(connector, verdict.broken.law.name)
        throw new Nonconformance(violationPage(violationOf(connector, verdict, { seed, again: again(seed, runs), diagnosis })))
      }
      if (verdict.verdict === 'inconclusive') throw new Error(`${connector.name}: ${verdict.because}.`)
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
  checked(connector, 'The connector given to regression()')
  describe(connector.name, () => {
    it(`keeps every law in a scenario that once broke ‘${law}’`, { timeout: 0 }, async () => {
      const runner = await calibrated(connector, inProcess(connector))
      const { judgement, inconclusive, ...run } = await ran(connector, scenario, runner)
      if (inconclusive !== null) throw new Error(`${connector.name}: ${inconclusive}.`)
      if (!judgement) return
      const broken = { ...judgement, ...run, tries: 0 }
      const diagnosis = await diagnosed(connector, judgement.law.name)
      const isSteady = await repeats(runner, scenario)
      const how = { seed: 0, found: 'kept', again: `regression(connector, scenario, '${law}')`, diagnosis } as const
      throw new Nonconformance(violationPage(violationOf(connector, { broken, runs: 0, repeats: isSteady }, how)))
    })
  })
}

/** Which known bug it behaves like. What that takes is loaded only where a law was broken. */
async function diagnosed(connector: Connector, law: LawName): Promise<string> {
  const [{ diagnose }, { catalogue }] = await Promise.all([import('../engine/conform/diagnose.ts'), import('../models/catalogue.ts')])
  const bugs = catalogue.filter(({ component }) => component.name !== 'relay')
  return usingThisProcess(connector, async (runner) => (await diagnose(connector, bugs, { runner, law, seconds: 5 })).says)
}

const again = (seed: number, runs: number) => `conformance(connector, { seed: ${seed}, runs: ${runs} })`

/** A failure that is a page to read: a stack would only point at the suite. */
class Nonconformance extends Error {
  constructor(page: string) {
    super(page)
    this.name = 'Nonconformance'
    this.stack = page
  }
}
