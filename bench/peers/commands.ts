/** The claim race as a class for each command, the way of fast-check’s model-based testing: what `walk` is measured against. */

export interface Race {
  readonly has: number[]
  readonly queue: number[]
  dispatcher: number
  readonly added: boolean[]
  readonly delivered: number[]
  steps: number
}
export const raceOf = (workers: number, messages: number): Race => ({
  has: Array(workers).fill(0), queue: [], dispatcher: 0,
  added: Array(messages + 1).fill(false), delivered: Array(messages + 1).fill(0), steps: 0,
})

/** What fast-check asks of a command. */
interface Command {
  check(model: Readonly<Race>): boolean
  run(model: Race, real: Race): void
}

/** Steps the model and then the real thing, which is the same race here, and compares what was delivered. */
export abstract class Step implements Command {
  abstract check(model: Readonly<Race>): boolean
  protected abstract step(race: Race): void
  run(model: Race, real: Race): void {
    this.step(model)
    this.step(real)
    real.steps++
    for (const times of real.delivered) if (times > 1) throw new Error('delivered twice')
  }
  /** The race after this step, as a new one. */
  after(race: Race): Race {
    const next = structuredClone(race)
    this.step(next)
    return next
  }
}

export class Sees extends Step {
  readonly #worker: number
  readonly #message: number
  constructor(worker: number, message: number) {
    super()
    this.#worker = worker
    this.#message = message
  }
  check({ has, added }: Race) {
    return has[this.#worker] === 0 && !added[this.#message]!
  }
  protected step({ has }: Race) {
    has[this.#worker] = this.#message
  }
}

export class Adds extends Step {
  readonly #worker: number
  constructor(worker: number) {
    super()
    this.#worker = worker
  }
  check({ has }: Race) {
    return has[this.#worker] !== 0
  }
  protected step({ has, added, queue }: Race) {
    const message = has[this.#worker]!
    has[this.#worker] = 0
    if (added[message]) return
    added[message] = true
    queue.push(message)
  }
}

export class Takes extends Step {
  check({ dispatcher, queue }: Race) {
    return dispatcher === 0 && queue.length > 0
  }
  protected step(race: Race) {
    race.dispatcher = race.queue.shift()!
  }
}

export class Delivers extends Step {
  check({ dispatcher }: Race) {
    return dispatcher !== 0
  }
  protected step(race: Race) {
    race.delivered[race.dispatcher]!++
    race.dispatcher = 0
  }
}
