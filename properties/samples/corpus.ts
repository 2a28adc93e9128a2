/** The corpus of sample connectors, by name: what each wrong one breaks, and which are missed today. */
import type { Connector } from '../../spec/connector.ts'
import * as rightBreakers from '../../connectors/corpus/right/breakers.ts'
import * as rightContent from '../../connectors/corpus/right/content.ts'
import * as rightLimits from '../../connectors/corpus/right/limits.ts'
import * as rightQueues from '../../connectors/corpus/right/queues.ts'
import * as rightRecoveries from '../../connectors/corpus/right/recoveries.ts'
import * as rightRetries from '../../connectors/corpus/right/retries.ts'
import * as rightStorage from '../../connectors/corpus/right/storage.ts'
import * as rightWorkers from '../../connectors/corpus/right/workers.ts'
import * as abortsAndExpiry from '../../connectors/corpus/wrong/aborts-and-expiry.ts'
import * as answers from '../../connectors/corpus/wrong/answers.ts'
import * as batches from '../../connectors/corpus/wrong/batches.ts'
import * as breakers from '../../connectors/corpus/wrong/breakers.ts'
import * as clocks from '../../connectors/corpus/wrong/clocks.ts'
import * as consumers from '../../connectors/corpus/wrong/consumers.ts'
import * as content from '../../connectors/corpus/wrong/content.ts'
import * as limits from '../../connectors/corpus/wrong/limits.ts'
import * as pools from '../../connectors/corpus/wrong/pools.ts'
import * as queues from '../../connectors/corpus/wrong/queues.ts'
import * as recoveries from '../../connectors/corpus/wrong/recoveries.ts'
import * as routes from '../../connectors/corpus/wrong/routes.ts'
import * as shutdowns from '../../connectors/corpus/wrong/shutdowns.ts'
import * as storage from '../../connectors/corpus/wrong/storage.ts'

export const rightOnes: Readonly<Record<string, Connector>> = {
  ...rightBreakers, ...rightContent, ...rightLimits, ...rightQueues, ...rightRecoveries, ...rightRetries, ...rightStorage, ...rightWorkers,
}
export const wrongOnes: Readonly<Record<string, Connector>> = {
  ...abortsAndExpiry, ...answers, ...batches, ...breakers, ...clocks, ...consumers, ...content, ...limits, ...pools, ...queues,
  ...recoveries, ...routes, ...shutdowns, ...storage,
}

/** The clauses by which a wrong one is caught, whichever a scenario shows first. */
type Caught = Readonly<Record<string, readonly string[]>>

/** Caught within some forty scenarios, each of which takes milliseconds. */
export const caughtEarly: Caught = {
  abortStaleIndex: ['a verdict in the end', 'not delivered after it was flagged'],
  allAgain: ['no second copy'],
  attachments: ['not altered'],
  attachmentsReadOnce: ['not altered'],
  batchFlagsAll: ['flagged only with a reason', 'not flagged when it is known to be delivered'],
  batchTimerStale: ['a verdict in the end', 'fresh messages are delivered'],
  breakerDoublesPerFailure: ['flagged only with a reason', 'fresh messages are delivered'],
  cachedRejection: ['flagged only with a reason'],
  capacityLeak: ['flagged only with a reason', 'fresh messages are delivered'],
  changesInPlace: ['not altered'],
  chunkUtf8: ['not altered'],
  creditLeak: ['a verdict in the end'],
  crlf: ['not altered'],
  cumulativeAckAhead: ['acknowledged only when it is settled'],
  currentLinkRace: ['not misrouted'],
  dedupByContent: ['claimed only when it is recorded'],
  drainsTheFirst: ['a verdict in the end'],
  emptySwallowed: ['claimed only when it is recorded'],
  envelopeLostOnRetry: ['not altered'],
  expiryNotCleared: ['flagged only with a reason', 'one verdict'],
  flagsAndDelivers: ['not delivered after it was flagged'],
  flagsNonAscii: ['flagged only with a reason'],
  halfOpen: ['flagged only with a reason', 'fresh messages are delivered'],
  idleConnection: ['flagged only with a reason'],
  latin1: ['not altered'],
  listensForEver: ['one verdict'],
  lockOrderDeadlock: ['a verdict in the end'],
  misroute: ['not misrouted'],
  nackDiscards: ['a verdict in the end'],
  neverExpires: ['a verdict before it is too old'],
  overdue: ['a verdict as soon as it is too old'],
  orderInversion: ['in the order in which they were taken'],
  pipelineFifo: ['claimed only when it is recorded'],
  poisonRequeued: ['a verdict in the end'],
  pollGuardStuck: ['a verdict in the end'],
  raceLeavesLoser: ['not delivered after it was flagged'],
  recipientsAllAgain: ['no second copy'],
  refusalForAllAgain: ['no second copy'],
  refusedForEver: ['a verdict in the end'],
  retryAtTail: ['in the order in which they were taken'],
  sharedPool: ['a verdict while another link is down', 'nothing lost to the trouble of another link'],
  slotKeptOnTimeout: ['a verdict in the end'],
  stopMissesBackoff: ['a verdict in the end'],
  stoppedStillQueues: ['a verdict in the end'],
  strandsTheLast: ['a verdict in the end'],
  swallowedLast: ['claimed only when it is recorded'],
  swappedAnswers: ['an answer in the end'],
  tenFlags: ['one verdict'],
  verdictAtStop: ['an answer in the end'],
  wakesOne: ['a verdict in the end'],
  byTimeOfDay: ['a verdict in the end'],
  cursorByTime: ['a verdict in the end', 'fresh messages are delivered'],
  dueAsText: ['a verdict in the end'],
  expiresAnew: ['a verdict as soon as it is too old', 'a verdict before it is too old'],
  slotFreedTwice: [
    'nothing lost to the trouble of another link', 'a verdict in the end', 'a verdict while another link is down', 'an answer in the end',
    'claimed only when it is recorded', 'not delivered after it was flagged',
  ],
}

