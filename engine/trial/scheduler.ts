/**
 * Whose turn it is: the calls that wait, and when there is nothing left to wait for.
 *
 * A connector is at rest when nobody waits, nothing is put off to another round of the event loop, and time brings
 * nothing: no timer of virtual time, or nothing for as long as its patience lasts.
 */
import { realImmediate, realNow, realSettled, realSleep, realTick } from '../real-time.ts'
import type { Immediates } from './immediates.ts'
import { Outside } from '../outside.ts'
import { type Clock, leap, nextAt, timersOf } from './virtual-time.ts'

/** Rounds in a row in which nothing happens, after which nothing more is put off. On the real clock bytes may be on their way. */
const quietRounds = { virtual: 1, real: 3 }
/** After so many rounds a connector that puts itself off counts as idle all the same; sooner, if it did so last time. */
const mostRounds = { once: 20_000, again: 500 }
/** Timers in a row that brought nothing, after which one of whom nothing is wanted counts as at rest. */
const onlyPolling = 40

/** Milliseconds of the longest timer there is: a longer one is over at once. */
const longestTimer = 2_147_483_647
/** Milliseconds of real time in which one of whom nothing is wanted may still do something that it should not. */
const quickPatience = 100
/** After so many timers of the same moment the event loop has a turn. */
const timersOfATurn = 500

/** Lets a call have its turn, or tells it that it will have none. */
type Call = (itsTurn: boolean) => void

/** Who has a turn while time goes by: nobody, those who wait for a disk or a source, or all. */
type Turns = 'none' | 'aside' | 'all'
/** What time brought: something, or nothing, so that all is at rest; or so many timers for nothing that we give up. */
type Passing = 'something' | 'nothing' | 'gave up'

export class Scheduler {
  /** Null on the real clock. */
  readonly clock: Clock | null
  /** Milliseconds for which nothing may happen until all is at rest. */
  readonly patience: number
  /** What fails there is heard of at once. */
  readonly outside = new Outside(() => this.busy())
  /** Moments of virtual time at which there was a timer, until now. */
  moments = 0
  readonly #immediates: Immediates
  readonly #waiting: Call[] = []
  /** Calls of those that wait for a disk or a source, and for no link. */
  readonly #aside = new WeakSet<Call>()
  readonly #began: number
  /** How far the date was set back, in milliseconds. */
  #setBack = 0
  #spins = false
  /** How much was under way elsewhere at the start. */
  #elsewhere = elsewhere()
  #lastActivity: number
  #activity = 0

  constructor(clock: Clock | null, immediates: Immediates, patience: number) {
    this.clock = clock
    this.patience = patience
    this.#immediates = immediates
    this.#began = this.#lastActivity = this.#now()
  }

  /** How many calls wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Gives the turn to the call at a position, in the order in which they came; */
  give(position: number): void {
    this.#waiting.splice(position, 1)[0]!(true)
  }

