/** Puts a connector through drawn scenarios until it breaks a law, and makes that scenario as small as it gets. */
import fc from 'fast-check'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { type Judgement, judge } from '../verdict/judge.ts'
import { scenarios, smaller } from './generator.ts'
import { Reach, type Unreached } from './fault-coverage.ts'
import { trial } from '../trial/trial.ts'

/** Runs one scenario: in this process, or in another that may come to harm. */
export type Runner = (scenario: Scenario, options?: RunnerOptions) => Promise<History>
interface RunnerOptions {
  readonly patience?: number
  /** Every event also of a scenario that does not come back. */
  readonly full?: boolean
  /** Told at every turn how many could have had it. */
  readonly onChoice?: (choices: number) => void
}

export interface Attempt {
  readonly seed: number
  /** Scenarios to draw at the most, */
  readonly runs: number
  /** and seconds after which no further one is begun. */
  readonly seconds?: number
  readonly runner?: Runner
  /** Leave the scenario that broke a law as it was drawn. */
  readonly asDrawn?: boolean
}

export interface Verdict {
  readonly verdict: 'lawful' | 'broken' | 'inconclusive'
  /** Scenarios drawn until the first that broke a law; all of them when none did. */
  readonly runs: number
  readonly broken: BrokenLaw | null
  /** Why nothing can be said; empty unless inconclusive. */
  readonly because: string
  /** Whether the same scenario gave the same history twice. */
  readonly repeats: boolean
  /** Faults that were drawn and never came about. */
  readonly unreached: readonly Unreached[]
}

export interface BrokenLaw extends Judgement {
  readonly scenario: Scenario
  readonly history: History
  /** Scenarios that shrinking took. */
  readonly tries: number
}

/** A scenario that broke a law, and what it did then. */
interface Drawn {
  readonly scenario: Scenario
  readonly says: string
}

/** A law was broken, and was not when the same scenario was run again. */
export class Unrepeatable extends Error {}

const mostTries = 400
const mostShrinking = 30_000

/** Tries a connector. Deterministic for a seed, as far as the connector is. */
export async function attempt(connector: Connector, options: Attempt): Promise<Verdict> {
  const { seed, runs, seconds = Infinity } = options
  const until = performance.now() + seconds * 1000
  const runner = await calibrated(connector, options.runner ?? inProcess(connector))
  const repeats = await repeatable(runner)
  let drawn = 0
  let first: Drawn | null = null
  const reach = new Reach()
  const property = fc.asyncProperty(scenarios(connector), async (scenario) => {
    if (performance.now() > until) return true
    drawn++
    const history = await runner(scenario)
    reach.see(scenario, history)
    const judgement = judge(connector, history)
    if (judgement === null) return true
    first = { scenario, says: judgement.says }
    return false
  })
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: runs, endOnFailure: true })
  if (!first) {
    if (failed) throw errorInstance
    const cut = drawn < runs
    return {
      verdict: cut ? 'inconclusive' : 'lawful', runs: drawn, broken: null, repeats, unreached: reach.unreached,
      because: cut ? `time ran out after ${drawn} of ${runs} scenarios` : '',
    }
  }
  const broken = await shrunk(connector, first, runner, options.asDrawn === true ? 1 : mostTries)
  return { verdict: 'broken', runs: drawn, broken, because: '', repeats, unreached: [] }
}

export const inProcess = (connector: Connector): Runner => (scenario, options) => trial(connector, scenario, options)

const healthy: Scenario = { workers: 2, links: 1, stream: [{ count: 4, kind: 'plain', link: 1 }], faults: [], schedule: [] }

/** On the real clock “never” is a deadline: several times the longest pause in three healthy runs. */
export async function calibrated(connector: Connector, runner: Runner): Promise<Runner> {
  if (connector.clock !== 'real' || connector.patience !== undefined) return runner
  let longest = 0
  for (let run = 0; run < 3; run++) {
    const history = await runner(healthy, { patience: slowest })
    for (const [i, { what, time }] of history.entries())
      if (i > 0 && !afterWaiting.has(what)) longest = Math.max(longest, time - history[i - 1]!.time)
  }
  const patience = Math.min(slowest, Math.max(quickest, several * longest))
  return (scenario, options) => runner(scenario, { ...options, patience })
}
const afterWaiting = new Set(['at rest', 'healed', 'fresh', 'end'])
const slowest = 1_000
const quickest = 60
const several = 8

/** A quiet scenario, twice: a connector whose histories differ is judged on facts, and its schedule decides less. */
async function repeatable(runner: Runner): Promise<boolean> {
  const quiet: Scenario = { workers: 2, links: 2, stream: [{ count: 3, kind: 'plain', link: 1 }], faults: [], schedule: [1, 0, 2] }
  const said = async () => JSON.stringify((await runner(quiet)).map(({ time: _, ...event }) => event))
  const first = await said()
  return first === (await said())
}

async function shrunk(connector: Connector, { scenario: from, says }: Drawn, runner: Runner, most: number): Promise<BrokenLaw> {
  let history = await runner(from)
  let judgement = judge(connector, history)
  let scenario = from
  let tries = 1
  const until = performance.now() + mostShrinking
  for (let improved = judgement !== null; improved && tries < most; ) {
    improved = false
    for (const less of smaller(scenario, connector)) {
      if (++tries > most || performance.now() > until) break
      const now = await runner(less)
      const still = judge(connector, now)
      if (still?.law !== judgement!.law) continue
      ;[scenario, history, judgement, improved] = [less, now, still, true]
      break
    }
  }
  if (judgement && history.length === 1) history = await runner(scenario, { full: true })
  judgement &&= judge(connector, history) ?? judgement
  if (!judgement) throw new Unrepeatable(`${connector.name} broke a law once, and not again under the same scenario: it does not repeat. (${says})`)
  return { ...judgement, scenario, history, tries }
}
