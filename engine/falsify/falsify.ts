/** Tries a connector with drawn scenarios until it breaks a law, and makes that scenario as small as it gets. */
import fc from 'fast-check'
import { type Connector, rangesOf } from '../../spec/connector.ts'
import type { Coverage } from '../../spec/evidence/coverage.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { realNow } from '../real-time.ts'
import { unlessInconclusive } from '../inconclusive.ts'
import { Drawn, type Unreached } from './coverage.ts'
import { mostDrawn, scenarios } from './generator.ts'
import { measuredPatience, repeats, type Runner, usingThisProcess, withPatience } from './runner.ts'
import { backlogOf, manyFailures, ofSize, situationsFor } from './situations.ts'
import { type BrokenLaw, shrunk } from './shrink.ts'
import { type Ran, ran } from './verdict-of-run.ts'

export interface Attempt {
  readonly seed: number
  /** Scenarios to draw at the most, */
  readonly runs: number
  /** and seconds after which no further one is begun. */
  readonly seconds?: number
  /** Runs scenarios; in this process unless told otherwise. Several run side by side, and find what one would. */
  readonly runner?: Runner | readonly Runner[]
  /** Scenarios to try among the drawn ones, in this order: every second one, as long as there are any. */
  readonly among?: readonly Scenario[]
  /** Leave the scenario that broke a law as it was drawn. */
  readonly asDrawn?: boolean
  /** Told of each scenario when it has been run, from 1. */
  readonly onRun?: (run: number, ran: Ran) => void
  /** Told before each of the last scenarios, which are large and may take long, how many messages come in it at once. */
  readonly onBurst?: (messages: number) => void
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
  /** Faults that were drawn and never came about, and what would have taken too long. */
  readonly unreached: readonly Unreached[]
  readonly coverage: Coverage
}

/** Every third scenario aims at what has not come about yet, as far as is known when its block is drawn. */
const aimsEvery = 3
const block = 24
/** From so many runs on, a connector is tried at the largest stream that it takes, where that is done in so many seconds. */
const worthSize = 100
const mostSecondsForSize = 60
/** Messages that wait for one link at the most: more than a stack is deep. */
const mostWaiting = 20_000
/** The first scenario that cannot be judged is told of; more than this, and no further one is drawn. */
const mostInconclusive = 20

/** Tries a connector. Deterministic for a seed, as far as the connector is. */
export async function attempt(connector: Connector, options: Attempt): Promise<Verdict> {
  const { runner } = options
  if (!runner) return usingThisProcess(connector, (here) => new Attempting(connector, options, [here]).run())
  return new Attempting(connector, options, typeof runner === 'function' ? [runner] : runner).run()
}

class Attempting {
  readonly #connector: Connector
  readonly #options: Attempt
  readonly #until: number
  readonly #drawn: Drawn
  #runners: readonly Runner[]
  #runs = 0
  /** What took too long to be tried. */
  readonly #untried: Unreached[] = []
  #inconclusive: string | null = null
  #undecided = 0
  /** Why it ended early, where a runner did. */
  #unsettled: string | null = null

  constructor(connector: Connector, options: Attempt, runners: readonly Runner[]) {
    this.#connector = connector
    this.#options = options
    this.#until = realNow() + (options.seconds ?? Infinity) * 1000
    this.#drawn = new Drawn(connector)
    this.#runners = runners
  }

