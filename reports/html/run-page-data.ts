/** The pages of single runs: of a model, of a connector that broke a law, and of one that is not what it says it is. */
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { ExplainedCounterexample, Playback, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import type { Divergence, Violation } from '../../spec/evidence/violation.ts'
import { advice } from '../advice/by-clause.ts'
import { asks } from '../connectors/clause-words.ts'
import { type CourseRow, courses, coursesTitle } from '../connectors/courses.ts'
import { askedPart, divergenceLaw, leftOutOf } from '../connectors/divergence-page.ts'
import { leftOutSentences } from '../connectors/left-out.ts'
import { howFound, scenarioSentences, whatMatters, withoutPart } from '../connectors/scenario.ts'
import { repeating } from '../connectors/settling.ts'
import { lanesOf } from '../text/lanes.ts'
import { ending, limitSentence, minimality, replayCommand } from '../text/run-sentences.ts'
import { amount, counted } from '../text/words.ts'
import { mostNamed, violationPlayback } from './violation-playback.ts'
import { headlineOf, headlineOfViolation, type Missing, missingEvent, missingStep } from './what-happened.ts'

/** What stands on the page of one run. */
export interface RunPage extends Partial<Pick<ExplainedCounterexample, 'without' | 'answers' | 'beside'>> {
  /** The first part of the address of each of its steps. */
  readonly id: string
  readonly name: string
  /** To go after the name: which … */
  readonly says: string
  /** Where it is written; null where that is not known, or is the catalogue. */
  readonly written: string | null
  /** What is broken: a law, or likeness to a model. */
  readonly law: { readonly name: string; readonly says: string }
  /** Which part of the law, in a sentence; null where that is not told apart. */
  readonly clause: string | null
  /** Whether it was seen in one run only, which settles nothing. */
  readonly isOnce: boolean
  /** What happened, in a few words; null where the law says that itself. */
  readonly headline: string | null
  /** What the run shows at its end, and how it is known that none is shorter. */
  readonly ending: string
  readonly minimality: string
  /** The message that the law is broken for. */
  readonly message: string
  /** Whether that message never gets a verdict. */
  readonly lost: boolean
  /** The step, from 1, at which it shows; null when only the end does. */
  readonly breaks: number | null
  /** What never happens, and shows at no step; null where a step shows it. */
  readonly missing: Missing | null
  readonly length: number
  readonly stem: number | null
  readonly lanes: readonly string[]
  readonly legend: readonly { readonly name: string; readonly is: string }[]
  readonly begins: readonly string[]
  readonly facts: readonly (readonly [term: string, says: string])[]
  /** What to look for in a connector; nothing in a model, whose questions say it. */
  readonly advice: readonly string[]
  /** Which known bug a connector is like; null when that was not tried. */
  readonly diagnosis: string | null
  /** What happens without each part of a scenario. */
  readonly parts: readonly { readonly what: string; readonly then: string; readonly isNeeded: boolean }[]
  /** Which of them matter, in sentences. */
  readonly matters: readonly string[]
  /** What became of the message with and without the trouble of another link; null where that is not the question. */
  readonly pair: { readonly title: string; readonly rows: readonly CourseRow[] } | null
  /** What a connector was not tried with or not checked against, and why. */
  readonly leftOut: readonly string[]
  readonly command: string
  readonly playback: Playback
}

/** Such as `claim-queue.asShipped.none-twice`. */
const idOf = (name: string, law: string) => `${name}.${law.replaceAll(' ', '-')}`

const isEndless = (law: string) => ['delivered or flagged', 'nothing wedges', 'links are independent'].includes(law)

export function modelPage({ found, playback, without, answers, beside }: ExplainedCounterexample): RunPage {
  const { component, variant, says, law: { when, ...law }, length, stem, message, messages, start } = found
  const isMomentary = when === 'always' || when === 'every step'
  const { threshold: limit } = found
  const missing = isMomentary || !isEndless(law.name) ? null : missingStep({ found, beside, playback })
  return {
    id: `${idOf(`${component}.${variant}`, law.name)}${limit ? `.${limit.breaks}-${limit.of.replaceAll(' ', '-')}` : ''}`,
    name: `${component} / ${variant}${limit ? ` with ${counted(limit.breaks, limit.of)}` : ''}`, says: `which ${says}`, law, playback,
    written: found.from === null ? null : writtenAs(found.from.file, found.from.export),
    headline: headlineOf(found, playback), ending: ending(found), minimality: minimality(found), message, lost: isEndless(law.name),
    breaks: isMomentary ? length : null, missing, length, stem, lanes: lanesWith(missing, lanesOf(found.run)),
    legend: messages, begins: start, facts: factsOf(found), command: replayCommand(found),
    without, answers, beside, clause: null, isOnce: false, advice: [], diagnosis: null, leftOut: [], parts: [], matters: [], pair: null,
  }
}

function factsOf({ source, title, isVariation, scope, begin, about, message, culprit, threshold }: Counterexample): RunPage['facts'] {
  const sizes = Object.entries(scope).map(([size, n]) => `${size} ${amount(n)}`)
  return [
    ...(source === '' ? [] : [[isVariation ? 'A variation on' : 'Source', `${source}, ${title}`] as const]),
    ...(sizes.length === 0 ? [] : [['Scope', sizes.join(', ')] as const]),
    ...(begin === 0 ? [] : [['Begins', `in another of the ways there are: ${amount(begin)}`] as const]),
    ...(about === message ? [] : [['Broken for', about] as const]),
    ...(culprit === null ? [] : [['To blame', culprit] as const]),
    ...(threshold === null ? [] : [['Threshold', limitSentence(threshold)] as const]),
  ]
}

/** What it broke, what it broke once, and where it parts from its model. */
export const connectorPages = (tried: TriedConnector): readonly RunPage[] => [
  ...[...tried.violations, ...(tried.once ? [tried.once] : [])].map((found) => violationPage(found, tried)),
  ...(tried.divergence ? [divergencePage(tried.divergence, tried)] : []),
]

function violationPage(found: Violation, tried: TriedConnector): RunPage {
  const { law, clause, says, message, at, history, again, notApplicable, declared = [], diagnosis, answers, from, guarantee } = found
  const lost = message !== null && isEndless(law.name)
  // What never happens shows at no step but the last; what happens too late, where it was due.
  const never = lost && !history.slice(at).some((event) => event.message === message)
  const missing = never ? missingEvent(found) : null
  return {
    ...historyOf(found, missing), id: idOf(found.connector, law.name), says: `which promises ${guarantee}`, law, clause: asks(clause),
    written: written(tried, from?.export),
    isOnce: found.found === 'once', headline: headlineOfViolation(found), ending: says, message: message ?? '', lost,
    breaks: never ? null : at + 1, missing,
    command: again, advice: advice(found), diagnosis, ...(answers === undefined ? {} : { answers }),
    leftOut: leftOutSentences(notApplicable),
    parts: (found.lacking ?? []).map((each) => {
      const [what, then] = withoutPart(found, each)
      return { what, then, isNeeded: each.outcome === 'kept' }
    }),
    matters: found.found === 'once' ? [repeating] : whatMatters(found),
    pair: found.without === undefined ? null : { title: coursesTitle(found), rows: courses(found) },
    facts: [
      ...(tried.published === undefined ? [] : [['Published', tried.published] as const]), ...scenarioSentences(found).map((note, i) => [i === 0 ? 'Scenario' : '', note] as const),
      ...declared.map(({ what, is }, i) => [i === 0 ? 'Declared' : '', `${what}: ${is}`] as const),
      ['Found', howFound(found)],
    ],
  }
}

export const divergenceName = ({ component }: Divergence) => `as a ${component}`

function divergencePage(whole: Divergence, tried: TriedConnector): RunPage {
  const found = askedPart(whole)
  const left = leftOutOf(whole)
  const { connector, component, says, did, allowed, message, at, again } = found
  const law = { name: divergenceName(found), says: divergenceLaw(found) }
  return {
    ...historyOf(found), id: idOf(connector, law.name), says: `which says that it is a ${component}`, law, clause: null, isOnce: false,
    written: written(tried),
    headline: says, ending: says, message: message ?? '', lost: false, breaks: at + 1, missing: null, command: again,
    diagnosis: null, leftOut: [], parts: [], matters: [], pair: null,
    advice: [
      `Up to step ${amount(at)} a right ${component} could have shown the same. At step ${amount(at + 1)}, ${did}; what a right one `
        + `could have done there instead: ${allowed.length === 0 ? 'nothing more' : allowed.join('; or ')}.`,
      `Correct what it does there. Or, if it is not a ${component}, leave out \`component: '${component}'\`: `
        + 'it is then checked against the laws only.',
    ],
    facts: [['Model', `${component}/fixed, at the scope of this scenario`], ...(left === null ? [] : [['', left] as const])],
  }
}

/** Where something is missing, there is a lane for it, also if nothing ever happens there. */
const lanesWith = (missing: Missing | null, lanes: readonly string[]) =>
  (missing === null || missing.lane === null ? lanes : [...new Set([...lanes, missing.lane])])

/** What every history has. */
function historyOf(found: Pick<Violation, 'connector' | 'history' | 'message'>, missing: Missing | null = null) {
  const playback = violationPlayback(found)
  return {
    name: found.connector, minimality: '', length: found.history.length, stem: null, playback, begins: [],
    lanes: lanesWith(missing, playback.actors.filter((actor) => actor !== '')), legend: legendOf(found),
  }
}

const written = ({ file, line }: TriedConnector, as?: string): string | null =>
  file === null ? null : writtenAs(`${file}${line === null ? '' : `:${line}`}`, as)
const writtenAs = (file: string, as?: string) => `${file}${as === undefined ? '' : `, as ${as}`}`

/** What the messages are: each where they are few enough to name, or else the one that is accused. */
function legendOf({ history, message }: Pick<Violation, 'history' | 'message'>): RunPage['legend'] {
  const links = new Map<string, string[]>()
  for (const { what, message: name, link } of history)
    if (name !== undefined && link !== undefined && (what === 'taken' || what === 'fresh'))
      links.set(name, [...(links.get(name) ?? []), link])
  const all = history.flatMap(({ what, message: name, link, detail = '' }) =>
    name !== undefined && (what === 'taken' || what === 'fresh') && links.get(name)![0] === link
      ? [{ name, is: `${what === 'fresh' ? 'fresh, ' : ''}${detail}, for ${links.get(name)!.join(' and ')}` }] : [])
  return all.length > mostNamed ? all.filter(({ name }) => name === message) : all
}