/** Caught within a thousand, for its window is narrow or its scenarios are long. */
export const caughtLate: Caught = {
  compactsTheWrong: ['no second copy'],
  reportKillsLoop: ['a verdict in the end', 'an answer in the end'],
  clock: ['a verdict in the end'],
  ageForgotten: ['a verdict as soon as it is too old'],
  backoffNeverResets: ['fresh messages are delivered promptly'],
  strikesOffLater: ['no second copy', 'one verdict'],
  secondTryUntimed: ['a verdict in the end', 'an answer in the end'],
  scaleDownLoses: ['a verdict in the end'],
  sendsInDoubt: ['no second copy'],
  breakerProlonged: ['flagged only with a reason'],
  creditLostWithAck: ['a verdict in the end', 'an answer in the end'],
  headerRegistryFull: ['flagged only with a reason'],
  leaksOnCut: ['a verdict in the end'],
  leavesForGood: ['a verdict in the end', 'a verdict while another link is down'],
  loopGuard: ['claimed only when it is recorded'],
  pauseRestarts: ['flagged only with a reason'],
  probeAborted: ['a verdict in the end', 'fresh messages are delivered'],
  probeOversized: ['a verdict in the end', 'fresh messages are delivered'],
  probePoisoned: ['a verdict in the end', 'fresh messages are delivered'],
  recursiveDrain: ['it does not crash'],
  remembersTheLast: ['no second copy'],
  sharedRetries: ['a verdict while another link is down', 'nothing lost to the trouble of another link'],
  skipsTheAborted: ['a verdict when its sender gives up', 'a verdict in the end'],
  abortOnlyAtDoor: ['a verdict when its sender gives up'],
  breakerCountsRefusals: ['flagged only with a reason'],
  bulkheadForOne: ['a verdict while another link is down'],
  bucketTruncates: ['a verdict in the end', 'fresh messages are delivered promptly'],
  clearsMeanwhile: ['a verdict in the end'],
  correlation16: ['a verdict in the end'],
  dedupWindowOfAHundred: ['no second copy'],
  dedupWindowTooShort: ['no second copy'],
  dropOldest: ['a verdict in the end', 'a verdict while another link is down'],
  exactlyOnceResends: ['no second copy'],
  headOfLine: ['nothing lost to the trouble of another link'],
  headerTableFull: ['flagged only with a reason'],
  inboxTorn: ['a verdict in the end'],
  killLeavesIdle: ['a verdict in the end', 'fresh messages are delivered'],
  lowWaterEquality: ['a verdict in the end'],
  oneRetryTimer: ['nothing lost to the trouble of another link'],
  outboxByDate: ['in the order in which they were taken'],
  pausesForMinutes: ['messages after a recovery are delivered promptly'],
  permitLeak: ['a verdict in the end', 'fresh messages are delivered', 'a verdict when its sender gives up'],
  probeNeverReturns: ['a verdict in the end'],
  removeFailsSendsAgain: ['a verdict in the end', 'no second copy', 'not flagged when it is known to be delivered'],
  retryOutlivesItsWorker: ['no second copy', 'not delivered after it was flagged'],
  ringFull: ['a verdict in the end'],
  refusalForAll: ['flagged only with a reason', 'not delivered after it was flagged'],
  refusalOfTheNext: ['flagged only with a reason', 'not delivered after it was flagged'],
  scaleReorders: ['in the order in which they were taken'],
  skipsEmptyRows: ['a verdict in the end'],
  snowflakeRefuses: ['flagged only with a reason'],
  thirdRedelivery: ['a verdict in the end'],
  windowLostWithAck: ['a verdict in the end', 'an answer in the end', 'fresh messages are delivered'],
  wedge30000: ['a verdict in the end'],
  listensOnly: ['a verdict when its sender gives up'],
  restoresInTurn: ['a verdict while another link is down'],
  breakerOutlivesTimer: ['flagged only with a reason', 'fresh messages are delivered'],
  bulkheadOfTwo: ['a verdict in the end', 'fresh messages are delivered'],
}

/** Wrong ones that a thousand scenarios do not catch, and why. */
export const missed: Readonly<Record<string, string>> = {
  hotRetry: 'no law says how often it may try, and where it tries without a pause the world answers once a second',
  pauseNeverShrinks: 'no law says how long a message that has failed may wait for its next try: one that comes fresh is sent at once',
  outboxLexical: 'a crash has to find ten messages or more that wait for one link, and the order to show after it',
}
