/** Which faults it takes to break a law, where that was tried: a reader looks for the cause among them first. */
import type { Violation } from '../../spec/evidence/violation.ts'
import { isLinkFault } from '../text/event.ts'
import { amount } from '../text/words.ts'
import { stepWith } from './course.ts'

/** The sentence; null where none is known to be needed. Those that `text` names already are left out. */
export function whatItTakes(found: Violation, text = ''): string | null {
  const steps = neededIn(found).filter(({ at }) => !isNamed(found, at, text))
    .map(({ at, alike }) => stepWith(found, at).replace(/^step \S+,/, alike.length > 1 ? `steps ${inWords(alike.map((each) => amount(each + 1)))},` : '$&'))
  if (steps.length === 0) return null
  return `It takes ${inWords(steps)}: without ${steps.length === 1 && steps[0]!.startsWith('step ') ? 'that' : 'any one of them'}, every law is kept.`
}

const inWords = (each: readonly string[]) => [each.slice(0, -1).join(', '), each.at(-1)].filter(Boolean).join(' and ')

/** The event of a fault, and those of all that are alike and come at that moment. */
interface Needed {
  readonly at: number
  readonly alike: readonly number[]
}

/** Whether a fault of the history was left out, and every law was kept then; */
export const isKnownToBeNeeded = (found: Violation, at: number) => neededIn(found).some((each) => each.at === at)
/** or one was broken all the same. */
export const isKnownNotToBeNeeded = (found: Violation, at: number) => neededIn(found, 'broken').some((each) => each.at === at)

/** Those without which every law was kept, or one was broken. */
function neededIn({ scenario, history, lacking = [], repeats, clock, at }: Violation, is: 'kept' | 'broken' = 'kept'): readonly Needed[] {
  if (!repeats || clock === 'real') return []
  const nameOf = ({ what, on }: (typeof scenario.faults)[number]) => (isLinkFault(what) ? `${what} link ${((on - 1) % scenario.links) + 1}` : what)
  const faults = scenario.faults.map((fault, i) => ({ i, name: nameOf(fault), after: fault.after })).sort((a, b) => a.after - b.after)
  return lacking.flatMap(({ part, at: which, outcome }) => {
    if (part !== 'fault' || outcome !== is) return []
    const { name, after } = faults.find(({ i }) => i === which)!
    const own = faults.filter((each) => each.name === name)
    const events = history.flatMap(({ what, link }, i) => ((isLinkFault(what) ? `${what} ${link}` : what) === name && i <= at ? [i] : []))
    const first = events[own.findIndex(({ i }) => i === which)]
    // Where each of several alike was left out by itself, each is told of.
    const alike = own.filter((each) => each.after === after)
    const isOnlyOne = lacking.filter((each) => each.part === 'fault' && alike.some(({ i }) => i === each.at)).length === 1
    return first === undefined ? [] : [{ at: first, alike: isOnlyOne ? alike.flatMap((each) => events[own.indexOf(each)] ?? []) : [first] }]
  })
}

const endsOfLives: ReadonlySet<string> = new Set(['service dies', 'service restarts', 'service stops'])
/** Whether a text is about a fault already: by its step, by what its link did, or as the end of a life. */
function isNamed(found: Violation, at: number, text: string): boolean {
  const { what, link } = found.history[at]!
  if (text.includes(stepWith(found, at))) return true
  if (endsOfLives.has(what)) return /started again|given again|service|\blife\b|lives/i.test(text)
  return isLinkFault(what) && new RegExp(`“${link} (?!is offered|records|reaches)`).test(text)
}
