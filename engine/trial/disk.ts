/** What outlives a connector: a map that never fails, and a storage that takes time, may fail, and may be cut off in a write. */
import type { Event, Storage } from '../../spec/connector.ts'
import { words } from './content.ts'

interface Write {
  readonly key: string
  readonly does: () => void
}

/** What a storage needs of the world: a turn for each call, and what is done to the next one. */
interface StorageTurns {
  readonly turn: () => Promise<void>
  /** What happens to the call that has its turn. */
  readonly next: () => 'works' | 'fails' | 'is slow'
  readonly later: () => Promise<void>
}

const mostKeys = 8
const longestKey = 40
const longestValue = 40

export class Disk {
  readonly map = new Map<string, unknown>()
  readonly #stored = new Stored()
  readonly #writing = new Set<Write>()
  #lastIdle = 0

  /** Whether a message is written somewhere, by its id or by what it carries. Nobody’s signal is looked at for that: see `TrialMessage`. */
  mentions(id: string): boolean {
    if (this.map.has(id) || this.#stored.mentions(id)) return true
    const named = new RegExp(`\\b${id}\\b`)
    const left: unknown[] = [...this.map].flat()
    const seen = new Set<unknown>()
    for (const value of left) {
      if (typeof value === 'string' && named.test(value)) return true
      if (typeof value !== 'object' || value === null || seen.has(value)) continue
      seen.add(value)
      for (const [key, part] of Object.entries(Object.getOwnPropertyDescriptors(value)))
        if (part.enumerable && part.get === undefined) left.push(key, part.value)
    }
    return false
  }

  /** The first keys that are there, and what each holds, for a page; empty where there is none. */
  get shown(): Pick<Event, 'onDisk' | 'holds'> {
    const held = new Map<string, string>()
    const show = (key: unknown, value: unknown) => {
      const name = words(key).slice(0, longestKey)
      if (!held.has(name)) held.set(name, shortened(words(value)))
    }
    for (const [key, value] of this.map) {
      if (held.size >= mostKeys) break
      show(key, value)
    }
    for (const [key, text] of this.#stored.entries()) {
      if (held.size >= mostKeys) break
      show(key, text.startsWith('"') ? JSON.parse(text) : text)
    }
    return held.size === 0 ? {} : { onDisk: [...held.keys()], holds: [...held.values()] }
  }

  /** A storage for one life of the connector. What it keeps is a copy, as bytes are. */
  storage({ turn, next, later }: StorageTurns): Storage {
    const call = async <T>(does: () => T, write?: string): Promise<T> => {
      const pending: Write | null = write === undefined ? null : { key: write, does }
      if (pending) this.#writing.add(pending)
      try {
        await turn()
        const how = next()
        if (how === 'is slow') await later()
        if (how === 'fails') throw new Error('the disk failed')
        return does()
      } finally {
        if (pending) this.#writing.delete(pending)
      }
    }
    return {
      read: (key) => call(() => {
        const found = this.#stored.get(key)
        return found === undefined ? undefined : (JSON.parse(found) as unknown)
      }),
      write: (key, value) => call(() => { this.#stored.set(key, JSON.stringify(value ?? null)) }, key),
      remove: (key) => call(() => { this.#stored.delete(key) }, key),
      keys: () => call(() => this.#stored.keys()),
    }
  }

  /** All is quiet, after so many events: whoever has something to write is writing it now. */
  isSeen(events: number): void {
    if (this.#writing.size === 0) this.#lastIdle = events
  }

  /** Since which event something has been written all along; undefined where nothing is being written. */
  get writesSince(): number | undefined {
    return this.#writing.size === 0 ? undefined : this.#lastIdle
  }

  /** Who was writing is cut off: what was being written is there, or not, or its key holds nothing, by turns. */
  cutOff(which: number): void {
    for (const [i, { key, does }] of [...this.#writing].entries()) {
      if ((which + i) % 3 === 0) does()
      if ((which + i) % 3 === 1) this.#stored.delete(key)
    }
    this.#writing.clear()
  }
}

const shortened = (text: string) => (text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`)

/** Texts by their keys, and in how many places they name a message: whoever acknowledges thousands asks that as often. */
class Stored {
  readonly #texts = new Map<string, string>()
  /** The ids in what is under a key, but for what nobody has asked about since it was written; */
  readonly #ids = new Map<string, readonly string[]>()
  readonly #unread = new Set<string>()
  /** and how often each stands there. */
  readonly #named = new Map<string, number>()

  get(key: string): string | undefined {
    return this.#texts.get(key)
  }

  keys(): string[] {
    return [...this.#texts.keys()]
  }

  entries(): Iterable<readonly [key: string, text: string]> {
    return this.#texts.entries()
  }

  set(key: string, text: string): void {
    this.#forget(key)
    this.#texts.set(key, text)
    this.#unread.add(key)
  }

  delete(key: string): void {
    this.#forget(key)
    this.#texts.delete(key)
    this.#unread.delete(key)
  }

  mentions(id: string): boolean {
    for (const key of this.#unread) {
      const ids = [key, this.#texts.get(key)!].flatMap((text) => text.match(/\bm\d+\b/g) ?? [])
      this.#ids.set(key, ids)
      for (const each of ids) this.#named.set(each, (this.#named.get(each) ?? 0) + 1)
    }
    this.#unread.clear()
    return (this.#named.get(id) ?? 0) > 0
  }

  #forget(key: string): void {
    for (const id of this.#ids.get(key) ?? []) this.#named.set(id, this.#named.get(id)! - 1)
    this.#ids.delete(key)
  }
}
