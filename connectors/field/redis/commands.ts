/** What a client says to a Redis server: each command is an array of bulk strings (RESP). */

export interface Command {
  readonly bytes: Buffer
  readonly words: readonly string[]
  /** The same as they came: what is packed is no text. */
  readonly parts: readonly Buffer[]
}

const end = '\r\n'

export class Commands {
  #left: Buffer = Buffer.alloc(0)

  /** The commands that are whole now; what is left of one waits for the rest of it. */
  whole(bytes: Buffer): readonly Command[] {
    this.#left = Buffer.concat([this.#left, bytes])
    const commands: Command[] = []
    for (let command = this.#first(); command !== null; command = this.#first()) {
      commands.push(command)
      this.#left = this.#left.subarray(command.bytes.length)
    }
    return commands
  }

  #first(): Command | null {
    const head = this.#line(0, '*')
    if (head === null) return null
    const parts: Buffer[] = []
    let at = head.next
    for (let word = 0; word < head.number; word++) {
      const size = this.#line(at, '$')
      if (size === null || this.#left.length < size.next + size.number + end.length) return null
      parts.push(this.#left.subarray(size.next, size.next + size.number))
      at = size.next + size.number + end.length
    }
    return { bytes: this.#left.subarray(0, at), words: parts.map((part) => part.toString()), parts }
  }

  /** The number on a line that begins with a sign, and where the next one begins. */
  #line(at: number, sign: '*' | '$'): { readonly number: number; readonly next: number } | null {
    const until = this.#left.indexOf(end, at)
    if (until < 0) return null
    const text = this.#left.toString('latin1', at, until)
    if (text[0] !== sign) throw new Error(`a command of Redis begins with ${sign}, and this one with ‘${text.slice(0, 20)}’`)
    return { number: Number(text.slice(1)), next: until + end.length }
  }
}
