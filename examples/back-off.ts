/**
 * Back-off: what fails for now is tried again, after a pause twice as long each time, and flagged when nothing helped.
 *
 * Add some chance to the pauses where many senders share a link, but hand the chance in: nobody seeds `Math.random`, and with it here
 * the same scenario would not give the same run twice.
 */
import { type Connector, outcomeOf, type World } from '../api/unwedge.ts'

const tries = 8
const firstPause = 1_000
const longestPause = 60_000

export const backOff: Connector = {
  name: 'a sender that backs off',
  // A connection that was lost says nothing of whether the message arrived. Sent again, it may be there twice.
  guarantee: 'at-least-once',

  start: ({ send }) => ({
    // Whoever looks at the signal also has to give up when it says so, whatever the link does.
    take: ({ content, signal }) => Promise.race([patiently(send, content, signal), aborted(signal)]),
  }),
}

async function patiently(send: World['send'], content: unknown, signal: AbortSignal): Promise<void> {
  for (let tried = 1, wait = firstPause; ; tried++, wait = Math.min(2 * wait, longestPause)) {
    try {
      return await send(content)
    } catch (error) {
      if (isForGood(error) || tried === tries) throw error
    }
    await new Promise((go) => setTimeout(go, wait))
    signal.throwIfAborted()
  }
}

/** What is refused for good will not be taken later either. */
const isForGood = (error: unknown) => outcomeOf(error) === 'refused for good'

const aborted = (signal: AbortSignal) => new Promise<never>((_, giveUp) => {
  const leave = () => giveUp(new Error('its sender has lost interest'))
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave)
})
