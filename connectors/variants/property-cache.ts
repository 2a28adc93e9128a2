/** §4: every property cache of the catalogue as a connector, which asks its policy where the model does. */
import { propertyCache } from '../../models/property-cache.ts'
import { cacheLimit } from '../../spec/components/property-cache.ts'
import type { Connector, Message } from '../../spec/connector.ts'
import { Inlet, patiently } from './inlet.ts'

type Policy = typeof propertyCache.variants.fixed
type How = ReturnType<Policy['needsEntry']>

/** Milliseconds after which a message that finds no entry is reported as not delivered, if all is quiet. */
const expiry = 1_800_000

interface Entry {
  name: string
  /** The message that it is in use for. */
  user: Message | null
  isLost: boolean
}

/** Entries for header names, of which there are only so many. */
class Cache {
  readonly #policy: Policy
  readonly #room: number
  readonly #entries: Entry[] = []
  #refuses = false

  constructor(policy: Policy, room: number) {
    this.#policy = policy
    this.#room = room
  }

  /** How a message comes by an entry. */
  howFor(message: Message): How | 'needs none' {
    if (message.header === 'Subject') return 'needs none'
    const how = this.#refuses ? 'leaves it in the queue' : this.#policy.needsEntry(this.#is())
    if (how === 'leaves it in the queue' && this.#policy.afterRefusal === 'refused unseen') this.#refuses = true
    return how
  }

  /** Where every name falls on one place, what is there already. */
  sharedBy({ header }: Message): Entry | undefined {
    return this.#policy.names === 'that of the other' && header !== 'Subject' ? this.#entries[0] : undefined
  }

  #is() {
    if (this.#entries.length < this.#room) return 'not full'
    return this.#entries.some(isIdle) ? 'full, some entry idle' : 'full, every entry in use'
  }

  /** An entry with the name of a message, and in use until it is let go of. */
  take(message: Message, how: Exclude<How, 'leaves it in the queue'>): Entry {
    const entry = how === 'adds an entry' ? this.#added()
      : (how === 'overwrites one in use' && this.#entries.find(({ user }) => user !== null)) || this.#entries.find(isIdle)!
    entry.name = message.header
    entry.user = message
    entry.isLost = how === 'reuses an idle one' && this.#policy.afterReuse === 'never'
    return entry
  }

  #added(): Entry {
    const entry: Entry = { name: '', user: null, isLost: false }
    this.#entries.push(entry)
    return entry
  }
}

const isIdle = ({ user, isLost }: Entry) => user === null && !isLost

/** A cache with room for so many names, in front of a queue that several sessions send from. */
function propertyCacheWith(variant: string, room = 1): Connector {
  const policy = propertyCache.variants[variant]!
  return {
    name: `property-cache/${variant}`,
    guarantee: 'exactly-once',
    component: 'property-cache',
    carries: ['header'],
    links: [1, 1],
    ...(room === cacheLimit ? {} : { burst: 1_000 }),
    start(world) {
      const inlet = new Inlet(world, policy.leaves)
      const cache = new Cache(policy, room)
      let sending = 0

      const work = async (message: Message) => {
        const { id, content, header } = message
        sending++
        const shared = cache.sharedBy(message)
        const how = shared ? 'needs none' : cache.howFor(message) as Exclude<How, 'leaves it in the queue'> | 'needs none'
        const entry = how === 'needs none' ? null : cache.take(message, how)
        // Its body is read from the store, and other sessions come meanwhile. What cannot be read is in hand all the same.
        await world.storage.read(id).catch(() => undefined)
        const failed = await patiently(() => inlet.out(message, () => world.send(content, { header: (shared ?? entry)?.name ?? header })))
        if (entry?.user === message && policy.ends === 'takes the next') entry.user = null
        inlet.leave(message)
        if (failed === undefined) world.delivered(id)
        else world.flag(id, failed)
        sending--
        return policy.ends === 'takes the next' ? 'done' : 'gone'
      }

      /** What finds no entry is reported after a time, unless something is under way then. */
      const left = new Map<string, NodeJS.Timeout>()
      const expire = (message: Message) => {
        left.delete(message.id)
        if (sending > 0 || !inlet.waiting.has(message.id) || cache.howFor(message) !== 'leaves it in the queue') return
        inlet.waiting.delete(message.id)
        inlet.leave(message)
        world.flag(message.id, new Error('NDR 4.4.7: it was in the queue too long'))
      }
      const next = () => {
        for (const message of inlet.waiting.values()) {
          if (cache.sharedBy(message) || cache.howFor(message) !== 'leaves it in the queue') {
            clearTimeout(left.get(message.id))
            left.delete(message.id)
            return message
          }
          if (policy.expires === 'flagged' && !left.has(message.id)) left.set(message.id, setTimeout(() => expire(message), expiry))
        }
        return undefined
      }
      inlet.employ(world.workers, work, next)
      return {
        take: inlet.take,
        stop: inlet.stop,
      }
    },
  }
}

export const fixed = propertyCacheWith('fixed')
export const asShipped = propertyCacheWith('asShipped')
export const asShippedAtFullSize = propertyCacheWith('asShipped', cacheLimit)
export const evictsWhatIsInUse = propertyCacheWith('evictsWhatIsInUse')
export const offByOne = propertyCacheWith('offByOne')
export const sharesAnEntry = propertyCacheWith('sharesAnEntry')
export const neverEndsASession = propertyCacheWith('neverEndsASession')
export const leaksASlot = propertyCacheWith('leaksASlot')
export const cachesTheFailure = propertyCacheWith('cachesTheFailure')
export const holdsForEver = propertyCacheWith('holdsForEver')
export const resendsAfterRestart = propertyCacheWith('resendsAfterRestart')
