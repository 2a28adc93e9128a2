/**
 * §1 The gateway.
 *
 * 1. Messages wait in an inlet and are taken in the order in which they came. The gateway copies each into the
 *    store, attachment by attachment, and then delivers it.
 * 2. The store takes at most 1,024 attachments a message. A message with no more is delivered whole.
 * 3. One with more is delivered stripped of its attachments, and says so. It holds nothing up.
 * 4. What became of one message has no bearing on the next.
 * 5. A restart loses nothing and repeats nothing: a message leaves the inlet as it is delivered.
 *
 * Left out: what an attachment holds, for only their number matters here; and the operator who takes a message out
 * by hand, for a component that needs one is wedged already.
 *
 * Source: Q298486, the Connector for Lotus Notes on Exchange 5.5. It says both “more than 1,024” and “the 1,024th
 * (0x400th)”, which differ by one unless attachments are counted from 0. The reading taken is the first: 1,024 pass,
 * and the call to create one more never returns. The other is the variant `stopsAtTheLimit`.
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
  attachments: { says: 'attachments that a message has at the most', least: 1, small: 3, most: 40, real: 5_000 },
  restarts: { says: 'restarts of the service', least: 0, small: 1, most: 2 },
  burst: { says: 'messages in a burst', least: 1, small: 1, most: 20 },
}
