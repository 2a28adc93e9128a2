/** A run to replay: read from what was typed or from a page, and followed. */
import { amountOf } from '../../reports/text/words.ts'
import { build } from '../../engine/model/build.ts'
import { UsageError } from '../../engine/usage-error.ts'
import { replay } from '../../engine/run/replay.ts'
import { parseSchedule } from '../../engine/run/schedule-text.ts'
import { counterexample, describedRun } from '../../engine/run/trace.ts'
import type { Claim } from '../../engine/search/claims.ts'
import type { Scope } from '../../spec/component.ts'
import type { ModelBurst, Counterexample, DescribedRun } from '../../spec/evidence/counterexample.ts'
import type { Law } from '../../spec/laws.ts'
import { blamingFile, claimNamed, isFile } from './loaded-component.ts'
import { lawNamed, scopeFrom, streamFrom } from './names.ts'

/** A run to show again. */
export interface RequestedRun {
  readonly entry: Claim
  readonly scope: Scope
  readonly stream: readonly ModelBurst[]
  readonly positions: readonly number[]
  /** The only law to check; all of them when absent. */
  readonly law?: Law
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
  readonly law?: string
}

/** What was typed, as a run to show. Throws `UsageError`. */
export async function requestedRun(what: string, schedule: string, { scope, stream, law }: RunOptions): Promise<RequestedRun> {
  if (!isFile(what) && !what.includes('/')) throw new UsageError(`Say which variant of ${what} to replay, as in ${what}/fixed.`)
  const entry = await claimNamed(what)
  const whole = scopeFrom(entry.component, scope)
  return {
    entry, scope: whole, stream: streamFrom(entry.component, whole, stream), positions: positionsIn(schedule),
    ...(law === undefined ? {} : { law: lawNamed(law) }),
  }
}

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

function shown({ entry, scope, stream, positions, law }: RequestedRun): ReplayedRun {
  const machine = build(entry.component, entry.variant, scope)
  const { run, broken, left, owes } = replay(machine, stream, positions, law && [law])
  const asked = { ...entry, scope, stream }
  const page = broken && counterexample(machine, run, { ...asked, ...broken, minimality: { known: 'replayed' } })
  return { run: page ?? describedRun(machine, run, asked), broken: page, left, owes }
}
