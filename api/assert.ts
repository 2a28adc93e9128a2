/**
 * The public surface, for any test runner: `await assertConforms(connector)` throws where a law is broken, and what it throws is the
 * page. `api/vitest.ts` has the same as suites of vitest.
 *
 * The connector is put through drawn scenarios in this process. On virtual time, the clock of the process is faked meanwhile: let
 * nothing else run beside it. What no entry exports may change at any time.
 */
import type { Connector } from '../spec/connector.ts'
import type { LawName } from '../spec/laws.ts'
import type { Scenario } from '../spec/scenario.ts'
import { type Conformance, type Conformed, fitting, tellable, tried, triedAgain } from './tried.ts'

export type { Conformance, Conformed } from './tried.ts'

/**
 * Checks a connector against every law that applies to it. Rejects with a page where it breaks one, and with a sentence where nothing
 * can be said.
 */
export async function assertConforms(connector: Connector, how: Conformance = {}): Promise<Conformed> {
  return tried(fitting(connector, 'assertConforms', assertConforms), how, 'assertConforms')
}

/** Checks a connector in one scenario, in which it once broke a law. Rejects as `assertConforms` does. */
export async function assertKeepsLaws(connector: Connector, scenario: Scenario, law: LawName): Promise<void> {
  const subject = fitting(connector, 'assertKeepsLaws', assertKeepsLaws)
  await triedAgain(subject, tellable(scenario, law, 'assertKeepsLaws', assertKeepsLaws), law, 'assertKeepsLaws')
}
