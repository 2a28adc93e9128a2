/** What was done to a link, and when that was over: what a flag over it, or a delay on another, may be due to. */
import type { Attempt, Moment, Surroundings } from '../../spec/account.ts'

export interface LinkFaults {
  /** When the last fault was over: of those before nothing else is asked. */
  over: number
  /** Since when it is down, without a break; without end where it is up. */
  downSince: number
  /** When the last answer came that the connector takes for trouble. */
  counted: number
  /** Calls that it has not answered yet. */
  readonly unanswered: Set<Attempt>
}

export const newFaults = (): LinkFaults => ({ over: -Infinity, counted: -Infinity, downSince: Infinity, unanswered: new Set() })
export const isDown = ({ downSince }: LinkFaults): boolean => downSince < Infinity

/** Whether there is nothing to remember of it. */
export const areNone = (faults: LinkFaults): boolean =>
  !isDown(faults) && Math.max(faults.over, faults.counted) === -Infinity && faults.unanswered.size === 0

/** Whether there were some at some time between a time and now. */
export const wereThere = (
  faults: LinkFaults, from: number, now: Moment, { timeout, slack }: Pick<Surroundings, 'timeout' | 'slack'>,
): boolean => {
  if (isDown(faults) || faults.over >= from) return true
  for (const { offered: { time } } of faults.unanswered) if (time + timeout >= from && now.time - time >= slack) return true
  return false
}

/**
 * Whether it was of no use from a time on, and nobody had a reason to wait for it: it was down, and no call that was made within so many
 * milliseconds of then was open for longer than that.
 */
export function wasOutOfReach(
  { downSince, over, unanswered }: LinkFaults, from: number, now: Moment,
  { overdue: within, timeout }: Pick<Surroundings, 'overdue' | 'timeout'>,
): boolean {
  if (downSince > from || now.time <= Math.max(from, over) + within) return false
  // There may be tens of thousands of them, at each of as many flags.
  for (const { offered } of unanswered) if (offered.time <= from + within && now.time <= offered.time + timeout + within) return false
  return true
}

/** It is down, */
export function down(faults: LinkFaults, time: number): void {
  faults.downSince = Math.min(faults.downSince, time)
}

/** and up again. */
export function up(faults: LinkFaults, time: number): void {
  if (isDown(faults)) faults.over = time
  faults.downSince = Infinity
}
