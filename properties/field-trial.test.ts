import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { trials as ofAsyncQueue } from '../connectors/async-queue.ts'
import { trials as ofFastq } from '../connectors/fastq.ts'
import { attempt } from '../engine/try.ts'
import type { Connector } from '../spec/connector.ts'
import type { Finding, Trial } from '../spec/field-trial.ts'

const field = fileURLToPath(new URL('../connectors/field/', import.meta.url))
const installed = existsSync(`${field}node_modules`)
const asked = process.env['UNWEDGE_FIELD'] !== undefined
/** Seeds over which the median is taken; and ordeals in all for a version that is right, fewer where each is slow. */
const seeds = Number(process.env['UNWEDGE_FIELD'] || 20)
const mostRuns = 1_000
/** Seeds after which a finding that is rare counts as not found. */
const patience = 20
/** Whether connectors on the real clock are tried too: they have sockets, take long, and depend on an idle machine. */
const sockets = process.env['UNWEDGE_SOCKETS'] !== undefined
const isTried = ({ clock }: Connector) => clock !== 'real' || sockets
const slow = 50

interface Family {
  readonly trials?: readonly Trial[]
  readonly mustPass?: readonly Connector[]
  readonly current?: readonly Finding[]
}
const families: readonly Family[] = !installed || !asked ? [] : await Promise.all(
  readdirSync(field).filter((file) => file.endsWith('.ts')).map((file) => import(`../connectors/field/${file}`) as Promise<Family>))
const rows = [ofFastq, ofAsyncQueue, ...families.map(({ trials = [] }) => trials)].flat()
  .filter(({ buggy }) => isTried(buggy)).sort((a, b) => a.row - b.row)
const table: string[] = []

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!

/** As many ordeals as are owed to a right version; none of them may break a law. */
async function keepsEveryLaw(connector: Connector): Promise<number> {
  const began = performance.now()
  await attempt(connector, { seed: 1, runs: 10 })
  const each = (performance.now() - began) / 10
  const runs = each > slow ? 100 : mostRuns
  let done = 0
  for (let seed = 1; done < runs; seed++) {
    const verdict = await attempt(connector, { seed, runs: Math.min(250, runs - done) })
    expect(verdict.broken?.says ?? null, `${connector.name}, seed ${seed}: ${JSON.stringify(verdict.broken?.ordeal)}`).toBeNull()
    done += verdict.runs
  }
  return done
}

describe.skipIf(!asked || !installed)('The field trial', () => {
  for (const { row, buggy, fixed, laws, trigger, smallest, published } of rows) {
    it(`finds row ${row}, ${buggy.name}: ${trigger}`, { timeout: 0 }, async () => {
      const runs: number[] = []
      const by = new Set<string>()
      let missed = 0
      for (let seed = 1; seed <= seeds; seed++) {
        const verdict = await attempt(buggy, { seed, runs: mostRuns, asDrawn: true })
        if (!verdict.broken) missed++
        else {
          runs.push(verdict.runs)
          by.add(verdict.broken.law.name)
        }
      }
      expect(missed, `${missed} of ${seeds} seeds found nothing`).toBe(0)
      expect([...by].some((law) => (laws as readonly string[]).includes(law))).toBe(true)
      const { broken } = await attempt(buggy, { seed: 1, runs: mostRuns })
      const size = broken!.ordeal.stream.reduce((sum, { count }) => sum + count, 0) + broken!.ordeal.faults.length
      const kept = await keepsEveryLaw(fixed)
      table.push(`| ${row} | ${buggy.name} → ${fixed.name} | ${[...by].join(', ')} | ${median(runs)} | ${size} (known: ${smallest}) | ${kept} | ${published} |`)
    })
  }

  for (const connector of families.flatMap(({ mustPass = [] }) => mustPass).filter(isTried))
    it(`raises no alarm about ${connector.name}`, { timeout: 0 }, async () => {
      const kept = await keepsEveryLaw(connector)
      table.push(`| – | ${connector.name} | none | | | ${kept} | must pass |`)
    })

  for (const { connector, laws, what } of families.flatMap(({ current = [] }) => current).filter((finding) => isTried(finding.connector)))
    it(`finds in ${connector.name}, which is current: ${what}`, { timeout: 0 }, async () => {
      let drawn = 0
      for (let seed = 1; seed <= patience; seed++) {
        const { broken, runs } = await attempt(connector, { seed, runs: mostRuns, asDrawn: true })
        drawn += runs
        if (!broken) continue
        expect((laws as readonly string[]).includes(broken.law.name)).toBe(true)
        table.push(`| – | ${connector.name} | ${broken.law.name} | ${drawn} (seed ${seed}) | | | current: ${what} |`)
        return
      }
      expect.fail(`${drawn} ordeals of ${patience} seeds found nothing`)
    })

  afterAll(() => {
    const head = ['# The field trial', '', 'Written by `npm run trials`: published bugs, found from drawn ordeals.', '',
      `| row | connector | broken law | ordeals, median of ${seeds} seeds | messages and faults, shrunk | the fixed one kept every law in | published |`,
      '|---|---|---|---|---|---|---|']
    writeFileSync(new URL('../reports/field-trial.md', import.meta.url), `${[...head, ...table].join('\n')}\n`)
  })
})

describe('The field trial', () => {
  it('says what it skips, and why', () => {
    if (!asked) console.log('Left to `npm run trials`, for the minutes they take: the field trial, the pages in a browser, the command line with connectors on it.')
    else expect(installed, 'Install it first: npm ci --prefix connectors/field').toBe(true)
  })
})
