/** One page of each kind of violation, as it is read. Written anew with `-u`; a spin is in `process.trials.test.ts`. */
import { describe, expect, it } from 'vitest'
import { lacking } from '../../engine/falsify/ablation.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { brokenClauses } from '../verdict/broken-clauses.ts'

const kinds: Readonly<Record<string, string>> = {
  'lost-message': 'one that forgets what is dropped', 'second-copy': 'one that resends', 'false-flag': 'one with a quota',
  misrouted: 'one that knows one link', crash: 'one that crashes', livelock: 'one that retries for ever',
  'wedge-in-the-calm': 'one that leaks its worker', 'in-order': 'one that retries at the tail',
  'several-recipients': 'one with several recipients', 'links-not-independent': 'one line for all',
}

describe('The page of a connector that breaks a law', () => {
  for (const [kind, name] of Object.entries(kinds))
    it(`is as it was read: ${kind.replaceAll('-', ' ')}`, async () => {
      const { connector, scenario } = brokenClauses.find((each) => each.connector.name === name)!
      const { judgement, inconclusive: _, ...run } = await ran(connector, scenario, inProcess(connector))
      const broken = { ...judgement!, ...run, tries: 0 }
      const parts = await lacking(connector, run.scenario, inProcess(connector), Infinity)
      const how = { seed: 1, found: 'kept', again: 'npx unwedge check mine.ts', lacking: parts } as const
      const found = violationOf(connector, { broken, runs: 0, repeats: true }, how)
      await expect(violationPage(found)).toMatchFileSnapshot(`../../reports/golden/connectors/${kind}.txt`)
    })
})
