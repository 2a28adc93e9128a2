/** Not an entry of its own: how `api/assert.ts` and `api/vitest.ts` put a connector through scenarios in this process. */
import { attempt } from '../engine/falsify/falsify.ts'
import { calibrated, inProcess, repeats, usingThisProcess } from '../engine/falsify/runner.ts'
import { ran } from '../engine/falsify/verdict-of-run.ts'
import { checked } from '../engine/process/load.ts'
import { violationOf } from '../engine/store/violation-record.ts'
import { violationPage } from '../reports/connectors/violation-page.ts'
import type { Connector } from '../spec/connector.ts'
import type { LawName } from '../spec/laws.ts'
import type { Scenario } from '../spec/scenario.ts'

export interface Conformance {
  /** Scenarios to draw; 200 unless told otherwise. */
  readonly runs?: number
  /** The same seed draws the same scenarios; 1 unless told otherwise. */
  readonly seed?: number
}

/** What was drawn for a lawful connector. */
export interface Conformed {
  /** Scenarios that it kept every law in. */
  readonly runs: number
  /** What it was never tried with, and why. */
  readonly unreached: readonly { readonly what: string; readonly because: string }[]
}

/** Tries a connector with drawn scenarios. Rejects with a page where it breaks a law. `by` is the function that a page names. */
export async function tried(connector: Connector, { runs, seed }: Required<Conformance>, by: string): Promise<Conformed> {
  const verdict = await alone(() => attempt(connector, { seed, runs }))
  if (verdict.broken) {
    const diagnosis = await diagnosed(connector, verdict.broken.law.name)
    const again = `${by}(connector, { seed: ${seed}, runs: ${runs} })`
    throw new Nonconformance(violationPage(violationOf(connector, verdict, { seed, again, diagnosis })))
  }
  if (verdict.verdict === 'inconclusive') throw new Error(`${connector.name}: ${verdict.because}.`)
  return { runs: verdict.runs, unreached: verdict.unreached }
}

/** Tries it with one scenario, in which it once broke a law. Rejects in the same way. */
export async function triedAgain(connector: Connector, scenario: Scenario, law: LawName, by: string): Promise<void> {
  const runner = await calibrated(connector, (...given) => alone(() => inProcess(connector)(...given)))
  const { judgement, inconclusive, ...run } = await ran(connector, scenario, runner)
  if (inconclusive !== null) throw new Error(`${connector.name}: ${inconclusive}.`)
  if (!judgement) return
  const broken = { ...judgement, ...run, tries: 0 }
  const diagnosis = await diagnosed(connector, judgement.law.name)
  const isSteady = await repeats(runner, scenario)
  const how = { seed: 0, found: 'kept', again: `${by}(connector, scenario, '${law}')`, diagnosis } as const
  throw new Nonconformance(violationPage(violationOf(connector, { broken, runs: 0, repeats: isSteady }, how)))
}

/** Says what is wrong with a connector before it is tried. */
export const fitting = (connector: Connector, by: string): Connector => checked(connector, `The connector given to ${by}()`)

/** Which known bug it behaves like. What that takes is loaded only where a law was broken. */
async function diagnosed(connector: Connector, law: LawName): Promise<string> {
  const [{ diagnose }, { catalogue }] = await Promise.all([import('../engine/conform/diagnose.ts'), import('../models/catalogue.ts')])
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
