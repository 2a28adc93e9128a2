/**
 * The world’s edge: what a connector sees of a world, and the history of what really happened there.
 *
 * What a link has recorded is a fact. What the connector says of a message is written down beside it, and counts for
 * nothing but itself.
 */
import { setImmediate as immediate } from 'node:timers/promises'
import type { Event, EventName, Link, Message, Outcome, World } from '../spec/connector.ts'
import { FaultyLink } from './link.ts'
import { idIn, messageOf, sameContent } from './messages.ts'
import type { Turns } from './turns.ts'

const late = 5_000

/** A message, and whether the connector has ever looked at its signal: who has not cannot be told that it is aborted. */
export type Sent = Message & { heeded: boolean; readonly abort: () => void }

export class Edge {
  readonly events: Event[] = []
  readonly links: readonly FaultyLink[]
  readonly messages = new Map<string, Sent>()
  /** The same after a restart, so that an adapter can keep by it what outlives the connector. */
  readonly world: World
  /** How many of the next calls will fail. */
  failNext: { receiving: number; reporting: number } = { receiving: 0, reporting: 0 }
  readonly #turns: Turns
  readonly #onEvent: ((event: Event) => void) | undefined
  readonly #settled = new Map<string, 'claimed' | 'flagged'>()
  /** What a connector that fetches has not fetched yet, and what it has not acknowledged. */
  #inlet: Message[] = []
  readonly #unacknowledged = new Map<string, Message>()

  constructor(turns: Turns, workers: number, links: number, onEvent: ((event: Event) => void) | undefined) {
    this.#turns = turns
    this.#onEvent = onEvent
    this.links = Array.from({ length: links }, (_, i) => new FaultyLink(`link ${i + 1}`))
    this.world = this.#worldOf(workers)
  }

  note(what: EventName, about: Omit<Partial<Event>, 'what' | 'time'> = {}): void {
    const event = { what, ...about, time: this.#turns.time }
    this.events.push(event)
    this.#onEvent?.(event)
    // Whoever reports again and again that a link is down gets nowhere; nor who is hung up on again and again.
    if (what !== 'reports' && !(what === 'dropped' && about.message === undefined)) this.#turns.busy()
  }

  /** A message comes into being. */
  arrive(kind: Message['kind'], link: string, what: 'taken' | 'fresh'): Sent {
    let control: AbortController | null = null // made when somebody asks for it: thousands of messages never do
    const message: Sent = { ...messageOf(this.messages.size + 1, kind, link, unheard), heeded: false, abort: () => control?.abort() }
    // Not enumerable: a copy of the message is no look at its signal.
    Object.defineProperty(message, 'signal', {
      enumerable: false,
      get: () => {
        message.heeded = true
        control ??= new AbortController()
        return control.signal
      },
    })
    this.messages.set(message.id, message)
    this.note(what, { message: message.id, link, detail: kind })
    return message
  }

  /** Puts a message where a connector that fetches will find it. */
  hold(message: Message): void {
    this.#inlet.push(message)
  }

  /** What was fetched and not acknowledged waits again. */
  giveBack(): void {
    this.#inlet = [...this.#unacknowledged.values(), ...this.#inlet]
    this.#unacknowledged.clear()
  }

  /** What the connector says: that a message was delivered, */
  claim(id: string): void {
    this.#settle(id, 'claimed', {})
  }

  /** or that it was not. */
  flag(id: string, reason: unknown): void {
    this.#settle(id, 'flagged', { detail: words(reason) })
  }

  #worldOf(workers: number): World {
    const byContent = (content: unknown) => this.#linkOf(this.#messageIn(content))
    return {
      workers,
      links: this.links.map((link): Link => ({
        name: link.name,
        send: (content) => this.#send(link, content),
        sendNow: (content) => this.#sendNow(link, content),
        offer: (content, gone) => this.#offer(link, content, gone),
        hangUp: (why) => this.note('dropped', { link: link.name, detail: why }),
        watch: (change) => link.watch(change),
      })),
      send: (content) => this.#send(byContent(content), content),
      sendNow: (content) => this.#sendNow(byContent(content), content),
      flag: (id, reason) => this.flag(id, reason),
      delivered: (id) => this.claim(id),
      report: (error) => {
        this.note('reports', { detail: words(error) })
        if (this.failNext.reporting === 0) return
        this.failNext.reporting--
        throw new Error('the report could not be made')
      },
      receive: (most) => this.#receive(most),
      acknowledge: async (id) => {
        await this.#turns.mine()
        this.#unacknowledged.delete(id)
      },
      message: (id) => this.messages.get(id),
    }
  }

