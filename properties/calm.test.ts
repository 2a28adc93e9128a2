/** Which fresh messages come when everything is healed. */
import { describe, expect, it } from 'vitest'
import { betweenWaves, firstWave, secondWave } from '../engine/trial/calm.ts'
import { type Connector, healthyKinds } from '../spec/connector.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const all = (wave: ReturnType<typeof firstWave>) => wave.map(({ kind, link }) => `${kind} ${link}`)

describe('The calm', () => {
  it('begins with three plain messages to each link, and every other healthy kind, over the links by turns', () => {
    expect(all(firstWave(connector, 2))).toEqual(['plain 0', 'plain 1', 'plain 0', 'plain 1', 'plain 0', 'plain 1',
      'new header 0', 'twin 1', 'twin 1', 'other script 0', 'lines 1', 'control characters 0', 'long 1', 'long other script 0'])
    expect(all(firstWave(connector, 1))).toHaveLength(3 + healthyKinds.length)
  })

  it('leaves out what the connector cannot be given, but for plain ones', () => {
    const neverGiven = { twin: 'no', lines: 'no', plain: 'no' }
    expect(all(firstWave({ ...connector, neverGiven }, 1))).toEqual(['plain 0', 'plain 0', 'plain 0', 'new header 0', 'other script 0',
      'control characters 0', 'long 0', 'long other script 0'])
  })

  it('goes on ten minutes later with one to each link', () => {
    expect([all(secondWave(3)), betweenWaves]).toEqual([['plain 0', 'plain 1', 'plain 2'], 600_000])
  })
})
