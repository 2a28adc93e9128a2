/** What became of a message with and without what was done to a link that it does not go over: times beside each other. */
import type { History } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { wordsFor } from '../text/event.ts'
import { broken, type Paper } from '../text/paper.ts'
import { amount } from '../text/words.ts'

export interface CourseRow {
  readonly what: string
  /** Since it was taken; null where it does not happen. */
  readonly here: string | null
  readonly there: string | null
}

/** A row for each thing that happens to the message in either run, up to its verdict; none where there is no other run. */
export function courses({ connector, history, message, at, without }: Violation): readonly CourseRow[] {
  if (without === undefined) return []
  const words = wordsFor({ connector, history })
  const of = (all: History) => {
    const times = new Map<string, string>()
    const own = all.filter((event) => event.message === message)
    const verdict = own.findIndex(({ what }) => what === 'flagged' || what.startsWith('recorded'))
    for (const event of own.slice(0, verdict < 0 ? own.length : verdict + 1)) {
      const { lane, text } = words(event)
      const says = lane === null || lane === connector ? text : `${lane} ${text}`
      const again = [...times.keys()].filter((each) => each.startsWith(says)).length
      times.set(again === 0 ? says : `${says}, ${again + 1} times`, `${amount(event.time - own[0]!.time)} ms`)
    }
    return times
  }
  const [here, there] = [of(history.slice(0, at + 1)), of(without)]
  return [...new Set([...here.keys(), ...there.keys()])].map((what) =>
    ({ what, here: here.get(what) ?? null, there: there.get(what) ?? null }))
}

export const coursesTitle = ({ message }: Violation) => `${message}, as above, and when nothing is done to any link`

/** The same as lines of text, with an empty one after them. */
export function coursesTable(found: Violation, { columns = Infinity }: Paper): readonly string[] {
  const rows = courses(found)
  if (rows.length === 0) return []
  const room = Math.max(number, columns - 2 * number - 4)
  const widest = Math.min(room, Math.max(...rows.map(({ what }) => what.length)))
  const line = (what: string, here: string, there: string) => {
    const lines = columns === Infinity ? [what] : [...broken(what, room)]
    const last = lines.pop() ?? ''
    return [...lines.map((each) => `  ${each}`), `  ${last.padEnd(widest)}${here.padStart(number)}${there.padStart(number)}`]
  }
  return [
    `${coursesTitle(found)}:`, ...line('', 'as above', 'without'),
    ...rows.flatMap(({ what, here, there }) => line(what, here ?? '–', there ?? '–')), '',
  ]
}
/** How wide a column of times is. */
const number = 14
