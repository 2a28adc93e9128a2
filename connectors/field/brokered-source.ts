/**
 * The source of a world, kept by a real broker: what waits there is put into the broker at once, and what the broker is to hear
 * acknowledged is acknowledged there first. So the faults of a source strike on the way to the broker, each once.
 */
import type { Message, World } from '../../spec/connector.ts'
import { outsideOf } from '../adapters/outside.ts'

interface Keeping {
  /** Fulfilled once the broker has it for good. */
  readonly put: (message: Message) => Promise<unknown>
  /** Fetching has failed: whoever is connected to the broker is to lose its connection. */
  readonly fails: () => void
}

/** What becomes of an acknowledgement: the broker hears it, or does not, or does and its answer is lost. */
export type Acknowledged = 'heard' | 'not heard' | 'heard, and the answer is lost'

/** Milliseconds between two looks, and the most messages at one. */
const pause = 5
const most = 100
/** Milliseconds that something is waited for which is on its way between the processes. */
const mostOnItsWay = 300

/** What the broker of a world has, and what it is done with, by the disk of that world: the connector’s own disk has nothing of it. */
interface Held {
  readonly kept: Set<string>
  readonly settled: Set<string>
}
const held = new WeakMap<object, Held>()
function heldIn({ disk }: World): Held {
  const all = held.get(disk) ?? { kept: new Set(), settled: new Set() }
  held.set(disk, all)
  return all
}

export const acknowledgementOf = (id: string): string => `the acknowledgement of ${id}`

export class BrokeredSource {
  readonly #world: World
  readonly #keeping: Keeping
  #ended: Promise<void> | null = null
  #isStopped = false
  /** How often each message has come: the source gives out again what it does not have acknowledged. */
  readonly #times = new Map<string, number>()
  #looks: (() => void)[] = []
  readonly #onItsWay = new Map<string, () => void>()

  constructor(world: World, keeping: Keeping) {
    this.#world = world
    this.#keeping = keeping
  }

  /** From here on, what waits at the source is put into the broker. */
  begin(): void {
    this.#ended ??= this.#look()
  }

  /** Puts no more into the broker. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#ended
  }

  /**
   * Something is on its way between the processes, a message or the acknowledgement of one: nobody has a turn until it has come, so
   * that what is drawn to happen next does not happen before.
   */
  expects(what: string): void {
    this.comes(what)
    outsideOf(this.#world)?.holdFor(new Promise<void>((go) => {
      const timer = setTimeout(go, mostOnItsWay)
      this.#onItsWay.set(what, () => { clearTimeout(timer); go() })
    }))
  }

  /** It has come. */
  comes(what: string): void {
    this.#onItsWay.get(what)?.()
    this.#onItsWay.delete(what)
  }

  /** Acknowledges a message. What is said is to be done to the broker; where that hears it, `settled` is to be called then. */
  async acknowledge(id: string): Promise<Acknowledged> {
    this.comes(acknowledgementOf(id))
    const before = this.#times.get(id)
    try {
      await this.#world.acknowledge(id)
      return 'heard'
    } catch {
      // Whether the source has it all the same shows: what it does not have acknowledged it gives out again.
      for (let looks = 0; looks < 2; looks++) await new Promise<void>((go) => this.#looks.push(go))
      return this.#times.get(id) === before ? 'heard, and the answer is lost' : 'not heard'
    }
  }

  /** The broker has heard that a message is done with, and does not give it out again. */
  settled(id: string): void {
    heldIn(this.#world).settled.add(id)
  }

  async #look(): Promise<void> {
    while (!this.#isStopped) {
      try {
        for (const message of await this.#world.receive(most)) await this.#came(message)
        for (const go of this.#looks.splice(0)) go()
      } catch {
        this.#keeping.fails()
      }
      await new Promise((go) => setTimeout(go, pause))
    }
  }

  async #came(message: Message): Promise<void> {
    const { id } = message
    const { kept, settled } = heldIn(this.#world)
    this.#times.set(id, (this.#times.get(id) ?? 0) + 1)
    // The broker is done with it, and the source was not told: it is now. Where that fails it comes once more.
    if (settled.has(id)) return void this.#world.acknowledge(id).catch(() => undefined)
    if (kept.has(id)) return
    this.expects(id)
    await this.#keeping.put(message)
    kept.add(id)
  }
}
