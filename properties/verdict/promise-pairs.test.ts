import { describe, expect, it } from 'vitest'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import type { Connector } from '../../spec/connector.ts'
import { type Pair, rightOf, wrongOf } from './judge-pair.ts'
import { furtherPairs, type PromisePair, promisePairs } from './promise-pairs.ts'
import { sourcePairs } from './source-pairs.ts'

const judged = async (connector: Connector, { scenario }: Pair) => ran(connector, scenario, inProcess(connector))

function tellsApart(pair: Pair & { readonly by: string }): void {
  it(`accuses one that ${pair.wrongly}, and not one that ${pair.rightly}`, async () => {
    expect((await judged(wrongOf(pair), pair)).judgement?.clause).toBe(pair.by)
    const { judgement, inconclusive } = await judged(rightOf(pair), pair)
    expect(judgement?.says ?? inconclusive).toBeNull()
  })
}

for (const [name, pair] of Object.entries<PromisePair>(promisePairs))
  describe(`What is declared as ‘${name}’`, () => {
    tellsApart(pair)

    it(`counts: undeclared, ${pair.without}`, async () => {
      const isWrong = pair.without === 'the wrong one is not accused'
      const { judgement } = await judged({ ...(isWrong ? wrongOf(pair) : rightOf(pair)), [name]: undefined }, pair)
      expect(judgement === null).toBe(isWrong)
    })
  })

for (const [name, pair] of Object.entries({ ...furtherPairs, ...sourcePairs })) describe(`With ${name}, the judge`, () => tellsApart(pair))
