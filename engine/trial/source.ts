/** Where a connector that fetches its messages fetches them: what waits, and what is out until it is acknowledged. */
import { realTimeout } from '../real-time.ts'
import type { TrialMessage } from './messages.ts'

/** Milliseconds of real time in which a connector that fetches has looked. */
const mostUntilALook = 20

export class Source {
  /** What waits, from the first that was not fetched: to take one from the start of a long list moves all others. */
  #waiting: TrialMessage[] = []
  #first = 0
  /** Ids of what waits. */
  readonly #ids = new Set<string>()
  /** What is out, in the order in which it was fetched. */
  readonly #out = new Map<string, TrialMessage>()
  /** Of what was ever out: which life fetched it last, and as which of all that were fetched. */
  readonly #fetched = new Map<string, { readonly life: number; readonly number: number }>()
  #count = 0
  /** What is done with, and the answer to that was lost. */
  readonly #untold = new Map<string, TrialMessage>()
  #awaited: (() => void)[] = []
  /** Holds what is drawn to happen next; null on virtual time. */
  readonly #hold: ((work: Promise<void>) => void) | null

  constructor(hold: ((work: Promise<void>) => void) | null = null) {
    this.#hold = hold
  }

  /** Somebody looks: whether something waits. */
  looks(): boolean {
    if (this.#ids.size > 0) for (const go of this.#awaited.splice(0)) go()
    return this.#ids.size > 0
  }

  /** Of real time somebody looks now and then: what is drawn to happen next does not happen before that had a chance to. */
  add(message: TrialMessage): void {
    this.#waiting.push(message)
    this.#ids.add(message.id)
    this.#hold?.(this.#looked())
  }

  fetch(most: number, life = 1): readonly TrialMessage[] {
    const messages = this.#waiting.slice(this.#first, this.#first + Math.max(0, most))
    this.#first += messages.length
    if (this.#first > this.#waiting.length / 2) this.#put(this.#waiting.slice(this.#first))
    for (const message of messages) {
      this.#ids.delete(message.id)
      this.#out.set(message.id, message)
      this.#fetched.set(message.id, { life, number: ++this.#count })
    }
    return messages
  }

  /** As which of all that were fetched it was fetched last; 0 where it never was. */
  lastFetch(id: string): number {
    return this.#fetched.get(id)?.number ?? 0
  }

  /** Whether it waits, perhaps once more: who was given it before has it no longer. */
  waits(id: string): boolean {
    return !this.#out.has(id) && this.#ids.has(id)
  }

  /**
   * One that is out is done with; with `upTo` a fetch, so is every one until then that the life which says so has fetched: each has a
   * channel of its own. Whatever is not out is not done with again, but where the answer to that was lost it is told so when it is asked
   * once more.
   */
  done(id: string, { upTo = 0, isLost = false, life = 1 } = {}): readonly TrialMessage[] {
    const message = this.#out.get(id)
    const untold = this.#untold.get(id)
    if (!isLost) this.#untold.delete(id)
    if (!message) return untold ? [untold] : []
    const done = upTo > 0 ? [] : [message]
    if (upTo > 0)
      for (const each of this.#out.values()) {
        if (each === message || this.#isOf(each, life, upTo)) done.push(each)
        if (each === message) break
      }
    for (const each of done) {
      this.#out.delete(each.id)
      if (isLost) this.#untold.set(each.id, each)
    }
    return done
  }

  /** Lets one that is out be fetched again, or all of them, in the order in which they went: before what waits, or behind it. */
  giveBack(only?: string, isBehind = false): readonly TrialMessage[] {
    const one = only === undefined ? undefined : this.#out.get(only)
    const back = only === undefined ? [...this.#out.values()] : one ? [one] : []
    for (const { id } of back) {
      this.#out.delete(id)
      this.#ids.add(id)
    }
    if (one && isBehind) this.#waiting.push(one)
    else if (one && this.#first > 0) this.#waiting[--this.#first] = one
    else {
      const waiting = this.#waiting.slice(this.#first)
      this.#put(isBehind ? [...waiting, ...back] : [...back, ...waiting])
    }
    return back
  }

  #isOf({ id }: TrialMessage, life: number, upTo: number): boolean {
    const { life: by, number } = this.#fetched.get(id)!
    return by === life && number <= upTo
  }

  #put(waiting: TrialMessage[]): void {
    this.#waiting = waiting
    this.#first = 0
  }

  async #looked(): Promise<void> {
    let forget = () => {}
    await new Promise<void>((go) => {
      this.#awaited.push(go)
      forget = realTimeout(go, mostUntilALook)
    })
    forget()
  }
}
