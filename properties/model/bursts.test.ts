/** What becomes of several like messages that come as one: copies and losses are counted apart, and do not make up for one another. */
import { describe, expect, it } from 'vitest'
import { build, scopeOf } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { gateway } from '../../models/gateway.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import type { Component, Scope } from '../../spec/component.ts'
import { deliveredOrFlagged, honest, type LawName, noneTwice } from '../../spec/laws.ts'
import { delivery, deliveryOrFlag } from '../../spec/verdict.ts'

const fate = { arrived: 2, delivered: 2, repeated: 1, stripped: 0, altered: 0, flagged: 0 }
const known = { due: () => delivery }

describe('Of two like messages, one that is delivered twice and one that is lost', () => {
  it('break both laws, where the copy is counted apart', () => {
    for (const law of [noneTwice, deliveredOrFlagged]) {
      expect(law.holds(fate, known)).toBe(false)
      expect(law.holds({ ...fate, repeated: 0 }, known)).toBe(true)
    }
  })

  it('leave it honest to flag the other', () => {
    expect(honest.holds({ ...fate, flagged: 1 }, { due: () => deliveryOrFlag })).toBe(true)
    expect(honest.holds({ ...fate, repeated: 0, flagged: 1 }, { due: () => deliveryOrFlag })).toBe(false)
  })
})

/** The laws that a burst of two breaks, and in how many steps. */
function brokenByTwo(component: Component, answers: Readonly<Record<string, string>>, sizes: Scope, of: Readonly<Record<string, number>>) {
  const policy = { ...component.variants.fixed, ...answers } as Component['variants'][string]
  const wrong: Component = { ...component, variants: { ...component.variants, wrong: policy } }
  const machine = build(wrong, 'wrong', scopeOf(wrong, { messages: 1, burst: 2, ...sizes }), { fresh: false })
  const start = machine.start([{ count: 2, ...of }])
  const { broken } = explore(machine, [start])
  return { machine, start, lengths: Object.fromEntries(broken.map(({ law, run }) => [law.name as LawName, run.moves.length])), broken }
}

describe('A burst of two, sent by an agent that sends again and drops,', () => {
  it('has a run in which one is delivered twice and the other is lost, and as many are delivered as came', () => {
    const { machine, start, broken, lengths } = brokenByTwo(
      transferAgent, { unsure: 'sends again', whenDown: 'drops it' }, { failures: 1, losses: 1 }, { link: 1 })
    expect(lengths['none twice']).toBe(4)
    const twice = broken.find(({ law }) => law.name === 'none twice')!
    machine.load(start)
    for (const move of twice.run.moves) machine.take(move)
    expect(machine.messages[0]).toMatchObject({ arrived: 2, delivered: 2, repeated: 1 })
    for (const step of ['sender 1 fetches m1', 'link 1 fails', 'sender 1 drops m1']) {
      const at = machine.moves.findIndex((_, i) => machine.may(i) && Object.values(machine.phrase(i)).join(' ') === step)
      expect(machine.take(at), step).toBe(true)
    }
    expect(deliveredOrFlagged.holds(machine.messages[0]!, machine.known)).toBe(false)
  })
})

describe('A burst of two in the inlet of a gateway', () => {
  it('has one of them twice after a restart, though the other has not come out yet', () => {
    const { lengths } = brokenByTwo(gateway, { leaves: 'some time after' }, { restarts: 1 }, { attachments: 0 })
    expect(lengths).toEqual({ 'none twice': 5 })
  })
})
