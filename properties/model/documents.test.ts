/** What a document says can happen, happens in the model of its component as it was shipped. */
import { describe, expect, it } from 'vitest'
import { build, scopeOf } from '../../engine/model/build.ts'
import { check } from '../../engine/search/claims.ts'
import type { Machine } from '../../engine/model/machine.ts'
import { factsOf, possibleMoves } from '../../engine/run/run.ts'
import { catalogue, components } from '../../models/catalogue.ts'
import { claimQueue } from '../../models/claim-queue.ts'
import { gateway } from '../../models/gateway.ts'
import { interchange } from '../../models/interchange.ts'
import { propertyCache } from '../../models/property-cache.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import { textPage } from '../../reports/text/run-page.ts'
import type { Component, Scope, Size } from '../../spec/component.ts'
import { attachmentLimit } from '../../spec/components/gateway.ts'
import { cacheLimit } from '../../spec/components/property-cache.ts'
import { hopLimit } from '../../spec/components/report-relay.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'

describe('What no document says', () => {
  const stated = [attachmentLimit, cacheLimit, hopLimit]

  it('is not called real: three numbers are', () => {
    for (const { sizes } of components)
      for (const { real, chosen } of Object.values<Size>(sizes)) {
        if (real !== undefined) expect(stated).toContain(real)
        expect(real !== undefined && chosen !== undefined).toBe(false)
      }
    expect(components.flatMap(({ sizes }) => Object.values<Size>(sizes)).filter(({ real }) => real !== undefined)).toHaveLength(5)
  })

  it('is shown as a variation', () => {
    for (const { name, documented, variants } of components)
      for (const variant of documented!) expect(Object.keys(variants), name).toContain(variant)
    const cited = (component: Component, variant: string) => {
      const entry = catalogue.find((other) => other.component === component && other.variant === variant)!
      return textPage(check(entry).counterexamples[0]!).match(/^ {2}(?:Source|A variation).*$/m)?.[0]
    }
    expect(cited(interchange, 'asShipped')).toBe('  Source: Q151791, MSMI Stops Processing When Submitting Bad Address.')
    expect(cited(interchange, 'givesUpSilently')).toBe('  A variation on Q151791, MSMI Stops Processing When Submitting Bad Address.')
  })
})

const shipped = (component: Component, changes: Scope, stream: readonly ModelBurst[], variant = 'asShipped') => {
  const machine = build(component, variant, scopeOf(component, { messages: stream.length, ...changes }))
  machine.load(machine.start(stream))
  return machine
}
const sentences = (machine: Machine) => possibleMoves(machine).map((move) => {
  const { who, does } = machine.phrase(move)
  return `${who} ${does}`
})
/** Takes steps by their sentences; fails at one that cannot happen, with what could. */
const go = (machine: Machine, ...steps: readonly string[]) => {
  for (const step of steps) {
    expect(sentences(machine)).toContain(step)
    machine.take(possibleMoves(machine)[sentences(machine).indexOf(step)]!)
  }
}

describe('Q298486: the gateway as shipped', () => {
  it('processes no new mail after a message of too many attachments, nor after a restart alone', () => {
    const stream = [{ count: 1, attachments: 2 }, { count: 1, attachments: 0 }]
    const machine = shipped(gateway, { limit: 1, attachments: 2, restarts: 1 }, stream)
    const stops = ['gateway fetches m1', ...Array(2).fill('gateway copies an attachment of m1'), 'gateway stops with m1']
    for (const after of [[], ['gateway is restarted with m1']]) {
      go(machine, ...after, ...stops)
      expect(factsOf(machine)).toEqual(['the service has stopped', 'm2 waits'])
      expect(sentences(machine).filter((step) => !step.includes('restarted') && !step.startsWith('world'))).toEqual([])
    }
  })
})

describe('Q184524: the claim queue as shipped', () => {
  it('delivers several messages twice, from the beginning', () => {
    const machine = shipped(claimQueue, { workers: 2 }, [{ count: 1 }, { count: 1 }])
    for (const m of ['m1', 'm2'])
      go(machine, `worker 1 sees ${m}`, `worker 2 sees ${m}`, `worker 1 adds ${m}`, `worker 2 adds ${m}`,
        ...Array(2).fill([`dispatcher fetches ${m}`, `dispatcher delivers ${m}`]).flat())
    expect(factsOf(machine)).toEqual(['m1 delivered twice', 'm2 delivered twice'])
  })
})

