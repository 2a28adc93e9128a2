/** From a verdict to what a page shows of it. */
import type { Connector } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Verdict } from '../falsify/falsify.ts'

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
  const { law, says, message, at, scenario, history, tries } = broken
  const { seed, again, diagnosis = null, answers, lacking, found, from } = told
  return {
    connector: connector.name, guarantee: connector.guarantee, clock: connector.clock ?? 'virtual',
    law: { name: law.name, says: law.says }, says, message, at, scenario, history, seed, runs, tries, repeats,
    ...(found === undefined ? {} : { found }), ...(from === undefined ? {} : { from }),
    notApplicable: leftOut(connector), diagnosis, again,
    ...(answers === undefined ? {} : { answers }), ...(lacking === undefined ? {} : { lacking }),
  }
}

/** What a connector is not put to or not held to, each with the reason. */
export const leftOut = ({ notApplicable, neverGiven, exempt }: Connector): Violation['notApplicable'] =>
  Object.entries({ ...notApplicable, ...neverGiven, ...exempt }).map(([what, because]) => ({ what, because }))
