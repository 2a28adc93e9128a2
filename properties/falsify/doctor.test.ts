import { describe, expect, it } from 'vitest'
import { async022 } from '../../connectors/async-queue.ts'
import * as references from '../../connectors/references.ts'
import { examine } from '../../engine/falsify/doctor.ts'
import { mutants, mutated } from '../../engine/falsify/mutants.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import { doctorMarkdown, doctorText } from '../../reports/tables/mutant-table.ts'
import type { Connector } from '../../spec/connector.ts'
import type { Examination } from '../../spec/evidence/examination.ts'

const examined = (connector: Connector, runs = 48): Promise<Examination> => usingThisProcess(connector, (runner) => examine(connector, {
  seed: 1, runs, runner, wrong: (mutant, use) => usingThisProcess(mutated(connector, mutant), use),
}))
/** As a trial: what takes a second or two each. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const outcomes = ({ mutants: found }: Examination) => Object.fromEntries(found.map(({ mutant, outcome }) => [mutant, outcome]))
const all = Object.keys(mutants)

describe('Every mutant that can apply', () => {
  for (const connector of [references.transferAgent, references.claimQueue, ...(isWhole ? [references.interchange] : [])])
    it(`is caught in ${connector.name}`, async () => {
      // Thousands of messages at once take nearly all of the time, and catch none that fifty do not.
      const found = await examined({ ...connector, burst: 50 })
      expect(found.broken).toBeNull()
      const exempt = connector.exempt ? { 'blocks all on one link': 'not applicable' } : {}
      expect(outcomes(found)).toEqual({ ...Object.fromEntries(all.map((name) => [name, 'caught'])), ...exempt })
    })
})

describe('A mutant that cannot apply', () => {
  it('is not counted, and it is said why', async () => {
    const one = await examined({ ...references.gateway, links: [1, 1] })
    expect(one.mutants.at(-1)).toMatchObject({ outcome: 'not applicable', because: 'it has one link' })
    const never = await examined(async022)
    expect(never.broken).toMatchObject({ law: { name: 'honest' } })
    expect(never.mutants.filter(({ outcome }) => outcome === 'not applicable').map((each) => 'because' in each && each.because)).toEqual([
      'it flagged nothing in 48 scenarios', 'it flagged nothing in 48 scenarios', 'it never waits for a link: what it sends is sent at once',
    ])
  })
})

describe('A mutant that survives', () => {
  it('shows what the adapter hides, and what to do about it', async () => {
    const found = await examined(references.gateway, 2)
    expect(outcomes(found)).toMatchObject({ 'drops one': 'caught', 'blocks all on one link': 'survived' })
    const text = doctorText({ ...found, connector: 'x\u001b' })
    expect(text).toMatch(/^x\\u\{1b\} is lawful in 2 scenarios\.\n\nmutant +what it does +found\ndrops one +takes/)
    expect(text).toMatch(/^blocks all on one link .* SURVIVED all 2 scenarios$/m)
    expect(text).toMatch(/^‘blocks all on one link’ survived: the adapter hides that one link waits for another\. What to do: send over/m)
    expect(text).toMatch(/try --runs 200\.\n5 of 6 mutants caught\.$/)
    expect(doctorMarkdown({ ...found, connector: 'x' })).toContain('| drops one | takes every third message and forgets it | caught in scenario ')
  })
})

describe('A mutant', () => {
  it('leaves alone what settles its messages elsewhere', async () => {
    const elsewhere: Connector = {
      name: 'settles by callback', guarantee: 'at-least-once',
      start: ({ send, delivered, flag }) => ({
        take: ({ id, content }) => { send(content).then(() => delivered(id), (error: unknown) => flag(id, error)) },
      }),
    }
    const found = await examined(elsewhere)
    expect(outcomes(found)).toEqual(Object.fromEntries(all.map((name) => [name, 'caught'])))
    expect(found.mutants.find(({ mutant }) => mutant === 'claims falsely')).toMatchObject({ law: 'honest' })
  })
})
