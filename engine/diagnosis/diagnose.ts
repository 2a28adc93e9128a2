/**
 * Which known bug a connector behaves like. It is tried with the small runs that tell a component’s variants apart, and
 * the variant whose model answers most of them as it does is named, if it does so clearly better than the right one.
 */
import { type Component, isVariation } from '../../spec/component.ts'
import { type Connector, type History, rangesOf } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { type Runner, calibrated } from '../falsify/runner.ts'
import { realNow } from '../real-time.ts'
import { connectorAnswer, unmet } from './connector-answer.ts'
import { type CandidateProbe, ProbeChoice } from './probe-choice.ts'

/** An entry of the catalogue: a bug, or the right one of its component. */
interface KnownVariant {
  readonly component: Component
  readonly variant: string
  /** What it does, to go after ‘which’. */
  readonly says: string
  /** The laws that it breaks; none for a right one. */
  readonly breaks: Readonly<Partial<Record<LawName, number>>>
}

/** How a connector compares to the variants of one component. */
interface Likeness {
  readonly component: string
  /** The document that describes the nearest, or on which that is a variation. */
  readonly source: string
  /** Probes that it answered. */
  readonly probes: number
  /** How many of these it answers as the right variant does, */
  readonly fixed: number
  /** and how many as the nearest wrong ones do. */
  readonly agrees: number
  readonly nearest: readonly string[]
  /** What the first of these does, to go after ‘which’. */
  readonly says: string
  /** Whether it is like them clearly more than like the right one. */
  readonly fits: boolean
}

export interface Diagnosis {
  /** The bug that it behaves like comes first, then every other component that it was compared to. */
  readonly likenesses: readonly Likeness[]
  readonly says: string
}

interface DiagnosisOptions {
  /** Several run side by side, and find what one would. */
  readonly runner: Runner | readonly Runner[]
  /** A law that it is known to break: only bugs that break it can be meant. */
  readonly law?: LawName
  /** Seconds after which no further probe is begun; 15 unless given. */
  readonly seconds?: number
}

/** Tries a connector with probes of every component that a world has words for. */
export async function diagnose(connector: Connector, all: readonly KnownVariant[], options: DiagnosisOptions): Promise<Diagnosis> {
  const { seconds = 15, law } = options
  const until = realNow() + seconds * 1000
  const [runner, ...more] = await Promise.all([options.runner].flat().map((each) => calibrated(connector, each))) as [Runner, ...Runner[]]
  const subject = { connector, fetches: (await runner(single(connector))).some(({ what }) => what === 'fetched') }
  const known = all.filter((entry) => entry.variant === 'fixed' || isMeant(entry, connector, law))
  const found: (readonly Likeness[])[] = []
  const left = [...[...new Set(known.map((entry) => entry.component))].entries()]
  const compare = async (component: Component, runner: Runner) => {
    const variants = known.filter((entry) => entry.component === component)
    const answered: AnsweredProbe[] = []
    const choice = new ProbeChoice(component, variants.map(({ variant }) => variant), subject)
    for (let candidate = choice.next(); candidate && realNow() <= until; candidate = choice.next()) {
      const histories: History[] = []
      for (const scenario of candidate.probe.scenarios) histories.push(await runner(scenario))
      const answer = connectorAnswer(candidate.probe, histories)
      if (answer === null) {
        const fault = unmet(candidate.probe, histories)
        if (fault !== null) choice.without(fault)
        continue
      }
      choice.answered(candidate)
      answered.push({ ...candidate, answer })
    }
    return likenessOf(component, variants, answered)
  }
  await Promise.all([runner, ...more].map(async (each) => {
    for (let next = left.shift(); next; next = left.shift()) found[next[0]] = await compare(next[1], each)
  }))
  const likenesses = found.flat()
  // A bug of the component that it says it is comes before the same bug of another.
  const isItself = ({ component }: Likeness) => Number(component === connector.component)
  likenesses.sort((a, b) => Number(b.fits) - Number(a.fits) || isItself(b) - isItself(a) || share(b) - share(a) || margin(b) - margin(a))
  return { likenesses, says: inWords(likenesses, law) }
}

/** One message, and nothing is done. */
const single = (connector: Connector): Scenario => {
  const { workers: [workers], links: [links] } = rangesOf(connector)
  return { workers, links, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
}

/** A bug that breaks only laws from which the connector is exempt is no bug of it. */
function isMeant({ breaks }: KnownVariant, { exempt }: Connector, law: LawName | undefined): boolean {
  const broken = Object.keys(breaks) as LawName[]
  return broken.some((name) => exempt?.[name] === undefined) && (law === undefined || broken.includes(law))
}

const share = ({ agrees, probes }: Likeness) => agrees / probes
const margin = ({ agrees, fixed }: Likeness) => agrees - fixed

/** A probe, and how the connector answered it. */
interface AnsweredProbe extends CandidateProbe {
  readonly answer: string
}

/** It must answer at least this share of the probes as the bug does, and this many more than as the right one does. */
const mostly = 0.5
const clearly = 2
/** Below this share it is the nearest bug, and not the same. */
const nearly = 0.85

/** Empty where the probes that were answered tell no bug from the right one. */
function likenessOf(
  component: Component, variants: readonly KnownVariant[], answered: readonly AnsweredProbe[],
): readonly Likeness[] {
  const agreeing = (variant: string) => answered.filter(({ answers, answer }) => answers.get(variant) === answer).length
  const wrong = variants.filter(({ variant }) => answered.some(({ answers }) => answers.get(variant) !== answers.get('fixed')))
  if (wrong.length === 0) return []
  const agrees = Math.max(...wrong.map(({ variant }) => agreeing(variant)))
  const nearest = wrong.filter(({ variant }) => agreeing(variant) === agrees)
  const fixed = agreeing('fixed')
  return [{
    component: component.name, probes: answered.length, fixed, agrees,
    source: isVariation(component, nearest[0]!.variant) ? `a variation on ${component.source}` : component.source,
    nearest: nearest.map(({ variant }) => variant), says: nearest[0]!.says,
    fits: agrees >= mostly * answered.length && agrees >= fixed + clearly,
  }]
}

function inWords(likenesses: readonly Likeness[], law: LawName | undefined): string {
  const [best] = likenesses
  if (!best) return 'No known bug could be looked for: it could be tried with no probe.'
  if (best.fits) {
    const [first, ...others] = best.nearest
    const alike = others.length === 0 ? '' : ` (these do not tell it from ${others.join(', ')})`
    const bug = `${best.component}/${first}, which ${best.says}, in ${best.agrees} of ${best.probes} probes${alike}; ${best.source}.`
    return share(best) >= nearly ? `It behaves like ${bug}` : `No known bug fits. The nearest is ${bug}`
  }
  const probes = likenesses.reduce((sum, likeness) => sum + likeness.probes, 0)
  const tried = `in ${probes} ${probes === 1 ? 'probe' : 'probes'}`
  // Below a page it is one line of many; who asks for it is told what it does not say.
  return law !== undefined ? `No known bug fits, ${tried}.`
    : `It behaves like no bug of the catalogue, ${tried}. That does not say that it is right: what is wrong with it may be of its own.`
}
