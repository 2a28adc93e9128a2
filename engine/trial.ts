/**
 * The third reader’s hand: one connector, one ordeal, and the history of what happened at the world’s edge.
 *
 * Every call that a connector makes on the world waits for its turn, and the ordeal’s schedule gives the turns: what
 * is seen is the order of effects. When nobody waits and no timer is left, the connector is at rest; then every link
 * is healed, and a fresh message is sent over each.
 */
import { setImmediate as immediate, setTimeout as realSleep } from 'node:timers/promises'
import FakeTimers from '@sinonjs/fake-timers'
import type { Connector, Event, EventName, History, Link, Message, Outcome, Running, World } from '../spec/connector.ts'
import type { Blow, Ordeal } from '../spec/ordeal.ts'
import { countImmediates, type Immediates } from './immediates.ts'
import { FaultyLink } from './link.ts'
import { idIn, messageOf, sameContent } from './messages.ts'

const realNow = performance.now.bind(performance)

export interface TrialOptions {
  /** Milliseconds after which nothing more is expected, for a connector on the real clock that gives no patience. */
  readonly patience?: number
  /** Told of every event as it happens. */
  readonly onEvent?: (event: Event) => void
  /** Told at every turn how many could have had it: what to choose from, for whoever tries every schedule. */
  readonly onChoice?: (choices: number) => void
}

/** Runs a connector through an ordeal. Never rejects: what goes wrong is in the history. */
export async function trial(connector: Connector, ordeal: Ordeal, options: TrialOptions = {}): Promise<History> {
  const virtual = connector.clock !== 'real'
  const clock = virtual
    ? FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: 1_000_000_000_000 })
    : null
  const immediates = countImmediates()
  try {
    return await new Trial(connector, ordeal, clock, immediates, options).run()
  } finally {
    immediates.uninstall()
    clock?.uninstall()
  }
}

const virtualPatience = 3_600_000
const realPatience = 250
/** How often the connector may find nothing to do before it counts as at rest. */
const quietRounds = 3
/** After so many rounds a connector that puts itself off counts as idle all the same; sooner, if it did so last time. */
const mostRounds = { once: 20_000, again: 500 }
const turnsFor = (messages: number) => 2_000 + 50 * messages
const idleTimers = 10_000
/** Timers in a row that brought nothing, after which only one set before that is waited for. */
const onlyPolling = 40
const late = 5_000

interface Call {
  readonly go: () => void
}

/** A message, and whether the connector has ever looked at its signal: who has not cannot be told that it is aborted. */
type Sent = Message & { heeded: boolean; readonly abort: () => void }

class Trial {
  readonly #connector: Connector
  readonly #ordeal: Ordeal
  readonly #clock: ReturnType<typeof FakeTimers.install> | null
  readonly #immediates: Immediates
  readonly #patience: number
  readonly #links: readonly FaultyLink[]
  readonly #events: Event[] = []
  readonly #messages = new Map<string, Sent>()
  readonly #recorded = new Map<string, number>()
  readonly #settled = new Map<string, 'claimed' | 'flagged'>()
  readonly #waiting: Call[] = []
  /** What a connector that fetches has not fetched yet, and what it has not acknowledged. */
  #inlet: Message[] = []
  readonly #unacknowledged = new Map<string, Message>()
  readonly #began: number
  readonly #onEvent: TrialOptions['onEvent']
  readonly #onChoice: TrialOptions['onChoice']
  #running: Running | null = null
  /** The same after a restart, so that an adapter can keep by it what outlives the connector. */
  #surroundings: World | null = null
  #stopped = false
  #spins = false
  #lastActivity = 0
  #activity = 0
  #turns = 0
  readonly #given = new Map<Message['kind'], number>()
  #failNext: { receiving: number; reporting: number } = { receiving: 0, reporting: 0 }

  constructor(
    connector: Connector, ordeal: Ordeal, clock: ReturnType<typeof FakeTimers.install> | null, immediates: Immediates,
    { patience, onEvent, onChoice }: TrialOptions,
  ) {
    this.#immediates = immediates
    this.#onEvent = onEvent
    this.#onChoice = onChoice
    this.#connector = connector
    this.#ordeal = ordeal
    this.#clock = clock
    this.#patience = connector.patience ?? (clock ? virtualPatience : (patience ?? realPatience))
    this.#links = Array.from({ length: ordeal.links }, (_, i) => new FaultyLink(`link ${i + 1}`))
    this.#began = this.#now()
  }

