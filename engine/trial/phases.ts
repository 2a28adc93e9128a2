/** How long each phase of a trial goes on, and what comes in the calm: fresh messages of every healthy kind, at once and again later. */
import { type Connector, healthyKinds } from '../../spec/connector.ts'
import type { Fresh } from '../../spec/scenario.ts'

/** Plain messages that come over each link at once: more than a half-open breaker or a leaking pool lets pass. */
const manyToALink = 3

/**
 * The fresh messages of a trial, unless its scenario has its own: several to each link, and every healthy kind over one of them, two of
 * them with equal content; some time after, one to each link.
 */
export function freshFor({ neverGiven }: Connector, links: number): readonly Fresh[] {
  const fresh: Fresh[] = []
  for (let i = 0; i < links * manyToALink; i++) fresh.push({ kind: 'plain', link: (i % links) + 1 })
  let others = 0
  for (const kind of healthyKinds) {
    if (kind === 'plain' || neverGiven?.[kind] !== undefined) continue
    const link = (others++ % links) + 1
    for (let twins = kind === 'twin' ? 2 : 1; twins > 0; twins--) fresh.push({ kind, link })
  }
  for (let link = 1; link <= links; link++) fresh.push({ kind: 'plain', link, later: true })
  return fresh
}

/** Milliseconds until those come that come later, of virtual time. */
export const untilLater = 600_000

/** Turns after which the world answers slowly: each takes a second of virtual time from then on, and time decides. */
export const quickTurns = (messages: number) => 2_000 + 50 * messages
export const slowTurn = 1_000
/** On the real clock a turn takes what it takes; with more of them and more time than this, it goes on for ever. */
export const realTurns = (messages: number) => 100 + 8 * messages
export const realPatiences = 20
export const leastRealTime = 3_000
/** The longest that a storm goes on after the last of its messages and faults: of virtual time, and timers without effect. */
export const longestStorm = 3_600_000
export const stormTimers = 200
/** Events of a storm after the last of its messages and faults, of which each message has some: what comes then is more of the same. */
export const stormEvents = (messages: number) => 100_000 + 20 * messages
/** Timers without effect that are looked at when everything is healed. With more, nothing can be said. */
export const calmTimers = 200_000
/** Moments of virtual time then, in which whoever has not ended when its patience is over may still: a week of half hours. */
export const calmMoments = 350
/** Events then. With more, nothing can be said either. */
export const calmEvents = (messages: number) => 500_000 + 20 * messages

export type Ended = 'at rest' | 'settled' | 'over' | 'gave up' | 'too much'

/** What matters: any message without a verdict, or only those that nothing keeps the connector from. */
export type Owed = 'any' | 'free'

/** How far a trial has come. */
export interface Counts {
  readonly time: number
  readonly moments: number
  readonly taken: number
  readonly owed: number
  readonly events: number
}

/** How long a phase goes on: milliseconds after the last that was done, moments without effect, and whether any of it matters. */
export interface Patience {
  readonly most: number
  /** Moments of virtual time after which it may be over, too: a back-off of hours has few. */
  readonly moments?: number
  readonly timers: number
  readonly events: number
  readonly owed: Owed
  /** Whether it is over when nothing is owed and no timer is near: what was put off for long must not hide behind it. */
  readonly untilSettled: boolean
  /** Whether the scenario decides whose turn it is; otherwise everybody goes on, in the order in which they came. */
  readonly isScheduled: boolean
}