  /** or to all of them. */
  giveAll(): void {
    for (const call of this.#waiting.splice(0)) call(true)
  }

  /** What is on its way is there, and whoever is to has a turn meanwhile, as has whatever comes of that. */
  async settle(turns: Turns): Promise<void> {
    await this.quiet(true)
    const isGiven = (call: Call) => turns === 'all' || this.#aside.has(call)
    for (let rounds = 0; turns !== 'none' && this.#waiting.some(isGiven) && rounds < mostRounds.again; rounds++) {
      for (const call of this.#waiting.splice(0)) if (isGiven(call)) call(true); else this.#waiting.push(call)
      await this.quiet(true)
    }
  }

  /** Nobody waits any more, and no timer is set. */
  forget(): void {
    this.#waiting.length = 0
    for (const id of timersOf(this.clock).keys()) this.clock!.clearTimeout(id)
  }

  /** Something has happened: whoever looks for rest looks again. */
  busy(): void {
    this.#activity++
    this.#lastActivity = this.#now()
  }

  /** Milliseconds since the start, by a clock that never goes back. */
  get time(): number {
    return Math.round(this.#now() - this.#began)
  }

  /** Milliseconds of virtual time until the next timer; without end where there is none. */
  get nextTimer(): number {
    return nextAt(this.clock) - this.#now() + this.#setBack
  }

  /** Sets the date back. Timers and clocks that count from a start do not notice. */
  setBack(milliseconds: number): void {
    if (!this.clock) return
    this.#setBack += milliseconds
    this.clock.setSystemTime(this.clock.now - milliseconds)
  }

  /** Calls when its turn comes: a promise less than `mine`, for what is done thousands of times. */
  queue(call: () => void): void {
    this.busy()
    this.#waiting.push(call)
  }

  /** Waits for a turn; says whether it came before the signal. */
  mine(gone?: AbortSignal, isAside = false): Promise<boolean> {
    this.busy()
    if (gone?.aborted) return Promise.resolve(false)
    return new Promise((end: Call) => {
      if (!gone) {
        this.#waiting.push(end)
        if (isAside) this.#aside.add(end)
        return
      }
      const call: Call = (itsTurn) => {
        gone.removeEventListener('abort', leave)
        end(itsTurn)
      }
      const leave = () => {
        const at = this.#waiting.indexOf(call)
        if (at < 0) return
        this.#waiting.splice(at, 1)
        end(false)
      }
      this.#waiting.push(call)
      gone.addEventListener('abort', leave)
    })
  }

  /** Whether a timer is left that was set, or refreshed, before things went quiet. Those set since are somebody asking in vain. */
  #waitsForATimer(): boolean {
    for (const { createdAt, callAt, delay = 0, type } of timersOf(this.clock).values())
      if (Math.max(createdAt, callAt - delay) + this.#setBack <= this.#lastActivity && type !== 'Interval') return true
    return false
  }

  /** Lets everything go on that needs no turn. */
  async quiet(whoeverWaits = false): Promise<void> {
    const most = this.#spins ? mostRounds.again : mostRounds.once
    const enough = this.clock ? quietRounds.virtual : quietRounds.real
    // What is put off is not passed by: it goes on before the turn after the next.
    if (this.clock && !whoeverWaits && this.#immediates.pending() === 0) {
      await realSettled()
      if (!this.outside.isQuiet) await this.outside.settled()
      if (this.#waiting.length > 0) return
    }
    let busy = 0
    for (let rounds = 0, seen = this.clock ? this.#activity : -1; ; ) {
      await realImmediate()
      if (this.outside.isUnderWay) rounds = -1
      if (!this.outside.isQuiet) await this.outside.settled()
      if (this.#waiting.length > 0 && !whoeverWaits) return
      const putOff = this.#immediates.pending() > 0 && busy < most
      if (putOff) busy++
      rounds = !putOff && seen === this.#activity ? rounds + 1 : 0
      seen = this.#activity
      if (rounds >= enough) break
    }
    this.#spins = busy >= most
  }

  /**
   * What time brings: the next timer of virtual time, or a little real time. Of virtual time as many moments as are `most`; where
   * nothing is `owed`, a few that bring nothing are enough, and of real time a moment.
   */
  timePasses(most: number, owed: () => boolean): Promise<Passing> {
    return this.clock ? this.#virtualTimePasses(this.clock, most, owed) : this.#realTimePasses(owed)
  }

  async #virtualTimePasses(clock: Clock, most: number, owed: () => boolean): Promise<Passing> {
    const before = this.#activity
    for (let moments = 0; ; moments++) {
      if (clock.countTimers() === 0) return 'nothing'
      const isOver = this.#now() - this.#lastActivity > this.patience
      if ((isOver || (moments >= onlyPolling && !owed())) && !this.#waitsForATimer()) return 'nothing'
      if (moments >= most) return 'gave up'
      await this.#nextMoment(clock)
      await this.quiet()
      if (this.#activity !== before || this.#waiting.length > 0) return 'something'
    }
  }

  /** Whether something that virtual time does not know of is under way, as far as can be told at once. */
  get isBusyElsewhere(): boolean {
    return this.clock !== null && elsewhere() > this.#elsewhere
  }

  /**
   * Whether something that virtual time does not know of was under way, and has ended: a file that was read, a module that was
   * loaded. It is given a few seconds of real time.
   */
  async hearsFromElsewhere(): Promise<boolean> {
    if (!this.clock) return false
    const [before, timers] = [this.#activity, this.clock.countTimers()]
    let waited = false
    for (let looks = 0, until = realNow() + mostElsewhere; looks < quietLooks; looks++) {
      if (elsewhere() > this.#elsewhere) {
        waited = true
        looks = -1
      }
      if (realNow() > until) {
        // What goes on without end is nothing to wait for another time.
        this.#elsewhere = elsewhere()
        return false
      }
      await realSleep(1)
      if (this.#activity !== before || this.#waiting.length > 0 || this.clock.countTimers() !== timers) return true
    }
    return waited
  }

  /** All timers of the next moment at which there is one, each with what it starts before the next, as in an event loop. */
  async #nextMoment(clock: Clock): Promise<void> {
    this.moments++
    clock.next()
    for (let fired = 1; nextAt(clock) <= clock.now; fired++) {
      // Thousands that are due at once may take long, and nothing goes on without end: whoever watches sees turns in between.
      await (fired % timersOfATurn === 0 ? realImmediate() : realTick())
      clock.next()
    }
  }

  async #realTimePasses(owed: () => boolean): Promise<Passing> {
    const before = this.#activity
    const patience = owed() ? this.patience : Math.min(this.patience, quickPatience)
    // A machine that is busy elsewhere takes time from both: so many looks, whatever the clock says.
    for (let looks = 0, until = realNow() + patience; realNow() < until || looks < patience / 2; looks++) {
      await realSleep(1)
      if (this.#activity !== before || this.#waiting.length > 0) return 'something'
    }
    return 'nothing'
  }

  /** Lets so much time go by, timer by timer: what one starts goes on before the next one. */
  async letPass(milliseconds: number, turns: Turns = 'none'): Promise<void> {
    const { clock } = this
    if (!clock) return this.#realTimeGoesBy(milliseconds)
    // No timer is longer, here as elsewhere.
    for (; milliseconds > longestTimer; milliseconds -= longestTimer) await this.letPass(longestTimer, turns)
    await this.settle(turns)
    let isOver = false
    const until = clock.now + milliseconds
    clock.setTimeout(() => { isOver = true }, milliseconds)
    for (let moments = 0, idle = 0, seen = this.#activity; !isOver && moments < mostMoments; moments++) {
      idle = seen === this.#activity ? idle + 1 : 0
      seen = this.#activity
      if (idle > mostIdle || moments > mostMoments / 2) {
        leap(clock, until)
        await this.settle(turns)
      }
      await this.#nextMoment(clock)
      await this.settle(turns)
    }
    if (!isOver && until > clock.now) clock.tick(until - clock.now)
    await this.settle(turns)
  }

  /** Unless it fails elsewhere meanwhile. */
  async #realTimeGoesBy(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= quickPatience) {
      await realSleep(Math.min(left, quickPatience))
      await this.outside.settled()
    }
  }

  #now(): number {
    return this.clock ? this.clock.now + this.#setBack : realNow()
  }
}

/** How long, in milliseconds, is waited for what virtual time does not know of; and looks in a row that show none of it. */
const mostElsewhere = 5_000
const quietLooks = 3
/** What this process waits for, but for its timers. */
const elsewhere = () => process.getActiveResourcesInfo().filter((what) => what !== 'Timeout' && what !== 'Immediate').length

const mostMoments = 20_000
/** Moments without effect, after which whoever looks at the clock again and again looks less often. */
const mostIdle = 2_000
