/** From evidence to what the script of a page reads: words where there are words to choose, and otherwise the evidence. */
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { CheckedVariant, Evidence, Playback, ExplainedCounterexample, Threshold, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import { connectorLaws, inOrder, laws } from '../../spec/laws.ts'
import type { Violation, Divergence } from '../../spec/evidence/violation.ts'
import { advice } from '../advice/by-clause.ts'
import { asks } from '../connectors/clause-words.ts'
import { type CourseRow, courses, coursesTitle } from '../connectors/courses.ts'
import { outcomeInWords } from '../tables/mutant-table.ts'
import { howFound, scenarioSentences, whatMatters, withoutPart } from '../connectors/scenario.ts'
import { repeating } from '../connectors/settling.ts'
import { mostNamed, violationPlayback } from './violation-playback.ts'
import { divergenceLaw } from '../connectors/divergence-page.ts'
import { lanesOf } from '../text/lanes.ts'
import { ending, limitSentence, minimality, replayCommand } from '../text/run-sentences.ts'
import { amount, counted, plain } from '../text/words.ts'

/** What stands on the page of one run. */
export interface RunPage extends Partial<Pick<ExplainedCounterexample, 'without' | 'answers' | 'beside'>> {
  /** The first part of the address of each of its steps. */
  readonly id: string
  readonly name: string
  /** To go after the name: which … */
  readonly says: string
  /** What is broken: a law, or likeness to a model. */
  readonly law: { readonly name: string; readonly says: string }
  /** Which part of the law, in a sentence; null where that is not told apart. */
  readonly clause: string | null
  /** Whether it was seen in one run only, which settles nothing. */
  readonly isOnce: boolean
  /** What the run shows at its end, and how it is known that none is shorter. */
  readonly ending: string
  readonly minimality: string
  /** The message that the law is broken for. */
  readonly message: string
  /** Whether that message never gets a verdict. */
  readonly lost: boolean
  /** The step, from 1, at which it shows; null when only the end does. */
  readonly breaks: number | null
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

interface PageLaw {
  readonly name: string
  readonly says: string
}

export interface PageData {
  readonly command: string
  /** What was checked, and against how many laws. */
  readonly kicker: string
  readonly laws: readonly PageLaw[]
  /** Those that connectors are checked against. */
  readonly connectorLaws: readonly PageLaw[]
  readonly claims: readonly CheckedVariant[]
  readonly connectors: readonly (Omit<TriedConnector, 'violations' | 'divergence' | 'mutants' | 'once' | 'order'> & {
    readonly broken: readonly { readonly law: string; readonly says: string }[]
    /** The law that was broken in one run and kept in the next of the same scenario. */
    readonly once?: string
    readonly mutants?: readonly { readonly does: string; readonly outcome: string; readonly says: string }[]
  })[]
  readonly thresholds: readonly (Threshold & { readonly says: string; readonly page: string | null })[]
  readonly pages: readonly RunPage[]
}

/** Everything that a page shows. Each text is made harmless for the eye too: nothing in it turns or hides what follows. */
export function dataOf({ command, claims, connectors, thresholds, pages }: Evidence): PageData {
  const runs = named([...pages.map(modelPage), ...connectors.flatMap((tried) => [
    ...seenIn(tried).map((found) => violationPage(found, tried)), ...(tried.divergence ? [divergencePage(tried.divergence, tried)] : []),
  ])])
  const showing = ({ component, variant, passes }: Threshold) => pages.findIndex(({ found, without }) =>
    found.component === component && found.variant === variant &&
    (found.threshold ? found.threshold.passes === passes : without.some(({ limit }) => limit?.passes === passes)))
  // That messages come in order is asked of those who promise it.
  const promised = connectors.some(({ order }) => order !== undefined) ? connectorLaws : laws
  const ofConnectors = promised.map(({ name, says }) => ({ name, says }))
  const asked = [...(connectors.length > 0 || claims.length === 0 ? ofConnectors : []), ...claims.flatMap((claim) => claim.laws)]
  const all = [...new Map(asked.map((law) => [law.name, law])).values()]
  return plainly({
    command, claims, pages: runs, laws: all, connectorLaws: ofConnectors, kicker: kickerOf(all),
    thresholds: thresholds.map((limit) => ({ ...limit, says: limitSentence(limit), page: runs[showing(limit)]?.id ?? null })),
    connectors: connectors.map(({ violations, divergence, mutants, order, once, ...tried }) => ({
      ...tried, exempt: { ...(order === undefined ? { [inOrder.name]: 'it does not promise that' } : {}), ...tried.exempt },
      ...(mutants ? { mutants: mutants.map((each) => ({ does: each.does, outcome: each.outcome, says: outcomeInWords(each) })) } : {}),
      broken: [
        ...violations.map(({ law, says }) => ({ law: law.name, says })),
        ...(divergence ? [{ law: divergenceName(divergence), says: divergence.says }] : []),
      ],
      ...(once ? { once: once.law.name } : {}),
    })),
  })
}

const numbers = ['no laws', 'one law', 'two laws', 'three laws', 'four laws', 'five laws', 'six laws']
function kickerOf(all: readonly PageLaw[]): string {
  const isOfMessages = all.some(({ name }) => laws.some((law) => law.name === name))
  return `${isOfMessages ? 'Message connectors' : 'Models'}, checked against ${numbers[all.length] ?? `${amount(all.length)} laws`}`
}

/** What it broke, and what it broke once. */
const seenIn = ({ violations, once }: TriedConnector) => [...violations, ...(once ? [once] : [])]

/** Gives each page an id of its own, so that two steps never have the same address. */
function named(pages: readonly RunPage[]): readonly RunPage[] {
  const taken = new Map<string, number>()
  return pages.map((page) => {
    const times = (taken.get(page.id) ?? 0) + 1
    taken.set(page.id, times)
    return times === 1 ? page : { ...page, id: `${page.id}~${times}` }
  })
}

/** Such as `claim-queue.asShipped.none-twice`. */
const idOf = (name: string, law: string) => `${name}.${law.replaceAll(' ', '-')}`

const isEndless = (law: string) => ['delivered or flagged', 'nothing wedges', 'links are independent'].includes(law)

function modelPage({ found, playback, without, answers, beside }: ExplainedCounterexample): RunPage {
  const { component, variant, says, law: { when, ...law }, length, stem, message, messages, start } = found
  const isMomentary = when === 'always' || when === 'every step'
  const { threshold: limit } = found
  return {
    id: `${idOf(`${component}.${variant}`, law.name)}${limit ? `.${limit.breaks}-${limit.of.replaceAll(' ', '-')}` : ''}`,
    name: `${component} / ${variant}${limit ? ` with ${counted(limit.breaks, limit.of)}` : ''}`, says: `which ${says}`, law, playback,
    ending: ending(found), minimality: minimality(found), message, lost: isEndless(law.name), breaks: isMomentary ? length : null,
    length, stem, lanes: lanesOf(found.run), legend: messages, begins: start, facts: factsOf(found), command: replayCommand(found),
    without, answers, beside, clause: null, isOnce: false, advice: [], diagnosis: null, leftOut: [], parts: [], matters: [], pair: null,
  }
}

function factsOf({ source, title, isVariation, from, scope, begin, about, message, culprit, threshold }: Counterexample): RunPage['facts'] {
  const sizes = Object.entries(scope).map(([size, n]) => `${size} ${amount(n)}`)
  return [
    ...(source === '' ? [] : [[isVariation ? 'A variation on' : 'Source', `${source}, ${title}`] as const]),
    ...(from === null ? [] : [['Written', `${from.file}, as ${from.export}`] as const]),
    ...(sizes.length === 0 ? [] : [['Scope', sizes.join(', ')] as const]),
    ...(begin === 0 ? [] : [['Begins', `in another of the ways there are: ${amount(begin)}`] as const]),
    ...(about === message ? [] : [['Broken for', about] as const]),
    ...(culprit === null ? [] : [['To blame', culprit] as const]),
    ...(threshold === null ? [] : [['Threshold', limitSentence(threshold)] as const]),
  ]
}

function violationPage(found: Violation, tried: TriedConnector): RunPage {
  const { law, clause, says, message, at, history, again, notApplicable, declared = [], diagnosis, answers, from, guarantee } = found
  const lost = message !== null && isEndless(law.name)
  return {
    ...historyOf(found), id: idOf(found.connector, law.name), says: `which promises ${guarantee}`, law, isOnce: found.found === 'once', clause: asks(clause), ending: says, message: message ?? '', lost,
    // What never happens shows at no step but the last; what happens too late, where it was due.
    breaks: lost && !history.slice(at).some((event) => event.message === message) ? null : at + 1,
    command: again, advice: advice(found), diagnosis, ...(answers === undefined ? {} : { answers }),
    leftOut: notApplicable.map(({ what, because }) => `${what}: because ${because}`),
    parts: (found.lacking ?? []).map((each) => {
      const [what, then] = withoutPart(found, each)
      return { what, then, isNeeded: each.outcome === 'kept' }
    }),
    matters: found.found === 'once' ? [repeating] : whatMatters(found),
    pair: found.without === undefined ? null : { title: coursesTitle(found), rows: courses(found) },
    facts: [
      ...(tried.published === undefined ? [] : [['Published', tried.published] as const]), ...written(tried, from?.export), ...scenarioSentences(found).map((note, i) => [i === 0 ? 'Scenario' : '', note] as const),
      ...declared.map(({ what, is }, i) => [i === 0 ? 'Declared' : '', `${what}: ${is}`] as const),
      ['Found', howFound(found)],
    ],
  }
}

const divergenceName = ({ component }: Divergence) => `as a ${component}`

function divergencePage(found: Divergence, tried: TriedConnector): RunPage {
  const { connector, component, says, did, allowed, message, at, again } = found
  const law = { name: divergenceName(found), says: divergenceLaw(found) }
  return {
    ...historyOf(found), id: idOf(connector, law.name), says: `which says that it is a ${component}`, law, clause: null, isOnce: false, ending: says,
    message: message ?? '', lost: false, breaks: at + 1, command: again, diagnosis: null, leftOut: [], parts: [], matters: [], pair: null,
    advice: [
      `Up to step ${amount(at)} a right ${component} could have shown the same. At step ${amount(at + 1)}, ${did}; what a right one `
        + `could have done there instead: ${allowed.length === 0 ? 'nothing more' : allowed.join('; or ')}.`,
      `Correct what it does there. Or, if it is not a ${component}, leave out \`component: '${component}'\`: `
        + 'it is then checked against the laws only.',
    ],
    facts: [...written(tried), ['Model', `${component}/fixed, at the scope of this scenario`]],
  }
}

/** What every history has. */
function historyOf(found: Pick<Violation, 'connector' | 'history' | 'message'>) {
  const playback = violationPlayback(found)
  return {
    name: found.connector, minimality: '', length: found.history.length, stem: null, playback, begins: [],
    lanes: playback.actors.filter((actor) => actor !== ''), legend: legendOf(found),
  }
}

const written = ({ file, line }: TriedConnector, as?: string): RunPage['facts'] =>
  file === null ? [] : [['Written', `${file}${line === null ? '' : `:${line}`}${as === undefined ? '' : `, as ${as}`}`]]

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

/** Longer texts are cut: nobody reads them, and the page must still open. A command is there to be copied, and may be longer. */
const longest = (key: string) => (key === 'command' ? 100_000 : 4_000)

/** The same, with every text in it as `plain` shows it. */
function plainly<T>(value: T, key = ''): T {
  if (typeof value === 'string') {
    const most = longest(key)
    return (value.length <= most ? plain(value) : `${plain(value.slice(0, most))} … (${amount(value.length)} characters)`) as T
  }
  if (Array.isArray(value)) return value.map((each) => plainly(each as unknown, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [plain(name), plainly(each as unknown, name)])) as T
}
