/** From a verdict to what a page shows of it. */
import type { Connector } from '../spec/connector.ts'
import type { Trouble } from '../spec/trouble.ts'
import type { Verdict } from './try.ts'

export interface Told {
  readonly seed: number
  /** The command that shows it again. */
  readonly again: string
  readonly diagnosis?: string | null
}

/** Throws when the verdict is not `broken`. */
export function troubleOf(connector: Connector, { broken, runs, repeats }: Verdict, { seed, again, diagnosis = null }: Told): Trouble {
  if (!broken) throw new Error(`${connector.name} broke no law: there is nothing to show.`)
  const { law, says, message, at, ordeal, history, tries } = broken
  return {
    connector: connector.name, guarantee: connector.guarantee, clock: connector.clock ?? 'virtual',
    law: { name: law.name, says: law.says }, says, message, at, ordeal, history, seed, runs, tries, repeats,
    notApplicable: Object.entries({ ...connector.notApplicable, ...connector.neverGiven, ...connector.exempt })
      .map(([what, because]) => ({ what, because })),
    diagnosis, again,
  }
}
