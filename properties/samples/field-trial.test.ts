import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { trials as ofAsyncQueue } from '../../connectors/async-queue.ts'
import { trials as ofFastq } from '../../connectors/fastq.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { type Attempt, attempt, type Verdict } from '../../engine/falsify/falsify.ts'
import { Unrepeatable } from '../../engine/falsify/shrink.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { type FieldTrialRow, tableWith } from '../../reports/tables/field-trial.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Finding, Trial } from '../../spec/evidence/field-trial.ts'
import { writeFinding } from './finding-pages.ts'

const field = fileURLToPath(new URL('../../connectors/field/', import.meta.url))
const table = new URL('../../reports/field-trial.md', import.meta.url)
const installed = existsSync(`${field}node_modules`)
const asked = process.env['UNWEDGE_FIELD'] !== undefined
/** Seeds over which the median is taken; and scenarios in all for a version that is right, fewer where each is slow. */
const seeds = Number(process.env['UNWEDGE_FIELD'] || 20)
const mostRuns = 1_000
/** One seed is a look whether all is well, and nothing for the table. */
const isGlance = seeds === 1
/** On the real clock what was seen may not repeat: where one seed is asked, two more may be needed. */
const mostSeeds = ({ clock }: Connector) => isGlance && clock === 'real' ? 3 : seeds
/** Seeds after which a finding that is rare counts as not found. */
const patience = 20
/** Whether connectors on the real clock are tried too: they have sockets, take long, and depend on an idle machine. */
const sockets = process.env['UNWEDGE_SOCKETS'] !== undefined
const isTried = ({ clock }: Connector) => clock !== 'real' || sockets
const slow = 50
/** Alarms that were not raised again by the same scenario, of a connector with sockets: a machine that is busy elsewhere. */
const mostFlukes = 3

/** Messages and faults. */
const sizeOf = ({ stream, faults }: Scenario) => stream.reduce((sum, { count }) => sum + count, 0) + faults.length

interface Family {
  readonly trials?: readonly Trial[]
  readonly mustPass?: readonly Connector[]
  readonly current?: readonly Finding[]
  /** Why what it needs is not there; null when it is. */
  readonly unreachable?: () => Promise<string | null>
}
const families: readonly Family[] = !installed || !asked ? [] : await Promise.all(
  readdirSync(field, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('node_modules'))
    .map((file) => import(`../../connectors/field/${file}`) as Promise<Family>))
const missing = new Map<unknown, string>()
if (sockets)
  for (const { trials = [], mustPass = [], current = [], unreachable } of families) {
    const because = (await unreachable?.()) ?? null
    if (because !== null) for (const each of [...trials, ...mustPass, ...current]) missing.set(each, because)
  }
/** Whether a service that is not there fails the trial. */
const required = process.env['UNWEDGE_SERVICES'] === 'required'
/** A test; where what it needs is not there it is skipped, with the reason, or fails. */
function test(of: unknown, name: string, does: () => Promise<void>): void {
  const because = missing.get(of)
  if (because === undefined) it(name, { timeout: 0 }, does)
  else if (required) it(name, () => expect.fail(because))
  else it.skip(`${name} (${because})`)
}

const rows = [ofFastq, ofAsyncQueue, ...families.map(({ trials = [] }) => trials)].flat()
  .filter(({ buggy }) => isTried(buggy)).sort((a, b) => a.row - b.row)

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!

/** A stopwatch, and a line put into the table at once: a trial that is cut short loses only what it had not come to. */
function lineFor(connector: string, row: number | null = null): (rest: Partial<FieldTrialRow>) => void {
  const began = performance.now()
  return (rest) => {
    const seconds = Math.round((performance.now() - began) / 1000)
    if (isGlance) return
    const empty = { brokenLaw: '', scenarios: '', size: '', kept: '', published: '', limits: '' }
    const line: FieldTrialRow = { row, connector, ...empty, ...rest, seconds }
    writeFileSync(table, tableWith(existsSync(table) ? readFileSync(table, 'utf8') : '', [line]))
  }
}

/** A verdict; null where a law was broken once, and was not when the same scenario was run again. */
const repeated = (connector: Connector, options: Attempt): Promise<Verdict | null> =>
  attempt(connector, options).catch((error: unknown) => {
    if (error instanceof Unrepeatable && connector.clock === 'real') return null
    throw error
  })

