/** Puts a connector through drawn ordeals until it breaks a law, and makes that ordeal as small as it gets. */
import fc from 'fast-check'
import type { Connector, History } from '../spec/connector.ts'
import type { Ordeal } from '../spec/ordeal.ts'
import { type Judgement, judge } from './judge.ts'
import { ordeals, smaller } from './ordeal.ts'
import { trial } from './trial.ts'

/** Runs one ordeal: in this process, or in another that may come to harm. */
export type Bench = (ordeal: Ordeal) => Promise<History>

export interface Attempt {
  readonly seed: number
  /** Ordeals to draw at the most, */
  readonly runs: number
  /** and seconds after which no further one is begun. */
  readonly seconds?: number
  readonly bench?: Bench
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
}

export interface Broken extends Judgement {
  readonly ordeal: Ordeal
  readonly history: History
  /** Ordeals that shrinking took. */
  readonly tries: number
}

const mostTries = 400

/** Tries a connector. Deterministic for a seed, as far as the connector is. */
export async function attempt(connector: Connector, { seed, runs, seconds = Infinity, bench = inProcess(connector) }: Attempt): Promise<Verdict> {
  const until = performance.now() + seconds * 1000
  const repeats = await repeatable(bench)
  let drawn = 0
  let first: Ordeal | null = null
  const property = fc.asyncProperty(ordeals(connector), async (ordeal) => {
    if (performance.now() > until) return true
    drawn++
    if (judge(connector, await bench(ordeal)) === null) return true
    first = ordeal
    return false
  })
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: runs, endOnFailure: true })
  if (!first) {
    if (failed) throw errorInstance
    const cut = drawn < runs
    return {
      verdict: cut ? 'inconclusive' : 'lawful', runs: drawn, broken: null, repeats,
      because: cut ? `time ran out after ${drawn} of ${runs} ordeals` : '',
    }
  }
  return { verdict: 'broken', runs: drawn, broken: await shrunk(connector, first, bench), because: '', repeats }
}

const inProcess = (connector: Connector): Bench => (ordeal) => trial(connector, ordeal)

/** A quiet ordeal, twice: a connector whose histories differ is judged on facts, and its schedule decides less. */
async function repeatable(bench: Bench): Promise<boolean> {
  const quiet: Ordeal = { workers: 2, links: 2, stream: [{ count: 3, kind: 'plain', link: 1 }], faults: [], schedule: [1, 0, 2] }
  const said = async () => JSON.stringify((await bench(quiet)).map(({ time: _, ...event }) => event))
  return (await said()) === (await said())
}

async function shrunk(connector: Connector, from: Ordeal, bench: Bench): Promise<Broken> {
  let history = await bench(from)
  let judgement = judge(connector, history)
  let ordeal = from
  let tries = 1
  for (let improved = judgement !== null; improved && tries < mostTries; ) {
    improved = false
    for (const less of smaller(ordeal, connector)) {
      if (++tries > mostTries) break
      const now = await bench(less)
      const still = judge(connector, now)
      if (still?.law !== judgement!.law) continue
      ;[ordeal, history, judgement, improved] = [less, now, still, true]
      break
    }
  }
  if (!judgement) throw new Error(`${connector.name} broke a law once and did not again under the same ordeal: it does not repeat.`)
  return { ...judgement, ordeal, history, tries }
}
