/** Every variant of the catalogue as a connector: what shows that it is wrong, and where nothing can, why. */
import * as claimQueue from '../connectors/variants/claim-queue.ts'
import * as consumer from '../connectors/variants/consumer.ts'
import * as gateway from '../connectors/variants/gateway.ts'
import * as interchange from '../connectors/variants/interchange.ts'
import * as propertyCache from '../connectors/variants/property-cache.ts'
import * as reportRelay from '../connectors/variants/report-relay.ts'
import * as transferAgent from '../connectors/variants/transfer-agent.ts'
import type { Connector } from '../spec/connector.ts'
import type { LawName } from '../spec/laws.ts'

type ByVariant<T> = Readonly<Record<string, T>>

const { asShippedAtFullSize, ...ofPropertyCache } = propertyCache
export { asShippedAtFullSize }

/** By component, and by variant as the catalogue calls it. */
export const variantConnectors: ByVariant<ByVariant<Connector>> = {
  gateway, 'claim-queue': claimQueue, 'transfer-agent': transferAgent, 'property-cache': ofPropertyCache, interchange,
  consumer, 'report-relay': reportRelay,
}

/**
 * The seed and the scenario, counted from 1, with which a law is broken that the variant’s model breaks, or another, with the
 * reason; or why none is.
 */
type Shown =
  { readonly seed: number; readonly scenario: number; readonly law?: LawName; readonly for?: string } | { readonly because: string }
const by = (seed: number, scenario: number): Shown => ({ seed, scenario })
const inAWorld = 'in a world, a link that refuses for now is healed in the end, and the message is then delivered'

export const shown: ByVariant<ByVariant<Shown>> = {
  gateway: {
    asShipped: by(1, 2), stopsAtTheLimit: by(1, 2), dropsSilently: by(1, 2), stripsEveryoneAfter: by(1, 2),
    flagsEverything: by(1, 1), redeliversAfterRestart: by(3, 2),
  },
  'claim-queue': {
    asShipped: by(2, 1), claimsBlindly: by(1, 1), keepsDeadNames: by(9, 1), leaseTooShort: by(3, 1), forgetsWhatItSent: by(1, 1),
    neverReplaces: by(3, 2), flagsTheOvertaken: by(1, 2),
  },
  'transfer-agent': {
    asShipped: by(19, 2), sharedSenders: by(19, 2), retriesAtTheHead: by(19, 2), dropsOnFailure: by(1, 1), neverExpires: by(1, 1),
    losesTheSender: by(1, 1), resendsBlindly: by(17, 2), leavesTheUnsure: by(5, 3), flagsTheDelivered: by(3, 1),
    flagsTheNeighbours: by(1, 2),
  },
  'property-cache': {
    asShipped: by(11, 2), evictsWhatIsInUse: by(11, 2), offByOne: by(11, 2), leaksASlot: by(11, 2), cachesTheFailure: by(11, 2),
    holdsForEver: by(11, 2), resendsAfterRestart: by(3, 2),
  },
  interchange: {
    asShipped: by(12, 2), requeuesAtTheTail: by(12, 2), givesUpSilently: by(12, 2), flagsButKeepsTheThread: by(10, 2),
    resubmitsAfterRestart: by(3, 2),
    retriesTransientsForEver: { because: inAWorld },
    flagsOnRestart: { because: 'a connector that is stopped may flag what it has in hand' },
  },
  consumer: {
    acknowledgesFirst: { seed: 1, scenario: 1, law: 'honest', for: 'an acknowledgement is the first of its words that is false' },
    remembersBefore: by(45, 2), remembersAfterwards: by(25, 8), looksNothingUp: by(9, 1), retriesForEver: by(12, 2),
    dropsThePoison: by(1, 2), hidesAfterDeath: by(51, 2), neverReplaces: by(3, 2),
    deadLettersAtOnce: { because: 'whatever was refused may be flagged' },
  },
  'report-relay': {
    dropsReports: by(47, 2), reportsEachTry: by(1, 2), dropsTheRefused: by(12, 2), repeatsAfterDeath: by(3, 2),
    reportsOnReports: { because: 'a world takes the report that is made next' },
    holdsOnToReports: { because: 'a world takes a report that is offered again' },
    countsNoHops: { because: 'no message of a world goes in a loop' },
    triesForEver: { because: inAWorld },
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
const ofReports = 'a probe has no report that is refused'

export const diagnosedAs: ByVariant<ByVariant<Diagnosed>> = {
  gateway: alike('no kind of message has just as many attachments as the limit', 'asShipped', 'stopsAtTheLimit'),
  'transfer-agent': alike('a link that is down holds up the others either way', 'asShipped', 'retriesAtTheHead'),
  'property-cache': alike('in a cache of one entry, which is what a probe can fill, it is the same', 'evictsWhatIsInUse', 'offByOne'),
  consumer: {
    ...alike('what a consumer had is lost with it either way', 'acknowledgesFirst', 'hidesAfterDeath'),
    remembersBefore: {
      as: ['acknowledgesFirst', 'hidesAfterDeath'],
      because: 'its model does not remember what it cannot deliver, and a connector only knows that when it has tried',
    },
  },
  'report-relay': {
    reportsOnReports: unseen(ofReports), holdsOnToReports: unseen(ofReports), dropsReports: unseen(ofReports),
    countsNoHops: unseen('a probe has no message that goes in a loop'),
  },
}
