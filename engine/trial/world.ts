/**
 * The world’s edge: what a connector sees of a world, and the history of what really happened there.
 *
 * What a link has recorded is a fact. What the connector says of a message is written down beside it, and counts for
 * nothing but itself.
 */
import { setImmediate as immediate } from 'node:timers/promises'
import type { Event, EventName, Link, Message, Outcome, World } from '../../spec/connector.ts'
import { FaultyLink } from './faulty-link.ts'
import { idIn, TrialMessage, sameContent } from './messages.ts'
import { Source } from './source.ts'
import type { Scheduler } from './scheduler.ts'

const late = 5_000
const aboutLinks: ReadonlySet<EventName> = new Set(['dropped', 'steps'])

export class TrialWorld {
  readonly events: Event[] = []
  readonly links: readonly FaultyLink[]
  readonly messages = new Map<string, TrialMessage>()
  /** How many of the next calls will fail. */
  failNext = { receiving: 0, acknowledging: 0, reporting: 0 }
  readonly #scheduler: Scheduler
  readonly #workers: number
  readonly #onEvent: ((event: Event) => void) | undefined
  readonly #settled = new Map<string, 'claimed' | 'flagged'>()
  readonly #source = new Source()
  readonly #disk = new Map<string, unknown>()
  /** Of the connectors started in this world, those that have not died; a restarted one may have its say still. */
  #life: Life = { isOver: false }

  constructor(scheduler: Scheduler, workers: number, links: number, onEvent: ((event: Event) => void) | undefined) {
    this.#scheduler = scheduler
    this.#workers = workers
    this.#onEvent = onEvent
    this.links = Array.from({ length: links }, (_, i) => new FaultyLink(`link ${i + 1}`))
  }

