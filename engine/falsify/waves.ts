/**
 * Messages that keep coming, several at a time and with time between them, for a link in trouble and for another, while something else
 * happens: what a breaker, a budget, a poller or a watermark does only some of many courses show.
 */
import fc from 'fast-check'
import { type Connector, type FaultName, faultsFor, lettingPass, type MessageKind, promisesOf, rangesOf } from '../../spec/connector.ts'
import type { Burst, Fault, Scenario } from '../../spec/scenario.ts'

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
/** Twenty seconds, as faults number them: a trickle that is slower than most time limits, and faster than most pauses. */
const trickle = [4, 4, 4, 4] as const
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
  const lasting = (ons: Pace) => ons.reduce((sum, on) => sum + lettingPass({ what: 'time passes', on }), 0)
  // What it refuses at once has no answer to wait for: two come in one step then.
  const enough = (pace: Pace) => 2 * Math.ceil(recovery / lasting(pace)) + 4
  const isPossible = (pace: Pace) => enough(pace) + failures[2] <= mostSingly && (lasting(pace) < recovery || pace[0] === 5)
  const paces = [1, 4, 5, 6, 7, 8].map((on): Pace => [on]).filter(isPossible)
  const singly = (paces: readonly Pace[], isGivenUp: boolean) => fc.record({
    pace: fc.constantFrom(paces[0]!, ...paces), failing: fc.constantFrom(...failures), what: fc.constantFrom(...whats),
    of: fc.integer({ min: 1, max: mostLinks }), workers: fc.integer({ min: leastWorkers, max: mostWorkers }),
    links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map((each) => inSteps({ ...each, more: enough(each.pace), isGivenUp }, applicable))
  return [
    ...(paces.length > 0 ? [singly(paces, false)] : []),
    ...(paces.length > 0 && applicable.includes('sender aborts') ? [singly(paces, true)] : []),
    ...(isPossible(trickle) ? [singly([trickle], false)] : []),
  ]
}

/** How long it is from one to the next, as faults number it: one fault, or several. */
type Pace = readonly number[]

interface Singly {
  readonly pace: Pace
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
    for (const on of pace) faults.push({ what: 'time passes', after: 2 * i + 2, on })
  }
  return {
    ...hands, stream: Array.from({ length: count }, () => ({ count: 1, kind: 'plain' as const, link: of })),
    faults: faults.filter(({ what }) => applicable.includes(what)), schedule: Array.from({ length: 2 * count }, (_, i) => i % 2),
  }
}

/** What is refused whatever its link does. */
const poisons = [
  'refused', 'oversized', 'bad address', 'no such destination', 'wrong type', 'lone surrogate', 'many attachments', 'busy',
] as const
/** Turns of a message: to be fetched, sent and acknowledged. */
const turns = [1, 1, 1] as const

/**
 * Several fail in a row, the link is well again and time passes, and what comes first then is refused for what it is: again and again, with
 * something else wrong with each. None where no time can pass.
 */
