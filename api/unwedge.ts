/**
 * The public surface, for connectors: what one on trial is written against. Its types, the laws that it is checked against, and what
 * it may be given.
 *
 * `api/vitest.ts` is for test files, `api/model.ts` for components of your own. What no entry exports
 * may change at any time.
 */
export type {
  Connector, Envelope, EnvelopePart, Event, EventName, FaultName, Guarantee, History, Link, LinkState, Message, MessageKind, Outcome,
  Promises, Recipient, Running, Send, SendError, Signal, Storage, World,
} from '../spec/connector.ts'
export { type Config, defineConfig } from '../engine/config/config.ts'
export { faultNames, messageKinds, outcomeOf } from '../spec/connector.ts'
export { peer, type PeerConnector } from '../engine/peer/peer.ts'
export { kindsOfMessage } from '../spec/message.ts'
export { type ConnectorLaw, connectorLaws, type Law, type LawName, laws } from '../spec/laws.ts'
export type { Burst, Fault, Scenario } from '../spec/scenario.ts'
