/**
 * The third reader’s hand: one connector, one ordeal, and the history of what happened at the world’s edge.
 *
 * Every call that a connector makes on the world waits for its turn, and the ordeal’s schedule gives the turns: what
 * is seen is the order of effects. When the connector is at rest every link is healed, and a fresh message is sent
 * over each.
 */
import { setImmediate as immediate, setTimeout as realSleep } from 'node:timers/promises'
import FakeTimers from '@sinonjs/fake-timers'
import type { Connector, Event, History, Message, Running } from '../spec/connector.ts'
import type { Blow, Ordeal } from '../spec/ordeal.ts'
import { Edge, words } from './edge.ts'
import { countImmediates } from './immediates.ts'
import { Turns } from './turns.ts'

export interface TrialOptions {
  /** Milliseconds after which nothing more is expected, for a connector on the real clock that gives no patience. */
  readonly patience?: number
  /** Told of every event as it happens. */
  readonly onEvent?: (event: Event) => void
  /** Told at every turn how many could have had it: what to choose from, for whoever tries every schedule. */
  readonly onChoice?: (choices: number) => void
}

const virtualPatience = 3_600_000
const realPatience = 250

/** Runs a connector through an ordeal. Never rejects: what goes wrong is in the history. */
export async function trial(connector: Connector, ordeal: Ordeal, options: TrialOptions = {}): Promise<History> {
  const clock = connector.clock === 'real' ? null
    : FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: 1_000_000_000_000 })
  const immediates = countImmediates()
  try {
    const patience = connector.patience ?? (clock ? virtualPatience : (options.patience ?? realPatience))
    return await new Trial(connector, ordeal, new Turns(clock, immediates, patience), options).run()
  } finally {
    immediates.uninstall()
    clock?.uninstall()
  }
}

/** Turns after which it goes on for ever: of real time each takes some, and ten seconds of them say no more than one. */
const turnsFor = (messages: number, real: boolean) => (real ? 100 + 8 * messages : 2_000 + 50 * messages)

class Trial {
  readonly #connector: Connector
  readonly #ordeal: Ordeal
  readonly #turns: Turns
  readonly #edge: Edge
  readonly #onChoice: TrialOptions['onChoice']
  readonly #given = new Map<Message['kind'], number>()
  #running: Running | null = null
  #starts = 0
  #isStarting = false
  #stopped = false
  /** What has come while it starts; and whether it is to be given again what it had before. */
  readonly #held: Message[] = []
  #givesAgain = false
  #taken = 0

  constructor(connector: Connector, ordeal: Ordeal, turns: Turns, { onEvent, onChoice }: TrialOptions) {
    this.#connector = connector
    this.#ordeal = ordeal
    this.#turns = turns
    this.#edge = new Edge(turns, ordeal.workers, ordeal.links, onEvent)
    this.#onChoice = onChoice
  }

