/** Runs a scenario and judges what came of it: by the laws, and, where links may not be independent, by a pair of runs. */
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { incomplete } from '../verdict/completeness.ts'
import { compared, pairOf } from '../verdict/independence.ts'
import { type Judgement, judge } from '../verdict/judge.ts'
import type { Runner } from './runner.ts'

export interface Ran {
  /** What was run in the end: of a pair, what is done to links alone. */
  readonly scenario: Scenario
  readonly history: History
  readonly judgement: Judgement | null
  /** Of a pair, the history without what was done to a link, where that is what the law is broken by. */
  readonly without?: History
  /** Why nothing can be said of it; null when something can. */
  readonly inconclusive: string | null
}

export async function ran(connector: Connector, scenario: Scenario, runner: Runner): Promise<Ran> {
  const history = await runner(scenario)
  const inconclusive = incomplete(history, scenario)
  const judgement = judge(connector, history)
  if (judgement || inconclusive !== null) return { scenario, history, judgement, inconclusive: judgement ? null : inconclusive }
  // Real time is never the same twice.
  const pair = connector.clock === 'real' ? null : pairOf(connector, scenario, history)
  if (!pair) return { scenario, history, judgement, inconclusive }
  const struck = pair.struck.faults.length === scenario.faults.length ? history : await runner(pair.struck)
  const without = await runner(pair.spared)
  const seen = compared(connector, pair.struck, struck, without)
  // What differs from one run to the next of the same scenario is chance, as in a back-off with jitter.
  const found = seen && compared(connector, pair.struck, struck, without, await runner(pair.spared))
  return found ? { scenario: pair.struck, history: struck, judgement: found, without, inconclusive: null }
    : { scenario, history, judgement, inconclusive }
}
