/**
 * Batches: messages for a link are collected, and go out together when there are enough of them or the first has waited
 * long enough. Each has a verdict of its own: what fails is tried again by itself, and costs its neighbours nothing.
 */
import { type Connector, type Link, outcomeOf } from '../api/unwedge.ts'

const mostInABatch = 10
const longestWait = 50
const tries = 3
const pauseBetween = 1_000

export const batching: Connector = {
  name: 'a sender in batches',
  guarantee: 'at-least-once',
  start({ links }) {
    const batches = new Map(links.map((link) => [link.name, new Batches(link)]))
    return { take: ({ link, content }) => batches.get(link)!.add(content) }
  },
}

interface Waiting {
  readonly content: unknown
  readonly delivered: () => void
  readonly flagged: (error: unknown) => void
}

class Batches {
  readonly #link: Link
  #batch: Waiting[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(link: Link) {
    this.#link = link
  }

  add(content: unknown): Promise<void> {
    return new Promise((delivered, flagged) => {
      this.#batch.push({ content, delivered, flagged })
      if (this.#batch.length === mostInABatch) this.#go()
      // Without this timer a batch that never fills is never sent.
      else this.#timer ??= setTimeout(() => this.#go(), longestWait)
    })
  }

  #go(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#batch
    this.#batch = []
    for (const { content, delivered, flagged } of batch) this.#send(content).then(delivered, flagged)
  }

  async #send(content: unknown): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#link.send(content)
      } catch (error) {
        if (isForGood(error) || tried === tries) throw error
      }
      await new Promise((go) => setTimeout(go, pauseBetween))
    }
  }
}

const isForGood = (error: unknown) => outcomeOf(error) === 'refused for good'
