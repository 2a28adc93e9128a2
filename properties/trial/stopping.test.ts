import { describe, expect, it } from 'vitest'
import { assertConforms, assertKeepsLaws } from '../../api/assert.ts'
import { attempt } from '../../engine/falsify/falsify.ts'
import { everyOrder } from '../../engine/falsify/interleavings.ts'
import { inProcess } from '../../engine/falsify/runner.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { whatSettles } from '../../reports/connectors/settling.ts'
import type { Connector, Message, Running, World } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))
const called = (name: string, start: Connector['start'], more: Partial<Connector> = {}): Connector => ({
  name, guarantee: 'at-least-once', burst: 20, start, ...more,
  exempt: { 'links are independent': 'it has one sender' },
})

/** Sends one message after another; when it stops it finishes the one in hand and writes the others to its disk. */
const spooling = (stopped: (inHand: Promise<unknown>) => unknown) => ({ send, disk, delivered, flag }: World): Running => {
  const spool = [...disk.values()] as Message[]
  disk.clear()
  let isStopping = false
  let inHand: Promise<unknown> | null = null
  const next = () => {
    if (inHand || isStopping) return
    const message = spool.shift()
    if (!message) return
    inHand = send(message.content)
      .then(() => delivered(message.id), (error: unknown) => flag(message.id, error))
      .finally(() => { inHand = null; next() })
  }
  next()
  return {
    take(message) {
      if (isStopping) return Promise.reject(new Error('it is closed'))
      spool.push(message)
      next()
    },
    stop() {
      isStopping = true
      return stopped((inHand ?? Promise.resolve()).then(() => { for (const message of spool) disk.set(message.id, message) }))
    },
  }
}
const neverDies: Partial<Connector> = { notApplicable: { 'service dies': 'it is only ever shut down' } }

describe('A connector that is stopped', { timeout: 240_000 }, () => {
  it('is waited for when it says that it will tell, and is given its disk when it is started again', async () => {
    const right = called('one that spools', spooling(async (done) => { await done; await pause(50) }), neverDies)
    const { verdict, broken } = await attempt(right, { seed: 1, runs: 300 })
    expect(broken?.says ?? null).toBeNull()
    expect(verdict).toBe('lawful')
  })

  it('is not cut off when it is late, and breaks no law by that: the next start waits for it', async () => {
    let told = 0
    const late = called('one that stops late', (world) => {
      const running = spooling(async (done) => { await done; await pause(10 * 60_000) })(world)
      return { ...running, stop: (within) => { told = within; return running.stop!(within) } }
    }, neverDies)
    const faults = [{ what: 'service restarts', on: 1, after: 1 }] as const
    const history = await inProcess(late)({ workers: 1, links: 1, stream: [{ count: 3, kind: 'plain', link: 1 }], faults, schedule: [] })
    expect(told).toBe(30_000)
    expect(history.find(({ what }) => what === 'has stopped')!.time).toBe(10 * 60_000)
    expect(history.findIndex(({ what }) => what === 'starts again')).toBeGreaterThan(history.findIndex(({ what }) => what === 'has stopped'))
    expect(judge(late, history)).toBeNull()
  })

  it('is caught when it says that it is done and is not', async () => {
    const { broken } = await attempt(called('one that does not wait', spooling(() => Promise.resolve()), neverDies), { seed: 1, runs: 300 })
    expect(broken?.law.name).toBe('delivered or flagged')
    expect(broken?.history.some(({ what }) => what === 'has stopped')).toBe(true)
    expect(broken?.scenario.faults.map(({ what }) => what)).toEqual(['service restarts'])
  })

  it('is caught when its stop never returns', async () => {
    const { broken } = await attempt(called('one that never stops', ({ send }) => ({
      take: ({ content }) => send(content), stop: () => new Promise(() => undefined),
    })), { seed: 1, runs: 300 })
    expect(broken?.says).toBe('It crashes: `stop` was called, and has not returned.')
  })
})

