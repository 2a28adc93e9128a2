/**
 * Which known bug a connector behaves like: it is put through the small runs that tell a component’s variants apart, and
 * the variant whose model answers most of them alike is named, if it does so clearly better than the right one.
 */
import type { Component } from '../../spec/component.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'
import { answerOf, modelAnswer, type Probe, probesFor } from './probes.ts'
import { type Runner, calibrated } from '../falsify/falsify.ts'

/** A known bug: an entry of the catalogue. */
export interface Known {
  readonly component: Component
  readonly variant: string
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The laws that it breaks; none for a right one. */
  readonly breaks: Readonly<Partial<Record<LawName, number>>>
}

/** How a connector stands to the variants of one component. */
export interface Likeness {
  readonly component: string
  readonly source: string
  /** Probes that it answered, and in how many of them it is like the right variant, and like the nearest wrong ones. */
  readonly probes: number
  readonly fixed: number
  readonly nearest: readonly string[]
  readonly agrees: number
  /** What the first of these does, to go after ‘which’. */
  readonly says: string
  /** Whether it is like them clearly more than like the right one. */
  readonly fits: boolean
}

export interface Diagnosis {
  /** The bug it behaves like, first; then all other components that it was held to. */
  readonly likenesses: readonly Likeness[]
  readonly says: string
}

export interface Diagnosing {
  readonly runner: Runner
  /** A law that it is known to break: only bugs that break it can be meant. */
  readonly law?: LawName
  /** Seconds after which no further probe is begun; 15 unless told otherwise. */
  readonly seconds?: number
}

/** Puts a connector through the probes of every component that a world has words for. */
export async function diagnose(connector: Connector, all: readonly Known[], given: Diagnosing): Promise<Diagnosis> {
  const { seconds = 15, law } = given
  const until = performance.now() + seconds * 1000
  const runner = await calibrated(connector, given.runner)
  const known = all.filter((entry) => entry.variant === 'fixed' || isMeant(entry, connector, law))
  const likenesses: Likeness[] = []
  for (const component of new Set(known.map((entry) => entry.component))) {
    const variants = known.filter((entry) => entry.component === component)
    const answered: Answered[] = []
    for (const candidate of telling(candidatesFor(component, variants, connector))) {
      if (performance.now() > until) break
      const histories: History[] = []
      for (const scenario of candidate.probe.scenarios) histories.push(await runner(scenario))
      const answer = answerOf(candidate.probe, histories)
      if (answer !== null) answered.push({ ...candidate, answer })
    }
    likenesses.push(...likenessOf(component, variants, answered))
  }
  likenesses.sort((a, b) => Number(b.fits) - Number(a.fits) || share(b) - share(a) || margin(b) - margin(a))
  return { likenesses, says: inWords(likenesses, law) }
}

/** What breaks nothing but laws that the connector is not held to is no bug of it. */
function isMeant({ breaks }: Known, { exempt }: Connector, law: LawName | undefined): boolean {
  const broken = Object.keys(breaks) as LawName[]
  return broken.some((name) => exempt?.[name] === undefined) && (law === undefined || broken.includes(law))
}

const share = ({ agrees, probes }: Likeness) => agrees / probes
const margin = ({ agrees, fixed }: Likeness) => agrees - fixed

/** A probe, and how each variant answers it. */
interface Candidate {
  readonly probe: Probe
  readonly answers: ReadonlyMap<string, string>
}
interface Answered extends Candidate {
  readonly answer: string
}

function candidatesFor(component: Component, variants: readonly Known[], connector: Connector): readonly Candidate[] {
  return probesFor(component, connector).flatMap((probe) => {
    const answers = new Map(variants.map(({ variant }) => [variant, modelAnswer(component, variant, probe)]))
    return new Set(answers.values()).size > 1 ? [{ probe, answers }] : []
  })
}

const mostProbes = 16
/** Probes that are to tell a wrong variant from the right one, where there are so many. */
const fromFixed = 4

const fromOthers = 2

/** A few of the probes, which tell all apart that any can: each time the one that tells most of what is not told yet. */
function telling(candidates: readonly Candidate[]): readonly Candidate[] {
  const names = [...(candidates[0]?.answers.keys() ?? [])]
  const wanted = new Map(names.flatMap((a, i) => names.slice(i + 1).map((b): [string, number] =>
    [`${a} ${b}`, a === 'fixed' || b === 'fixed' ? fromFixed : fromOthers])))
  const tells = ({ answers }: Candidate) => [...wanted].filter(([pair, left]) => {
    const [a, b] = pair.split(' ')
    return left > 0 && answers.get(a!) !== answers.get(b!)
  }).map(([pair]) => pair)
  const chosen: Candidate[] = []
  const left = [...candidates].sort((a, b) => sizeOf(a) - sizeOf(b))
  while (chosen.length < mostProbes) {
    const best = left.reduce<Candidate | null>((a, b) => (a && tells(a).length >= tells(b).length ? a : b), null)
    const told = best ? tells(best) : []
    if (!best || told.length === 0) return chosen
    for (const pair of told) wanted.set(pair, wanted.get(pair)! - 1)
    chosen.push(best)
    left.splice(left.indexOf(best), 1)
  }
  return chosen
}

const sizeOf = ({ probe }: Candidate) => probe.stream.length + probe.scenarios.length + (probe.strike ? 1 : 0)

/** Of so many probes it must be like the bug in at least this share, and in this many more than like the right one. */
const mostly = 0.5
const clearly = 2
/** Below this share it is the nearest bug, and not the same. */
const nearly = 0.85

/** Nothing, where the probes that were answered tell no bug from the right one. */
function likenessOf({ name, source }: Component, variants: readonly Known[], answered: readonly Answered[]): readonly Likeness[] {
  const agreeing = (variant: string) => answered.filter(({ answers, answer }) => answers.get(variant) === answer).length
  const wrong = variants.filter(({ variant }) => answered.some(({ answers }) => answers.get(variant) !== answers.get('fixed')))
  if (wrong.length === 0) return []
  const agrees = Math.max(...wrong.map(({ variant }) => agreeing(variant)))
  const nearest = wrong.filter(({ variant }) => agreeing(variant) === agrees)
  const fixed = agreeing('fixed')
  return [{
    component: name, source, probes: answered.length, fixed, agrees,
    nearest: nearest.map(({ variant }) => variant), says: nearest[0]!.says,
    fits: agrees >= mostly * answered.length && agrees >= fixed + clearly,
  }]
}

function inWords(likenesses: readonly Likeness[], law: LawName | undefined): string {
  const [best] = likenesses
  if (!best) return 'No known bug could be looked for: no probe could be put to it.'
  if (best.fits) {
    const [first, ...others] = best.nearest
    const alike = others.length === 0 ? '' : ` (these do not tell it from ${others.join(', ')})`
    const bug = `${best.component}/${first}, which ${best.says}, in ${best.agrees} of ${best.probes} probes${alike}; ${best.source}.`
    return share(best) >= nearly ? `It behaves like ${bug}` : `No known bug fits. The nearest is ${bug}`
  }
  const right = likenesses.filter(({ fixed, probes }) => fixed === probes).map(({ component }) => component)
  const probes = likenesses.reduce((sum, likeness) => sum + likeness.probes, 0)
  const meant = law === undefined ? '' : ' that breaks this law'
  const so = right.length === 0 ? '' : `; as a right ${right.join(', ')} would`
  return `It behaves like no bug of the catalogue${meant}, in ${probes} probes${so}.`
}
