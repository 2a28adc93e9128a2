/** Every variant of the catalogue as a connector: caught where it is wrong, and lawful where it is right. */
import { describe, expect, it } from 'vitest'
import { attempt } from '../engine/falsify/falsify.ts'
import { catalogue, type Entry } from '../models/catalogue.ts'
import { type VariantConnectorRow, variantConnectorsPage } from '../reports/tables/variant-connectors.ts'
import { asShippedAtFullSize, shown, variantConnectors } from './variant-connectors.ts'

/** As a trial at length: the right ones for longer, and a cache of the documented size, which takes seconds. */
const isWhole = process.env['UNWEDGE_REFERENCES'] !== undefined
const patient = { timeout: 240_000 }
const entries = catalogue.filter(({ component }) => component.name !== 'relay')
const wrong = entries.filter(({ variant }) => variant !== 'fixed')
const connectorOf = ({ component, variant }: Entry) => variantConnectors[component.name]![variant]!

/** What shows that one is wrong, as it is found now. */
async function rowOf(entry: Entry): Promise<VariantConnectorRow> {
  const { component: { name: component }, variant, says } = entry
  const how = shown[component]![variant]!
  if ('because' in how) return { component, variant, says, law: `none: ${how.because}` }
  const { broken, runs } = await attempt(connectorOf(entry), { seed: how.seed, runs: how.scenario, asDrawn: true })
  const law = broken ? `${broken.law.name}: ${broken.clause}; ${runs} (seed ${how.seed})` : 'nothing'
  return { component, variant, says, law }
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

  it('that is wrong breaks a law that its model breaks, and is in the table', patient, async () => {
    const rows: VariantConnectorRow[] = []
    for (const entry of wrong) {
      const row = await rowOf(entry)
      rows.push(row)
      const laws = row.law.startsWith('none: ') ? ['none'] : Object.keys(entry.breaks)
      expect(laws.some((law) => row.law.startsWith(`${law}:`)), `${row.component}/${row.variant} breaks ${row.law}`).toBe(true)
    }
    await expect(variantConnectorsPage(rows)).toMatchFileSnapshot('../reports/variants.md')
  })

  for (const entry of wrong.filter(({ component, variant }) => 'because' in shown[component.name]![variant]!))
    it(`that breaks no law does so in no scenario: ${entry.component.name}/${entry.variant}`, patient, async () => {
      expect(await attempt(connectorOf(entry), { seed: 1, runs: isWhole ? 1_000 : 25 })).toMatchObject({ verdict: 'lawful' })
    })

  for (const entry of entries.filter(({ variant }) => variant === 'fixed'))
    it(`that is right keeps every law: ${entry.component.name}`, { timeout: 900_000 }, async () => {
      const { verdict, because, broken } = await attempt(connectorOf(entry), { seed: 1, runs: isWhole ? 2_000 : 25, asDrawn: true })
      expect({ verdict, because, says: broken?.says }).toEqual({ verdict: 'lawful', because: '', says: undefined })
    })
})

describe.runIf(isWhole)('The property cache as shipped', () => {
  it('has no room for the name after the 65,536th, in a stream of 70,000', { timeout: 900_000 }, async () => {
    const { broken } = await attempt(asShippedAtFullSize, { seed: 1, runs: 100, asDrawn: true })
    expect(broken).toMatchObject({ law: { name: 'honest' }, scenario: { stream: [{ count: 70_000, kind: 'new header' }] } })
  })
})
