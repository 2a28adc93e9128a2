/** Which events of a long history are shown: the beginning, the end, and whatever is about the message that is accused. */
import type { Event, History } from '../../spec/connector.ts'

interface Placed {
  readonly event: Event
  /** Its number in the whole history, from 1. */
  readonly number: number
}

interface Shown {
  readonly history: History
  readonly message: string | null
}

/** At most so many of them, in their order. */
export function shownEvents({ history, message }: Shown, most: number): readonly Placed[] {
  const all = history.map((event, i): Placed => ({ event, number: i + 1 }))
  if (all.length <= most) return all
  const third = Math.floor(most / 3)
  const about = all.filter(({ event }) => message !== null && event.message === message)
  const accused = about.length <= third ? about : [...about.slice(0, Math.floor(third / 2)), ...about.slice(-Math.floor(third / 2))]
  const end = all.slice(-third)
  const kept = new Set([...accused, ...end])
  for (const each of all) {
    if (kept.size >= most) break
    kept.add(each)
  }
  return [...kept].sort((a, b) => a.number - b.number)
}
