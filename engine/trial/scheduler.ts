/**
 * Whose turn it is: the calls that wait, and when there is nothing left to wait for.
 *
 * A connector is at rest when nobody waits, nothing is put off to another round of the event loop, and time brings
 * nothing: no timer of virtual time, or nothing within its patience of real time.
 */
import { setImmediate as immediate, setTimeout as realSleep } from 'node:timers/promises'
import type FakeTimers from '@sinonjs/fake-timers'
import type { Immediates } from './immediates.ts'

const realNow = performance.now.bind(performance)

/** How often the connector may find nothing to do before it counts as at rest. */
const quietRounds = 3
/** After so many rounds a connector that puts itself off counts as idle all the same; sooner, if it did so last time. */
const mostRounds = { once: 20_000, again: 500 }
const idleTimers = 10_000
/** Timers in a row that brought nothing, after which only one set before that is waited for. */
const onlyPolling = 40

type Clock = ReturnType<typeof FakeTimers.install>

/** Lets a call have its turn, or tells it that it will have none. */
type Call = (itsTurn: boolean) => void

export class Scheduler {
  /** Null on the real clock. */
  readonly clock: Clock | null
  /** Milliseconds that healthy work may take. */
  readonly patience: number
  readonly #immediates: Immediates
  readonly #waiting: Call[] = []
  readonly #began: number
  #spins = false
  #lastActivity = 0
  #activity = 0

  constructor(clock: Clock | null, immediates: Immediates, patience: number) {
    this.clock = clock
    this.patience = patience
    this.#immediates = immediates
    this.#began = this.#now()
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

  /** Nobody waits any more, and no timer is set. */
  forget(): void {
    this.#waiting.length = 0
    const { timers } = (this.clock ?? {}) as { timers?: ReadonlyMap<number, unknown> }
    for (const id of [...(timers?.keys() ?? [])]) this.clock!.clearTimeout(id)
  }

  /** Something has happened: whoever looks for rest looks again. */
  busy(): void {
    this.#activity++
    this.#lastActivity = this.#now()
  }

  /** Milliseconds since the start, by the connector’s clock. */
  get time(): number {
    return Math.round(this.#now() - this.#began)
  }

  /** Waits for a turn; says whether it came before the signal. */
  mine(gone?: AbortSignal): Promise<boolean> {
    this.busy()
    if (gone?.aborted) return Promise.resolve(false)
    return new Promise((end: Call) => {
      if (!gone) {
        this.#waiting.push(end)
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

  /** Whether a timer is left that was set before things went quiet. Those set since are somebody asking in vain. */
  #waitsForATimer(clock: object): boolean {
    const { timers } = clock as { timers?: ReadonlyMap<unknown, { createdAt: number; type?: string }> }
    return [...(timers ?? []).values()].some(({ createdAt, type }) => createdAt <= this.#lastActivity && type !== 'Interval')
  }

  /** Lets everything go on that needs no turn. */
  async quiet(whoeverWaits = false): Promise<void> {
    const most = this.#spins ? mostRounds.again : mostRounds.once
    let busy = 0
    for (let rounds = 0, seen = -1; rounds < quietRounds; ) {
      await immediate()
      if (this.#waiting.length > 0 && !whoeverWaits) return
      const putOff = this.#immediates.pending() > 0 && busy < most
      if (putOff) busy++
      rounds = !putOff && seen === this.#activity ? rounds + 1 : 0
      seen = this.#activity
    }
    this.#spins = busy >= most
  }

  /** Whether time brings anything: the next timer of virtual time, or a little real time, within its patience. */
  async timePasses(): Promise<boolean> {
    if (!this.clock) {
      const before = this.#activity
      // A machine that is busy elsewhere takes time from both: so many looks, whatever the clock says.
      for (let looks = 0, until = realNow() + this.patience; realNow() < until || looks < this.patience / 2; looks++) {
        await realSleep(1)
        if (this.#activity !== before || this.#waiting.length > 0) return true
      }
      return false
    }
    const before = this.#activity
    for (let i = 0; i < idleTimers; i++) {
      if (this.clock.countTimers() === 0 || this.#now() - this.#lastActivity > this.patience) return false
      if (i >= onlyPolling && !this.#waitsForATimer(this.clock)) return false
      this.clock.next()
      await this.quiet()
      if (this.#activity !== before || this.#waiting.length > 0) return true
    }
    return false
  }

  /** As much time as anything healthy takes, timer by timer: what one starts goes on before the next one. */
  async timeFlies(clock: Clock): Promise<void> {
    const until = clock.now + this.patience
    let over = false
    clock.setTimeout(() => { over = true }, this.patience)
    for (let timers = 0; !over && timers < idleTimers; timers++) {
      clock.next()
      await this.quiet(true)
    }
    if (!over) clock.tick(until - clock.now)
  }

  #now(): number {
    return this.clock ? this.clock.now : realNow()
  }
}
