/** The page of a log: what it shows of the laws, as text and as Markdown. Everything in it that a log says may be anything. */
import type { LogConformance, LogFinding, LogLine, LogVerdict } from '../../spec/evidence/log-verdict.ts'
import { wrongs } from '../../spec/evidence/log-verdict.ts'
import { asks } from './clause-words.ts'
import { fenced, prose } from '../text/markdown.ts'
import { indented, type Paper } from '../text/paper.ts'
import { amount, amountOf, plain } from '../text/words.ts'

export function logPage(found: LogVerdict, paper: Paper = {}): string {
  const line = (text: string, by = 2) => indented(text, by, paper, by + 2)
  return [
    ...line(`${found.log}, ${found.guarantee}`, 0), '',
    ...found.findings.flatMap((finding) => [...findingLines(finding, found, paper), '']),
    ...modelLines(found, paper), ...line(tally(found)), ...line(span(found)),
    ...found.doubts.flatMap(({ because, settles, line: at }) =>
      [...line(`? Inconclusive: ${because}${at === null ? '' : `, the first at line ${amount(at)}`}.`), ...line(`What would settle it: ${settles}.`, 4)]),
    ...(found.stopped ? [...line(stoppedAt(found.stopped)), ...line('Nothing after it is read, and nothing is held to be missing.', 4)] : []),
    '', ...line('Not checked:'), ...found.notChecked.flatMap((text) => line(text, 4)),
    '', ...line(verdictLine(found), 0), '',
  ].map(plain).join('\n')
}

export const markdownLog = (found: LogVerdict): string => [
  `## ${prose(found.log)}`, '', `> ${found.verdict === 'lawful' ? '✓' : found.verdict === 'broken' ? '✗' : '?'} ${prose(verdictLine(found))}`, '',
  fenced(logPage(found), 'text'),
].join('\n')

export const stoppedAt = ({ line, because }: NonNullable<LogVerdict['stopped']>) => `? Line ${amount(line)}: ${because}.`

/** In one line: the words for what is wrong, and how often. */
export function verdictLine({ verdict, counts, doubts, stopped, conformance }: LogVerdict): string {
  if (verdict === 'lawful') return 'Lawful: every message of the log has its verdict, and none breaks a law.'
  if (verdict === 'inconclusive') return `Inconclusive: ${stopped ? `line ${amount(stopped.line)} ends what can be read` : doubts.map(({ because }) => because).join('; ')}.`
  const parts = conformance?.divergence ? [`${amount(conformance.divergences)} not as ${conformance.component}`] : []
  return `Broken: ${[...Object.entries(counts).map(([clause, times]) => `${amount(times)} ${wrongs[clause as keyof typeof wrongs]}`), ...parts].join(', ')}.`
}

/** What the model of a component could not have done, and how much of the log it was asked about. */
function modelLines({ conformance }: LogVerdict, paper: Paper): readonly string[] {
  if (!conformance) return []
  const { component, divergence, divergences } = conformance
  const line = (text: string, by = 2) => indented(text, by, paper, by + 2)
  const [held, ...left] = modelSentences(conformance)
  return [
    ...(divergence ? [
      ...line(`✗ Line ${amount(divergence.line)}${divergences > 1 ? `, the first of ${amount(divergences)}` : ''}: `
        + `the model of ${component} cannot do this.`),
      ...line(divergence.says, 4), '', ...rows(divergence.lines, divergence.line), '',
    ] : []),
    ...line(held!), ...left.flatMap((text) => line(text, 4)), '',
  ]
}

/** How much of the log the model was asked about, and what not, in sentences. */
export function modelSentences({ component, messages, together, tooMany, notAsked }: LogConformance): readonly string[] {
  return [
    `The model of ${component}: ${amountOf(messages, 'message')} held to it, ${amount(together)} of them with all that were in hand, `
      + 'each other by itself. What is asked is whether it could have given these verdicts, in this order, whatever time its timers '
      + 'take; that a verdict is missing, or comes twice, the laws see.',
    ...Object.entries(notAsked).map(([why, times]) => `${amountOf(times, 'message')} not checked against it, because ${why}.`),
    ...(tooMany === 0 ? [] : [`${amountOf(tooMany, 'stretch', 'stretches')} of the log not checked against it, because it has too many runs.`]),
  ]
}

/** How much it has, in a sentence. */
export function tally({ lines, events, messages, delivered, flagged, inHand }: LogVerdict): string {
  return `${amountOf(lines, 'line')}, ${amountOf(events, 'event')}, ${amountOf(messages, 'message')}: ${amountOf(delivered, 'delivery', 'deliveries')}, `
    + `${amountOf(flagged, 'flag')}, ${amount(inHand)} without a verdict.`
}

/** A number that is a date is written as one. */
export const timeInLog = (at: number): string => (at > 1e11 && at < 1e14 ? new Date(at).toISOString() : `${amount(at)} ms`)
export const span = ({ from, to }: LogVerdict): string =>
  (from === null || to === null ? 'It has no time.' : `From ${timeInLog(from)} to ${timeInLog(to)}.`)

function findingLines({ law, clause, says, line, lines }: LogFinding, { counts }: LogVerdict, paper: Paper): readonly string[] {
  const times = counts[clause] ?? 1
  return [
    ...indented(`✗ Line ${amount(line)}, ${wrongs[clause]}${times > 1 ? `, one of ${amount(times)}` : ''}: ${says}`, 2, paper, 4),
    ...indented(`${law.says} ${asks(clause) ?? ''}`.trim(), 4, paper), '',
    ...rows(lines, line),
  ]
}

function rows(lines: readonly LogLine[], broken: number): readonly string[] {
  const wide = Math.max(...lines.map(({ line }) => amount(line).length), 4)
  return lines.map(({ line, event, time }) =>
    `    ${amount(line).padStart(wide)}${line === broken ? ' ✗ ' : '   '}${(time === null ? '' : timeInLog(time)).padEnd(widestTime)}  ${eventInLog(event)}`.trimEnd())
}
const widestTime = 24

/** What a line says, in words. */
export function eventInLog({ what, link, attempt, because }: LogLine['event']): string {
  const says = `${what}${link === undefined || link === '' ? '' : `, ${link}`}${attempt === undefined ? '' : `, attempt ${attempt}`}`
    + `${because === undefined ? '' : `: ${because}`}`
  return says.slice(0, longestRow)
}
const longestRow = 300
