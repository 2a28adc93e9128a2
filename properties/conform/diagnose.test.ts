import { describe, expect, it } from 'vitest'
import { strips } from '../../connectors/corpus/right/content.ts'
import { headRetries } from '../../connectors/corpus/right/queues.ts'
import { datagram } from '../../connectors/corpus/right/retries.ts'
import * as references from '../../connectors/references.ts'
import { diagnose } from '../../engine/diagnosis/diagnose.ts'
import { usingThisProcess } from '../../engine/falsify/runner.ts'
import { inWorld, sharedFaults } from '../../engine/conform/vocabulary.ts'
import { build, scopeOf } from '../../engine/model/build.ts'
import { catalogue } from '../../models/catalogue.ts'
import { attachmentLimit } from '../../spec/components/gateway.ts'
import type { Connector, Message } from '../../spec/connector.ts'
import type { LawName } from '../../spec/laws.ts'
import { variantConnectors } from './variant-connectors.ts'

const bugs = catalogue.filter(({ component }) => component.name !== 'relay')
/** On a busy machine, too, every probe is begun. */
const seconds = 300
const diagnosed = (connector: Connector, law?: LawName) =>
  usingThisProcess(connector, (runner) => diagnose(connector, bugs, { runner, seconds, ...(law === undefined ? {} : { law }) }))

const never = () => new Promise<never>(() => undefined)
const isForGood = (error: unknown) => (error as { outcome?: string }).outcome === 'refused for good'

/** So many workers over one list, each busy until its message is settled. */
function pool(workers: number, work: (message: Message) => Promise<void>) {
  const waiting: (() => Promise<void>)[] = []
  let idle = workers
  const go = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next()
    idle++
  }
  return {
    take: (message: Message) => new Promise<void>((done, fail) => {
      waiting.push(() => work(message).then(done, fail))
      if (idle === 0) return
      idle--
      void go()
    }),
  }
}

const connector = (name: string, start: Connector['start'], more: Partial<Connector> = {}): Connector =>
  ({ name, guarantee: 'at-least-once', start, ...more })

const synchronous = connector('one sender for all links', ({ send }) => pool(1, ({ content }) => send(content)))
const pooled = connector('a pool of senders', ({ send, workers }) => pool(workers, ({ content }) => send(content)))
const right = connector('a right one', ({ send }) => ({ take: ({ content }) => send(content) }))
const dropping = connector('one that drops what its link fails', ({ send }) => ({
  take: ({ content }) => send(content).catch((error: unknown) => { if (isForGood(error)) throw error; return never() }),
}))
const silent = connector('one that drops what is refused', ({ send }) => ({
  take: ({ content }) => send(content).catch((error: unknown) => { if (!isForGood(error)) throw error; return never() }),
}))
/** Refreshes its session and submits the message again, however it was refused. */
const resubmitting = connector('one that submits again whatever is refused', ({ send, workers }) => pool(workers, async ({ content }) => {
  for (;;)
    try {
      return await send(content)
    } catch {
      await new Promise((refreshed) => setTimeout(refreshed, 20_000))
    }
}))
/** Every worker looks through all there is, and between looking and sending another may have come. */
const racing = connector('one that checks and then acts', ({ send, workers }) => {
  const [all, sent]: [Message[], Set<string>] = [[], new Set()]
  const look = async () => {
    for (const { id, content } of all)
      if (!sent.has(id)) {
        await send(content)
        sent.add(id)
      }
  }
  return {
    take: (message) => {
      all.push(message)
      return Promise.all(Array.from({ length: workers }, look)).then(() => undefined)
    },
  }
}, { guarantee: 'exactly-once' })

/** One at a time, in order; the call for too many attachments never returns. */
const hanging = connector('one whose store never returns', ({ send }) =>
  pool(1, ({ content, attachments }) => (attachments > attachmentLimit ? never() : send(content))))
/** Names enter, none ever leaves. What every message has needs no entry. */
const remembering = (room: number) => connector(`one that remembers ${room} header names for ever`, ({ send }) => {
  const names = new Set(['Subject'])
  return {
    async take({ header, content }) {
      if (!names.has(header) && names.size > room) throw new Error('the cache is full')
      names.add(header)
      await send(content)
    },
  }
})

