/** Every variant of the catalogue as a connector: caught, and named. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../engine/diagnosis/diagnose.ts'
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { modelScenarios } from '../../engine/conform/model-scenarios.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import * as gateway from '../../connectors/variants/gateway.ts'
import { catalogue, type Entry } from '../../models/catalogue.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { cacheLimit } from '../../spec/components/property-cache.ts'
import type { Connector, MessageKind } from '../../spec/connector.ts'
import { rowIn, type VariantConnectorRow, variantConnectorsPage } from '../../reports/tables/variant-connectors.ts'
import { asShippedAtFullSize, diagnosedAs, rightAlike, shown, variantConnectors } from './variant-connectors.ts'

/** As a trial at length; where the whole suite has to be quick, what the page says of models and diagnosis is taken at its word. */
const isWhole = process.env['UNWEDGE_REFERENCES'] !== undefined
const patient = { timeout: 2_400_000 }
/** A relay is made of the others. */
const entries = catalogue.filter(({ component }) => component.name !== 'relay')
const wrong = entries.filter(({ variant }) => variant !== 'fixed')
const connectorOf = ({ component, variant }: Entry) => variantConnectors[component.name]![variant]!
const page = new URL('../../reports/variants.md', import.meta.url)
const pages = '../../reports/golden/connectors'

/** The law that shows that it is wrong, as it is found now. */
async function lawOf(entry: Entry): Promise<string> {
  const how = shown[entry.component.name]![entry.variant]!
  if ('because' in how) return `none: ${how.because}`
  const { broken, runs } = await attempt(connectorOf(entry), { seed: how.seed, runs: how.scenario, asDrawn: true })
  return broken ? `${broken.law.name}: ${broken.clause}; ${runs} (seed ${how.seed})${how.for === undefined ? '' : `; ${how.for}`}` : 'nothing'
}

/** Whether the right model could have done the same. */
async function modelOf(entry: Entry): Promise<string> {
  const connector = connectorOf(entry)
  const model = new ModelConformance(entry.component, connector)
  await usingThisProcess(connector, async (runner) => {
    for (const scenario of modelScenarios(entry.component, connector)) model.keep(scenario, await runner(scenario))
  })
  const { divergence, histories } = model.check(600)
  return divergence ? `no: ${divergence.says}` : `yes, in ${histories.toLocaleString('en-US')} histories`
}

/** What it is taken for, of all bugs that there are. */
async function diagnosisOf(entry: Entry): Promise<string> {
  const { component: { name }, variant } = entry
  const connector = connectorOf(entry)
  const { likenesses, says } = await usingThisProcess(connector, (runner) => diagnose(connector, entries, { runner, seconds: 600 }))
  const [best] = likenesses
  const { as = [variant], because } = diagnosedAs[name]?.[variant] ?? {}
  const reason = because === undefined ? '' : `; ${because}`
  if (as.length === 0) {
    expect(says).toMatch(/^(?:It behaves like no|No known) bug /)
    return `none${reason}`
  }
  expect(says).toMatch(/^It behaves like /)
  expect(best).toMatchObject({ component: name, fits: true })
  expect([...best!.nearest].sort()).toEqual([...as].sort())
  return `${best!.nearest.join(' or ')}: ${best!.agrees} of ${best!.probes}${reason}`
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
    for (const [at, entry] of wrong.entries()) {
      const { component: { name: component }, variant, says } = entry
      const before = rowIn(known, component, variant)
      if (!isWhole && before && at % 3 !== 0) {
        rows.push(before)
        continue
      }
      const law = await lawOf(entry)
      const how = shown[component]![variant]!
      const laws = 'because' in how ? ['none'] : how.law === undefined ? Object.keys(entry.breaks) : [how.law]
      expect(laws.some((name) => law.startsWith(`${name}:`)), `${component}/${variant} breaks ${law}`).toBe(true)
      const model = isWhole ? await modelOf(entry) : (before?.model ?? '')
      const diagnosis = isWhole ? await diagnosisOf(entry) : (before?.diagnosis ?? '')
      rows.push({ component, variant, says, law, model, diagnosis })
    }
    await expect(variantConnectorsPage(rows)).toMatchFileSnapshot('../../reports/variants.md')
  })

  for (const entry of wrong.filter(({ component, variant }) => 'because' in shown[component.name]![variant]!))
    it(`that breaks no law does so in no scenario: ${entry.component.name}/${entry.variant}`, patient, async () => {
      expect(await attempt(connectorOf(entry), { seed: 1, runs: isWhole ? 1_000 : 8 })).toMatchObject({ verdict: 'lawful' })
    })
})

describe('A right one', () => {
  for (const [at, each] of rightAlike.entries())
    it(`keeps what wrong ones of its kind break: ${each.name}, ${at === 0 ? 'with something urgent each time' : 'which promises an order'}`, patient, async () => {
      expect(await attempt(each, { seed: 1, runs: isWhole ? 1_000 : 60 })).toMatchObject({ verdict: 'lawful' })
    })
})

/** A scenario of so many messages of a kind, and what is judged of it, with its page. */
async function judged(connector: Connector, kind: MessageKind, count: number, workers: number) {
  const scenario = { workers, links: 1, stream: [{ count, kind, link: 1 }], faults: [], schedule: [] }
  const { judgement, inconclusive, ...run } = await usingThisProcess(connector, (runner) => ran(connector, scenario, runner))
  expect(inconclusive).toBeNull()
  if (!judgement) return null
  const [component] = connector.name.split('/')
  const how = { seed: 1, found: 'kept', again: `npx unwedge check connectors/variants/${component}.ts` } as const
  return violationPage(violationOf(connector, { broken: { ...judgement, ...run, tries: 0 }, runs: 0, repeats: true }, how))
}

describe('The gateway as shipped', () => {
  it('has a page, of one message that has an attachment too many', async () => {
    await expect(await judged(gateway.asShipped, 'many attachments', 1, 1)).toMatchFileSnapshot(`${pages}/gateway.asShipped.txt`)
    expect(await judged(gateway.fixed, 'many attachments', 1, 1)).toBeNull()
  })
})

describe.runIf(isWhole)('The property cache as shipped', () => {
  it('has no room for the name after the 65,536th, and a page that shows it', patient, async () => {
    expect(await judged(asShippedAtFullSize, 'new header', cacheLimit - 1, 4)).toBeNull()
    await expect(await judged(asShippedAtFullSize, 'new header', cacheLimit, 4)).toMatchFileSnapshot(`${pages}/property-cache.asShipped.txt`)
  })

  it('is caught with what is drawn: by a stream of 70,000', patient, async () => {
    const { broken } = await attempt(asShippedAtFullSize, { seed: 1, runs: 100, asDrawn: true })
    expect(broken).toMatchObject({ law: { name: 'honest' }, scenario: { stream: [{ count: 70_000, kind: 'new header' }] } })
  })
})