  async run(): Promise<History> {
    const broke = (error: unknown) => this.#note('broke down', { detail: words(error) })
    process.on('uncaughtException', broke)
    process.on('unhandledRejection', broke)
    try {
      await this.#start()
      await this.#live([...this.#ordeal.faults].sort((a, b) => a.after - b.after), this.#ordeal.stream.length)
      this.#note('at rest')
      for (const link of this.#links) link.heal()
      this.#failNext = { receiving: 0, reporting: 0 }
      this.#note('healed')
      if (!this.#running || this.#stopped) await this.#startAgain()
      await this.#live([], 0)
      for (const link of this.#links) this.#arrive(this.#messages.size + 1, 'plain', link.name, 'fresh')
      await this.#live([], 0)
      this.#note('end')
      await this.#stop(true)
    } catch (error) {
      broke(error)
    } finally {
      process.off('uncaughtException', broke)
      process.off('unhandledRejection', broke)
    }
    return this.#events
  }

  // --- whose turn it is

  /** Gives out turns until nobody waits, no batch or fault is left, and time brings nothing more. */
  async #live(blows: Blow[], batches: number): Promise<void> {
    let arrived = 0
    const most = this.#turns + turnsFor(this.#ordeal.stream.reduce((sum, { count }) => sum + count, 0))
    for (;;) {
      await this.#quiet()
      if (blows[0] && blows[0].after <= this.#turns) {
        while (blows[0] && blows[0].after <= this.#turns) await this.#strike(blows.shift()!)
        continue
      }
      const choices = (arrived < batches ? 1 : 0) + this.#waiting.length
      if (choices > 0) {
        this.#onChoice?.(choices)
        const position = (this.#ordeal.schedule[this.#turns] ?? 0) % choices
        this.#turns++
        if (blows.length === 0 && arrived === batches && this.#turns > this.#ordeal.schedule.length) {
          // Nothing is left to decide: whoever waits goes on, in the order in which they came.
          this.#turns += this.#waiting.length - 1
          for (const { go } of this.#waiting.splice(0)) go()
          if (this.#turns <= most) continue
        }
        if (this.#turns > most) return this.#note('broke down', { detail: `it was given ${most} turns and wants more: it goes on for ever` })
        if (arrived < batches && position === 0) this.#batch(arrived++)
        else this.#waiting.splice(position - (arrived < batches ? 1 : 0), 1)[0]!.go()
      } else if (blows[0]) await this.#strike(blows.shift()!)
      else if (!(await this.#timePasses())) return
    }
  }

  /** Lets everything go on that needs no turn. */
  async #quiet(whoeverWaits = false): Promise<void> {
    const most = this.#spins ? mostRounds.again : mostRounds.once
    let busy = 0
    for (let rounds = 0, seen = -1; rounds < quietRounds; ) {
      await immediate()
      if (this.#waiting.length > 0 && !whoeverWaits) return
      const putOff = this.#immediates.pending() > 0 && busy < most
      if (putOff) busy++
      rounds = !putOff && seen === this.#activity ? rounds + 1 : 0
      seen = this.#activity
    }
    this.#spins = busy >= most
  }

  /** Whether time brings anything: the next timer of virtual time, or a little real time, within its patience. */
  async #timePasses(): Promise<boolean> {
    if (!this.#clock) {
      const before = this.#activity
      // A machine that is busy elsewhere takes time from both: so many looks, whatever the clock says.
      for (let looks = 0, until = realNow() + this.#patience; realNow() < until || looks < this.#patience / 2; looks++) {
        await realSleep(1)
        if (this.#activity !== before || this.#waiting.length > 0) return true
      }
      return false
    }
    const before = this.#activity
    for (let i = 0; i < idleTimers; i++) {
      if (this.#clock.countTimers() === 0 || this.#now() - this.#lastActivity > this.#patience) return false
      if (i >= onlyPolling && !this.#waitsForATimer(this.#clock)) return false
      this.#clock.next()
      await this.#quiet()
      if (this.#activity !== before || this.#waiting.length > 0) return true
    }
    return false
  }

  /** Waits for a turn; says whether it came before the signal. */
  #turn(gone?: AbortSignal): Promise<boolean> {
    this.#busy()
    if (gone?.aborted) return Promise.resolve(false)
    return new Promise((end) => {
      const call: Call = { go: () => end(true) }
      this.#waiting.push(call)
      gone?.addEventListener('abort', () => {
        const at = this.#waiting.indexOf(call)
        if (at < 0) return
        this.#waiting.splice(at, 1)
        end(false)
      })
    })
  }

  /** Whether a timer is left that was set before things went quiet. Those set since are somebody asking in vain. */
  #waitsForATimer(clock: object): boolean {
    const { timers } = clock as { timers?: ReadonlyMap<unknown, { createdAt: number; type?: string }> }
    return [...(timers ?? []).values()].some(({ createdAt, type }) => createdAt <= this.#lastActivity && type !== 'Interval')
  }

  #busy(): void {
    this.#activity++
    this.#lastActivity = this.#now()
  }

  #now(): number {
    return this.#clock ? this.#clock.now : realNow()
  }

  #note(what: EventName, about: Omit<Partial<Event>, 'what' | 'time'> = {}): void {
    const event = { what, ...about, time: Math.round(this.#now() - this.#began) }
    this.#events.push(event)
    this.#onEvent?.(event)
    // Whoever reports again and again that a link is down gets nowhere.
    if (what !== 'reports') this.#busy()
  }

  // --- what the world does

  async #start(): Promise<void> {
    this.#surroundings ??= this.#world()
    this.#running = await this.#connector.start(this.#surroundings)
  }

  async #stop(quietly: boolean): Promise<void> {
    const stopping = this.#running
    this.#running = null
    try {
      const done = Promise.resolve(stopping?.stop?.())
      if (quietly) await Promise.race([done, this.#clock ? immediate() : realSleep(200)])
      else done.catch((error: unknown) => this.#note('broke down', { detail: `stop failed: ${words(error)}` }))
    } catch (error) {
      if (!quietly) this.#note('broke down', { detail: `stop failed: ${words(error)}` })
    }
  }

  #batch(index: number): void {
    const { count, kind, link } = this.#ordeal.stream[index]!
    const name = this.#links[(link - 1) % this.#links.length]!.name
    for (let i = 0; i < count; i++) this.#arrive(this.#messages.size + 1, this.#sparingly(kind), name, 'taken')
  }

  /** Only one message of an ordeal is empty, for nothing would tell two of them apart; and few are deep, for their size. */
  #sparingly(kind: Message['kind']): Message['kind'] {
    const most = kind === 'empty' ? 1 : kind === 'deep' ? 8 : Infinity
    const given = (this.#given.get(kind) ?? 0) + 1
    this.#given.set(kind, given)
    return given <= most ? kind : 'plain'
  }

  #arrive(number: number, kind: Message['kind'], link: string, what: 'taken' | 'fresh'): void {
    let control: AbortController | null = null // made when somebody asks for it: thousands of messages never do
    const message: Sent = { ...messageOf(number, kind, link, unheard), heeded: false, abort: () => control?.abort() }
    // Not enumerable: a copy of the message is no look at its signal.
    Object.defineProperty(message, 'signal', {
      enumerable: false,
      get: () => {
        message.heeded = true
        control ??= new AbortController()
        return control.signal
      },
    })
    this.#messages.set(message.id, message)
    this.#note(what, { message: message.id, link, detail: kind })
    if (!this.#running?.take) {
      this.#inlet.push(message)
      return
    }
    try {
      const word = this.#running.take(message)
      if (word instanceof Promise || typeof (word as PromiseLike<unknown> | undefined)?.then === 'function')
        (word as PromiseLike<unknown>).then(() => this.#claim(message.id), (error: unknown) => this.#flag(message.id, error))
    } catch (error) {
      this.#flag(message.id, error)
    }
  }

  async #strike({ what, on }: Blow): Promise<void> {
    const link = this.#links[(on - 1) % this.#links.length]!
    const not = this.#connector.notApplicable?.[what]
    if (not !== undefined) return
    if (what === 'sender aborts') {
      const ids = [...this.#messages.keys()]
      const message = this.#messages.get(ids[(on - 1) % Math.max(1, ids.length)] ?? '')
      if (!message?.heeded) return
      this.#note(what, { message: message.id })
      message.abort()
    } else if (what === 'service stops' || what === 'service restarts') {
      if (!this.#running?.stop) return
      this.#note(what)
      await this.#service(what === 'service restarts')
    } else if (what === 'time passes') {
      this.#note(what)
      if (this.#clock) await this.#timeFlies(this.#clock)
    } else if (what === 'receiving fails' || what === 'reporting fails') {
      this.#note(what)
      this.#failNext[what === 'receiving fails' ? 'receiving' : 'reporting']++
    } else {
      this.#note(what, { link: link.name })
      link.strike(what)
    }
  }

  /** As much time as anything healthy takes, timer by timer: what one starts goes on before the next one. */
  async #timeFlies(clock: ReturnType<typeof FakeTimers.install>): Promise<void> {
    const until = clock.now + this.#patience
    let over = false
    clock.setTimeout(() => { over = true }, this.#patience)
    for (let timers = 0; !over && timers < idleTimers; timers++) {
      clock.next()
      await this.#quiet(true)
    }
    if (!over) clock.tick(until - clock.now)
  }

  /** Stopped, it may still be given messages; it is started again at once, or when everything heals. */
  async #service(again: boolean): Promise<void> {
    const running = this.#running
    if (!this.#stopped) await this.#stop(false)
    this.#stopped = !again
    this.#running = running
    if (again) await this.#startAgain()
  }

  async #startAgain(): Promise<void> {
    this.#stopped = false
    this.#inlet = [...this.#unacknowledged.values(), ...this.#inlet]
    this.#unacknowledged.clear()
    await this.#start()
  }

  // --- what the connector sees

  #world(): World {
    const byContent = (content: unknown) => this.#linkOf(this.#messageIn(content))
    return {
      workers: this.#ordeal.workers,
      links: this.#links.map((link): Link => ({
        name: link.name,
        send: (content) => this.#send(link, content),
        sendNow: (content) => this.#sendNow(link, content),
        offer: (content, gone) => this.#offer(link, content, gone),
        hangUp: (why) => this.#note('dropped', { link: link.name, detail: why }),
        watch: (change) => link.watch(change),
      })),
      send: (content) => this.#send(byContent(content), content),
      sendNow: (content) => this.#sendNow(byContent(content), content),
      flag: (id, reason) => this.#flag(id, reason),
      delivered: (id) => this.#claim(id),
      report: (error) => {
        this.#note('reports', { detail: words(error) })
        if (this.#failNext.reporting === 0) return
        this.#failNext.reporting--
        throw new Error('the report could not be made')
      },
      receive: (most) => this.#receive(most),
      acknowledge: async (id) => {
        await this.#turn()
        this.#unacknowledged.delete(id)
      },
      message: (id) => this.#messages.get(id),
    }
  }

  async #receive(most: number): Promise<readonly Message[]> {
    if (this.#inlet.length > 0 || this.#failNext.receiving > 0) await this.#turn()
    else await immediate()
    if (this.#failNext.receiving-- > 0) throw new Error('receiving failed')
    this.#failNext.receiving = 0
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
    if (!(await this.#turn(gone))) return this.#outcome(link, content, 'dropped before')
    const message = this.#messageIn(content)
    this.#note('offered', { link: link.name, ...(message ? { message: message.id } : {}) })
    const answer = link.answer(message)
    if (answer === 'hangs') {
      await link.untilHealed()
      return this.#outcome(link, content, 'dropped before')
    }
    if (answer !== 'late') return this.#outcome(link, content, answer)
    this.#record(link, content)
    await new Promise((go) => setTimeout(go, this.#clock ? late : Math.min(this.#patience / 2, 50)))
    this.#note('acknowledged', { link: link.name, ...(message ? { message: message.id } : {}), detail: 'late' })
    return 'taken'
  }

  #outcome(link: FaultyLink, content: unknown, outcome: Outcome): Outcome {
    const message = this.#messageIn(content)
    const about = { link: link.name, ...(message ? { message: message.id } : {}) }
    if (outcome === 'taken' || outcome === 'dropped after') this.#record(link, content)
    if (outcome === 'refused for now' || outcome === 'refused for good') this.#note('refused', { ...about, detail: outcome.slice(8) })
    else if (outcome !== 'taken') this.#note('dropped', { ...about, detail: outcome === 'dropped after' ? 'after it was recorded' : 'before it was recorded' })
    return outcome
  }

  #record(link: FaultyLink, content: unknown): void {
    const message = this.#messageIn(content)
    if (!message) return this.#note('recorded something never sent', { link: link.name, detail: words(content) })
    const whole = sameContent(message.content, content)
    this.#recorded.set(message.id, (this.#recorded.get(message.id) ?? 0) + 1)
    const about = { message: message.id, link: link.name }
    if (whole) this.#note('recorded', about)
    else this.#note('recorded altered', { ...about, detail: words(content) })
  }

  /** The message that content belongs to. Empty content belongs to the one empty message. */
  #messageIn(content: unknown): Message | undefined {
    const id = idIn(content)
    if (id !== null) return this.#messages.get(id)
    if (content !== '') return undefined
    return [...this.#messages.values()].find(({ kind }) => kind === 'empty')
  }

  #linkOf(message: Message | undefined): FaultyLink {
    return this.#links.find(({ name }) => name === message?.link) ?? this.#links[0]!
  }

  #claim(id: string): void {
    this.#settle(id, 'claimed', {})
  }

  #flag(id: string, reason: unknown): void {
    this.#settle(id, 'flagged', { detail: words(reason) })
  }

  #settle(id: string, how: 'claimed' | 'flagged', about: { detail?: string }): void {
    const before = this.#settled.get(id)
    if (before !== undefined && before !== how) this.#note('settles again', { message: id })
    this.#settled.set(id, how)
    this.#note(how === 'claimed' ? 'claims delivered' : 'flagged', { message: id, ...about })
  }
}

const refusal = (link: string, outcome: Outcome) => Object.assign(new Error(`${link}: ${outcome}`), { outcome })

const unheard = new AbortController().signal
const longestWords = 200

/** An error or a value in a few words, whatever it is. */
function words(value: unknown): string {
  try {
    const text = value instanceof Error ? value.message : typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    return text.slice(0, longestWords)
  } catch {
    return 'something that cannot be shown'
  }
}
