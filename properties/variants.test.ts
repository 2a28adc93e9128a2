/** Every variant of the catalogue as a connector: caught and named where it is wrong, and lawful where it is right. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../engine/conform/diagnose.ts'
import { attempt } from '../engine/falsify/falsify.ts'
import { usingThisProcess } from '../engine/falsify/runner.ts'
import { catalogue, type Entry } from '../models/catalogue.ts'
import { diagnosisIn, type VariantConnectorRow, variantConnectorsPage } from '../reports/tables/variant-connectors.ts'
import { alikeInProbes, asShippedAtFullSize, shown, variantConnectors } from './variant-connectors.ts'

/** As a trial at length; where the whole suite has to be quick, what the page says of diagnosis is taken at its word. */
const isWhole = process.env['UNWEDGE_REFERENCES'] !== undefined
const patient = { timeout: 900_000 }
/** A relay is made of the others; these two are written next. */
const without = ['relay', 'consumer', 'report-relay']
const entries = catalogue.filter(({ component }) => !without.includes(component.name))
const wrong = entries.filter(({ variant }) => variant !== 'fixed')
const connectorOf = ({ component, variant }: Entry) => variantConnectors[component.name]![variant]!
const page = new URL('../reports/variants.md', import.meta.url)

/** The law that shows that it is wrong, as it is found now. */
async function lawOf(entry: Entry): Promise<string> {
  const how = shown[entry.component.name]![entry.variant]!
  if ('because' in how) return `none: ${how.because}`
  const { broken, runs } = await attempt(connectorOf(entry), { seed: how.seed, runs: how.scenario, asDrawn: true })
  return broken ? `${broken.law.name}: ${broken.clause}; ${runs} (seed ${how.seed})` : 'nothing'
}

/** What it is taken for, of all bugs that there are. */
async function diagnosisOf(entry: Entry): Promise<string> {
  const { component: { name }, variant } = entry
  const connector = connectorOf(entry)
  const { likenesses: [best], says } = await usingThisProcess(connector, (runner) => diagnose(connector, entries, { runner, seconds: 600 }))
  const others = alikeInProbes[name]?.[variant]
  expect(says).toMatch(/^It behaves like /)
  expect(best).toMatchObject({ component: name, fits: true })
  expect([...best!.nearest].sort()).toEqual([variant, ...(others?.with ?? [])].sort())
  return `${best!.nearest.join(' or ')}: ${best!.agrees} of ${best!.probes}${others ? `; ${others.because}` : ''}`
}

describe('Every variant', () => {
  it('is a connector, whose name it is', () => {
    const names = (all: Readonly<Record<string, object>>) => Object.keys(all).sort()
    for (const component of new Set(entries.map((entry) => entry.component))) {
      expect(names(variantConnectors[component.name]!)).toEqual(names(component.variants))
      expect(names(shown[component.name]!)).toEqual(names(component.variants).filter((name) => name !== 'fixed'))
    }
    for (const entry of entries) expect(connectorOf(entry).name).toBe(`${entry.component.name}/${entry.variant}`)
  })

  it('that is wrong breaks a law that its model breaks, is diagnosed as what it is, and is in the table', patient, async () => {
    const known = existsSync(page) ? readFileSync(page, 'utf8') : ''
    const rows: VariantConnectorRow[] = []
    for (const entry of wrong) {
      const row = { component: entry.component.name, variant: entry.variant, says: entry.says }
      const law = await lawOf(entry)
      const laws = law.startsWith('none: ') ? ['none'] : Object.keys(entry.breaks)
      expect(laws.some((name) => law.startsWith(`${name}:`)), `${row.component}/${row.variant} breaks ${law}`).toBe(true)
      const diagnosis = isWhole ? await diagnosisOf(entry) : (diagnosisIn(known, row) ?? '')
      expect(diagnosis, `${row.component}/${row.variant}: npm run trials:connectors -- -t variant -u`).toMatch(/\w/)
      rows.push({ ...row, law, diagnosis })
    }
    await expect(variantConnectorsPage(rows)).toMatchFileSnapshot('../reports/variants.md')
  })

  for (const entry of wrong.filter(({ component, variant }) => 'because' in shown[component.name]![variant]!))
    it(`that breaks no law does so in no scenario: ${entry.component.name}/${entry.variant}`, patient, async () => {
      expect(await attempt(connectorOf(entry), { seed: 1, runs: isWhole ? 1_000 : 25 })).toMatchObject({ verdict: 'lawful' })
    })

  for (const entry of entries.filter(({ variant }) => variant === 'fixed'))
    it(`that is right keeps every law: ${entry.component.name}`, patient, async () => {
      const { verdict, because, broken } = await attempt(connectorOf(entry), { seed: 1, runs: isWhole ? 2_000 : 25, asDrawn: true })
      expect({ verdict, because, says: broken?.says }).toEqual({ verdict: 'lawful', because: '', says: undefined })
    })
})

describe.runIf(isWhole)('The property cache as shipped', () => {
  it('has no room for the name after the 65,536th, in a stream of 70,000', patient, async () => {
    const { broken } = await attempt(asShippedAtFullSize, { seed: 1, runs: 100, asDrawn: true })
    expect(broken).toMatchObject({ law: { name: 'honest' }, scenario: { stream: [{ count: 70_000, kind: 'new header' }] } })
  })
})
