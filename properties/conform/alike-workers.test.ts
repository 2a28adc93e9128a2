/** Workers of which it does not matter which is which: a history is explained as it is where each of them is followed by itself. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as claimQueues from '../../connectors/variants/claim-queue.ts'
import * as consumers from '../../connectors/variants/consumer.ts'
import * as interchanges from '../../connectors/variants/interchange.ts'
import { AlikeWorkers } from '../../engine/conform/alike-workers.ts'
import { explain, TooManyRuns } from '../../engine/conform/explain.ts'
import { ModelConformance } from '../../engine/conform/model-conformance.ts'
import { type ModelQuestion, questionOf } from '../../engine/conform/model-question.ts'
import type { Observation } from '../../engine/conform/observations.ts'
import { RuleSpy } from '../../engine/conform/rule-coverage.ts'
import { put as putIn } from '../../engine/model/layout.ts'
import { compile } from '../../engine/model/machine.ts'
import { trial } from '../../engine/trial/trial.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { consumer } from '../../models/consumer.ts'
import { interchange } from '../../models/interchange.ts'
import type { Component } from '../../spec/component.ts'
import type { Connector, FaultName, MessageKind } from '../../spec/connector.ts'
import { alike, each, model, oneOf, rulesOver, upTo } from '../../spec/model.ts'
import type { Scenario } from '../../spec/scenario.ts'

/** As a trial: a thousand histories and more. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const patient = { timeout: 900_000 }

/** The same component, each of whose workers is somebody of his own. */
const toldApart = (component: Component): Component => ({
  ...component,
  model(...given) {
    const { state, ...rest } = component.model(...given)
    return { ...rest, state: Object.fromEntries(Object.entries(state).map(([kind, things]) => [kind, { ...things, alike: false }])) }
  },
})

function answered(component: Component, question: ModelQuestion): unknown {
  const { machine } = new RuleSpy(component, question.scope)
  const found = explain(machine, question)
  if (found.is === 'unexplained') return found
  machine.load(machine.start(found.start.stream, found.start.begin))
  return { is: found.is, goes: found.moves.every((move) => machine.take(move)), start: found.start }
}

const faults: readonly FaultName[] =
  ['worker dies', 'service restarts', 'service dies', 'link refuses', 'link drops before', 'acknowledging fails']
const all = ['plain', 'plain', 'refused', 'busy'] as const
const drawn = (mostMessages: number, kinds: readonly MessageKind[]): fc.Arbitrary<Scenario> => fc.record({
  workers: fc.integer({ min: 2, max: 3 }), links: fc.constant(1),
  stream: fc.array(fc.constantFrom(...kinds).map((kind) => ({ count: 1, kind, link: 1 })), { minLength: 1, maxLength: mostMessages }),
  faults: fc.array(fc.record({ after: fc.nat(6), what: fc.constantFrom(...faults), on: fc.integer({ min: 1, max: 2 }) }), { maxLength: 1 }),
  schedule: fc.array(fc.nat(3), { maxLength: 6 }),
})

/** What a history shows, and what it might show instead: two things the other way round, one left out, one the opposite, one sooner. */
const changes: readonly ((seen: readonly Observation[], at: number) => readonly Observation[])[] = [
  (seen) => seen,
  (seen, at) => (at + 1 < seen.length ? seen.with(at, seen[at + 1]!).with(at + 1, seen[at]!) : seen),
  (seen, at) => seen.toSpliced(at, 1),
  (seen, at) => seen.map((each, i) => (i !== at || each.is === 'fault' ? each
    : { ...each, verdict: each.verdict === 'flagged' ? 'delivered' as const : 'flagged' as const })),
  (seen, at) => seen.map((each, i) => (i >= at ? { ...each, time: 0 } : each)),
]

const subjects: readonly (readonly [Component, Readonly<Record<string, Connector>>, ReturnType<typeof drawn>])[] = [
  [interchange, interchanges, drawn(3, all)], [consumer, consumers, drawn(3, all)], [claimQueue, claimQueues, drawn(2, ['plain'])],
]

describe('A history of workers that are alike', patient, () => {
  for (const [component, connectors, scenarios] of subjects) {
    const subject = Object.values(connectors).filter((each) => each.component === component.name && each.workers?.[1] !== 1)
    it(`is explained, or not, as if each were followed by himself: ${component.name}`, async () => {
      const answers = { explained: 0, unexplained: 0 }
      const history = fc.tuple(fc.constantFrom(...subject), scenarios, fc.constantFrom(...changes), fc.nat(4))
      await fc.assert(fc.asyncProperty(history, async ([connector, scenario, change, at]) => {
        const question = questionOf(component, connector, scenario, await trial(connector, scenario))
        if (typeof question === 'string') return
        const asked = { ...question, observations: change(question.observations, at % Math.max(1, question.observations.length)) }
        const found = answered(component, asked) as { readonly is: 'explained' | 'unexplained' }
        expect(found).toEqual(answered(toldApart(component), asked))
        expect(found).not.toMatchObject({ goes: false })
        answers[found.is]++
      }), { seed: 1, numRuns: isWhole ? 500 : 40 })
      expect(Math.min(answers.explained, answers.unexplained)).toBeGreaterThan(isWhole ? 50 : 4)
    })
  }

  it('takes no longer by a power for every worker: twelve are followed where six told apart are too many', async () => {
    const scenario: Scenario = { workers: 12, links: 1, stream: [{ count: 6, kind: 'plain', link: 1 }], faults: [], schedule: [] }
    const connector = { ...interchanges.fixed, workers: [1, 12] } as const
    const question = questionOf(interchange, connector, scenario, await trial(connector, scenario)) as ModelQuestion
    expect(answered(interchange, question)).toMatchObject({ is: 'explained', goes: true })
    const first = question.observations[0]!
    const wrong = { ...question, observations: [...question.observations, first] }
    expect(answered(interchange, wrong)).toMatchObject({ is: 'unexplained', verdict: first, allowed: [] })
    expect(() => answered(toldApart(interchange), question)).toThrow(TooManyRuns)
  })
})

