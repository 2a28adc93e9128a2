/**
 * One connection to a Redis server, on which every acknowledgement is held until the source has said what becomes of it: the server hears
 * it, or does not, and the connection is lost; or it does, and its answer is lost.
 */
import type { Redis } from 'ioredis'
import type { Way } from '../../adapters/private-broker.ts'
import type { Acknowledged } from '../brokered-source.ts'
import { type Command, Commands } from './commands.ts'

/** Asked what becomes of the acknowledgement of an entry of a stream; then told that the server has it. */
export interface Gate {
  readonly acknowledge: (stream: string, entry: string) => Promise<Acknowledged>
  readonly settled: (stream: string, entry: string) => void
}

/** What is heard of a client, over one connection. */
export class Heard {
  readonly #way: Way<Redis>
  readonly #gate: Gate
  readonly #commands = new Commands()
  #isLost = false
  /** Fulfilled once all that was heard so far has been passed on, and what it acknowledges is known. */
  #passed: Promise<void> = Promise.resolve()

  constructor(way: Way<Redis>, gate: Gate) {
    this.#way = way
    this.#gate = gate
  }

  /** Takes in what a client says. The source is asked of every acknowledgement at once; they are passed on in their order. */
  hear(bytes: Buffer): void {
    for (const command of this.#commands.whole(bytes)) {
      const [name = '', stream = '', , ...entries] = command.words
      const isXack = name.toLowerCase() === 'xack'
      const outcomes = isXack ? Promise.all(entries.map((entry) => this.#gate.acknowledge(stream, entry))) : null
      this.#passed = this.#passed.then(async () => {
        if (!outcomes) return void this.#passes(command)
        const told = this.#acknowledges(command, await outcomes)
        this.#way.tells(told)
        await told
      })
    }
  }

  async #acknowledges(command: Command, outcomes: readonly Acknowledged[]): Promise<void> {
    const [, stream = '', group = '', ...entries] = command.words
    const heard = entries.filter((_, i) => outcomes[i] !== 'not heard')
    if (heard.length < entries.length) this.#lose()
    else if (outcomes.some((outcome) => outcome !== 'heard')) this.#way.connection.endAfter(0)
    if (heard.length === entries.length && this.#passes(command)) await Promise.all(heard.map((entry) => this.#hasIt(stream, group, entry)))
    // What the source has heard the server has, too: a fault strikes once.
    else if (heard.length > 0) await this.#way.direct.xack(stream, group, ...heard).catch(() => undefined)
    for (const entry of heard) this.#gate.settled(stream, entry)
  }

  /** Whether it has gone to the server: not where the connection is lost. */
  #passes({ bytes }: Command): boolean {
    if (this.#isLost || this.#way.far.destroyed) return false
    this.#way.far.write(bytes)
    return true
  }

  #lose(): void {
    this.#isLost = true
    this.#way.connection.reset()
  }

  /** Fulfilled once an entry is no longer pending, whoever hears the server’s answer. */
  async #hasIt(stream: string, group: string, entry: string): Promise<void> {
    const isPending = async () => (await this.#way.direct.xpending(stream, group, entry, entry, 1).catch(() => [])).length > 0
    while (await isPending()) {
      if (this.#way.far.destroyed) await this.#way.direct.xack(stream, group, entry).catch(() => undefined)
      else await new Promise((go) => setTimeout(go, 2))
    }
  }
}
