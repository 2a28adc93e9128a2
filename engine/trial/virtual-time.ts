/**
 * Virtual time: timers, dates and clocks of this process are the world’s, those of imported modules too.
 *
 * What cannot be made virtual: `process.uptime`, the times of files, other threads and processes, and whoever kept a function
 * from before. Installing it costs more than most trials, so it stays installed while somebody holds it.
 */
import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import FakeTimers from '@sinonjs/fake-timers'
import { countImmediates, type Immediates } from './immediates.ts'

export type Clock = ReturnType<typeof FakeTimers.install>

interface VirtualTime {
  readonly clock: Clock
  readonly immediates: Immediates
  /** No timer is set any more, and the date is what it was at first. */
  reset(): void
  /** Gives it back. Real time is there again when everybody has. */
  release(): void
}

/** The date on which every trial begins: before midnight, at the end of a month and of a year, for whoever reckons with those. */
const epoch = Date.UTC(2001, 11, 31, 23, 59, 55)
const faked = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance', 'hrtime'] as const

let held: { readonly clock: Clock; readonly immediates: Immediates; readonly restore: () => void; holders: number } | null = null

export function holdVirtualTime(): VirtualTime {
  held ??= installed()
  const mine = held
  mine.holders++
  let isMine = true
  return {
    clock: mine.clock,
    immediates: mine.immediates,
    reset: () => {
      mine.clock.reset()
      mine.immediates.forget()
    },
    release: () => {
      if (!isMine) return
      isMine = false
      mine.holders--
      if (mine.holders > 0) return
      mine.restore()
      held = null
    },
  }
}

function installed() {
  const clock = FakeTimers.install({ toFake: [...faked], now: epoch })
  const immediates = countImmediates()
  const { timeout } = AbortSignal
  const { wait } = timersPromises.scheduler
  AbortSignal.timeout = (delay) => {
    const control = new AbortController()
    clock.setTimeout(() => control.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay)
    return control.signal
  }
  timersPromises.scheduler.wait = (delay, options) => timersPromises.setTimeout(delay, undefined, options)
  syncBuiltinESMExports()
  const restore = () => {
    timersPromises.scheduler.wait = wait
    AbortSignal.timeout = timeout
    immediates.uninstall()
    clock.uninstall()
    syncBuiltinESMExports()
  }
  return { clock, immediates, restore, holders: 0 }
}

/** The shortest span, in milliseconds, that is waited for and not looked at. */
const worthWaiting = 1_000

/** The longest sleep at once, in milliseconds; and of what is to go by, where that is more. */
const longestSleep = 60_000
const sleeps = 500

/** To the next moment that somebody waits for, as after a short sleep: timers that are due before it are called then, and once. */
export function leap(clock: Clock, until: number): void {
  let to = Math.min(until, clock.now + Math.max(longestSleep, (until - clock.now) / sleeps))
  for (const { createdAt, callAt, interval = callAt - createdAt } of timersOf(clock).values())
    if (interval >= worthWaiting) to = Math.min(to, callAt)
  if (to > clock.now + 1) clock.jump(to - clock.now - 1)
}

interface Timer {
  readonly createdAt: number
  readonly callAt: number
  readonly delay?: number
  /** Milliseconds from one call to the next, of one that repeats. */
  readonly interval?: number
  readonly type?: string
}
type Timers = ReadonlyMap<number, Timer>
const none: Timers = new Map()
/** Those that are set; none of real time. */
export const timersOf = (clock: Clock | null): Timers => (clock as { readonly timers?: Timers } | null)?.timers ?? none

/** The date of the next of them, in milliseconds of that clock; without end where there is none. */
export const nextAt = (clock: Clock | null): number =>
  (clock as { readonly timerHeap?: { readonly timers: readonly Timer[] } } | null)?.timerHeap?.timers[0]?.callAt ?? Infinity
