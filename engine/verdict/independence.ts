/**
 * Links are independent, as a pair of runs: the same scenario with and without what was done to a link, compared message
 * by message. Whatever became of messages for other links must be the same, and take no longer, but for a declared slack.
 */
import { isDeepStrictEqual } from 'node:util'
import type { OtherClause } from '../../spec/clauses.ts'
import { type Connector, type Event, type History, promisesOf } from '../../spec/connector.ts'
import { linksAreIndependent } from '../../spec/laws.ts'
import type { Fault, Scenario } from '../../spec/scenario.ts'
import type { Judgement } from './judge.ts'

const clause: OtherClause = 'nothing lost to the trouble of another link'
/** What is done to one link, and to nobody else. */
const isOfALink = ({ what }: Fault) => what.startsWith('link ')
const isPassing = ({ what }: Pick<Event, 'what'>) => what === 'time passes'

interface Course {
  readonly link: string
  readonly taken: number
  /** When it had its verdict, and which; null while it has none. */
  readonly verdict: { readonly at: number; readonly time: number; readonly is: 'delivered' | 'flagged' } | null
}

export interface Pair {
  readonly struck: Scenario
  readonly spared: Scenario
}

/**
 * Two scenarios to compare, where what is done to links may have cost messages for the others something: where one of those was
 * flagged, has no verdict, or took longer than the slack. Both are without what is done to others than links, or its moment would
 * tell them apart. Null where there is nothing to compare.
 */
export function pairOf(connector: Connector, scenario: Scenario, history: History): Pair | null {
  const faults = scenario.faults.filter(isOfALink)
  if (connector.exempt?.[linksAreIndependent.name] !== undefined || scenario.links < 2 || faults.length === 0) return null
  const { slack } = promisesOf(connector, 0)
  const isSuspect = ([, { taken, verdict }]: readonly [string, Course]) => verdict?.is !== 'delivered' || verdict.time - taken > slack
  return spared(scenario, history).some(isSuspect) ? { struck: { ...scenario, faults }, spared: { ...scenario, faults: [] } } : null
}

/**
 * The pair in which time is let pass in both, where nothing else is in the scenario but that and what is done to links: its own run is the
 * one of them. Null otherwise.
 */
export function pairInTime(scenario: Scenario): Pair | null {
  const passes = scenario.faults.filter(isPassing)
  if (passes.length === 0 || !scenario.faults.every((fault) => isOfALink(fault) || isPassing(fault))) return null
  return { struck: scenario, spared: { ...scenario, faults: passes } }
}

/** The same, and nothing is done to any link. */
export const withoutLinkFaults = (scenario: Scenario): Scenario =>
  ({ ...scenario, faults: scenario.faults.filter((fault) => !isOfALink(fault)) })

/**
 * What the faults of one link cost a message for another; null when nothing. The run without it may be given twice: what is not
 * the same in both shows nothing.
 */
export function compared(
  connector: Connector, scenario: Scenario, history: History, without: History, again: History = without,
): Judgement | null {
  const { slack } = promisesOf(connector, 0)
  const [calm, once] = [new Map(courses(without)), new Map(courses(again))]
  for (const [message, { link, taken, verdict }] of spared(scenario, history)) {
    const other = calm.get(message)
    if (other?.verdict?.is !== 'delivered' || once.get(message)?.verdict?.time !== other.verdict.time) continue
    if (scenario.faults.some(isPassing) && !isLateByItself(message, history, without)) continue
    const [took, would] = [verdict === null ? Infinity : verdict.time - taken, other.verdict.time - other.taken]
    const found = (at: number, says: string): Judgement =>
      ({ law: linksAreIndependent, clause, message, at, says })
    // Room that is declared may be shared, and what is over it flagged.
    if (verdict?.is === 'flagged' && connector.capacity !== undefined) continue
    if (verdict?.is === 'flagged') return found(verdict.at, `${message} for ${link} is flagged, and is delivered when nothing is done to another link.`)
    if (verdict && took > would + slack)
      return found(verdict.at, `${message} for ${link} takes ${took.toLocaleString('en-US')} ms, and `
        + `${would.toLocaleString('en-US')} ms when nothing is done to another link.`)
  }
  return null
}

/**
 * Whether what becomes of the messages for a link is the same in both but for whose turn came first at some moment. That the schedule
 * says, by positions among all that wait, so that what is left out for one link has others change places.
 */
export function differInTurns(message: string, history: History, without: History): boolean {
  const [seen, other] = [history, without].map((each) => ofItsLink(message, each))
  const first = seen!.findIndex((event, i) => !isDeepStrictEqual(shown(event), shown(other![i])))
  return first >= 0 && seen![first]!.time === other![first]?.time
}

/**
 * Whether the messages for its link fared the same in both, and so did the time that was let pass, until one came to something later than
 * in the other run, and no time was let pass after that. Whoever waits for a turn has none while it passes: that says nothing of anybody.
 */
function isLateByItself(message: string, history: History, without: History): boolean {
  const [seen, other] = [history, without].map((each) => ofItsLink(message, each, isPassing))
  const first = seen!.findIndex((event, i) => !isDeepStrictEqual(shown(event), shown(other![i])))
  const [late, early] = [seen![first], other![first]]
  return late !== undefined && early !== undefined && late.time > early.time
    && ![seen, other].some((each) => each!.slice(first).some(isPassing))
}

const shown = (event: Event | undefined) => event && [event.what, event.message, event.time]

/** What happened to the messages for the link of one of them, and what else is asked for, until the calm. */
function ofItsLink(message: string, history: History, isAskedFor: (event: Event) => boolean = () => false): History {
  const until = history.findIndex(({ what }) => what === 'fresh')
  const all = courses(history)
  const link = all.find(([name]) => name === message)?.[1].link
  const its = new Set(all.filter(([, course]) => course.link === link).map(([name]) => name))
  return history.slice(0, until < 0 ? history.length : until).filter((event) => its.has(event.message ?? '') || isAskedFor(event))
}

/** Messages of the storm whose own link nothing was done to. */
function spared({ faults, links }: Scenario, history: History): readonly (readonly [string, Course])[] {
  const struck = new Set(faults.filter(isOfALink).map(({ on }) => `link ${((on - 1) % links) + 1}`))
  return courses(history).filter(([, { link }]) => !struck.has(link))
}

function courses(history: History): readonly (readonly [string, Course])[] {
  const all = new Map<string, Course>()
  const several = new Set<string>()
  for (const [at, event] of history.entries()) {
    if (event.what === 'fresh') break
    const { message, what, time, link = '' } = event
    if (message === undefined) continue
    if (what === 'taken') {
      if (all.has(message)) several.add(message)
      all.set(message, { link, taken: time, verdict: null })
    }
    const course = all.get(message)
    const is = verdicts[what]
    if (course && !course.verdict && is) all.set(message, { ...course, verdict: { at, time, is } })
  }
  return [...all].filter(([message]) => !several.has(message))
}

const verdicts: Readonly<Partial<Record<Event['what'], 'delivered' | 'flagged'>>> = {
  recorded: 'delivered', 'recorded stripped': 'delivered', 'recorded altered': 'delivered', flagged: 'flagged',
}
