/** Not an entry of its own: how `api/assert.ts` and `api/vitest.ts` put a connector through scenarios in this process. */
import { ModelConformance } from '../engine/conform/model-conformance.ts'
import { modelScenarios } from '../engine/conform/model-scenarios.ts'
import { readConfig } from '../engine/config/config-file.ts'
import { attempt } from '../engine/falsify/falsify.ts'
import { calibrated, inProcess, repeats, type Runner, usingThisProcess } from '../engine/falsify/runner.ts'
import { ran } from '../engine/falsify/verdict-of-run.ts'
import { checked } from '../engine/process/load.ts'
import { besideStandstill } from '../engine/process/standstill.ts'
import { scenarioFrom } from '../engine/store/store.ts'
import { violationOf } from '../engine/store/violation-record.ts'
import { UsageError } from '../engine/usage-error.ts'
import { components } from '../models/catalogue.ts'
import { divergencePage } from '../reports/connectors/divergence-page.ts'
import { whatSettles, wrongModel } from '../reports/connectors/settling.ts'
import { violationPage } from '../reports/connectors/violation-page.ts'
import type { Component } from '../spec/component.ts'
import type { Connector } from '../spec/connector.ts'
import { connectorLaws, type LawName } from '../spec/laws.ts'
import type { Scenario } from '../spec/scenario.ts'

export interface Conformance {
  /** Scenarios to draw; as many as `unwedge.config.ts` says, and 200 unless told otherwise. */
  readonly runs?: number
  /** The same seed draws the same scenarios; the one of `unwedge.config.ts`, and 1 unless told otherwise. */
  readonly seed?: number
  /** Seconds after which no further one is begun: then nothing can be said. As `unwedge.config.ts` says, and no limit unless told otherwise. */
  readonly time?: number
  /** The component of one’s own that it implements, as `unwedge/model` has it: its histories are then held to that model too. */
  readonly component?: Component
}

/** What was drawn for a lawful connector. */
export interface Conformed {
  /** Scenarios that it kept every law in. */
  readonly runs: number
  /** What it was never tried with, and why. */
  readonly unreached: readonly { readonly what: string; readonly because: string }[]
}

/** Seconds at the most that the model is asked. */
const mostSeconds = 10

/**
 * Tries a connector with drawn scenarios, and with some of its model where it names one. Rejects with a page where it breaks a law, or
 * did what the model cannot. `by` is the function that a page names.
 */
export async function tried(connector: Connector, how: Conformance, by: string): Promise<Conformed> {
  const { runs, seed, time: seconds = Infinity } = settled(how)
  const { component: own } = how
  const component = own ?? catalogued(connector)
  const model = component ? new ModelConformance(component, connector) : null
  const verdict = await alone(() => inSight(connector, (runner) => attempt(connector, {
    seed, runs, seconds, runner, among: component ? modelScenarios(component, connector) : [],
    onRun: (_run, { scenario, history }) => model?.keep(scenario, history),
  })))
  const again = `${by}(connector, { seed: ${seed}, runs: ${runs} })`
  if (verdict.broken) {
    const diagnosis = await diagnosed(connector, verdict.broken.law.name)
    throw new Nonconformance(violationPage(violationOf(connector, verdict, { seed, again, diagnosis })))
  }
  if (verdict.verdict === 'inconclusive') throw undecided(connector, verdict.because)
  const asked = model?.check(mostSeconds)
  const because = component && asked ? wrongModel(component, asked.breaches) : null
  if (because !== null) throw undecided(connector, because)
  const divergence = asked?.divergence
  if (divergence) throw new Nonconformance(divergencePage({ ...divergence, connector: connector.name, again }))
  return { runs: verdict.runs, unreached: verdict.unreached }
}

/** Uses a runner in this process, beside a thread that says so where the connector lets nothing else have a turn. */
const inSight = <R>(connector: Connector, use: (runner: Runner) => Promise<R>): Promise<R> =>
  besideStandstill(connector, (begins) => usingThisProcess(connector, (here) => use((scenario, options) => {
    begins(scenario)
    return here(scenario, options)
  })))

