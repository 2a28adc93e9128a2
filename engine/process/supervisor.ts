/**
 * Scenarios in a process of their own, where a connector can hurt nothing: it may exit, spin, block, eat memory or print
 * without end. Each of these is an event of its history like any other, and the next scenario gets a fresh process.
 */
import { resolve } from 'node:path'
import type { Event, History } from '../../spec/connector.ts'
import type { MutantName } from '../falsify/mutants.ts'
import type { Printed, Runner } from '../falsify/runner.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { Inconclusive } from '../inconclusive.ts'
import { UsageError } from '../usage-error.ts'
import type { Answer, Order } from './answer.ts'
import { isStartedWithoutTsx, startWithTsx } from './child-program.ts'
import { ConnectorProcess } from './connector-process.ts'
import type { Loaded, Loading } from './load.ts'
import { type Mark, type Piece, withPrints } from './printed-events.ts'
import { Watch, type WatchLimits as Limits } from './watch.ts'

const usual: Limits = {
  spin: 3_000, block: 6_000, stall: 60_000, memory: 1_280, heap: 768, output: 8_000_000, until: Infinity,
}
/** Milliseconds: once it has spun or blocked, less is enough to tell that a smaller scenario does so as well. */
const short = { spin: 400, block: 1_000 }
/** Milliseconds of processor time more for each message. */
const eachMessage = 0.5

/** How a run ended: with its history, or with the process and why. `isSlow` where it did not turn or went on. */
type Ending = { readonly history: History; readonly choices: readonly number[] }
  | { readonly died: string; readonly isSlow: boolean; readonly pieces: readonly Piece[] }

/** Whether a connector has spun or blocked: those who run the same one share it, so that it is waited for once. */
interface Pace { wasSlow: boolean }

interface Choice {
  /** What is done to it wrong. */
  readonly mutant?: MutantName | undefined
  readonly pace?: Pace
}

export class Supervisor {
  readonly #start: () => Promise<ConnectorProcess>
  readonly #started = new Set<ConnectorProcess>()
  readonly #limits: Limits
  #child: ConnectorProcess | null = null
  #spare: Promise<ConnectorProcess> | null = null
  #isClosed = false
  #orders = 0
  readonly #pace: Pace
  #patience = 0

  constructor(file: string, as: string, limits: Partial<Limits> = {}, { mutant, pace = { wasSlow: false } }: Choice = {}) {
    this.#limits = { ...usual, ...limits }
    this.#pace = pace
    this.#start = async () => {
      const { child, answer } = await loaded(file, as, this.#limits, mutant, (started) => this.#started.add(started))
      this.#patience = answer.is === 'ready' ? answer.patience : 0
      return child
    }
  }

  /**
   * Runs a scenario. Of one that kills its process, or has to be killed, the history is how it ended; asked for in
   * full, the scenario is run once more, and every event told as it happens. Rejects with `Inconclusive` where time is over.
   */
  readonly runner: Runner = async (scenario, { full = false, patience, onChoice, onPrint = () => undefined } = {}) => {
    const order = { scenario, live: false, counting: onChoice !== undefined, ...(patience === undefined ? {} : { patience }) }
    // What was slow before is not run twice to be told in full.
    const ending = full && this.#pace.wasSlow ? null : await this.#run(order, { onPrint })
    if (ending && 'history' in ending) {
      for (const count of ending.choices) onChoice?.(count)
      return ending.history
    }
    if (ending && !full) return [crashed(ending.died, [])]
    const events: Event[] = []
    const marks: Mark[] = []
    const onEvent = (event: Event, [outFirst = 0, errFirst = 0, stdout = 0, stderr = 0]: readonly number[]) => {
      if (marks.length === 0) marks.push([0, outFirst, errFirst])
      marks.push([events.length, stdout, stderr])
      events.push(event)
    }
    const again = await this.#run({ ...order, live: true }, { onEvent, onPrint, inEarnest: true })
    if (!('history' in again)) return withPrints([...events, crashed(again.died, events)], marks, again.pieces)
    // It was only slow: less than the whole limit was enough to suspect it.
    if (!ending || ending.isSlow) {
      for (const count of again.choices) onChoice?.(count)
      return again.history
    }
    return [...again.history, crashed(`${ending.died}, once in two runs of the same scenario`, again.history)]
  }

  /** Starts its process, so that it is there when the first scenario comes. */
  prepare(): void {
    this.#spare = this.#start()
    // Whoever needs it hears of what went wrong.
    this.#spare.catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#started].map((child) => child.end()))
    this.#child = this.#spare = null
  }

  /** A process that is ready; once one has died, another is kept in hand for when this one does. */
  async #ready(): Promise<ConnectorProcess> {
    // It may have died since it was last heard of.
    if (this.#child && !this.#child.isOver) return this.#child
    const before = this.#child
    const spare = await this.#spare
    const child = spare && !spare.isOver ? spare : await this.#start()
    for (const gone of [before, spare]) if (gone?.isOver) this.#started.delete(gone)
    this.#spare = before === null || this.#isClosed ? null : this.#start()
    this.#spare?.catch(() => undefined)
    this.#child = child
    return child
  }

