import { describe, expect, it } from 'vitest'
import { inProcess } from '../engine/falsify/runner.ts'
import { ran } from '../engine/falsify/verdict-of-run.ts'
import { clauses, otherClauses } from '../spec/clauses.ts'
import { deedPairs } from './deed-pairs.ts'
import { type Pair, rightOf, wrongOf } from './judge-pair.ts'
import { neglectPairs } from './neglect-pairs.ts'

const clausePairs: Readonly<Record<string, Pair>> = { ...deedPairs, ...neglectPairs }

/** What the judge says of both in their scenario. */
async function told(pair: Pair) {
  const [wrong, right] = [wrongOf(pair), rightOf(pair)]
  return { wrong: await ran(wrong, pair.scenario, inProcess(wrong)), right: await ran(right, pair.scenario, inProcess(right)) }
}

describe('Every clause', () => {
  it('has a pair, and no pair is of another', () => {
    expect(Object.keys(clausePairs).sort()).toEqual([...clauses.map(({ name }) => name), ...otherClauses].sort())
  })

  for (const [name, pair] of Object.entries(clausePairs)) {
    it(`‘${name}’ accuses one that ${pair.wrongly}, and not one that ${pair.rightly}`, async () => {
      const { wrong, right } = await told(pair)
      expect(wrong.judgement?.clause).toBe(name)
      expect({ says: right.judgement?.says ?? null, inconclusive: right.inconclusive }).toEqual({ says: null, inconclusive: null })
    })
  }
})
