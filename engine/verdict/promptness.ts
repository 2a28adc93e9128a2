/** How long fresh messages took from when they were sent until they were recorded. */
import type { History } from '../../spec/connector.ts'

/** Milliseconds that the slowest of those took that came; 0 where none did. */
export function slowestFresh(history: History): number {
  const sent = new Map<string, number>()
  let slowest = 0
  for (const { what, message, time } of history) {
    if (message === undefined) continue
    if (what === 'fresh') sent.set(message, time)
    const from = what === 'recorded' ? sent.get(message) : undefined
    // A second copy says nothing of how long the first took.
    if (from !== undefined && sent.delete(message)) slowest = Math.max(slowest, time - from)
  }
  return slowest
}
