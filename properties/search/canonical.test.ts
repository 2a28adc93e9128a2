/** Canonical states: the same for all of an orbit, in the orbit themselves, and found whoever refers to whom. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alike, each, explore, lineOf, maybe, type Model, one, oneOf, type Rule, rulesOver, setOf, type State, upTo,
} from '../../api/model.ts'
import { put } from '../../engine/model/layout.ts'
import { compile, type Machine } from '../../engine/model/machine.ts'
import { scratch } from '../../engine/model/views.ts'
import { orbitsOf, swapsOf } from '../../engine/orbits/symmetry.ts'

/** More of it where the whole suite has time. */
const draws = process.env['UNWEDGE_SEEDS'] === undefined ? 60 : 1_000

const modelOf = (state: State, rules: readonly Rule[] = []): Model => ({ name: 'own', state, rules })

/** Alike things that refer to one another in every way there is. */
const tangles: Readonly<Record<string, State>> = {
  'a server that has one of several clients': {
    client: alike(4, { n: upTo(2) }), server: one({ holds: maybe('client'), waits: lineOf('client', 3) }),
  },
  'things that point at one another': { thing: alike(4, { next: maybe('thing') }) },
  'hands with two things each': {
    hand: alike(3, { left: maybe('nut'), right: maybe('bolt') }), nut: alike(2, { n: upTo(1) }), bolt: alike(2, {}),
  },
  'sets of things, in others that are alike too': { client: alike(3, { wants: setOf('lock') }), lock: alike(3, { n: upTo(1) }) },
  'a set and a queue of the same': { door: one({ in: setOf('guest'), line: lineOf('guest', 3) }), guest: alike(3, { is: oneOf('a', 'b') }) },
  'sets in things of their own kind': { node: alike(3, { knows: setOf('node'), n: upTo(1) }) },
  'some alike and some not': { a: each(2, { has: maybe('b') }), b: alike(3, { of: maybe('a') }), c: alike(2, { b: maybe('b') }) },
}

/** Loads a state that is drawn, be it one that rules come to or not. */
function load({ layout, words }: Machine, numbers: readonly number[]): void {
  scratch.fill(0, 0, words)
  const places = [...layout.stages[0]!.values()].flatMap((things) => things.flatMap((fields) => Object.values(fields).flat()))
  places.forEach((place, i) => put(scratch, place, place.mask === 0 ? 0 : numbers[i % numbers.length]! % (place.most + 1)))
}

/** All states that swaps lead to. */
function orbitFrom(machine: Machine, state: Int32Array): ReadonlyMap<string, Int32Array> {
  const orbit = new Map([[state.join(), state]])
  for (const other of orbit.values())
    for (const { swap } of swapsOf(machine)) {
      machine.load(other)
      swap()
      const next = machine.save()
      if (!orbit.has(next.join())) orbit.set(next.join(), next)
    }
  return orbit
}

describe('The canonical state', () => {
  for (const [name, state] of Object.entries(tangles))
    it(`is one for each orbit, and in it: ${name}`, () => {
      const machine = compile(modelOf(state))
      const { canon } = orbitsOf(machine)!
      const seen = new Map<string, string>()
      fc.assert(fc.property(fc.array(fc.nat(30), { minLength: 24, maxLength: 24 }), (numbers) => {
        load(machine, numbers)
        const orbit = orbitFrom(machine, machine.save())
        const canonical = new Set([...orbit.values()].map((each) => {
          machine.load(each)
          canon()
          return machine.save().join()
        }))
        expect(canonical.size).toBe(1)
        const [one] = canonical
        expect(orbit.has(one!)).toBe(true)
        seen.set(one!, [...orbit.keys()].sort()[0]!)
      }), { seed: 1, numRuns: draws })
      // Different orbits have different ones.
      expect(new Set(seen.values()).size).toBe(seen.size)
    })
})

describe('What is declared alike and pointed to', () => {
  const states = (n: number, symmetry: boolean) => {
    const state = { client: alike(n, { is: oneOf('idle', 'asking', 'done') }), server: one({ client: maybe('client') }) }
    const { rule, choice } = rulesOver(state)
    const machine = compile(modelOf(state, [
      rule('server takes client', ({ server, client }) => server.client === null && client.is === 'asking', ({ server, client }) => {
        server.client = client
      }),
      rule('server serves its client', () => true, ({ server, client }) => {
        client.is = 'done'
        server.client = null
      }),
      choice('client asks', ({ client }) => client.is === 'idle', ({ client }) => { client.is = 'asking' }),
    ]))
    return explore(machine, [machine.start([])], { symmetry, laws: [] }).states
  }

  it('is reduced: there are as many states as there are numbers of each sort', () => {
    // So many idle, asking and done of n; and one of those that ask may be served.
    const sorts = (n: number) => ((n + 1) * (n + 2)) / 2
    for (const n of [1, 3, 6]) {
      expect(states(n, false)).toBe(3 ** n + n * 3 ** (n - 1))
      expect(states(n, true)).toBe(sorts(n) + sorts(n - 1))
    }
  })
})
