/** The messages that a connector on trial is given. */

export interface Message {
  /** `m1`, `m2`, …: how pages call it. */
  readonly id: string
  /** Of several recipients, it may be so for one alone: to the others the message is plain. */
  readonly kind: MessageKind
  /**
   * What is carried. Mostly text that begins with an id; for some kinds a list, an empty text or a deep structure.
   * Hand it over as it is: a link knows the message by it. What you are given is a copy: the suite keeps its own.
   */
  readonly content: unknown
  /** The name of the link it goes over; of the first one, where it has several recipients. */
  readonly link: string
  /** Where it is addressed; well-formed but for some kinds. */
  readonly address: string
  /** A header name that no message before it had, for some kinds; `Subject` for others. */
  readonly header: string
  readonly attachments: number
  /** Whom it is for: one, unless the connector declares `recipients`. Each is over a link of its own. */
  readonly recipients: readonly Recipient[]
  /**
   * Aborted when its sender loses interest. Whoever looks at it owes an aborted message its verdict without waiting for
   * a link; nobody else is told.
   */
  readonly signal: Signal
}

/** An `AbortSignal`, as the types of Node or of a browser have it; where there are neither, as much of one as a connector needs. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export interface Recipient {
  readonly link: string
  readonly address: string
}

/** What a message is besides its content: what a connector that declares `carries` hands to `send` too. */
export interface Envelope {
  readonly address?: string
  readonly header?: string
  readonly attachments?: number
}
export const envelopeParts = ['address', 'header', 'attachments'] as const
export type EnvelopePart = (typeof envelopeParts)[number]

/** Kinds with which nothing is wrong: over a link with which nothing is wrong either, each is delivered whole. */
export const healthyKinds = [
  'plain', 'new header', 'twin', 'other script', 'lines', 'control characters', 'long', 'long other script',
] as const

/** What is wrong with the others, where something is, `kindsOfMessage` says. They are delivered or flagged. */
export const messageKinds = [
  ...healthyKinds, 'list', 'empty', 'deep', 'lone surrogate', 'oversized', 'bad address', 'no such destination', 'wrong type',
  'many attachments', 'refused', 'busy',
] as const
/** Those that are about whom a message is for, and not about what it carries: of several recipients, it may be so for one alone. */
export const recipientKinds = [
  'oversized', 'bad address', 'no such destination', 'refused', 'busy',
] as const satisfies readonly (typeof messageKinds)[number][]
/** How many attachments one with ‘many attachments’ has: one more than a store of the gateway’s takes. */
export const manyAttachments = 1_025
export type MessageKind = (typeof messageKinds)[number]
/** How deep one that is `deep` is nested: deeper than a recursive parser goes. */
export const depth = 3_000

/** What sets each kind apart, in words. */
export const kindsOfMessage: Readonly<Record<MessageKind, string>> = {
  plain: 'healthy',
  'new header': 'healthy, with a header name that nobody has met',
  twin: 'healthy, with the same content as another',
  'other script': 'healthy, with letters of other scripts, an accent of its own and a picture',
  lines: 'healthy, of several lines, one of them a dot, with spaces at both ends',
  'control characters': 'healthy, with CR LF, CR, a tab, NUL and other ends of lines',
  long: 'healthy, 100,000 characters long',
  'long other script': 'healthy, over 64 KiB long, of letters of two to four bytes',
  list: 'its content is a list',
  empty: 'its content is empty',
  deep: `nested ${depth.toLocaleString('en-US')} deep, in content and address`,
  'lone surrogate': 'its content holds half a pair of UTF-16',
  oversized: 'an address of 300 characters',
  'bad address': 'an address that is none',
  'no such destination': 'addressed to where there is nothing',
  'wrong type': 'its content cannot be made into text',
  'many attachments': `${manyAttachments.toLocaleString('en-US')} attachments`,
  refused: 'the far side refuses it for good',
  busy: 'the far side refuses it twice, and then takes it',
}
