/** Puts a connector through drawn ordeals until it breaks a law, and makes that ordeal as small as it gets. */
import fc from 'fast-check'
import type { Connector, History } from '../spec/connector.ts'
import type { Ordeal } from '../spec/ordeal.ts'
import { type Judgement, judge } from './judge.ts'
import { ordeals, smaller } from './ordeal.ts'
import { Reach, type Unreached } from './reach.ts'
import { trial } from './trial.ts'

/** Runs one ordeal: in this process, or in another that may come to harm. */
export type Bench = (ordeal: Ordeal, options?: BenchOptions) => Promise<History>
export interface BenchOptions {
  readonly patience?: number
  /** Every event also of an ordeal that does not come back. */
  readonly full?: boolean
  /** Told at every turn how many could have had it. */
  readonly onChoice?: (choices: number) => void
}

export interface Attempt {
  readonly seed: number
  /** Ordeals to draw at the most, */
  readonly runs: number
  /** and seconds after which no further one is begun. */
  readonly seconds?: number
  readonly bench?: Bench
  /** Leave the ordeal that broke a law as it was drawn. */
  readonly asDrawn?: boolean
}

export interface Verdict {
  readonly verdict: 'lawful' | 'broken' | 'inconclusive'
  /** Ordeals drawn until the first that broke a law; all of them when none did. */
  readonly runs: number
  readonly broken: Broken | null
  /** Why nothing can be said; empty unless inconclusive. */
  readonly because: string
  /** Whether the same ordeal gave the same history twice. */
  readonly repeats: boolean
  /** Faults that were drawn and never came about. */
  readonly unreached: readonly Unreached[]
}

export interface Broken extends Judgement {
  readonly ordeal: Ordeal
  readonly history: History
  /** Ordeals that shrinking took. */
  readonly tries: number
}

/** An ordeal that broke a law, and what it did then. */
interface Drawn {
  readonly ordeal: Ordeal
  readonly says: string
}

/** A law was broken, and was not when the same ordeal was run again. */
export class Unrepeatable extends Error {}

const mostTries = 400
const mostShrinking = 30_000

/** Tries a connector. Deterministic for a seed, as far as the connector is. */
export async function attempt(connector: Connector, options: Attempt): Promise<Verdict> {
  const { seed, runs, seconds = Infinity } = options
  const until = performance.now() + seconds * 1000
  const bench = await calibrated(connector, options.bench ?? inProcess(connector))
  const repeats = await repeatable(bench)
  let drawn = 0
  let first: Drawn | null = null
  const reach = new Reach()
  const property = fc.asyncProperty(ordeals(connector), async (ordeal) => {
    if (performance.now() > until) return true
    drawn++
    const history = await bench(ordeal)
    reach.see(ordeal, history)
    const judgement = judge(connector, history)
    if (judgement === null) return true
    first = { ordeal, says: judgement.says }
    return false
  })
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: runs, endOnFailure: true })
  if (!first) {
    if (failed) throw errorInstance
    const cut = drawn < runs
    return {
      verdict: cut ? 'inconclusive' : 'lawful', runs: drawn, broken: null, repeats, unreached: reach.unreached,
      because: cut ? `time ran out after ${drawn} of ${runs} ordeals` : '',
    }
  }
  const broken = await shrunk(connector, first, bench, options.asDrawn === true ? 1 : mostTries)
  return { verdict: 'broken', runs: drawn, broken, because: '', repeats, unreached: [] }
}

export const inProcess = (connector: Connector): Bench => (ordeal, options) => trial(connector, ordeal, options)

const healthy: Ordeal = { workers: 2, links: 1, stream: [{ count: 4, kind: 'plain', link: 1 }], faults: [], schedule: [] }

/** On the real clock “never” is a deadline: several times the longest pause in three healthy runs. */
export async function calibrated(connector: Connector, bench: Bench): Promise<Bench> {
  if (connector.clock !== 'real' || connector.patience !== undefined) return bench
  let longest = 0
  for (let run = 0; run < 3; run++) {
    const history = await bench(healthy, { patience: slowest })
    for (const [i, { what, time }] of history.entries())
      if (i > 0 && !afterWaiting.has(what)) longest = Math.max(longest, time - history[i - 1]!.time)
  }
  const patience = Math.min(slowest, Math.max(quickest, several * longest))
  return (ordeal, options) => bench(ordeal, { ...options, patience })
}
const afterWaiting = new Set(['at rest', 'healed', 'fresh', 'end'])
const slowest = 1_000
const quickest = 60
const several = 8

/** A quiet ordeal, twice: a connector whose histories differ is judged on facts, and its schedule decides less. */
async function repeatable(bench: Bench): Promise<boolean> {
  const quiet: Ordeal = { workers: 2, links: 2, stream: [{ count: 3, kind: 'plain', link: 1 }], faults: [], schedule: [1, 0, 2] }
  const said = async () => JSON.stringify((await bench(quiet)).map(({ time: _, ...event }) => event))
  const first = await said()
  return first === (await said())
}

async function shrunk(connector: Connector, { ordeal: from, says }: Drawn, bench: Bench, most: number): Promise<Broken> {
  let history = await bench(from)
  let judgement = judge(connector, history)
  let ordeal = from
  let tries = 1
  const until = performance.now() + mostShrinking
  for (let improved = judgement !== null; improved && tries < most; ) {
    improved = false
    for (const less of smaller(ordeal, connector)) {
      if (++tries > most || performance.now() > until) break
      const now = await bench(less)
      const still = judge(connector, now)
      if (still?.law !== judgement!.law) continue
      ;[ordeal, history, judgement, improved] = [less, now, still, true]
      break
    }
  }
  if (judgement && history.length === 1) history = await bench(ordeal, { full: true })
  judgement &&= judge(connector, history) ?? judgement
  if (!judgement) throw new Unrepeatable(`${connector.name} broke a law once, and not again under the same ordeal: it does not repeat. (${says})`)
  return { ...judgement, ordeal, history, tries }
}
