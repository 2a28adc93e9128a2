/** The lines among bytes as they come, none of them longer than a bound. */

/** Bytes of one line: several times what the longest message takes in JSON. */
export const mostOfLine = 8 * 1024 * 1024

export class Lines {
  readonly #heard: (line: string, number: number) => void
  #parts: Buffer[] = []
  #size = 0
  #count = 0
  #isOver = false

  /** Told of every line and its number, from 1. */
  constructor(heard: (line: string, number: number) => void) {
    this.#heard = heard
  }

  /** The number of the line that is coming. */
  get next(): number {
    return this.#count + 1
  }

  /** What has come of a line that has no end yet. */
  get rest(): string {
    return Buffer.concat(this.#parts).subarray(0, 200).toString('utf8')
  }

  /** Nothing that comes from now on is heard. */
  close(): void {
    this.#isOver = true
    this.#parts = []
  }

  /** False once a line is too long: nothing is heard any more. */
  take(bytes: Buffer): boolean {
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0 && !this.#isOver; from = end + 1, end = bytes.indexOf(10, from)) {
      if (this.#size + end - from > mostOfLine) return this.#tooLong()
      const line = Buffer.concat([...this.#parts, bytes.subarray(from, end)]).toString('utf8')
      this.#parts = []
      this.#size = 0
      this.#count++
      // A line may end as on Windows, and an empty one says nothing.
      const text = line.endsWith('\r') ? line.slice(0, -1) : line
      if (text !== '') this.#heard(text, this.#count)
    }
    if (this.#isOver) return true
    this.#parts.push(bytes.subarray(from))
    this.#size += bytes.length - from
    return this.#size > mostOfLine ? this.#tooLong() : true
  }

  #tooLong(): boolean {
    this.close()
    return false
  }
}
