/** How long until a walk breaks a law at the documents’ own numbers, and until the smallest run that does is known. */
import { speed } from '../../engine/speed/speed.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { gateway } from '../../models/gateway.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { interchange } from '../../models/interchange.ts'
import { propertyCache } from '../../models/property-cache.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import type { Component, Scope } from '../../spec/component.ts'
import { attachmentLimit } from '../../spec/components/gateway.ts'
import { deliveredOrFlagged, type Law, linksAreIndependent, noneTwice, nothingWedges } from '../../spec/laws.ts'
import { cacheLimit } from '../../spec/components/property-cache.ts'
import { many, median, type Section, seconds } from '../measure.ts'

export interface Prey {
  readonly component: Component
  readonly variant: string
  readonly law: Law
  readonly given: Scope
  /** The stream that no smaller one breaks the law with, as JSON, largest burst first. */
  readonly least: string
}
export const prey: readonly Prey[] = [
  {
    component: gateway, variant: 'asShipped', law: deliveredOrFlagged, least: `1 of ${attachmentLimit + 1}`,
    given: { messages: 1, limit: attachmentLimit, attachments: 5_000, restarts: 0, burst: 1 },
  },
  {
    component: claimQueue, variant: 'asShipped', law: noneTwice, least: '1',
    given: { workers: 4, messages: 6, deaths: 0, delays: 0, copies: 1, memory: 1 },
  },
  {
    component: transferAgent, variant: 'sharedSenders', law: linksAreIndependent, least: '16 + 1',
    given: { messages: 2, links: 2, pool: 16, failures: 1, losses: 0, burst: 40 },
  },
  {
    component: propertyCache, variant: 'asShipped', law: nothingWedges, least: `${cacheLimit} of new`,
    given: { messages: 1, sessions: 1, entries: cacheLimit, restarts: 0, burst: 200_000 },
  },
  {
    component: interchange, variant: 'asShipped', law: nothingWedges, least: '8 of invalid',
    given: { messages: 1, threads: 8, tries: 1, restarts: 0, burst: 20 },
  },
]

const streamOf = (stream: readonly Readonly<Record<string, string | number>>[]) =>
  [...stream].sort((a, b) => Number(b['count']) - Number(a['count']))
    .map(({ count, attachments, address, header }) =>
      [count, attachments ?? address ?? header].filter((part) => part !== undefined).join(' of ')).join(' + ')

export function hunts(seeds: number): Section {
  const rows = prey.map(({ component, variant, law, given, least }) => {
    const all = Array.from({ length: seeds }, (_, seed) => {
      const began = performance.now()
      const { runs, found } = randomWalks(component, variant, { seed: seed + 1, runs: 10_000, laws: [law], given, speed })
      return { time: (performance.now() - began) / 1000, runs, found }
    })
    const caught = all.flatMap(({ found }) => (found ? [found] : []))
    const reached = caught.filter(({ scenario }) => streamOf(scenario.stream) === least)
    return [
      `${component.name}/${variant}: ${law.name}`, `${caught.length} of ${seeds}`, many(median(all.map(({ runs }) => runs))),
      many(median(caught.map(({ tries }) => tries))), seconds(median(all.map(({ time }) => time))),
      seconds(Math.max(...all.map(({ time }) => time))),
      least, `${reached.length} of ${seeds}`,
    ]
  })
  return {
    title: 'Walks at full size, to the smallest run',
    says: [`\`randomWalks\` of \`engine/walk/random-walks.ts\` with ${seeds} seeds: scenarios drawn by fast-check, guessed in accelerated walks and shrunk; `
      + 'what is found, and the number one less, are then walked one message after another. Times are of all of it, by the clock, '
      + 'in one process, which compiles a component once for a scope.'],
    columns: ['', 'caught', 'walks until then', 'walks to shrink', 'median', 'slowest', 'smallest stream', 'reached by'],
    rows,
  }
}
