/** Where a connector that fetches its messages fetches them: what waits, and what is out until it is acknowledged. */
import type { TrialMessage } from './messages.ts'

export class Source {
  #waiting: TrialMessage[] = []
  /** What is out, in the order in which it was fetched. */
  readonly #out = new Map<string, TrialMessage>()

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  add(message: TrialMessage): void {
    this.#waiting.push(message)
  }

  fetch(most: number): readonly TrialMessage[] {
    const messages = this.#waiting.splice(0, most)
    for (const message of messages) this.#out.set(message.id, message)
    return messages
  }

  /** One that is out is done with; or every one up to it. Whatever is not out is not done with again. */
  done(id: string, upTo = false): readonly TrialMessage[] {
    const message = this.#out.get(id)
    if (!message) return []
    const done: TrialMessage[] = []
    for (const each of this.#out.values()) {
      if (upTo || each === message) done.push(each)
      if (each === message) break
    }
    for (const each of done) this.#out.delete(each.id)
    return done
  }

  /** Lets one that is out be fetched again, or all of them. They are given back in the order in which they went. */
  giveBack(only?: string): readonly TrialMessage[] {
    const back = [...this.#out.values()].filter(({ id }) => only === undefined || id === only)
    for (const { id } of back) this.#out.delete(id)
    this.#waiting.unshift(...back)
    return back
  }
}
