/**
 * §5 The interchange.
 *
 * 1. Several threads fetch messages from an inlet, in the order in which they came, and submit each to a message transfer
 *    agent, over a session of its own.
 * 2. What the agent accepts is delivered. What it refuses for good, such as an invalid address, is flagged at once.
 * 3. What it refuses for now is tried again, a few times, and then flagged.
 * 4. Whatever the answer, the thread goes on to the next message: no message can hold up another.
 * 5. A restart loses nothing, repeats nothing, and flags nothing that could be delivered. After it, any message that waits
 *    may be fetched first.
 * 6. What is urgent goes before what waits; then it is the turn of what waits. So nothing waits for ever, however much that is
 *    urgent comes.
 *
 * Left out: the one thread that Performance Monitor still shows at work on a single processor, of which the document
 * says no more; that the service may stop after a while, since a thread that is gone needs a restart either way; that the
 * agent is restarted with the service, since what it has accepted is out of the interchange’s hands; and levels of logging:
 * every step shows its event, those too that only the maximum level logs.
 *
 * Source: Q151791, the Microsoft Mail Connector interchange of Exchange 4.0 and 5.0. It says that the thread is
 * refreshed “possibly submitting the same message again”; the reading taken is that it does, each time, whatever the error,
 * for the document tells no errors apart. A restart “typically allows some inbound processing to continue” until the bad
 * message is submitted again: so another may come before it. It has one more thread on more processors, and no number of
 * them. What waits meanwhile are files in the directory P1. The events it lists stand at the steps that log them: 2384 and
 * 10000 as a session opens, 2342 at the refusal (return code 0x15), 2553 as the thread gives up the session. It says that a
 * service pack corrects this, and not how: 2, 3 and 6 are ours, and so is a refusal for now, with its event. Nor does it speak of
 * an order: that of 1 is ours.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly threads: number
  readonly tries: number
  readonly restarts: number
  readonly urgent: number
  readonly burst: number
}

export const sizes: Sizes<Scope> = {
  messages: { says: 'bursts of messages', least: 1, small: 2, most: 5 },
  threads: { says: 'inbound threads', least: 1, small: 1, most: 4, chosen: 8 },
  tries: { says: 'times that a message refused for now is tried again', least: 1, small: 1, most: 3 },
  restarts: { says: 'restarts of the service', least: 0, small: 1, most: 2 },
  urgent: { says: 'kinds of urgent message, of which there is no end', least: 0, small: 0, most: 1 },
  burst: { says: 'messages in a burst', least: 1, small: 1, most: 20 },
}
