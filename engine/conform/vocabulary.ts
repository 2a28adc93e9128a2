/**
 * What models and worlds call the same things: an attribute is a kind of message or a link, a fault of a model is one
 * of a world. No model is known here, only the words.
 */
import type { Component, Scope } from '../../spec/component.ts'
import type { FaultName, MessageKind } from '../../spec/connector.ts'

/** A model’s message as a world sends it. */
export interface WorldMessage {
  readonly kind: MessageKind
  readonly link: number
  /** Its link refuses from the start. */
  readonly isRefused: boolean
  /** Whether it may be flagged instead of delivered, whatever happens on its way. */
  readonly mayBeFlagged: boolean
}

const plain: WorldMessage = { kind: 'plain', link: 1, isRefused: false, mayBeFlagged: false }

type Translation = (value: string | number, scope: Scope) => WorldMessage | null
const attributes: Readonly<Record<string, Translation>> = {
  link: (value) => ({ ...plain, link: Number(value) }),
  address: (value) => addresses[value] ?? null,
  header: (value) => headers[value] ?? null,
  // What is over the limit of a model at a small scope is over that of the document in a world. In between there is no kind.
  attachments: (value, { limit = 0 }) => value === 0 ? plain
    : Number(value) > limit ? { ...plain, kind: 'many attachments', mayBeFlagged: true } : null,
}
const addresses: Readonly<Record<string, WorldMessage>> = {
  valid: plain, invalid: { ...plain, kind: 'refused' }, busy: { ...plain, link: 2, isRefused: true },
}
const headers: Readonly<Record<string, WorldMessage>> = { known: plain, new: { ...plain, kind: 'new header' } }

/** Whether a world has words for every attribute of a component. */
export const hasWordsFor = (component: Component, scope: Scope): boolean =>
  Object.keys(component.attributes(scope)).every((name) => attributes[name])

/** A model’s message in a world, from the attribute that is set; null where a world has no words for its value. */
export function inWorld(fields: Readonly<Record<string, string | number>>, scope: Scope): WorldMessage | null {
  const [[name, value] = [undefined, 0]] = Object.entries(fields)
  return name === undefined ? plain : (attributes[name]?.(value, scope) ?? null)
}

/** A fault as both know it. */
export interface SharedFault {
  /** The sentence of the model’s rule, */
  readonly rule: string
  /** and the world’s name. */
  readonly name: FaultName
  /** It lasts until it is healed, so it strikes once all messages have arrived. Any other strikes at some moment after. */
  readonly lasts: boolean
  /** It leaves doubt whether a message arrived: only who promises ‘exactly-once’ must not send it again. */
  readonly leavesDoubt: boolean
  /** Whatever was in hand may be flagged. */
  readonly mayBeFlagged: boolean
}

const fault = { lasts: false, leavesDoubt: true, mayBeFlagged: false }
const linkFails = { ...fault, rule: 'link fails', lasts: true, leavesDoubt: false }
const restart = (rule: string): SharedFault => ({ ...fault, rule, name: 'service restarts', mayBeFlagged: true })

export const sharedFaults: readonly SharedFault[] = [
  { ...linkFails, name: 'link hangs' },
  { ...linkFails, name: 'link refuses' },
  { ...fault, rule: 'sender delivers and hears nothing of its message', name: 'link drops after' },
  { ...fault, rule: 'sender sends its message in vain and hears nothing', name: 'link drops before' },
  { ...fault, rule: 'dispatcher is slow with its message', name: 'link is late' },
  restart('dispatcher dies with its message'),
  restart('service restarts'),
  restart('gateway is restarted with its message'),
  restart('store restarts'),
]

/** What scopes call the number of those who work at the same time: a world calls them workers. */
export const sizesAtWork = ['workers', 'threads', 'pool', 'sessions'] as const
/** What scopes call the number of faults, of one kind each. */
export const sizesOfFaults = ['failures', 'losses', 'deaths', 'delays', 'restarts'] as const
