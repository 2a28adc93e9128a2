import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builderOf } from '../../engine/model/build.ts'
import { speed } from '../../engine/speed/speed.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { draws, type ModelScenario, scenarioOf } from '../../engine/walk/model-scenario.ts'
import { guess, walk } from '../../engine/walk/walk.ts'
import { catalogue } from '../../models/catalogue.ts'
import { propertyCache } from '../../models/property-cache.ts'
import type { Component, Scope } from '../../spec/component.ts'
import { type Law, laws } from '../../spec/laws.ts'
import { each, fate, model, rulesOver, upTo } from '../../spec/model.ts'
import { deliveryOrFlag } from '../../spec/verdict.ts'

const both = (component: Component, variant: string, scenario: ModelScenario) => {
  const machine = builderOf(component, variant)(scenario.scope)
  const said = (broken: ReturnType<typeof guess>['broken']) => broken && { law: broken.law.name, subject: broken.subject }
  const { broken, isSure } = guess(machine, scenario, { speed })
  return { guessed: said(broken), isSure, walked: said(walk(machine, scenario).broken) }
}

/** More of it where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const asked = catalogue.filter(({ variant }) => isWhole || variant === 'fixed' || variant === 'asShipped')

describe('An accelerated walk', () => {
  let jumped = 0
  for (const { component, variant } of asked)
    it(`comes to the same as one step by step, of ${component.name}/${variant}`, { timeout: 0 }, () => {
      for (const given of [{}, middling(component)])
        fc.assert(fc.property(draws(component, { given }), (draw) => {
          const { guessed, isSure, walked } = both(component, variant, scenarioOf(component, draw))
          if (!isSure) jumped++
          expect(guessed).toEqual(walked)
        }), { seed: 1, numRuns: (component.name === 'relay' ? 1 : 2) * (isWhole ? 10 : 1) })
    })

  it('is a walk step by step, and sure of what it comes to, where no speed is handed in', () => {
    fc.assert(fc.property(draws(propertyCache, { given: middling(propertyCache) }), (draw) => {
      const scenario = scenarioOf(propertyCache, draw)
      const machine = builderOf(propertyCache, 'asShipped')(scenario.scope)
      const { broken } = walk(machine, scenario)
      expect(guess(machine, scenario)).toEqual({ broken, isSure: true })
    }), { seed: 1, numRuns: 5 })
  })

  it('left steps out in many of these', () => {
    expect(jumped).toBeGreaterThan(isWhole ? 100 : 8)
  })

  it('comes to the same past a limit of 65,536', () => {
    const scope = { messages: 1, sessions: 1, entries: 65_536, restarts: 0, burst: 200_000 }
    const scenario = { scope, stream: [{ count: 130_000, header: 'new' }], faults: [], schedule: [] }
    const broken = { law: 'honest', subject: 1 }
    expect(both(propertyCache, 'asShipped', scenario)).toEqual({ guessed: broken, isSure: false, walked: broken })
  })
})

/** Bursts large enough that most of a walk is laps, wherever a component has bursts at all. */
function middling({ sizes }: Component): Scope {
  const all: Scope = { burst: 300, attachments: 200, limit: 120, entries: 150, copies: 2 }
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in sizes))
}

/**
 * Counts what it has taken and delivers it, but by what that count leaves: no limit is crossed, and a lap that came out
 * the same twice may come out otherwise a few laps on, and then as before.
 */
const counting = (does: (taken: number) => 'goes on' | 'stops' | 'repeats'): Component => {
  const sizes = { messages: { says: 'bursts', least: 1, small: 1, most: 1 }, burst: { says: 'in one', least: 1, small: 2, most: 5_000 } }
  return {
    name: 'counting', source: '', title: '', sizes, questions: {}, variants: { fixed: {} }, attributes: () => ({}), vacuous: {},
    model: (scope) => {
      const state = {
        message: each(scope.messages + 1, {
          taken: upTo(scope.burst + 1), ...fate({ arrived: scope.burst, delivered: 2 * scope.burst + 2, flagged: scope.burst }),
        }),
      }
      const { rule } = rulesOver(state)
      return model({
        name: 'counting', state, fresh: {}, known: () => ({ due: () => deliveryOrFlag }), facts: () => [],
        rules: [
          rule('message is delivered', ({ message }) => message.taken < message.arrived && does(message.taken) !== 'stops',
            ({ message }) => {
              message.delivered = Math.min(message.delivered + (does(message.taken) === 'repeats' ? message.arrived : 1), 2 * scope.burst)
              message.taken += 1
            }),
        ],
      })
    },
  }
}

