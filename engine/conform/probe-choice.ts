/** Which of a component’s probes a connector is tried with: a few, which tell apart whatever variants any probe can. */
import type { Component } from '../../spec/component.ts'
import type { Connector } from '../../spec/connector.ts'
import { modelAnswer } from './model-answer.ts'
import type { Probe } from './probe.ts'
import { probesFor } from './probe-construction.ts'

/** A probe, and how each variant answers it. */
export interface CandidateProbe {
  readonly probe: Probe
  readonly answers: ReadonlyMap<string, string>
}

/** Two variants, and how many more probes are to tell them apart. */
interface Pair {
  readonly a: string
  readonly b: string
  missing: number
}

const mostProbes = 16
/** Probes that are to tell a wrong variant from the right one, and from another wrong one, where there are so many. */
const fromFixed = 4
const fromOthers = 2

/** Chooses, each time, the probe that tells the most pairs apart of those that still miss one; of several such, the smallest. */
export function chosenProbes(component: Component, variants: readonly string[], connector: Connector): readonly CandidateProbe[] {
  const left = candidates(component, variants, connector).sort((a, b) => sizeOf(a) - sizeOf(b))
  const pairs = variants.flatMap((a, i) => variants.slice(i + 1).map((b): Pair =>
    ({ a, b, missing: a === 'fixed' || b === 'fixed' ? fromFixed : fromOthers })))
  const toldApartBy = ({ answers }: CandidateProbe) => pairs.filter(({ a, b, missing }) => missing > 0 && answers.get(a) !== answers.get(b))
  const chosen: CandidateProbe[] = []
  while (chosen.length < mostProbes && left.length > 0) {
    const counts = left.map((candidate) => toldApartBy(candidate).length)
    const most = Math.max(...counts)
    if (most === 0) break
    const [best] = left.splice(counts.indexOf(most), 1)
    for (const pair of toldApartBy(best!)) pair.missing--
    chosen.push(best!)
  }
  return chosen
}

/** The probes that not all variants answer alike. */
function candidates(component: Component, variants: readonly string[], connector: Connector): CandidateProbe[] {
  return probesFor(component, connector).flatMap((probe) => {
    const answers = new Map(variants.map((variant) => [variant, modelAnswer(component, variant, probe)]))
    return new Set(answers.values()).size > 1 ? [{ probe, answers }] : []
  })
}

const sizeOf = ({ probe }: CandidateProbe) => probe.stream.length + probe.scenarios.length + (probe.fault ? 1 : 0)
