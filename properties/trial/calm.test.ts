/** Which fresh messages come when everything is healed. */
import { describe, expect, it } from 'vitest'
import { freshFor, untilLater } from '../../engine/trial/phases.ts'
import { type Connector, healthyKinds } from '../../spec/connector.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const all = (links: number, change: Partial<Connector> = {}) =>
  freshFor({ ...connector, ...change }, links).map(({ kind, link, later }) => `${kind} ${link}${later ? ', later' : ''}`)

describe('The calm', () => {
  it('begins with three plain messages to each link, and every other healthy kind, over the links by turns', () => {
    expect(all(2).slice(0, -2)).toEqual(['plain 1', 'plain 2', 'plain 1', 'plain 2', 'plain 1', 'plain 2',
      'new header 1', 'twin 2', 'twin 2', 'other script 1', 'lines 2', 'control characters 1', 'long 2', 'long other script 1'])
    expect(all(1)).toHaveLength(3 + healthyKinds.length + 1)
  })

  it('leaves out what the connector cannot be given, but for plain ones', () => {
    const neverGiven = { twin: 'no', lines: 'no', plain: 'no' }
    expect(all(1, { neverGiven }).slice(0, -1)).toEqual(['plain 1', 'plain 1', 'plain 1', 'new header 1', 'other script 1',
      'control characters 1', 'long 1', 'long other script 1'])
  })

  it('goes on ten minutes later with one to each link', () => {
    expect([all(3).slice(-3), untilLater]).toEqual([['plain 1, later', 'plain 2, later', 'plain 3, later'], 600_000])
  })
})
