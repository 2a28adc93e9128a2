/** Advice on what is sent by a timer, or when enough have come: one message waits, and neither of them happens. */
import type { Event } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { listed } from '../text/words.ts'
import { type Course, isFault, milliseconds, step } from './course.ts'

const isTaking = ({ what }: Event) => what === 'taken' || what === 'fresh'
const isOffer = ({ what }: Event) => what === 'offered'

/** Null where no message before it was sent by a timer, nor several when one more came. */
export function whatGathers({ message, taken, calls, isFetched }: Course, found: Violation): string | null {
  if (calls.length > 0 || isFetched) return null
  const timed = sentByATimer(found, taken)
  const full = sentTogether(found, taken)
  if (timed === null && full === null) return null
  const byTimer = timed === null ? '' : `${timed.message} waits ${milliseconds(timed.waits)} and is then sent, at ${step(timed.at)}, with nothing under way meanwhile: a timer sends it. `
  if (full === null) return `${byTimer}Nothing does so for ${message}. Look at what sets that timer, and whether it is set for each that comes.`
  return `${byTimer}${listed(full.messages)} are sent together, at ${step(full.at)}, when ${full.messages.at(-1)!} comes: that is a batch. ${message} begins another, and nothing wakes `
    + 'that one. Look at the timer of a batch: when a batch goes because it is full, its timer is cleared, and the next batch has one of its own.'
}

/** The last that came before and was sent some time after, with no call under way and no fault until then. */
function sentByATimer({ history }: Violation, taken: number) {
  const firstFault = history.findIndex(isFault)
  const until = firstFault < 0 ? taken : Math.min(taken, firstFault)
  const came = new Map<string, number>()
  let timed: { readonly message: string, readonly waits: number, readonly at: number } | null = null
  let open = 0
  for (const [at, event] of history.slice(0, until).entries()) {
    const { message, told } = event
    // Whoever comes while a call is under way may wait for the end of that.
    if (isTaking(event) && open === 0) came.set(message!, event.time)
    else if (isOffer(event)) {
      const since = came.get(message ?? '')
      if (open++ === 0 && since !== undefined && event.time > since) timed = { message: message!, waits: event.time - since, at }
      came.clear()
    } else if (told !== false && /^(?:recorded|answered|refused|dropped)/.test(event.what)) open--
  }
  return timed
}

/** Of those that came before: several that are sent one right after another, at the moment when the last of them comes. */
function sentTogether({ history }: Violation, taken: number) {
  for (let last = taken - 1; last > 0; last--) {
    if (!isOffer(history[last]!)) continue
    let first = last
    while (first > 0 && isOffer(history[first - 1]!)) first--
    const messages = history.slice(first, last + 1).map(({ message = '' }) => message)
    const by = history[first - 1]
    // Where another comes right after, they were sent while it was still to come.
    const isByTheLast = by !== undefined && isTaking(by) && by.message === messages.at(-1)
    if (messages.length > 1 && isByTheLast && isTaking(history[last + 1]!)) return { messages, at: first }
    last = first
  }
  return null
}
