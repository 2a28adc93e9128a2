/**
 * Checks one real connector, step by step: stored scenarios, drawn scenarios, every order of a few messages, and the
 * model of the component that it names. The first step that finds a violation is the last.
 */
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { attempt, type Verdict } from '../../engine/falsify/falsify.ts'
import { type BrokenLaw, Unrepeatable } from '../../engine/falsify/shrink.ts'
import type { Runner } from '../../engine/falsify/runner.ts'
import type { Ran } from '../../engine/falsify/verdict-of-run.ts'
import { everyOrder } from '../../engine/falsify/interleavings.ts'
import type { Entry } from '../../engine/store/store.ts'
import { Inconclusive, unlessInconclusive } from '../../engine/inconclusive.ts'
import { realNow } from '../../engine/real-time.ts'
import { brokeOnce, wrongModel } from '../../reports/connectors/settling.ts'
import { amount, shellWord } from '../../reports/text/words.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import type { StorePlace } from '../input/configured.ts'
import { type ConnectorFile, jobsFor, type ProcessChoice, withRunners } from '../input/loaded-connector.ts'
import { componentOf } from '../input/loaded-component.ts'
import { progress } from '../output/terminal.ts'
import { type ConnectorResult, type Findings, nothingFound } from './connector-result.ts'
import { type HowFound, keepFailure, violationIn } from './kept-violation.ts'
import { mostSeconds, reasonsFor, secondsTo } from './reasons.ts'
import { rerunStored } from './stored-scenarios.ts'

interface ConnectorCheck extends ProcessChoice {
  /** Scenarios to draw. */
  readonly runs: number
  readonly seed: number
  /** The time, by `realNow()`, after which no scenario is begun. */
  readonly until: number
  readonly store: StorePlace
  /** Told of each drawn scenario when it was run, by its number. */
  readonly onScenario?: (number: number, ran: Ran) => void
}

export async function checkConnector(subject: ConnectorFile, options: ConnectorCheck, entries: readonly Entry[]): Promise<ConnectorResult> {
  const began = realNow()
  const jobs = jobsFor(subject.connector, options, options.runs)
  const found = began >= options.until ? { ...nothingFound, verdict: 'inconclusive' as const, because: 'the time was over' }
    : await unlessInconclusive(withRunners(subject, { ...options, jobs }, (runners) => findings(subject, options, entries, runners)),
      (because) => ({ ...nothingFound, verdict: 'inconclusive' as const, because }))
  return { subject, ...found, milliseconds: realNow() - began }
}

async function findings(
  subject: ConnectorFile, options: ConnectorCheck, entries: readonly Entry[], runners: readonly Runner[],
): Promise<Findings> {
  const { connector } = subject
  const raw = runners[0]!
  const { seed } = options
  const stored = { ...nothingFound, ...await rerunStored(subject, options, entries, raw) }
  if (stored.violations.length > 0) return { ...stored, verdict: 'broken' }

  const model = connector.component === undefined ? null : new ModelConformance(await componentOf(subject), connector)
  const verdict = await drawn(connector, options, runners, model)
  const { broken, seen, ...of } = verdict
  const again = `npx unwedge check ${shellWord(subject.typed)} --seed ${seed} --runs ${options.runs}`
  const once = seen ? violationIn(subject, seen, { seed, run: of.runs, repeats: false, found: 'once', again }) : null
  const found = { ...stored, ...of, once }
  if (broken) return { ...found, ...await newFailure(subject, broken, { seed, run: of.runs, repeats: of.repeats === true }, raw, options) }

  const orders = connector.clock === 'real' || of.repeats !== true ? null
    : await unlessInconclusive(everyOrder(connector, {
      runner: raw, seconds: Math.min(mostSeconds, secondsTo(options.until)), onHistory: watching(connector, 'every order, run', model),
    }).catch(unrepeatable), () => null)
  if (orders instanceof Unrepeatable) {
    const shown = violationIn(subject, orders.seen, { seed, run: of.runs, repeats: false, found: 'once', again })
    return { ...found, verdict: 'inconclusive', because: brokeOnce, repeats: false, once: shown }
  }
  if (orders?.broken) {
    const how = { seed, run: orders.tried, repeats: true, found: 'in every order' as const }
    return { ...found, orders, ...await newFailure(subject, orders.broken, how, raw, options), verdict: 'broken' }
  }
  // Where a broken law could not be shown again, what the model says of such histories means nothing.
  if (of.verdict === 'inconclusive' && of.repeats !== true) return found
  return { ...found, orders, ...(model ? againstModel(subject, model, options) : {}) }
}

