/** From a verdict to what a page shows of it. */
import { type Connector, type Event, type History, promisesOf } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Verdict } from '../falsify/falsify.ts'
import type { BrokenLaw } from '../falsify/shrink.ts'

interface Provenance {
  readonly seed: number
  /** The command that shows it again. */
  readonly again: string
  readonly diagnosis?: string | null
  readonly answers?: Violation['answers']
  readonly lacking?: Violation['lacking']
  readonly found?: NonNullable<Violation['found']>
  readonly from?: NonNullable<Violation['from']>
}

/** Throws when the verdict is not `broken`. */
export function violationOf(connector: Connector, verdict: Pick<Verdict, 'broken' | 'runs' | 'repeats'>, told: Provenance): Violation {
  const { broken, runs, repeats } = verdict
  if (!broken) throw new Error(`${connector.name} broke no law: there is nothing to show.`)
  const { law, clause, says, message, scenario, tries, without } = broken
  const { history, at } = shownOf(broken)
  const { seed, again, diagnosis = null, answers, lacking, found, from } = told
  return {
    connector: connector.name, guarantee: connector.guarantee, clock: connector.clock ?? 'virtual',
    law: { name: law.name, says: law.says }, clause, says, message, at, scenario, history, seed, runs, tries, repeats,
    ...(found === undefined ? {} : { found }), ...(from === undefined ? {} : { from }),
    ...(without === undefined ? {} : { without: untilCalm(without).filter((event) => event.message === message) }),
    notApplicable: leftOut(connector), declared: declaredBy(connector), diagnosis, again,
    ...(answers === undefined ? {} : { answers }), ...(lacking === undefined ? {} : { lacking }),
  }
}

/** What a pair of runs is compared by. */
const untilCalm = (history: History) => history.slice(0, history.findIndex(({ what }) => what === 'calm') >>> 0)

/** Clauses that are only looked at in the end, and are broken by what happened before: when the message was recorded at last. */
const brokenByRecording: ReadonlySet<string> = new Set(['fresh messages are delivered promptly'])

/**
 * What a page shows: up to the event that breaks the law, which is the last one where something never happens; and of a calm
 * in which every healthy message comes, only what there is to see of the message that is accused.
 */
function shownOf({ history, at: judged, message, clause, scenario }: BrokenLaw): Pick<BrokenLaw, 'history' | 'at'> {
  const late = history.findIndex((event) => event.message === message && event.what.startsWith('recorded'))
  const at = brokenByRecording.has(clause) && late >= 0 ? late : judged
  const calm = history.findIndex(({ what }) => what === 'calm')
  const until = history.slice(0, at + 1)
  if (calm < 0 || at < calm || message === null || scenario.calm) return { history: until, at }
  const isOther = (event: Event, i: number): boolean => {
    if (i <= calm || i >= at) return false
    // What is printed belongs to what came before it.
    const about = event.what === 'prints' ? until.slice(0, i).findLast(({ what }) => what !== 'prints') : event
    return about?.message !== undefined && about.message !== message
  }
  const shown = until.filter((event, i) => !isOther(event, i))
  return { history: shown, at: shown.length - 1 }
}

/** What a connector declares otherwise than the default, in words. */
function declaredBy(connector: Connector): NonNullable<Violation['declared']> {
  const { name, guarantee, start, clock, component } = connector
  const usual = promisesOf({
    name, guarantee, start, ...(clock === undefined ? {} : { clock }), ...(component === undefined ? {} : { component }),
  }, 1_000)
  const own = promisesOf(connector, 1_000)
  const inMilliseconds: readonly string[] = ['recovery', 'expiry', 'slack', 'timeout']
  return Object.entries(own).flatMap(([what, value]) => {
    if (value === usual[what as keyof typeof usual] || (Array.isArray(value) && value.length === 0)) return []
    const amount = typeof value === 'number' ? value.toLocaleString('en-US') : Array.isArray(value) ? value.join(', ') : String(value)
    return [{ what, is: inMilliseconds.includes(what) ? `${amount} ms` : amount }]
  })
}

/** What a connector is not tried with or not checked against, each with the reason. */
export const leftOut = ({ notApplicable, neverGiven, exempt }: Connector): Violation['notApplicable'] =>
  Object.entries({ ...notApplicable, ...neverGiven, ...exempt }).map(([what, because]) => ({ what, because }))