  async run(): Promise<Verdict> {
    const { runs, asDrawn } = this.#options
    const patience = await measuredPatience(this.#connector, this.#first)
    this.#runners = this.#runners.map((each) => withPatience(each, patience))
    const isQuietTheSame = await repeats(this.#first)
    const found = await this.#search()
    const unreached = [...this.#drawn.unreached, ...this.#untried]
    const rest = { runs: this.#runs, repeats: isQuietTheSame, unreached, coverage: this.#drawn.coverage }
    if (found) {
      const broken = await shrunk(this.#connector, found, { runner: this.#first, asDrawn: asDrawn === true, until: this.#until })
      return { ...rest, verdict: 'broken', broken, because: '', repeats: isQuietTheSame && broken.differed !== true }
    }
    const because = this.#unsettled ?? this.#inconclusive
      ?? (this.#runs < runs ? `the time was over after ${this.#runs} of ${runs} scenarios` : '')
    return { ...rest, verdict: because === '' ? 'lawful' : 'inconclusive', broken: null, because }
  }

  async #search(): Promise<Ran | null> {
    const { runs, seed, among = [] } = this.#options
    for (let from = 0; from < runs && !this.#isOver; from += block) {
      const scenarios = Array.from({ length: Math.min(block, runs - from) }, (_, i) =>
        ((from + i) % 2 === 1 && among[(from + i - 1) / 2]) || scenarioOf(this.#connector, seed, from + i, this.#drawn))
      const found = await this.#tryAll(scenarios)
      if (found) return found
    }
    return runs < worthSize || this.#undecided > 0 ? null : this.#searchBySize()
  }

  /**
   * What fails very often, more of each situation, and streams as large as it takes, the smaller first: as long as the next will be done
   * in time.
   */
  async #searchBySize(): Promise<Ran | null> {
    if (this.#connector.clock === 'real') return null
    for (const each of [manyFailures(this.#connector), eachSituation(this.#connector, this.#options.seed)]) {
      const found = await this.#tryAll(each)
      if (found) return found
    }
    let last = { size: 1, took: 0 }
    for (const [size, scenario] of bySize(this.#connector)) {
      if (this.#isOver) return null
      if (last.took * size / last.size > mostSecondsForSize * 1000) {
        this.#untried.push({
          what: `${size.toLocaleString('en-US')} messages at once`,
          because: `${last.size.toLocaleString('en-US')} of them took ${(last.took / 1000).toFixed(1)} s: it would take more than ${mostSecondsForSize} s`,
        })
        return null
      }
      const began = realNow()
      this.#options.onBurst?.(size)
      const found = await this.#tryAll([scenario])
      if (found) return found
      // Of a verdict that fails for this alone, it is said how little is missing.
      if (this.#unsettled !== null)
        this.#unsettled = `${this.#unsettled} in a burst of ${size.toLocaleString('en-US')} messages: only the largest bursts are missing, and all `
          + `${this.#options.runs.toLocaleString('en-US')} drawn scenarios keep every law`
      last = { size, took: realNow() - began }
    }
    return null
  }

  get #first(): Runner {
    return this.#runners[0]!
  }

  get #isOver(): boolean {
    return this.#unsettled !== null || realNow() > this.#until || this.#undecided >= mostInconclusive
  }

  /** The first of these scenarios that breaks a law, whichever of the runners comes to it first; null when none does. */
  async #tryAll(scenarios: readonly Scenario[]): Promise<Ran | null> {
    const results: (Ran | undefined)[] = []
    let next = 0
    let seen = 0
    let broken = Infinity
    await Promise.all(this.#runners.map(async (runner) => {
      while (next < Math.min(scenarios.length, broken) && !this.#isOver) {
        const at = next++
        const found = await unlessInconclusive(ran(this.#connector, scenarios[at]!, runner), (because) => { this.#unsettled = because })
        if (!found) return
        results[at] = found
        if (found.judgement) broken = Math.min(broken, at)
        // In their order, so that what is told of them does not hang on who was faster.
        for (; results[seen] && seen <= broken && this.#undecided < mostInconclusive; seen++) this.#see(results[seen]!)
      }
    }))
    return results[broken] ?? null
  }

  #see(found: Ran): void {
    this.#runs++
    this.#drawn.see(found.history, found.scenario)
    this.#options.onRun?.(this.#runs, found)
    if (found.inconclusive === null) return
    this.#undecided++
    this.#inconclusive ??= found.inconclusive
  }
}

/** The scenario of a number, from 0: drawn from the seed and the number alone, but for what it aims at. */
function scenarioOf(connector: Connector, seed: number, run: number, drawn: Drawn): Scenario {
  const aim = run % aimsEvery === aimsEvery - 1 ? drawn.aim() : []
  // A first draw of fast-check leans to the ends of every range: every other pair of ours does, and the next does not.
  return fc.sample(scenarios(connector, aim), { seed: seed * 1_000_003 + run, numRuns: 1, unbiased: run % 4 >= 2 })[0]!
}

/** As many of each situation once more: there are some thirty, so that the drawn scenarios hold each of them only a few times. */
const moreOfEach = 6

function eachSituation(connector: Connector, seed: number): readonly Scenario[] {
  return situationsFor(connector).flatMap((situation, i) =>
    fc.sample(situation, { seed: -(seed * 1_003 + i), numRuns: moreOfEach, unbiased: true }))
}

/** Streams of many sizes, the smaller first, up to what a connector takes at once; one of them waits for its link. */
function bySize(connector: Connector): readonly (readonly [size: number, scenario: Scenario])[] {
  const { burst } = rangesOf(connector)
  const sizes = burst > mostDrawn ? [Math.ceil(burst / 64), Math.min(8 * Math.ceil(burst / 64), burst), burst] : [burst]
  const backlog = Math.min(burst, mostWaiting)
  const all = sizes.map((size) => [size, ofSize(connector, size)] as const)
  if (connector.notApplicable?.['link hangs'] !== undefined) return all
  const larger = all.findIndex(([size]) => size >= backlog)
  return all.toSpliced(larger, 0, [backlog, backlogOf(connector, backlog)])
}
