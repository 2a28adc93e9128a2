/**
 * Messages that are settled, in 24 bytes each: where they were taken and settled, and what became of them. With it a second copy
 * shows hours later. They are known by 64 bits of a keyed digest: that two of a million share theirs is as likely as 1 in 30 million.
 *
 * There is room for a few million. Beyond that the oldest are forgotten, and it is said that some were.
 */
interface Settled {
  readonly link: number
  readonly takenLine: number
  readonly line: number
  readonly life: number
  /** Bits of `is`. */
  readonly is: number
}

export const is = { delivered: 1, told: 2, flagged: 4, claimed: 8, acknowledged: 16, fetched: 32, removed: 64, seen: 128 } as const
const bitsOfIs = 8

const width = 6
const least = 2 ** 10
/** Slots of one generation; two are kept. */
const most = 2 ** 22

export class SettledMessages {
  /** Whether anything has been forgotten. */
  hasForgotten = false
  #size = 0
  #table = new Uint32Array(least * width)
  #older: Uint32Array | null = null
  readonly #most: number
  readonly #seed = crypto.getRandomValues(new Uint32Array(2))
  #a = 0
  #b = 0

  constructor(atMost = most) {
    this.#most = atMost
  }

  get bytes(): number {
    return this.#table.byteLength + (this.#older?.byteLength ?? 0)
  }

  add(message: string, { link, takenLine, line, life, is: bits }: Settled): void {
    if ((this.#size + 1) * 3 > (this.#table.length / width) * 2) this.#grow()
    this.#digest(message)
    put(this.#table, [this.#a, this.#b, link, takenLine, line, (life << bitsOfIs) | bits])
    this.#size++
  }

  /** Takes out what is known of a message, for each of its recipients. */
  take(message: string): readonly Settled[] {
    this.#digest(message)
    const found = takenFrom(this.#table, this.#a, this.#b)
    return this.#older ? [...found, ...takenFrom(this.#older, this.#a, this.#b)] : found
  }

  #grow(): void {
    const slots = this.#table.length / width
    if (slots >= this.#most) {
      this.hasForgotten ||= this.#older !== null
      this.#older = this.#table
      this.#table = new Uint32Array(least * width)
      this.#size = 0
      return
    }
    const [old, grown] = [this.#table, new Uint32Array(this.#table.length * 2)]
    this.#size = 0
    for (let at = 0; at < old.length; at += width) {
      // What was taken out leaves its digest alone.
      if (old[at + 4] === 0) continue
      put(grown, old.subarray(at, at + width))
      this.#size++
    }
    this.#table = grown
  }

  /** Two keyed digests of 32 bits, mixed as MurmurHash3 does in its end. */
  #digest(text: string): void {
    let [a, b] = [this.#seed[0]!, this.#seed[1]!]
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 0x85ebca6b)
      a ^= a >>> 13
      b = Math.imul(b ^ code, 0xc2b2ae35) + a
      b ^= b >>> 15
    }
    // 0 and 0 stand for an empty slot.
    this.#a = mixed(a ^ text.length) | 1
    this.#b = mixed(b ^ a)
  }
}

function mixed(bits: number): number {
  let h = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const slotOf = (table: Uint32Array, a: number, b: number) => ((a ^ Math.imul(b, 0x9e3779b1)) >>> 0) % (table.length / width) * width

function put(table: Uint32Array, entry: ArrayLike<number>): void {
  let at = slotOf(table, entry[0]!, entry[1]!)
  while (table[at] !== 0) at = (at + width) % table.length
  table.set(entry, at)
}

/** A slot that is emptied keeps its digest, so that those behind it are still found; its line is then 0, which is none. */
function takenFrom(table: Uint32Array, a: number, b: number): readonly Settled[] {
  const found: Settled[] = []
  for (let at = slotOf(table, a, b); table[at] !== 0; at = (at + width) % table.length) {
    if (table[at] !== a >>> 0 || table[at + 1] !== b >>> 0 || table[at + 4] === 0) continue
    const word = table[at + 5]!
    found.push({
      link: table[at + 2]!, takenLine: table[at + 3]!, line: table[at + 4]!, life: word >>> bitsOfIs, is: word & (2 ** bitsOfIs - 1),
    })
    table[at + 4] = 0
  }
  return found
}
