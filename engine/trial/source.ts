/** Where a connector that fetches its messages fetches them: what waits, and what is out until it is acknowledged. */
import type { Message } from '../../spec/connector.ts'

export class Source {
  #waiting: Message[] = []
  readonly #out = new Map<string, Message>()

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  add(message: Message): void {
    this.#waiting.push(message)
  }

  fetch(most: number): readonly Message[] {
    const messages = this.#waiting.splice(0, most)
    for (const message of messages) this.#out.set(message.id, message)
    return messages
  }

  done(id: string): void {
    this.#out.delete(id)
  }

  /** Lets one that is out be fetched again, or all of them. They are given back in the order in which they went. */
  giveBack(only?: string): readonly Message[] {
    const back = [...this.#out.values()].filter(({ id }) => only === undefined || id === only)
    for (const { id } of back) this.#out.delete(id)
    this.#waiting.unshift(...back)
    return back
  }
}
