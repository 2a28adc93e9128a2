import { describe, expect, it } from 'vitest'
import { build, kinds, scopeOf } from '../../engine/model/build.ts'
import { compile, type Machine } from '../../engine/model/machine.ts'
import { explore } from '../../engine/search/explore.ts'
import { fill } from '../../engine/states/kernel.ts'
import { type SearchSpeed, toCome } from '../../engine/states/log.ts'
import { TooManyStates } from '../../engine/states/memory-budget.ts'
import { decided } from '../../engine/speed/decided-rules.ts'
import { speed } from '../../engine/speed/speed.ts'
import { components } from '../../models/catalogue.ts'
import type { Scope } from '../../spec/component.ts'
import { each, one, rulesOver, upTo } from '../../spec/model.ts'
import { delivery } from '../../spec/verdict.ts'
import { atOnce, digest } from './log-digest.ts'

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

function begin([name, variant, changes]: (typeof works)[number], fresh = true): { machine: Machine; start: Int32Array } {
  const component = components.find((other) => other.name === name)!
  const scope = scopeOf(component, changes)
  const machine = build(component, variant, scope, { fresh })
  const all = kinds(component.attributes(scope))
  return { machine, start: machine.start(Array.from({ length: scope['messages']! }, (_, i) => all[i % all.length]!)) }
}

describe('A large search', () => {
  for (const work of isWhole ? works : works.slice(1, 2))
    it(`numbers the states and transitions of ${work[0]}/${work[1]} as the rules do, by a shortcut that has gaps`, () => {
      const { machine, start } = begin(work)
      const written = fill(machine, [start], true, limit)
      const speed = atOnce(decided({ ...written, states: 200 }))
      expect(digest(fill(machine, [start], true, { ...limit, speed }))).toEqual(digest(written))
      expect(digest(fill(machine, [start], false, { ...limit, speed }))).toEqual({ ...digest(written), from: 0, to: 0, by: 0 })
    }, 240_000)

  it.runIf(isWhole)('is the same where speed is handed in, which then takes a shortcut by itself', () => {
    const { machine, start } = begin(['claim-queue', 'asShipped', { workers: 4, messages: 3, deaths: 0, delays: 0 }], false)
    const [plain, fast] = [undefined, speed].map((speed) => fill(machine, [start], true, { ...limit, speed }))
    expect([plain!.shortSince, typeof fast!.shortSince]).toEqual([null, 'number'])
    expect(digest(fast!)).toEqual(digest(plain!))
    let taken = 0
    const watched: SearchSpeed = {
      shortcut: (log) => {
        const shortcut = speed.shortcut(log)
        if (shortcut) taken++
        return shortcut
      },
    }
    const [said, saidFast] = [undefined, watched].map((speed) => explore(machine, [start], { speed }).broken)
    expect(said!.length).toBeGreaterThan(0)
    expect(saidFast).toEqual(said)
    expect(taken).toBeGreaterThan(0)
  }, 240_000)

  it('stops at a limit', () => {
    const { machine, start } = begin(works[0]!)
    expect(() => fill(machine, [start], true, { states: 15_000 })).toThrow(TooManyStates)
  })

  it('blames the same rule and the same step where a domain is broken', () => {
    const state = { item: each(6, { at: upTo(5) }), count: one({ all: upTo(25) }) }
    const goes = rulesOver(state).rule('item goes on', ({ item }) => item.at < 5, ({ item, count }) => {
      item.at++
      count.all++
    })
    const machine = compile({ name: 'overflowing', state, rules: [goes], known: () => ({ due: () => delivery }), facts: () => [] })
    const start = machine.start([])
    const said = (speed?: SearchSpeed) => {
      try {
        fill(machine, [start], true, { ...limit, speed })
      } catch (error) {
        return String(error)
      }
      return 'nothing'
    }
    expect(said()).toMatch(/whole number from 0 to 25\. The rule ‘item goes on’ of overflowing would set it, as step 26 of a run/)
    // What a search of so many states knows of them.
    const early: SearchSpeed = { shortcut: (log) => (log.shortSince === null && log.states > 1_000 ? decided(log) : null) }
    expect(said(early)).toBe(said())
  })
})

describe('what an exploration says of its rest', () => {
  it('is nothing while there are more and more states', () => {
    expect(toCome({ levels: [0, 1], states: 4, expanded: 2 })).toBeNull()
    expect(toCome({ levels: [0, 1, 4, 13], states: 30, expanded: 13 })).toBeNull()
  })

  it('is what is left when from each distance to the next there are half as many', () => {
    // 800 states, 400, and then 200 of the present distance, 100, 50 and so on: 400 in all, of which 80 are done.
    expect(toCome({ levels: [0, 800, 1200], states: 1440, expanded: 1280 })).toBe(400 - 80)
    expect(toCome({ levels: [0, 800, 1200], states: 1700, expanded: 1280 })).toBe(420)
  })
})
