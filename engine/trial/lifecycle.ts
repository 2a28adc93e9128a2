/**
 * The connector at work in a trial: started, stopped, killed and started again, and given its messages meanwhile.
 *
 * A `stop` that returns a promise is taken at its word: once that is fulfilled the connector is cut off, as when a
 * process has ended, and what it then held and did not write to its disk is lost. One that returns nothing may finish
 * what it has in hand.
 */
import type { Connector, Running } from '../../spec/connector.ts'
import { realImmediate, realSleep } from '../real-time.ts'
import { words } from './content.ts'
import type { TrialMessage } from './messages.ts'
import { withOutside } from '../outside.ts'
import type { Scheduler } from './scheduler.ts'
import type { TrialWorld } from './world.ts'

/** Turns for a first start, after which it goes on along with everything else; and timers that it may look at meanwhile. */
const mostTurns = 2_000
const mostTimers = 10_000
/** How long it is given to stop and to end: of virtual time, and of real time. */
const within = { virtual: 30_000, real: 2_000 }

/** A stop that was called. */
interface Stopping {
  /** Whether it said that it would tell when it was done, */
  readonly tells: boolean
  /** and whether it is. */
  isOver: boolean
}

export class Lifecycle {
  readonly #connector: Connector
  readonly #scheduler: Scheduler
  readonly #world: TrialWorld
  #running: Running | null = null
  #starts = 0
  #isStarting = false
  #stopping: Stopping | null = null
  /** Whether it is to be started again as soon as it has stopped. */
  #restarts = false
  /** What has come while it starts; and whether it is to be given again what it had before. */
  readonly #held: TrialMessage[] = []
  /** Every one that was started: each may have something to close. */
  readonly #all: Running[] = []
  #givesAgain = false

  constructor(connector: Connector, scheduler: Scheduler, world: TrialWorld) {
    this.#connector = connector
    this.#scheduler = scheduler
    this.#world = world
  }

  get isStarting(): boolean {
    return this.#isStarting
  }

  /** Whether it is on its way up or down: of real time it is given its patience then, though it may owe nothing. */
  get isAtIt(): boolean {
    return this.#isStarting || (this.#stopping !== null && !this.#stopping.isOver)
  }

  /** Whether it has one of these. */
  can(what: 'take' | 'stop' | 'kill' | 'scale' | 'die'): boolean {
    return this.#running?.[what] !== undefined
  }