describe('A connector that has no stop', () => {
  it('is cut off when its trial is over, and does not reach into the next one', async () => {
    const polling = called('one that polls', ({ receive, acknowledge, send, delivered }) => {
      const poll = async () => {
        for (;;) {
          const [message] = await receive(1)
          if (!message) await pause(1_000)
          else {
            await acknowledge(message.id)
            await send(message.content)
            delivered(message.id)
            await acknowledge(message.id)
          }
        }
      }
      void poll()
      return {}
    }, { guarantee: 'at-most-once' })
    const scenario: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
    const first = await inProcess(polling)(scenario)
    expect(await inProcess(polling)(scenario)).toEqual(first)
  })
})

describe('A connector whose `start` is wrong', { timeout: 240_000 }, () => {
  const tried = (start: unknown) => attempt(called('one', start as Connector['start']), { seed: 1, runs: 20 })
  const said = async (start: unknown) => (await tried(start)).broken?.says
  it('is told what `start` is to return', async () => {
    const owed = '`start` is to return { take, stop, kill, scale, die, end }, of which it may leave out what it does not have: it returned '
    expect(await tried(() => undefined)).toMatchObject({ verdict: 'inconclusive', broken: null, because: `${owed}undefined` })
    const because = `${owed}an object with ‘tak’ and no ‘take’`
    expect(await tried(() => ({ tak: () => undefined }))).toMatchObject({ verdict: 'inconclusive', broken: null, because })
    expect(whatSettles(`${owed}undefined`)).toMatch(/a `start` that returns its parts.* Is a `return` missing/)
    expect(whatSettles(because)).toMatch(/a `start` that returns its parts, as in `return \{ take: … \}`\.$/)
    // Nor does it break a law in some order of what it was never there for.
    const nothing = called('one', (() => undefined) as unknown as Connector['start'])
    expect(await everyOrder(nothing, { runner: inProcess(nothing) }))
      .toMatchObject({ tried: 0, broken: null, because: 'it returns no connector' })
  })

  it('is told so in a test, with what would settle it, and where that test is at the most', async () => {
    const nothing = called('one', (() => undefined) as unknown as Connector['start'])
    const { stack } = await assertConforms(nothing, { runs: 2 }).then(() => new Error('none'), (error: Error) => error)
    expect(stack).toMatch(/^Error: one: `start` is to return .*: it returned undefined\. What would settle it: [^\n]*$/)
    const late = await assertConforms(nothing, { time: 0 }).catch((error: Error) => error.message)
    expect(late).toBe('one: the time was over after 0 of 200 scenarios. What would settle it: more time (`time`), or fewer scenarios (`runs`).')
    const missing = await assertConforms(undefined as unknown as Connector).catch((error: Error) => error.stack?.split('\n'))
    expect(missing).toEqual(expect.arrayContaining([
      'UsageError: The connector given to assertConforms(): it must be an object with ‘name’, ‘guarantee’ and ‘start’, and is missing.',
      expect.stringContaining('stopping.test.ts'),
    ]))
    expect(missing).not.toContainEqual(expect.stringMatching(/\b(?:api|engine)\//))
  })

  it('is told what is wrong with a stored scenario, and where that is', async () => {
    const mine = called('one', ({ send }) => ({ take: ({ content }) => send(content) }))
    const said = (scenario: object, law: string) =>
      assertKeepsLaws(mine, scenario as Scenario, law as 'honest').then(() => 'kept', ({ stack }: Error) => stack)
    const stored = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }
    expect(await said({ ...stored, stream: [{ count: 1, kind: 'plian', link: 1 }] }, 'honest')).toMatch(
      /^UsageError: The scenario given to assertKeepsLaws\(\) cannot be run: it has messages of an unknown kind\.\n.*stopping\.test\.ts/s)
    expect(await said({}, 'honest')).toContain('cannot be run: its scenario has no stream, or too long a one.')
    expect(await said(stored, 'honset')).toMatch(/^UsageError: The law given to assertKeepsLaws\(\) is none: there are .*‘honest’/)
    expect(await said(stored, 'honest')).toBe('kept')
  })

  it('is told what it failed with, or that it has not returned', async () => {
    expect(await said(() => { throw new Error('there is no database') })).toBe('It crashes: `start` failed: there is no database.')
    expect(await said(() => new Promise(() => undefined))).toMatch(/has not returned|has no verdict/)
  })
})
