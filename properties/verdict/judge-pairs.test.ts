import { describe, expect, it } from 'vitest'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { clauses, otherClauses } from '../../spec/clauses.ts'
import { type Connector, faultNames, messageKinds } from '../../spec/connector.ts'
import { copyExcuses, flagExcuses, lossExcuses, orderExcuses } from '../../spec/excuses.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { deedPairs } from './deed-pairs.ts'
import { flagExcusePairs } from './flag-excuse-pairs.ts'
import { type Pair, rightOf, scenario, wrongOf } from './judge-pair.ts'
import { neglectPairs } from './neglect-pairs.ts'
import { copyExcusePairs, lossExcusePairs, orderExcusePairs } from './other-excuse-pairs.ts'
import { rightAboutFaults } from '../samples/right-about-faults.ts'
import { rightAboutMessages } from '../samples/right-about-messages.ts'
import { wrongAboutFaults } from '../samples/wrong-about-faults.ts'
import { wrongAboutMessages } from '../samples/wrong-about-messages.ts'
import type { Right, Wrong } from '../samples/wrong-connectors.ts'

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

const excuses = [
  { of: 'a flag', list: flagExcuses, pairs: flagExcusePairs, clause: 'flagged only with a reason' },
  { of: 'a copy', list: copyExcuses, pairs: copyExcusePairs, clause: 'no second copy' },
  { of: 'a loss', list: lossExcuses, pairs: lossExcusePairs, clause: 'a verdict in the end' },
  { of: 'an order', list: orderExcuses, pairs: orderExcusePairs, clause: 'in the order in which they were taken' },
] as const
for (const { of, list, pairs, clause } of excuses)
  describe(`Every excuse of ${of}`, () => {
    it('has a pair, and no pair is of another', () => {
      expect(Object.keys(pairs).sort()).toEqual(Object.keys(list).sort())
    })

    for (const [name, pair] of Object.entries<Pair>(pairs)) {
      const excuse: object = Object.entries<object>(list).find(([other]) => other === name)?.[1] ?? {}
      it(`‘${name}’ is needed by one that ${pair.rightly}`, async () => {
        const { right } = await told(pair)
        expect(right.judgement?.says ?? right.inconclusive).toBeNull()
        expect(judge(rightOf(pair), right.history, { denied: excuse })?.clause).toBe(clause)
      })

      it(`‘${name}’ is none for one that ${pair.wrongly}`, async () => {
        const { wrong } = await told(pair)
        expect(wrong.judgement?.clause).toBe(clause)
      })
    }
  })

/** What a wrong connector promises, by whoever does its work. */
const promising = ({ law: _, about: _about, with: _with, ...promises }: Wrong, { about, start }: Right): Connector =>
  ({ guarantee: 'at-least-once', ...promises, name: `one that ${about}`, start })

for (const what of faultNames) {
  const [wrong, right] = [wrongAboutFaults[what], rightAboutFaults[what]]
  it(`The fault ‘${what}’ catches one that ${wrong.about}, and does not accuse one that ${right.about}`, async () => {
    const found = await comparedIn(right.scenario, promising(wrong, wrong), promising(wrong, right))
    expect(found).toMatchObject({ law: wrong.law, says: null })
    // That a link answers twice shows in its answer alone.
    const met = found.history.map((event) => (event.what === 'answered' && event.detail === 'twice' ? 'link answers twice' : event.what))
    expect(met).toContain(what)
  })
}

for (const kind of messageKinds) {
  const [wrong, right] = [wrongAboutMessages[kind], rightAboutMessages[kind]]
  it(`A message that is ‘${kind}’ catches one that ${wrong.about}, and does not accuse one that ${right.about}`, async () => {
    const found = await comparedIn(scenario([[5, kind], [1]]), promising(wrong, wrong), promising(wrong, right))
    expect(found).toMatchObject({ law: wrong.law, says: null })
    expect(found.history.some(({ what, detail = '' }) => what === 'taken' && detail.startsWith(kind))).toBe(true)
  })
}

/** The law that the wrong one breaks; what is said of the right one, and its history. */
async function comparedIn(scenario: Scenario, wrong: Connector, right: Connector) {
  const [caught, spared] = [await ran(wrong, scenario, inProcess(wrong)), await ran(right, scenario, inProcess(right))]
  return { law: caught.judgement?.law.name, says: spared.judgement?.says ?? spared.inconclusive, history: spared.history }
}
