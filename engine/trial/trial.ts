/**
 * The third reader’s hand: one connector, one scenario, and the history of what happened at the world’s edge.
 *
 * Every call that a connector makes on the world waits for its turn, and the scenario’s schedule gives the turns: what
 * is seen is the order of effects. When the connector is at rest every link is healed, and a fresh message is sent
 * over each.
 */
import FakeTimers from '@sinonjs/fake-timers'
import type { Connector, Event, History, Message } from '../../spec/connector.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import { TrialWorld, words } from './world.ts'
import { countImmediates } from './immediates.ts'
import { Lifecycle } from './lifecycle.ts'
import { Scheduler } from './scheduler.ts'

interface TrialOptions {
  /** Milliseconds after which nothing more is expected, for a connector on the real clock that gives no patience. */
  readonly patience?: number
  /** Told of every event as it happens. */
  readonly onEvent?: (event: Event) => void
  /** Told at every turn how many could have had it: what to choose from, for whoever tries every schedule. */
  readonly onChoice?: (choices: number) => void
}

const virtualPatience = 3_600_000
const realPatience = 250

/** Runs a connector through a scenario. Never rejects: what goes wrong is in the history. */
export async function trial(connector: Connector, scenario: Scenario, options: TrialOptions = {}): Promise<History> {
  const clock = connector.clock === 'real' ? null
    : FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: 1_000_000_000_000 })
  const immediates = countImmediates()
  try {
    const patience = connector.patience ?? (clock ? virtualPatience : (options.patience ?? realPatience))
    return await new Trial(connector, scenario, new Scheduler(clock, immediates, patience), options).run()
  } finally {
    immediates.uninstall()
    clock?.uninstall()
  }
}

/** Turns after which it goes on for ever: of real time each takes some, and ten seconds of them say no more than one. */
const turnsFor = (messages: number, real: boolean) => (real ? 100 + 8 * messages : 2_000 + 50 * messages)

class Trial {
  readonly #connector: Connector
  readonly #scenario: Scenario
  readonly #scheduler: Scheduler
  readonly #world: TrialWorld
  readonly #lifecycle: Lifecycle
  readonly #onChoice: TrialOptions['onChoice']
  readonly #given = new Map<Message['kind'], number>()
  #taken = 0

  constructor(connector: Connector, scenario: Scenario, scheduler: Scheduler, { onEvent, onChoice }: TrialOptions) {
    this.#connector = connector
    this.#scenario = scenario
    this.#scheduler = scheduler
    this.#world = new TrialWorld(scheduler, scenario.workers, scenario.links, onEvent)
    this.#lifecycle = new Lifecycle(connector, scheduler, this.#world)
    this.#onChoice = onChoice
  }

