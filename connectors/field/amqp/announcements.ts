/**
 * amqplib, where nobody waits for a message with a header of its own: it is an announcement, published without a
 * callback. After a while the channel is asked, by `waitForConfirms`, whether all of them have arrived.
 */
import type { Connector, Message, World } from '../../../spec/connector.ts'
import type { Finding } from '../../../spec/evidence/field-trial.ts'
import {
  allAtOnce, amqplib, bodyOf, type ConfirmChannel, confirmed, exchangeOf, optionsOf, type Publish, publishing,
} from './amqplib.ts'

/** How long announcements are gathered before their channel is asked after them, in milliseconds. */
const gathering = 20

/** What went over one channel with nobody waiting for it: asked after together, and flagged when the channel closes. */
class Announcements {
  readonly #channel: ConfirmChannel
  readonly #world: World
  readonly #waiting = new Set<string>()
  #timer: NodeJS.Timeout | null = null

  constructor(channel: ConfirmChannel, world: World) {
    this.#channel = channel
    this.#world = world
    channel.on('close', () => this.#flag([...this.#waiting], new Error('the channel closed')))
  }

  publish(message: Message): void {
    this.#channel.publish(exchangeOf(message), message.address, bodyOf(message), optionsOf(message))
    this.#waiting.add(message.id)
    this.#timer ??= setTimeout(() => this.#ask(), gathering)
  }

  #ask(): void {
    const asked = [...this.#waiting]
    this.#timer = null
    this.#waiting.clear()
    this.#channel.waitForConfirms().then(() => {
      for (const id of asked) this.#world.delivered(id)
    }, (error: unknown) => this.#flag(asked, error))
  }

  #flag(ids: readonly string[], error: unknown): void {
    this.#waiting.clear()
    for (const id of ids) this.#world.flag(id, error)
  }
}

const announcing = (): Publish => {
  const announced = new WeakMap<ConfirmChannel, Announcements>()
  return (message, line, world) => {
    if (message.header === 'Subject') return confirmed(message, line, world)
    line.channel().then((channel) => {
      const announcements = announced.get(channel) ?? new Announcements(channel, world)
      announced.set(channel, announcements)
      announcements.publish(message)
    }).catch((error: unknown) => world.flag(message.id, error))
    return undefined
  }
}

export const announcing231: Connector =
  publishing('amqplib 2.3.1, with announcements', amqplib('2.3.1'), announcing(), allAtOnce)

export const current: readonly Finding[] = [
  {
    connector: announcing231, laws: ['honest'], page: 'amqplib-2.3.1', imports: { amqplib: 'amqplib-2.3.1' },
    what: 'waitForConfirms is fulfilled though a message published before it was refused, if the refusal came sooner than the call',
  },
]
