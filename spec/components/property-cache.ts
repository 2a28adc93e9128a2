/**
 * §4 The property cache.
 *
 * 1. A store sends messages in several sessions at once. A message whose header has a name not met before needs an
 *    entry in the cache while it is sent; a message whose names are all known needs none.
 * 2. The cache holds 65,536 entries. When it is full, the entry of a message that is gone is reused.
 * 3. An entry in use is nobody else’s, and no two names share one: what is delivered is what was sent. A session that has delivered its
 *    message lets go of the entry, and takes the next.
 * 4. When every entry is in use, a message waits, and is sent as soon as one is free. Messages that need no entry are not held up.
 * 5. A restart empties the cache, loses no message and repeats none.
 *
 * Left out: what a name means. One message brings at most one new name, which makes the number of messages the number of
 * names.
 *
 * Source: 941060, the information store of Exchange 2003. It says that incorrect header data fills the cache, and not how that
 * got in, nor whether correct data would take an entry; the reading taken is that any new name does. It says that 65,536
 * entries are the most, and that no entry can be added then: so the 65,536th is added, and the 65,537th refused. It does not
 * say whether an entry is ever released; the reading taken is that none is, until a restart. “Some messages” that cannot be
 * sent are those that need an entry. Each is flagged in the end (NDR 4.4.7): only “nothing wedges” and “honest” see that
 * anything is wrong. The document has a fix, and does not say what it changes: 2 to 4 are ours, and
 * so is that names may fall on the same place. Of sessions it says nothing: that several send at once is ours too.
 */
import type { Sizes } from '../component.ts'

export type Scope = {
  readonly messages: number
  readonly sessions: number
  readonly entries: number
  readonly restarts: number
  readonly burst: number
}

/** Entries that the cache can hold. */
export const cacheLimit = 65_536

export const sizes: Sizes<Scope> = {
  messages: { says: 'bursts of messages', least: 1, small: 2, most: 5 },
  sessions: { says: 'sessions that send at the same time', least: 1, small: 2, most: 4 },
  entries: { says: 'entries in the cache', least: 1, small: 1, most: 16, real: cacheLimit },
  restarts: { says: 'restarts of the store', least: 0, small: 1, most: 2 },
  burst: { says: 'messages in a burst', least: 1, small: 2, most: 60, chosen: 200_000 },
}
