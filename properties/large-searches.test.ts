import { describe, expect, it } from 'vitest'
import { build, kinds, scopeOf } from '../engine/model/build.ts'
import { compile, type Machine } from '../engine/model/machine.ts'
import { decisionsOf } from '../engine/speed/decisions.ts'
import { fill, type Limits } from '../engine/search/kernel.ts'
import { TooManyStates } from '../engine/search/memory.ts'
import { toCome } from '../engine/search/progress.ts'
import { components } from '../models/catalogue.ts'
import type { Scope } from '../spec/component.ts'
import { each, one, rulesOver, upTo } from '../spec/model.ts'
import { delivery } from '../spec/verdict.ts'
import { digest } from './told-log.ts'

/** All of it where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const limit = { states: 1_000_000 }

/** Some thousands of states each, so that a search grows its arrays a few times. */
const works: readonly (readonly [component: string, variant: string, scope: Scope])[] = [
  ['claim-queue', 'fixed', { workers: 2, messages: 3, deaths: 1 }],
  ['claim-queue', 'asShipped', { workers: 3, messages: 2, deaths: 0 }],
  ['gateway', 'fixed', { messages: 6, limit: 30, attachments: 31, restarts: 9 }],
  ['transfer-agent', 'fixed', { messages: 3, links: 3, pool: 1, failures: 2, losses: 1 }],
  ['property-cache', 'fixed', { messages: 4, sessions: 3, entries: 2, restarts: 2 }],
  ['interchange', 'fixed', { messages: 4, threads: 3, tries: 2, restarts: 2 }],
  ['relay', 'fixed', { messages: 2, workers: 1, threads: 2 }],
]

function begin([name, variant, changes]: (typeof works)[number]): { machine: Machine; start: Int32Array } {
  const component = components.find((other) => other.name === name)!
  const scope = scopeOf(component, changes)
  const machine = build(component, variant, scope)
  const all = kinds(component.attributes(scope))
  return { machine, start: machine.start(Array.from({ length: scope['messages']! }, (_, i) => all[i % all.length]!)) }
}

describe('A large search', () => {
  for (const work of isWhole ? works : works.slice(0, 2))
    it(`numbers the states and transitions of ${work[0]}/${work[1]} as the rules do, by decisions that have gaps`, () => {
      const { machine, start } = begin(work)
      const written = fill(machine, [start], true, limit)
      const decisions = decisionsOf(machine, written.words, 200)!
      expect(digest(fill(machine, [start], true, { ...limit, decisions }))).toEqual(digest(written))
      expect(digest(fill(machine, [start], false, { ...limit, decisions }))).toEqual({ ...digest(written), from: 0, to: 0, by: 0 })
    }, 30_000)

  it('stops at a limit', () => {
    const { machine, start } = begin(works[0]!)
    expect(() => fill(machine, [start], true, { states: 15_000 })).toThrow(TooManyStates)
  })

  it('blames the same rule and the same step where a domain is broken', () => {
    const state = { item: each(7, { at: upTo(5) }), count: one({ all: upTo(25) }) }
    const goes = rulesOver(state).rule('item goes on', ({ item }) => item.at < 5, ({ item, count }) => {
      item.at++
      count.all++
    })
    const machine = compile({ name: 'overflowing', state, rules: [goes], known: () => ({ due: () => delivery }), facts: () => [] })
    const start = machine.start([])
    const said = (more: Partial<Limits> = {}) => {
      try {
        fill(machine, [start], true, { ...limit, ...more })
      } catch (error) {
        return String(error)
      }
      return 'nothing'
    }
    expect(said()).toMatch(/whole number from 0 to 25\. The rule ‘item goes on’ of overflowing would set it, as step 26 of a run/)
    const early = fill(machine, [start], true, { ...limit, beat: () => true })
    expect(said({ decisions: decisionsOf(machine, early.words, early.states)! })).toBe(said())
  })
})

describe('what an exploration says of its rest', () => {
  it('is nothing while there are more and more states', () => {
    expect(toCome([0, 1], 4, 2)).toBeNull()
    expect(toCome([0, 1, 4, 13], 30, 13)).toBeNull()
  })

  it('is what is left when from each distance to the next there are half as many', () => {
    // 800 states, 400, and then 200 of the present distance, 100, 50 and so on: 400 in all, of which 80 are done.
    expect(toCome([0, 800, 1200], 1440, 1280)).toBe(400 - 80)
    expect(toCome([0, 800, 1200], 1700, 1280)).toBe(420)
  })
})
