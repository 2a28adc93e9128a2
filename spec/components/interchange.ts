/**
 * §5 The interchange.
 *
 * 1. Several threads fetch messages from an inlet and submit each to a message transfer agent, over a session of its own.
 * 2. What the agent accepts is delivered. What it refuses for good, such as an invalid address, is flagged at once.
 * 3. What it refuses for now is tried again, a few times, and then flagged.
 * 4. Whatever the answer, the thread goes on to the next message: no message can hold up another.
 * 5. A restart loses nothing, repeats nothing, and flags nothing that could be delivered.
 *
 * Left out: the one thread that Performance Monitor still shows at work on a single processor, of which the document
 * says no more; and that the service may stop after a while, since a thread that is gone needs a restart either way.
 *
 * Source: Q151791, the Microsoft Mail Connector interchange of Exchange 4.0 and 5.0. It says that the thread is
 * refreshed “possibly submitting the same message again”; the reading taken is that it does, each time. The events it
 * lists stand at the steps that log them: 2384 and 10000 as a session opens, 2342 at the refusal (return code 0x15),
 * 2553 as the thread gives up the session.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly threads: number
  readonly tries: number
  readonly restarts: number
  readonly burst: number
}

export const sizes: Sizes<Scope> = {
  messages: { says: 'bursts of messages', least: 1, small: 2, most: 5 },
  threads: { says: 'inbound threads', least: 1, small: 1, most: 4, real: 8 },
  tries: { says: 'times that a message refused for now is tried again', least: 1, small: 1, most: 3 },
  restarts: { says: 'restarts of the service', least: 0, small: 1, most: 2 },
  burst: { says: 'messages in a burst', least: 1, small: 1, most: 20 },
}
