/**
 * §6 The relay.
 *
 * 1. A server takes messages from outside through an interchange and a gateway, keeps them in a store with a property
 *    cache, and sends them on through a claim queue and a transfer agent.
 * 2. End to end, every law holds that holds for each of them.
 * 3. When one of the five is wrong, it is named as the cause of what breaks end to end, and no other is.
 *
 * Left out: routing. Every message passes all five, in this order, so that any of them can harm any message. So are urgent
 * messages, and the order in which messages are fetched: they are the interchange’s own.
 *
 * Source: the five documents together. None of them describes such a server, though each of its parts did stand
 * beside the others in one.
 */
import type { Scope as ClaimQueue } from './claim-queue.ts'
import type { Sizes } from '../component.ts'
import type { Scope as Gateway } from './gateway.ts'
import type { Scope as Interchange } from './interchange.ts'
import type { Scope as PropertyCache } from './property-cache.ts'
import type { Scope as TransferAgent } from './transfer-agent.ts'

export type Scope = Omit<Interchange & Gateway & PropertyCache & ClaimQueue & TransferAgent, 'burst' | 'copies' | 'urgent'>

export const sizes: Sizes<Scope> = {
  messages: { says: 'messages', least: 1, small: 1, most: 3 },
  threads: { says: 'inbound threads of the interchange', least: 1, small: 1, most: 2 },
  tries: { says: 'times that a message refused for now is tried again', least: 1, small: 1, most: 2 },
  limit: { says: 'attachments a message that the store takes', least: 1, small: 1, most: 4, real: 1_024 },
  attachments: { says: 'the most attachments of a message', least: 1, small: 2, most: 8, chosen: 5_000 },
  sessions: { says: 'sessions of the store', least: 1, small: 1, most: 2 },
  entries: { says: 'entries in the property cache', least: 1, small: 1, most: 4, real: 65_536 },
  workers: { says: 'workers of the claim queue', least: 1, small: 1, most: 3 },
  memory: { says: 'messages that a bounded memory holds', least: 1, small: 1, most: 2 },
  links: { says: 'links of the transfer agent', least: 1, small: 2, most: 3 },
  pool: { says: 'senders in a shared pool', least: 1, small: 1, most: 4, chosen: 16 },
  restarts: { says: 'restarts of the interchange, of the gateway and of the store', least: 0, small: 0, most: 1 },
  deaths: { says: 'deaths of a worker or the dispatcher', least: 0, small: 0, most: 1 },
  delays: { says: 'times that the dispatcher is slow', least: 0, small: 0, most: 1 },
  failures: { says: 'failures of a link', least: 0, small: 1, most: 2 },
  losses: { says: 'times that a sender hears nothing of what arrived, and of what did not', least: 0, small: 0, most: 1 },
}