describe('941060: the property cache as shipped', () => {
  const header = { count: 1, header: 'new' }
  const sends = (m: string) => [`session 1 fetches ${m}`, `session 1 delivers ${m}`]

  it('adds the last entry; the next remains in the queue until its sender gets NDR 4.4.7, and others are sent', () => {
    const stream = [header, header, header, header, { count: 1, header: 'known' }]
    const machine = shipped(propertyCache, { sessions: 1, entries: 2, restarts: 0 }, stream)
    go(machine, ...sends('m1'), ...sends('m2'))
    expect(factsOf(machine)).toEqual(['the cache is full', 'm3, m4 remain in the queue'])
    expect(sentences(machine)).not.toContain('session 1 fetches m3')
    go(machine, 'store sends NDR 4.4.7 for m3', ...sends('m5'))
    expect(factsOf(machine)).toEqual(['the cache is full', 'm3 flagged', 'm4 remains in the queue'])
  })

  it('has room again after a restart', () => {
    const machine = shipped(propertyCache, { sessions: 1, entries: 1, restarts: 1 }, [header, header])
    go(machine, ...sends('m1'), 'store restarts', ...sends('m2'))
  })
})

describe('Q193760: the transfer agent', () => {
  const stream = [{ count: 1, link: 1 }, { count: 1, link: 2 }]

  it('as shipped stops processing messages to all sites when the link to one fails, and may not', () => {
    const machine = shipped(transferAgent, { losses: 0 }, stream)
    const stopped = () => sentences(machine).every((step) => !step.includes('sender'))
    go(machine, 'link 1 fails', 'sender 1 fetches m1')
    expect(stopped()).toBe(true)
    const other = shipped(transferAgent, { losses: 0 }, stream)
    go(other, 'sender 1 fetches m1', 'sender 1 delivers m1', 'link 1 fails', 'sender 1 fetches m2', 'sender 1 delivers m2')
  })

  it('fixed asks what became of a message it heard nothing of, and flags it where it cannot ask', () => {
    for (const [loss, learns] of [
      ['sends m1 in vain and hears nothing', 'learns that m1 did not arrive'], ['delivers and hears nothing of m1', 'learns that m1 arrived'],
    ]) {
      const machine = shipped(transferAgent, { losses: 1, failures: 1 }, [stream[0]!], 'fixed')
      go(machine, 'sender 1 fetches m1', `sender 1 ${loss}`)
      expect(sentences(machine).filter((step) => step.startsWith('sender'))).toEqual([`sender 1 ${learns}`])
      go(machine, 'link 1 fails')
      expect(sentences(machine).filter((step) => step.startsWith('sender'))).toEqual(['sender 1 gives up m1 in doubt'])
      go(machine, 'sender 1 gives up m1 in doubt')
      expect(factsOf(machine)).toEqual(['link 1 is down', 'm1 flagged'])
    }
  })
})

describe('Q151791: the interchange as shipped', () => {
  const submits = (m: string, thread = 1) =>
    [`thread ${thread} opens a session for ${m}`, `thread ${thread} is refused ${m}`, `thread ${thread} refreshes and keeps ${m}`]
  const bad = { count: 1, address: 'invalid' }
  const good = { count: 1, address: 'valid' }

  for (const address of ['invalid', 'busy'])
    it(`submits a message again whatever the error, such as one for which an address is ${address}`, () => {
      const machine = shipped(interchange, { threads: 1, tries: 1, restarts: 0 }, [{ count: 1, address }])
      go(machine, 'thread 1 fetches m1')
      for (let i = 0; i < 5; i++) go(machine, ...submits('m1'))
    })

  it('goes on for a while after a restart, until the bad message is submitted once again', () => {
    const machine = shipped(interchange, { threads: 1, restarts: 1 }, [bad, good, good])
    go(machine, 'thread 1 fetches m1', ...submits('m1'))
    expect(sentences(machine).filter((step) => step.startsWith('thread'))).toEqual(['thread 1 opens a session for m1'])
    expect(factsOf(machine)).toEqual(['m2, m3 wait in P1'])
    go(machine, 'service restarts')
    expect(factsOf(machine)).toEqual(['m1, m2, m3 wait in P1'])
    go(machine, 'thread 1 fetches m2', 'thread 1 opens a session for m2', 'thread 1 delivers m2')
    go(machine, 'thread 1 fetches m1', ...submits('m1'))
    expect(sentences(machine).filter((step) => step.startsWith('thread'))).toEqual(['thread 1 opens a session for m1'])
    expect(factsOf(machine)).toEqual(['m3 waits in P1'])
  })

  it('goes on with another thread until that has a bad message, too', () => {
    const machine = shipped(interchange, { threads: 2, restarts: 0 }, [bad, good, bad, good])
    go(machine, 'thread 1 fetches m1', ...submits('m1'))
    go(machine, 'thread 2 fetches m2', 'thread 2 opens a session for m2', 'thread 2 delivers m2')
    go(machine, 'thread 2 fetches m3', ...submits('m3', 2))
    expect(sentences(machine).filter((step) => step.includes('fetches'))).toEqual([])
    expect(factsOf(machine)).toEqual(['m4 waits in P1'])
  })
})