export function poisonedFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const can = (name: FaultName) => applicable.includes(name)
  const whats = (['link refuses', 'link drops before', 'link drops before', 'link drops before'] as const).filter(can)
  const kinds = poisons.filter((kind) => connector.neverGiven?.[kind] === undefined)
  if (!can('time passes') || !can('link heals') || whats.length === 0 || kinds.length === 0) return []
  return [fc.record({
    fails: fc.array(fc.constantFrom(...whats), { minLength: 5, maxLength: 5 }), failing: fc.constantFrom(...failures),
    of: fc.integer({ min: 1, max: mostLinks }),
    // The first two are what most connectors refuse: each comes twice.
    kinds: fc.tuple(fc.shuffledSubarray(kinds.slice(0, 2), { minLength: Math.min(2, kinds.length) }), fc.constantFrom(...kinds))
      .map(([most, other]) => [...most, other, ...most]),
    recovers: fc.constantFrom(5, 6, 6, 7), isFetched: fc.boolean(),
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map(({ fails, failing, of, kinds, recovers, isFetched, ...hands }): Scenario => {
    const count = Math.min(failing, burst)
    const course = new Course()
    for (const [round, kind] of kinds.entries()) {
      const what = fails[round]!
      for (let i = what === 'link refuses' ? 1 : count; i > 0; i--) course.happens(what, of)
      course.comes({ count, kind: 'plain', link: of }, isFetched)
      course.happens('link heals', of)
      course.happens('time passes', recovers)
      course.comes({ count: 1, kind, link: of }, isFetched)
      course.happens('time passes', recovers)
    }
    return { ...hands, ...course.made }
  })]
}

/**
 * It dies when all has been done for a while; more come, all of that is done, and it dies again: what was settled in either life is
 * settled, and the next life does all that the first did.
 */
export function diesAtRestFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const kinds = (['plain', 'plain', 'refused', 'busy', 'twin'] as const).filter((kind) => connector.neverGiven?.[kind] === undefined)
  if (!applicable.includes('time passes') || !applicable.includes('service dies') || kinds.length === 0) return []
  const life = fc.record({
    count: fc.integer({ min: 1, max: Math.min(4, burst) }), kind: fc.constantFrom(...kinds), long: fc.constantFrom(1, 4, 6, 7, 7, 8),
    dies: fc.integer({ min: 1, max: 8 }),
  })
  return [fc.record({
    lives: fc.array(life, { minLength: 1, maxLength: 3 }), of: fc.integer({ min: 1, max: mostLinks }), isFetched: fc.boolean(),
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map(({ lives, of, isFetched, ...hands }): Scenario => {
    const course = new Course()
    for (const { count, kind, long, dies } of lives) {
      course.comes({ count, kind, link: of }, isFetched)
      course.happens('time passes', long)
      course.happens('service dies', dies)
    }
    return { ...hands, ...course.made }
  })]
}

/** Some that come when a disk is slow; and it dies while that is still at it: what it has said by then is to be written down by then. */
export function slowDiskFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  if (!applicable.includes('disk is slow') || !applicable.includes('service dies')) return []
  return [fc.record({
    count: fc.integer({ min: 1, max: Math.min(3, burst) }), of: fc.integer({ min: 1, max: mostLinks }),
    slow: fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }), dies: fc.integer({ min: 1, max: 12 }), how: fc.integer({ min: 1, max: 8 }),
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map(({ count, of, slow, dies, how, ...hands }): Scenario => ({
    ...hands, stream: [{ count, kind: 'plain', link: of }], schedule: [],
    faults: [...slow.map((after): Fault => ({ what: 'disk is slow', after, on: 1 })), { what: 'service dies', after: dies, on: how }],
  }))]
}

/**
 * Messages that are kept while their link is down, and lives that end meanwhile: each is shorter than what is kept at the most, and all of
 * them together are longer.
 */
export function agedFor(connector: Connector): readonly fc.Arbitrary<Scenario>[] {
  const { links: [leastLinks, mostLinks], workers: [leastWorkers, mostWorkers], burst } = rangesOf(connector)
  const applicable = faultsFor(connector)
  const { expiry } = promisesOf(connector, 0)
  const ends = (['service dies', 'service restarts'] as const).filter((name) => applicable.includes(name))
  const downs = (['link refuses', 'link hangs'] as const).filter((name) => applicable.includes(name))
  const steps = [8, 7, 6, 5, 4, 1].filter((on) => lettingPass({ what: 'time passes', on }) * 2 < expiry)
  if (expiry === Infinity || !applicable.includes('time passes') || ends.length * downs.length * steps.length === 0) return []
  return [fc.record({
    count: fc.integer({ min: 1, max: Math.min(3, burst) }), of: fc.integer({ min: 1, max: mostLinks }), what: fc.constantFrom(...downs),
    step: fc.constantFrom(steps[0]!, ...steps), isFetched: fc.boolean(),
    lives: fc.array(fc.record({ end: fc.constantFrom(...ends), on: fc.integer({ min: 1, max: 8 }) }), { minLength: 1, maxLength: 4 }),
    workers: fc.integer({ min: leastWorkers, max: mostWorkers }), links: fc.integer({ min: leastLinks, max: mostLinks }),
  }).map(({ count, of, what, step, isFetched, lives, ...hands }): Scenario => {
    const course = new Course()
    course.happens(what, of)
    course.comes({ count, kind: 'plain', link: of }, isFetched)
    for (const { end, on } of lives) {
      course.happens('time passes', step)
      course.happens(end, on)
    }
    return { ...hands, ...course.made }
  })]
}

/** A scenario that is put together step by step. */
export class Course {
  readonly #stream: Burst[] = []
  readonly #faults: Fault[] = []
  readonly #schedule: number[] = []

  get made(): Pick<Scenario, 'stream' | 'faults' | 'schedule'> {
    return { stream: this.#stream, faults: this.#faults, schedule: this.#schedule }
  }

  /** They come, and have their answers before anything else happens. Whoever fetches them looks now and then: time passes until it has. */
  comes(burst: Burst, isFetched: boolean): void {
    this.arrives(burst, isFetched)
    this.answers(burst.count, isFetched)
  }

  /** So many calls have their answers. */
  answers(count: number, isFetched: boolean): void {
    this.#schedule.push(...Array.from({ length: count }, () => (isFetched ? turns : [1])).flat())
  }

  /** They come, and anything may happen before they have an answer. */
  arrives(burst: Burst, isFetched: boolean): void {
    this.#stream.push(burst)
    this.#schedule.push(0)
    if (isFetched) this.happens('time passes', 4)
  }

  happens(what: FaultName, on: number): void {
    this.#faults.push({ what, on, after: this.#schedule.length })
  }
}
