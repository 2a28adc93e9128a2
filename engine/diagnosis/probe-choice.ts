/** Which of a component’s probes a connector is tried with: a few, which tell apart whatever variants any probe can. */
import type { Component } from '../../spec/component.ts'
import type { FaultName } from '../../spec/connector.ts'
import { modelAnswer } from './model-answer.ts'
import type { Probe } from './probe.ts'
import { probesFor, type Subject } from './probe-construction.ts'

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

const mostProbes = 24
/** Probes that are to tell a wrong variant from the right one, and from another wrong one, where there are so many. */
const fromFixed = 4
const fromOthers = 2

export class ProbeChoice {
  #left: readonly CandidateProbe[]
  readonly #pairs: readonly Pair[]
  #answered = 0

  constructor(component: Component, variants: readonly string[], subject: Subject) {
    this.#left = [...candidates(component, variants, subject)].sort((a, b) => sizeOf(a) - sizeOf(b))
    this.#pairs = variants.flatMap((a, i) => variants.slice(i + 1).map((b): Pair =>
      ({ a, b, missing: a === 'fixed' || b === 'fixed' ? fromFixed : fromOthers })))
  }

  /**
   * The probe that tells the most pairs apart of those that still miss one, pairs with the right variant before others; of
   * several such, the smallest. None when that is enough.
   */
  next(): CandidateProbe | null {
    if (this.#answered >= mostProbes) return null
    let best: CandidateProbe | null = null
    let most = 0
    for (const candidate of this.#left) {
      const told = this.#toldApartBy(candidate)
      const count = told.length + this.#pairs.length * told.filter(({ a, b }) => a === 'fixed' || b === 'fixed').length
      if (count > most) [best, most] = [candidate, count]
    }
    this.#left = this.#left.filter((candidate) => candidate !== best)
    return best
  }

  /** It was answered, and tells apart what it can. */
  answered(candidate: CandidateProbe): void {
    this.#answered++
    for (const pair of this.#toldApartBy(candidate)) pair.missing--
  }

  /** A fault cannot happen to this connector, whatever it is tried with. */
  without(fault: FaultName): void {
    this.#left = this.#left.filter(({ probe }) => probe.faults.every(({ name }) => name !== fault) && !probe.meets.includes(fault))
  }

  #toldApartBy({ answers }: CandidateProbe): readonly Pair[] {
    return this.#pairs.filter(({ a, b, missing }) => missing > 0 && answers.get(a) !== answers.get(b))
  }
}

/** The probes that not all variants answer alike. */
function candidates(component: Component, variants: readonly string[], subject: Subject): readonly CandidateProbe[] {
  return probesFor(component, subject).flatMap((probe) => {
    const answers = new Map(variants.map((variant) => [variant, modelAnswer(component, variant, probe)]))
    return new Set(answers.values()).size > 1 ? [{ probe, answers }] : []
  })
}

const sizeOf = ({ probe }: CandidateProbe) => probe.stream.length + probe.scenarios.length + probe.faults.length