/** What is told in code, and else in the configuration file, and else as usual. */
export function settled({ runs, seed, time }: Conformance) {
  const file = readConfig()
  return { runs: runs ?? file.runs ?? 200, seed: seed ?? file.seed ?? 1, time: time ?? file.time }
}

/** Tries it with one scenario, in which it once broke a law. Rejects in the same way. */
export async function triedAgain(connector: Connector, scenario: Scenario, law: LawName, by: string): Promise<void> {
  const runner = await calibrated(connector, (each, options) => alone(() => besideStandstill(connector, (begins) => {
    begins(each)
    return inProcess(connector)(each, options)
  })))
  const { judgement, inconclusive, ...run } = await ran(connector, scenario, runner)
  if (inconclusive !== null) throw undecided(connector, inconclusive)
  if (!judgement) return
  const broken = { ...judgement, ...run, tries: 0 }
  const diagnosis = await diagnosed(connector, judgement.law.name)
  const isSteady = await repeats(runner, scenario)
  const how = { seed: 0, found: 'kept', again: `${by}(connector, scenario, '${law}')`, diagnosis } as const
  throw new Nonconformance(violationPage(violationOf(connector, { broken, runs: 0, repeats: isSteady }, how)))
}

/** The component of the catalogue that it names. Throws `UsageError` where there is none of that name. */
function catalogued({ name, component }: Connector): Component | null {
  if (component === undefined) return null
  const found = components.find((each) => each.name === component)
  if (found) return found
  const names = components.map((each) => each.name).join(', ')
  throw new UsageError(`${name} says that it is a component ${JSON.stringify(component)}, and there is none: there are ${names}. `
    + 'One of your own is given beside the connector: { component: mine }.')
}

/** Nothing can be said, why, and what would settle it. Where in the suite that was found out is nobody’s concern. */
function undecided({ name }: Connector, because: string): Error {
  const settles = whatSettles(because)
  const error = new Error(`${name}: ${because}.${settles === null ? '' : ` ${settles.replaceAll('`--', '`')}`}`)
  error.stack = String(error)
  return error
}

/** Says what is wrong with a scenario or a law before it is tried, and where `entry` was called with it: both may have been written by hand. */
export function tellable(scenario: unknown, law: unknown, by: string, entry: (...given: never[]) => unknown): Scenario {
  try {
    if (!connectorLaws.some(({ name }) => name === law))
      throw new UsageError(`The law given to ${by}() is none: there are ${connectorLaws.map(({ name }) => `‘${name}’`).join(', ')}.`)
    return scenarioFrom(scenario, (why) => new UsageError(`The scenario given to ${by}() cannot be run: ${why}.`))
  } catch (error) {
    if (error instanceof UsageError) Error.captureStackTrace(error, entry)
    throw error
  }
}

/** Says what is wrong with a connector before it is tried, and where `entry` was called with it. */
export function fitting(connector: Connector, by: string, entry: (...given: never[]) => unknown): Connector {
  try {
    return checked(connector, `The connector given to ${by}()`)
  } catch (error) {
    if (error instanceof UsageError) Error.captureStackTrace(error, entry)
    throw error
  }
}

/** Which known bug it behaves like. What that takes is loaded only where a law was broken. */
async function diagnosed(connector: Connector, law: LawName): Promise<string> {
  const [{ diagnose }, { catalogue }] = await Promise.all([import('../engine/diagnosis/diagnose.ts'), import('../models/catalogue.ts')])
  const bugs = catalogue.filter(({ component }) => component.name !== 'relay')
  return alone(() => usingThisProcess(connector, async (runner) => (await diagnose(connector, bugs, { runner, law, seconds: 5 })).says))
}

let last: Promise<unknown> = Promise.resolve()

/** One connector at a time has this process and its clock, for whoever shares them with another waits for what is not its own. */
function alone<R>(does: () => Promise<R>): Promise<R> {
  const mine = last.then(does)
  last = mine.catch(() => undefined)
  return mine
}

/** A failure that is a page to read: a stack would only point at the suite. */
class Nonconformance extends Error {
  constructor(page: string) {
    super(page)
    // As a field of its own, a name would be printed after the page.
    Object.defineProperty(this, 'name', { value: 'Nonconformance', enumerable: false })
    this.stack = page
  }
}
