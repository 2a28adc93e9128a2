import { describe, expect, it } from 'vitest'
import { build, scopeOf, streams } from '../../engine/model/build.ts'
import { decided } from '../../engine/speed/decided-rules.ts'
import { decisionsOf } from '../../engine/speed/decisions.ts'
import type { Decision } from '../../engine/speed/decision-tree.ts'
import { fill } from '../../engine/states/kernel.ts'
import { catalogue } from '../../models/catalogue.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { atOnce, digest } from './log-digest.ts'

const limit = { states: 1_000_000 }
/** Every variant where the whole suite has time. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('A search by decisions', () => {
  it('is the search by the rules as they are written, to the last byte, of the variants of every component', () => {
    for (const { component, variant, scope } of catalogue) {
      if (!isWhole && (variant !== 'asShipped' || component.name === 'relay')) continue
      if (variant !== 'fixed' && component.name === 'relay') continue
      const machine = build(component, variant, scopeOf(component, scope))
      const starts = streams(component, scopeOf(component, scope)).map((stream) => machine.start(stream))
      const written = fill(machine, starts, true, limit)
      // From a few states only, decisions have gaps, and leave them to the rules.
      for (const known of [written.states, Math.ceil(written.states / 20)]) {
        const speed = atOnce(decided({ ...written, states: known }))
        expect(digest(fill(machine, starts, true, { ...limit, speed })), `${component.name}/${variant}, of ${known} states known`).toEqual(digest(written))
      }
    }
  }, 240_000)

  it('leaves nothing of the claim race to the rules', () => {
    const machine = build(claimQueue, 'fixed', { workers: 3, messages: 3, deaths: 0, delays: 0, copies: 1, memory: 1 }, { fresh: false })
    const log = fill(machine, [machine.start([{ count: 1 }, { count: 1 }, { count: 1 }])], false, limit)
    const { loops } = decisionsOf(machine, log.words, log.states)
    expect(loops.flat().filter(({ decision }) => asks(decision))).toEqual([])
  })
})

const asks = (decision: Decision): boolean =>
  decision.is === 'itself' || (decision.is === 'fork' && decision.groups.some(({ then }) => asks(then)))