  async run(): Promise<History> {
    const broke = (error: unknown) => this.#edge.note('broke down', { detail: words(error) })
    process.on('uncaughtException', broke)
    process.on('unhandledRejection', broke)
    try {
      await this.#start({ inPeace: true })
      await this.#live([...this.#ordeal.faults].sort((a, b) => a.after - b.after), this.#ordeal.stream.length)
      this.#edge.note('at rest')
      for (const link of this.#edge.links) link.heal()
      this.#edge.failNext = { receiving: 0, acknowledging: 0, reporting: 0 }
      this.#edge.note('healed')
      if (!this.#isStarting && (!this.#running || this.#stopped)) await this.#startAgain()
      await this.#live([], 0)
      for (const link of this.#edge.links) this.#arrive('plain', link.name, 'fresh')
      await this.#live([], 0)
      this.#edge.note('end')
      await this.#stop(true)
    } catch (error) {
      broke(error)
    } finally {
      process.off('uncaughtException', broke)
      process.off('unhandledRejection', broke)
    }
    return this.#edge.events
  }

  /** Gives out turns until nobody waits, no batch or fault is left, and time brings nothing more. */
  async #live(blows: Blow[], batches: number): Promise<void> {
    let arrived = 0
    const most = this.#taken + turnsFor(this.#ordeal.stream.reduce((sum, { count }) => sum + count, 0), this.#turns.clock === null)
    for (;;) {
      await this.#turns.quiet()
      if (blows[0] && blows[0].after <= this.#taken) {
        while (blows[0] && blows[0].after <= this.#taken) await this.#strike(blows.shift()!)
        continue
      }
      const choices = (arrived < batches ? 1 : 0) + this.#turns.waiting
      if (choices > 0) {
        this.#onChoice?.(choices)
        const position = (this.#ordeal.schedule[this.#taken] ?? 0) % choices
        this.#taken++
        if (blows.length === 0 && arrived === batches && this.#taken > this.#ordeal.schedule.length) {
          // Nothing is left to decide: whoever waits goes on, in the order in which they came.
          this.#taken += this.#turns.waiting - 1
          this.#turns.giveAll()
          if (this.#taken <= most) continue
        }
        if (this.#taken > most) return this.#edge.note('broke down', { detail: `it was given ${most} turns and wants more: it goes on for ever` })
        if (arrived < batches && position === 0) this.#batch(arrived++)
        else this.#turns.give(position - (arrived < batches ? 1 : 0))
      } else if (blows[0]) await this.#strike(blows.shift()!)
      else if (!(await this.#turns.timePasses())) return
    }
  }

  /**
   * Starting may take turns and time, as where it dials: for the first time it is given them before anything else happens,
   * and later along with everything else.
   */
  async #start({ inPeace = false } = {}): Promise<void> {
    const start = ++this.#starts
    let isOver = false
    this.#running = null
    this.#isStarting = true
    const starting = (async () => this.#started(start, await this.#connector.start(this.#edge.world())))()
    const over = () => { isOver = true; this.#turns.busy() }
    starting.then(over, over)
    for (let turns = 0; !isOver; turns++) {
      await this.#turns.quiet()
      if (isOver || turns > turnsFor(0, false)) break
      if (inPeace && this.#turns.waiting > 0) this.#turns.give(0)
      else if (this.#turns.waiting > 0 || !(inPeace || !this.#turns.clock) || !(await this.#turns.timePasses())) break
    }
    if (isOver) await starting
    else starting.catch((error: unknown) => this.#edge.note('broke down', { detail: words(error) }))
  }

  #started(start: number, running: Running): void {
    if (start !== this.#starts) return
    this.#running = running
    this.#isStarting = false
    const held = this.#held.splice(0)
    if (this.#givesAgain && 'take' in running)
      for (const message of this.#edge.unsettled()) {
        if (held.includes(message)) continue
        this.#edge.note('given again', { message: message.id })
        this.#give(message)
      }
    this.#givesAgain = false
    for (const message of held) this.#give(message)
  }

  async #stop(quietly: boolean): Promise<void> {
    const stopping = this.#running
    this.#running = null
    try {
      const done = Promise.resolve(stopping?.stop?.())
      if (quietly) await Promise.race([done, this.#turns.clock ? immediate() : realSleep(200)])
      else done.catch((error: unknown) => this.#edge.note('broke down', { detail: `stop failed: ${words(error)}` }))
    } catch (error) {
      if (!quietly) this.#edge.note('broke down', { detail: `stop failed: ${words(error)}` })
    }
  }

  #batch(index: number): void {
    const { count, kind, link } = this.#ordeal.stream[index]!
    const name = this.#edge.links[(link - 1) % this.#edge.links.length]!.name
    for (let i = 0; i < count; i++) this.#arrive(this.#sparingly(kind), name, 'taken')
  }

  /** Only one message of an ordeal is empty, for nothing would tell two of them apart; and few are deep, for their size. */
  #sparingly(kind: Message['kind']): Message['kind'] {
    const most = kind === 'empty' ? 1 : kind === 'deep' ? 8 : Infinity
    const given = (this.#given.get(kind) ?? 0) + 1
    this.#given.set(kind, given)
    return given <= most ? kind : 'plain'
  }

  #arrive(kind: Message['kind'], link: string, what: 'taken' | 'fresh'): void {
    const message = this.#edge.arrive(kind, link, what)
    if (this.#isStarting) this.#held.push(message)
    else this.#give(message)
  }

  #give(message: Message): void {
    if (!this.#running?.take) return this.#edge.hold(message)
    try {
      const word = this.#running.take(message) as PromiseLike<unknown> | undefined
      if (typeof word?.then === 'function') this.#edge.heed(message.id, word)
    } catch (error) {
      this.#edge.flag(message.id, error)
    }
  }

  async #strike({ what, on }: Blow): Promise<void> {
    const link = this.#edge.links[(on - 1) % this.#edge.links.length]!
    const not = this.#connector.notApplicable?.[what]
    if (not !== undefined) return
    if (what === 'sender aborts') {
      const ids = [...this.#edge.messages.keys()]
      const message = this.#edge.messages.get(ids[(on - 1) % Math.max(1, ids.length)] ?? '')
      if (!message?.isHeeded) return
      this.#edge.note(what, { message: message.id })
      message.abort()
    } else if (what === 'service stops' || what === 'service restarts') {
      if (!this.#running?.stop) return
      this.#edge.note(what)
      await this.#service(what === 'service restarts')
    } else if (what === 'service dies') {
      // Sockets and processes cannot be taken from it here: only of virtual time can it be cut off.
      if (!this.#turns.clock) return
      await this.#dies(on % 2 === 0)
    } else if (what === 'worker dies') {
      if (!this.#running?.kill) return
      const worker = ((on - 1) % this.#ordeal.workers) + 1
      this.#edge.note(what, { detail: `${worker}` })
      await this.#running.kill(worker)
    } else if (what === 'time passes') {
      this.#edge.note(what)
      if (this.#turns.clock) await this.#turns.timeFlies(this.#turns.clock)
    } else if (what === 'receiving fails' || what === 'acknowledging fails' || what === 'reporting fails') {
      if (what !== 'reporting fails' && this.#running?.take) return
      this.#edge.note(what)
      this.#edge.failNext[what === 'receiving fails' ? 'receiving' : what === 'reporting fails' ? 'reporting' : 'acknowledging']++
    } else {
      this.#edge.note(what, { link: link.name })
      link.strike(what)
    }
  }

  /** Stopped, it may still be given messages; it is started again at once, or when everything heals. */
  async #service(again: boolean): Promise<void> {
    const running = this.#running
    if (!this.#stopped) await this.#stop(false)
    this.#stopped = !again
    this.#running = running
    if (again) await this.#startAgain()
  }

  /**
   * Cut off, perhaps while a call of its takes effect and before it hears of that. It is started again at once, and given
   * again what it gave no verdict of: whoever sent that has it still.
   */
  async #dies(inTheAct: boolean): Promise<void> {
    this.#edge.cutOff()
    if (inTheAct && this.#turns.waiting > 0) {
      this.#turns.give(0)
      await immediate()
    }
    this.#edge.note('service dies')
    this.#turns.forget()
    this.#givesAgain = this.#connector.guarantee !== 'at-most-once'
    await this.#startAgain()
  }

  async #startAgain(): Promise<void> {
    this.#stopped = false
    this.#edge.giveBack()
    await this.#start()
  }
}