  async #receive(most: number): Promise<readonly Message[]> {
    if (this.#inlet.length > 0 || this.failNext.receiving > 0) await this.#turns.mine()
    else await immediate()
    if (this.failNext.receiving-- > 0) throw new Error('receiving failed')
    this.failNext.receiving = 0
    const messages = this.#inlet.splice(0, most)
    for (const message of messages) this.#unacknowledged.set(message.id, message)
    return messages
  }

  async #send(link: FaultyLink, content: unknown): Promise<void> {
    const outcome = await this.#offer(link, content)
    if (outcome !== 'taken') throw refusal(link.name, outcome)
  }

  #sendNow(link: FaultyLink, content: unknown): void {
    const answer = link.answer(this.#messageIn(content))
    const outcome = answer === 'hangs' ? 'dropped before' : answer === 'late' ? 'taken' : answer
    this.#outcome(link, content, outcome)
    if (outcome !== 'taken') throw refusal(link.name, outcome)
  }

  async #offer(link: FaultyLink, content: unknown, gone?: AbortSignal): Promise<Outcome> {
    if (!(await this.#turns.mine(gone))) return this.#outcome(link, content, 'dropped before')
    const message = this.#messageIn(content)
    this.note('offered', { link: link.name, ...(message ? { message: message.id } : {}) })
    const answer = link.answer(message)
    if (answer === 'hangs') {
      await link.untilHealed()
      return this.#outcome(link, content, 'dropped before')
    }
    if (answer !== 'late') return this.#outcome(link, content, answer)
    this.#record(link, content)
    await new Promise((go) => setTimeout(go, this.#turns.clock ? late : Math.min(this.#turns.patience / 2, 50)))
    this.note('acknowledged', { link: link.name, ...(message ? { message: message.id } : {}), detail: 'late' })
    return 'taken'
  }

  #outcome(link: FaultyLink, content: unknown, outcome: Outcome): Outcome {
    const message = this.#messageIn(content)
    const about = { link: link.name, ...(message ? { message: message.id } : {}) }
    if (outcome === 'taken' || outcome === 'dropped after') this.#record(link, content)
    if (outcome === 'refused for now' || outcome === 'refused for good') this.note('refused', { ...about, detail: outcome.slice(8) })
    else if (outcome !== 'taken') this.note('dropped', { ...about, detail: outcome === 'dropped after' ? 'after it was recorded' : 'before it was recorded' })
    return outcome
  }

  #record(link: FaultyLink, content: unknown): void {
    const message = this.#messageIn(content)
    if (!message) {
      this.note('recorded something never sent', { link: link.name, detail: words(content) })
      return
    }
    const whole = sameContent(message.content, content)
    const about = { message: message.id, link: link.name }
    if (whole) this.note('recorded', about)
    else this.note('recorded altered', { ...about, detail: words(content) })
  }

  /** The message that content belongs to. Empty content belongs to the one empty message. */
  #messageIn(content: unknown): Message | undefined {
    const id = idIn(content)
    if (id !== null) return this.messages.get(id)
    if (content !== '') return undefined
    return [...this.messages.values()].find(({ kind }) => kind === 'empty')
  }

  #linkOf(message: Message | undefined): FaultyLink {
    return this.links.find(({ name }) => name === message?.link) ?? this.links[0]!
  }

  #settle(id: string, how: 'claimed' | 'flagged', about: { detail?: string }): void {
    const before = this.#settled.get(id)
    if (before !== undefined && before !== how) this.note('settles again', { message: id })
    this.#settled.set(id, how)
    this.note(how === 'claimed' ? 'claims delivered' : 'flagged', { message: id, ...about })
  }
}

const refusal = (link: string, outcome: Outcome) => Object.assign(new Error(`${link}: ${outcome}`), { outcome })

const unheard = new AbortController().signal
const longestWords = 200

/** An error or a value in a few words, whatever it is. */
export function words(value: unknown): string {
  try {
    const text = value instanceof Error ? value.message : typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    return text.slice(0, longestWords)
  } catch {
    return 'something that cannot be shown'
  }
}
