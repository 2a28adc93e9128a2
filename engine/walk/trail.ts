/** The moves that a walk has taken. One trail serves all walks, one after another: to grow a list anew costs as much as to walk. */
export class Trail {
  #moves = new Uint16Array(1024)
  length = 0

  push(move: number): void {
    if (this.length === this.#moves.length) {
      const shorter = this.#moves
      this.#moves = new Uint16Array(2 * shorter.length)
      this.#moves.set(shorter)
    }
    this.#moves[this.length++] = move
  }

  /** Those from one on, as a list to keep. */
  from(start: number): readonly number[] {
    // An array of that length, filled: to spread a typed one takes ten times as long.
    const list = new Array<number>(this.length - start)
    for (let i = 0; i < list.length; i++) list[i] = this.#moves[start + i]!
    return list
  }
}
