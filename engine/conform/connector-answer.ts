/** How a connector answers a probe: its histories are looked at as a model’s run is. */
import type { EventName, History } from '../../spec/connector.ts'
import { nothingWedges } from '../../spec/laws.ts'
import { delivery, type Fate } from '../../spec/verdict.ts'
import type { Probe } from './probe.ts'
import { answerFrom, endless, type Reading, wordFor } from './reading.ts'

/** From the histories of a probe’s scenarios; null when the fault never came about. */
export function connectorAnswer(probe: Probe, histories: readonly History[]): string | null {
  const { fault } = probe
  if (fault && !histories.some((history) => history.some(({ what }) => what === fault.name))) return null
  return answerFrom(histories.map((history) => readingOf(history, probe)), probe)
}

/** Milliseconds of the connector’s clock within which whatever waits for nothing has happened. */
const promptly = 10_000

function readingOf(history: History, { stream, eitherIsRight }: Probe): Reading {
  const until = (what: EventName) => {
    const at = history.findIndex((event) => event.what === what)
    return at < 0 ? history : history.slice(0, at)
  }
  const words = (events: History) => stream.map((_, i) => wordFor(fateIn(events, `m${i + 1}`), eitherIsRight[i]!))
  const before = until('at rest')
  const prompt = words(before.filter(({ time }) => time <= promptly))
  const rest = words(before)
  if (before.some(({ what }) => what === 'livelock')) return endless({ prompt, rest })
  const fresh = history.flatMap(({ what, message }) => (what === 'fresh' && message !== undefined ? [fateIn(history, message)] : []))
  const isWhole = fresh.length > 0 && fresh.every((fate) => nothingWedges.holds(fate, { due: () => delivery }))
  return { prompt, rest, healed: words(until('fresh')), ends: ['rests'], fresh: [isWhole ? 'delivered' : 'none'] }
}

function fateIn(events: History, id: string): Fate {
  const count = (...names: readonly EventName[]) =>
    events.filter(({ what, message }) => message === id && names.includes(what)).length
  return {
    arrived: 1, delivered: count('recorded', 'recorded altered'), stripped: 0, altered: count('recorded altered'),
    flagged: count('flagged'),
  }
}
