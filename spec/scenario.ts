/** What a connector is tried with: one value, generated, shrunk, stored and replayed as one. */
import type { FaultName } from './fault.ts'
import { type MessageKind, recipientKinds } from './message.ts'

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
  /**
   * Of several recipients, the number of the one for whom they are of this kind, from 1: for the others they are plain. For all of them
   * when absent; and so is every kind that is not about whom a message is for.
   */
  readonly only?: number
}

/** A message that comes when everything is healed. */
export interface Fresh extends Pick<Burst, 'kind' | 'link'> {
  /** It comes some time after the others. */
  readonly later?: true
}

/** A fault, after so many turns. */
export interface Fault {
  readonly after: number
  readonly what: FaultName
  /**
   * The number, from 1, of the link or the message that it is about. For `workers change`, how many there are to be. For `time passes` and
   * `clock goes back` it is no time, but a place in a list: 1 s, 1 ms, 50 ms, 5 s, 30 s, 61 s, 10 min, 1 h; and 1 ms, 50 ms, 1 s, 2 s. A number
   * that is greater than a list is long, or than there are links, goes round.
   */
  readonly on: number
}

/** What the messages of a burst are for each of so many recipients, in their order. */
export function kindsForEach({ kind, only }: Burst, recipients: number): readonly MessageKind[] {
  const isForOne = only !== undefined && isForSomebody(kind)
  return Array.from({ length: recipients }, (_, i) => (isForOne && (only - 1) % recipients !== i ? 'plain' : kind))
}

/** Whether a kind is about whom a message is for. */
export const isForSomebody = (kind: MessageKind): boolean => (recipientKinds as readonly MessageKind[]).includes(kind)

/** The same burst of plain messages. */
export const plainly = ({ count, link }: Burst): Burst => ({ count, link, kind: 'plain' })

/** The same for all recipients. */
export const forAll = ({ count, kind, link }: Burst): Burst => ({ count, kind, link })
