/** What happened at a world’s edge while a connector was on trial, in order. */
import { type FaultName, faultNames } from './fault.ts'

/** One thing that happened. All of them are facts, but for what a connector `claims` and `reports`. */
export interface Event {
  readonly what: EventName
  readonly message?: string
  readonly link?: string
  /** Words for a page: a reason, an answer. */
  readonly detail?: string
  /** Milliseconds since the start, by a clock that never goes back. */
  readonly time: number
  /** Which call of `send`, `offer` or `step` it is about: calls of one trial are numbered from 1. */
  readonly attempt?: number
  /** Of what is recorded or acknowledged: false where the connector is not told so at that moment. */
  readonly told?: false
  /** Of what is acknowledged, as all before another are with `upTo`: that other. */
  readonly with?: string
  /** Where a worker dies, and where the connector is started again: the first keys that are on its disk then; absent where none is. */
  readonly onDisk?: readonly string[]
  /** What each of them holds, in a few letters; text as it is, and all else as JSON. */
  readonly holds?: readonly string[]
  /**
   * Of a death in the midst of a write: the number of the event, counted from 0, since which something was being written to `storage` all
   * along. What it was told or has said since then it may not have written down.
   */
  readonly since?: number
  /** Which start of the connector did it, from 1; absent for the first. */
  readonly life?: number
}

export const eventNames = [
  // A message comes in; it comes in again, from whoever still had it; it is sent when all is healed and at rest.
  'taken', 'given again', 'fresh',
  // A message is handed to a link; a step towards that; the link has recorded it, as it was sent or not.
  'offered', 'steps', 'recorded', 'recorded stripped', 'recorded altered', 'recorded something never sent',
  // What the connector is told of it, where it is not told at once that it was taken.
  'answered', 'refused', 'dropped',
  // The source of a connector that fetches.
  'fetched', 'acknowledged', 'thrown away',
  // What the connector says.
  'claims delivered', 'flagged', 'reports',
  // How it lives, and how it ends.
  'has stopped', 'starts again', 'crashed', 'livelock', 'misused', 'prints',
  // The trial itself: nothing more happens, or all goes on and nothing comes of it; what was done is mended; so much time was given; the
  // world lost patience.
  'at rest', 'an hour later', 'healed', 'calm', 'gave up', 'end',
  ...faultNames,
] as const
export type EventName = FaultName | (typeof eventNames)[number]

export type History = readonly Event[]
