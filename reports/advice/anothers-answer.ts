/** Advice on an answer that is about one message, and that another one is given its verdict for. */
import type { Event } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { before, type Course, step, stepWith } from './course.ts'

const isTaken = ({ what, told }: Event) => what === 'answered' || (what.startsWith('recorded') && told !== false)
const verdicts: ReadonlySet<string> = new Set(['flagged', 'claims delivered'])
const isFailed = ({ what }: Event) => what === 'refused' || what === 'dropped'

/**
 * The last answer before a verdict, where it is about another message that has no verdict by then, and comes at the moment of the verdict;
 * -1 where there is none.
 */
function answerRead({ message }: Course, found: Violation, is: (event: Event) => boolean): number {
  const { history, at } = found
  const answer = before(found, at, (event) => isTaken(event) || isFailed(event))
  const { message: of, time } = history[answer] ?? {}
  if (answer < 0 || of === undefined || of === message || !is(history[answer]!) || time !== history[at]!.time) return -1
  const verdict = before(found, at, (event) => event.message === of && verdicts.has(event.what))
  return verdict >= 0 ? -1 : answer
}

/** Where the answer of another call is taken for that of this message; null where that does not show. */
export function swapped(course: Course, found: Violation, taken: boolean): string | null {
  const isOpen = course.calls.some(({ told, outcome }) => told === null || (outcome === 'taken') !== taken)
  const answer = isOpen ? answerRead(course, found, taken ? isTaken : isFailed) : -1
  if (answer < 0) return null
  const before = `The answer before that, at ${stepWith(found, answer)}, is about ${found.history[answer]!.message}, and ${course.message} `
  if (taken) return `${before}has its verdict for it. Keep with each call which message it is for: answers need not come in the order of the calls.`
  return `${before}is flagged for it. Either one error answers for several messages, as where \`Promise.all\` waits for a batch, or it is taken for the answer `
    + 'of another call. Give each message its verdict by what became of its own call.'
}

/** Where several have the same verdict at once for what happened to one of them; null where that does not show. */
export function oneForAll({ message }: Course, found: Violation): string | null {
  const { history, at } = found
  const { time, detail } = history[at]!
  const others = history.filter((event) =>
    event.what === 'flagged' && event.message !== message && event.time === time && event.detail === detail)
  const failed = before(found, at, (event) => isFailed(event) && others.some((each) => each.message === event.message))
  if (failed < 0) return null
  return `${history[failed]!.message} failed at ${stepWith(found, failed)}, and ${message} is flagged together with it, for the same reason. One error answers `
    + 'for several messages there: give each of them its verdict by what became of its own call, and try again those that were not sent.'
}

/** Where another message is sent after its verdict: it was taken for this one, which waits. Null where none was. */
export function sentWhenSettled({ message, taken }: Course, { history, at }: Violation): string | null {
  const verdicts = new Map<string, number>()
  for (let i = 0; i < at; i++) {
    const { what, message: other, link, life } = history[i]!
    if (other === undefined || other === message) continue
    if (what === 'flagged' || what === 'claims delivered') verdicts.set(other, i)
    const verdict = what === 'offered' && i > taken ? verdicts.get(other) : undefined
    const said = history[verdict ?? -1]
    // Of several recipients each has its own; and what is sent again after a start is another matter.
    if (verdict === undefined || !said || said.life !== life || (said.link ?? link) !== link) continue
    const word = said.what === 'flagged' ? 'is flagged' : 'is said to be delivered'
    return `${other} ${word} at ${step(verdict)}, and is offered again at ${step(i)}: see whether that was meant to be ${message}. Look for what takes one for the other: `
      + 'an index into a list that has changed, a variable that a later message sets.'
  }
  return null
}
