/**
 * A consumer of Redis streams with ioredis, in a group: a reader for each stream, which blocks until there is something new there. What it
 * sends on it acknowledges. What it has been given and has not acknowledged is pending, and Redis gives that to nobody by itself: it is
 * claimed, now and then, once it has been idle for a while.
 */
import { Redis } from 'ioredis'
import type { Connector } from '../../../spec/connector.ts'
import { missing, version } from './server.ts'
import { type Consumer, consuming, group, type Site } from './stream-source.ts'

export const unreachable = async (): Promise<string | null> => missing()

/** Milliseconds after which what is pending is claimed, between two looks for that, and that a read waits for something new. */
const idle = 100
const betweenClaims = 40
const block = 1_000
const most = 20

type Entry = readonly [id: string, fields: readonly string[]]
type Read = readonly (readonly [stream: string, entries: readonly Entry[]])[] | null
type Claimed = readonly [next: string, entries: readonly Entry[]] | null

interface Manner {
  /** Whether it claims what is pending; reads what was given to it in another life; or neither. */
  readonly pending?: 'claimed' | 'read at the start' | 'left'
  /** Whether it acknowledges a message before it has sent it. */
  readonly acknowledgesFirst?: boolean
}

type Start = (site: Site) => Promise<Consumer>
const reading = ({ pending = 'claimed', acknowledgesFirst = false }: Manner = {}): Start => async ({ port, streams, handle }) => {
  const clients: Redis[] = []
  const client = () => {
    const made = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 10 })
    made.on('error', () => undefined)
    clients.push(made)
    return made
  }
  const shared = client()
  const inHand = new Map<string, Promise<void>>()
  let isStopped = false
  const deal = async (stream: string, [entry, fields]: Entry) => {
    const acknowledge = () => shared.xack(stream, group, entry)
    if (acknowledgesFirst) await acknowledge()
    await handle(fields[1]!)
    if (!acknowledgesFirst) await acknowledge()
  }
  const came = (stream: string, entries: readonly Entry[]) => {
    for (const entry of entries) {
      const key = `${stream} ${entry[0]}`
      // What could not be sent stays pending, as does what could not be acknowledged.
      if (!isStopped && !inHand.has(key))
        inHand.set(key, deal(stream, entry).catch(() => undefined).finally(() => inHand.delete(key)))
    }
  }
  const reads = async (stream: string) => {
    const own = client()
    for (let from = pending === 'left' ? '>' : '0'; !isStopped; ) {
      const read = await own.xreadgroup('GROUP', group, stream, 'COUNT', most, 'BLOCK', block, 'STREAMS', stream, from)
        .catch(() => undefined) as Read | undefined
      const entries = read?.[0]?.[1] ?? []
      came(stream, entries)
      if (from !== '>' && read !== undefined) from = entries.at(-1)?.[0] ?? '>'
    }
  }
  const claims = async (stream: string) => {
    for (let from = '0-0'; !isStopped; await new Promise((go) => setTimeout(go, betweenClaims))) {
      const claimed = await shared.xautoclaim(stream, group, stream, idle, from, 'COUNT', most).catch(() => null) as unknown as Claimed
      from = claimed?.[0] ?? from
      came(stream, claimed?.[1] ?? [])
    }
  }
  for (const stream of streams) {
    void reads(stream)
    if (pending === 'claimed') void claims(stream)
  }
  return {
    stop(within) {
      isStopped = true
      return Promise.race([Promise.all(inHand.values()), new Promise((go) => setTimeout(go, within))])
    },
    die() {
      isStopped = true
      for (const each of clients) each.disconnect()
    },
  }
}

const called = `ioredis 5.11.1 in a group of Redis ${version}`

export const streamGroup = consuming(`${called}, which claims what is pending`, reading())
/** As many are written: what it could not send, and what it had when its connection was lost, is pending for ever. */
export const streamGroupOfNew = consuming(`${called}, which reads what is new`, reading({ pending: 'left' }))
export const streamGroupRereading = consuming(`${called}, which reads what is pending as it starts`, reading({ pending: 'read at the start' }))
export const streamGroupFirst = consuming(`${called}, which acknowledges first`, reading({ acknowledgesFirst: true }))
/** It sends again what it is given again. */
export const streamGroupPlain = consuming(`${called}, without a book`, reading(), { remembers: false })
/** What it has is on the disk now and then, as its manual says: whoever wants more than that finds out here. */
export const streamGroupKilled = consuming(`${called}, as it is shipped, which is killed`, reading(), { keeps: 'now and then' })

export const mustPass: readonly Connector[] = [streamGroup]
