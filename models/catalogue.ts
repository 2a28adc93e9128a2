/**
 * Every variant: what it does in a sentence, the scope it is shown at, how many states it has there, and which laws it
 * breaks in how many steps, the best-known one first. A test checks each number against what `explore` finds.
 */
import type { Component, Scope } from '../spec/component.ts'
import type { LawName } from '../spec/laws.ts'
import { claimQueue } from './claim-queue.ts'
import { gateway } from './gateway.ts'
import { interchange } from './interchange.ts'
import { propertyCache } from './property-cache.ts'
import { relay } from './relay.ts'
import { transferAgent } from './transfer-agent.ts'

export interface Entry {
  readonly component: Component
  readonly variant: string
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The sizes that are not the usual small ones. */
  readonly scope: Scope
  /** Reachable states at that scope, over every stream that fits it. */
  readonly states: number
  /** Each law it breaks, with the steps of its shortest counterexample; none for a fixed one. */
  readonly breaks: Readonly<Partial<Record<LawName, number>>>
}

export const components: readonly Component[] = [gateway, claimQueue, transferAgent, propertyCache, interchange, relay]

type Claims = Omit<Entry, 'component' | 'variant'>
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
    losesTheSender: {
      says: 'never gets back a sender that had to give up its message',
      scope: { messages: 1 }, states: 806, breaks: { 'nothing wedges': 5, 'delivered or flagged': 5 },
    },
    resendsBlindly: {
      says: 'sends a message again when it heard no answer',
      scope: { messages: 1 }, states: 1_121, breaks: { 'none twice': 4 },
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
      scope: {}, states: 923, breaks: {},
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
  }),
]

/** A relay with one stage wrong says of itself what that stage’s variant says. */
const inRelay: Readonly<Record<string, Claims | Omit<Claims, 'says'>>> = {
  fixed: { says: 'has all five right', scope: { messages: 2 }, states: 215_060, breaks: {} },
  'interchange.asShipped': at({ failures: 0 }, 778, { 'delivered or flagged': 4, 'nothing wedges': 5 }),
  'interchange.requeuesAtTheTail': at({ failures: 0 }, 847, { 'delivered or flagged': 8 }),
  'interchange.givesUpSilently': at({ failures: 0 }, 808, { 'delivered or flagged': 4 }),
  'interchange.retriesTransientsForEver': at({ failures: 0 }, 793, { 'delivered or flagged': 7, 'nothing wedges': 8 }),
  'interchange.flagsButKeepsTheThread': at({ failures: 0 }, 782, { 'delivered or flagged': 5, 'nothing wedges': 5 }),
  'interchange.flagsOnRestart': at({ failures: 0, restarts: 1 }, 4_266, { honest: 2 }),
  'interchange.resubmitsAfterRestart': at({ failures: 0, restarts: 1 }, 125_353, { 'none twice': 27 }),
  'gateway.asShipped': at({ failures: 0 }, 681, { 'delivered or flagged': 7, 'nothing wedges': 11 }),
  'gateway.stopsAtTheLimit': at({ failures: 0 }, 549, { 'delivered or flagged': 6, 'nothing wedges': 10 }),
  'gateway.dropsSilently': at({ failures: 0 }, 686, { 'delivered or flagged': 6 }),
  'gateway.stripsEveryoneAfter': at({ failures: 0 }, 808, { honest: 21, 'nothing wedges': 29 }),
  'gateway.flagsEverything': at({ failures: 0 }, 166, { honest: 5, 'nothing wedges': 10 }),
  'gateway.redeliversAfterRestart': at({ failures: 0, restarts: 1 }, 99_243, { 'none twice': 24 }),
  'property-cache.asShipped': at({ failures: 0 }, 761, { 'nothing wedges': 20, honest: 14 }),
  'property-cache.evictsWhatIsInUse': at({ failures: 0, sessions: 2 }, 1_082, { honest: 20 }),
  'property-cache.offByOne': at({ failures: 0, sessions: 2 }, 1_082, { honest: 20 }),
  'property-cache.leaksASlot': at({ failures: 0, messages: 2 }, 38_539, { 'nothing wedges': 33, honest: 21 }),
  'property-cache.cachesTheFailure': at({ failures: 0, sessions: 2 }, 960, { honest: 15 }),
  'property-cache.holdsForEver': at({ failures: 0 }, 747, { 'delivered or flagged': 19, 'nothing wedges': 19 }),
  'property-cache.resendsAfterRestart': at({ failures: 0, restarts: 1 }, 66_933, { 'none twice': 22 }),
  'claim-queue.asShipped': at({ failures: 0, workers: 2 }, 5_165, { 'none twice': 19 }),
  'claim-queue.claimsBlindly': at({ failures: 0 }, 29_071, { 'none twice': 19, 'delivered or flagged': 31 }),
  'claim-queue.keepsDeadNames': at({ failures: 0, deaths: 1 }, 1_652, { 'delivered or flagged': 11 }),
  'claim-queue.leaseTooShort': at({ failures: 0, delays: 1 }, 3_140, { 'none twice': 20 }),
  'claim-queue.forgetsWhatItSent': at({ failures: 0 }, 7_741, { 'none twice': 31 }),
  'claim-queue.neverReplaces': at({ failures: 0, deaths: 1 }, 2_592, { 'delivered or flagged': 8, 'nothing wedges': 13 }),
  'claim-queue.flagsTheOvertaken': at({ failures: 0, workers: 2 }, 3_393, { honest: 11 }),
  'transfer-agent.asShipped': at({}, 4_287, { 'links are independent': 25 }),
  'transfer-agent.sharedSenders': at({}, 4_287, { 'links are independent': 25 }),
  'transfer-agent.retriesAtTheHead': at({}, 4_287, { 'links are independent': 26 }),
  'transfer-agent.dropsOnFailure': at({}, 4_560, { 'delivered or flagged': 14 }),
  'transfer-agent.neverExpires': at({}, 4_040, { 'delivered or flagged': 13 }),
  'transfer-agent.losesTheSender': at({}, 4_528, { 'nothing wedges': 27, 'delivered or flagged': 27 }),
  'transfer-agent.resendsBlindly': at({ failures: 0, losses: 1 }, 2_109, { 'none twice': 15 }),
  'transfer-agent.leavesTheUnsure': at({ losses: 1 }, 8_976, { 'delivered or flagged': 15 }),
  'transfer-agent.flagsTheDelivered': at({}, 4_560, { honest: 15 }),
  'transfer-agent.flagsTheNeighbours': at({}, 4_548, { 'links are independent': 12, honest: 12 }),
}

function at(scope: Scope, states: number, breaks: Entry['breaks']): Omit<Claims, 'says'> {
  return { scope, states, breaks }
}

const saying = (name: string): string => {
  const [stage, variant] = name.split('.')
  const { says } = single.find((entry) => entry.component.name === stage && entry.variant === variant)!
  return `has ${stage === 'interchange' ? 'an' : 'a'} ${stage!.replace('-', ' ')} that ${says}`
}

export const catalogue: readonly Entry[] = [
  ...single,
  ...of(relay, Object.fromEntries(Object.entries(inRelay).map(([name, shown]) =>
    [name, { ...shown, says: 'says' in shown ? shown.says : saying(name) }]))),
]
