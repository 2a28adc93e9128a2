/** How an adapter is examined: what is run, and what is told of each mutant. No connector is at work here. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { examine } from '../../engine/falsify/doctor.ts'
import { scenarios } from '../../engine/falsify/generator.ts'
import { type MutantName, mutants } from '../../engine/falsify/mutants.ts'
import type { Runner } from '../../engine/falsify/runner.ts'
import { Inconclusive } from '../../engine/inconclusive.ts'
import type { Connector, History } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { event, invents, lawful, unstarted } from './answered.ts'

const clock = { now: 0 }
vi.mock(import('../../engine/real-time.ts'), async (real) => ({ ...await real(), realNow: () => clock.now }))
beforeEach(() => { clock.now = 1_000 })

const all = Object.keys(mutants) as readonly MutantName[]
/** It has sent over a link, and flagged something for a reason: every mutant has something to do wrong. */
const busy: History = [
  event('taken', { message: 'm1', link: 'link 1', detail: 'empty' }), event('offered', { message: 'm1', link: 'link 1', attempt: 1 }),
  event('flagged', { message: 'm1' }), ...lawful,
]
/** On the real clock no run is made twice to compare the two. */
const connector: Connector = { ...unstarted, burst: 2, clock: 'real', patience: 50 }
const drawn = (runs: number) => fc.sample(scenarios(connector), { seed: 4, numRuns: runs })

interface Examined {
  readonly runs?: number
  readonly promised?: Partial<Connector>
  readonly own?: (run: number) => History
  readonly wrong?: (mutant: MutantName, run: number) => History
  readonly seconds?: number
  readonly jobs?: number
}
/** An examination by histories, and what was run of each, by its place among those drawn. */
async function examined({ runs = 3, promised = {}, own = () => busy, wrong = () => invents, ...more }: Examined = {}) {
  const asked: Record<string, number[]> = {}
  const order: string[] = []
  const known = drawn(runs).map((each) => JSON.stringify(each))
  const answer = (name: string, history: (run: number) => History): Runner => async (scenario: Scenario) =>
    history((asked[name] ??= []).push(known.indexOf(JSON.stringify(scenario))))
  const examination = await examine({ ...connector, ...promised }, {
    seed: 4, runs, runner: answer('own', own), onMutant: (mutant) => order.push(mutant), ...more,
    wrong: (mutant, use) => use(answer(mutant, (run) => wrong(mutant, run))),
  })
  const told = Object.fromEntries(examination.mutants.map(({ mutant, does: _, ...outcome }) => [mutant, outcome]))
  return { ...examination, told, asked, order }
}
const every = (outcome: unknown) => Object.fromEntries(all.map((name) => [name, outcome]))
const because = (outcome: 'not applicable' | 'not tried', words: string) => ({ outcome, because: words })

describe('An examination', () => {
  it('runs the connector itself, and then each mutant in what that passed until it is caught', async () => {
    const { told, asked, runs, broken, order, mutants: found } = await examined({
      runs: 4, own: (run) => (run === 2 ? invents : busy), wrong: (_, run) => (run === 2 ? invents : lawful),
    })
    expect([runs, broken?.says, order]).toEqual([4, 'link 1 records ‘x’, which nobody sent.', all])
    expect(asked).toEqual({ own: [0, 1, 2, 3], ...every([0, 2]) })
    expect(told).toEqual(every({ outcome: 'caught', law: 'honest', runs: 2 }))
    expect(found.map(({ does }) => does)).toEqual(Object.values(mutants).map(({ does }) => does))
  })

  it('tells the first law that the connector itself broke', async () => {
    const own = (run: number) => (run === 1 ? invents : run === 2 ? lawful : busy.slice(0, -1))
    const { broken } = await examined({ promised: { exempt: {} }, own })
    expect(broken).toMatchObject({ law: { name: 'honest' } })
    expect((await examined()).broken).toBeNull()
  })

  it('says of who survives what is hidden, and what to do', async () => {
    const { told } = await examined({ wrong: () => lawful })
    expect(told).toEqual({
      ...Object.fromEntries(Object.entries(mutants).map(([name, { hides, mend }]) =>
        [name, { outcome: 'survived', runs: 3, hides, mend }])),
      'stops after n': because('not applicable', 'it is not checked against ‘nothing wedges’: it may'),
    })
  })

  it('tells several side by side in the order of the table', async () => {
    const { mutants: found, order } = await examined({ jobs: 3 })
    expect([found.map(({ mutant }) => mutant), [...order].sort()]).toEqual([all, [...all].sort()])
  })
})

