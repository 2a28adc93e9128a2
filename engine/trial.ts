/**
 * The third reader’s hand: one connector, one ordeal, and the history of what happened at the world’s edge.
 *
 * Every call that a connector makes on the world waits for its turn, and the ordeal’s schedule gives the turns: what
 * is seen is the order of effects. When the connector is at rest every link is healed, and a fresh message is sent
 * over each.
 */
import FakeTimers from '@sinonjs/fake-timers'
import type { Connector, Event, History, Message } from '../spec/connector.ts'
import type { Blow, Ordeal } from '../spec/ordeal.ts'
import { Edge, words } from './edge.ts'
import { countImmediates } from './immediates.ts'
import { Service } from './service.ts'
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
  readonly #service: Service
  readonly #onChoice: TrialOptions['onChoice']
  readonly #given = new Map<Message['kind'], number>()
  #taken = 0

  constructor(connector: Connector, ordeal: Ordeal, turns: Turns, { onEvent, onChoice }: TrialOptions) {
    this.#connector = connector
    this.#ordeal = ordeal
    this.#turns = turns
    this.#edge = new Edge(turns, ordeal.workers, ordeal.links, onEvent)
    this.#service = new Service(connector, turns, this.#edge)
    this.#onChoice = onChoice
  }

  async run(): Promise<History> {
    const broke = (error: unknown) => this.#edge.note('broke down', { detail: words(error) })
    process.on('uncaughtException', broke)
    process.on('unhandledRejection', broke)
    try {
      await this.#service.start({ inPeace: true })
      const blows = [...this.#ordeal.faults].sort((a, b) => a.after - b.after)
      if (!(await this.#live(blows, this.#ordeal.stream.length))) return this.#cut
      this.#edge.note('at rest')
      for (const link of this.#edge.links) link.heal()
      this.#edge.failNext = { receiving: 0, acknowledging: 0, reporting: 0 }
      this.#edge.note('healed')
      await this.#service.heal()
      if (!(await this.#live([], 0))) return this.#cut
      this.#service.complain()
      for (const link of this.#edge.links) this.#arrive('plain', link.name, 'fresh')
      if (!(await this.#live([], 0))) return this.#cut
      this.#edge.note('end')
    } catch (error) {
      broke(error)
    } finally {
      await this.#service.leave()
      process.off('uncaughtException', broke)
      process.off('unhandledRejection', broke)
    }
    return this.#edge.events
  }

  /** What is told of a run that has no end. */
  get #cut(): History {
    const { events } = this.#edge
    return events.slice(0, events.findIndex(({ what }) => what === 'goes on for ever') + 1)
  }

  /**
   * Gives out turns until nobody waits, no batch or fault is left, and time brings nothing more. False when that would
   * never be: then nothing that comes after would say more.
   */
  async #live(blows: Blow[], batches: number): Promise<boolean> {
    let arrived = 0
    const most = this.#taken + turnsFor(this.#ordeal.stream.reduce((sum, { count }) => sum + count, 0), this.#turns.clock === null)
    for (;;) {
      await this.#turns.quiet()
      await this.#service.goOn()
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
        if (this.#taken > most) {
          this.#edge.note('goes on for ever', { detail: `${most.toLocaleString('en-US')} turns` })
          return false
        }
        if (arrived < batches && position === 0) this.#batch(arrived++)
        else this.#turns.give(position - (arrived < batches ? 1 : 0))
      } else if (blows[0]) await this.#strike(blows.shift()!)
      else if (!(await this.#turns.timePasses())) return true
    }
  }

  #batch(index: number): void {
    const { count, kind, link } = this.#ordeal.stream[index]!
    const name = this.#edge.links[(link - 1) % this.#edge.links.length]!.name
    for (let i = 0; i < count; i++) this.#arrive(this.#sparingly(kind), name, 'taken')
  }

  /** Only one message of an ordeal is empty, for nothing would tell two of them apart; few are deep or long, for their size. */
  #sparingly(kind: Message['kind']): Message['kind'] {
    const most = kind === 'empty' ? 1 : kind === 'deep' || kind === 'long' ? 8 : Infinity
    const given = (this.#given.get(kind) ?? 0) + 1
    this.#given.set(kind, given)
    return given <= most ? kind : 'plain'
  }

  #arrive(kind: Message['kind'], link: string, what: 'taken' | 'fresh'): void {
    this.#service.give(this.#edge.arrive(kind, link, what))
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
      if (!this.#service.can('stop')) return
      this.#edge.note(what)
      await this.#service.stop(what === 'service restarts')
    } else if (what === 'service dies') {
      // Sockets and processes cannot be taken from it here: only of virtual time can it be cut off.
      if (!this.#turns.clock) return
      await this.#service.die(on % 2 === 0)
    } else if (what === 'worker dies') {
      if (!this.#service.can('kill')) return
      const worker = ((on - 1) % this.#ordeal.workers) + 1
      this.#edge.note(what, { detail: `${worker}` })
      await this.#service.kill(worker)
    } else if (what === 'time passes') {
      this.#edge.note(what)
      if (this.#turns.clock) await this.#turns.timeFlies(this.#turns.clock)
    } else if (what === 'receiving fails' || what === 'acknowledging fails' || what === 'reporting fails') {
      if (what !== 'reporting fails' && this.#service.can('take')) return
      this.#edge.note(what)
      this.#edge.failNext[what === 'receiving fails' ? 'receiving' : what === 'reporting fails' ? 'reporting' : 'acknowledging']++
    } else {
      this.#edge.note(what, { link: link.name })
      link.strike(what)
    }
  }
}
