/** Evidence as JUnit XML, for build servers: a test case for each claim, the page of a run as the failure. */
import type { CheckedVariant, Evidence, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import type { LogVerdict } from '../../spec/evidence/log-verdict.ts'
import { connectorLaws, inOrder, linksAreIndependent, nothingWedges } from '../../spec/laws.ts'
import { outcomeInWords } from '../tables/mutant-table.ts'
import { divergencePage } from '../connectors/divergence-page.ts'
import { logPage, verdictLine } from '../connectors/log-page.ts'
import { textPage } from '../text/run-page.ts'
import { violationPage } from '../connectors/violation-page.ts'
import { amount, plain } from '../text/words.ts'

interface Case {
  readonly suite: string
  readonly name: string
  readonly seconds: number
  readonly file?: string
  readonly failure?: { readonly says: string; readonly page: string }
  readonly skipped?: string
}

export const junitReport = (evidence: Evidence): string => document([
  ...evidence.claims.map((claim) => caseOf(claim, evidence.pages)),
  ...evidence.connectors.flatMap(casesOf),
  ...(evidence.unchecked ?? []).map((says): Case => ({ suite: 'not checked', name: says, seconds: 0, skipped: says })),
])

/** A case for each law that a log can break, and one for what cannot be said. */
export function junitLog(found: LogVerdict): string {
  const laws = connectorLaws.filter(({ name }) => name !== nothingWedges.name && name !== linksAreIndependent.name)
  const page = logPage(found)
  const ofLaws = laws.map((law): Case => {
    const broken = found.findings.find((finding) => finding.law.name === law.name)
    return {
      suite: found.log, name: law.says, seconds: 0,
      ...(broken ? { failure: { says: broken.says, page } } : found.verdict === 'inconclusive' ? { skipped: verdictLine(found) } : {}),
    }
  })
  return document(ofLaws)
}

function document(cases: readonly Case[]): string {
  const suites = [...new Set(cases.map(({ suite }) => suite))]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="unwedge" ${counts(cases)}>`,
    ...suites.flatMap((suite) => suiteOf(suite, cases.filter((each) => each.suite === suite))),
    '</testsuites>', '',
  ].join('\n')
}

/** A variant is right when it does what is claimed of it, be that right or wrong. */
function caseOf({ component, variant, says, milliseconds, breaks, wrong, fails }: CheckedVariant, pages: Evidence['pages']): Case {
  const broken = breaks.map(({ law, steps }) => `‘${law}’ in ${steps} steps`)
  const claim = broken.length === 0 ? 'keeps every law' : `breaks ${broken.join(' and ')}`
  const own = pages.filter(({ found }) => found.component === component && found.variant === variant)
  const page = own.map(({ found }) => textPage(found)).join('\n')
  return {
    suite: component, name: `${variant}, which ${says}, ${claim}`, seconds: milliseconds / 1000,
    ...(fails ? { failure: { says: wrong.length > 0 ? wrong.join(' ') : `It ${claim}.`, page } } : {}),
  }
}

/** A case for each law: after the first that is broken, no more is known of the others. */
function casesOf(tried: TriedConnector): readonly Case[] {
  const { connector, verdict, because, runs, milliseconds, file, exempt, violations, order, once } = tried
  // That messages come in order is asked of those who promise it.
  const laws = connectorLaws.filter(({ name }) => name !== inOrder.name || order !== undefined)
  const ofLaws = laws.map((law): Case => {
    const found = violations.find((violation) => violation.law.name === law.name)
    const why = exempt[law.name]
    const skipped = why !== undefined ? `It is not checked against this law, because ${why}.`
      : verdict === 'inconclusive' ? `Inconclusive: ${because}.${once?.law.name === law.name ? `\n${violationPage(once)}` : ''}`
      : verdict === 'broken' ? 'Not settled: no scenario is drawn once a law is broken.' : undefined
    return {
      suite: connector, name: `${law.says} (${amount(runs)} scenarios)`, seconds: milliseconds / 1000 / laws.length,
      ...(file === null ? {} : { file }),
      ...(found ? { failure: { says: found.says, page: violationPage(found) } } : skipped === undefined ? {} : { skipped }),
    }
  })
  return [...ofLaws, ...othersOf(tried)]
}

/** Held to the model of its component, and with one thing wrong at a time. */
function othersOf({ connector, file, divergence, mutants = [] }: TriedConnector): readonly Case[] {
  const at = { suite: connector, seconds: 0, ...(file === null ? {} : { file }) }
  return [
    ...(divergence ? [{ ...at, name: `The model of ${divergence.component} could have done the same`,
      failure: { says: divergence.says, page: divergencePage(divergence) } }] : []),
    ...mutants.map((each): Case => ({
      ...at, name: `It is caught when it ${each.does}`,
      ...(each.outcome === 'survived' ? { failure: { says: `It survived ${outcomeInWords(each)}`, page: '' } }
        : each.outcome === 'caught' ? {} : { skipped: `${each.outcome}, ${outcomeInWords(each)}` }),
    })),
  ]
}

function suiteOf(name: string, cases: readonly Case[]): readonly string[] {
  return [`  <testsuite name="${attribute(name)}" ${counts(cases)}>`, ...cases.flatMap(lines), '  </testsuite>']
}

function counts(cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure).length
  const skipped = cases.filter((each) => each.skipped !== undefined).length
  const time = cases.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3)
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${time}"`
}

function lines({ suite, name, seconds, file, failure, skipped }: Case): readonly string[] {
  const at = file === undefined ? '' : ` file="${attribute(file)}"`
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"${at} time="${seconds.toFixed(3)}"`
  if (failure) {
    const message = `message="${attribute(failure.says)}"`
    return [`${open}>`, `      <failure type="law broken" ${message}>${text(failure.page)}</failure>`, '    </testcase>']
  }
  return skipped === undefined ? [`${open}/>`] : [`${open}>`, `      <skipped message="${attribute(skipped)}"/>`, '    </testcase>']
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
/** XML has no way to write most control characters at all: `plain` shows them as what they are. */
const attribute = (value: string) => plain(value).replace(/[&<>"']/g, (mark) => escapes[mark]!).replace(/[\ufffe\uffff]/g, '\ufffd')
const text = (page: string) => page.split('\n').map(attribute).join('\n')
