/** The gallery is what is written now: some of it each time, and all of it where the whole suite has time. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { catalogueEvidence, familiesThere, fieldEvidence } from '../../bin/commands/gallery.ts'
import { findLimits } from '../../bin/checks/limits.ts'
import { catalogue } from '../../models/catalogue.ts'
import { limits } from '../../models/limits.ts'
import { dataOf, type PageData } from '../../reports/html/page-data.ts'
import { htmlReport } from '../../reports/html/report.ts'

const place = fileURLToPath(new URL('../../reports/gallery/', import.meta.url))
const text = (name: string) => readFileSync(`${place}${name}`, 'utf8')
const data = /(id="evidence">)(.*?)(?=<\/script>)/s
const dataIn = (name: string) => JSON.parse(data.exec(text(name))![2]!) as PageData
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
/** Every connector is tried anew only where there is time for it. */
const isAll = Number(process.env['UNWEDGE_SEEDS'] ?? 0) >= 200
const anew = 'Write it anew: npm run gallery'

const [ofModels, ofConnectors] = ['catalogue.html', 'field-trial.html'].map(dataIn) as [PageData, PageData]
const plainly = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T

describe('The gallery', () => {
  it('has pages that look as pages look now', () => {
    const around = (page: string) => page.replace(data, '$1')
    const now = around(htmlReport({ command: '', claims: [], pages: [], connectors: [], thresholds: [] }))
    for (const name of ['catalogue.html', 'field-trial.html']) expect(around(text(name)) === now, `${name}: ${anew}`).toBe(true)
  })

  it('has every variant, every law that one breaks, and every limit', () => {
    expect(ofModels.claims.map(({ component, variant }) => `${component}/${variant}`))
      .toEqual(catalogue.map(({ component, variant }) => `${component.name}/${variant}`))
    const broken = catalogue.flatMap(({ breaks }) => Object.keys(breaks))
    expect(ofModels.pages).toHaveLength(broken.length + limits.length)
    expect(ofModels.thresholds.filter(({ isFull }) => isFull)).toHaveLength(limits.length)
  })

  it(`has of ${isWhole ? 'all' : 'the five that were shipped'} the pages that are written now`, { timeout: 300_000 }, () => {
    const entries = isWhole ? catalogue : catalogue.filter(({ variant }) => variant === 'asShipped')
    const now = plainly(dataOf(catalogueEvidence(entries, isWhole ? findLimits(Infinity, () => undefined) : [])))
    if (isWhole) expect(now, anew).toEqual(ofModels)
    for (const page of now.pages) expect(page, anew).toEqual(ofModels.pages.find(({ id }) => id === page.id))
    for (const claim of now.claims) expect(ofModels.claims, anew).toContainEqual(claim)
  })

  it.runIf(isWhole)('has of connectors the pages that are written now', { timeout: 900_000 }, async () => {
    const families = await familiesThere()
    const now = plainly(dataOf(await fieldEvidence(isAll ? families : families.slice(0, 2))))
    for (const page of now.pages.filter(({ name }) => /fastq|async/.test(name)))
      expect(page, anew).toEqual(ofConnectors.pages.find(({ id }) => id === page.id))
    // What an error of a library says depends on the Node it runs on: of the others, only what they broke is compared.
    const inBrief = ({ connectors }: PageData) =>
      connectors.map(({ connector, verdict, broken }) => ({ connector, verdict, laws: broken.map(({ law }) => law) }))
    expect(inBrief(ofConnectors), anew).toEqual(expect.arrayContaining(inBrief(now)))
    if (isAll && families.length > 2) expect(now.connectors).toHaveLength(ofConnectors.connectors.length)
  })

  it('is small, and its pictures too', () => {
    const sizes = readdirSync(place).map((name) => ({ name, bytes: statSync(`${place}${name}`).size }))
    for (const { name, bytes } of sizes) expect(bytes, name).toBeLessThan(name.endsWith('.png') ? 150_000 : 2_000_000)
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(5_000_000)
    const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
    for (const [, path] of readme.matchAll(/\((reports\/gallery\/[^)\s]*)\)/g))
      expect(existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url))), path).toBe(true)
  })
})
