/** The decisions of every move of a machine, from what its states were seen to hold. */
import { type Decision, Grower, seenIn } from './decision-tree.ts'
import type { Decided } from './decision-source.ts'
import { bitsOf } from '../model/layout.ts'
import type { Loop, Machine, Move } from '../model/machine.ts'
import type { Bits } from '../states/log.ts'
import { traced } from './symbolic-trace.ts'

/** The decisions of a machine, sound for every state whose known bits are as they were. */
interface Decisions {
  readonly bits: Bits
  /** By loop, in the order of its moves. */
  readonly loops: readonly (readonly Decided[])[]
}

export function decisionsOf(machine: Machine, words: Int32Array, states: number): Decisions {
  const deciding = new Deciding(machine, words, states)
  const loops = machine.loops.map((loop) => loop.moves.map((move) => ({ move: move.at, decision: deciding.move(loop, move) })))
  return { bits: deciding.bits, loops }
}

/** Grows decisions from what states of a machine were seen to hold. */
export class Deciding {
  readonly bits: Bits
  readonly #grower: Grower
  readonly #stages: readonly {
    readonly things: ReadonlyMap<string, readonly object[]>
    readonly world: Readonly<Record<string, unknown>>
  }[]

  constructor(machine: Machine, words: Int32Array, states: number, mostRuns?: number) {
    const { stages: placed, counters } = machine.layout
    const alike = placed.flatMap((kinds) => [...kinds.values()].flatMap((things) =>
      Object.keys(things[0] ?? {}).map((field) => things.flatMap((fields) => fields[field]!))))
    const seen = seenIn(words, states, machine.words, alike)
    for (const counter of counters) seen.same[counter.word]! &= ~bitsOf(counter)
    this.bits = seen
    this.#grower = new Grower(seen, mostRuns)
    this.#stages = machine.stages.map(({ model }, s) => {
      const things = traced(model.state, machine.layout.stages[s]!, this.#grower.trace)
      const world = Object.fromEntries([...things].map(([kind, all]) => (model.state[kind]!.many ? [`${kind}s`, all] : [kind, all[0]])))
      return { things, world }
    })
  }

  /** Of a move; of its guard only, where what it does is not asked. */
  move({ rule, stage, parts: { kinds, its, words }, counter }: Loop, { who }: Move, does = true): Decision {
    const { things, world } = this.#stages[stage]!
    const chosen = Object.fromEntries(kinds.map((kind, k) => [kind, things.get(kind)![who[k]! - 1]!]))
    const times = counter && this.#grower.trace.counter(counter, rule.atMost!)
    return this.#grower.grow(() => {
      const scene = { ...world, ...chosen } as Record<string, unknown>
      if (its !== null) {
        const had = (scene[words[0]!] as Record<string, unknown>)[its]
        if (had === null) return false
        scene[its] = had
      }
      if (times && !times.mayRise()) return false
      if (!rule.when(scene as never)) return false
      if (!does) return true
      rule.then(scene as never)
      times?.rise()
      return true
    })
  }

  /** Of whether something is so of a message of a stage. */
  message(stage: number, number: number, isSo: (message: never, world: never) => boolean): Decision {
    const { things, world } = this.#stages[stage]!
    return this.#grower.grow(() => isSo(things.get('message')![number - 1] as never, world as never))
  }
}
