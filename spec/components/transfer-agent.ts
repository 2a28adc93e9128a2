/**
 * §3 The transfer agent.
 *
 * 1. Messages for several remote sites wait to be sent, each over the link to its site.
 * 2. A link may fail, and may heal. What cannot be sent meanwhile waits; when its time, which begins as it comes, runs out it is flagged.
 * 3. While one link is down, messages for the others are delivered as if nothing had happened.
 * 4. Once a link has healed, it is dialled again, and what is sent over it then is delivered.
 * 5. A sender may hear nothing of what it sent, whether that was recorded or lost. The agent then asks, and does not guess.
 *    If nobody can be asked until the message’s time runs out, it is flagged, and may have arrived.
 * 6. What was delivered and acknowledged is not flagged later.
 *
 * Left out: routing by cost, and the order of messages over one link, which no law here looks at: a sender fetches any
 * message that waits for its link. Who works off one queue for all links does that in its order, for that is its fault.
 *
 * Source: Q193760, the message transfer agent of Exchange 4.0 and 5.0 with X.400 Connectors, which stops because of its
 * “synchronous nature”. It says no more of the cause: the reading taken is one sender for all links, which waits for each call. Nor
 * does it say whether that ever gives up on a dead link; the reading taken is that it does when the message’s time runs out, which is
 * days, and that waiting so long for another site’s link is the fault.
 * “May stop” is modelled so: it stops if a message for the dead link is fetched before the others are. The document
 * has a fix, and does not say what it changes: a sender for each link is ours. So are healing, lost answers, and 5 and 6.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly links: number
  readonly pool: number
  readonly failures: number
  readonly losses: number
  readonly burst: number
}

export const sizes: Sizes<Scope> = {
  messages: { says: 'bursts of messages', least: 1, small: 2, most: 5 },
  links: { says: 'links, each to one remote site', least: 1, small: 2, most: 4 },
  pool: { says: 'senders in a shared pool', least: 1, small: 2, most: 8, chosen: 16 },
  failures: { says: 'failures of a link', least: 0, small: 1, most: 2 },
  losses: { says: 'times that a sender hears nothing of what arrived, and of what did not', least: 0, small: 1, most: 2 },
  burst: { says: 'messages in a burst', least: 1, small: 2, most: 40 },
}
