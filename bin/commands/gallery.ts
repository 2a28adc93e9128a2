/** `unwedge gallery`: writes the pages of the catalogue and of the field trial, to step through in a browser. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type CheckedClaim, check, checkedVariant } from '../../engine/search/claims.ts'
import { diagnose } from '../../engine/diagnosis/diagnose.ts'
import { explained, thresholdsOf } from '../../engine/run/counterfactuals.ts'
import { lacking } from '../../engine/falsify/ablation.ts'
import { lineOf } from '../../engine/process/load.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { attempt, type Verdict } from '../../engine/falsify/falsify.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import { speed } from '../../engine/speed/speed.ts'
import { components, type Entry } from '../../models/catalogue.ts'
import { htmlReport } from '../../reports/html/report.ts'
import { shellWord } from '../../reports/text/words.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Counterexample } from '../../spec/evidence/counterexample.ts'
import type { Evidence, TriedConnector } from '../../spec/evidence/suite-evidence.ts'
import type { Finding, Trial } from '../../spec/evidence/field-trial.ts'
import { findLimits } from '../checks/limits.ts'
import { progress, say } from '../output/terminal.ts'
import { makeDirectory, writeWhole } from '../output/written-files.ts'
import { takePictures } from '../output/pictures.ts'
import { bugs, wrongAnswers } from '../checks/known-bugs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const place = join(root, 'reports/gallery')

/** What is not the same twice is left out. */
const timeless = { milliseconds: 0 }
const written = { command: 'npm run gallery', claims: [], pages: [], connectors: [], thresholds: [] }

/** What a page of some of the catalogue shows, and of limits that were found at the documents’ own numbers. */
export function catalogueEvidence(entries: readonly Entry[], limits: readonly Counterexample[]): Evidence {
  const checked: CheckedClaim[] = entries.map((entry) => {
    progress.show(`${entry.component.name}/${entry.variant} …`)
    return check(entry, { speed })
  })
  const pages = [...checked.flatMap(({ counterexamples }) => counterexamples), ...limits].map((found) => {
    progress.show(`explaining ${found.component}/${found.variant} …`)
    return explained(found, components)
  })
  const claims = checked.map((each) => ({ ...checkedVariant(each, each.wrong.length > 0), ...timeless }))
  return { ...written, claims, pages, thresholds: thresholdsOf(pages) }
}

/** A file of connectors on trial, and what it exports. */
interface Family {
  /** From the root, with slashes. */
  readonly file: string
  readonly trials?: readonly Trial[]
  readonly current?: readonly Finding[]
}

/** The families of the field trial; those of `connectors/field` only where they are installed. */
export async function familiesThere(): Promise<readonly Family[]> {
  const field = 'connectors/field'
  const more = existsSync(join(root, field, 'node_modules')) ? sourcesOf(join(root, field)) : []
  const files = ['connectors/fastq.ts', 'connectors/async-queue.ts', ...more.map((name) => `${field}/${name}`)]
  return Promise.all(files.map(async (file) => ({ file, ...((await import(pathToFileURL(join(root, file)).href)) as object) })))
}

/** Its rooms too; what is installed beside them is no family. */
const sourcesOf = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.ts') && !name.startsWith('node_modules/')).sort()

/** What a page of connectors shows: each that is wrong, with the version that fixed it. Those with sockets are left out, and slow ones. */
export async function fieldEvidence(families: readonly Family[]): Promise<Evidence> {
  const rows = families.flatMap((family) =>
    (family.trials ?? []).filter(({ buggy, isSlow }) => isQuick(buggy) && !isSlow).map((trial) => ({ family, trial })))
  const connectors: TriedConnector[] = []
  for (const { family, trial: { buggy, fixed, published } } of rows.sort((a, b) => a.trial.row - b.trial.row)) {
    connectors.push({ ...(await wrong(family, buggy)), published: `${published}; fixed in ${fixed.name}` })
    const { verdict, because, runs } = await attempt(fixed, { seed: 1, runs: enough })
    connectors.push({ ...tried(family, fixed), verdict, because, runs, violations: [] })
  }
  for (const family of families)
    for (const { connector, what } of (family.current ?? []).filter((each) => isQuick(each.connector) && !each.isSlow))
      connectors.push({ ...(await wrong(family, connector)), published: `current; found here: ${what}` })
  progress.clear()
  return { ...written, connectors }
}

const isQuick = ({ clock }: Connector) => clock !== 'real'
const enough = 100
const [mostRuns, mostSeeds] = [1_000, 20]

async function wrong(family: Family, connector: Connector): Promise<TriedConnector> {
  progress.show(`${connector.name} …`)
  let [verdict, seed]: [Verdict | null, number] = [null, 0]
  while (!verdict?.broken && seed < mostSeeds) verdict = await attempt(connector, { seed: ++seed, runs: mostRuns })
  if (!verdict?.broken) throw new Error(`${connector.name} broke no law in ${mostSeeds} seeds.`)
  const law = verdict.broken.law.name
  const as = exportOf(family, connector)
  const from = as === null ? {} : { from: { file: family.file, export: as } }
  const again = as === null ? 'npm run trials'
    : `npx unwedge check ${shellWord(`${family.file}#${as}`)} --seed ${seed} --runs ${mostRuns}`
  const { scenario } = verdict.broken
  const [diagnosis, without] = await usingThisProcess(connector, async (runner) =>
    [await diagnose(connector, bugs, { runner, law, seconds: Infinity }), await lacking(connector, scenario, runner, Infinity)] as const)
  const found = violationOf(connector, verdict, {
    lacking: without, seed, again, diagnosis: diagnosis.says, ...wrongAnswers(diagnosis), ...from })
  return { ...tried(family, connector), verdict: 'broken', because: '', runs: (seed - 1) * mostRuns + verdict.runs, violations: [found] }
}

const exportOf = (family: Family, connector: Connector) =>
  Object.entries(family).find(([, exported]) => (exported as unknown) === connector)?.[0] ?? null

function tried(family: Family, connector: Connector): Pick<TriedConnector, 'connector' | 'file' | 'line' | 'exempt' | 'milliseconds'> {
  const as = exportOf(family, connector)
  const line = as === null ? null : lineOf(join(root, family.file), as)
  return { connector: connector.name, file: family.file, line, exempt: connector.exempt ?? {}, ...timeless }
}

/** Writes both pages, and pictures of them where there is a browser. */
export async function gallery(entries: readonly Entry[]): Promise<number> {
  makeDirectory(place)
  const pages = {
    'catalogue.html': catalogueEvidence(entries, findLimits(Infinity, () => undefined)),
    'field-trial.html': await fieldEvidence(await familiesThere()),
  }
  for (const [name, evidence] of Object.entries(pages)) {
    const page = htmlReport(evidence)
    writeWhole(join(place, name), page)
    say(`${join('reports/gallery', name)}: ${Math.round(Buffer.byteLength(page) / 1024).toLocaleString('en-US')} KiB.`)
  }
  const taken = await takePictures(place)
  say(taken ? `Pictures: ${taken.join(', ')}.` : 'No new pictures: there is no chromium here.')
  return 0
}