/** As many scenarios as are owed to a right version; none of them may break a law. From a hundred on come streams by their size, too. */
async function keepsEveryLaw(connector: Connector): Promise<string> {
  const began = performance.now()
  await repeated(connector, { seed: 1, runs: 10 })
  const each = (performance.now() - began) / 10
  const runs = each > slow ? (isGlance ? 12 : 100) : isGlance ? 99 : mostRuns
  let done = 0
  let flukes = 0
  for (let seed = 1; done < runs; seed++) {
    const verdict = await repeated(connector, { seed, runs: Math.min(250, runs - done) })
    if (!verdict) expect(++flukes, `${connector.name} raises alarms that do not repeat`).toBeLessThanOrEqual(mostFlukes)
    expect(verdict?.broken?.says ?? null, `${connector.name}, seed ${seed}: ${JSON.stringify(verdict?.broken?.scenario)}`).toBeNull()
    done += verdict?.runs ?? 0
  }
  return `${done.toLocaleString('en-US')}${flukes === 0 ? '' : `; alarms that did not repeat: ${flukes}`}`
}

describe.skipIf(!asked || !installed)('The field trial', () => {
  for (const trial of rows) {
    const { row, buggy, fixed, laws, trigger, smallest, published, limits = '' } = trial
    test(trial, `finds row ${row}, ${buggy.name}: ${trigger}`, async () => {
      const put = lineFor(`${buggy.name} → ${fixed.name}`, row)
      const runs: number[] = []
      const by = new Set<string>()
      let tried = 0
      while (tried < seeds || (runs.length === 0 && tried < mostSeeds(buggy))) {
        const seed = ++tried
        const verdict = await repeated(buggy, { seed, runs: mostRuns, asDrawn: true })
        if (!verdict?.broken) continue
        runs.push(verdict.runs)
        by.add(verdict.broken.law.name)
      }
      const missed = tried - runs.length
      if (isGlance) expect(runs.length, `${tried} seeds found nothing`).toBe(1)
      else expect(missed, `${missed} of ${seeds} seeds found nothing`).toBeLessThanOrEqual(buggy.clock === 'real' ? seeds / 10 : 0)
      expect([...by].some((law) => (laws as readonly string[]).includes(law))).toBe(true)
      // What a glance has no table for is not made smaller, where each try takes seconds.
      const { broken } = isGlance && buggy.clock === 'real' ? {} : (await repeated(buggy, { seed: 1, runs: mostRuns })) ?? {}
      const size = broken ? sizeOf(broken.scenario) : 'not repeated'
      put({
        brokenLaw: [...by].sort().join(', '), scenarios: `${median(runs)} (${tried} seeds${missed === 0 ? '' : `, ${missed} in vain`})`,
        size: `${size} (known: ${smallest})`, kept: await keepsEveryLaw(fixed), published, limits,
      })
    })
  }

  for (const connector of families.flatMap(({ mustPass = [] }) => mustPass).filter(isTried))
    test(connector, `raises no alarm about ${connector.name}`, async () => {
      const put = lineFor(connector.name)
      put({ brokenLaw: 'none', kept: await keepsEveryLaw(connector), published: 'must pass' })
    })

  for (const finding of families.flatMap(({ current = [] }) => current).filter(({ connector }) => isTried(connector))) {
    const { connector, laws, what, page } = finding
    test(finding, `finds in ${connector.name}, which is current: ${what}`, async () => {
      const put = lineFor(connector.name)
      let drawn = 0
      for (let seed = 1; seed <= patience; seed++) {
        const verdict = await repeated(connector, { seed, runs: mostRuns })
        drawn += verdict?.runs ?? 0
        if (!verdict?.broken) continue
        expect((laws as readonly string[]).includes(verdict.broken.law.name)).toBe(true)
        const again = `UNWEDGE_FIELD=1 UNWEDGE_SOCKETS=1 npx vitest run --dir properties field-trial.test -t '${connector.name}'`
        writeFinding(finding, violationPage(violationOf(connector, verdict, { seed, again })))
        const { stream, faults } = verdict.broken.scenario
        put({
          brokenLaw: verdict.broken.law.name, scenarios: `${drawn} (seed ${seed})`,
          size: `${stream.reduce((sum, { count }) => sum + count, 0) + faults.length}`,
          published: `current: [${what}](findings/${page}.md)`,
        })
        return
      }
      expect.fail(`${drawn} scenarios of ${patience} seeds found nothing`)
    })
  }
})

describe('The field trial', () => {
  it('says what it skips, and why', () => {
    if (!asked) console.log('Left to `npm run trials`, for the minutes they take: the field trial, the pages in a browser, the command line with connectors on it.')
    else expect(installed, 'Install it first: npm ci --prefix connectors/field').toBe(true)
  })
})
