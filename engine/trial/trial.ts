/**
 * The third reader’s hand: one connector, one scenario, and the history of what happened at the world’s edge.
 *
 * Every call that a connector makes on the world waits for its turn, and the scenario’s schedule gives the turns: what is seen is the
 * order of effects. First comes the storm: the scenario’s messages and faults, until all is at rest or enough time has gone by. Then
 * everything is healed, the connector has the time that it declares to recover, and in the calm a fresh stream must be delivered.
 */
import { type Connector, type Event, type History, lettingPass, type MessageKind, promisesOf } from '../../spec/connector.ts'
import { type Fault, type Fresh, kindsForEach, type Scenario } from '../../spec/scenario.ts'
import { withCount, words } from './content.ts'
import { abortSettled, givingUpNext, strike, timeGoesBy, withoutVerdict } from './faults.ts'
import { countImmediates } from './immediates.ts'
import { Lifecycle } from './lifecycle.ts'
import {
  calmEvents, calmMoments, calmTimers, type Counts, type Ended, freshFor, leastRealTime, longestStorm, type Owed, type Patience, quickTurns,
  realPatiences, realTurns, slowTurn, stormEvents, stormTimers, untilLater,
} from './phases.ts'
import { Scheduler } from './scheduler.ts'
import { holdVirtualTime } from './virtual-time.ts'
import { TrialWorld } from './world.ts'

interface TrialOptions {
  /** Milliseconds after which nothing more is expected, for a connector on the real clock that gives no patience. */
  readonly patience?: number
  /** Told of every event as it happens. */
  readonly onEvent?: (event: Event) => void
  /** Told at every turn how many could have had it: what to choose from, for whoever tries every schedule. */
  readonly onChoice?: (choices: number) => void
}

const virtualPatience = 7_200_000
const realPatience = 250

/** Runs a connector through a scenario. Never rejects: what goes wrong is in the history. */
export async function trial(connector: Connector, scenario: Scenario, options: TrialOptions = {}): Promise<History> {
  if (connector.clock === 'real') {
    const immediates = countImmediates()
    try {
      const patience = connector.patience ?? options.patience ?? realPatience
      return await new Trial(connector, scenario, new Scheduler(null, immediates, patience), options).run()
    } finally {
      immediates.uninstall()
    }
  }
  const time = holdVirtualTime()
  time.reset()
  try {
    const scheduler = new Scheduler(time.clock, time.immediates, connector.patience ?? virtualPatience)
    return await new Trial(connector, scenario, scheduler, options).run()
  } finally {
    time.release()
  }
}

class Trial {
  readonly #connector: Connector
  readonly #scenario: Scenario
  readonly #scheduler: Scheduler
  readonly #world: TrialWorld
  readonly #lifecycle: Lifecycle
  readonly #onChoice: TrialOptions['onChoice']
  readonly #given = new Map<MessageKind, number>()
  readonly #messages: number
  #taken = 0
  #hadTrouble = false
  /** Whether the scenario itself lets more time pass than it has to recover: then nothing is waited for that is put off for longer. */
  readonly #hasItsTime: boolean

  constructor(connector: Connector, scenario: Scenario, scheduler: Scheduler, { onEvent, onChoice }: TrialOptions) {
    this.#connector = connector
    this.#scenario = scenario
    this.#scheduler = scheduler
    this.#world = new TrialWorld(connector, scheduler, scenario, onEvent)
    this.#lifecycle = new Lifecycle(connector, scheduler, this.#world)
    this.#onChoice = onChoice
    this.#hasItsTime = scenario.faults.some((fault) => lettingPass(fault) > promisesOf(connector, scheduler.patience).recovery)
    this.#messages = scenario.stream.reduce((sum, { count }) => sum + count, 0)
  }

