/**
 * What the catalogue says of a variant, each number of which is checked against what is found; and of all those of the components
 * that are of what connectors meet most.
 */
import type { Component, Scope } from '../spec/component.ts'
import type { LawName } from '../spec/laws.ts'

export interface Claims {
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The sizes that are not the usual small ones. */
  readonly scope: Scope
  /** Reachable states at that scope, over every stream that fits it. */
  readonly states: number
  /** Each law it breaks, with the steps of its shortest counterexample; none for a fixed one. */
  readonly breaks: Readonly<Partial<Record<LawName, number>>>
}

export interface Entry extends Claims {
  readonly component: Component
  readonly variant: string
}

export const consumerClaims: Readonly<Record<string, Claims>> = {
  fixed: {
    says: 'remembers a delivery as it makes it',
    scope: {}, states: 4_677, breaks: {},
  },
  acknowledgesFirst: {
    says: 'acknowledges a message as it fetches it',
    scope: {}, states: 418, breaks: { 'delivered or flagged': 2 },
  },
  remembersBefore: {
    says: 'writes down that it delivered a message before it does',
    scope: { expiries: 0, refusals: 0 }, states: 536, breaks: { 'delivered or flagged': 6 },
  },
  remembersAfterwards: {
    says: 'writes down that it delivered a message some time after it did',
    scope: { expiries: 0, refusals: 0 }, states: 572, breaks: { 'none twice': 5 },
  },
  looksNothingUp: {
    says: 'delivers whatever it is given, though it was delivered before',
    scope: { deaths: 0, refusals: 0 }, states: 524, breaks: { 'none twice': 5 },
  },
  looksUpTooSoon: {
    says: 'looks whether a message was delivered as it fetches it, and not again before it delivers it',
    scope: { deaths: 0, refusals: 0 }, states: 628, breaks: { 'none twice': 5 },
  },
  retriesForEver: {
    says: 'gives back what cannot be delivered as often as it is given it',
    scope: { deaths: 0, expiries: 0 }, states: 239, breaks: { 'delivered or flagged': 7 },
  },
  deadLettersAtOnce: {
    says: 'puts a message with the dead letters whatever went wrong',
    scope: { deaths: 0, expiries: 0 }, states: 113, breaks: { honest: 3 },
  },
  dropsThePoison: {
    says: 'drops a message without a word when it was given out too often',
    scope: { deaths: 0, expiries: 0, refusals: 0 }, states: 95, breaks: { 'delivered or flagged': 6 },
  },
  hidesAfterDeath: {
    says: 'has a queue that never gives out again what a dead consumer had',
    scope: { expiries: 0, refusals: 0 }, states: 157, breaks: { 'delivered or flagged': 2 },
  },
  neverReplaces: {
    says: 'does not replace a consumer that died',
    scope: { consumers: 1, expiries: 0, refusals: 0 }, states: 65, breaks: { 'delivered or flagged': 2, 'nothing wedges': 3 },
  },
}

export const reportRelayClaims: Readonly<Record<string, Claims>> = {
  fixed: {
    says: 'keeps as dead mail a report that nobody takes',
    scope: {}, states: 8_856, breaks: {},
  },
  reportsOnReports: {
    says: 'reports what becomes of a report',
    scope: { messages: 1 }, states: 280, breaks: { 'delivered or flagged': 6 },
  },
  dropsReports: {
    says: 'drops a report that nobody takes',
    scope: { messages: 1 }, states: 288, breaks: { 'delivered or flagged': 6 },
  },
  reportsEachTry: {
    says: 'reports a message each time that it is refused for now',
    scope: { messages: 1 }, states: 305, breaks: { honest: 5 },
  },
  countsNoHops: {
    says: 'hands on a message however many relays it went through',
    scope: { messages: 1 }, states: 266, breaks: { 'delivered or flagged': 6 },
  },
  triesForEver: {
    says: 'never stops trying a message that is refused for now',
    scope: { messages: 1 }, states: 266, breaks: { 'delivered or flagged': 6 },
  },
  dropsTheRefused: {
    says: 'drops a refused message without a word',
    scope: { messages: 1 }, states: 240, breaks: { 'delivered or flagged': 3 },
  },
  holdsOnToReports: {
    says: 'does nothing else while a report is refused',
    scope: { messages: 1 }, states: 280, breaks: { 'delivered or flagged': 6, 'nothing wedges': 7 },
  },
  repeatsAfterDeath: {
    says: 'removes a message some time after it was delivered or reported',
    scope: { messages: 1 }, states: 601, breaks: { 'none twice': 5, honest: 8 },
  },
}

export const spoolClaims: Readonly<Record<string, Claims>> = {
  fixed: {
    says: 'acknowledges what it has written, and tries again for whom it could not deliver to',
    scope: {}, states: 29_393, breaks: {},
  },
  triesAllAgain: {
    says: 'delivers to every recipient again when one of them refused for now',
    scope: { deaths: 0 }, states: 6_688, breaks: { 'none twice': 14 },
  },
  forgetsTheBusy: {
    says: 'forgets a recipient that refused for now',
    scope: { messages: 1, deaths: 0, refusals: 0 }, states: 160, breaks: { 'delivered or flagged': 6 },
  },
  givesUpAtOnce: {
    says: 'gives up a message when a recipient refuses it for now, and does not try again',
    scope: { messages: 1, deaths: 0 }, states: 204, breaks: { honest: 6 },
  },
  givesUpForAll: {
    says: 'flags a message for every recipient when it gives it up for one of them',
    scope: { deaths: 0, refusals: 0 }, states: 3_312, breaks: { honest: 12 },
  },
  givesUpSilently: {
    says: 'gives up a message that was refused for now too often without a word',
    scope: { messages: 1, deaths: 0, refusals: 0 }, states: 172, breaks: { 'delivered or flagged': 8 },
  },
  triesForEver: {
    says: 'never stops trying a message that is refused for now',
    scope: { messages: 1, deaths: 0, refusals: 0 }, states: 176, breaks: { 'delivered or flagged': 10 },
  },
  flagsAllOfThem: {
    says: 'flags a message for every recipient when one of them refused it',
    scope: { deaths: 0, refusals: 0 }, states: 3_312, breaks: { honest: 10 },
  },
  forgetsTheRefused: {
    says: 'forgets a recipient that refused for good',
    scope: { messages: 1, deaths: 0, refusals: 0 }, states: 172, breaks: { 'delivered or flagged': 6 },
  },
  acknowledgesFirst: {
    says: 'acknowledges a message before it is written',
    scope: { messages: 1, refusals: 0 }, states: 406, breaks: { 'delivered or flagged': 3 },
  },
  keepsItOnceMore: {
    says: 'takes a message that it has for another when its sender gives it again',
    scope: { messages: 1, refusals: 0 }, states: 790, breaks: { 'none twice': 12, honest: 12 },
  },
  readsTheTorn: {
    says: 'sends what it finds on the disk, also what was written in part',
    scope: { messages: 1, refusals: 0 }, states: 878, breaks: { honest: 5 },
  },
  stopsAtTheTorn: {
    says: 'does not go on from what was written in part',
    scope: { messages: 1, refusals: 0 }, states: 633, breaks: { 'delivered or flagged': 3, 'nothing wedges': 4 },
  },
}
