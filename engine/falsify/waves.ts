/**
 * Messages that keep coming, several at a time and with time between them, for a link in trouble and for another, while something else
 * happens: what a breaker, a budget, a poller or a watermark does only some of many courses show.
 */
import fc from 'fast-check'
import { type Connector, type FaultName, type MessageKind, promisesOf, rangesOf } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'
import { lettingPass } from '../trial/faults.ts'
import { faultsFor } from './applicable.ts'

const struck: readonly FaultName[] = ['link refuses', 'link refuses', 'link hangs', 'link drops before', 'time passes']

/** On virtual time, where time can pass; null for a connector with which it cannot. */
export function wavesFor(connector: Connector): fc.Arbitrary<Scenario> | null {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const kinds = (['plain', 'plain', 'plain', 'busy', 'refused'] as const).filter((kind) => connector.neverGiven?.[kind] === undefined)
  if (!applicable.includes('time passes') || kinds.length === 0) return null
  const others = applicable.filter((name) => !name.startsWith('link'))
  const wave = fc.record({
    count: fc.constantFrom(1, 2, 3, 6, 12).map((count) => Math.min(count, burst)), kind: fc.constantFrom(...kinds),
    isForAnother: fc.nat(3).map((n) => n === 0), soon: fc.constantFrom(0, 0, 3, 1), long: fc.constantFrom(1, 1, 2, 3, 4, 4, 5, 6, 7, 8),
    also: fc.option(fc.constantFrom(...others), { freq: 3 }), about: fc.integer({ min: 1, max: 8 }),
  })
  return fc.record({
    what: fc.constantFrom(...struck.filter((name) => applicable.includes(name))),
    of: fc.integer({ min: 1, max: mostLinks }), workers: fc.integer({ min: leastWorkers, max: mostWorkers }),
    links: fc.integer({ min: leastLinks, max: mostLinks }), waves: fc.array(wave, { minLength: 2, maxLength: 5, size: 'max' }),
    endsAt: fc.constantFrom(1, 2, 2, 3, Infinity), recovers: fc.constantFrom(0, 6, 6, 7),
  }).map(inWaves).map((made) => ({ ...made, faults: made.faults.filter(({ what }) => applicable.includes(what)) }))
}

interface Wave {
  readonly count: number
  readonly kind: MessageKind
  readonly isForAnother: boolean
  /** How long until its answers come, as faults number it: one that looks now and then has looked by then. At once where it is 0. */
  readonly soon: number
  /** How long until the next one comes, as faults number it. */
  readonly long: number
  /** What else happens then, if anything, and on what. */
  readonly also: FaultName | null
  readonly about: number
}

interface Waves {
  readonly what: FaultName
  readonly of: number
  readonly workers: number
  readonly links: number
  readonly waves: readonly Wave[]
  /** The wave before which the fault is healed; it lasts to the end where there is none. */
  readonly endsAt: number
  /** How long after its end that wave comes, as faults number it; at once where it is 0. */
  readonly recovers: number
}

/** Each wave has had its answers, and time has passed, when the next one comes. */
export function inWaves({ what, of, waves, endsAt, recovers, ...hands }: Waves): Scenario {
  const faults: Fault[] = []
  const schedule: number[] = []
  const happens = (what: FaultName, on = of) => faults.push({ what, after: schedule.length, on })
  waves.forEach(({ count, isForAnother, soon, long, also, about }, wave) => {
    const isOver = wave >= endsAt
    if (wave === 0 || (what === 'link drops before' && !isOver)) happens(what)
    if (wave === endsAt) happens('link heals')
    if (wave === endsAt && recovers > 0) happens('time passes', recovers)
    // A link that hangs gives no answer that could have a turn.
    schedule.push(0)
    if (soon > 0) happens('time passes', soon)
    schedule.push(...Array.from({ length: what === 'link hangs' && !isOver && !isForAnother ? 0 : count }, () => 1))
    happens('time passes', long)
    if (also !== null) happens(also, about)
  })
  const stream = waves.map(({ count, kind, isForAnother }): Burst => ({ count, kind, link: isForAnother ? of + 1 : of }))
  return { ...hands, stream, faults, schedule }
}

/** The most messages that come one at a time. */
const mostSingly = 40
/** As many fail first: three in a row, five, or more, are what a breaker opens at. */
const failures = [3, 5, 7] as const

/**
 * One at a time, at an even pace, over a link that fails the first of them, for longer than a connector may suffer from that; and the
 * same, where everybody who comes later gives up with its call under way. None where no time can pass.
 */
export function steadyFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers] } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const whats = (['link refuses', 'link drops before', 'link drops before'] as const).filter((name) => applicable.includes(name))
  if (!applicable.includes('time passes') || whats.length === 0) return []
  const { recovery } = promisesOf(connector, 0)
  const lasting = (on: number) => lettingPass({ what: 'time passes', on, after: 0 })
  // What it refuses at once has no answer to wait for: two come in one step then.
  const enough = (on: number) => 2 * Math.ceil(recovery / lasting(on)) + 4
  const paces = [1, 4, 5, 6, 7, 8].filter((on) => enough(on) + failures[2] <= mostSingly && (lasting(on) < recovery || on === 5))
  if (paces.length === 0) return []
  const singly = (isGivenUp: boolean) => fc.record({
    pace: fc.constantFrom(paces[0]!, ...paces), failing: fc.constantFrom(...failures), what: fc.constantFrom(...whats),
    of: fc.integer({ min: 1, max: mostLinks }), workers: fc.integer({ min: leastWorkers, max: mostWorkers }),
    links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map((each) => inSteps({ ...each, more: enough(each.pace), isGivenUp }, applicable))
  return [singly(false), ...(applicable.includes('sender aborts') ? [singly(true)] : [])]
}

interface Singly {
  /** How long it is from one to the next, as faults number it. */
  readonly pace: number
  readonly failing: number
  /** How many come after those that fail, */
  readonly more: number
  /** and whether their senders give them up. */
  readonly isGivenUp: boolean
  readonly what: 'link refuses' | 'link drops before'
  readonly of: number
  readonly workers: number
  readonly links: number
}

function inSteps({ pace, failing, more, isGivenUp, what, of, ...hands }: Singly, applicable: readonly FaultName[]): Scenario {
  const count = failing + more
  const faults: Fault[] = what === 'link refuses' ? [{ what, after: 0, on: of }, { what: 'link heals', after: 2 * failing, on: of }]
    : Array.from({ length: failing }, () => ({ what, after: 0, on: of }))
  for (let i = 0; i < count; i++) {
    if (isGivenUp && i >= failing) faults.push({ what: 'sender aborts', after: 2 * i + 1, on: 8 })
    faults.push({ what: 'time passes', after: 2 * i + 2, on: pace })
  }
  return {
    ...hands, stream: Array.from({ length: count }, () => ({ count: 1, kind: 'plain' as const, link: of })),
    faults: faults.filter(({ what }) => applicable.includes(what)), schedule: Array.from({ length: 2 * count }, (_, i) => i % 2),
  }
}
