/** Runs scenarios: in this process, or in another that may come to harm. */
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { trial } from '../trial/trial.ts'
import { holdVirtualTime } from '../trial/virtual-time.ts'

export type Runner = (scenario: Scenario, options?: RunnerOptions) => Promise<History>
/** What was printed: when, in milliseconds of real time since the scenario began, and where. */
export interface Printed {
  readonly time: number
  readonly on: 'stdout' | 'stderr'
  readonly text: string
}

interface RunnerOptions {
  readonly patience?: number
  /** Every event also of a scenario that does not come back. */
  readonly full?: boolean
  /** Told at every turn how many could have had it. */
  readonly onChoice?: (choices: number) => void
  /**
   * Told at once of what the connector prints, where it runs in a process of its own. It is in the history too, where it was
   * printed, but for what is too much.
   */
  readonly onPrint?: (printed: Printed) => void
}

export const inProcess = (connector: Connector): Runner => (scenario, options) => trial(connector, scenario, options)

/** Uses a runner in this process. Virtual time is held meanwhile, for installing it takes longer than most scenarios. */
export async function usingThisProcess<R>(connector: Connector, use: (runner: Runner) => Promise<R>): Promise<R> {
  const time = connector.clock === 'real' ? null : holdVirtualTime()
  try {
    return await use(inProcess(connector))
  } finally {
    time?.release()
  }
}

const healthy: Scenario = { workers: 2, links: 1, stream: [{ count: 4, kind: 'plain', link: 1 }], faults: [], schedule: [] }

/** On the real clock “never” is a deadline: several times the longest pause in three healthy runs. Undefined where it is declared. */
export async function measuredPatience(connector: Connector, runner: Runner): Promise<number | undefined> {
  if (connector.clock !== 'real' || connector.patience !== undefined) return undefined
  let longest = 0
  for (let run = 0; run < 3; run++) {
    const history = await runner(healthy, { patience: slowest })
    for (const [i, { what, time }] of history.entries())
      if (i > 0 && !afterWaiting.has(what)) longest = Math.max(longest, time - history[i - 1]!.time)
  }
  return Math.min(slowest, Math.max(quickest, several * longest))
}

/** The same runner, told how long to wait. */
export const withPatience = (runner: Runner, patience: number | undefined): Runner =>
  patience === undefined ? runner : (scenario, options) => runner(scenario, { ...options, patience })

export const calibrated = async (connector: Connector, runner: Runner): Promise<Runner> =>
  withPatience(runner, await measuredPatience(connector, runner))

const afterWaiting = new Set(['at rest', 'healed', 'calm', 'fresh', 'end'])
const slowest = 1_000
const quickest = 60
const several = 8

const quiet: Scenario = { workers: 2, links: 2, stream: [{ count: 3, kind: 'plain', link: 1 }], faults: [], schedule: [1, 0, 2] }

/** Whether a scenario, a quiet one unless told otherwise, goes the same way twice. A connector of which none does is judged on facts. */
export async function repeats(runner: Runner, scenario: Scenario = quiet): Promise<boolean> {
  const first = await runner(scenario)
  return isSame(first, await runner(scenario))
}

/**
 * Whether two histories of one scenario went the same way. What is printed, and the keys of a disk, may differ, as dates do; and how it
 * is told that a process ended, for one that spun before is not watched for as long.
 */
export const isSame = (one: History, other: History): boolean => wayOf(one) === wayOf(other)
const wayOf = (history: History) => JSON.stringify(history.flatMap(({ time: _, onDisk: __, holds: ___, detail, ...event }) =>
  event.what === 'prints' ? [] : [event.what === 'crashed' ? event : { ...event, detail }]))
