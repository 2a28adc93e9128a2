/**
 * A public entry: what a connector on trial is written against. Its types, and the laws that it is held to.
 *
 * What is not exported by a file of `api/` may change at any time.
 */
export type {
  Connector, Event, EventName, FaultName, Guarantee, History, Link, LinkState, Message, MessageKind, Outcome, Running, World,
} from '../spec/connector.ts'
export { type LawName, laws } from '../spec/laws.ts'
export type { Burst, Fault, Scenario } from '../spec/scenario.ts'
