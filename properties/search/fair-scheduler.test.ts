import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/model/machine.ts'
import { FairScheduler, isFairCycle, isFairRound } from '../../engine/run/fairness.ts'
import { one, rulesOver, upTo } from '../../spec/model.ts'

/** The moves that it takes among those that may happen at each turn, until it has none left. */
function taken(may: (move: number) => boolean, turns: number, end = 4, leaps?: () => boolean) {
  const next = (from: number, to: number) => {
    for (let move = from; move < to; move++) if (may(move)) return move
    return -1
  }
  const scheduler = new FairScheduler(next, end, leaps)
  return Array.from({ length: turns }, () => scheduler.go())
}

describe('A fair scheduler', () => {
  it('gives each move its turn, and passes over only what may not happen', () => {
    expect(taken(() => true, 6)).toEqual([0, 1, 2, 3, 0, 1])
    expect(taken((move) => move % 2 === 1, 5)).toEqual([1, 3, 1, 3, 1])
    expect(taken((move) => move === 2, 3)).toEqual([2, 2, 2])
  })

  it('knows rest, and takes nothing past its end', () => {
    expect(taken(() => false, 2)).toEqual([-1, -1])
    expect(taken((move) => move > 3, 1)).toEqual([-1])
    expect(taken(() => true, 1, 0)).toEqual([-1])
  })

  it('asks at the end of each round, and begins anew after a leap', () => {
    let asked = 0
    expect(taken((move) => move < 2, 7, 4, () => ++asked === 2)).toEqual([0, 1, 0, 1, null, 0, 1])
    expect(asked).toBe(2)
    asked = 0
    expect(taken(() => true, 6, 3, () => ++asked === 1)).toEqual([0, 1, null, 0, 1, 2])
  })
})

describe('A cycle is fair', () => {
  it('where each owed move is somewhere impossible', () => {
    expect(isFairCycle([0, 1], 2, (at) => (move) => move === at)).toBe(true)
    expect(isFairCycle([0, 1], 2, () => (move) => move === 1)).toBe(false)
    expect(isFairCycle([], 2, () => () => true)).toBe(true)
  })

  it('or is taken on the way round', () => {
    const state = { lamp: one({ on: upTo(1), seen: upTo(1) }) }
    const { rule } = rulesOver(state)
    const machine = compile({
      name: 'lamp', state, known: () => ({}) as never, facts: () => [],
      rules: [
        rule('lamp goes on', ({ lamp }) => lamp.on === 0, ({ lamp }) => { lamp.on = 1 }),
        rule('lamp goes off', ({ lamp }) => lamp.on === 1, ({ lamp }) => { lamp.on = 0 }),
        rule('lamp is seen', ({ lamp }) => lamp.seen === 0, ({ lamp }) => { lamp.seen = 1 }),
        rule('lamp is seen burning', ({ lamp }) => lamp.seen === 0 && lamp.on === 1, ({ lamp }) => { lamp.seen = 1 }),
      ],
    })
    const fair = (owed: readonly number[]) => {
      machine.load(machine.start([]))
      return isFairRound(machine, [0, 1], owed)
    }
    expect(fair([0, 1])).toBe(true)
    expect(fair([0, 1, 3])).toBe(true)
    expect(fair([0, 1, 2])).toBe(false)
  })
})
