import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build, scopeOf } from '../engine/build.ts'
import { Glance, type Predicate } from '../engine/glance.ts'
import { draws, scenarioOf } from '../engine/scenario.ts'
import { catalogue } from '../models/catalogue.ts'
import { laws } from '../spec/laws.ts'

const predicates = laws.filter((law): law is Predicate => law.when !== 'recovers')

describe('A glance', () => {
  let glanced = 0
  for (const { component, variant, scope } of catalogue)
    it(`sees what the rules and the laws of ${component.name}/${variant} say, before it has learnt and after`, { timeout: 0 }, () => {
      const given = scopeOf(component, scope)
      const machine = build(component, variant, given)
      const glance = new Glance(machine, 100)
      const { found, ends, known, messages } = machine
      const listed = (count: number) => [...found.subarray(0, count)]
      let asked = 0
      /** Every answer there is about the loaded state, both ways. */
      const compare = (): boolean => {
        asked++
        const owed = listed(machine.owed())
        expect(listed(glance.owed())).toEqual(owed)
        for (const law of predicates)
          expect(glance.breaks(law), law.name).toBe(messages.findIndex((message) => !law.holds(message, known)) + 1)
        const at = machine.save()
        // What a wrong variant does after that need not fit its state.
        if (predicates.some((law) => law.when === 'always' && glance.breaks(law) > 0)) return false
        for (const from of [0, ends.progress >> 1]) {
          expect(glance.next(from, ends.timer)).toBe(owed.find((move) => move >= from) ?? -1)
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
      fc.assert(random, { seed: 1, numRuns: component.name === 'relay' ? 10 : 25 })
      if (asked > 200) glanced++
    })

  it('was put to this long after it had learnt, of most', () => {
    expect(glanced).toBeGreaterThan(catalogue.length * 0.7)
  })
})
