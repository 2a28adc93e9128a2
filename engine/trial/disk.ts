/** What outlives a connector: a map that never fails, and a storage that takes time, may fail, and may be cut off in a write. */
import type { Storage } from '../../spec/connector.ts'

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

export class Disk {
  readonly map = new Map<string, unknown>()
  readonly #stored = new Map<string, string>()
  readonly #writing = new Set<Write>()

  /** Whether a message is written somewhere, by its id or by what it carries. Nobody’s signal is looked at for that: see `TrialMessage`. */
  mentions(id: string): boolean {
    const named = new RegExp(`\\b${id}\\b`)
    const left: unknown[] = [...this.map, ...this.#stored].flat()
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
      keys: () => call(() => [...this.#stored.keys()]),
    }
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
