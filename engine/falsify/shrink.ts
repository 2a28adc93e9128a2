/** Makes a scenario that broke a law as small as it gets, in the time and the tries that there are. */
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { realNow } from '../real-time.ts'
import { unlessInconclusive } from '../inconclusive.ts'
import type { Judgement } from '../verdict/judge.ts'
import { isSame, type Runner } from './runner.ts'
import { fewerFresh, hastyPasses, passes, type TooFew } from './smaller-scenarios.ts'
import { type Ran, ran } from './verdict-of-run.ts'

export interface BrokenLaw extends Judgement {
  readonly scenario: Scenario
  readonly history: History
  /** Scenarios that shrinking took. */
  readonly tries: number
  /** Where a pair of runs shows it, the history of the other one. */
  readonly without?: History
  /** The scenario as it was found went another way when it was run again, though it broke a law that time too. */
  readonly differed?: true
}

/** A law was broken, and was not when the same scenario was run again. */
export class Unrepeatable extends Error {
  /** What was seen the first time. */
  readonly seen: BrokenLaw

  constructor(connector: Connector, seen: BrokenLaw) {
    super(`${connector.name} broke a law once, and not again under the same scenario: it does not repeat. (${seen.says})`)
    this.seen = seen
  }
}

interface ShrinkingOptions {
  readonly runner: Runner
  /** Leave the scenario as it is. */
  readonly asDrawn: boolean
  /** When all is to be over, by `realNow()`. */
  readonly until: number
}

const mostTries = 400
/** How often the smallest is run again, to see whether it always breaks the law; and a smaller one where that did not. */
const mostAgain = 3
/** On the real clock each run takes its time, and their number decides: a machine that is busy finds no larger scenario. */
const mostTriesOnRealTime = 150
/** How long shrinking may take, in milliseconds; less where each try may take a process. */
const longest = { virtual: 60_000, unending: 8_000, real: 300_000 }
/** Milliseconds that it has even if the time is over. */
const least = 500

export async function shrunk(connector: Connector, from: Ran, options: ShrinkingOptions): Promise<BrokenLaw> {
  const { runner } = options
  // Where time is over there is no second run: what was seen stands.
  const again = await unlessInconclusive(ran(connector, from.scenario, runner), () => from)
  if (!again.judgement) throw new Unrepeatable(connector, brokenIn(from, 0))
  const mayRace = connector.clock === 'real' || !isSame(from.history, again.history)
  const shrinking = new Shrinking(connector, again, options, mayRace)
  if (!options.asDrawn && again !== from) await shrinking.run()
  const { best, tries } = shrinking
  const differed = isSame(from.history, again.history) ? {} : { differed: true } as const
  if (best.history.length > 1) return { ...brokenIn(best, tries), ...differed }
  // What was only suspected while it was made smaller is run in earnest: where nothing comes of it, what it was made of is.
  for (const scenario of new Set([best.scenario, from.scenario])) {
    const history = await unlessInconclusive(runner(scenario, { full: true }), () => null)
    if (history === null) return { ...brokenIn(best, tries), ...differed }
    const { judgement } = await ran(connector, scenario, async () => history)
    if (judgement) return { ...judgement, scenario, history, tries, ...differed }
  }
  throw new Unrepeatable(connector, brokenIn(from, tries))
}

const brokenIn = ({ judgement, scenario, history, without }: Ran, tries: number): BrokenLaw =>
  ({ ...judgement!, scenario, history, tries, ...(without === undefined ? {} : { without }) })

/** The place of the accused message among the fresh ones, or after them all where none is accused; null where the storm broke the law. */
function accusedFresh({ history, judgement }: Ran): number | null {
  const { at, message } = judgement!
  const fresh = history.slice(0, at + 1).filter(({ what }) => what === 'fresh')
  if (message === null) return fresh.length > 0 ? Infinity : null
  const place = fresh.findIndex((event) => event.message === message)
  return place < 0 ? null : place
}

class Shrinking {
  best: Ran
  tries = 1
  readonly #connector: Connector
  readonly #runner: Runner
  readonly #mostTries: number
  readonly #passes: typeof passes
  readonly #until: number
  /** How often each was run. */
  readonly #tried = new Map<string, number>()
  /** How often one is run that breaks nothing, until it counts as one that does not. */
  #mostOfEach = 1
  readonly #mayRace: boolean
  readonly #tooFew: TooFew = new Map()
  #isOver = false

  constructor(connector: Connector, best: Ran, { runner, until }: ShrinkingOptions, mayRace: boolean) {
    const last = best.history.at(-1)?.what
    // A run of one that crashes takes a process, and of one that goes on for ever thousands of turns.
    const kind = connector.clock === 'real' ? 'real' : last === 'crashed' || last === 'livelock' ? 'unending' : 'virtual'
    this.#connector = connector
    this.#runner = runner
    this.best = best
    this.#passes = kind === 'unending' ? hastyPasses : passes
    this.#mostTries = kind === 'real' ? mostTriesOnRealTime : mostTries
    this.#until = Math.min(realNow() + longest[kind], Math.max(until, realNow() + least))
    this.#mayRace = mayRace
    this.#tried.set(JSON.stringify(best.scenario), mostAgain)
  }

  /** Once each; and where it is a race, what did not show it is run again, with what is left of the tries. */
  async run(): Promise<void> {
    await this.#descend()
    if (!this.#mayRace || !(await this.#isRace())) return
    this.#mostOfEach = mostAgain
    this.#tooFew.clear()
    await this.#descend()
  }

  /** Whether the smallest so far breaks the law in one run and not in another. */
  async #isRace(): Promise<boolean> {
    for (let times = 0; times < mostAgain && !this.#isOver; times++)
      if ((await this.#ran(this.best.scenario))?.judgement?.law !== this.best.judgement!.law) return !this.#isOver
    return false
  }

  /** Each pass for as long as it finds a smaller one, and all of them until none does. */
  async #descend(): Promise<void> {
    for (let improved = true; improved && !this.#isOver; ) {
      improved = false
      for (const pass of this.#passes)
        while (await this.#improves(pass(this.best.scenario, this.#connector, this.#tooFew))) improved = true
    }
    // Last, for what is smaller in nothing else is not tried once more with fewer of these.
    while (await this.#improves(fewerFresh(this.best.scenario, this.#connector, accusedFresh(this.best)))) { /* And once more. */ }
  }

  async #improves(smaller: Iterable<Scenario>): Promise<boolean> {
    for (const less of smaller) {
      if (this.#isOver) return false
      if (await this.#breaks(less)) return true
    }
    return false
  }

  /** Whether it breaks the same law; then it is the best so far. */
  async #breaks(scenario: Scenario): Promise<boolean> {
    const key = JSON.stringify(scenario)
    for (let times = this.#tried.get(key) ?? 0; times < this.#mostOfEach && !this.#isOver; times++) {
      this.#tried.set(key, times + 1)
      const now = await this.#ran(scenario)
      if (now?.judgement?.law !== this.best.judgement!.law) continue
      this.#tried.set(key, mostAgain)
      this.best = now
      return true
    }
    return false
  }

  async #ran(scenario: Scenario): Promise<Ran | null> {
    const now = await unlessInconclusive(ran(this.#connector, scenario, this.#runner), () => null)
    this.tries++
    this.#isOver = now === null || this.tries >= this.#mostTries || realNow() > this.#until
    return now
  }
}
