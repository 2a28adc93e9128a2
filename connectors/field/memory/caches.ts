/** Caches that a connector remembers in: what it took, lest it go twice, or what went over each link last. */
import { createRequire } from 'node:module'
import { NodeCacheStore as Store176 } from 'cacheable-node-cache-1.7.6'
import { NodeCache as Cache311, NodeCacheStore as Store311 } from 'cacheable-node-cache-3.1.1'
import type { Connector } from '../../../spec/connector.ts'
import type { Finding, Trial } from '../../../spec/evidence/field-trial.ts'
import { never } from '../never.ts'

const notApplicable: Connector['notApplicable'] = {
  ...never,
  'sender aborts': 'a message once remembered is sent',
  'service stops': 'it is a part of its process: it has no service to stop',
  'service restarts': 'it is a part of its process: what it remembered dies with it',
}

type Store = new (options: { ttl: number; maxKeys: number }) => {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<boolean>
}

const minute = 60_000
/** Few, so that a full cache is nothing rare. */
const room = 3

/** Sends nothing before it has noted it for a minute; when it has no room for a note, it waits until it has. */
const onceOnly = (name: string, NodeCacheStore: Store): Connector => ({
  name: `${name}, once only`,
  guarantee: 'at-least-once',
  start({ send }) {
    const seen = new NodeCacheStore({ ttl: minute, maxKeys: room })
    return {
      async take({ id, content }) {
        if (await seen.get(id)) throw new Error('it was taken before')
        while (!(await seen.set(id, true))) await new Promise((go) => setTimeout(go, minute))
        await send(content)
      },
    }
  },
  // Three a minute: a burst of thousands would take it a day.
  burst: 32,
  notApplicable,
})

type Cache = new (options: { maxKeys: number }) => { set(key: string, value: unknown): boolean }

/** Notes what goes over each link: there is room for as many notes as there are links. */
const lastOverEach = (name: string, NodeCache: Cache): Connector => ({
  name: `${name}, last over each link`,
  guarantee: 'at-least-once',
  start({ links, send }) {
    const last = new NodeCache({ maxKeys: links.length })
    return {
      async take({ id, link, content }) {
        last.set(link, id)
        await send(content)
      },
    }
  },
  notApplicable,
})

export const nodeCache176 = onceOnly('@cacheable/node-cache 1.7.6', Store176 as unknown as Store)
export const nodeCache512 = lastOverEach('node-cache 5.1.2', createRequire(import.meta.url)('node-cache-5.1.2') as Cache)

export const trials: readonly Trial[] = [
  {
    // It asks for Node 22 or later, but runs on Node 20 as well. What fixed it was to take the limit away.
    row: 18, buggy: nodeCache176,
    fixed: onceOnly('@cacheable/node-cache 3.1.1', Store311 as unknown as Store),
    laws: ['nothing wedges', 'delivered or flagged'],
    trigger: 'as many messages as it has room for, and then, long after all have expired, one more',
    smallest: 4,
    published: 'jaredwray/cacheable #1603',
  },
]

export const mustPass: readonly Connector[] = [
  lastOverEach('@cacheable/node-cache 3.1.1', Cache311 as unknown as Cache),
]

export const current: readonly Finding[] = [
  {
    connector: nodeCache512,
    laws: ['honest', 'nothing wedges'], page: 'node-cache-5.1.2', imports: { 'node-cache': 'node-cache-5.1.2' },
    what: 'when it is full, it refuses to refresh a key that it has (PR #287)',
  },
]
