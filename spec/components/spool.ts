/**
 * §9 The spool.
 *
 * 1. A sender gives a message to a spool, which writes it to its disk and only then acknowledges it: from there on the sender
 *    has it no more. What was not acknowledged the sender gives again, and what the spool had of it is not kept twice.
 * 2. A message goes to several recipients, and is delivered to each of them once.
 * 3. Where one refuses it for now it is tried again, for that one alone, and several times. Where one refuses it once too often, or for
 *    good, it is flagged for that one, and for no other.
 * 4. A death loses nothing that was acknowledged and repeats nothing: what is in part on the disk is thrown away, for its sender
 *    still has it.
 *
 * Left out: a death between a delivery and the mark of it, which no disk can prevent (the consumer and the transfer agent cover
 * that); when what is refused for now is tried again, and after how long it is given up, for here that is counted in refusals;
 * a recipient that stays down, and holds up another (the transfer agent); a disk that is full or fails. A message to
 * several is a message for each here, taken and written by itself: one that is half accepted is no other case.
 *
 * Source: RFC 5321, which says that whoever acknowledges a message is responsible for it, a crash included (4.2.5, 6.1), that what
 * cannot be delivered for now is kept and tried again until it is given up, and its sender is told then (4.5.4.1), and that each
 * recipient is accepted or refused by itself (3.3). That a sender without an acknowledgement gives the message again, which makes
 * copies of it, is in RFC 1047. How a spool tells the copies, and what it makes of a write that a death cut off, is ours.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly deaths: number
  readonly refusals: number
  readonly tries: number
}

export const sizes: Sizes<Scope> = {
  messages: { says: 'messages, each for one recipient', least: 1, small: 2, most: 6 },
  deaths: { says: 'deaths of the spool', least: 0, small: 1, most: 3 },
  refusals: { says: 'times that a recipient refuses for now', least: 0, small: 1, most: 3 },
  tries: { says: 'times that a message refused for now is tried again', least: 1, small: 1, most: 3 },
}