describe('Workers that are declared alike, and are not', () => {
  it('are no ground to judge a connector on', () => {
    const firstAlone: Component = {
      ...consumer,
      model(...given) {
        const { rules, ...rest } = consumer.model(...given)
        const guarded = rules.map((rule) => (!rule.sentence.startsWith('consumer fetches') ? rule : {
          ...rule, when: (scene: never) => (scene as { consumer: { number: number } }).consumer.number === 1 && rule.when(scene),
        }))
        return { ...rest, rules: guarded }
      },
    }
    expect(() => new ModelConformance(firstAlone, consumers.fixed).check(1))
      .toThrow(/^consumer declares consumer alike, but the rule ‘consumer fetches message’ tells one consumer from another/)
  })
})

describe('The order of workers', () => {
  const clerks = 4
  const state = { clerk: alike(clerks, { is: oneOf('idle', 'waits', 'done'), n: upTo(2) }), desk: each(2, { is: oneOf('open', 'shut') }) }
  const { timer } = rulesOver(state)
  const machine = compile(model({ name: 'office', state, rules: [
    timer('clerk closes desk', ({ clerk, desk }) => clerk.n > 0 && desk.is === 'open', ({ desk }) => { desk.is = 'shut' }),
    timer('clerk goes home', ({ clerk }) => clerk.is === 'waits', ({ clerk }) => { clerk.is = 'done' }),
    timer('desk falls shut', ({ desk }) => desk.is === 'open', ({ desk }) => { desk.is = 'shut' }),
  ] }))
  const workers = new AlikeWorkers(machine)
  const places = machine.layout.stages[0]!

  /** What clerks hold, and since when the timers run of which they are the first named; in the order that is given. */
  function put(order: readonly number[], holds: readonly (readonly [number, number])[], times: readonly number[]) {
    const words = new Int32Array(machine.words)
    for (const [at, clerk] of order.entries()) {
      const { is, n } = places.get('clerk')![at]!
      putIn(words, is![0]!, holds[clerk]![0])
      putIn(words, n![0]!, holds[clerk]![1])
    }
    const since = machine.moves.flatMap(({ at, rule, who }) => {
      const [first = 0, ...others] = who
      const of = rule.sentence.startsWith('clerk') ? order[first - 1]! : clerks + first
      const time = times[(7 * of + others.reduce((sum, each) => sum + each, 0) + rule.sentence.length) % times.length]!
      return time === 0 ? [] : [[at, time] as const]
    })
    return { state: words, since: new Map(since) }
  }
  const seen = ({ state: words, since }: ReturnType<AlikeWorkers['inOrder']>) => [[...words], [...since].sort(([a], [b]) => a - b)]

  it('is the same whoever is who, and each keeps the times of his timers', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: clerks })
    const holds = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: clerks, maxLength: clerks })
    fc.assert(fc.property(order, holds, fc.array(fc.nat(3), { minLength: 30, maxLength: 30 }), (now, each, times) => {
      const [one, other] = [put([0, 1, 2, 3], each, times), put(now, each, times)]
      const sorted = workers.inOrder(one.state, one.since)
      expect(seen(workers.inOrder(other.state, other.since))).toEqual(seen(sorted))
      expect([...sorted.since.values()].sort()).toEqual([...one.since.values()].sort())
    }), { seed: 1, numRuns: 300 })
  })

  it('tells those apart that hold the same, and of which one waits for longer', () => {
    const all = Array.from({ length: clerks }, () => [1, 0] as const)
    const home = machine.moves.filter(({ rule }) => rule.sentence === 'clerk goes home').map(({ at }) => at)
    const { state: words } = put([0, 1, 2, 3], all, [0])
    const sinceOf = (...times: readonly number[]) => new Map(times.map((time, i) => [home[i]!, time]))
    const timesOf = (...times: readonly number[]) => home.map((move) => workers.inOrder(words, sinceOf(...times)).since.get(move))
    expect(timesOf(5, 1, 1, 9)).toEqual([1, 1, 5, 9])
    expect(timesOf(9, 5, 1, 1)).toEqual([1, 1, 5, 9])
    expect(timesOf(9, 5, 5, 1)).toEqual([1, 5, 5, 9])
  })
})
