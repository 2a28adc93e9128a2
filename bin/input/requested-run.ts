/** A run to replay: read from what was typed or from a page, and followed. */
import { amountOf } from '../../reports/text/words.ts'
import { build, builderOf } from '../../engine/model/build.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { replay } from '../../engine/run/replay.ts'
import { parseSchedule } from '../../engine/run/schedule-text.ts'
import { counterexample, describedRun } from '../../engine/run/trace.ts'
import type { Claim } from '../../engine/search/claims.ts'
import type { Scope } from '../../spec/component.ts'
import type { ModelBurst, Counterexample, DescribedRun } from '../../spec/evidence/counterexample.ts'
import type { ModelLaw } from '../../spec/laws.ts'
import { blamingFile, claimNamed } from './loaded-component.ts'
import { isFile, lawNamed, scopeFrom, streamFrom } from './names.ts'

/** A run to show again. */
export interface RequestedRun {
  readonly entry: Claim
  readonly scope: Scope
  readonly stream: readonly ModelBurst[]
  /** In which of the ways to begin; the first when absent. */
  readonly begin?: number
  readonly positions: readonly number[]
  /** The name of the only law to check; all of them when absent. */
  readonly law?: string
}

/** The run, and the page of the law it breaks if it breaks one. */
export interface ReplayedRun {
  readonly run: DescribedRun
  readonly broken: Counterexample | null
  readonly left: number
  readonly owes: readonly string[]
}

/** Options as they are typed. */
export interface RunOptions {
  readonly scope?: string
  readonly stream?: string
  readonly begin?: number
  readonly law?: string
}

/** What was typed, as a run to show. Throws `UsageError`. */
export async function requestedRun(what: string, schedule: string, { scope, stream, begin, law }: RunOptions): Promise<RequestedRun> {
  if (!isFile(what) && !what.includes('/')) throw new UsageError(`Say which variant of ${what} to replay, as in ${what}/fixed.`)
  const entry = await claimNamed(what)
  const whole = scopeFrom(entry.component, scope)
  return {
    entry, scope: whole, stream: streamFrom(entry.component, whole, stream), positions: positionsIn(schedule),
    ...(begin === undefined ? {} : { begin }), ...(law === undefined ? {} : { law: lawOf(entry, whole, law) }),
  }
}

/** The name of a law that a variant is held to, as it is stated. Throws `UsageError` where there is none. */
export const lawOf = (entry: Claim, scope: Scope, name: string): string =>
  blamingFile(entry, () => lawNamed(builderOf(entry.component, entry.variant)(scope).laws, name).name)


/** A page has every step of a run: longer runs than this do not fit in memory. */
const mostSteps = 1_000_000

export function positionsIn(schedule: string): readonly number[] {
  const positions = parseSchedule(schedule)
  if (positions.length > mostSteps)
    throw new UsageError(`The schedule is ${amountOf(positions.length, 'step')} long: shorten it to ${amountOf(mostSteps, 'step')}.`)
  return positions
}

/** Follows the schedule, and describes the run. */
export const show = (asked: RequestedRun): ReplayedRun => blamingFile(asked.entry, () => shown(asked))

function shown({ entry, scope, stream, begin = 0, positions, law }: RequestedRun): ReplayedRun {
  const machine = build(entry.component, entry.variant, scope)
  const { run, broken, left, owes } = replay(machine, { stream, begin }, positions, lawsAsked(machine.laws, law))
  const asked = { ...entry, scope, stream, begin }
  const page = broken && counterexample(machine, run, { ...asked, ...broken, minimality: { known: 'replayed' } })
  return { run: page ?? describedRun(machine, run, asked), broken: page, left, owes }
}

/** Those of a machine’s laws that a run is held to: the one that was named, or all. */
export const lawsAsked = (laws: readonly ModelLaw[], named: string | undefined): readonly ModelLaw[] =>
  (named === undefined ? laws : laws.filter(({ name }) => name === named))
