/** What pages in a browser lead with: what happened, where something is missing, and on the index the verdicts. */
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../reports/html/page-data.ts'
import type { Event } from '../../spec/connector.ts'
import type { Evidence } from '../../spec/evidence/suite-evidence.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import { evidenceOf, held, loser, tried } from './exhibits.ts'

const evidence = evidenceOf('claim-queue/asShipped', 'gateway/asShipped', 'interchange/asShipped', 'relay/gateway.stripsEveryoneAfter')
const [lost] = loser.violations as [Violation]
const empty: Evidence = { command: '', claims: [], pages: [], connectors: [], thresholds: [] }

describe('What a page leads with', () => {
  it('is what happened, of every variant in the laws’ own words', () => {
    const { pages } = dataOf(evidence)
    expect(pages.map(({ headline }) => headline)).toEqual([
      'm1 is delivered twice.', 'm1 is never delivered or flagged.', 'm2 is never delivered.', 'm1 is never delivered or flagged.',
      'm2 is never delivered.', 'm2 is stripped, though it could be delivered whole.', 'm2 is never delivered.'])
    for (const { law, headline } of pages) expect(headline).not.toBe(law.says)
  })

  it('is that a message is flagged, where that is its verdict while another link is down', () => {
    const { pages } = dataOf(evidenceOf('transfer-agent/flagsTheNeighbours'))
    const page = pages.find(({ law }) => law.name === 'links are independent')!
    expect([page.headline, page.missing!.does]).toEqual(['m1 is flagged while another link is down.', 'never delivers m1'])
  })

  it('says in which way a verdict is false', () => {
    const { pages } = dataOf(evidenceOf(
      'gateway/flagsEverything', 'transfer-agent/flagsTheDelivered', 'property-cache/offByOne', 'report-relay/repeatsAfterDeath'))
    expect(pages.filter(({ law }) => law.name === 'honest').map(({ headline }) => headline)).toEqual([
      'm1 is flagged, though it could be delivered.', 'm1 is flagged, though it was delivered.', 'm2 is delivered altered.',
      'm1 is flagged again.'])
  })

  it('is followed, where something never happens, by where it should have', () => {
    const { pages } = dataOf(evidenceOf('transfer-agent/asShipped', 'consumer/hidesAfterDeath', 'claim-queue/asShipped'))
    expect(pages.map(({ missing }) => missing)).toEqual([
      // The variant has one sender; the fixed one has another, which delivers it.
      { lane: 'sender 2', does: 'not yet: delivers m2', note: 'the fixed one does' },
      { lane: 'consumer 1', does: 'never delivers m1', note: 'the fixed one does' }, null])
    expect(pages[0]!.lanes).toEqual(['sender 1', 'sender 2'])
  })

  it('is, of a connector, the message and the link that it never reached, or else the judge’s sentence', () => {
    const shown = (change: Partial<Violation>) => {
      const { pages: [page] } = dataOf({ ...empty, connectors: [tried([{ ...lost, ...change }])] })
      return [page!.headline, page!.missing && `${page!.missing.lane} ${page!.missing.does}`, page!.breaks]
    }
    expect(shown({})).toEqual(['m2 is never delivered or flagged.', 'link 1 never records m2', null])
    const [first, second, ...rest] = lost.history as [Event, Event, ...Event[]]
    const recorded = { what: 'recorded', message: 'm2', link: 'link 1', time: 60_000 } as const
    const both = [first, second, { ...second, link: 'link 2' }, recorded, ...rest]
    expect(shown({ history: both, at: 10 })).toEqual([
      'm2 is never delivered over link 2, nor is it flagged.', 'link 2 never records m2', null])
    const says = 'link 1 has recorded m2, and whoever handed it over is never told.'
    const told = lost.history.map((event): Event => (event.what === 'dropped' ? recorded : event))
    expect(shown({ clause: 'an answer in the end', says, history: told })).toEqual([says, 'a queue 1.0 never says what becomes of m2', null])
    // Where it comes too late, a step shows it, and nothing is missing.
    expect(shown({ at: 5 })).toEqual(['m2 is never delivered or flagged.', null, 6])
  })
})

describe('The index', () => {
  it('leads from each connector to its own page, also where two have one name', () => {
    const { pages, connectors } = dataOf({ ...empty, connectors: [loser, { ...loser, file: 'another.ts' }] })
    expect(connectors.map(({ broken }) => broken[0]!.page)).toEqual(pages.map(({ id }) => id))
    expect(new Set(pages.map(({ id }) => id)).size).toBe(2)
  })

  it('has what a connector exercised of its model, and what was not checked at all', () => {
    const { connectors: [row], unchecked } = dataOf({ ...empty, connectors: [held], unchecked: ['gateway/fixed: the 2 seconds were over.'] })
    expect(row!.coverageSays![0]).toBe('The model of pager could have done the same in 21 small histories. '
      + 'That exercised 2 of the 3 rules and answers of a right pager; not ‘pager restarts’.')
    expect(row!.exercised!.rules).toHaveLength(2)
    expect(unchecked).toEqual(['gateway/fixed: the 2 seconds were over.'])
  })
})
