/** Runs a scenario and judges what came of it: by the laws, and, where links may not be independent, by a pair of runs. */
import type { Clause } from '../../spec/clauses.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { incomplete } from '../verdict/completeness.ts'
import { compared, differInTurns, type Pair, pairInTime, pairOf, withoutLinkFaults } from '../verdict/independence.ts'
import { type Judgement, judge } from '../verdict/judge.ts'
import { slowestFresh } from '../verdict/promptness.ts'
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
  const judgement = await judged(connector, scenario, history, runner)
  if (judgement && connector.clock !== 'real' && judgement.clause === 'a verdict while another link is down') {
    // What comes to nothing without that, too, is not due to another link.
    const alone = withoutLinkFaults(scenario)
    const without = await runner(alone)
    const found = judge(connector, without)
    if (found && incomplete(without, alone) === null) return { scenario: alone, history: without, judgement: found, inconclusive: null }
  }
  if (judgement || inconclusive !== null) return { scenario, history, judgement, inconclusive: judgement ? null : inconclusive }
  // Real time is never the same twice.
  const pair = connector.clock === 'real' ? null : pairOf(connector, scenario, history)
  if (!pair) return { scenario, history, judgement, inconclusive }
  const drawn = await ranAsPair(connector, pair, runner, pair.struck.faults.length === scenario.faults.length ? history : undefined)
  const isOfTurns = drawn?.judgement && differInTurns(drawn.judgement.message!, drawn.history, drawn.without!)
  // Where calls take effect as they are made, nobody changes places because of what is left out.
  const found = isOfTurns ? await ranAsPair(connector, { struck: inOrder(pair.struck), spared: inOrder(pair.spared) }, runner) : drawn
  if (found) return found
  const inTime = pairInTime(scenario)
  return (inTime && await ranAsPair(connector, inTime, runner, history)) ?? { scenario, history, judgement, inconclusive }
}

const inOrder = (scenario: Scenario): Scenario => ({ ...scenario, schedule: [] })

/** Runs a scenario with and without what is done to links; null where that costs the messages for others nothing. */
async function ranAsPair(connector: Connector, { struck, spared }: Pair, runner: Runner, known?: History): Promise<Ran | null> {
  const history = known ?? await runner(struck)
  const without = await runner(spared)
  if (!compared(connector, struck, history, without)) return null
  // What differs from one run to the next of the same scenario is chance, as in a back-off with jitter.
  const judgement = compared(connector, struck, history, without, await runner(spared))
  return judgement && { scenario: struck, history, judgement, without, inconclusive: null }
}

const healthyRuns = 3

/**
 * By the laws. Whoever is late on the real clock alone may be so by the machine, which is busy elsewhere: how long a fresh message takes
 * there and then is measured, in runs of the same calm with no storm before it. It may take so much longer, and no more.
 */
async function judged(connector: Connector, scenario: Scenario, history: History, runner: Runner): Promise<Judgement | null> {
  let judgement = judge(connector, history)
  if (connector.clock !== 'real') return judgement
  for (let run = 0, healthy = 0; run < healthyRuns && judgement?.clause === late; run++) {
    healthy = Math.max(healthy, slowestFresh(await runner({ ...scenario, stream: [], faults: [], schedule: [] })))
    judgement = judge(connector, history, { healthy })
  }
  return judgement
}

const late: Clause['name'] = 'fresh messages are delivered promptly'
