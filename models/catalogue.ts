/**
 * Every variant: what it does in a sentence, the scope it is shown at, how many states it has there, and which laws it
 * breaks in how many steps, the best-known one first. A test checks each number against what `explore` finds.
 */
import type { Component } from '../spec/component.ts'
import { type Claims, consumerClaims, type Entry, reportRelayClaims, spoolClaims } from './claims.ts'
import { claimQueue } from './claim-queue.ts'
import { consumer } from './consumer.ts'
import { gateway } from './gateway.ts'
import { interchange } from './interchange.ts'
import { propertyCache } from './property-cache.ts'
import { relay } from './relay.ts'
import { relayClaims } from './relay-claims.ts'
import { reportRelay } from './report-relay.ts'
import { spool } from './spool.ts'
import { transferAgent } from './transfer-agent.ts'

export type { Entry } from './claims.ts'

export const components: readonly Component[] =
  [gateway, claimQueue, transferAgent, propertyCache, interchange, consumer, reportRelay, spool, relay]

const of = (component: Component, variants: Readonly<Record<string, Claims>>): readonly Entry[] =>
  Object.entries(variants).map(([variant, shown]) => ({ component, variant, ...shown }))

const single: readonly Entry[] = [
  ...of(gateway, {
    fixed: {
      says: 'strips a message that has more attachments than the store takes',
      scope: {}, states: 664, breaks: {},
    },
    asShipped: {
      says: 'asks the store for one attachment too many',
      scope: { messages: 1 }, states: 84, breaks: { 'delivered or flagged': 5, 'nothing wedges': 6 },
    },
    stopsAtTheLimit: {
      says: 'has a store that does not return from the last attachment it has room for',
      scope: { messages: 1 }, states: 76, breaks: { 'delivered or flagged': 4, 'nothing wedges': 5 },
    },
    dropsSilently: {
      says: 'drops a message of too many attachments without a word',
      scope: { messages: 1 }, states: 84, breaks: { 'delivered or flagged': 4 },
    },
    stripsEveryoneAfter: {
      says: 'strips every message after one that it had to strip',
      scope: {}, states: 704, breaks: { honest: 7, 'nothing wedges': 8 },
    },
    flagsEverything: {
      says: 'flags whatever it takes',
      scope: { messages: 1 }, states: 88, breaks: { honest: 2, 'nothing wedges': 5 },
    },
    redeliversAfterRestart: {
      says: 'removes a message from the inlet some time after delivering it',
      scope: { messages: 1 }, states: 184, breaks: { 'none twice': 5 },
    },
  }),
  ...of(claimQueue, {
    fixed: {
      says: 'adds a message only if nobody has added it',
      scope: {}, states: 3_636, breaks: {},
    },
    asShipped: {
      says: 'adds a message that it saw open, without looking again',
      scope: { messages: 1 }, states: 1_898, breaks: { 'none twice': 8 },
    },
    claimsBlindly: {
      says: 'takes up messages that are already added',
      scope: { workers: 1, messages: 1 }, states: 4_088, breaks: { 'none twice': 8, 'delivered or flagged': 13 },
    },
    keepsDeadNames: {
      says: 'leaves a message with the dispatcher that died',
      scope: { workers: 1, messages: 1 }, states: 80, breaks: { 'delivered or flagged': 4 },
    },
    leaseTooShort: {
      says: 'opens a message again while the dispatcher is only slow',
      scope: { workers: 1, messages: 1 }, states: 560, breaks: { 'none twice': 9 },
    },
    forgetsWhatItSent: {
      says: 'remembers only the latest few of the messages it added',
      scope: { workers: 1 }, states: 36_706, breaks: { 'none twice': 12, 'delivered or flagged': 25 },
    },
    neverReplaces: {
      says: 'does not replace a worker that died',
      scope: { workers: 1, messages: 1 }, states: 98, breaks: { 'delivered or flagged': 1, 'nothing wedges': 2 },
    },
    flagsTheOvertaken: {
      says: 'flags a message that another worker added first',
      scope: { messages: 1 }, states: 1_148, breaks: { honest: 4 },
    },
  }),
  ...of(transferAgent, {
    fixed: {
      says: 'has a sender for each link',
      scope: {}, states: 7_490, breaks: {},
    },
    asShipped: {
      says: 'has one sender for all links, which waits while a link is down',
      scope: { losses: 0 }, states: 546, breaks: { 'links are independent': 2 },
    },
    sharedSenders: {
      says: 'shares a pool of senders among all links',
      scope: { losses: 0, messages: 3 }, states: 6_070, breaks: { 'links are independent': 3 },
    },
    retriesAtTheHead: {
      says: 'puts a message for a dead link back at the head of the only queue',
      scope: { losses: 0 }, states: 546, breaks: { 'links are independent': 3 },
    },
    dropsOnFailure: {
      says: 'drops a message when it finds its link down',
      scope: { messages: 1 }, states: 870, breaks: { 'delivered or flagged': 3 },
    },
    neverExpires: {
      says: 'lets a message for a dead link wait for ever',
      scope: { messages: 1 }, states: 540, breaks: { 'delivered or flagged': 2 },
    },
    expiresAnew: {
      says: 'starts the time of a message anew with each try',
      scope: { messages: 1 }, states: 838, breaks: { 'delivered or flagged': 4 },
    },
    neverRedials: {
      says: 'never dials a link again that was down once',
      scope: { messages: 1 }, states: 752, breaks: { 'nothing wedges': 5 },
    },
    losesTheSender: {
      says: 'never gets back a sender that had to give up its message',
      scope: { messages: 1 }, states: 806, breaks: { 'nothing wedges': 5, 'delivered or flagged': 5 },
    },
    resendsBlindly: {
      says: 'sends a message again when it heard no answer',
      scope: { messages: 1 }, states: 985, breaks: { 'none twice': 4 },
    },
    leavesTheUnsure: {
      says: 'leaves a message without a word when its time runs out in doubt',
      scope: { messages: 1 }, states: 686, breaks: { 'delivered or flagged': 4 },
    },
    flagsTheDelivered: {
      says: 'flags a message that was delivered, when its time runs out',
      scope: { messages: 1 }, states: 1_086, breaks: { honest: 4 },
    },
    flagsTheNeighbours: {
      says: 'flags every waiting message when one link fails',
      scope: {}, states: 6_428, breaks: { 'links are independent': 1, honest: 1 },
    },
  }),
  ...of(propertyCache, {
    fixed: {
      says: 'makes room in a full cache by reusing an idle entry',
      scope: {}, states: 552, breaks: {},
    },
    asShipped: {
      says: 'never lets go of an entry',
      scope: {}, states: 569, breaks: { 'nothing wedges': 4, honest: 3 },
    },
    evictsWhatIsInUse: {
      says: 'overwrites an entry in use when there is no idle one',
      scope: {}, states: 1_042, breaks: { honest: 3 },
    },
    offByOne: {
      says: 'treats a full cache as one with room, and overwrites an entry',
      scope: { entries: 2, messages: 3 }, states: 5_919, breaks: { honest: 5 },
    },
    sharesAnEntry: {
      says: 'takes the entry of another name that falls on the same place',
      scope: {}, states: 1_054, breaks: { honest: 3 },
    },
    neverEndsASession: {
      says: 'never ends a session, nor lets go of its entry',
      scope: {}, states: 795, breaks: { 'nothing wedges': 4, honest: 3, 'delivered or flagged': 5 },
    },
    leaksASlot: {
      says: 'can reuse an entry once, and then never again',
      scope: {}, states: 617, breaks: { 'nothing wedges': 6, honest: 6 },
    },
    cachesTheFailure: {
      says: 'refuses every new name once one was refused',
      scope: { messages: 3 }, states: 5_988, breaks: { 'nothing wedges': 6, honest: 4 },
    },
    holdsForEver: {
      says: 'never lets go of an entry, nor of a message that needs one',
      scope: {}, states: 467, breaks: { 'delivered or flagged': 2, 'nothing wedges': 3 },
    },
    resendsAfterRestart: {
      says: 'removes a message from the queue some time after delivering it',
      scope: { messages: 1 }, states: 324, breaks: { 'none twice': 5 },
    },
  }),
  ...of(interchange, {
    fixed: {
      says: 'flags a message that is refused for good, and goes on',
      scope: { urgent: 1 }, states: 2_310, breaks: {},
    },
    asShipped: {
      says: 'submits a message again however it was refused',
      scope: { messages: 1 }, states: 86, breaks: { 'delivered or flagged': 4, 'nothing wedges': 5 },
    },
    requeuesAtTheTail: {
      says: 'puts a refused message back at the tail',
      scope: { messages: 1 }, states: 126, breaks: { 'delivered or flagged': 8 },
    },
    givesUpSilently: {
      says: 'drops a refused message without a word',
      scope: { messages: 1 }, states: 108, breaks: { 'delivered or flagged': 4 },
    },
    retriesTransientsForEver: {
      says: 'never stops trying a message that is refused for now',
      scope: { messages: 1 }, states: 96, breaks: { 'delivered or flagged': 7, 'nothing wedges': 8 },
    },
    flagsButKeepsTheThread: {
      says: 'flags a refused message, and loses the thread that had it',
      scope: {}, states: 759, breaks: { 'delivered or flagged': 4, 'nothing wedges': 5 },
    },
    flagsOnRestart: {
      says: 'flags the messages in hand when the service restarts',
      scope: { messages: 1 }, states: 61, breaks: { honest: 2 },
    },
    resubmitsAfterRestart: {
      says: 'removes a message from the inlet some time after delivering it',
      scope: { messages: 1 }, states: 158, breaks: { 'none twice': 7 },
    },
    starvesTheOthers: {
      says: 'fetches what is urgent first, each time',
      scope: { messages: 1, restarts: 0, urgent: 1 }, states: 116, breaks: { 'delivered or flagged': 4 },
    },
    latestFirst: {
      says: 'fetches first what came last',
      scope: { restarts: 0, urgent: 1 }, states: 1_018, breaks: { 'in order': 1, 'delivered or flagged': 4 },
    },
  }),
  ...of(consumer, consumerClaims), ...of(reportRelay, reportRelayClaims), ...of(spool, spoolClaims),
]

export const catalogue: readonly Entry[] = [...single, ...of(relay, relayClaims(single))]