/** A component has one way out, but for the transfer agent: over several links any of these would be like that one too. */
const overOneLink = (each: Connector): Connector => ({ ...each, links: [1, 1] })

interface Shipped {
  readonly wrong: Connector
  /** The component. */
  readonly like: string
  /** Variants of other components that do the same. */
  readonly also?: readonly string[]
  /** Other variants of it that no probe tells apart from this one, and why. */
  readonly alike?: readonly string[]
  readonly because?: string
}
const shipped: readonly Shipped[] = [
  { wrong: overOneLink(hanging), like: 'gateway', alike: ['stopsAtTheLimit'],
    because: 'no kind of message has just as many attachments as the limit' },
  { wrong: racing, like: 'claim-queue' },
  { wrong: synchronous, like: 'transfer-agent', alike: ['retriesAtTheHead'],
    because: 'a link that is down holds up the others either way' },
  { wrong: remembering(1), like: 'property-cache' },
  { wrong: overOneLink(resubmitting), like: 'interchange', also: ['consumer'] },
]
/**
 * No document describes a wrong one of these. Those that only these probes tell from a right one are below: of hops, a connector is
 * told nothing.
 */
const untold = ['consumer', 'report-relay', 'spool']

/** As a trial, all of them; where the whole suite has to be quick, not those that take a second or two each. */
const isWhole = process.env['UNWEDGE_SEEDS'] !== undefined
const slow = ['interchange', 'claim-queue', 'gateway', 'consumer']

describe('A connector that is wrong as a component was shipped', () => {
  it('is there for every component', () => {
    const named = [...shipped.map(({ like }) => like), ...untold]
    expect(named.sort()).toEqual([...new Set(bugs.map(({ component }) => component.name))].sort())
  })

  for (const { wrong, like, alike = [], also = [], because } of shipped)
    it.skipIf(!isWhole && slow.includes(like))(`is named: ${wrong.name}${because === undefined ? '' : `, and with it ${alike.join(', ')}, for ${because}`}`, async () => {
      const { likenesses: [best, ...others], says } = await diagnosed(wrong)
      expect(best).toMatchObject({ component: like, nearest: ['asShipped', ...alike], fits: true, agrees: best!.probes })
      expect(best!.probes).toBeGreaterThan(3)
      expect(others.filter(({ fits }) => fits).map(({ component }) => component)).toEqual(also)
      expect(says).toContain(`It behaves like ${like}/asShipped, which `)
    })

  it('is like a right one where the limit is further away than any probe goes', async () => {
    const { likenesses } = await diagnosed(remembering(5))
    expect(likenesses.filter(({ fits }) => fits)).toEqual([])
    expect(likenesses.find(({ component }) => component === 'property-cache')).toMatchObject({ probes: 6, fixed: 6 })
  })
})

describe('A connector that is wrong as another of the catalogue’s is', () => {
  for (const { wrong, like, says } of [
    { wrong: pooled, like: ['sharedSenders'],
      says: /like transfer-agent\/sharedSenders, .* in 13 of 13 probes; a variation on Q193760\.$/ },
    { wrong: dropping, like: ['dropsOnFailure'],
      says: /like transfer-agent\/dropsOnFailure, .* in 13 of 13 probes; a variation on Q193760\.$/ },
    { wrong: silent, like: ['givesUpSilently'],
      says: /like interchange\/givesUpSilently, .* in 4 of 4 probes; a variation on Q151791\.$/ },
  ])
    it(`is named: ${wrong.name}`, async () => {
      const { likenesses: [best], says: sentence } = await diagnosed(wrong)
      expect(best).toMatchObject({ fits: true, nearest: like })
      expect(best!.agrees).toBeGreaterThanOrEqual(best!.fixed + 2)
      expect(sentence).toMatch(says)
    })

  it('is compared to bugs that break the law that it broke', async () => {
    expect((await diagnosed(dropping, 'delivered or flagged')).says).toContain('transfer-agent/dropsOnFailure')
    expect((await diagnosed(pooled, 'delivered or flagged')).says)
      .toMatch(/^No known bug fits, in \d+ probes\.$/)
  })

  it('is not compared to bugs that it says are by design', async () => {
    const exempt = { 'links are independent': 'one pool serves all links, by design' }
    expect((await diagnosed({ ...pooled, exempt })).likenesses.some(({ fits }) => fits)).toBe(false)
  })
})

