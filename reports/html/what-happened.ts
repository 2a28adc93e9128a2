/** What a page leads with: what happened, in a few words; and of what never happens, where it should have. */
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { ExplainedCounterexample, Fortune, Playback } from '../../spec/evidence/suite-evidence.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { laws, linksAreIndependent } from '../../spec/laws.ts'

/** What never happens, as a row below the last step. */
export interface Missing {
  /** The lane in which it should have; null where that is not known. */
  readonly lane: string | null
  /** To go after the name of that lane. */
  readonly does: string
  /** Who does it; empty where there is nobody to compare with. */
  readonly note: string
}

/** Null for a law of one’s own, which says itself what must not be. */
export function headlineOf({ law: { name }, message }: Counterexample, playback: Playback): string | null {
  switch (laws.find((law) => law.name === name)?.name) {
    case 'none twice': return `${message} is delivered twice.`
    case 'honest': return untruth(message, playback)
    case 'links are independent':
      return isFlagged(message, playback) ? `${message} is flagged while another link is down.` : `${message} has no verdict while another link is down.`
    case 'nothing wedges': return `${message} is never delivered.`
    case 'delivered or flagged': return `${message} is never delivered or flagged.`
    default: return null
  }
}

const isFlagged = (message: string, { stretches, messages }: Playback) => stretches.some(({ moments }) =>
  moments.some(({ marks = [] }) => marks.some(([of, is]) => messages[of] === message && is === 'flagged')))

/** What is false, by what the last step does to the message. */
function untruth(message: string, { stretches, messages }: Playback): string {
  const marks = stretches.flatMap(({ moments }) => moments.map(({ marks: all = [] }) =>
    all.flatMap(([of, is]): readonly Fortune[] => (messages[of] === message ? [is] : []))))
  const last = marks.at(-1) ?? []
  const before = marks.slice(0, -1).flat()
  if (last.includes('altered')) return `${message} is delivered altered.`
  if (last.includes('flagged'))
    return before.includes('flagged') ? `${message} is flagged again.`
      : `${message} is flagged, though it ${before.includes('delivered') ? 'was' : 'could be'} delivered.`
  if (last.includes('stripped')) return `${message} is stripped, though it could be delivered whole.`
  return `The verdict on ${message} is false.`
}

/** Of a model the fixed variant shows it, where that gets the message through with the same run. */
export function missingStep(
  { found: { message, law }, beside, playback }: Pick<ExplainedCounterexample, 'found' | 'beside' | 'playback'>,
): Missing | null {
  if (message === '') return null
  // What waits for another link may still come.
  const not = law.name === linksAreIndependent.name && !isFlagged(message, playback) ? 'not yet:' : 'never'
  const verdicts = (beside?.rows ?? []).flatMap(({ here, there }) => {
    const [, lane, does] = (here === null && there !== null && /^(.+?) ((?:delivers|flags) .*)$/.exec(there)) || []
    return lane !== undefined && does!.split(/[ ,]/).includes(message) ? [{ lane, does: `${not} ${does}`, note: 'the fixed one does' }] : []
  })
  return verdicts.at(-1) ?? { lane: null, does: `nothing more happens to ${message}`, note: '' }
}

/** The same of a connector; where the sentence that the judge has is as short, that. */
export function headlineOfViolation(found: Violation): string {
  const { clause, message, says, history } = found
  const isRecorded = history.some(({ what, message: name }) => what.startsWith('recorded') && name === message)
  const over = recipientsOf(found).length > 1 ? ` over ${linkMissing(found)}` : ''
  if (clause === 'a verdict in the end') return `${message} is never delivered${over}${over === '' ? ' or' : ', nor is it'} flagged.`
  if (clause === 'fresh messages are delivered' && !isRecorded) return `${message}, a fresh message, is never delivered.`
  return says
}

export function missingEvent(found: Violation): Missing {
  const { clause, connector, message } = found
  const at = (lane: string | null, does: string): Missing => ({ lane, does, note: '' })
  if (clause === 'an answer in the end') return at(connector, `never says what becomes of ${message}`)
  if (clause === 'a verdict when its sender gives up') return at(connector, `has not flagged ${message} by now`)
  if (clause === 'a verdict before it is too old') return at(connector, `has not flagged ${message} in time`)
  const isDueAtOnce = found.law.name === linksAreIndependent.name
  return at(linkMissing(found), isDueAtOnce ? `has not recorded ${message} by now` : `never records ${message}`)
}

/** The links that the accused message is for. */
const recipientsOf = ({ history, message }: Violation) => [...new Set(history.flatMap(({ what, message: name, link }) =>
  name === message && link !== undefined && (what === 'taken' || what === 'fresh') ? [link] : []))]

/** The first of them of which nobody says what became of it there. */
function linkMissing(found: Violation): string | null {
  const settled = new Set(found.history.flatMap(({ what, message, link }) =>
    message === found.message && link !== undefined && (what.startsWith('recorded') || what === 'flagged') ? [link] : []))
  const links = recipientsOf(found)
  return links.find((link) => !settled.has(link)) ?? links[0] ?? null
}
