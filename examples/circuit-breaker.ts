/**
 * A circuit breaker for each link.
 *
 * After a few failures in a row it opens: messages for that link are flagged at once, instead of waiting for a link that is
 * down. After a while it lets one through. If that one gets there, the breaker closes; whoever came meanwhile waits to hear.
 */
import { type Connector, type Link, outcomeOf } from '../api/unwedge.ts'

const opensAfter = 3
const opensFor = 30_000
const longestCall = 10_000

export const circuitBreaker: Connector = {
  name: 'a circuit breaker per link',
  guarantee: 'at-least-once',
  start({ links }) {
    // One for each link: one for all would cut off healthy links for what another did.
    const breakers = new Map(links.map((link) => [link.name, new Breaker(link)]))
    return { take: ({ link, content }) => breakers.get(link)!.send(content) }
  },
  // A far side that is busy with three messages in a row opens it like a link that refuses: it cannot tell the two apart.
  trouble: ['refused for now'],
}

class Breaker {
  readonly #link: Link
  #state: 'closed' | 'open' | 'half open' = 'closed'
  #failures = 0
  /** How the one that was let through fares. */
  #attempt: Promise<void> | null = null

  constructor(link: Link) {
    this.#link = link
  }

  async send(content: unknown): Promise<void> {
    await this.#attempt?.catch(() => undefined)
    if (this.#state === 'open') throw new Error(`the breaker of ${this.#link.name} is open`)
    if (this.#state === 'closed') return this.#call(content)
    this.#attempt = this.#call(content)
    return this.#attempt.finally(() => { this.#attempt = null })
  }

  async #call(content: unknown): Promise<void> {
    try {
      await within(longestCall, this.#link.send(content))
      this.#answered()
    } catch (error) {
      // Who refuses a message for good has answered: nothing is wrong with the link.
      if (isForGood(error)) this.#answered()
      else this.#failed()
      throw error
    }
  }

  #answered(): void {
    this.#failures = 0
    // What was on its way when the breaker opened says nothing of now.
    if (this.#state === 'half open') this.#state = 'closed'
  }

  #failed(): void {
    this.#failures++
    if (this.#state === 'open' || (this.#state === 'closed' && this.#failures < opensAfter)) return
    this.#state = 'open'
    setTimeout(() => { this.#state = 'half open' }, opensFor)
  }
}

/** A link that hangs does not say so. */
async function within(milliseconds: number, call: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, giveUp) => {
    timer = setTimeout(() => giveUp(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
  })
  return Promise.race([call, tooLong]).finally(() => clearTimeout(timer))
}

const isForGood = (error: unknown) => outcomeOf(error) === 'refused for good'
