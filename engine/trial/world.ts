/**
 * What a connector sees of a world, and the history of what really happened there.
 *
 * What a link has recorded is a fact. What the connector says of a message is written down beside it, and counts for
 * nothing but itself.
 */
import {
  type Connector, type Event, type EventName, type Link, type Message, promisesOf, type World,
} from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { realImmediate, realSleep } from '../real-time.ts'
import { eventOf, happening, idIn, mostReports, words } from './content.ts'
import { Disk } from './disk.ts'
import { FaultyLink } from './faulty-link.ts'
import { alive, type Life, LinkCalls, now } from './link-calls.ts'
import { type Addressee, type Arriving, TrialMessage, Twins, Unsettled } from './messages.ts'
import type { Scheduler } from './scheduler.ts'
import { Source } from './source.ts'

const late = 5_000
const recordings: ReadonlySet<EventName> = new Set(['recorded', 'recorded stripped', 'recorded altered'])
const aboutLinks: ReadonlySet<EventName> = new Set(['dropped', 'steps', 'answered'])

/** What may be done to the next calls of a kind: how many of them. */
interface Pending { receiving: number; acknowledging: number; losing: number; late: number; reporting: number; disk: number; slow: number }
const nothing = (): Pending => ({ receiving: 0, acknowledging: 0, losing: 0, late: 0, reporting: 0, disk: 0, slow: 0 })

export class TrialWorld {
  readonly events: Event[] = []
  readonly links: readonly FaultyLink[]
  readonly messages = new Map<string, TrialMessage>()
  readonly disk = new Disk()
  /** How many of the next calls will fail, or are late. */
  next = nothing()
  /** Whether a source in trouble gives what was out again behind what waits: some brokers do, and others before it. */
  givesBackBehind = false
  /** Whose senders have given up by the time at which they are handed over, of those that come next: as the fault numbers them. */
  givenUp: number | null = null
  /** How many reports were made, those that are not kept among them. */
  reports = 0
  readonly #scheduler: Scheduler
  readonly #workers: number
  readonly #mostAttachments: number
  readonly #onEvent: ((event: Event) => void) | undefined
  readonly #calls: LinkCalls
  readonly #source: Source
  readonly #twins = new Twins()
  readonly #unsettled: Unsettled
  /** Of the connectors started in this world, those that have not died; a restarted one may have its say still. */
  #life: Life = { isOver: false, number: 0 }
  /** One that was stopped, and did not say when it was done, may finish what it has in hand: those that are not cut off. */
  readonly #lives: Life[] = []

