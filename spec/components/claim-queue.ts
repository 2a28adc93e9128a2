/**
 * §2 The claim queue.
 *
 * 1. Several workers look through the notifications for messages to add to the queue. A dispatcher fetches messages
 *    from the queue and delivers them.
 * 2. In whatever order the workers act, each message is added once and delivered once.
 * 3. A worker or the dispatcher may die at any moment. Another takes its place, and the message it had in hand is taken up
 *    again.
 * 4. Slowness is not death: a slow dispatcher is left to finish.
 *
 * Left out: the content of a message, because no decision here reads it; a dispatcher that dies between delivering and
 * saying so, which no claim can prevent (the transfer agent covers that); and how likely the race is (“under load”, “a small
 * possibility”, duplicates of “a few”), because a model has every order in it and prefers none.
 *
 * Source: Q184524, the Connector for Lotus cc:Mail on Exchange 5.0 and 5.5, on the way from Exchange to cc:Mail. It says that
 * two threads can access the same notification and both add its message, but not whether they claim it first. The reading
 * taken is that they look, and then add; taking up what was added already is a variation, `claimsBlindly`. It happens “just
 * after the connector begins processing the queue”: a run begins there, with every notification open, and nothing in the
 * model keeps the race from coming later. The document has a fix, and does not say what it changes: 2 is what it is for, a
 * second look is ours, and so are deaths and slowness. Nor does it say who takes from the queue what was added: the dispatcher,
 * one at a time, is ours.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly workers: number
  readonly messages: number
  readonly deaths: number
  readonly delays: number
  readonly memory: number
  readonly copies: number
}

export const sizes: Sizes<Scope> = {
  workers: { says: 'threads that look through the notifications', least: 1, small: 2, most: 6 },
  messages: { says: 'messages', least: 1, small: 2, most: 8 },
  deaths: { says: 'deaths of a worker or the dispatcher', least: 0, small: 1, most: 2 },
  delays: { says: 'times that the dispatcher is slow', least: 0, small: 1, most: 2 },
  copies: { says: 'copies of one message that may arrive', least: 1, small: 1, most: 1 },
  memory: { says: 'messages that a bounded memory holds', least: 1, small: 1, most: 4 },
}
