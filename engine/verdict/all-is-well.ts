/** Since when all is well again: links are up, and nothing has been done to the connector. */
import { type Connector, type Event, type EventName, type FaultName, faultNames } from '../../spec/connector.ts'

/** What shows when it is over; a link that is down is up again when it heals. */
const passing: ReadonlySet<EventName> =
  new Set<FaultName>(['link drops before', 'link drops after', 'link heals', 'time passes'])
const downs: ReadonlySet<EventName> = new Set<FaultName>(['link refuses', 'link hangs'])
/** Anything else may wait to be met for long, or change the connector for good. */
const isAFault: ReadonlySet<EventName> = new Set<FaultName>(faultNames)

export class AllIsWell {
  readonly #isAsked: boolean
  readonly #down = new Set<string>()
  #since = Infinity
  #wasHealed = false
  #isLost = false

  /** Nothing is well where nobody says how long it takes to recover, nor of real time, which a machine may take for something else. */
  constructor({ recovery, clock }: Connector) {
    this.#isAsked = recovery !== undefined && clock !== 'real'
  }

  /** In milliseconds since the start; without end while it is not, and until a link was healed. */
  get since(): number {
    return this.#isAsked && this.#wasHealed && !this.#isLost && this.#down.size === 0 ? this.#since : Infinity
  }

  see({ what, time, link = '' }: Event): void {
    if (what === 'link heals') {
      this.#down.delete(link)
      this.#wasHealed = true
    } else if (downs.has(what)) this.#down.add(link)
    else if (isAFault.has(what) && !passing.has(what)) this.#isLost = true
    if (what === 'dropped' || what === 'refused' || passing.has(what)) this.#since = time
  }
}
