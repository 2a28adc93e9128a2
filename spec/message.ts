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

/** What is wrong with the others, where something is, `engine/trial/messages.ts` says. They are delivered or flagged. */
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
