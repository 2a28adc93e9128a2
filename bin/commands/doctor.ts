/** `unwedge doctor`: is an adapter able to fail? */
import { examine } from '../../engine/falsify/doctor.ts'
import { mutants } from '../../engine/falsify/mutants.ts'
import { unlessInconclusive } from '../../engine/inconclusive.ts'
import { realNow } from '../../engine/real-time.ts'
import { checkConnector } from '../checks/connector-check.ts'
import { type ConnectorResult, usualRuns } from '../checks/connector-result.ts'
import { sayConnector } from '../checks/connector-verdicts.ts'
import type { StorePlace } from '../input/configured.ts'
import { deadline } from '../input/deadline.ts'
import { doctorMarkdown, doctorText } from '../../reports/tables/mutant-table.ts'
import { json, schema } from '../../reports/formats/json.ts'
import { shellWord } from '../../reports/text/words.ts'
import type { Examination } from '../../spec/evidence/examination.ts'
import type { Format } from '../output/format.ts'
import { colours, paper, progress, say, sayUnfit } from '../output/terminal.ts'
import { type ConnectorFile, onlyConnectors, jobsFor, type ProcessChoice, withRunner } from '../input/loaded-connector.ts'

interface DoctorOptions extends ProcessChoice {
  readonly format: Format
  readonly store: StorePlace
  /** 200 unless told otherwise. */
  readonly runs?: number
  readonly seed: number
  /** Seconds. */
  readonly time?: number
  /** Files to write the examination to; their endings say how. */
  readonly report?: readonly string[]
}

export async function doctor(what: readonly string[], options: DoctorOptions): Promise<number> {
  const until = deadline(options.time)
  const found: Found[] = []
  const reports = options.report ?? []
  const isReported = reports.length > 0 || Boolean(process.env['GITHUB_STEP_SUMMARY'])
  const evidence = isReported ? await import('../files/report-files.ts') : null
  evidence?.checkReports(reports)
  const { found: subjects, unfit } = await onlyConnectors(what, { ...options, until })
  sayUnfit(unfit)
  for (const subject of subjects) {
    const began = realNow()
    const examination = await unlessInconclusive(examined(subject, options, until), untried)
    // Of one that is wrong itself there is a page to read and a scenario to keep, as `check` has them.
    const own = examination.broken ? await checkConnector(subject, { ...options, runs: options.runs ?? usualRuns, until }, []) : null
    found.push({ subject, examination, own, milliseconds: realNow() - began })
  }
  progress.clear()
  const all = found.map(({ subject, examination }) => ({ connector: subject.connector.name, ...examination }))
  if (options.format === 'json') {
    const connectors = found.map(({ subject, examination: { broken, ...rest } }) => ({
      connector: subject.connector.name, file: subject.path, export: subject.as,
      broken: broken && { law: broken.law.name, says: broken.says }, ...rest,
    }))
    process.stdout.write(json({ schema, kind: 'doctor', connectors }))
  } else {
    for (const { own } of found) if (own) sayConnector(own, { format: options.format }, true)
    say(all.map((each) => (options.format === 'markdown' ? doctorMarkdown(each) : doctorText(each, colours, paper))).join('\n\n'))
  }
  if (evidence) {
    const connectors = found.map((each) => ({ ...evidence.placeOf(each.subject), ...triedOf(each), milliseconds: each.milliseconds }))
    const whole = { command: evidence.command(), claims: [], pages: [], thresholds: [], connectors }
    evidence.summarise(whole)
    evidence.writeEvidence(reports, whole)
  }
  const outcomes = all.flatMap(({ mutants }) => mutants.map(({ outcome }) => outcome))
  if (all.some(({ broken }) => broken) || outcomes.includes('survived')) return 1
  return unfit.length > 0 ? 2 : outcomes.includes('not tried') ? 3 : 0
}

/** Where the connector’s own runs did not end in time. */
const untried = (because: string): Examination => ({
  runs: 0, broken: null,
  mutants: Object.entries(mutants).map(([mutant, { does }]) => ({ mutant, does, outcome: 'not tried', because })),
})

interface Found {
  readonly subject: ConnectorFile
  readonly examination: Examination
  /** What `check` finds of it, where it breaks a law itself. */
  readonly own: ConnectorResult | null
  readonly milliseconds: number
}

/** Where it breaks a law itself, with what `check` finds; where that finds nothing in its time, it is said where to look. */
function triedOf({ subject, own, examination: { runs, broken, mutants } }: Found) {
  if (own && own.violations.length > 0) return { verdict: own.verdict, because: '', runs, violations: own.violations, mutants }
  const because = broken ? `it breaks ‘${broken.law.name}’ itself: see \`npx unwedge check ${shellWord(subject.typed)}\`` : ''
  return {
    verdict: broken ? 'inconclusive' as const : 'lawful' as const, because, runs, violations: [],
    mutants,
  }
}

const examined = (subject: ConnectorFile, options: DoctorOptions, until: number): Promise<Examination> => {
  const { seed, runs = 200 } = options
  progress.show(`${subject.connector.name}: as it is`)
  return withRunner(subject, { ...options, until }, (runner) => examine(subject.connector, {
    seed, runs, runner, jobs: jobsFor(subject.connector, options, runs), seconds: Math.max(0, (until - realNow()) / 1000),
    wrong: (mutant, use) => withRunner(subject, { ...options, until }, use, mutant),
    onMutant: (mutant) => progress.show(`${subject.connector.name}: ${mutant}`),
  }))
}
