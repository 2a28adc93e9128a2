import { describe, expect, it } from 'vitest'
import { smaller } from '../engine/falsify/shrink.ts'
import type { Connector } from '../spec/connector.ts'
import type { Scenario } from '../spec/scenario.ts'

const connector: Connector = { name: 'one that is not started', guarantee: 'at-least-once', start: () => ({}) }
const scenario: Scenario = {
  workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], schedule: [],
  faults: [{ after: 3, what: 'service dies', on: 1 }, { after: 4, what: 'service restarts', on: 1 }],
}

describe('A smaller scenario', () => {
  it('may be without a fault, the others coming sooner: turns that it took are not there to wait for', () => {
    const faults = [...smaller(scenario, connector)].map((less) => JSON.stringify(less.faults))
    expect(faults).toContain(JSON.stringify([{ after: 4, what: 'service restarts', on: 1 }]))
    expect(faults).toContain(JSON.stringify([{ after: 1, what: 'service restarts', on: 1 }]))
  })
})
