/** Specifications that others have published have as many states, steps and laws that hold as theirs, to the last one. */
import { describe, expect, it } from 'vitest'
import { explore, type Model } from '../../api/model.ts'
import { all } from '../../bench/published/all.ts'
import { astray } from '../../bench/published/published.ts'
import { startsOf } from '../../engine/model/build.ts'
import { compile } from '../../engine/model/machine.ts'

/** The large ones where the whole suite has time; over orbits, those of some thousand states, too. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

const hasAlike = ({ model }: { readonly model: () => Model }) => Object.values(model().state).some(({ alike }) => alike)

describe('A published specification, written in the notation', () => {
  for (const specification of all)
    for (const figure of specification.figures)
      it.runIf(isWhole || !figure.isLarge)(`is as published: ${specification.name} at ${JSON.stringify(figure.size)}`, { timeout: 240_000 }, () => {
        expect(astray(specification, figure)).toEqual([])
      })

  for (const { name, breaks, figures } of all)
    for (const { size, states, isLarge, model } of figures.filter(hasAlike))
      it.runIf(isWhole || (!isLarge && states < 5_000))(`keeps the same laws over orbits: ${name} at ${JSON.stringify(size)}`, () => {
        const machine = compile(model())
        const starts = startsOf(machine, [[]]).map(({ words }) => words)
        const orbits = explore(machine, starts, { symmetry: true })
        expect(orbits.broken.map(({ law }) => law.name)).toEqual(breaks)
        expect(orbits.states).toBeLessThan(states)
      })

  it('is said to be astray where it is, and by whose word', () => {
    const [specification] = all
    const [figure] = specification!.figures
    const wrong = { ...figure!, states: 35, depth: 8, from: 'hearsay' }
    expect(astray({ ...specification!, breaks: ['agree'] }, wrong)).toEqual([
      'transaction commit at {"managers":3}: states 34, and hearsay says 35.',
      'transaction commit at {"managers":3}: depth 7, and hearsay says 8.',
      'transaction commit at {"managers":3} breaks no law, and agree is published.',
    ])
  })

  it('has its figures from somebody else, and not from here', () => {
    expect(all.length).toBeGreaterThanOrEqual(12)
    const figures = all.flatMap((specification) => specification.figures)
    for (const { from } of figures) expect(from).toMatch(/^(?:TLC|Stateright)\b.*: .*(?:github\.(?:com|io))/)
    expect(figures.filter(({ states }) => states > 1_000_000).length).toBeGreaterThanOrEqual(2)
  })
})
