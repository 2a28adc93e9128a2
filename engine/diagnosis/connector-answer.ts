/** How a connector answers a probe: its histories are looked at as a model’s run is. */
import type { EventName, FaultName, History } from '../../spec/connector.ts'
import { nothingWedges } from '../../spec/laws.ts'
import { delivery, type Fate } from '../../spec/verdict.ts'
import type { Probe } from './probe.ts'
import { answerFrom, endless, orderOf, type Reading, wordFor } from './reading.ts'

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
export function unmet({ faults, meets }: Probe, histories: readonly History[]): FaultName | null {
  const met = new Set(histories.flatMap((history) => history.map(({ what }) => what)))
  // Whoever reports nothing has not met that a report fails.
  if (!met.has('reports')) met.delete('reporting fails')
  return [...meets, ...faults.map(({ name }) => name)].find((name) => !met.has(name)) ?? null
}

/** Milliseconds of the connector’s clock within which whatever waits for nothing has happened. */
const promptly = 10_000
/** Whoever is at work for this long, and in its second half too, goes on for ever. */
const long = 3_600_000

function readingOf(history: History, probe: Probe): Reading {
  const until = (...ends: readonly EventName[]) => {
    const at = history.findIndex(({ what }) => ends.includes(what))
    return at < 0 ? history : history.slice(0, at)
  }
  // What nobody has ever sent was made of a message; of those that are alike it does not matter which.
  const areAlike = new Set(probe.likes).size === 1
  const places = placesOf(history, probe)
  const words = (events: History) => places.map((place, i) => wordFor(fateIn(events, place, areAlike && i === 0), i, probe))
  const vain = inVain(history, probe)
  // One that never comes to rest is looked at when what was done is mended.
  const before = vain ?? until('at rest', 'healed')
  const prompt = words(before.filter(({ time }) => time <= promptly))
  const rest = words(before)
  if ((vain || goesOn(history, before)) && probe.faults.every(({ lasts }) => !lasts)) return endless({ prompt, rest })
  const fresh = history.flatMap(({ what, message, detail }) =>
    (what === 'fresh' && message !== undefined && detail === probe.fresh ? [fateIn(history, { message, link: null })] : []))
  const isWhole = fresh.length > 0 && fresh.every((fate) => nothingWedges.holds(fate, { due: () => delivery }))
  return {
    prompt, rest, healed: words(until('fresh')), late: words(history), ends: ['rests'], fresh: [isWhole ? 'delivered' : 'none'],
    order: [orderOf(places.map((place) => {
      const at = history.findIndex(({ what, message }) => what === 'recorded' && message === place.message)
      return at < 0 ? undefined : at
    }))],
  }
}

/** A message of the model in a history: a message, and where that has several recipients the link to one of them. */
interface Place {
  readonly message: string
  readonly link: string | null
}

/** The recipients of a message are in the order in which it was taken for them. */
function placesOf(history: History, { stream, recipients }: Probe): readonly Place[] {
  return stream.map((_, i) => {
    const message = `m${Math.floor(i / recipients) + 1}`
    const links = history.flatMap(({ what, message: of, link }) => (what === 'taken' && of === message && link !== undefined ? [link] : []))
    return { message, link: recipients > 1 ? links[i % recipients]! : null }
  })
}

/** What happened until a report failed for the last time, of one that made a report each time: it would for ever. */
function inVain(history: History, { meets }: Probe): History | null {
  if (!meets.includes('reporting fails')) return null
  const failing = history.filter(({ what }) => what === 'reporting fails').length
  const reports = history.flatMap(({ what }, at) => (what === 'reports' ? [at] : []))
  return reports.length < failing ? null : history.slice(0, reports[failing - 1])
}

/** Whether it is still at work when the storm is over. Who only looks whether there is something to do is at rest. */
function goesOn(history: History, before: History): boolean {
  if (before.some(({ what }) => what === 'livelock')) return true
  const end = history[before.length]
  return end?.what === 'healed' && end.time >= long && 2 * (before.at(-1)?.time ?? 0) > end.time
}

function fateIn(events: History, { message: id, link: of }: Place, hasInvented = false): Fate {
  const count = (...names: readonly EventName[]) =>
    events.filter(({ what, message, link }) => message === id && (of === null || link === of) && names.includes(what)).length
  const invented = hasInvented && events.some(({ what }) => what === 'recorded something never sent') ? 1 : 0
  return {
    arrived: 1, delivered: count('recorded', 'recorded altered', 'recorded stripped') + invented, stripped: count('recorded stripped'),
    altered: count('recorded altered') + invented, flagged: count('flagged'),
  }
}
