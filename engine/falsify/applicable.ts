/** What a connector is tried with at all, as far as it says. */
import { type Connector, type FaultName, faultNames, messageKinds } from '../../spec/connector.ts'

export const kindsFor = ({ neverGiven }: Connector) => messageKinds.filter((kind) => neverGiven?.[kind] === undefined)

/** Faults that can happen to a connector, as far as it says: others are not drawn. */
export function faultsFor({ notApplicable, timeout, clock }: Connector): readonly FaultName[] {
  const virtual: ReadonlySet<FaultName> = new Set(['time passes', 'clock goes back'])
  const waiting: ReadonlySet<FaultName> = new Set(['link loses answer', 'link never answers'])
  return faultNames.filter((fault) => notApplicable?.[fault] === undefined && !(clock === 'real' && virtual.has(fault))
    && !(timeout === undefined && waiting.has(fault)))
}
