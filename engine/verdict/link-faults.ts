/** What was done to a link, and when that was over: what a flag over it, or a delay on another, may be due to. */
import type { Attempt, Moment, Surroundings } from '../../spec/account.ts'

export interface LinkFaults {
  /** When the last fault was over: of those before nothing else is asked. */
  over: number
  isDown: boolean
  /** When the last answer came that the connector takes for trouble. */
  counted: number
  /** Calls that it has not answered yet. */
  readonly unanswered: Set<Attempt>
}

/** Whether there is nothing to remember of it. */
export const areNone = ({ isDown, over, counted, unanswered }: LinkFaults): boolean =>
  !isDown && Math.max(over, counted) === -Infinity && unanswered.size === 0

/** Whether there were some at some time between a time and now. */
export const wereThere = (
  { isDown, over, unanswered }: LinkFaults, from: number, now: Moment, { timeout, slack }: Pick<Surroundings, 'timeout' | 'slack'>,
): boolean => isDown || over >= from
  || [...unanswered].some(({ offered: { time } }) => time + timeout >= from && now.time - time >= slack)

/** It is up again. */
export function up(faults: LinkFaults, time: number): void {
  if (faults.isDown) faults.over = time
  faults.isDown = false
}
