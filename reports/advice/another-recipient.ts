/** Of a message with several recipients: what became of it over each link, and advice where one of them is given the verdict of another. */
import type { Event } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { listed } from '../text/words.ts'
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
  const failed = calls.findLast(({ outcome }) => outcome === 'refused' || outcome === 'dropped')
  if (!isFlag)
    return `It is over ${other} that ${message} was delivered, at ${stepWith(found, answer)}, and at ${step(at)} it is said to be delivered over ${link}`
      + `${failed === undefined ? ' too' : `, where it failed at ${step(failed.told!)}`}. Each recipient has a verdict of its own: `
      + '`world.delivered(id, link)`. Look for one answer that does for all of them, as where `Promise.any` or `Promise.race` waits for several calls'
      + `${failed === undefined ? '' : ', and for a list of answers from which those that failed were taken: its places are not those of the recipients'}.`
  return `It is over ${other} that ${message} failed, at ${stepWith(found, answer)}, and at ${step(at)} it is flagged for ${link}${isBoth ? ' too' : ' instead'}. `
    + 'Each recipient has a verdict of its own: `world.flag(id, reason, link)`, or an error whose `links` names those that failed. Look for '
    + (isBoth ? 'one error that answers for all of them, as where `Promise.all` waits for several calls.' : 'a call that does not keep which recipient it is for, as by its place in a list that has changed.')
}

const words: Readonly<Partial<Record<Event['what'], string>>> = {
  recorded: 'recorded', 'recorded altered': 'recorded altered', 'recorded stripped': 'recorded stripped',
  refused: 'refused', dropped: 'dropped', 'claims delivered': 'said to be delivered', flagged: 'flagged',
}

/** What became of it for each recipient, in a sentence; null where it has one recipient, or nothing became of it over any. */
export function byRecipient(found: Violation): string | null {
  const { history, at } = found
  // A crash is about no message: it may have come of the last that something was done to.
  const message = found.message
    ?? history.slice(0, at).findLast(({ what, link }) => link !== undefined && words[what] !== undefined)?.message ?? null
  const own = history.slice(0, at + 1).flatMap((event, i) => (message !== null && event.message === message ? [{ ...event, i }] : []))
  const links = own.flatMap(({ what, link }) => (what === 'taken' && link !== undefined ? [link] : []))
  if (links.length < 2) return null
  const each = links.map((link) => {
    const says = own.flatMap(({ what, link: over, i }) =>
      (over === link && words[what] !== undefined ? [`${words[what]} at ${step(i)}`] : []))
    return { link, says: says.length === 0 ? 'nothing happens to it' : `it is ${listed(says)}` }
  })
  const isAny = each.some(({ says }) => says !== 'nothing happens to it')
  return isAny ? `Of the recipients of ${message}: over ${each.map(({ link, says }) => `${link} ${says}`).join('; over ')}.` : null
}
