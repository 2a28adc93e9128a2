/**
 * §8 The relay of reports.
 *
 * 1. A relay takes messages, each from a sender, and hands each on. What has gone through as many relays as are allowed goes no
 *    further, for it goes in a loop.
 * 2. What cannot be handed on is reported to its sender: that flags it. One refusal, or one loop, makes one report.
 * 3. What is refused for now is tried again, a few times, and not reported before that.
 * 4. A report is a message without a sender. What cannot be handed on of it is kept as dead mail, which flags the message that it is
 *    about, and is not reported.
 * 5. A death of the relay loses nothing and repeats no report: a message leaves it as it is handed on or reported.
 *
 * Left out: what a report says; several recipients, of which some are refused; reports of a delay, and of success; a sender that is
 * another’s address. A message that has gone through few relays is the same as one that starts here.
 *
 * Source: RFC 5321, which says that a failure is reported to the sender (6.1), that a report has no sender (4.5.5), so that nothing
 * is reported of it (4.5.4, 6.1), and that loops are told by how many relays a message went through, normally at least 100 (6.3). Of a
 * report that cannot be handed on it says that some hosts give it to a postmaster (4.5.5); that it is kept as dead mail is our reading.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly hops: number
  readonly tries: number
  readonly deaths: number
}

/** Relays that a message may go through: RFC 5321, 6.3, has 100 as normally the least such limit. */
export const hopLimit = 100

export const sizes: Sizes<Scope> = {
  messages: { says: 'messages', least: 1, small: 2, most: 6 },
  hops: { says: 'relays that a message may go through', least: 1, small: 2, most: 12, real: hopLimit },
  tries: { says: 'times that what is refused for now is tried again', least: 1, small: 1, most: 3 },
  deaths: { says: 'deaths of the relay', least: 0, small: 1, most: 2 },
}
