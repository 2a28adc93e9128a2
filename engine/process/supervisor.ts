/**
 * Scenarios in a process of their own, where a connector can hurt nothing: it may exit, spin, eat memory or print
 * without end. Each of these is an event of its history like any other, and the next scenario gets a fresh process.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Event, History } from '../../spec/connector.ts'
import { UsageError } from '../usage-error.ts'
import type { Answer, Order } from './child.ts'
import type { Loaded } from './load.ts'
import type { MutantName } from '../falsify/mutants.ts'
import type { Runner } from '../falsify/falsify.ts'

interface Limits {
  /** Milliseconds of silence after which a scenario is given up: what spins never answers. */
  readonly silence: number
  /** Megabytes of heap. */
  readonly memory: number
  /** Bytes it may print in one scenario. */
  readonly output: number
}
const usual: Limits = { silence: 8_000, memory: 256, output: 8_000_000 }

type Ending = { readonly history: History; readonly choices: readonly number[] } | { readonly died: string }

export class Supervisor {
  readonly #file: string
  readonly #as: string
  readonly #mutant: MutantName | undefined
  readonly #limits: Limits
  #child: ChildProcess | null = null
  #spare: Promise<ChildProcess> | null = null
  #deaths = 0
  #printed = 0

  constructor(file: string, as: string, limits: Partial<Limits> = {}, mutant?: MutantName) {
    this.#file = file
    this.#as = as
    this.#mutant = mutant
    this.#limits = { ...usual, ...limits }
  }

  /**
   * Runs a scenario. Of one that kills its process, or has to be killed, the history is how it ended; asked for in
   * full, the scenario is run once more, and every event told as it happens.
   */
  readonly runner: Runner = async (scenario, { full = false, patience, onChoice } = {}) => {
    const order = { scenario, live: false, counting: onChoice !== undefined, ...(patience === undefined ? {} : { patience }) }
    const ending = await this.#run(order, () => undefined)
    if ('history' in ending) {
      for (const count of ending.choices) onChoice?.(count)
      return ending.history
    }
    if (!full) return [brokeDown(ending.died, [])]
    const events: Event[] = []
    const again = await this.#run({ ...order, live: true }, (event) => events.push(event))
    if ('history' in again) return [...again.history, brokeDown(`${ending.died}, once in two runs of the same scenario`, again.history)]
    return [...events, brokeDown(again.died, events)]
  }

  async close(): Promise<void> {
    const spare = await this.#spare?.catch(() => null)
    for (const child of [this.#child, spare]) {
      if (!child || child.exitCode !== null || child.signalCode !== null) continue
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await gone
    }
    this.#child = this.#spare = null
  }

  /** A process that is ready; once one has died, another is kept in hand for when this one does. */
  async #ready(): Promise<ChildProcess> {
    // It may have died since it was last heard of.
    if (this.#child?.connected) return this.#child
    const child = await (this.#spare ?? this.#spawn())
    this.#spare = this.#deaths > 0 ? this.#spawn() : null
    this.#spare?.catch(() => undefined)
    this.#child = child
    return child
  }

  async #run(order: Order, onEvent: (event: Event) => void): Promise<Ending> {
    const child = await this.#ready()
    this.#printed = 0
    return new Promise((end) => {
      let because: string | null = null
      const giveUp = (why: string) => {
        because ??= why
        child.kill('SIGKILL')
      }
      const silence = this.#limits.silence + 2 * order.scenario.stream.reduce((sum, { count }) => sum + count, 0)
      const watch = setTimeout(() => giveUp(`it spins: no sign of life in ${silence.toLocaleString('en-US')} ms`), silence)
      const flood = setInterval(() => {
        if (this.#printed > this.#limits.output) giveUp(`it prints without end: over ${this.#limits.output.toLocaleString('en-US')} bytes`)
      }, 50)
      const finish = (ending: Ending) => {
        clearTimeout(watch)
        clearInterval(flood)
        child.off('message', hear)
        child.off('exit', died)
        end(ending)
      }
      const hear = (answer: Answer) => {
        if (answer.is === 'event') onEvent(answer.event)
        if (answer.is === 'history') finish(answer)
      }
      const died = (code: number | null, signal: string | null) => {
        this.#child = null
        this.#deaths++
        finish({ died: because ?? how(code, signal, this.#limits) })
      }
      child.on('message', hear)
      child.once('exit', died)
      child.send(order, (error) => { if (error) giveUp('its process could not be reached') })
    })
  }

  async #spawn(): Promise<ChildProcess> {
    const { child } = await spawned(this.#file, this.#as, this.#limits, this.#mutant)
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => { this.#printed += bytes.length })
    return child
  }
}

/**
 * A file’s connectors, loaded where that can hurt nothing: what it does as it is loaded is not done here. They cannot be
 * started here either; a `Supervisor` does that.
 */
export async function connectorsIn(file: string): Promise<readonly Loaded[]> {
  const { child, answer } = await spawned(file, '', usual)
  child.kill('SIGKILL')
  if (answer.is !== 'exports') throw new UsageError(`${file} could not be loaded.`)
  const start = () => { throw new Error(`The connectors of ${file} run in a process of their own.`) }
  return answer.found.map(({ as, connector }) => ({ file: resolve(file), as, connector: { ...connector, start } }))
}

/** A process with a connector in it, or with what a file exports, once it has said so. */
async function spawned(file: string, as: string, limits: Limits, mutant = ''): Promise<{ child: ChildProcess; answer: Answer }> {
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [file, as, mutant], {
    execArgv: ['--import', import.meta.resolve('tsx'), `--max-old-space-size=${limits.memory}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  const kill = () => child.kill('SIGKILL')
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  for (const stream of [child.stdout, child.stderr]) stream?.resume()
  return new Promise((ready, unfit) => {
    const watch = setTimeout(kill, loading)
    child.once('message', (answer: Answer) => {
      clearTimeout(watch)
      if (answer.is !== 'unfit') return ready({ child, answer })
      kill()
      unfit(new UsageError(answer.because))
    })
    child.once('error', unfit)
    child.once('exit', (code, signal) => {
      clearTimeout(watch)
      const why = signal === 'SIGKILL' ? `no sign of life in ${loading.toLocaleString('en-US')} ms` : how(code, signal, limits)
      unfit(new UsageError(`${file} could not be loaded: ${why}.`))
    })
  })
}
/** None outlives this process, not even one that spins. */
const alive = new Set<ChildProcess>()
process.once('exit', () => { for (const child of alive) child.kill('SIGKILL') })

/** Milliseconds: what spins as it is loaded is never ready. */
const loading = 20_000

function how(code: number | null, signal: string | null, { memory }: Limits): string {
  if (signal === 'SIGABRT' || code === 134) return `its process ran out of memory (${memory} MB) or aborted`
  return signal === null ? `its process exited with code ${code}` : `its process was ended by ${signal}`
}

const brokeDown = (detail: string, events: History): Event => ({ what: 'crashed', detail, time: events.at(-1)?.time ?? 0 })
