/** Where all went well, or failed and was done with, up to a message that is not even sent: something has filled up. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { amount } from '../text/words.ts'
import { type Course, isFault } from './course.ts'

/** Fewer than this may be chance. */
const several = 2

/** How many came before it, and that it is the first that is not sent; null where that does not show. */
export function whatFilledUp({ message, taken, calls }: Course, { history, lacking = [], at }: Violation): string | null {
  if (calls.length > 0) return null
  const isCounted = lacking.some(({ part, outcome }) => part === 'message' && outcome === 'kept')
  if (!isCounted && history.slice(0, at).some(isFault)) return null
  const before = new Set(history.slice(0, taken).flatMap(({ what, message: of }) => (what === 'taken' || what === 'fresh' ? [of] : [])))
  const [sent, failed, settled] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const [i, { what, message: of }] of history.slice(0, at + 1).entries()) {
    if (of === undefined || of === message) continue
    // One that comes later and is sent shows that nothing is full.
    if (what === 'offered' && i > taken && !before.has(of)) return null
    if (what === 'offered') sent.add(of)
    if (what === 'refused' || what === 'dropped') failed.add(of)
    if (i < taken && (what === 'flagged' || what === 'claims delivered' || what === 'acknowledged')) settled.add(of)
  }
  if (before.size < several || [...before].some((of) => !sent.has(of!))) return null
  const inHand = before.size - settled.size
  return `${amount(before.size)} messages came before it: all of them were sent${failed.size === 0 ? '' : `, ${failed.size === before.size ? 'all' : amount(failed.size)} failed`}, `
    + `and ${inHand === 0 ? 'none is' : inHand === 1 ? 'one is' : `${amount(inHand)} are`} still in hand when it comes. ${message} is the first that is not sent. Look for what `
    + 'fills up: a limit, a table that is never emptied, a count that goes up with each message and does not come down when one fails.'
}
