/** Every variant of the catalogue as a connector: what shows that it is wrong, and where nothing can, why. */
import * as claimQueue from '../../connectors/variants/claim-queue.ts'
import * as consumer from '../../connectors/variants/consumer.ts'
import * as gateway from '../../connectors/variants/gateway.ts'
import * as interchange from '../../connectors/variants/interchange.ts'
import * as propertyCache from '../../connectors/variants/property-cache.ts'
import * as reportRelay from '../../connectors/variants/report-relay.ts'
import * as spool from '../../connectors/variants/spool.ts'
import * as transferAgent from '../../connectors/variants/transfer-agent.ts'
import type { Connector } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'

type ByVariant<T> = Readonly<Record<string, T>>

const { asShippedAtFullSize, ...ofPropertyCache } = propertyCache
const { takesTurns, keepsTheOrder, ...ofInterchange } = interchange
/** Right ones of the same kind as a wrong one. */
export const rightAlike: readonly Connector[] = [takesTurns, keepsTheOrder]
export { asShippedAtFullSize }

/** By component, and by variant as the catalogue calls it. */
export const variantConnectors: ByVariant<ByVariant<Connector>> = {
  gateway, 'claim-queue': claimQueue, 'transfer-agent': transferAgent, 'property-cache': ofPropertyCache, interchange: ofInterchange,
  consumer, 'report-relay': reportRelay, spool,
}

/**
 * The seed and the scenario, counted from 1, with which a law is broken that the variant’s model breaks, or another, with the
 * reason; or why none is.
 */
type Shown =
  { readonly seed: number; readonly scenario: number; readonly law?: LawName; readonly for?: string } | { readonly because: string }
const by = (seed: number, scenario: number): Shown => ({ seed, scenario })
const inAWorld = 'in a world, a link that refuses for now is healed in the end, and the message is then delivered'

const ofNextReports = 'a world takes the report that is made next'
const ofReportsAgain = 'a world takes a report that is offered again'
const ofAcknowledgements = 'an acknowledgement is the first of its words that is false'

export const shown: ByVariant<ByVariant<Shown>> = {
  gateway: {
    asShipped: by(12, 1), stopsAtTheLimit: by(12, 1), dropsSilently: by(12, 1), stripsEveryoneAfter: by(12, 1),
    flagsEverything: by(1, 1), redeliversAfterRestart: by(17, 1),
  },
  'claim-queue': {
    asShipped: by(2, 1), claimsBlindly: by(2, 1), keepsDeadNames: by(60, 1), leaseTooShort: by(6, 1), forgetsWhatItSent: by(2, 1),
    neverReplaces: by(3, 2), flagsTheOvertaken: by(2, 1),
  },
  'transfer-agent': {
    asShipped: by(8, 3), sharedSenders: by(10, 1), retriesAtTheHead: by(8, 3), dropsOnFailure: by(2, 1), neverExpires: by(10, 1),
    expiresAnew: by(10, 1), neverRedials: by(2, 1),
    losesTheSender: by(2, 1), resendsBlindly: by(60, 1), leavesTheUnsure: by(12, 3), flagsTheDelivered: by(10, 2),
    flagsTheNeighbours: by(1, 2),
  },
  'property-cache': {
    asShipped: by(18, 3), evictsWhatIsInUse: by(3, 9), offByOne: by(3, 9), leaksASlot: by(18, 3), cachesTheFailure: by(18, 3),
    holdsForEver: by(18, 3), resendsAfterRestart: by(5, 1), sharesAnEntry: by(18, 3), neverEndsASession: by(1, 1),
  },
  interchange: {
    asShipped: by(11, 1), requeuesAtTheTail: by(21, 1), givesUpSilently: by(21, 1), flagsButKeepsTheThread: by(1, 2),
    resubmitsAfterRestart: by(5, 1), starvesTheOthers: by(1, 1), latestFirst: by(1, 1),
    retriesTransientsForEver: { because: inAWorld },
    flagsOnRestart: { because: 'a connector that is stopped may flag what it has in hand' },
  },
  consumer: {
    acknowledgesFirst: { seed: 1, scenario: 1, law: 'honest', for: ofAcknowledgements },
    remembersBefore: by(22, 1), remembersAfterwards: by(11, 4), looksNothingUp: by(24, 1), looksUpTooSoon: by(40, 14),
    retriesForEver: by(11, 1),
    dropsThePoison: by(3, 1), hidesAfterDeath: by(51, 2), neverReplaces: by(3, 2),
    deadLettersAtOnce: { because: 'whatever was refused may be flagged' },
  },
  'report-relay': {
    dropsReports: by(25, 3), reportsEachTry: by(3, 1), dropsTheRefused: by(3, 1), repeatsAfterDeath: by(17, 1),
    reportsOnReports: { because: ofNextReports },
    holdsOnToReports: { because: ofReportsAgain },
    countsNoHops: { because: 'no message of a world goes in a loop, and a connector is not told over how many relays it came' },
    triesForEver: { because: inAWorld },
  },
  spool: {
    triesAllAgain: by(52, 1), forgetsTheBusy: by(2, 1), flagsAllOfThem: by(33, 5), forgetsTheRefused: by(9, 1),
    givesUpAtOnce: { because: 'whatever was refused may be flagged' }, givesUpForAll: by(6, 3), givesUpSilently: by(3, 1),
    triesForEver: { because: inAWorld },
    keepsItOnceMore: by(13, 2), readsTheTorn: by(6, 1), stopsAtTheTorn: by(6, 1),
    acknowledgesFirst: { seed: 1, scenario: 1, law: 'honest', for: ofAcknowledgements },
  },
}

/** What `diagnose` says of those that its probes do not tell from others, whichever it names, and why; of some it names none. */
interface Diagnosed {
  readonly as: readonly string[]
  readonly because: string
}
const alike = (because: string, ...variants: readonly string[]): ByVariant<Diagnosed> =>
  Object.fromEntries(variants.map((variant) => [variant, { as: variants, because }]))
const unseen = (because: string): Diagnosed => ({ as: [], because })

export const diagnosedAs: ByVariant<ByVariant<Diagnosed>> = {
  gateway: alike('no kind of message has just as many attachments as the limit', 'asShipped', 'stopsAtTheLimit'),
  'transfer-agent': alike('a link that is down holds up the others either way', 'asShipped', 'retriesAtTheHead'),
  'property-cache': alike('in a cache of one entry, which is what a probe can fill, it is the same', 'evictsWhatIsInUse', 'offByOne'),
  interchange: {
    starvesTheOthers: unseen('no probe has anything urgent, of which there is no end'),
  },
  consumer: {
    ...alike('what a consumer had is lost with it either way', 'acknowledgesFirst', 'hidesAfterDeath'),
    remembersBefore: {
      as: ['acknowledgesFirst', 'hidesAfterDeath'],
      because: 'its model does not remember what it cannot deliver, and a connector only knows that when it has tried',
    },
  },
  spool: alike('of what is refused each time nothing is heard either way', 'givesUpSilently', 'triesForEver'),
  'report-relay': {
    countsNoHops: unseen('a connector is not told over how many relays a message came, and one that counts them does the same then'),
  },
}