  async run(): Promise<History> {
    const broke = (error: unknown) => this.#world.note('crashed', { detail: words(error) })
    process.on('uncaughtException', broke)
    process.on('unhandledRejection', broke)
    try {
      await this.#lifecycle.start({ inPeace: true })
      const faults = [...this.#scenario.faults].sort((a, b) => a.after - b.after)
      if (!(await this.#live(faults, this.#scenario.stream.length))) return this.#cut
      this.#world.note('at rest')
      for (const link of this.#world.links) link.heal()
      this.#world.failNext = { receiving: 0, acknowledging: 0, reporting: 0 }
      this.#world.note('healed')
      await this.#lifecycle.heal()
      if (!(await this.#live([], 0))) return this.#cut
      this.#lifecycle.complain()
      for (const link of this.#world.links) this.#arrive('plain', link.name, 'fresh')
      if (!(await this.#live([], 0))) return this.#cut
      this.#world.note('end')
    } catch (error) {
      broke(error)
    } finally {
      await this.#lifecycle.leave()
      process.off('uncaughtException', broke)
      process.off('unhandledRejection', broke)
    }
    return this.#world.events
  }

  /** What is told of a run that has no end. */
  get #cut(): History {
    const { events } = this.#world
    return events.slice(0, events.findIndex(({ what }) => what === 'livelock') + 1)
  }

  /**
   * Gives out turns until nobody waits, no burst or fault is left, and time brings nothing more. False when that would
   * never be: then nothing that comes after would say more.
   */
  async #live(faults: Fault[], bursts: number): Promise<boolean> {
    let arrived = 0
    const most = this.#taken + turnsFor(this.#scenario.stream.reduce((sum, { count }) => sum + count, 0), this.#scheduler.clock === null)
    for (;;) {
      await this.#scheduler.quiet()
      await this.#lifecycle.goOn()
      if (faults[0] && faults[0].after <= this.#taken) {
        while (faults[0] && faults[0].after <= this.#taken) await this.#strike(faults.shift()!)
        continue
      }
      const choices = (arrived < bursts ? 1 : 0) + this.#scheduler.waiting
      if (choices > 0) {
        this.#onChoice?.(choices)
        const position = (this.#scenario.schedule[this.#taken] ?? 0) % choices
        this.#taken++
        if (faults.length === 0 && arrived === bursts && this.#taken > this.#scenario.schedule.length) {
          // Nothing is left to decide: whoever waits goes on, in the order in which they came.
          this.#taken += this.#scheduler.waiting - 1
          this.#scheduler.giveAll()
          if (this.#taken <= most) continue
        }
        if (this.#taken > most) {
          this.#world.note('livelock', { detail: `${most.toLocaleString('en-US')} turns` })
          return false
        }
        if (arrived < bursts && position === 0) this.#burst(arrived++)
        else this.#scheduler.give(position - (arrived < bursts ? 1 : 0))
      } else if (faults[0]) await this.#strike(faults.shift()!)
      else if (!(await this.#scheduler.timePasses())) return true
    }
  }

  #burst(index: number): void {
    const { count, kind, link } = this.#scenario.stream[index]!
    const name = this.#world.links[(link - 1) % this.#world.links.length]!.name
    for (let i = 0; i < count; i++) this.#arrive(this.#sparingly(kind), name, 'taken')
  }

  /** Only one message of a scenario is empty, for nothing would tell two of them apart; few are deep or long, for their size. */
  #sparingly(kind: Message['kind']): Message['kind'] {
    const most = kind === 'empty' ? 1 : kind === 'deep' || kind === 'long' ? 8 : Infinity
    const given = (this.#given.get(kind) ?? 0) + 1
    this.#given.set(kind, given)
    return given <= most ? kind : 'plain'
  }

  #arrive(kind: Message['kind'], link: string, what: 'taken' | 'fresh'): void {
    this.#lifecycle.give(this.#world.arrive(kind, link, what))
  }

  async #strike({ what, on }: Fault): Promise<void> {
    const link = this.#world.links[(on - 1) % this.#world.links.length]!
    const not = this.#connector.notApplicable?.[what]
    if (not !== undefined) return
    if (what === 'sender aborts') {
      const ids = [...this.#world.messages.keys()]
      const message = this.#world.messages.get(ids[(on - 1) % Math.max(1, ids.length)] ?? '')
      if (!message?.isHeeded) return
      this.#world.note(what, { message: message.id })
      message.abort()
    } else if (what === 'service stops' || what === 'service restarts') {
      if (!this.#lifecycle.can('stop')) return
      this.#world.note(what)
      await this.#lifecycle.stop(what === 'service restarts')
    } else if (what === 'service dies') {
      // Sockets and processes cannot be taken from it here: only of virtual time can it be cut off.
      if (!this.#scheduler.clock) return
      await this.#lifecycle.die(on % 2 === 0)
    } else if (what === 'worker dies') {
      if (!this.#lifecycle.can('kill')) return
      const worker = ((on - 1) % this.#scenario.workers) + 1
      this.#world.note(what, { detail: `${worker}` })
      await this.#lifecycle.kill(worker)
    } else if (what === 'time passes') {
      this.#world.note(what)
      if (this.#scheduler.clock) await this.#scheduler.timeFlies(this.#scheduler.clock)
    } else if (what === 'receiving fails' || what === 'acknowledging fails' || what === 'reporting fails') {
      if (what !== 'reporting fails' && this.#lifecycle.can('take')) return
      this.#world.note(what)
      this.#world.failNext[what === 'receiving fails' ? 'receiving' : what === 'reporting fails' ? 'reporting' : 'acknowledging']++
    } else {
      this.#world.note(what, { link: link.name })
      link.strike(what)
    }
  }
}
