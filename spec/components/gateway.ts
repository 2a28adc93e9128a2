/**
 * §1 The gateway.
 *
 * 1. Messages wait in an inlet and are fetched in the order in which they came. The gateway copies each into the
 *    store, attachment by attachment, and then delivers it.
 * 2. The store takes at most 1,024 attachments a message. A message with no more is delivered whole.
 * 3. One with more is delivered stripped of its attachments, and says so. It holds nothing up.
 * 4. What became of one message does not affect the next.
 * 5. A restart loses nothing and repeats nothing: a message leaves the inlet as it is delivered.
 *
 * Left out: the content of an attachment, because only their number matters here; an operator who removes a message
 * by hand, because a component that needs one is already wedged; and mail the other way, of which the document says nothing.
 *
 * Source: Q298486, the Connector for Lotus Notes on Exchange 5.5, on the way from Notes to Exchange. It says both “more than
 * 1,024” and “the 1,024th (0x400th)”, which differ by one unless attachments are counted from 0. The reading taken is the
 * first: 1,024 pass, and one more is too many. The other is the variant `stopsAtTheLimit`. It says that the store “stops
 * responding”, and that the connector’s calls “fail”: the reading taken is that the call for one more does not return, and
 * that the process stops after it. The service “may” stop: the model’s does each time, for the cause has no other condition.
 * The fix strips the attachments. That such a message says so is ours: one that does not would be altered without a word.
 * So is the order of 1; and so is 5: the document only says that a restart without removing the message does not help.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly limit: number
  readonly attachments: number
  readonly restarts: number
  readonly burst: number
}

/** Attachments a message that the store can process. */
export const attachmentLimit = 1_024

export const sizes: Sizes<Scope> = {
  messages: { says: 'bursts of messages', least: 1, small: 2, most: 5 },
  limit: { says: 'attachments a message that the store takes', least: 1, small: 2, most: 16, real: attachmentLimit },
  attachments: { says: 'the most attachments of a message', least: 1, small: 3, most: 40, chosen: 5_000 },
  restarts: { says: 'restarts of the service', least: 0, small: 1, most: 2 },
  burst: { says: 'messages in a burst', least: 1, small: 1, most: 20 },
}
