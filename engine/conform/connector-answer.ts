/** How a connector answers a probe: its histories are looked at as a model’s run is. */
import type { EventName, History } from '../../spec/connector.ts'
import { nothingWedges } from '../../spec/laws.ts'
import { delivery, type Fate } from '../../spec/verdict.ts'
import type { Probe } from './probe.ts'
import { answerFrom, endless, type Reading, wordFor } from './reading.ts'

/** From the histories of a probe’s scenarios; null when its faults came about in none of them, or not one after the other. */
export function connectorAnswer(probe: Probe, histories: readonly History[]): string | null {
  if (unmet(probe, histories) !== null) return null
  const apt = probe.faults.length < 2 ? histories : histories.filter((history) => isInARow(history, probe))
  return apt.length === 0 ? null : answerFrom(apt.map((history) => readingOf(history, probe)), probe)
}

/** Whether the second fault came right after the first had its effect, which was to drop a call. */
function isInARow(history: History, { faults: [, second] }: Probe): boolean {
  const after = history.slice(history.findIndex(({ what, message }) => what === 'dropped' && message !== undefined))
  const until = after.slice(0, after.findIndex(({ what }) => what === second!.name) + 1)
  return until[0]?.what === 'dropped' && !until.some(({ what }) => what === 'offered')
}

/** The first fault of a probe that came about in none of its scenarios; null when all did. */
export const unmet = ({ faults }: Probe, histories: readonly History[]) =>
  faults.find(({ name }) => !histories.some((history) => history.some(({ what }) => what === name)))?.name ?? null

/** Milliseconds of the connector’s clock within which whatever waits for nothing has happened. */
const promptly = 10_000
/** Whoever is at work for this long, and in its second half too, goes on for ever. */
const long = 3_600_000

function readingOf(history: History, probe: Probe): Reading {
  const until = (...ends: readonly EventName[]) => {
    const at = history.findIndex(({ what }) => ends.includes(what))
    return at < 0 ? history : history.slice(0, at)
  }
  const words = (events: History) => probe.stream.map((_, i) => wordFor(fateIn(events, `m${i + 1}`), i, probe))
  // One that never comes to rest is looked at when what was done is mended.
  const before = until('at rest', 'healed')
  const prompt = words(before.filter(({ time }) => time <= promptly))
  const rest = words(before)
  if (goesOn(history, before) && probe.faults.every(({ lasts }) => !lasts)) return endless({ prompt, rest })
  const fresh = history.flatMap(({ what, message, detail }) =>
    (what === 'fresh' && message !== undefined && detail === probe.fresh ? [fateIn(history, message)] : []))
  const isWhole = fresh.length > 0 && fresh.every((fate) => nothingWedges.holds(fate, { due: () => delivery }))
  return {
    prompt, rest, healed: words(until('fresh')), late: words(history), ends: ['rests'], fresh: [isWhole ? 'delivered' : 'none'],
  }
}

/** Whether it is still at work when the storm is over. Who only looks whether there is something to do is at rest. */
function goesOn(history: History, before: History): boolean {
  if (before.some(({ what }) => what === 'livelock')) return true
  const end = history[before.length]
  return end?.what === 'healed' && end.time >= long && 2 * (before.at(-1)?.time ?? 0) > end.time
}

function fateIn(events: History, id: string): Fate {
  const count = (...names: readonly EventName[]) =>
    events.filter(({ what, message }) => message === id && names.includes(what)).length
  return {
    arrived: 1, delivered: count('recorded', 'recorded altered', 'recorded stripped'), stripped: count('recorded stripped'),
    altered: count('recorded altered'), flagged: count('flagged'),
  }
}
