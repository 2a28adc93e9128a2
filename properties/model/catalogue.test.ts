import { describe, expect, it } from 'vitest'
import { check, untested } from '../../engine/search/claims.ts'
import { catalogue } from '../../models/catalogue.ts'
import { textPage } from '../../reports/text/run-page.ts'

/** As a trial: every variant of the relay, of which one for each of its stages has to do where the whole suite has to be quick. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const quick = (variant: string) => variant.endsWith('asShipped') || variant.endsWith('flagsTheNeighbours')

for (const claim of catalogue) {
  const name = `${claim.component.name}/${claim.variant}`
  const broken = Object.keys(claim.breaks)

  describe(`${name}, which ${claim.says},`, () => {
    it.skipIf(!isWhole && claim.component.name === 'relay' && !quick(claim.variant))(broken.length === 0 ? `keeps every law in all ${claim.states} of its states` : `breaks ${broken.join(', ')}`, async () => {
      const { wrong, counterexamples } = check(claim)
      expect(wrong).toEqual([])
      if (claim.component.name === 'relay')
        for (const { culprit } of counterexamples) expect(culprit).toBe(claim.variant.split('.')[0])
      if (counterexamples.length > 0)
        await expect(counterexamples.map((found) => textPage(found)).join('\n')).toMatchFileSnapshot(`../../reports/golden/${name.replace('/', '.')}.txt`)
    })
  })
}

describe('The catalogue', () => {
  it('has an entry for every variant of every component', () => {
    const entered = (component: (typeof catalogue)[number]['component']) =>
      catalogue.filter((entry) => entry.component === component).map(({ variant }) => variant)
    for (const { component } of catalogue) expect(entered(component).sort()).toEqual(Object.keys(component.variants).sort())
  })

  it('breaks every law in every component where it can be broken', () => {
    expect(untested(catalogue)).toEqual([])
  })

  it('notices a law that nothing breaks', () => {
    const without = catalogue.filter(({ breaks }) => breaks['none twice'] === undefined)
    expect(untested(without)).toContain(
      'No variant of gateway breaks ‘none twice’: add one, or say in `vacuous` why there is none.')
  })

  it('notices a wrong number', () => {
    const [entry] = catalogue
    expect(check({ ...entry!, states: 1 }).wrong).toEqual([`${entry!.component.name}/${entry!.variant} has ${entry!.states} states, and the catalogue says 1.`])
  })
})
