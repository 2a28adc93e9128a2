import { describe, expect, it } from 'vitest'
import * as references from '../connectors/references.ts'
import { diagnose } from '../engine/conform/diagnose.ts'
import { inProcess } from '../engine/falsify/falsify.ts'
import { catalogue } from '../models/catalogue.ts'
import type { Connector, Message } from '../spec/connector.ts'
import type { LawName } from '../spec/laws.ts'

const bugs = catalogue.filter(({ component }) => component.name !== 'relay')
const diagnosed = (connector: Connector, law?: LawName) =>
  diagnose(connector, bugs, { runner: inProcess(connector), ...(law === undefined ? {} : { law }) })

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
/** Submits a message again at once for as long as it is refused for good; what is refused for now only a few times. */
const resubmitting = connector('one that submits again whatever is refused', ({ send, workers }) => pool(workers, async ({ content }) => {
  for (let tried = 0; ; )
    try {
      return await send(content)
    } catch (error) {
      if (!isForGood(error) && ++tried > 1) throw error
    }
}), { links: [1, 1] })
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

describe('A connector that is wrong as one of the catalogue’s is', () => {
  for (const { wrong, like, says } of [
    { wrong: synchronous, like: ['asShipped', 'retriesAtTheHead'], says: /like transfer-agent\/asShipped, .* in 9 of 9 .*; Q193760\.$/ },
    { wrong: pooled, like: ['sharedSenders'], says: /like transfer-agent\/sharedSenders, .* in 9 of 9 probes; Q193760\.$/ },
    { wrong: dropping, like: ['dropsOnFailure'], says: /like transfer-agent\/dropsOnFailure, .* in 9 of 9 probes; Q193760\.$/ },
    { wrong: silent, like: ['givesUpSilently'], says: /like interchange\/givesUpSilently, .* in 8 of 8 probes; Q151791\.$/ },
    { wrong: resubmitting, like: ['asShipped'], says: /like interchange\/asShipped, .* in 4 of 4 probes; Q151791\.$/ },
    { wrong: racing, like: ['asShipped'], says: /like claim-queue\/asShipped, .*; Q184524\.$/ },
  ])
    it(`is told so: ${wrong.name}`, async () => {
      const { likenesses: [best], says: said } = await diagnosed(wrong)
      expect(best).toMatchObject({ fits: true, nearest: like })
      expect(best!.agrees).toBeGreaterThanOrEqual(best!.fixed + 2)
      expect(said).toMatch(says)
    })

  it('is told of a bug that breaks the law that it broke', async () => {
    expect((await diagnosed(dropping, 'delivered or flagged')).says).toContain('transfer-agent/dropsOnFailure')
    expect((await diagnosed(pooled, 'delivered or flagged')).says)
      .toMatch(/^It behaves like no bug of the catalogue that breaks this law, in \d+ probes/)
  })

  it('is not told of what it says is by design', async () => {
    const exempt = { 'links are independent': 'one pool serves all links, by design' }
    expect((await diagnosed({ ...pooled, exempt })).likenesses.some(({ fits }) => fits)).toBe(false)
  })
})

describe('A right connector', () => {
  for (const each of [right, ...Object.values(references)])
    it(`is like no bug: ${each.name}`, async () => {
      const { likenesses, says } = await diagnosed(each)
      expect(likenesses.length).toBeGreaterThan(2)
      expect(likenesses.filter(({ fits }) => fits)).toEqual([])
      expect(says).toMatch(/^It behaves like no bug of the catalogue, in \d+ probes; as a right .* would\.$/)
    })

  it('that can be put to no probe is told nothing', async () => {
    const nothing = await diagnosed({ ...right, workers: [3, 4] })
    expect(nothing).toEqual({ likenesses: [], says: 'No known bug could be looked for: it could be tried with no probe.' })
  })
})