describe('A mutant that cannot do its wrong', () => {
  it('is not tried, and it is said why', async () => {
    const none = await examined({ own: () => invents })
    expect([none.told, none.asked]).toEqual([every(because('not applicable', 'the connector itself passes no scenario')), { own: [0, 1, 2] }])
    const silent = (await examined({ own: () => lawful })).told
    for (const name of ['claims falsely', 'swallows a flag']) expect(silent[name]).toEqual(because('not applicable', 'it flagged nothing in 3 scenarios'))
    expect(silent['blocks all on one link']).toEqual(because('not applicable', 'it never waits for a link: what it sends is sent at once'))
    expect(Object.values(silent).filter(({ outcome }) => outcome === 'caught')).toHaveLength(5)
    // What it did in one scenario it can do.
    expect((await examined({ own: (run) => (run === 1 ? busy : lawful) })).told).toEqual((await examined()).told)
    const blocks = async (promised: Partial<Connector>) => (await examined({ promised })).told['blocks all on one link']
    expect(await blocks({ links: [1, 1] })).toEqual(because('not applicable', 'it has one link'))
    expect(await blocks({ links: [1, 2] })).toMatchObject({ outcome: 'caught' })
    expect(await blocks({ notApplicable: { 'link hangs': 'it is a file' } })).toEqual(because('not applicable', 'no link of it can hang: it is a file'))
    const exempt = { ...unstarted.exempt, 'links are independent': 'one queue' }
    expect(await blocks({ exempt })).toEqual(because('not applicable', 'it is not checked against ‘links are independent’: one queue'))
  })

  it('is not applicable where its law is not asked, or is broken by the connector itself, and it was not caught', async () => {
    const quiet = { wrong: () => lawful }
    const exempt = { ...unstarted.exempt, honest: 'it is a sieve' }
    const free = (await examined({ ...quiet, promised: { exempt } })).told
    for (const name of ['claims falsely', 'alters one', 'changes in place']) expect(free[name]).toEqual(because('not applicable', 'it is not checked against ‘honest’: it is a sieve'))
    expect(free['doubles one']).toMatchObject({ outcome: 'survived' })
    const broken = (await examined({ ...quiet, own: (run) => (run === 3 ? invents : busy) })).told
    for (const name of ['claims falsely', 'alters one', 'changes in place'])
      expect(broken[name]).toEqual(because('not applicable', 'the connector itself breaks ‘honest’: mend that first'))
    expect(broken['drops one']).toMatchObject({ outcome: 'survived', runs: 2 })
    const loses = (await examined({ ...quiet, promised: { guarantee: 'at-most-once' } })).told
    expect(loses['swallows a flag']).toEqual(because('not applicable', 'a connector that is ‘at-most-once’ may lose what its own link failed'))
    expect(loses['drops one']).toMatchObject({ outcome: 'survived' })
  })
})

describe('A mutant that is not tried', () => {
  it('is one for which there is no time', async () => {
    const slow = { seconds: 4, own: () => { clock.now += 1_000; return busy }, wrong: () => { clock.now += 1_000; return lawful } }
    const { told, runs } = await examined({ ...slow, runs: 3 })
    expect([runs, told['drops one'], told['doubles one'], told['stops after n']]).toEqual(
      [3, because('not tried', 'time was over after 2 scenarios'), because('not tried', 'time was over'), because('not tried', 'time was over')])
    expect((await examined({ ...slow, runs: 9, seconds: 2 })).runs).toBe(3)
  })

  it('is one whose runner has none', async () => {
    const { told } = await examined({
      wrong: (mutant) => { if (mutant === 'drops one') throw new Inconclusive('the process was over'); return invents },
    })
    expect([told['drops one'], told['doubles one']!.outcome]).toEqual([because('not tried', 'the process was over'), 'caught'])
    await expect(examined({ wrong: () => { throw new Error('a mistake') } })).rejects.toThrow('a mistake')
  })
})
