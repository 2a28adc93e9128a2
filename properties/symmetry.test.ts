import { describe, expect, it } from 'vitest'
import { build, scopeOf, streams } from '../engine/model/build.ts'
import { type Exploration, explore } from '../engine/search/explore.ts'
import { catalogue } from '../models/catalogue.ts'
import { claimQueue } from '../models/claim-queue.ts'
import { interchange } from '../models/interchange.ts'
import { transferAgent } from '../models/transfer-agent.ts'
import { linksAreIndependent } from '../spec/laws.ts'

const lengths = ({ broken }: Exploration) => Object.fromEntries(broken.map(({ law, run }) => [law.name, run.moves.length]))

describe('One state of each orbit', () => {
  for (const [workers, messages, states, orbits] of [[2, 2, 102, 33], [3, 3, 3_290, 176], [4, 4, 156_056, 813]] as const)
    it(`of the claim race, ${workers} × ${messages}, is ${orbits} of ${states} states`, () => {
      const machine = build(claimQueue, 'fixed', { workers, messages, deaths: 0, delays: 0, copies: 1, memory: 1 }, { fresh: false })
      const start = machine.start(Array.from({ length: messages }, () => ({ count: 1 })))
      expect(explore(machine, [start]).states).toBe(states)
      expect(explore(machine, [start], { symmetry: true }).states).toBe(orbits)
    })

  it('of the claim race, 4 × 6, is 3,111 of 17,217,472', () => {
    const machine = build(claimQueue, 'fixed', { workers: 4, messages: 6, deaths: 0, delays: 0, copies: 1, memory: 1 }, { fresh: false })
    const start = machine.start(Array.from({ length: 6 }, () => ({ count: 1 })))
    expect(explore(machine, [start], { symmetry: true }).states).toBe(3_111)
  })

  for (const { component, variant, scope: changes } of catalogue)
    if (component.name !== 'relay')
      it(`of ${component.name}/${variant} breaks the same laws in as many steps, by a real run`, () => {
        const scope = scopeOf(component, changes)
        const machine = build(component, variant, scope)
        const all = streams(component, scope)
        const starts = all.map((stream) => machine.start(stream))
        const reduced = explore(machine, starts, { symmetry: true })
        expect(lengths(reduced)).toEqual(lengths(explore(machine, starts)))
        for (const { run } of reduced.broken) {
          machine.load(starts[run.start]!)
          for (const move of run.moves) expect(machine.take(move)).toBe(true)
        }
      })

  for (const variant of ['asShipped', 'requeuesAtTheTail', 'retriesTransientsForEver'])
    it(`of three threads of interchange/${variant} spares no cycle that is shorter`, () => {
      const machine = build(interchange, variant, scopeOf(interchange, { messages: 3, threads: 3 }))
      const start = machine.start(['invalid', 'busy', 'invalid'].map((address) => ({ count: 1, address })))
      const shortest = ({ broken }: Exploration) => broken.map(({ law, run, shortest }) => [law.name, run.moves.length, run.stem, shortest])
      expect(shortest(explore(machine, [start], { symmetry: true }))).toEqual(shortest(explore(machine, [start])))
    })

  it('proves that a pool of 16 is stopped by no fewer than 16 messages to a dead link', () => {
    const scope = { messages: 2, links: 2, pool: 16, failures: 1, losses: 0, burst: 16 }
    const machine = build(transferAgent, 'sharedSenders', scope, { fresh: false })
    const broken = (count: number) =>
      explore(machine, [machine.start([{ count, link: 1 }, { count: 1, link: 2 }])], { laws: [linksAreIndependent], symmetry: true }).broken
    expect(broken(15)).toEqual([])
    expect(broken(16)[0]?.run.moves.length).toBe(17)
  })
})
