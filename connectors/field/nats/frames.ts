/** What a client says to a NATS server: lines, each with a payload where it publishes. */

export interface Frame {
  readonly bytes: Buffer
  /** Of what is published without a header: where to, where its answer is to go, and the payload. */
  readonly published: { readonly subject: string; readonly reply: string; readonly payload: Buffer } | null
}

const end = '\r\n'

export class Frames {
  #left = Buffer.alloc(0)

  /** The frames that are whole now; what is left of a frame waits for the rest of it. */
  whole(bytes: Buffer): readonly Frame[] {
    this.#left = Buffer.concat([this.#left, bytes])
    const frames: Frame[] = []
    for (let at = this.#left.indexOf(end); at >= 0; at = this.#left.indexOf(end)) {
      const words = this.#left.toString('latin1', 0, at).split(' ')
      const publishes = /^H?PUB$/i.test(words[0]!)
      const from = at + end.length
      const size = publishes ? Number(words.at(-1)) : 0
      const whole = publishes ? from + size + end.length : from
      if (this.#left.length < whole) break
      const published = publishes && words[0]!.toUpperCase() === 'PUB'
        ? { subject: words[1]!, reply: words.length > 3 ? words[2]! : '', payload: this.#left.subarray(from, from + size) }
        : null
      frames.push({ bytes: this.#left.subarray(0, whole), published })
      this.#left = this.#left.subarray(whole)
    }
    return frames
  }
}