  note(what: EventName, about: Omit<Partial<Event>, 'what' | 'time'> = {}): void {
    const event = { what, ...about, time: this.#scheduler.time }
    this.events.push(event)
    this.#onEvent?.(event)
    // Whoever reports again and again that a link is down gets nowhere; nor who is hung up on, or dials in vain.
    if (what !== 'reports' && !(aboutLinks.has(what) && about.message === undefined)) this.#scheduler.busy()
  }

  /** A message comes into being. */
  arrive(kind: Message['kind'], link: string, what: 'taken' | 'fresh'): TrialMessage {
    const message = new TrialMessage(this.messages.size + 1, kind, link)
    this.messages.set(message.id, message)
    this.note(what, { message: message.id, link, detail: kind })
    return message
  }

  /** Puts a message where a connector that fetches will find it. */
  hold(message: Message): void {
    this.#source.add(message)
  }

  /** What was fetched and not acknowledged waits again. */
  giveBack(only?: string): void {
    for (const { id } of this.#source.giveBack(only)) this.note('given again', { message: id })
  }

  /** What has had no verdict yet. */
  unsettled(): readonly TrialMessage[] {
    return [...this.messages.values()].filter(({ id }) => !this.#settled.has(id))
  }

  /** Every connector at work here is gone, and whatever it still does has no effect. */
  cutOff(): void {
    this.#life.isOver = true
    this.#life = { isOver: false }
  }

  /** Reads what the connector that is at work says of a message when it is done with it. */
  heed(id: string, word: PromiseLike<unknown>): void {
    const world = this.#life
    word.then(() => { if (!world.isOver) this.#claim(id) }, (error: unknown) => { if (!world.isOver) this.flag(id, error) })
  }

  /** What the connector says: that a message was delivered, */
  #claim(id: string): void {
    this.#settle(id, 'claimed', {})
  }

  /** or that it was not. */
  flag(id: string, reason: unknown): void {
    this.#settle(id, 'flagged', { detail: words(reason) })
  }

  /** What a connector that starts now is given. */
  world(): World {
    const life = this.#life
    const byContent = (content: unknown) => this.#linkOf(this.#messageIn(content))
    /** What a connector that has died still does has no effect, and whatever it waits for never comes. */
    const alive = <A extends readonly unknown[], R>(does: (...given: A) => Promise<R>) => (...given: A): Promise<R> =>
      life.isOver ? never() : does(...given).then(
        (result) => (life.isOver ? never() : result),
        (error: unknown) => { if (life.isOver) return never(); throw error })
    const now = <A extends readonly unknown[]>(does: (...given: A) => void) => (...given: A): void => {
      if (!life.isOver) does(...given)
    }
    return {
      workers: this.#workers,
      links: this.links.map((link): Link => ({
        name: link.name,
        send: alive((content) => this.#send(link, content)),
        sendNow: now((content) => this.#sendNow(link, content)),
        offer: alive((content, gone) => this.#offer(link, content, gone)),
        step: alive((name, gone) => this.#step(link, name, gone)),
        hangUp: now((why) => this.note('dropped', { link: link.name, detail: why })),
        watch: (change) => link.watch(now(change)),
      })),
      send: alive((content) => this.#send(byContent(content), content)),
      sendNow: now((content) => this.#sendNow(byContent(content), content)),
      flag: now((id, reason) => this.flag(id, reason)),
      delivered: now((id) => this.#claim(id)),
      report: now((error) => {
        this.note('reports', { detail: words(error) })
        if (this.failNext.reporting === 0) return
        this.failNext.reporting--
        throw new Error('the report could not be made')
      }),
      receive: alive((most) => this.#receive(most)),
      acknowledge: alive((id) => this.#acknowledge(id)),
      message: (id) => this.messages.get(id),
      disk: this.#disk,
    }
  }

  async #receive(most: number): Promise<readonly Message[]> {
    if (!this.#source.isEmpty || this.failNext.receiving > 0) await this.#scheduler.mine()
    else await immediate()
    if (this.failNext.receiving-- > 0) throw new Error('receiving failed')
    this.failNext.receiving = 0
    return this.#source.fetch(most)
  }

  async #acknowledge(id: string): Promise<void> {
    await this.#scheduler.mine()
    if (this.failNext.acknowledging === 0) return this.#source.done(id)
    this.failNext.acknowledging--
    this.giveBack(id)
    throw new Error(`${id} could not be acknowledged`)
  }

  async #send(link: FaultyLink, content: unknown): Promise<void> {
    // Answered twice, a promise has been answered once.
    const outcome = await this.#offer(link, content, undefined, false)
    if (outcome !== 'taken') throw refusal(link.name, outcome)
  }

  #sendNow(link: FaultyLink, content: unknown): void {
    const answer = link.answer(this.#messageIn(content), false)
    const outcome = answer === 'hangs' ? 'dropped before' : answer === 'late' || answer === 'out of order' ? 'taken' : answer
    this.#outcome(link, content, outcome)
    if (outcome !== 'taken') throw refusal(link.name, outcome)
  }

  async #offer(link: FaultyLink, content: unknown, gone?: AbortSignal, canRepeat = true): Promise<Outcome> {
    if (!(await this.#scheduler.mine(gone))) return this.#outcome(link, content, 'dropped before')
    const message = this.#messageIn(content)
    this.note('offered', { link: link.name, ...(message ? { message: message.id } : {}) })
    const answer = link.answer(message, canRepeat)
    if (answer === 'hangs') {
      await link.untilHealed()
      return this.#outcome(link, content, 'dropped before')
    }
    if (answer !== 'late' && answer !== 'out of order') return this.#outcome(link, content, answer)
    this.#record(link, content)
    await (answer === 'late' ? this.#later() : this.#scheduler.mine())
    this.note('acknowledged', { link: link.name, ...(message ? { message: message.id } : {}), detail: answer })
    return 'taken'
  }

  /** A step meets what would have met the next message: it is not put to the far side, so nothing is recorded of it. */
  async #step(link: FaultyLink, name: string, gone?: AbortSignal): Promise<Outcome> {
    const about = { link: link.name, detail: name }
    const drop = (): Outcome => {
      this.note('dropped', { link: link.name, detail: `at ${name}` })
      return 'dropped before'
    }
    // On a link that is down it has no turn to wait for: whoever dials again and again is at rest all the same.
    if (link.mood !== 'up') await immediate()
    else if (!(await this.#scheduler.mine(gone))) return 'dropped before'
    this.note('steps', about)
    const answer = link.stepped()
    if (answer === 'hangs') {
      await link.untilHealed()
      return drop()
    }
    if (answer === 'late') await this.#later()
    return answer === 'dropped before' ? drop() : answer === 'late' ? 'taken' : answer
  }

  #later(): Promise<unknown> {
    return new Promise((go) => setTimeout(go, this.#scheduler.clock ? late : Math.min(this.#scheduler.patience / 2, 50)))
  }

  #outcome(link: FaultyLink, content: unknown, outcome: Outcome): Outcome {
    const message = this.#messageIn(content)
    const about = { link: link.name, ...(message ? { message: message.id } : {}) }
    if (outcome.startsWith('taken') || outcome === 'dropped after') this.#record(link, content)
    if (outcome === 'taken, said twice') this.note('acknowledged', { ...about, detail: 'twice' })
    else if (outcome === 'refused for now' || outcome === 'refused for good') this.note('refused', { ...about, detail: outcome.slice(8) })
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
    else this.note('recorded altered', { ...about, detail: altered(message.content, content) })
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

/** Whether those who share a world with its like are gone. */
interface Life { isOver: boolean }
const never = () => new Promise<never>(() => undefined)

const refusal = (link: string, outcome: Outcome) => Object.assign(new Error(`${link}: ${outcome}`), { outcome })

const longestWords = 200

/** What has come of a text: of a long one, where it is no longer what was sent. */
function altered(sent: unknown, got: unknown): string {
  if (typeof sent !== 'string' || typeof got !== 'string' || sent.length < longestWords) return words(got)
  let same = 0
  while (same < got.length && got[same] === sent[same]) same++
  return `${words(got.slice(0, 20))}…, the same for ${same.toLocaleString('en-US')} of ${sent.length.toLocaleString('en-US')} characters`
}

/** An error or a value in a few words, whatever it is. */
export function words(value: unknown): string {
  try {
    const text = value instanceof Error ? value.message : typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    return text.slice(0, longestWords)
  } catch {
    return 'something that cannot be shown'
  }
}
