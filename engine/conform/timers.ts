/**
 * When a timer of a model may be taken on a run that explains a history: no sooner than its time after it became possible.
 *
 * Every other step is taken to happen at once, so that each is as early as can be: whoever is accused is accused for what no run could
 * have done in that time.
 */
import type { Machine, Move } from '../model/machine.ts'

/** How long after it became possible a timer may be taken, in milliseconds, by its rule’s sentence. */
export type Waits = (sentence: string) => number

/** How early a state can have been reached. */
export interface Reached {
  /** Milliseconds since the start. */
  readonly time: number
  /** For each timer that may be taken there, by its move: since when that has been so. */
  readonly since: ReadonlyMap<number, number>
}

const none: ReadonlyMap<number, number> = new Map()

export class Timers {
  readonly #machine: Machine
  /** Milliseconds, by move. Of a timer that takes none nothing need be known. */
  readonly #waits: ReadonlyMap<number, number>

  /** Null where the history tells no time: then any timer may be taken at any moment. */
  constructor(machine: Machine, waits: Waits | null) {
    this.#machine = machine
    const timers = waits === null ? [] : machine.moves.filter(({ rule }) => rule.kind === 'timer')
    this.#waits = new Map(timers.map(({ at, rule }) => [at, waits!(rule.sentence)] as const).filter(([, wait]) => wait > 0))
  }

  /** In the loaded state, which is the first. */
  start(): Reached {
    return this.#from({ time: 0, since: none }, -1, 0)
  }

  /** When a move can be taken at the earliest. */
  earliest({ time, since }: Reached, { at }: Move): number {
    const wait = this.#waits.get(at)
    return wait === undefined ? time : Math.max(time, (since.get(at) ?? time) + wait)
  }

  /** In the loaded state, to which a move has led at that time. */
  after(before: Reached, { at }: Move, time: number): Reached {
    return this.#from(before, at, time)
  }

  #from({ since }: Reached, taken: number, time: number): Reached {
    if (this.#waits.size === 0) return { time, since: none }
    const now = new Map<number, number>()
    for (const move of this.#waits.keys())
      if (this.#machine.may(move)) now.set(move, move === taken ? time : since.get(move) ?? time)
    return { time, since: now.size === 0 ? none : now }
  }

  /** Whether whatever may be done from the same state when it is reached so late may be done when it is reached so early. */
  isNoLater(early: Reached, late: Reached): boolean {
    return this.#waits.size === 0
      || (early.time <= late.time && [...early.since].every(([move, since]) => since <= (late.since.get(move) ?? since)))
  }
}
