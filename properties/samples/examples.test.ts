import { describe, expect, it } from 'vitest'
import { backOff } from '../../examples/back-off.ts'
import { batching } from '../../examples/batching.ts'
import { circuitBreaker } from '../../examples/circuit-breaker.ts'
import { fetchingConsumer } from '../../examples/fetching-consumer.ts'
import { outbox } from '../../examples/outbox.ts'
import { lease } from '../../examples/lease.ts'
import { pager } from '../../examples/pager.ts'
import { pagerDesk } from '../../examples/pager-desk.ts'
import { queuePerLink } from '../../examples/queue-per-link.ts'
import { twoGrades } from '../../examples/two-grades.ts'
import { examine } from '../../engine/falsify/doctor.ts'
import { inProcess, usingThisProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { mutated } from '../../engine/falsify/mutants.ts'
import { check, claimsOf } from '../../api/model.ts'
import { assertConforms } from '../../api/assert.ts'
import { conformance } from '../../api/vitest.ts'
import { type Connector, faultNames } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const examples = [queuePerLink, fetchingConsumer, backOff, circuitBreaker, batching, outbox]
/** Large bursts take most of the time: `npm run trials` has them. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
for (const example of examples)
  if (isWhole) conformance(example, { runs: 2_000 })
  else conformance({ ...example, burst: 20 }, { runs: 40 })

describe('The breaker of the examples', () => {
  it('may be open after calls that had no answer for half a minute', async () => {
    const [three, one] = [3, 1].map((count) => ({ count, kind: 'plain', link: 1 } as const))
    const scenario: Scenario = {
      workers: 1, links: 1, stream: [three!, one!, one!], faults: [{ after: 1, what: 'time passes', on: 5 }], schedule: [0, 0, 1, 1, 1, 1],
    }
    const { history, judgement } = await ran(circuitBreaker, scenario, inProcess(circuitBreaker))
    expect(history.some(({ what, message }) => what === 'flagged' && message === 'm5')).toBe(true)
    expect(judgement).toBeNull()
  })
})

describe.skipIf(!isWhole)('An example', () => {
  for (const example of examples)
    it(`is noticed when it does one thing wrong: ${example.name}`, { timeout: 0 }, async () => {
      const { broken, mutants } = await usingThisProcess(example, (runner) => examine(example, {
        seed: 1, runs: 100, runner, wrong: (mutant, use) => usingThisProcess(mutated(example, mutant), use),
      }))
      expect(broken).toBeNull()
      expect(mutants.filter(({ outcome }) => outcome === 'survived' || outcome === 'not tried')).toEqual([])
    })
})

describe('A connector that is held to a model of one’s own', () => {
  const { component: _, ...desk } = pagerDesk
  const how = { runs: isWhole ? 500 : 60, component: pager }

  it('did what that model could have done', { timeout: 240_000 }, async () => {
    expect((await assertConforms({ ...desk, burst: 20 }, how)).runs).toBeGreaterThanOrEqual(how.runs)
  })

  it('is shown where it did not', { timeout: 240_000 }, async () => {
    // Answered, it calls again: the laws allow that to whoever says that it is by design, and this model does not.
    const start: typeof desk.start = ({ send }) => ({
      take: ({ content }) => send(content).then(() => send(content).catch(() => undefined)),
    })
    const exempt = { 'none twice': 'to make sure', honest: 'to make sure' }
    const page = assertConforms({ ...desk, start, burst: 20, exempt }, how)
    await expect(page).rejects.toThrow('The model of pager cannot do what the connector did.\n    m1 is delivered here; pager would have ')
    await expect(page).rejects.toThrow(/assertConforms\(connector, \{ seed: 1, runs: \d+ \}\)/)
    await expect(assertConforms({ ...desk, component: 'pager' }, { runs: 1 })).rejects.toThrow(
      /says that it is a component "pager", and there is none: there are gateway, /)
  })
})

describe('A connector that is held to a model of an order', () => {
  /** One at a time, and the next is the first or the latest of those that wait. */
  const link = (next: 'shift' | 'pop'): Connector => ({
    name: `a link, the next by ${next}`, guarantee: 'at-least-once', order: 'per link', links: [1, 1], workers: [1, 1], burst: 5,
    notApplicable: Object.fromEntries(faultNames.map((fault) => [fault, 'the model has none'])),
    neverGiven: { busy: 'nothing is tried again', refused: 'nothing is refused' },
    start({ send }) {
      const waiting: (() => Promise<void>)[] = []
      let isBusy = false
      const goOn = async () => {
        isBusy = true
        for (let go = waiting[next](); go; go = waiting[next]()) await go()
        isBusy = false
      }
      return {
        take: ({ content }) => new Promise<void>((done, fail) => {
          waiting.push(() => send(content).then(done, fail))
          if (!isBusy) void goOn()
        }),
      }
    },
  })

  it('did what that model could have done, or parts from it where another is sent first', { timeout: 240_000 }, async () => {
    const how = { runs: 40, component: twoGrades }
    expect(await assertConforms(link('shift'), how)).toMatchObject({ runs: 40 })
    // The law would be broken first: without it, the model says so.
    const latest: Connector = { ...link('pop'), exempt: { 'in order': 'to see what the model says' } }
    await expect(assertConforms(latest, how)).rejects.toThrow('The model of two-grades cannot do what the connector did.')
  })
})

describe('A model of one’s own', () => {
  const claims = claimsOf(pager)
  for (const claim of [...claims, ...claimsOf(lease), ...claimsOf(twoGrades)])
    it(`is as it is said to be: ${claim.component.name}/${claim.variant}, which ${claim.says}`, () => {
      expect(check(claim).wrong).toEqual([])
    })

  it('shows the shortest run that breaks a law, step by step', () => {
    const forgets = claims.find(({ variant }) => variant === 'forgets')!
    const [found] = check(forgets).counterexamples
    expect(found!.run.flatMap(({ steps }) => steps).map(({ who, does }) => `${who} ${does}`)).toEqual([
      'pager fetches m1', 'pager calls again for m1', 'pager calls again for m1', 'pager gives up m1',
    ])
  })
})
