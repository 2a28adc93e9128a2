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

/**
 * Whether an event is the doing of a life that was stopped and works on beside the next; and where that next one was started. One that
 * died, or whose `stop` came to an end, is cut off: it does nothing more.
 */
export function outlived({ history }: Shown, at: number): { readonly life: number; readonly now: number; readonly start: number } | null {
  const life = history[at]!.life ?? 1
  const starts = history.flatMap(({ what }, i) => (what === 'starts again' && i < at ? [i] : []))
  return life > starts.length ? null : { life, now: starts.length + 1, start: starts[life - 1]! }
}

/** What whoever has a `stop` owes the next life. */
export const endsInStop = 'Return a promise from `stop` that is fulfilled when nothing of that life works any more, no call, no timer and no loop'
