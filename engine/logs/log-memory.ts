/** The messages that a log speaks of: whole while they are in hand and for a while after, and then in a few bytes. */
import type { Account, Moment } from '../../spec/account.ts'
import type { Event } from '../../spec/connector.ts'
import type { Ledger } from '../verdict/ledger.ts'
import { Call, MessageInHand } from './message-in-hand.ts'
import { is, type SettledMessages } from './settled-messages.ts'

/** Settled messages that are kept whole for a while: most of what comes after comes soon. */
const mostLingering = 1_000
/** Names of links that settled messages are kept with; of others, only that they had one. */
const mostLinks = 65_536

export class LogMemory {
  readonly #ledger: Ledger
  readonly #settled: SettledMessages
  readonly #messages = new Map<string, MessageInHand>()
  readonly #lingering: (MessageInHand | undefined)[] = []
  #oldest = 0
  readonly #links: string[] = ['']
  readonly #numbers = new Map<string, number>()
  #call = 0

  constructor(ledger: Ledger, settled: SettledMessages) {
    this.#ledger = ledger
    this.#settled = settled
  }

  get messages(): Iterable<MessageInHand> {
    return this.#messages.values()
  }

  get size(): number {
    return this.#messages.size
  }

  get bytes(): number {
    return this.#settled.bytes
  }

  get hasForgotten(): boolean {
    return this.#settled.hasForgotten
  }

  nextCall(): number {
    return ++this.#call
  }

  inHand(id: string, now: Moment): MessageInHand | undefined {
    return this.#messages.get(id) ?? this.#recalled(id, now)
  }

  add(message: MessageInHand): void {
    this.#messages.set(message.id, message)
  }

  /** A message that is settled lingers for a while, and leaves memory then. */
  settle(message: MessageInHand, life: number): void {
    if (message.isAwaitingForgetting || !this.#isSettled(message, life)) return
    message.isAwaitingForgetting = true
    this.#lingering.push(message)
    if (this.#lingering.length - this.#oldest <= mostLingering) return
    const oldest = this.#lingering[this.#oldest]!
    this.#lingering[this.#oldest++] = undefined
    if (this.#oldest > mostLingering) {
      this.#lingering.splice(0, this.#oldest)
      this.#oldest = 0
    }
    oldest.isAwaitingForgetting = false
    // It may have been forgotten for another of the same name.
    if (this.#messages.get(oldest.id) !== oldest || !this.#isSettled(oldest, life)) return
    if (!oldest.isDoubtful) this.#keep(oldest)
    this.forget(oldest)
  }

  #isSettled(message: MessageInHand, life: number): boolean {
    return !message.isOpen(life) && (message.isRemoved || this.#ledger.of(message.id).every(hasVerdict))
  }

  forget({ id }: MessageInHand): void {
    this.#messages.delete(id)
    this.#ledger.forget(id)
  }

  #keep(message: MessageInHand): void {
    for (const { link, taken, recorded, flags, claims, acknowledged, isHanded } of this.#ledger.of(message.id)) {
      const last = [...recorded, ...flags].reduce((a, b) => (b.at > a.at ? b : a), taken)
      const told = recorded.some(({ attempt }) => attempt?.told?.isTaken)
      this.#settled.add(message.id, {
        link: this.#numberOf(link), takenLine: taken.at, line: last.at, life: last.life,
        is: (recorded.length > 0 ? is.delivered : 0) | (told ? is.told : 0) | (flags.length > 0 ? is.flagged : 0)
          | (claims.length > 0 ? is.claimed : 0) | (acknowledged.length > 0 ? is.acknowledged : 0) | (isHanded ? 0 : is.fetched)
          | (message.isRemoved ? is.removed : 0) | (message.calls.some(({ isSeen }) => isSeen) ? is.seen : 0),
      })
    }
  }

  #numberOf(link: string): number {
    const known = this.#numbers.get(link)
    if (known !== undefined || this.#links.length > mostLinks) return known ?? 0
    this.#numbers.set(link, this.#links.length)
    return this.#links.push(link) - 1
  }

  /** A settled message of which the log speaks once more, as far as it is known. */
  #recalled(id: string, now: Moment): MessageInHand | undefined {
    const all = this.#settled.take(id)
    if (all.length === 0) return undefined
    const message = new MessageInHand(id)
    const feed = (what: Event['what'], more: Partial<Event>, at: number) => this.#ledger.see({ what, time: now.time, ...more }, at)
    for (const { link: number, takenLine, line, life, is: bits } of all) {
      const link = this.#links[number]!
      const about = { message: id, link, life }
      this.#ledger.isHanded = (bits & is.fetched) === 0
      feed('taken', about, takenLine)
      message.saw(takenLine, { what: 'taken', link }, null)
      if (bits & is.fetched) feed('fetched', about, takenLine)
      if (bits & is.delivered) {
        const call = new Call(this.nextCall(), null, link, life)
        Object.assign(call, { isAnswered: (bits & is.told) !== 0, isCounted: true, isSeen: (bits & is.seen) !== 0 })
        feed('offered', { ...about, attempt: call.number }, line)
        feed('recorded', { ...about, attempt: call.number, ...(bits & is.told ? {} : { told: false }) }, line)
        message.calls.push(call)
        message.saw(line, { what: 'delivered', link }, null)
      }
      if (bits & is.flagged) {
        feed('flagged', about, line)
        message.saw(line, { what: 'flagged', link }, null)
      }
      if (bits & is.claimed) feed('claims delivered', about, line)
      if (bits & is.acknowledged) feed('acknowledged', about, line)
      message.isRemoved ||= (bits & is.removed) !== 0
    }
    this.#messages.set(id, message)
    return message
  }
}

export const hasVerdict = ({ recorded, flags }: Account) => recorded.length + flags.length > 0
