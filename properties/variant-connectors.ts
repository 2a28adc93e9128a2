/** Every variant of the catalogue as a connector: what shows that it is wrong, and where nothing can, why. */
import * as claimQueue from '../connectors/variants/claim-queue.ts'
import * as gateway from '../connectors/variants/gateway.ts'
import * as interchange from '../connectors/variants/interchange.ts'
import * as propertyCache from '../connectors/variants/property-cache.ts'
import * as transferAgent from '../connectors/variants/transfer-agent.ts'
import type { Connector } from '../spec/connector.ts'

type ByVariant<T> = Readonly<Record<string, T>>

const { asShippedAtFullSize, ...ofPropertyCache } = propertyCache
export { asShippedAtFullSize }

/** By component, and by variant as the catalogue calls it. */
export const variantConnectors: ByVariant<ByVariant<Connector>> = {
  gateway, 'claim-queue': claimQueue, 'transfer-agent': transferAgent, 'property-cache': ofPropertyCache, interchange,
}

/** The seed and the scenario, counted from 1, with which a law is broken that the variant’s model breaks; or why none is. */
type Shown = { readonly seed: number; readonly scenario: number } | { readonly because: string }
const by = (seed: number, scenario: number): Shown => ({ seed, scenario })

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
    retriesTransientsForEver: { because: 'in a world, a link that refuses for now is healed in the end, and the message is then delivered' },
    flagsOnRestart: { because: 'a connector that is stopped may flag what it has in hand' },
  },
}

/** Other variants of which the probes of `diagnose` say the same, whichever it names; and why. */
interface Alike {
  readonly with: readonly string[]
  readonly because: string
}
const alike = (because: string, ...variants: readonly string[]): ByVariant<Alike> =>
  Object.fromEntries(variants.map((variant) => [variant, { with: variants.filter((other) => other !== variant), because }]))

export const alikeInProbes: ByVariant<ByVariant<Alike>> = {
  gateway: alike('no kind of message has just as many attachments as the limit', 'asShipped', 'stopsAtTheLimit'),
  'transfer-agent': alike('a link that is down holds up the others either way', 'asShipped', 'retriesAtTheHead'),
  'property-cache': alike('in a cache of one entry, which is what a probe can fill, it is the same', 'evictsWhatIsInUse', 'offByOne'),
}