describe('Random walks', () => {
  for (const { component, variant, breaks } of asked.filter(({ variant }) => variant === 'asShipped'))
    it(`find the same run of ${component.name}/${variant}, whether speed is handed in or not`, { timeout: 0 }, () => {
      const law = laws.find(({ name }) => name in breaks)!
      const names = Object.keys(middling(component))
      const given = Object.fromEntries(names.map((name) => [name, name === 'limit' || name === 'burst' ? 8 : 12]))
      const [plain, fast] = [undefined, speed].map((speed) => {
        const { runs, found } = randomWalks(component, variant, { seed: 1, runs: 300, laws: [law], given, speed })
        return { runs, run: found?.run, subject: found?.subject, scenario: found?.scenario }
      })
      expect(plain!.run).toBeDefined()
      expect(fast).toEqual(plain)
    })

  it('hand on all that makes them fast, to walks and to what shrinks them', () => {
    const used = { guards: 0, acceleration: 0 }
    const watched: typeof speed = {
      ...speed,
      guards: (machine) => {
        used.guards++
        return speed.guards(machine)
      },
      acceleration: (machine) => {
        used.acceleration++
        return speed.acceleration(machine)
      },
    }
    const given = { messages: 1, sessions: 1, entries: 500, restarts: 0, burst: 2_000 }
    const { runs, found } = randomWalks(propertyCache, 'asShipped', { seed: 1, runs: 500, given, speed: watched })
    expect(used.guards).toBe(runs + found!.tries)
    expect(used.acceleration).toBeGreaterThan(0)
  })
})

describe('Random walks through what is not monotone', () => {
  const wrong: Readonly<Record<string, Component>> = {
    'stops at 699, which no jump sees': counting((taken) => (taken % 1_000 === 699 ? 'stops' : 'goes on')),
    'repeats each seventh': counting((taken) => (taken % 7 === 6 ? 'repeats' : 'goes on')),
    'repeats the 4,000th, and never gets there': counting((taken) =>
      (taken === 30 ? 'stops' : taken > 31 && taken % 4_000 === 3_999 ? 'repeats' : 'goes on')),
    'repeats nothing': counting((taken) => (taken % 7 === 8 ? 'repeats' : 'goes on')),
  }
  for (const [says, component] of Object.entries(wrong))
    for (const law of laws)
      it(`report only what a walk step by step has seen, of one that ${says}, held to “${law.name}”`, () => {
        for (let seed = 1; seed <= 5; seed++) {
          const given = { messages: 1, burst: 5_000 }
          const { found } = randomWalks(component, 'fixed', { seed, runs: 40, laws: [law], given, speed })
          const plain = plainly(component, law, seed, given)
          expect(found !== null).toBe(plain)
          if (!found) continue
          const { scenario, run, subject } = found
          const machine = builderOf(component, 'fixed')(scenario.scope)
          expect(walk(machine, scenario, { laws: [law] }).broken).toEqual({ law, subject, run })
          const [{ count }] = scenario.stream as readonly [{ count: number }]
          if (count > 1) expect(walk(machine, { ...scenario, stream: [{ count: count - 1 }] }, { laws: [law] }).broken).toBeNull()
        }
      })

  /** Whether any of the walks that are drawn breaks a law, step by step. */
  function plainly(component: Component, law: Law, seed: number, given: Scope): boolean {
    return fc.check(fc.property(draws(component, { given }), (draw) => {
      const scenario = scenarioOf(component, draw)
      return walk(builderOf(component, 'fixed')(scenario.scope), scenario, { laws: [law] }).broken === null
    }), { seed, numRuns: 40, endOnFailure: true }).failed
  }

  it('are misled by a jump now and then, or these would show nothing', () => {
    const scenario = { scope: { messages: 1, burst: 5_000 }, stream: [{ count: 5_000 }], faults: [], schedule: [] }
    const machine = (name: string) => builderOf(wrong[name]!, 'fixed')(scenario.scope)
    const isKept = (name: string, law: Law, look: typeof guess | typeof walk) =>
      look(machine(name), scenario, { laws: [law], speed }).broken === null
    const misled = Object.keys(wrong).filter((name) => laws.some((law) => isKept(name, law, guess) !== isKept(name, law, walk)))
    expect(misled.length).toBeGreaterThan(0)
  })
})