function unrepeatable(error: unknown): Unrepeatable {
  if (error instanceof Unrepeatable) return error
  throw error
}

/** Counts runs on the terminal, where it is known out of how many, and keeps their histories for the model. */
function watching(
  { name }: Connector, what: string, model: ModelConformance | null, all?: number,
): (scenario: Scenario, history: History) => void {
  let count = 0
  return (scenario, history) => {
    progress.show(`${name}: ${what} ${amount(++count)}${all === undefined ? '' : ` of ${amount(all)}`}`)
    model?.keep(scenario, history)
  }
}

/** Says on the terminal, second by second, that a large burst is under way: it may take a minute. */
function ticking({ name }: Connector) {
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    begin(messages: number): void {
      clearInterval(timer)
      const began = realNow()
      const show = () => progress.show(`${name}: ${amount(messages)} messages at once, ${Math.floor((realNow() - began) / 1000)} s`)
      show()
      timer = setInterval(show, 1_000)
      timer.unref()
    },
    end: () => clearInterval(timer),
  }
}

type Drawn = Pick<Findings, 'verdict' | 'because' | 'runs' | 'unreached' | 'coverage'>
  & { readonly repeats: boolean | null; readonly broken: BrokenLaw | null; readonly seen?: BrokenLaw }

/** The verdict on drawn scenarios. Inconclusive where none was drawn, and where a broken law could not be shown again. */
async function drawn(
  connector: Connector, { seed, runs, until, onScenario }: ConnectorCheck, runner: readonly Runner[], model: ModelConformance | null,
): Promise<Drawn> {
  let tried = 0
  const watch = watching(connector, 'scenario', model, runs)
  const onRun = (run: number, ran: Ran) => {
    const { scenario, history, judgement } = ran
    tried = run
    onScenario?.(run, ran)
    watch(scenario, history)
    if (judgement) progress.show(`${connector.name}: ${judgement.says} Looking for a smaller scenario …`)
  }
  const tick = ticking(connector)
  let verdict: Verdict
  try {
    const among = model ? modelScenarios(model.component, connector) : []
    verdict = await attempt(connector, { seed, runs, seconds: secondsTo(until), runner, onRun, onBurst: tick.begin, among })
  } catch (error) {
    const nothing = { verdict: 'inconclusive', runs: tried, broken: null, unreached: [], coverage: null } as const
    if (error instanceof Inconclusive) return { ...nothing, because: error.message, repeats: null }
    if (!(error instanceof Unrepeatable)) throw error
    return { ...nothing, because: brokeOnce, repeats: false, seen: error.seen }
  } finally {
    tick.end()
  }
  return verdict.runs === 0 && verdict.because === '' ? { ...verdict, verdict: 'inconclusive', because: 'no scenario was drawn' } : verdict
}

/** Keeps a new failure, diagnoses it, tries which parts of its scenario matter, and makes it a violation to show. */
async function newFailure(
  subject: ConnectorFile, broken: BrokenLaw, how: HowFound, runner: Runner, { until, store }: ConnectorCheck,
): Promise<Pick<Findings, 'violations' | 'remarks'>> {
  const by = how.found === undefined ? 'drawing' : 'every order'
  const { again, why } = keepFailure(subject, store, broken, { seed: how.seed, run: how.run, by })
  const violation = violationIn(subject, broken, { ...how, again, ...await reasonsFor(subject, broken, runner, until) })
  return { violations: [violation], remarks: why === null ? [] : [why] }
}

/** Checks the histories of small scenarios against the model of the component that the connector names. */
function againstModel(
  { connector, typed }: ConnectorFile, model: ModelConformance, { seed, runs, until }: ConnectorCheck,
): Partial<Findings> {
  const component = connector.component!
  progress.show(`${connector.name}: could ${component} have done the same?`)
  // Who has set a time has set it for this too.
  const seconds = until === Infinity ? mostSeconds : secondsTo(until)
  const { divergence, ...counts } = model.check(seconds)
  const conformance = { component, seconds, ...counts }
  const because = wrongModel(model.component, counts.breaches)
  if (because !== null) return { conformance, verdict: 'inconclusive', because }
  if (!divergence) return { conformance }
  const again = `npx unwedge check ${shellWord(typed)} --seed ${seed} --runs ${runs}`
  return { conformance, divergence: { ...divergence, connector: connector.name, again }, verdict: 'broken' }
}
