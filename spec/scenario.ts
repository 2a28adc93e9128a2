/** What a connector is tried with: one value, generated, shrunk, stored and replayed as one. */
import type { FaultName } from './fault.ts'
import type { MessageKind } from './message.ts'

export interface Scenario {
  readonly workers: number
  readonly links: number
  readonly stream: readonly Burst[]
  readonly faults: readonly Fault[]
  /** Whose turn it is: positions among the calls that wait, the arrival of the next burst before them. */
  readonly schedule: readonly number[]
  /** To how many recipients each message goes, over as many links; 1 when absent. */
  readonly recipients?: number
  /** The fresh messages that come once everything is healed, in their order; when absent, those of every trial. */
  readonly calm?: readonly Fresh[]
}

/** So many like messages, arriving together. */
export interface Burst {
  readonly count: number
  readonly kind: MessageKind
  /** The number of its link, from 1. */
  readonly link: number
}

/** A message that comes when everything is healed. */
export interface Fresh extends Pick<Burst, 'kind' | 'link'> {
  /** It comes some time after the others. */
  readonly later?: true
}

/** A fault, after so many turns; on a link or a message by its number, where it is about one. */
export interface Fault {
  readonly after: number
  readonly what: FaultName
  readonly on: number
}
