/**
 * What goes on outside of this process for a connector on virtual time. While there is any, nobody has a turn and no time passes: it is
 * waited for, however long that takes by real time. Whoever waits decides when it is too long, and fails.
 */
import type { World } from '../spec/connector.ts'

/** A package may be loaded twice, as an ES module and by `require`: both know this place. */
const place = Symbol.for('unwedge.outside')

export class Outside {
  readonly #underWay = new Set<Promise<unknown>>()
  #failure: unknown = null
  readonly #onFailure: () => void

  constructor(onFailure: () => void = () => undefined) {
    this.#onFailure = onFailure
  }

  /** Holds the trial until it is over. Its rejection ends the trial. */
  holdFor(work: Promise<unknown>): void {
    const held = work.catch((error: unknown) => this.fail(error)).finally(() => this.#underWay.delete(held))
    this.#underWay.add(held)
  }

  /** Ends the trial, for a reason that its history tells: the first counts. */
  fail(error: unknown): void {
    this.#failure ??= error
    this.#onFailure()
  }

  /** Whether there is nothing to wait for, and nothing has failed: then `settled` has nothing to say. */
  get isQuiet(): boolean {
    return this.#underWay.size === 0 && this.#failure === null
  }

  get isUnderWay(): boolean {
    return this.#underWay.size > 0
  }

  /** Fulfilled when nothing is under way. Throws what it was failed with, once. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    if (this.#failure === null) return
    const failure = this.#failure
    this.#failure = null
    throw failure
  }
}

/** A world as a connector is given it, with this in a place that only an adapter of the suite’s own looks at. */
export const withOutside = (world: World, outside: Outside): World => Object.assign(world, { [place]: outside })
export const outsideOf = (world: World): Outside | undefined => (world as { readonly [place]?: Outside })[place]
