import { describe, expect, it } from 'vitest'
import { build, scopeOf } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { fill } from '../../engine/states/kernel.ts'
import { MemoryBudget, TooManyStates } from '../../engine/states/memory-budget.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import { type Law, linksAreIndependent, nothingWedges, noneTwice } from '../../spec/laws.ts'

const machine = build(transferAgent, 'losesTheSender', scopeOf(transferAgent, { messages: 2, failures: 2, losses: 0 }))
const start = machine.start([{ count: 1, link: 1 }, { count: 1, link: 2 }])
const chosen = [linksAreIndependent, nothingWedges, noneTwice]
const asked = (bytes: number, laws: readonly Law[]) => explore(machine, [start], { laws, limits: { bytes } }).broken

/** What was said at each budget, from far too little to enough, and what was found at the first that is. */
function rising(laws: readonly Law[]) {
  const said: string[] = []
  for (let bytes = 2 ** 15; ; bytes *= 1.03)
    try {
      return { said, found: asked(bytes, laws) }
    } catch (error) {
      if (!(error instanceof TooManyStates)) throw error
      said.push(error.message)
    }
}

describe('explore, with little memory', () => {
  const { said, found } = rising(chosen)

  it('says at every stage what it would take, and to narrow the scope', () => {
    const texts = [...said, ...rising([nothingWedges]).said]
    const clear = /would take over \d+ MB: narrow the scope, or search where there is more memory\./
    expect(texts.filter((text) => !clear.test(text))).toEqual([])
    const stages = ['and more', 'to look for cycles', 'to see what leads where', 'to go on from where it fails']
    expect(stages.filter((stage) => !texts.some((text) => text.includes(`${stage} would take`)))).toEqual([])
  })

  it('says what was covered by then', () => {
    const [last] = said.slice(-1)
    expect(last).toMatch(/^transfer-agent has [\d,]+ states at this scope, \d+ steps deep, and all were visited; but /)
    expect(last).toMatch(/Known by then: ‘none twice’ holds, ‘links are independent’ holds\.$/)
  })

  it('answers the same as with much of it, once it answers', () => {
    expect(found).toEqual(asked(2 ** 30, chosen))
    expect(found.map(({ law }) => law)).toEqual([nothingWedges])
  })

  it('says the same where the machine has less than it may take', () => {
    class Refused extends Int32Array {
      constructor(_: number) {
        super(0)
        throw new RangeError('Array buffer allocation failed')
      }
    }
    const room = new MemoryBudget(fill(machine, [start], true, { states: 1e6 }), 2 ** 30)
    expect(() => room.while('to test it', () => room.take(Refused, 10))).toThrow(/to test it would take over \d+ MB: narrow the scope/)
  })
})
