/** From a verdict to what a page shows of it. */
import type { Connector } from '../spec/connector.ts'
import type { Trouble } from '../spec/trouble.ts'
import type { Verdict } from './try.ts'

export interface Told {
  readonly seed: number
  /** The command that shows it again. */
  readonly again: string
  readonly diagnosis?: string | null
  readonly answers?: Trouble['answers']
  readonly lacking?: Trouble['lacking']
  readonly found?: NonNullable<Trouble['found']>
  readonly from?: NonNullable<Trouble['from']>
}

/** Throws when the verdict is not `broken`. */
export function troubleOf(connector: Connector, verdict: Pick<Verdict, 'broken' | 'runs' | 'repeats'>, told: Told): Trouble {
  const { broken, runs, repeats } = verdict
  if (!broken) throw new Error(`${connector.name} broke no law: there is nothing to show.`)
  const { law, says, message, at, ordeal, history, tries } = broken
  const { seed, again, diagnosis = null, answers, lacking, found, from } = told
  return {
    connector: connector.name, guarantee: connector.guarantee, clock: connector.clock ?? 'virtual',
    law: { name: law.name, says: law.says }, says, message, at, ordeal, history, seed, runs, tries, repeats,
    ...(found === undefined ? {} : { found }), ...(from === undefined ? {} : { from }),
    notApplicable: leftOut(connector), diagnosis, again,
    ...(answers === undefined ? {} : { answers }), ...(lacking === undefined ? {} : { lacking }),
  }
}

/** What a connector is not put to or not held to, each with the reason. */
export const leftOut = ({ notApplicable, neverGiven, exempt }: Connector): Trouble['notApplicable'] =>
  Object.entries({ ...notApplicable, ...neverGiven, ...exempt }).map(([what, because]) => ({ what, because }))
