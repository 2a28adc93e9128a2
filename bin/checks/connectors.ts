/** Holds real connectors to the laws: stored failures first, then drawn scenarios, then every order of a few messages. */
import { existsSync } from 'node:fs'
import { judge } from '../../engine/verdict/judge.ts'
import { lacking } from '../../engine/falsify/ablation.ts'
import { type ConformanceResult, ModelConformance } from '../../engine/conform/model-conformance.ts'
import { everyOrder, type Orders } from '../../engine/falsify/interleavings.ts'
import { type Entry, entriesIn, forget, keep, misfit, type Stored as StoredScenario, storeName } from '../../engine/store/store.ts'
import { attempt, type Runner, type BrokenLaw, calibrated, Unrepeatable, type Verdict } from '../../engine/falsify/falsify.ts'
import { shellWord } from '../../reports/text/words.ts'
import type { History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import type { Violation, Divergence } from '../../spec/evidence/violation.ts'
import { componentNamed } from '../input/names.ts'
import { progress } from '../output/pages.ts'
import { type ConnectorFile, type Where, withRunner } from '../input/loaded-connector.ts'
import { type Come, comeFrom, diagnosed, kept, ofTheSystem, replaying, shownOf } from '../output/violation.ts'

interface Trying extends Where {
  readonly runs: number
  readonly seed: number
  /** When no further scenario is begun, by `performance.now()`. */
  readonly until: number
}

/** What was found of one connector. */
export interface Outcome {
  readonly subject: ConnectorFile
  readonly verdict: Verdict['verdict']
  /** Why nothing can be said; empty unless inconclusive. */
  readonly because: string
  /** Scenarios it went through, stored ones not counted. */
  readonly runs: number
  /** Whether the same scenario gave the same history twice; null when nobody looked. */
  readonly repeats: boolean | null
  readonly violations: readonly Violation[]
  readonly divergence: Divergence | null
  readonly stored: Stored
  readonly orders: Orders | null
  readonly held: Omit<ConformanceResult, 'divergence'> & { readonly component: string } | null
  readonly unreached: Verdict['unreached']
  /** What else is to be said, in sentences: a failure that could not be kept. */
  readonly remarks: readonly string[]
  readonly milliseconds: number
}

/** How stored scenarios of a connector fared: how many still break it, and which were dropped, and why. */
interface Stored {
  readonly breaking: number
  readonly dropped: readonly string[]
}

type Found = Omit<Outcome, 'subject' | 'milliseconds'>
const nothing: Found = {
  verdict: 'lawful', because: '', runs: 0, repeats: null, violations: [], divergence: null, stored: { breaking: 0, dropped: [] },
  orders: null, held: null, unreached: [], remarks: [],
}

export async function tryConnector(subject: ConnectorFile, options: Trying, entries: readonly Entry[]): Promise<Outcome> {
  const began = performance.now()
  const found = began >= options.until ? { ...nothing, verdict: 'inconclusive' as const, because: 'the time was over' }
    : await withRunner(subject, options, (runner) => tried(subject, options, entries, runner))
  return { subject, ...found, milliseconds: performance.now() - began }
}

const secondsTo = (until: number) => Math.max(0, (until - performance.now()) / 1000)

async function tried(subject: ConnectorFile, options: Trying, entries: readonly Entry[], runner: Runner): Promise<Found> {
  const before = await again(subject, entries, runner)
  if (before.violations.length > 0) return { ...nothing, ...before, verdict: 'broken' }
  const { connector } = subject
  const modelled = connector.component === undefined ? null : new ModelConformance(componentNamed(connector.component))
  let drawn = 0
  const watched: Runner = async (scenario, more) => {
    progress.show(`${connector.name}: scenario ${++drawn}`)
    const history = await runner(scenario, more)
    modelled?.keep(scenario, history)
    return history
  }
  const { seed, runs, until } = options
  const so = { ...nothing, ...before }
  let verdict: Verdict
  try {
    verdict = await attempt(connector, { seed, runs, seconds: secondsTo(until), runner: watched })
  } catch (error) {
    if (!(error instanceof Unrepeatable)) throw error
    const because = 'it broke a law once, and did not under the same scenario again'
    return { ...so, verdict: 'inconclusive', because, runs: drawn, repeats: false }
  }
  const { broken, repeats, because, unreached } = verdict
  const isUndrawn = verdict.runs === 0 && because === ''
  const after = { ...so, verdict: verdict.verdict, because, runs: verdict.runs, repeats, unreached, ...(isUndrawn ? undrawn : {}) }
  if (broken) return { ...after, ...(await told(subject, broken, { seed, run: verdict.runs, repeats }, runner, until)) }
  const orders = connector.clock === 'real' || !repeats ? null
    : await everyOrder(connector, { runner: watched, seconds: Math.min(mostSeconds, secondsTo(until)) })
  if (orders?.broken) {
    const come = { seed, run: orders.tried, repeats: true, found: 'in every order' as const }
    return { ...after, orders, ...(await told(subject, orders.broken, come, runner, until)), verdict: 'broken' }
  }
  return { ...after, orders, ...(modelled ? heldTo(subject, modelled, seed, runs) : {}) }
}

const undrawn = { verdict: 'inconclusive', because: 'no scenario was drawn' } as const

/** Seconds that trying every order may take, and asking a model. */
const mostSeconds = 6

/** A new failure: kept, diagnosed, and made into a page. */
async function told(
  subject: ConnectorFile, broken: BrokenLaw, come: Omit<Come, 'again'>, runner: Runner, until: number,
): Promise<Pick<Found, 'violations' | 'remarks'>> {
  const { again, why } = kept(subject, broken, { seed: come.seed, run: come.run, by: come.found === undefined ? 'drawing' : 'every order' })
  progress.show(`${subject.connector.name}: which known bug is it like?`)
  // What fails to start behaves like nothing at all.
  const diagnosis = broken.history[0]?.what === 'crashed' ? null
    : await diagnosed(subject, broken.law.name, runner, secondsTo(until))
  progress.show(`${subject.connector.name}: which parts of it matter?`)
  const without = await lacking(subject.connector, broken.scenario, runner, Math.max(1, Math.min(mostSeconds, secondsTo(until))))
  const shown = shownOf(subject, broken, { ...come, again, ...diagnosis, lacking: without })
  return { violations: [shown], remarks: why === null ? [] : [why] }
}

/** Runs what is stored of a connector again, wherever its file has gone, and drops what it passes now. */
async function again(
  subject: ConnectorFile, entries: readonly Entry[], raw: Runner,
): Promise<Pick<Found, 'violations' | 'stored' | 'remarks'>> {
  const { connector, as, path } = subject
  // By its name and export, wherever its file has gone; but where the file still is, it is that one’s.
  const isOurs = ({ connector: name, export: exported, file }: StoredScenario) =>
    name === connector.name && exported === as && (file === path || !existsSync(file))
  const ours = entries.flatMap((entry) => ('stored' in entry && isOurs(entry.stored) ? [entry] : []))
  const [violations, dropped, remarks]: [Violation[], string[], string[]] = [[], [], []]
  if (ours.length === 0) return { violations, stored: { breaking: 0, dropped }, remarks }
  const runner = await calibrated(connector, raw)
  for (const entry of ours) {
    const { stored: { scenario, found, file, ...rest }, path: kept } = entry
    progress.show(`${connector.name}: ${kept}`)
    const because = misfit(connector, scenario)
    const broken = because === null ? (await brokenAgain(subject, scenario, runner)).broken : null
    try {
      if (!broken) {
        forget(kept)
        dropped.push(`${kept}: ${because ?? 'it breaks no law any more'}`)
      } else if (file !== path) keep(storeName, { ...rest, file: path, scenario, found })
    } catch (error) {
      remarks.push(`The store cannot be kept up: ${ofTheSystem(error)}`)
    }
    if (!broken) continue
    const diagnosis = violations.length > 0 ? {} : await diagnosed(subject, broken.law.name, runner)
    violations.push(shownOf(subject, broken, { ...comeFrom(found), again: replaying(kept), ...diagnosis }))
  }
  return { violations, stored: { breaking: violations.length, dropped }, remarks }
}

/** What a scenario breaks; on the real clock only what it does not break in a few runs is passed. */
export async function brokenAgain(
  { connector }: ConnectorFile, scenario: Scenario, runner: Runner,
): Promise<{ readonly broken: BrokenLaw | null; readonly history: History }> {
  for (let run = 1; ; run++) {
    const history = await runner(scenario, { full: true })
    const judgement = judge(connector, history)
    if (judgement) return { broken: { ...judgement, scenario, history, tries: 0 }, history }
    if (run >= (connector.clock === 'real' ? 3 : 1)) return { broken: null, history }
  }
}

/** Holds what was seen in small scenarios to the model of the component that the connector says it is. */
function heldTo({ connector, typed }: ConnectorFile, modelled: ModelConformance, seed: number, runs: number): Partial<Found> {
  const component = connector.component!
  progress.show(`${connector.name}: could ${component} have done the same?`)
  const { divergence, ...how } = modelled.check(mostSeconds)
  const held = { component, ...how }
  if (!divergence) return { held }
  const again = `npx unwedge check ${shellWord(typed)} --seed ${seed} --runs ${runs}`
  return { held, divergence: { ...divergence, connector: connector.name, again }, verdict: 'broken' }
}

/** What is in the store, and what cannot be read there. */
export function inStore(): { entries: readonly Entry[]; unreadable: readonly string[] } {
  try {
    const entries = entriesIn(storeName)
    return { entries, unreadable: entries.flatMap((entry) => ('unreadable' in entry ? [`Left alone: ${entry.unreadable}`] : [])) }
  } catch (error) {
    return { entries: [], unreadable: [`Nothing stored was run again: ${ofTheSystem(error)}`] }
  }
}
