import { describe, expect, it } from 'vitest'
import { build } from '../../engine/model/build.ts'
import { explore } from '../../engine/search/explore.ts'
import { speed } from '../../engine/speed/speed.ts'
import { randomWalks } from '../../engine/walk/random-walks.ts'
import { atFullSize, threshold } from '../../engine/walk/threshold.ts'
import { walk } from '../../engine/walk/walk.ts'
import { catalogue } from '../../models/catalogue.ts'
import { gateway } from '../../models/gateway.ts'
import { interchange } from '../../models/interchange.ts'
import { propertyCache } from '../../models/property-cache.ts'
import { limits } from '../../models/limits.ts'
import { transferAgent } from '../../models/transfer-agent.ts'
import { textPage } from '../../reports/text/run-page.ts'
import type { Component, Scope } from '../../spec/component.ts'
import type { ModelBurst } from '../../spec/evidence/counterexample.ts'
import { attachmentLimit } from '../../spec/components/gateway.ts'
import { deliveredOrFlagged, type Law, linksAreIndependent, nothingWedges } from '../../spec/laws.ts'
import { cacheLimit } from '../../spec/components/property-cache.ts'

const stream = ({ found }: ReturnType<typeof randomWalks>) => found?.scenario.stream

/** Whether the law is kept when so much is asked, at a fixed scope. */
const keeps = (component: Component, variant: string, scope: Scope, law: Law, faults: readonly { after: number; pick: number }[] = []) => {
  const machine = build(component, variant, scope)
  return (bursts: readonly ModelBurst[]) => walk(machine, { stream: bursts, faults, schedule: [] }, { laws: [law], speed }).broken === null
}

/** As a trial: every proof and page at full size. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined

describe('The gateway at 1,024 attachments', () => {
  const scope = { messages: 1, limit: attachmentLimit, attachments: 5_000, restarts: 0, burst: 1 }

  it('as shipped is stopped by one message of 1,025, and nothing smaller', () => {
    for (const seed of [1, 2, 3])
      expect(stream(randomWalks(gateway, 'asShipped', { seed, runs: 500, laws: [deliveredOrFlagged], given: scope, speed })))
        .toEqual([{ count: 1, attachments: 1_025 }])
  })

  it('passes 1,024 and not 1,025', () => {
    const passes = keeps(gateway, 'asShipped', scope, deliveredOrFlagged)
    expect(threshold(0, 5_000, (n) => passes([{ count: 1, attachments: n }]))).toEqual({ passes: 1_024, breaks: 1_025 })
  })

  it('read the other way passes 1,023 and not 1,024', () => {
    const passes = keeps(gateway, 'stopsAtTheLimit', scope, deliveredOrFlagged)
    expect(threshold(0, 1_024, (n) => passes([{ count: 1, attachments: n }]))).toEqual({ passes: 1_023, breaks: 1_024 })
  })

  it.runIf(isWhole)('fixed keeps every law for every number of attachments, in every state', () => {
    const machine = build(gateway, 'fixed', { ...scope, attachments: 1_026 })
    const starts = Array.from({ length: 1_027 }, (_, n) => machine.start([{ count: 1, attachments: n }]))
    expect(explore(machine, starts).broken).toEqual([])
  })
})

describe('The property cache at 65,536 entries', () => {
  const scope = { messages: 1, sessions: 1, entries: cacheLimit, restarts: 0, burst: 200_000 }

  it('as shipped is filled by 65,536 new names, so that one more is never delivered', () => {
    expect(stream(randomWalks(propertyCache, 'asShipped', { seed: 1, runs: 500, laws: [nothingWedges], given: scope, speed })))
      .toEqual([{ count: 65_536, header: 'new' }])
  })

  it('has room for a fresh name after 65,535, and not after 65,536', () => {
    const passes = keeps(propertyCache, 'asShipped', scope, nothingWedges)
    expect(threshold(1, 70_000, (n) => passes([{ count: n, header: 'new' }]))).toEqual({ passes: 65_535, breaks: 65_536 })
  })

  it.runIf(isWhole)('as shipped is proved to need no fewer, in every state that 65,536 new names reach', () => {
    const machine = build(propertyCache, 'asShipped', { ...scope, burst: cacheLimit })
    const [broken] = explore(machine, [machine.start([{ count: cacheLimit, header: 'new' }])], { laws: [nothingWedges] }).broken
    expect(broken!.run.moves.length).toBe(2 * cacheLimit + 2)
    const one = explore(machine, [machine.start([{ count: cacheLimit - 1, header: 'new' }])], { laws: [nothingWedges] })
    expect(one.broken).toEqual([])
  })

  it('fixed goes on past 65,536 without a word', () => {
    expect(keeps(propertyCache, 'fixed', scope, nothingWedges)([{ count: 70_000, header: 'new' }])).toBe(true)
  })
})

describe('The interchange', () => {
  for (const threads of [1, 2, 4, 8])
    it(`with ${threads} threads as shipped is stopped by ${threads} bad messages, and not by one fewer`, () => {
      const given = { messages: 1, threads, tries: 1, restarts: 0, burst: 20 }
      expect(stream(randomWalks(interchange, 'asShipped', { seed: 1, runs: 500, laws: [nothingWedges], given, speed })))
        .toEqual([{ count: threads, address: 'invalid' }])
      const passes = keeps(interchange, 'asShipped', given, nothingWedges)
      if (threads > 1) expect(passes([{ count: threads - 1, address: 'invalid' }])).toBe(true)
    })
})

describe('The transfer agent with a pool of 16 senders', () => {
  const given = { messages: 2, links: 2, pool: 16, failures: 1, losses: 0, burst: 40 }

  it('is stopped by 16 messages to a dead link and one to another', () => {
    const found = stream(randomWalks(transferAgent, 'sharedSenders', { seed: 1, runs: 2_000, laws: [linksAreIndependent], given, speed }))
    expect(found?.map(({ count }) => count).sort((a, b) => a - b)).toEqual([1, 16])
  })

  it('passes 15 and not 16', () => {
    const passes = keeps(transferAgent, 'sharedSenders', given, linksAreIndependent, [{ after: 0, pick: 0 }])
    expect(threshold(1, 40, (n) => passes([{ count: n, link: 1 }, { count: 1, link: 2 }]))).toEqual({ passes: 15, breaks: 16 })
  })
})

/** Those whose pages take a second each: the others have to do where the whole suite has to be quick. */
const large = ['8-threads', 'property-cache', 'sharedSenders']

describe('The limits at full size', () => {
  for (const limit of limits) {
    const { component, variant, scope, of, does, passes } = limit
    const { says } = catalogue.find((entry) => entry.component === component && entry.variant === variant)!
    const name = `${component.name}.${variant}${scope['threads'] ? `.${scope['threads']}-threads` : ''}`

    it.skipIf(!isWhole && large.some((part) => name.includes(part)))(`of ${name}: ${passes} ${of} pass, ${passes + 1} ${does}, with a page for it`, { timeout: 240_000 }, async () => {
      const found = atFullSize(limit, says, speed)
      expect(found?.threshold).toEqual({ of, does, passes, breaks: passes + 1 })
      await expect(textPage(found!)).toMatchFileSnapshot(`../../reports/golden/limits/${name}.txt`)
    })
  }
})