  /**
   * Starting may take turns and time, as where it dials: for the first time it is given them before anything else happens,
   * and later along with everything else.
   */
  async start({ inPeace = false } = {}): Promise<void> {
    const start = ++this.#starts
    let isOver = false
    this.#running = null
    this.#isStarting = true
    const world = withOutside(this.#world.world(), this.#scheduler.outside)
    const starting = (async () => this.#started(start, await this.#connector.start(world)))()
    const over = () => { isOver = true; this.#scheduler.busy() }
    starting.then(over, over)
    for (let turns = 0; !isOver; turns++) {
      await this.#scheduler.quiet()
      if (isOver || turns > mostTurns) break
      if (inPeace && this.#scheduler.waiting > 0) this.#scheduler.give(0)
      else if (this.#scheduler.waiting > 0 || !(inPeace || !this.#scheduler.clock)) break
      else if ((await this.#scheduler.timePasses(mostTimers, () => true)) !== 'something'
        && !(await this.#scheduler.hearsFromElsewhere())) break
    }
    const failed = (error: unknown) => this.#world.note('crashed', { detail: `\`start\` failed: ${words(error)}` })
    if (isOver) await starting.catch(failed)
    else starting.catch(failed)
  }

  #started(start: number, running: Running): void {
    if (start !== this.#starts) return
    const wrong = misfit(running)
    if (wrong !== null) this.#world.note('misused', { detail: wrong })
    else this.#all.push(running)
    this.#running = wrong === null ? running : {}
    this.#isStarting = false
    const held = new Set(this.#held.splice(0))
    if (this.#givesAgain && this.can('take'))
      for (const message of this.#world.unsettled()) {
        if (held.has(message)) continue
        this.#world.note('given again', { message: message.id })
        this.give(message)
      }
    this.#givesAgain = false
    for (const message of held) this.give(message)
  }

  /** Gives it a message. Stopped, it is given messages all the same, until it is started again. */
  give(message: TrialMessage): void {
    if (this.#isStarting) return void this.#held.push(message)
    if (!this.#running?.take) return this.#world.hold(message)
    try {
      const word = this.#running.take(message.handed()) as PromiseLike<unknown> | undefined
      if (typeof word?.then === 'function') this.#world.heed(message, word)
    } catch (error) {
      this.#world.rejected(message, error)
    }
  }

  /** Stops it, to start it again as soon as it has stopped, or when everything is healed. */
  async stop(restarts: boolean): Promise<void> {
    this.#stopping ??= this.#stopped()
    this.#restarts ||= restarts
    await this.goOn()
  }

  #stopped(): Stopping {
    const failed = (error: unknown) => this.#world.note('crashed', { detail: `\`stop\` failed: ${words(error)}` })
    try {
      const word = this.#running?.stop?.(this.#within) as PromiseLike<unknown> | undefined
      if (typeof word?.then !== 'function') return { tells: false, isOver: true }
      const stopping: Stopping = { tells: true, isOver: false }
      const start = this.#starts
      const over = () => {
        stopping.isOver = true
        if (start === this.#starts) this.#world.note('has stopped')
      }
      word.then(over, (error: unknown) => { failed(error); over() })
      return stopping
    } catch (error) {
      failed(error)
      return { tells: false, isOver: true }
    }
  }

  /** Whether it has stopped, and is to be started again. */
  get isDue(): boolean {
    return this.#restarts && this.#stopping?.isOver === true
  }

  /** Starts it again, if that is due and it has stopped. */
  async goOn(): Promise<void> {
    if (!this.isDue) return
    if (this.#stopping?.tells) {
      await this.#scheduler.quiet(true)
      this.#world.cutOff()
      this.#scheduler.forget()
    }
    await this.#startAgain()
  }

  /** Everything is healed: if it was stopped, it is started again. */
  async heal(): Promise<void> {
    this.#restarts ||= this.#stopping !== null
    await this.goOn()
  }

  /** All has been given time, and every fault is healed: says what it has not come back from. */
  complain(): void {
    const never = this.#isStarting ? '`start`' : this.#stopping && !this.#stopping.isOver ? '`stop`' : null
    if (never !== null) this.#world.note('crashed', { detail: `${never} was called, and has not returned` })
  }

  get #within(): number {
    return this.#scheduler.clock ? within.virtual : within.real
  }

  /** Ends one of its workers. */
  async kill(worker: number): Promise<void> {
    await this.#heeded('kill', () => this.#running?.kill?.(worker))
  }

  /** Lets it go on with another number of workers. */
  async scale(workers: number): Promise<void> {
    await this.#heeded('scale', () => this.#running?.scale?.(workers))
  }

  /** It may say when it is done. On virtual time everything goes on meanwhile, for it may take turns; real time is bounded. */
  async #heeded(name: string, does: () => unknown): Promise<void> {
    const word = does() as PromiseLike<unknown> | undefined
    if (typeof word?.then !== 'function') return
    const over = word.then(() => undefined, (error: unknown) =>
      this.#world.note('crashed', { detail: `\`${name}\` failed: ${words(error)}` }))
    await (this.#scheduler.clock ? this.#scheduler.quiet(true) : Promise.race([over, realSleep(this.#within)]))
  }

  /**
   * Cut off, perhaps while a call of its takes effect and before it hears of that. It is started again at once, and given
   * again what it gave no verdict of: whoever sent that has it still.
   */
  async die(inTheAct: boolean, which: number): Promise<void> {
    const since = this.#world.disk.writesSince
    this.#world.cutOff()
    this.#world.disk.cutOff(which)
    if (inTheAct && this.#scheduler.waiting > 0) {
      this.#scheduler.give(0)
      await realImmediate()
    }
    if (!this.#scheduler.clock) await this.#heeded('die', () => this.#running?.die?.())
    this.#world.note('service dies', since === undefined ? {} : { since })
    this.#scheduler.forget()
    this.#givesAgain = this.#connector.guarantee !== 'at-most-once'
    await this.#startAgain()
  }

  async #startAgain(): Promise<void> {
    this.#stopping = null
    this.#restarts = false
    this.#world.note('starts again', this.#world.disk.shown)
    this.#world.giveBack()
    await this.start()
  }

  /** Stops it for good, lets it close what it has opened, and does not wait long. */
  async leave(): Promise<void> {
    await this.#briefly(() => this.#running?.stop?.(this.#within))
    for (const running of this.#all) await this.#briefly(() => running.end?.())
  }

  /** The trial is over: whatever it says now is about nothing that was seen. */
  async #briefly(does: () => unknown): Promise<void> {
    try {
      const word = does() as PromiseLike<unknown> | undefined
      if (typeof word?.then !== 'function') return
      let isOver = false
      const over = () => { isOver = true }
      word.then(over, over)
      if (!this.#scheduler.clock) return void (await Promise.race([word, realSleep(this.#within)]))
      for (let rounds = 0; !isOver && rounds < mostRounds; rounds++) {
        if (this.#scheduler.waiting > 0) this.#scheduler.giveAll()
        if (rounds % 3 === 2 && this.#scheduler.clock.countTimers() > 0) this.#scheduler.clock.next()
        await realImmediate()
        await this.#scheduler.outside.settled()
      }
    } catch {
      // Nobody is there any more to whom it could matter.
    }
  }
}

/** Rounds of the event loop that a last word is waited for. */
const mostRounds = 60

const parts: ReadonlySet<string> = new Set(['take', 'stop', 'kill', 'scale', 'die', 'end'])

/** What is wrong with what `start` returned; null when nothing is. */
function misfit(running: unknown): string | null {
  const owed = '`start` is to return { take, stop, kill, scale, die, end }, of which it may leave out what it does not have'
  if (typeof running !== 'object' || running === null)
    return `${owed}: it returned ${running === null || running === undefined ? String(running) : `a ${typeof running}`}`
  const other = Object.entries(running).find(([name, value]) => typeof value === 'function' && !parts.has(name))
  return other && !('take' in running) ? `${owed}: it returned an object with ‘${other[0]}’ and no ‘take’` : null
}
