/** Advice on what happened to one recipient of a message, and that another one of it is given its verdict for. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { before, type Course, step, stepWith } from './course.ts'

const failures: ReadonlySet<string> = new Set(['refused', 'dropped'])

/** Whose answer it was, at the moment of the verdict; null where that does not show. */
export function ofAnotherRecipient({ message, link, recipients, calls }: Course, found: Violation): string | null {
  const { history, at } = found
  const { what, time } = history[at]!
  const isFlag = what === 'flagged'
  const isLike = (is: string) => (isFlag ? failures.has(is) : is === 'answered' || is.startsWith('recorded'))
  if (recipients < 2 || calls.some(({ outcome }) => outcome !== null && (outcome === 'taken') !== isFlag)) return null
  const answer = before(found, at, (event) =>
    event.message === message && event.link !== link && event.told !== false && isLike(event.what))
  if (answer < 0 || history[answer]!.time !== time) return null
  const other = history[answer]!.link
  const isBoth = history.slice(0, at).some((event) => event.what === 'flagged' && event.message === message && event.link === other)
  if (!isFlag)
    return `It is over ${other} that ${message} was delivered, at ${stepWith(found, answer)}, and at ${step(at)} it is said to be delivered over ${link} too. Each `
      + 'recipient has a verdict of its own: `world.delivered(id, link)`. Look for one answer that does for all of them, as where `Promise.any` or '
      + '`Promise.race` waits for several calls.'
  return `It is over ${other} that ${message} failed, at ${stepWith(found, answer)}, and at ${step(at)} it is flagged for ${link}${isBoth ? ' too' : ' instead'}. `
    + 'Each recipient has a verdict of its own: `world.flag(id, reason, link)`, or an error whose `links` names those that failed. Look for '
    + (isBoth ? 'one error that answers for all of them, as where `Promise.all` waits for several calls.' : 'a call that does not keep which recipient it is for.')
}