  constructor(connector: Connector, scheduler: Scheduler, hands: Pick<Scenario, 'workers' | 'links'>, onEvent?: (event: Event) => void) {
    const { carries, strips } = promisesOf(connector, scheduler.patience)
    this.#mostAttachments = carries.includes('attachments') ? strips : 0
    this.#scheduler = scheduler
    this.#source = new Source(scheduler.clock ? null : (work) => scheduler.outside.holdFor(work))
    this.#workers = hands.workers
    this.#onEvent = onEvent
    this.links = Array.from({ length: hands.links }, (_, i) => new FaultyLink(`link ${i + 1}`))
    this.#unsettled = new Unsettled(this.links)
    this.#calls = new LinkCalls({
      scheduler, carries, later: () => this.#later(), note: (what, about) => this.note(what, about), enter: (event) => this.enter(event),
      messageIn: (content, link, envelope) => this.#offered(content, link, (twin) => twin.misses(carries, envelope, link.name) === ''),
    })
  }

  note(what: EventName, about: Omit<Partial<Event>, 'what' | 'time'> = {}): void {
    this.enter(happening(what, about, this.#scheduler.time))
  }

  /** Writes an event down. */
  enter(event: Event): void {
    const { what } = event
    this.events.push(event)
    this.#onEvent?.(event)
    if (recordings.has(what)) {
      // It may be misrouted, to a link that none of its recipients is at.
      const addressee = this.messages.get(event.message!)!.over(event.link!)
      if (addressee) addressee.isRecorded = true
    }
    // Whoever reports again and again that a link is down gets nowhere; nor who is hung up on, or dials in vain.
    if (what !== 'reports' && !(aboutLinks.has(what) && event.message === undefined)) this.#scheduler.busy()
  }

  /** A message comes into being. */
  arrive(what: 'taken' | 'fresh', arriving: Arriving): TrialMessage {
    const message = new TrialMessage(this.messages.size + 1, arriving, {
      aborted: this.#unsettled.aborted, mostAttachments: this.#mostAttachments,
    })
    const { id, twinOf, recipients } = message
    this.messages.set(id, message)
    this.#unsettled.add(message)
    if (message.kind === 'twin') this.#twins.add(message)
    const { time } = this.#scheduler
    for (const { link, kind } of recipients)
      this.enter(eventOf(what, time, id, link, undefined, undefined, twinOf === id ? kind : `${kind} of ${twinOf}`))
    return message
  }

  /** Puts a message where a connector that fetches will find it. */
  hold(message: TrialMessage): void {
    this.#source.add(message)
  }

  /** What was fetched and not acknowledged waits again. */
  giveBack(only?: string): void {
    for (const { id } of this.#source.giveBack(only, this.givesBackBehind)) this.note('given again', { message: id })
  }

  /** What the connector has said nothing of yet. */
  unsettled(): readonly TrialMessage[] {
    return this.#unsettled.all
  }

  /** How many messages it has not said its word of. */
  get owed(): number {
    return this.#unsettled.size
  }

  /** Whether it owes a word that nothing keeps it from: of a message whose link is up, or whose sender has given up. */
  get owesNow(): boolean {
    return this.#unsettled.isAnyFree
  }

  /** Every connector at work here is gone, and whatever it still does has no effect. */
  cutOff(): void {
    for (const life of this.#lives) life.isOver = true
    this.#lives.length = 0
    this.#live(this.#life.number)
  }

  /** Reads what the connector that is at work says of a message when it is done with it. */
  heed(message: TrialMessage, word: PromiseLike<unknown>): void {
    const life = this.#life
    word.then(
      () => { if (!life.isOver) this.#claim(message.id, life.number) },
      (error: unknown) => { if (!life.isOver) this.rejected(message, error, life.number) })
  }

  /** What it says by rejecting: that nobody has it, or that those over some links have not. */
  rejected(message: TrialMessage, error: unknown, life = this.#life.number): void {
    const named = (error as { readonly links?: unknown } | null | undefined)?.links
    const links = Array.isArray(named) && message.recipients.length > 1 ? named.filter((name) => typeof name === 'string') : null
    for (const addressee of message.recipients)
      if (links && !links.includes(addressee.link)) this.#settle(message, 'claimed', addressee, life)
      else if (message.recipients.length === 1 || addressee.said === null) this.#settle(message, 'flagged', addressee, life, words(error))
  }

  /** What a connector that starts now is given. */
  world(): World {
    const life = this.#live(this.#life.number + 1)
    const { number } = life
    const storage = this.disk.storage({
      turn: async () => { await this.#scheduler.mine(undefined, true) }, later: () => this.#later(),
      next: () => {
        const how = this.#use('disk') ? 'fails' : this.#use('slow') ? 'is slow' : 'works'
        if (how !== 'works') this.note(`disk ${how}`)
        return how
      },
    })
    return {
      workers: this.#workers,
      links: this.links.map((link): Link => ({
        name: link.name,
        send: (content, envelope) => this.#calls.send(link, life, content, envelope),
        sendNow: now(life, (content, envelope) => this.#calls.sendNow(link, number, content, envelope)),
        offer: alive(life, (content, gone, envelope) => this.#calls.offer(link, number, content, { gone, envelope })),
        step: alive(life, (name, gone) => this.#calls.step(link, name, gone)),
        hangUp: now(life, (why) => this.note('dropped', { link: link.name, detail: why })),
        watch: (change) => link.watch(now(life, change)),
      })),
      send: (content, envelope) => this.#calls.send(this.#linkFor(content), life, content, envelope),
      sendNow: now(life, (content, envelope) => this.#calls.sendNow(this.#linkFor(content), number, content, envelope)),
      flag: now(life, (id, reason, link) => this.#flag(id, reason, link, number)),
      delivered: now(life, (id, link) => this.#claim(id, number, link)),
      report: now(life, (error) => {
        if (++this.reports <= mostReports) this.note('reports', { detail: words(error) })
        if (this.#use('reporting')) throw new Error('`world.report` failed: that is the fault ‘reporting fails’')
      }),
      receive: alive(life, (most) => this.#receive(most, life)),
      acknowledge: alive(life, (id, how) => this.#acknowledge(id, how?.upTo ?? false, number)),
      refuse: alive(life, (id, how) => this.#refuse(id, how?.requeue ?? true, number)),
      message: (id) => this.messages.get(id)?.latest,
      disk: this.disk.map,
      storage: { read: alive(life, storage.read), write: alive(life, storage.write),
        remove: alive(life, storage.remove), keys: alive(life, storage.keys) },
    }
  }

  #live(number: number): Life {
    this.#life = { isOver: false, number }
    this.#lives.push(this.#life)
    return this.#life
  }

  #use(what: keyof Pending): boolean {
    return this.next[what] > 0 && this.next[what]-- > 0
  }

  async #receive(most: number, life: Life): Promise<readonly Message[]> {
    await (this.#source.looks() || this.next.receiving > 0 ? this.#scheduler.mine() : realImmediate())
    if (this.#use('late')) await this.#later()
    // Whoever asked is gone: what waits is for whoever comes after.
    if (life.isOver) return []
    if (this.#use('receiving')) throw new Error('receiving failed')
    const fetched = this.#source.fetch(most, life.number)
    for (const { id } of fetched) this.note('fetched', { message: id })
    return fetched.map((message) => message.handed())
  }

  async #acknowledge(id: string, isUpTo: boolean, life: number): Promise<void> {
    // It is about what was fetched until now: it may have been given out again by the time this has its turn.
    const upTo = isUpTo ? this.#source.lastFetch(id) : 0
    await this.#scheduler.mine(undefined, true)
    if (this.#use('late')) await this.#later()
    if (this.#use('acknowledging')) {
      this.giveBack(id)
      throw new Error(`${id} could not be acknowledged`)
    }
    if (this.#source.waits(id)) throw new Error(`${id} is not out: the source has it, and gives it out again`)
    const isLost = this.#use('losing')
    for (const message of this.#source.done(id, { upTo, isLost, life })) {
      const about = { ...(life === 1 ? {} : { life }), ...(isLost ? { told: false as const } : {}) }
      const isSafe = !this.#isSettled(message) && this.disk.mentions(message.id)
      const how = { ...about, ...(message.id === id ? {} : { with: id }), ...(isSafe ? { detail: 'on disk' } : {}) }
      this.note('acknowledged', { message: message.id, ...how })
      this.#unsettled.delete(message)
    }
    if (isLost) throw new Error(`the answer to the acknowledgement of ${id} was lost`)
  }

  async #refuse(id: string, requeue: boolean, life: number): Promise<void> {
    await this.#scheduler.mine(undefined, true)
    const about = life === 1 ? {} : { life }
    if (requeue) for (const message of this.#source.giveBack(id)) this.note('given again', { message: message.id, ...about, detail: 'put back' })
    else for (const message of this.#source.done(id)) this.note('thrown away', { message: message.id, ...about })
  }

  /** Whether every recipient of a message has it, or it was flagged. */
  #isSettled({ recipients }: TrialMessage): boolean {
    return recipients.every(({ isRecorded, said }) => isRecorded || said === 'flagged')
  }

  #later(): Promise<void> {
    const { clock, patience } = this.#scheduler
    return clock ? new Promise((go) => clock.setTimeout(() => go(), late)) : realSleep(Math.min(patience / 2, 50))
  }

  /** The message that content belongs to. Empty content belongs to the one empty message. */
  #messageIn(content: unknown): TrialMessage | undefined {
    const id = idIn(content)
    if (id !== null || content !== '') return id === null ? undefined : this.messages.get(id)
    return [...this.messages.values()].find(({ kind }) => kind === 'empty')
  }

  #offered(content: unknown, { name }: FaultyLink, fits: (twin: TrialMessage) => boolean): TrialMessage | undefined {
    const message = this.#messageIn(content)
    return message?.kind === 'twin' ? this.#twins.offered(message, name, fits) : message
  }

  #linkFor(content: unknown): FaultyLink {
    const link = this.#messageIn(content)?.link
    return this.links.find(({ name }) => name === link) ?? this.links[0]!
  }

  /** What the connector says: that a message was delivered, to all of whom it has not said otherwise; */
  #claim(id: string, life: number, only?: string): void {
    const message = this.messages.get(id)
    if (message) for (const addressee of only === undefined ? message.handedFor : message.recipients)
      if (only === addressee.link || (only === undefined && (message.recipients.length === 1 || addressee.said !== 'flagged')))
        this.#settle(message, 'claimed', addressee, life)
  }

  /** or that it was not. */
  #flag(id: string, reason: unknown, only: string | undefined, life: number): void {
    const message = this.messages.get(id)
    if (message) for (const addressee of only === undefined ? message.handedFor : message.recipients)
      if (only === undefined || only === addressee.link) this.#settle(message, 'flagged', addressee, life, words(reason))
  }

  #settle(message: TrialMessage, how: 'claimed' | 'flagged', addressee: Addressee, life: number, detail?: string): void {
    // Said by a promise and by `world.delivered` too, it is said once.
    if (how === 'claimed' && addressee.said === 'claimed') return
    addressee.said = how
    if (message.recipients.every(({ said }) => said !== null)) this.#unsettled.delete(message)
    const link = message.recipients.length > 1 ? addressee.link : undefined
    const what = how === 'claimed' ? 'claims delivered' : 'flagged'
    this.enter(eventOf(what, this.#scheduler.time, message.id, link, undefined, life === 1 ? undefined : life, detail))
  }
}