  async #run(order: Omit<Order, 'number'>, { onEvent, onPrint, inEarnest = false }: Watching): Promise<Ending> {
    if (performance.now() >= this.#limits.until) throw new Inconclusive('the time was over')
    const child = await this.#ready()
    const number = ++this.#orders
    const limits = limitsFor(this.#limits, order.scenario, this.#patience, this.#pace.wasSlow && !inEarnest)
    child.onPrint = onPrint
    let watch: Watch | undefined
    const parts: History[] = []
    try {
      const ending = await new Promise<Ending>((end, unsettled) => {
        watch = new Watch(child, limits, {
          answered: (answer) => {
            if (answer.is === 'event' && answer.number === number) onEvent?.(answer.event, answer.printed)
            if (answer.is === 'part' && answer.number === number) parts.push(answer.part)
            if (answer.is === 'history' && answer.number === number)
              void whole(child, { ...answer, history: [...parts.flat(), ...answer.history] }).then(end)
          },
          ended: (died, isSlow) => end({ died, isSlow, pieces: child.pieces }),
          unsettled: (because) => unsettled(new Inconclusive(because)),
        })
        child.send({ ...order, number })
      })
      if ('died' in ending) this.#pace.wasSlow ||= ending.isSlow
      return ending
    } finally {
      watch?.stop()
      child.onPrint = () => undefined
    }
  }
}

/** An answer with what was printed meanwhile in its history. */
async function whole(child: ConnectorProcess, { history, choices, marks }: Extract<Answer, { readonly is: 'history' }>): Promise<Ending> {
  const [, stdout, stderr] = marks.at(-1) ?? [0, 0, 0]
  const pieces = child.pieces
  await child.hears(stdout, stderr)
  return { history: withPrints(history, marks, pieces), choices }
}

interface Watching {
  /** Told how many bytes its process had printed as well: when the run began, and by then. */
  readonly onEvent?: (event: Event, printed: readonly number[]) => void
  readonly onPrint: (printed: Printed) => void
  /** With the whole limits, whatever was seen before. */
  readonly inEarnest?: boolean
}

function limitsFor(limits: Limits, { stream }: Scenario, patience: number, isShort: boolean): Limits {
  const spin = isShort ? Math.min(short.spin, limits.spin) : limits.spin
  const messages = stream.reduce((sum, { count }) => sum + count, 0)
  return {
    ...limits, messages, spin: spin + eachMessage * messages,
    block: isShort ? Math.min(short.block, limits.block) : Math.max(limits.block, patience),
    stall: limits.stall + several * patience,
  }
}
/** Times that a run waits for as long as its connector is patient, with nothing in between. */
const several = 3

/**
 * A file’s connectors, loaded where that can hurt nothing: what it does as it is loaded is not done here. They cannot be
 * started here either; a `Supervisor` does that. Throws `UsageError`, and `Inconclusive` past `until`.
 */
export async function connectorsIn(file: string, until = Infinity): Promise<Loading> {
  const { child, answer } = await loaded(file, '', { ...usual, until })
  await child.end()
  if (answer.is !== 'exports') throw new UsageError(`${file} could not be loaded: its process says that it is ‘${answer.is}’.`)
  const start = () => { throw new Error(`The connectors of ${file} run in a process of their own.`) }
  const found = answer.found.map(({ as, connector }): Loaded => ({ file: resolve(file), as, connector: { ...connector, start } }))
  return { found, unfit: answer.unfit, components: answer.components }
}

/**
 * A process with a connector in it, or with what a file exports, once it has said so. JavaScript that cannot be loaded by itself may
 * import TypeScript: it is tried with tsx before anything is said against it.
 */
async function loaded(
  file: string, as: string, limits: Limits, mutant = '', onStart: (child: ConnectorProcess) => void = () => undefined,
): Promise<{ child: ConnectorProcess; answer: Answer }> {
  const isWithoutTsx = isStartedWithoutTsx(file)
  const child = new ConnectorProcess(file, as, mutant, limits.heap)
  onStart(child)
  let watch: Watch | undefined
  let because: string
  try {
    const answer = await new Promise<Answer>((ready, failed) => {
      const never = (why: string) => failed(new UsageError(`${file} could not be loaded: ${why}.`))
      watch = new Watch(child, { ...limits, ...loadingLimits }, {
        answered: ready, ended: never,
        unsettled: (because, whose) =>
          (whose === 'machine' || performance.now() >= limits.until ? failed(new Inconclusive(because)) : never(because)),
      })
    })
    if (answer.is !== 'unfit') return { child, answer }
    because = answer.because
  } catch (error) {
    await child.end()
    throw error
  } finally {
    watch?.stop()
  }
  await child.end()
  if (!isWithoutTsx) throw new UsageError(because)
  startWithTsx(file)
  return loaded(file, as, limits, mutant, onStart)
}

/** What is loaded may be large, and may wait for something. */
const loadingLimits = { spin: 10_000, block: 10_000, stall: 20_000 }

const crashed = (detail: string, events: History): Event => ({ what: 'crashed', detail, time: events.at(-1)?.time ?? 0 })
