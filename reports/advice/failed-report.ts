/** Advice on a report that failed: what the connector was about to do after it is not done. */
import type { History } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { before, type Course, stepWith } from './course.ts'

/** The last report before an event that failed, as the suite had said that the next one will; -1 where there is none. */
function lastFailed(history: History, at: number): number {
  let pending = 0
  let last = -1
  for (const [i, { what }] of history.slice(0, at).entries()) {
    if (what === 'reporting fails') pending++
    if (what === 'healed') pending = 0
    if (what === 'reports' && pending > 0) {
      pending--
      last = i
    }
  }
  return last
}

const acts: ReadonlySet<string> = new Set(['offered', 'steps', 'fetched', 'acknowledged', 'claims delivered', 'flagged', 'reports'])

/** Where the connector does nothing more after it; null where it does. */
export function afterFailedReport({ message, last }: Course, found: Violation): string | null {
  const { history, at } = found
  const failed = lastFailed(history, at)
  if (failed < 0 || history.slice(failed + 1, at).some(({ what }) => acts.has(what))) return null
  return `The last that the connector does is ${stepWith(found, failed)}, and that report fails: \`world.report\` throws. ${last > failed
    ? `${message} comes after that, and nothing is done about it. `
    : ''}Look for a loop that ends with what is thrown in it, and a \`catch\` that reports: catch what \`world.report\` throws, right there, and go on.`
}

/** What the connector was at when what its report threw ended it. */
export function whatReported(found: Violation): string {
  const failed = lastFailed(found.history, found.at)
  if (failed < 0) return ''
  const cause = before(found, failed, ({ message }) => message !== undefined)
  return `What ends it is the report of ${stepWith(found, failed)}${cause < 0 ? '' : `, after ${stepWith(found, cause)}`}: it fails, and nobody catches that. `
}
