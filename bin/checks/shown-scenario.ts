/** `check --show N`: one scenario of a check, run again with the same seed, with its whole history as a page. */
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { attempt, type Verdict } from '../../engine/falsify/falsify.ts'
import { Unrepeatable } from '../../engine/falsify/shrink.ts'
import type { Ran } from '../../engine/falsify/verdict-of-run.ts'
import { realNow } from '../../engine/real-time.ts'
import { Inconclusive, unlessInconclusive } from '../../engine/inconclusive.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { amountOf, plain, shellWord } from '../../reports/text/words.ts'
import { componentOf } from '../input/loaded-component.ts'
import { type ConnectorFile, jobsFor, type ProcessChoice, withRunners } from '../input/loaded-connector.ts'
import type { Format } from '../output/format.ts'
import { scenarioAs, violationAs } from '../output/page-writers.ts'
import { paper, progress, sayPage } from '../output/terminal.ts'
import { usualRuns } from './connector-result.ts'
import { violationIn } from './kept-violation.ts'

interface Showing extends ProcessChoice {
  readonly format: Format
  readonly show: number
  readonly seed: number
  /** Scenarios that the check draws. */
  readonly runs: number
  readonly until: number
}

/** What came of a check that was run as far as the scenario. */
interface Reached {
  readonly verdict: Verdict | { readonly broken: null; readonly repeats: false; readonly because: string }
  /** Null where the check ended before it. */
  readonly ran: Ran | null
  /** Scenarios that were run. */
  readonly runs: number
  /** Where a law was broken, and not when the same scenario ran again. */
  readonly once: Unrepeatable | null
}

/** Shows it, and gives the exit code. Throws `UsageError` where the check has no such scenario. */
export async function showScenario(subjects: readonly ConnectorFile[], options: Showing): Promise<number> {
  const [subject, ...others] = subjects
  if (!subject) throw new UsageError('--show shows a scenario of a connector: name the file of one, as in my-connector.ts.')
  if (others.length > 0)
    throw new UsageError(`--show shows a scenario of one connector, and there are ${others.length + 1}: name one of `
      + `${[...subjects.slice(0, 5).map(({ typed }) => typed), ...(subjects.length > 5 ? ['…'] : [])].join(', ')}.`)
  const { show: number, seed, runs, format } = options
  const reached = await reach(subject, options)
  progress.clear()
  if (reached.ran === null) return missed(reached, options)
  const { connector, typed } = subject
  const drawn = runs === usualRuns ? '' : ` --runs ${runs}`
  const again = `npx unwedge check ${shellWord(typed)} --seed ${seed}${drawn} --show ${number}`
  const { ran: { judgement, inconclusive, ...ran }, verdict: { repeats, broken }, once } = reached
  const whole = { ...paper, whole: true }
  if (judgement) {
    const seen = once?.seen ?? broken ?? { ...judgement, ...ran, tries: 0 }
    const how = { seed, run: number, repeats, again, ...(once ? { found: 'once' as const } : {}) }
    const page = violationIn(subject, { ...seen, tries: 0 }, how)
    sayPage(violationAs[format](page, whole), format)
    return once ? 3 : 1
  }
  const { name, guarantee, clock = 'virtual' } = connector
  const page = { connector: name, guarantee, clock, number, seed, ...ran, repeats, inconclusive, again }
  sayPage(scenarioAs[format](page, whole), format)
  return inconclusive === null ? 0 : 3
}
/** Runs every scenario up to it: what is drawn next may hang on what has not come about in those before. */
async function reach(subject: ConnectorFile, options: Showing): Promise<Reached> {
  const { connector } = subject
  const { show: number, seed, until } = options
  const found: { ran: Ran | null; runs: number } = { ran: null, runs: 0 }
  const onRun = (run: number, ran: Ran) => {
    progress.show(`${connector.name}: scenario ${run} of ${number}`)
    found.runs = run
    if (run === number) found.ran = ran
  }
  // Those of the largest streams come after all that are drawn.
  const runs = Math.min(number, options.runs)
  const among = connector.component === undefined ? [] : modelScenarios(await componentOf(subject), connector)
  const nothing = (because: string) => ({ broken: null, repeats: false, because }) as const
  try {
    const jobs = jobsFor(connector, options, runs)
    const seconds = Math.max(0, (until - realNow()) / 1000)
    const verdict = await unlessInconclusive(withRunners(subject, { ...options, jobs }, (runner) =>
      attempt(connector, { seed, runs, seconds, runner, onRun, among, asDrawn: true })), nothing)
    return { verdict, once: null, ...found }
  } catch (error) {
    if (error instanceof Inconclusive) return { verdict: nothing(error.message), once: null, ...found }
    if (!(error instanceof Unrepeatable)) throw error
    return { verdict: nothing(''), once: error, ...found }
  }
}

/** Says why the check has no such scenario. */
function missed({ verdict, runs, once }: Reached, { show: number, runs: most }: Showing): number {
  if (verdict.broken || once)
    throw new UsageError(`There is no scenario ${number}: scenario ${runs} breaks a law, and none is drawn after it. `
      + `Show ${runs}, or one before it.`)
  if (runs >= most)
    throw new UsageError(`There is no scenario ${number}: this check has ${amountOf(runs, 'scenario')}. Draw more with --runs ${number}.`)
  process.stderr.write(`unwedge: Scenario ${number} was not reached: ${plain(verdict.because)}.\n`)
  return 3
}
