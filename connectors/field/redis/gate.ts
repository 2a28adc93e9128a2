/**
 * One connection to a Redis server, on which every acknowledgement is held until the source has said what becomes of it: the server hears
 * it, or does not, and the connection is lost; or it does, and its answer is lost.
 */
import type { Redis } from 'ioredis'
import type { Way } from '../../adapters/private-broker.ts'
import type { Acknowledged } from '../brokered-source.ts'
import { type Command, Commands } from './commands.ts'

/** A command by which messages are done with, be they entries of a stream or jobs. */
export interface Acknowledgement {
  readonly messages: readonly string[]
  /** Does so for some of them, over a connection that nothing is done to. */
  readonly repeat: (direct: Redis, messages: readonly string[]) => Promise<unknown>
  /** Whether the server still holds one to be under way. */
  readonly isUnderWay: (direct: Redis, message: string) => Promise<boolean>
}

/** Which commands those are; what becomes of an acknowledgement is asked, and then told that the server has it. */
export interface Gate {
  readonly meaningOf: (command: Command) => Acknowledgement | null
  readonly acknowledge: (message: string) => Promise<Acknowledged>
  readonly settled: (message: string) => void
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
      const meant = this.#gate.meaningOf(command)
      const outcomes = meant && Promise.all(meant.messages.map((message) => this.#gate.acknowledge(message)))
      this.#passed = this.#passed.then(async () => {
        if (!meant || !outcomes) return void this.#passes(command)
        const told = this.#acknowledges(command, meant, await outcomes)
        this.#way.tells(told)
        await told
      })
    }
  }

  async #acknowledges(command: Command, meant: Acknowledgement, outcomes: readonly Acknowledged[]): Promise<void> {
    const { messages } = meant
    const heard = messages.filter((_, i) => outcomes[i] !== 'not heard')
    if (heard.length < messages.length) this.#lose()
    else if (outcomes.some((outcome) => outcome !== 'heard')) this.#way.connection.endAfter(0)
    if (heard.length === messages.length && this.#passes(command)) await Promise.all(heard.map((message) => this.#hasIt(meant, message)))
    // What the source has heard the server has, too: a fault strikes once.
    else if (heard.length > 0) await meant.repeat(this.#way.direct, heard).catch(() => undefined)
    for (const message of heard) this.#gate.settled(message)
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

  /** Fulfilled once the server has it, whoever hears its answer. */
  async #hasIt(meant: Acknowledgement, message: string): Promise<void> {
    const { direct, far } = this.#way
    while (await meant.isUnderWay(direct, message).catch(() => false)) {
      if (far.destroyed) await meant.repeat(direct, [message]).catch(() => undefined)
      else await new Promise((go) => setTimeout(go, 2))
    }
  }
}