/** By component, and with what it is told from a right one. */
const toldBy: readonly (readonly [component: string, variant: string, by: string])[] = [
  ['consumer', 'looksUpTooSoon', 'two that are given what the source gave out before'],
  ['report-relay', 'reportsOnReports', 'a report that is refused each time, before a message'],
  ['report-relay', 'holdsOnToReports', 'a message that comes while a report is refused each time'],
  ['spool', 'triesAllAgain', 'two recipients, of which one refuses for now'],
  ['spool', 'flagsAllOfThem', 'two recipients, of which one refuses for good'],
  ['spool', 'givesUpAtOnce', 'one that is refused for now once'],
  ['spool', 'givesUpForAll', 'two recipients, of which one refuses for now each time'],
  ['spool', 'acknowledgesFirst', 'a death before a message is written'],
]

describe('A connector that does what a variant does', () => {
  for (const [at, [component, variant, by]] of toldBy.entries())
    it.skipIf(!isWhole && (at % 3 !== 0 || slow.includes(component)))(`is named by ${by}: ${component}/${variant}`, async () => {
      const known = bugs.filter((bug) => bug.component.name === component)
      const [wrong, fixed] = [variant, 'fixed'].map((name) => variantConnectors[component]![name]!)
      const asked = (each: Connector) => usingThisProcess(each, (runner) => diagnose(each, known, { runner, seconds }))
      expect((await asked(wrong!)).likenesses).toMatchObject([{ component, nearest: [variant], fits: true }])
      const [right] = (await asked(fixed!)).likenesses
      expect(right).toMatchObject({ fits: false, fixed: right!.probes })
    })
})

describe('A right connector', () => {
  for (const [at, each] of [right, ...Object.values(references), strips, headRetries, datagram].entries())
    it.skipIf(!isWhole && at % 3 !== 0)(`is like no bug: ${each.name}`, async () => {
      const { likenesses, says } = await diagnosed(each)
      expect(likenesses.length).toBeGreaterThan(2)
      expect(likenesses.filter(({ fits }) => fits)).toEqual([])
      expect(likenesses.some(({ fixed, probes }) => fixed === probes)).toBe(true)
      expect(says).toMatch(/^It behaves like no bug of the catalogue, in \d+ probes\. That does not say that it is right: .* of its own\.$/)
    })

  it('is like nothing where it can be tried with no probe', async () => {
    const nothing = await diagnosed({ ...right, workers: [3, 4] })
    expect(nothing).toEqual({ likenesses: [], says: 'No known bug could be looked for: it could be tried with no probe.' })
  })
})

describe('The words that models and worlds share', () => {
  const models = bugs.map(({ component, variant }) => build(component, variant, scopeOf(component)))

  it('name rules that some model has', () => {
    const sentences = new Set(models.flatMap(({ model }) => model.rules.map(({ sentence }) => sentence)))
    const shared = [...new Set(bugs.map((bug) => bug.component))].flatMap(sharedFaults)
    expect(shared.length).toBeGreaterThan(9)
    expect(shared.map(({ rule }) => rule).filter((rule) => !sentences.has(rule))).toEqual([])
  })

  it('name the attributes of every component, and two values of each or more, but for how far a message goes and with whom', () => {
    for (const component of new Set(bugs.map((bug) => bug.component))) {
      const scope = scopeOf(component)
      const named = Object.entries(component.attributes(scope)).filter(([name]) => name !== 'away' && name !== 'goes')
      for (const [name, { small }] of named)
        expect(small.filter((value) => inWorld(component, { [name]: value }, scope)).length, `${component.name}: ${name}`)
          .toBeGreaterThan(1)
    }
  })
})

describe('A diagnosis with several runners', () => {
  it('says what it says with one', { timeout: 240_000 }, async () => {
    const with3 = await usingThisProcess(silent, (runner) => {
      let last: Promise<unknown> = Promise.resolve()
      // One process has one clock: whoever has it is alone with it.
      const inTurn: typeof runner = (...given) => (last = last.then(() => runner(...given))) as ReturnType<typeof runner>
      return diagnose(silent, bugs, { runner: [inTurn, inTurn, inTurn], seconds })
    })
    expect(with3).toEqual(await diagnosed(silent))
  })
})
