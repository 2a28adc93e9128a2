/**
 * What was drawn for a connector: which fault met which stage of a message’s life, and which pairs of faults came together.
 * The gaps are what the next scenarios aim at, and nothing is passed over in silence.
 */
import { type Connector, type Event, type FaultName, faultNames, faultsFor, type History } from '../../spec/connector.ts'
import { type Coverage, type Stage, stages } from '../../spec/evidence/coverage.ts'
import type { Scenario } from '../../spec/scenario.ts'
import type { Aim } from './generator.ts'

export interface Unreached {
  readonly what: string
  readonly because: string
}

const why: Readonly<Partial<Record<FaultName, string>>> = {
  'worker dies': 'it has no ‘kill’',
  'workers change': 'it has no ‘scale’',
  'service stops': 'it has no ‘stop’',
  'service restarts': 'it has no ‘stop’',
  'sender aborts': 'it never looks at a message’s ‘signal’',
  'receiving fails': 'it is handed its messages, and fetches none',
  'acknowledging fails': 'it is handed its messages, and fetches none',
  'acknowledgement is lost': 'it is handed its messages, and fetches none',
  'source is late': 'it is handed its messages, and fetches none',
  'source drops': 'it is handed its messages, and fetches none',
  'disk fails': 'it makes no call of ‘world.storage’', 'disk is slow': 'it makes no call of ‘world.storage’',
  'link answers twice': 'it has no far side of its own that could: ‘send’ answers once',
}
const enough = 2
const ofTheSource: ReadonlySet<FaultName> = new Set([
  'receiving fails', 'acknowledging fails', 'acknowledgement is lost', 'source is late', 'source drops',
])
const undeclared: Readonly<Partial<Record<FaultName, string>>> = {
  'link loses answer': 'it declares no ‘timeout’', 'link never answers': 'it declares no ‘timeout’',
}
const onRealTime: Readonly<Partial<Record<FaultName, string>>> = {
  'service dies': 'it runs on the real clock, and has no ‘die’',
  'time passes': 'it runs on the real clock', 'clock goes back': 'it runs on the real clock',
}

export class Drawn {
  readonly #connector: Connector
  readonly #applicable: readonly FaultName[]
  readonly #met = new Map<FaultName, Map<Stage, number>>()
  readonly #pairs = new Set<string>()
  /** How often each was in a scenario that came to its end, whether or not anything came of it. */
  readonly #struck = new Map<FaultName, number>()
  #fetches = false
  #aims = 0

  constructor(connector: Connector) {
    this.#connector = connector
    this.#applicable = faultsFor(connector)
  }

  see(history: History, { faults }: Pick<Scenario, 'faults'>): void {
    this.#fetches ||= history.some(({ what }) => what === 'fetched')
    if (history.some(({ what }) => what === 'healed'))
      for (const { what } of faults) this.#struck.set(what, (this.#struck.get(what) ?? 0) + 1)
    const lives = new Map<string, Stage>()
    const here = new Set<FaultName>()
    for (const event of history) {
      if (event.what === 'healed') break
      const fault = faultOf(event)
      if (fault) {
        here.add(fault)
        const all = lives.size === 0 ? [stages[0]] : lives.values()
        this.#meets(fault, new Set(event.message === undefined ? all : [lives.get(event.message) ?? stages[0]]))
      }
      const stage = event.message === undefined ? undefined : after[event.what]
      if (stage) lives.set(event.message!, event.told === false ? 'recorded, and not told' : stage)
    }
    const names = [...here].sort()
    for (const [i, one] of names.entries()) for (const other of names.slice(i + 1)) this.#pairs.add(`${one} + ${other}`)
  }

  #meets(fault: FaultName, at: ReadonlySet<Stage>): void {
    const met = this.#met.get(fault) ?? new Map<Stage, number>()
    for (const stage of at) met.set(stage, (met.get(stage) ?? 0) + 1)
    this.#met.set(fault, met)
  }

  /** What to aim at next: a fault that met least, and one that it has not met yet. */
  aim(): Aim {
    const possible = this.#applicable.filter((fault) => this.#met.has(fault) || this.#aims < 3 * this.#applicable.length)
    if (possible.length === 0) return []
    const count = (fault: FaultName) => [...(this.#met.get(fault)?.values() ?? [])].length
    const first = [...possible].sort((a, b) => count(a) - count(b))[this.#aims % Math.min(3, possible.length)]!
    this.#aims++
    const alone = possible.filter((fault) => fault !== first && !this.#pairs.has([first, fault].sort().join(' + ')))
    const second = alone[this.#aims % Math.max(1, alone.length)]
    return second === undefined ? [first] : [first, second]
  }

  get coverage(): Coverage {
    const seen = [...this.#met.keys()]
    return {
      met: Object.fromEntries([...this.#met].map(([fault, met]) => [fault, Object.fromEntries(met)])),
      pairs: { met: this.#pairs.size, of: (seen.length ** 2 - seen.length) / 2 },
    }
  }

  /** Faults that never came about, and why. What the connector says cannot happen to it is said elsewhere. */
  get unreached(): readonly Unreached[] {
    const { notApplicable, clock } = this.#connector
    return faultNames.filter((what) => notApplicable?.[what] === undefined && !this.#met.has(what)).map((what) => ({
      what, because: (clock === 'real' ? onRealTime[what] : undefined) ?? undeclared[what] ?? this.#whyNot(what) ?? 'no scenario came to it',
    }))
  }

  /** What it lacks is said only where the fault was there and nothing came of it, now and again. */
  #whyNot(what: FaultName): string | undefined {
    if ((this.#struck.get(what) ?? 0) < enough || (this.#fetches && ofTheSource.has(what))) return undefined
    return why[what]
  }
}

const faults: ReadonlySet<string> = new Set(faultNames)
/** The fault that an event tells of. That a link answers twice shows in its answer alone. */
function faultOf({ what, detail }: Event): FaultName | null {
  if (what === 'answered' && detail === 'twice') return 'link answers twice'
  return what !== 'link answers twice' && faults.has(what) ? (what as FaultName) : null
}

const after: Readonly<Partial<Record<Event['what'], Stage>>> = {
  taken: 'in hand', fetched: 'in hand', 'given again': 'in hand', offered: 'being sent', refused: 'in hand', dropped: 'in hand',
  recorded: 'settled', 'recorded altered': 'settled', 'recorded stripped': 'settled', answered: 'settled', flagged: 'settled',
  'claims delivered': 'settled', acknowledged: 'settled',
}
