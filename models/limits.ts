/**
 * Limits at full size, where each is, seen from both sides: 1,024 attachments and 65,536 entries, which documents state,
 * and numbers of threads and senders that we chose, since no document states any.
 *
 * `stream` is what the component is given, `n` of it. With `passes` of them the law still holds, and one more is too
 * many. A test checks each number against what walks and exploration find.
 */
import type { Component, Scope } from '../spec/component.ts'
import type { ModelBurst } from '../spec/evidence/counterexample.ts'
import { attachmentLimit } from '../spec/components/gateway.ts'
import { type Law, linksAreIndependent, nothingWedges } from '../spec/laws.ts'
import { cacheLimit } from '../spec/components/property-cache.ts'
import { gateway } from './gateway.ts'
import { interchange } from './interchange.ts'
import { propertyCache } from './property-cache.ts'
import { transferAgent } from './transfer-agent.ts'

interface FullSize {
  readonly component: Component
  readonly variant: string
  readonly law: Law
  readonly scope: Scope
  readonly stream: (n: number) => readonly ModelBurst[]
  /** A fault that strikes before anything else: its place among those that could. */
  readonly fault?: number
  /** What there are n of, and what happens when there are too many. */
  readonly of: string
  readonly does: string
  readonly passes: number
  /** More than enough, to start looking from. */
  readonly plenty: number
}

const attachments = (variant: string, passes: number): FullSize => ({
  component: gateway, variant, law: nothingWedges, of: 'attachments', does: 'wedge', passes, plenty: 5_000,
  scope: { messages: 1, limit: attachmentLimit, attachments: 5_000, restarts: 0, burst: 1 },
  stream: (n) => [{ count: 1, attachments: n }],
})

const badMessages = (threads: number): FullSize => ({
  component: interchange, variant: 'asShipped', law: nothingWedges, of: 'bad messages', does: 'wedge',
  passes: threads - 1, plenty: 20,
  scope: { messages: 1, threads, tries: 1, restarts: 0, burst: 20 },
  stream: (n) => [{ count: n, address: 'invalid' }],
})

export const limits: readonly FullSize[] = [
  attachments('asShipped', attachmentLimit),
  attachments('stopsAtTheLimit', attachmentLimit - 1),
  {
    component: propertyCache, variant: 'asShipped', law: nothingWedges, of: 'new header names', does: 'leave no room for another',
    passes: cacheLimit - 1, plenty: 70_000,
    scope: { messages: 1, sessions: 1, entries: cacheLimit, restarts: 0, burst: 70_000 },
    stream: (n) => [{ count: n, header: 'new' }],
  },
  ...[1, 2, 4, 8].map(badMessages),
  {
    component: transferAgent, variant: 'sharedSenders', law: linksAreIndependent,
    of: 'messages for the dead link', does: 'stop the others', passes: 15, plenty: 40, fault: 0,
    scope: { messages: 2, links: 2, pool: 16, failures: 1, losses: 0, burst: 40 },
    stream: (n) => [{ count: n, link: 1 }, { count: 1, link: 2 }],
  },
]
