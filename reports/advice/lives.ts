/** The lives of a connector, from a start to its end: whoever made a call may be gone when the answer comes. */
import type { Violation } from '../../spec/evidence/violation.ts'

type Shown = Pick<Violation, 'history'>

/** Which life of the connector is at work at an event, from 1. */
export const lifeAt = ({ history }: Shown, at: number) =>
  1 + history.slice(0, at + 1).reduce((starts, { what }) => starts + (what === 'starts again' ? 1 : 0), 0)

/** Where a life ends, so that nobody hears the answers to its calls any more; null where it does not, or goes on beside the next. */
export function endOf({ history }: Shown, life: number): number | null {
  let starts = 0
  let end: number | null = null
  for (const [at, { what }] of history.entries()) {
    if (what === 'service dies' || what === 'has stopped') end = at
    if (what !== 'starts again') continue
    if (++starts === life) return end
    end = null
  }
  return null
}
