/** A run of the suite as Markdown, short enough for the summary of a job: a table, and what is broken folded under it. */
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { CheckedVariant, Evidence, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { advice } from '../advice/by-clause.ts'
import { modelCoverageMarkdown } from '../tables/model-coverage-table.ts'
import { markdownTable } from '../tables/table.ts'
import { scenariosOf, whatBroke } from '../tables/verdict-table.ts'
import { shownEvents } from '../connectors/shown-events.ts'
import { wordsFor } from '../text/event.ts'
import { label, prose } from '../text/markdown.ts'
import { markdownPage } from '../text/run-markdown.ts'
import { markdownDivergence } from '../connectors/divergence-page.ts'
import { markdownViolation } from '../connectors/violation-page.ts'
import { amount, duration, plain } from '../text/words.ts'

/** What a summary shows: pages without explanations will do. */
export type Summed = Pick<Evidence, 'command' | 'claims' | 'connectors' | 'unchecked'>
  & { readonly pages: readonly { readonly found: Counterexample }[] }

/** GitHub takes a mebibyte for all that a step writes, and shows nothing of a summary that is longer. */
export const mostBytes = 900 * 1024
/** Sentences about what was not checked. */
const mostUnchecked = 50
/** Bytes of one page, and events of one diagram: no reader draws a larger one. */
const [leastPage, longestPage, mostEvents] = [500, 60 * 1024, 200]

/** Pages that there is no room for are counted, and left to `--report page.html`. */
export function summaryReport({ command, claims, connectors, pages, unchecked = [] }: Summed, room = mostBytes): string {
  const head = [
    `## ${verdictOf(claims, connectors, unchecked)}`, '',
    ...(connectors.length === 0 ? [] : [connectorTable(connectors), '']),
    ...(claims.length === 0 ? [] : [claimsLine(claims), '', ...claimTable(claims)]),
    ...(unchecked.length === 0 ? [] : ['Not checked:', '',
      ...unchecked.slice(0, mostUnchecked).map((says) => `- ${prose(short(says, 300))}`),
      ...(unchecked.length > mostUnchecked ? [`- and ${amount(unchecked.length - mostUnchecked)} more`] : []), '']),
  ].join('\n')
  const foot = `Given by <code>${escaped(short(command, 500))}</code>\n`
  const failing = new Set(claims.filter(({ fails }) => fails).map(({ component, variant }) => `${component}/${variant}`))
  // A page is written only while there is room for one.
  const folded: readonly (() => string)[] = [
    ...connectors.flatMap(connectorPages),
    ...pages.filter(({ found }) => failing.has(`${found.component}/${found.variant}`)).map(({ found }) =>
      () => fold(`✗ ${found.component} / ${found.variant}: ${found.law.says}`, markdownPage(found))),
  ]
  let left = room - bytes(head) - bytes(foot) - 200
  const fitting = folded.flatMap((written) => {
    const page = left > leastPage ? written() : ''
    const size = bytes(page)
    if (page === '' || size > Math.min(left, longestPage)) return []
    left -= size + 1
    return [page]
  })
  const missing = folded.length - fitting.length
  const are = missing === 1 ? 'page is' : 'pages are'
  const more = missing === 0 ? [] : [`${amount(missing)} more ${are} too long for a summary: write them with \`--report page.html\`.`, '']
  const whole = [head, ...fitting, ...more, foot].join('\n')
  const bare = `## ${verdictOf(claims, connectors, unchecked)}\n\nThe rest is too long for a summary: write it with \`--report page.html\`.\n`
  return bytes(whole) <= room ? whole : bare
}

const bytes = (text: string) => Buffer.byteLength(text)
const short = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')} …`)

function verdictOf(
  claims: readonly CheckedVariant[], connectors: readonly TriedConnector[], unchecked: readonly string[],
): string {
  const broken = connectors.filter(({ verdict }) => verdict === 'broken').length + claims.filter(({ fails }) => fails).length
  const open = connectors.filter(({ verdict }) => verdict === 'inconclusive').length
  if (broken > 0) return `✗ unwedge: ${amount(broken)} broken`
  const notSettled = [
    ...(open > 0 ? [`${amount(open)} inconclusive`] : []),
    ...(unchecked.length > 0 ? [`${amount(unchecked.length)} not checked`] : []),
  ]
  return notSettled.length > 0 ? `unwedge: ${notSettled.join(', ')}`
    : connectors.some(({ exempt }) => Object.keys(exempt).length > 0) ? '✓ unwedge: every law that was checked holds'
    : '✓ unwedge: every law holds'
}

function connectorTable(connectors: readonly TriedConnector[]): string {
  const heads = [
    { head: 'connector' }, { head: 'verdict' }, { head: 'what happened' },
    { head: 'scenarios', right: true }, { head: 'time', right: true },
  ]
  return markdownTable(heads, connectors.map((tried) => {
    const { connector, verdict, because, violations, divergence, milliseconds, exempt, mutants = [] } = tried
    const broken = whatBroke({ violations, divergence: divergence ?? null })
    const survived = mutants.filter(({ outcome }) => outcome === 'survived')
    const says = [
      ...(because === '' ? [] : [because]), ...violations.map((found) => found.says), ...(divergence ? [divergence.says] : []),
      ...Object.keys(exempt).map((law) => `Not checked against ‘${law}’.`),
      ...(survived.length > 0 ? [`not caught: a mutant that ${survived.map(({ does }) => does).join('; ')}`]
        : mutants.length > 0 ? ['every mutant that applies is caught'] : []),
    ]
    return [
      short(connector, 200), verdict === 'broken' ? `✗ broken: ${broken.join(', ')}` : verdict, short(says.join(' ') || '–', 500),
      scenariosOf(tried), duration(milliseconds),
    ]
  }))
}

function claimsLine(claims: readonly CheckedVariant[]): string {
  const broken = claims.filter(({ breaks }) => breaks.length > 0).length
  const wrong = claims.filter((each) => each.wrong.length > 0).length
  return `${amount(claims.length)} variant${claims.length === 1 ? '' : 's'}: ${amount(claims.length - broken)} keep every law, `
    + `${amount(broken)} break one. ${wrong === 0 ? 'All is as claimed.' : `${amount(wrong)} not as claimed.`}`
}

/** Of the catalogue, what fails. */
function claimTable(claims: readonly CheckedVariant[]): readonly string[] {
  const failing = claims.filter(({ fails }) => fails)
  if (failing.length === 0) return []
  const rows = failing.map(({ component, variant, breaks, wrong, states }) => [
    `${component} / ${variant}`, breaks.map(({ law, steps }) => `${law} in ${amount(steps)} steps`).join(', ') || '–',
    wrong.join(' ') || '–', amount(states),
  ])
  const heads = [{ head: 'variant' }, { head: 'breaks' }, { head: 'otherwise than claimed' }, { head: 'states', right: true }]
  return [markdownTable(heads, rows), '']
}

function connectorPages({ connector, violations, divergence, once, exercised }: TriedConnector): readonly (() => string)[] {
  return [
    ...violations.map((found) => () => fold(`✗ ${found.connector}: ${found.says}`, [
      ...advice(found).map((says) => `${prose(says)}\n`), '```mermaid', ...diagram(found), '```', '', markdownViolation(found),
    ].join('\n'))),
    ...(once ? [() => fold(`? ${once.connector}, once: ${once.says}`, markdownViolation(once))] : []),
    ...(divergence ? [() => fold(`✗ ${divergence.connector}: ${divergence.says}`, markdownDivergence(divergence))] : []),
    ...(exercised
      ? [() => fold(`${connector}: what it exercised of the model of ${exercised.component}`, modelCoverageMarkdown(exercised))] : []),
  ]
}

/** A history as a sequence diagram: the connector and its links. */
function diagram(found: Violation): readonly string[] {
  const { connector, history, at, says } = found
  const words = wordsFor(found)
  const events = shownEvents(found, mostEvents).map(({ event, number }) => ({ ...words(event), number }))
  const lanes = [connector, ...new Set(events.flatMap(({ lane }) => (lane === null || lane === connector ? [] : [lane])))]
  const across = lanes.length === 1 ? 'p1' : `p1,p${lanes.length}`
  const note = (text: string) => `  Note over ${across}: ${label(short(text, 200))}`
  return [
    'sequenceDiagram', ...lanes.map((lane, i) => `  participant p${i + 1} as ${label(short(lane, 60))}`),
    ...events.map(({ lane, text, number }) => {
      const line = `${number}. ${number === at + 1 ? '✗ ' : ''}${text}`
      const [from, to] = lane === connector ? ['p1', 'p1'] : ['p1', `p${lanes.indexOf(lane ?? '') + 1}`]
      return lane === null ? note(line) : `  ${from}->>${to}: ${label(short(line, 200))}`
    }),
    ...(history.length > mostEvents ? [note(`${amount(history.length - mostEvents)} others are left out`)] : []), note(`✗ ${says}`),
  ]
}

const fold = (title: string, page: string): string =>
  `<details><summary>${escaped(short(title, 300))}</summary>\n\n${page}\n</details>\n`

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Text inside HTML, on one line. */
const escaped = (text: string) => plain(text).replace(/[&<>"']/g, (mark) => entities[mark]!)
