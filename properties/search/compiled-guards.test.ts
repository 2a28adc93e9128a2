import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build, scopeOf } from '../../engine/model/build.ts'
import { CompiledGuards } from '../../engine/speed/compiled-guards.ts'
import { plainGuards } from '../../engine/walk/guards.ts'
import { draws, scenarioOf } from '../../engine/walk/model-scenario.ts'
import { catalogue } from '../../models/catalogue.ts'
import { laws } from '../../spec/laws.ts'

const predicates = laws.filter((law) => law.when !== 'recovers')

/** More of it where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const asked = catalogue.filter(({ variant }) => isWhole || variant === 'fixed' || variant === 'asShipped')

/** Questions after which a machine learns here. */
const soon = isWhole ? 100 : 40

describe('Compiled guards', () => {
  let compiled = 0
  for (const { component, variant, scope } of asked)
    it(`answer what the rules and the laws of ${component.name}/${variant} do, before they have learnt and after`, { timeout: 0 }, () => {
      const given = scopeOf(component, scope)
      const machine = build(component, variant, given)
      const guards = new CompiledGuards(machine, soon)
      const plain = plainGuards(machine)
      const { found, ends } = machine
      const listed = (count: number) => [...found.subarray(0, count)]
      let compared = 0
      /** Every answer there is about the loaded state, both ways. */
      const compare = (): boolean => {
        compared++
        const owed = listed(plain.owed())
        expect(listed(guards.owed())).toEqual(owed)
        for (const law of predicates)
          expect(guards.breaks(law), law.name).toBe(plain.breaks(law))
        const at = machine.save()
        // What a wrong variant does after that need not fit its state.
        if (predicates.some((law) => law.when === 'always' && guards.breaks(law) > 0)) return false
        for (const from of [0, ends.progress >> 1]) {
          expect(guards.next(from, ends.timer)).toBe(owed.find((move) => move >= from) ?? -1)
          machine.load(at)
        }
        return true
      }
      const random = fc.property(draws(component, { given }), fc.infiniteStream(fc.nat()), (draw, picks) => {
        machine.load(machine.start(scenarioOf(component, draw).stream))
        for (let steps = 0; steps < 40; steps++) {
          if (!compare()) break
          const may = machine.moves.map(({ at }) => at).filter(machine.may)
          if (may.length === 0) break
          machine.take(may[picks.next().value! % may.length]!)
        }
      })
      fc.assert(random, { seed: 1, numRuns: isWhole ? 25 : 12 })
      if (compared > 2 * soon) compiled++
    })

  it('are asked long after they have learnt, of most', () => {
    expect(compiled).toBeGreaterThan(asked.length * (isWhole ? 0.7 : 0.5))
  })
})