  async run(): Promise<History> {
    const broke = (error: unknown) => this.#world.note('crashed', { detail: words(error) })
    process.on('uncaughtException', broke)
    process.on('unhandledRejection', broke)
    try {
      await this.#lifecycle.start({ inPeace: true })
      await this.#storm()
      if (await this.#heal()) await this.#calm()
    } catch (error) {
      this.#world.note(endingOf(error), { detail: words(error) })
    } finally {
      await this.#lifecycle.leave()
      // One that goes on all the same must not reach into the next trial.
      this.#world.cutOff()
      process.off('uncaughtException', broke)
      process.off('unhandledRejection', broke)
    }
    const events = withCount(this.#world)
    // What happens while it is put away is about nothing that was asked of it.
    const last = events.findIndex(({ what }) => what === 'livelock' || what === 'gave up' || what === 'end')
    return last < 0 ? events : events.slice(0, last + 1)
  }

  async #storm(): Promise<void> {
    const faults = [...this.#scenario.faults].sort((a, b) => a.after - b.after)
    const { trouble, expiry } = promisesOf(this.#connector, this.#scheduler.patience)
    this.#hadTrouble = faults.length > 0 || (trouble.length > 0 && this.#scenario.stream.some(({ kind }) => kind === 'busy'))
    const patience: Patience = {
      most: longestStorm, timers: stormTimers, events: stormEvents(this.#messages), owed: 'free', isScheduled: true,
      untilSettled: this.#hasItsTime,
    }
    const ended = await this.#live(faults, this.#scenario.stream.length, patience)
    const isKept = () => this.#world.owed > 0 || withoutVerdict(this.#world).length > 0
    if ((ended === 'at rest' || ended === 'over') && this.#scheduler.clock && expiry < Infinity && isKept()) {
      await timeGoesBy(expiry, { connector: this.#connector, world: this.#world, scheduler: this.#scheduler })
      // Timer by timer again: whoever looks now and then may have been let sleep.
      await this.#live([], 0, { ...patience, most: 60_000 })
      await this.#scheduler.letPass(60_000)
    }
    if (ended === 'at rest') this.#world.note('at rest')
    if (ended === 'over' && isKept()) this.#world.note('an hour later')
  }

  /** Mends what was done. False when it never comes to rest after that: then nothing that comes after would say more. */
  async #heal(): Promise<boolean> {
    // Written down first: what whoever watches a link does at once comes of it.
    this.#world.note('healed')
    for (const link of this.#world.links) link.heal()
    this.#world.next = { receiving: 0, acknowledging: 0, losing: 0, late: 0, reporting: 0, disk: 0, slow: 0 }
    await this.#lifecycle.heal()
    if (!(await this.#comesToRest({ isScheduled: true, untilSettled: this.#hasItsTime }))) return false
    this.#lifecycle.complain()
    return true
  }

  async #calm(): Promise<void> {
    const { clock, patience } = this.#scheduler
    const recovery = this.#hadTrouble ? promisesOf(this.#connector, patience).recovery : 0
    const isAnyoneTold = abortSettled(this.#connector, this.#world)
    const began = this.#scheduler.time
    if (recovery > 0) await this.#scheduler.letPass(recovery)
    // What has no verdict by now has none for all that may still happen by itself.
    if ((isAnyoneTold || (clock && this.#world.owed > 0)) && !(await this.#comesToRest())) return
    this.#world.note('calm', recovery > 0 ? { detail: `${Math.round(clock ? this.#scheduler.time - began : recovery).toLocaleString('en-US')} ms` } : {})
    const fresh = this.#scenario.calm ?? freshFor(this.#connector, this.#world.links.length)
    this.#send(fresh.filter(({ later }) => !later))
    if (!(await this.#comesToRest())) return
    if (clock) {
      await this.#scheduler.letPass(untilLater)
      this.#send(fresh.filter(({ later }) => later))
      if (!(await this.#comesToRest())) return
    }
    // On a machine that is busy elsewhere, what has not come may only be late.
    for (let looks = 0; !clock && this.#world.owed > 0 && looks < 3; looks++) if (!(await this.#comesToRest())) return
    this.#world.note('end')
  }

  async #comesToRest({ isScheduled = false, untilSettled = false } = {}): Promise<boolean> {
    const began = this.#scheduler.time
    const most = this.#scheduler.clock ? this.#scheduler.patience : Math.max(realPatiences * this.#scheduler.patience, leastRealTime)
    const events = calmEvents(this.#messages)
    const ended = await this.#live([], 0, {
      most, moments: this.#connector.patience === undefined ? calmMoments : 0, timers: calmTimers, events, owed: 'any',
      isScheduled, untilSettled,
    })
    const elapsed = this.#scheduler.time - began
    if (ended === 'gave up')
      this.#world.note('gave up', {
        detail: `it looks at the clock again and again, ${calmTimers.toLocaleString('en-US')} times in ${elapsed.toLocaleString('en-US')} ms of its `
          + 'time, and does nothing else: look less often, or declare a shorter `patience`',
      })
    else if (ended === 'too much')
      this.#world.note('gave up', {
        detail: `over ${events.toLocaleString('en-US')} events came after all was healed, in ${elapsed.toLocaleString('en-US')} ms of its time: `
          + 'wait longer between two attempts, or declare a smaller `burst`',
      })
    // Whoever has said its word of every message may go on with what it likes.
    else if (ended === 'over' && this.#world.owed > 0) this.#world.note('livelock', { detail: `${elapsed.toLocaleString('en-US')} ms` })
    else return true
    return false
  }

  /**
   * Gives out turns until nobody waits, no burst or fault is left, and time brings nothing more; or so much time is over since
   * the last of them, and since the connector last said its word of a message: slow is not for ever.
   */
  async #live(faults: Fault[], bursts: number, patience: Patience): Promise<Ended> {
    const { most, moments = 0, timers, events, owed, isScheduled, untilSettled } = patience
    const { clock } = this.#scheduler
    let arrived = 0
    let since = this.#asNow()
    for (;;) {
      await this.#scheduler.quiet()
      this.#world.disk.isSeen(this.#world.events.length)
      if (this.#lifecycle.isDue) await this.#lifecycle.goOn()
      if (faults[0] && faults[0].after <= this.#taken) {
        while (faults[0] && faults[0].after <= this.#taken) since = await this.#hit(faults.shift()!)
        continue
      }
      if (this.#world.owed < since.owed) since = this.#asNow()
      const isLast = faults.length === 0 && arrived === bursts
      const turns = this.#taken - since.taken
      const isSlow = clock ? this.#scheduler.moments - since.moments < moments : turns <= realTurns(this.#messages)
      if (isLast && this.#scheduler.time - since.time > most && !isSlow) return 'over'
      if (isLast && this.#world.events.length - since.events > events) return 'too much'
      const choices = (arrived < bursts ? 1 : 0) + this.#scheduler.waiting
      if (choices > 0) {
        if (isScheduled) this.#onChoice?.(choices)
        const position = (this.#scenario.schedule[this.#taken] ?? 0) % choices
        this.#taken++
        if (isLast && turns > quickTurns(this.#messages)) await this.#scheduler.letPass(clock ? slowTurn : 0)
        if (!isScheduled || (isLast && this.#taken > this.#scenario.schedule.length)) {
          // Nothing is left to decide: whoever waits goes on, in the order in which they came.
          this.#taken += Math.max(0, this.#scheduler.waiting - 1)
          this.#scheduler.giveAll()
        } else if (arrived < bursts && position === 0) {
          this.#burst(arrived++)
          since = this.#asNow()
        } else if (this.#scheduler.waiting > 0) this.#scheduler.give((position - (arrived < bursts ? 1 : 0)) % this.#scheduler.waiting)
      } else if (faults[0]) since = await this.#hit(faults.shift()!)
      else if (untilSettled && this.#isPutOff(since.time)) return 'settled'
      else {
        const passing = await this.#scheduler.timePasses(timers, () => this.#owes(owed) || (!clock && this.#lifecycle.isAtIt))
        const isWaiting = this.#lifecycle.isStarting || (this.#owes(owed) && this.#scheduler.isBusyElsewhere)
        if (passing === 'nothing' && isWaiting && await this.#scheduler.hearsFromElsewhere()) continue
        if (passing !== 'something') return passing === 'nothing' ? 'at rest' : 'gave up'
      }
    }
  }

  /** Where it stands: what is counted from here on tells whether anything has happened since. */
  #asNow(): Counts {
    return {
      time: this.#scheduler.time, moments: this.#scheduler.moments, taken: this.#taken, owed: this.#world.owed,
      events: this.#world.events.length,
    }
  }

  async #hit(fault: Fault): Promise<Counts> {
    await strike(fault, {
      connector: this.#connector, workers: this.#scenario.workers, world: this.#world,
      lifecycle: this.#lifecycle, scheduler: this.#scheduler,
    })
    return this.#asNow()
  }

  #owes(what: Owed): boolean {
    return what === 'any' ? this.#world.owed > 0 : this.#world.owesNow
  }

  /** Whether everything has its verdict, and nothing comes of any timer within the time that it has to recover since then. */
  #isPutOff(since: number): boolean {
    const { clock, time, nextTimer, patience } = this.#scheduler
    if (!clock || this.#world.owed > 0 || this.#lifecycle.isAtIt) return false
    return nextTimer < Infinity && time + nextTimer - since > promisesOf(this.#connector, patience).recovery
  }

  #burst(index: number): void {
    const burst = this.#scenario.stream[index]!
    const { count, kind, link } = burst
    const { links } = this.#world
    const several = Math.min(this.#scenario.recipients ?? 1, this.#connector.recipients ?? 1, links.length)
    const names = Array.from({ length: several }, (_, i) => links[(link - 1 + i) % links.length]!.name)
    const givesUp = givingUpNext(this.#world, count)
    let first: string | undefined
    for (let i = 0; i < count; i++) {
      const message = this.#world.arrive('taken', {
        kind: this.#sparingly(kind), links: names, twinOf: kind === 'twin' ? first : undefined,
        kinds: burst.only === undefined ? undefined : kindsForEach(burst, several),
      })
      first ??= message.id
      givesUp(message, i)
      this.#lifecycle.give(message)
    }
  }

  #send(fresh: readonly Fresh[]): void {
    const { links } = this.#world
    let twin: string | undefined
    for (const { kind, link } of fresh) {
      const twinOf = kind === 'twin' ? twin : undefined
      const message = this.#world.arrive('fresh', { kind, links: [links[(link - 1) % links.length]!.name], twinOf })
      if (kind === 'twin') twin ??= message.id
      this.#lifecycle.give(message)
    }
  }

  /** Only one message of a scenario is empty, for nothing would tell two of them apart; few are deep or long, for their size. */
  #sparingly(kind: MessageKind): MessageKind {
    const most = kind === 'empty' ? 1 : kind === 'deep' || kind === 'long' || kind === 'long other script' ? 8 : Infinity
    const given = (this.#given.get(kind) ?? 0) + 1
    this.#given.set(kind, given)
    return given <= most ? kind : 'plain'
  }
}

/** How a trial ends where something is thrown at it: by name, for an adapter may have been loaded apart from this. */
function endingOf(error: unknown): 'misused' | 'gave up' | 'crashed' {
  const name = error instanceof Error ? error.name : ''
  return name === 'UsageError' ? 'misused' : name === 'Inconclusive' ? 'gave up' : 'crashed'
}
