import { describe, expect, it } from 'vitest'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { advice } from '../../reports/advice/by-clause.ts'
import { asks, clausesInWords } from '../../reports/connectors/clause-words.ts'
import { violationPage } from '../../reports/connectors/violation-page.ts'
import { clauses, otherClauses } from '../../spec/clauses.ts'
import { type Connector, outcomeOf } from '../../spec/connector.ts'
import type { Violation } from '../../spec/evidence/violation.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { brokenClauses } from '../verdict/broken-clauses.ts'
import { loser } from './exhibits.ts'
import { handMade } from '../verdict/hand-made-history.ts'

const [lost] = loser.violations

async function shownOf(connector: Connector, scenario: Scenario): Promise<Violation | null> {
  const { judgement, ...run } = await ran(connector, scenario, inProcess(connector))
  const broken = judgement && { ...judgement, ...run, tries: 1 }
  return broken && violationOf(connector, { broken, runs: 1, repeats: true }, { seed: 1, again: 'npx unwedge check mine.ts' })
}

const allClauses = [...clauses.map(({ name }) => name), ...otherClauses].sort()

/** No trial gives a message with attachments that are few enough: what such a history would say is written by hand. */
const byHand = 'not stripped for nothing'

describe('What to look for', () => {
  it('is known for every clause, and so is what it asks, in words', () => {
    expect([...clausesInWords].sort()).toEqual(allClauses)
    expect([...new Set([...brokenClauses.map(({ clause }) => clause), byHand])].sort()).toEqual(allClauses)
    expect(asks('no such clause')).toBeNull()
    expect(advice({ ...lost!, clause: 'no such clause' })).toEqual([])
  })

  for (const { clause, connector, right, scenario, advice: says } of brokenClauses)
    it(`is said where ‘${clause}’ is broken, and not where it is kept: ${says.source.slice(0, 60)}`, async () => {
      const found = (await shownOf(connector, scenario))!
      expect(found.clause).toBe(clause)
      expect(advice(found)[0]).toMatch(says)
      expect(violationPage(found)).toContain(`\n    ${asks(clause)}\n`)
      expect(await shownOf(right, scenario)).toBeNull()
    })

  it(`is said where ‘${byHand}’ is broken, and not where there are too many attachments`, () => {
    const connector: Connector = { name: 'by hand', guarantee: 'at-least-once', strips: 1_000, start: () => ({}) }
    const history = handMade('taken m1; offered m1 #1; recorded stripped m1 #1')
    const found = { ...lost!, ...judge(connector, history)!, history }
    expect(advice(found)[0]).toMatch(/^m1 has no more attachments than are passed on, and goes without them at step 3\./)
    expect(judge(connector, handMade('taken m1 (many attachments); offered m1 #1; recorded stripped m1 #1; claims delivered m1; end'))).toBeNull()
  })

  it('says which message was acknowledged, where another was with it', async () => {
    const committing: Connector = {
      name: 'commits the newest', guarantee: 'at-least-once',
      start(world) {
        const work = async () => {
          // Both are there a moment later.
          await new Promise((go) => setTimeout(go, 10))
          const [, newer] = await world.receive(2)
          if (!newer) return
          await world.send(newer.content)
          await world.acknowledge(newer.id, { upTo: true })
        }
        void work()
        return {}
      },
    }
    const stream = [{ count: 2, kind: 'plain', link: 1 }] as const
    const found = (await shownOf(committing, { workers: 1, links: 1, stream, faults: [], schedule: [] }))!
    expect(found).toMatchObject({ clause: 'acknowledged only when it is settled', message: 'm1' })
    expect(advice(found)[1]).toMatch(/^It is so because m2 is acknowledged with `upTo`/)
    expect(violationPage(found)).toContain('acknowledges m1 with m2')
  })

  it('tells who draws its waits from one seed for all links to draw for each from its own', async () => {
    /** Of waits, by who asks for one: for all links together, or for each. */
    const drawing = (seedOf: (link: string) => string): Connector => ({
      name: 'a back-off by chance', guarantee: 'at-least-once',
      start({ links }) {
        const drawn = new Map<string, number>()
        const wait = (seed: string) => {
          drawn.set(seed, (drawn.get(seed) ?? 0) + 1)
          return [1_000, 9_000, 30_000, 20_000][(drawn.get(seed)! - 1) % 4]!
        }
        return {
          async take({ link, content }) {
            for (;;)
              try {
                return await links.find(({ name }) => name === link)!.send(content)
              } catch (error) {
                if (outcomeOf(error) === 'refused for good') throw error
                await new Promise((go) => setTimeout(go, wait(seedOf(link))))
              }
          },
        }
      },
    })
    const scenario: Scenario = {
      workers: 1, links: 2, stream: [{ count: 1, kind: 'plain', link: 1 }, { count: 1, kind: 'busy', link: 2 }],
      faults: [{ after: 0, what: 'link refuses', on: 1 }], schedule: [],
    }
    const found = (await shownOf(drawing(() => 'one'), scenario))!
    expect(found.clause).toBe('nothing lost to the trouble of another link')
    expect(advice(found)).toContain(
      'It waits between the calls for m2: where such waits are drawn by chance, draw for each link from a seed of its own.')
    expect(await shownOf(drawing((link) => link), scenario)).toBeNull()
  })

  it('tells a breaker what it may not count, and what it may declare', async () => {
    const breaker = (isFailure: (error: unknown) => boolean): Connector => ({
      name: 'a breaker', guarantee: 'at-least-once',
      start({ send }) {
        let openUntil = 0
        return {
          take: ({ content }) => Date.now() < openUntil ? Promise.reject(new Error('open')) : send(content).catch((error: unknown) => {
            if (isFailure(error)) openUntil = Date.now() + 300_000
            throw error
          }),
        }
      },
    })
    const stream = (kind: 'plain' | 'refused' | 'busy') => [{ count: 1, kind, link: 1 }] as const
    const one = { workers: 1, links: 1, schedule: [] }
    const counts = await shownOf(breaker(() => true), { ...one, stream: stream('refused'), faults: [] })
    expect(advice(counts!).join(' ')).toContain('“link 1 refuses m1, for good”: that says something of m1 alone')
    const busy = await shownOf(breaker(() => true), { ...one, stream: stream('busy'), faults: [] })
    expect(advice(busy!).join(' ')).toContain('If a breaker is meant to count that, declare it: `trouble: [\'refused for now\']`.')
    const slow = breaker((error) => outcomeOf(error) !== 'refused for good')
    const failing = { ...one, stream: stream('plain'), faults: [{ what: 'link refuses', on: 1, after: 0 }] } as const
    expect(advice((await shownOf(slow, failing))!).join(' ')).toMatch(/declare for how long: `recovery`\.|Declare how long it takes/)
    expect(await shownOf(slow, { ...failing, faults: [], stream: stream('refused') })).toBeNull()
    expect(await shownOf({ ...slow, recovery: 300_000 }, failing)).toBeNull()
  })

  it('differs for each way to end', () => {
    const ends = [
      'it spins, in ‘retry’ (h.ts:4): 3 seconds of processor time, and its event loop did not turn',
      'it spins: 3 seconds of processor time, and its event loop did not turn',
      'it blocks its only thread: its event loop did not turn for 6 seconds, and it did no work',
      'it ran out of memory (256 MB of heap)', 'its process exited with code 7', 'its process was ended by SIGTERM', 'it aborted',
      'it prints without end: over 8,000,000 bytes', '`start` failed: no port', '`stop` was called, and has not returned', '`start` failed: `world.report` failed: that is the fault ‘reporting fails’',
      'nested too deep',
    ]
    const said = ends.map((detail) => {
      const history = [...handMade('taken m1; offered m1 #1'), { what: 'crashed' as const, detail, time: 0 }]
      return advice({ ...lost!, clause: 'it does not crash', message: null, history, at: 2 })[0]!
    })
    expect(new Set(said.map((each) => each.slice(0, 40))).size).toBe(ends.length)
    expect(said[0]).toMatch(/^The code that is named there runs without end/)
    expect(said[8]).toMatch(/^What `start` throws/)
    expect(said.at(-1)).toMatch(/^An error is thrown, or a promise rejected, where nobody catches it\. The last event before is step 2/)
  })

  it('says that two verdicts are of two lives, where what was stopped goes on beside the next', async () => {
    const outbox = (isStoppedFirst: boolean): Connector => ({
      name: 'an outbox', guarantee: 'at-least-once',
      start({ send, disk, flag, delivered }) {
        const inHand = new Set<Promise<void>>()
        const work = (id: string, content: unknown) => {
          const done = send(content).then(() => delivered(id), (error: unknown) => flag(id, error)).finally(() => disk.delete(id))
          inHand.add(done)
        }
        for (const [id, content] of disk) work(id, content)
        return {
          take({ id, content }) { disk.set(id, content); work(id, content) },
          stop: () => (isStoppedFirst ? Promise.all(inHand) : undefined),
        }
      },
    })
    const scenario: Scenario = {
      workers: 1, links: 1, schedule: [], stream: [{ count: 1, kind: 'refused', link: 1 }], faults: [{ what: 'service restarts', on: 1, after: 1 }],
    }
    expect(advice((await shownOf(outbox(false), scenario))!).join(' '))
      .toMatch(/They are of two lives of the connector: what was stopped before step \d+ is still at work\. Return a promise from `stop`/)
    expect(await shownOf(outbox(true), scenario)).toBeNull()
  })

  it('names the last event before a crash, and the last about a message where that is another', () => {
    const told = (before: string) => {
      const history = [...handMade(before), { what: 'crashed' as const, detail: 'no more', time: 0 }]
      return advice({ ...lost!, clause: 'it does not crash', message: null, history, at: history.length - 1 })[0]!
    }
    expect(told('taken m1; offered m1 #1; worker dies'))
      .toMatch(/The last event before is step 3, “[^”]*dies[^”]*”; the last that is about a message is step 2, “/)
    expect(told('taken m1; worker dies; flagged m1')).toMatch(/The last event before is step 3, “flags m1”\. Catch/)
  })

  describe('for a verdict that another message’s answer brought', () => {
    const judged = (text: string) => {
      const history = handMade(text)
      const connector: Connector = { name: 'mine', guarantee: 'at-least-once', start: () => ({}) }
      return advice({ ...lost!, ...judge(connector, history)!, history }).join(' ')
    }
    const bothOffered = 'taken m1; taken m2; offered m1 #1; offered m2 #2'

    it('says whose answer it was, where it is said to be delivered', () => {
      expect(judged(`${bothOffered}; recorded m1 #1; claims delivered m2`))
        .toMatch(/^The answer before that, at step 5, “[^”]*m1”, is about m1, and m2 has/)
      expect(judged(`${bothOffered}; recorded m1 #1; claims delivered m1; claims delivered m2`)).not.toContain('is about m1')
      expect(judged(`${bothOffered}; recorded m1 #1; 500: claims delivered m2`)).not.toContain('is about m1')
    })

    it('says whose it was, where it is flagged', () => {
      expect(judged(`${bothOffered}; refused m1 #1 (for good); flagged m2`))
        .toMatch(/^The answer before that, at step 5, .* is about m1, and m2 is flagged for it\. Either one error/)
      expect(judged(`${bothOffered}; recorded m2 #2; refused m1 #1 (for good); flagged m2`))
        .toMatch(/^The answer before that, at step 6, /)
      expect(judged(`${bothOffered}; recorded m2 #2; flagged m2`)).not.toContain('is about')
    })

    it('says that one error answers for several, where they are flagged together', () => {
      const together = 'taken m1; taken m2; refused m1 #1 (for good); flagged m1; flagged m2'
      expect(judged(together))
        .toMatch(/^m1 failed at step 3, .* and m2 is flagged together with it, for the same reason\. One error answers/)
      expect(judged(together.replace('flagged m2', '500: flagged m2'))).not.toContain('One error answers')
      expect(judged('taken m1; taken m2; flagged m2')).not.toContain('One error answers')
    })
  })

  it('is left out of the page where none follows from what happened', () => {
    const unknown = { ...lost!, clause: 'one that nobody has advice on' }
    expect(advice(unknown)).toEqual([])
    expect(violationPage(unknown)).not.toContain('What to do')
  })

  it('about what was never sent is read from what the link did meanwhile', () => {
    const said = (text: string, message = 'm2') => {
      const history = handMade(`${text}; end`)
      return advice({ ...lost!, clause: 'a verdict in the end', message, history, at: history.length - 1 })[0]
    }
    expect(said('taken m1; offered m1 #1; taken m2; recorded m1 #1; claims delivered m1; healed'))
      .toMatch(/^m2 was taken at step 3, and never sent\. m1 was under way then, until step 4, “link 1 records m1”\./)
    expect(said('taken m1; offered m1 #1; taken m2; refused m1 #1; flagged m1; healed')).toContain('until step 4, “link 1 refuses m1')
    expect(said('taken m1; offered m1 #1; taken m2; healed')).toMatch(/m1 has been under way since step 2, and is never answered/)
    expect(said('taken m1; taken m2; healed; offered m1 #1; recorded m1 #1'))
      .toMatch(/never sent\. m1 came before it and is sent, at step 4: look at what sets that one going/)
    // One that came later and is sent shows that the link goes on; so does one under way, when another is sent after it.
    for (const others of ['taken m2; taken m3; sent m3 #1', 'taken m1; offered m1 #1; taken m2; recorded m1 #1; taken m3; sent m3 #2', 'taken m2'])
      expect(said(others)).toMatch(/never sent\. Look for what it waits for/)
  })

  it('about what is given again and again tells a limit from a memory', () => {
    const said = (text: string) => {
      const history = handMade(`${text}; end`)
      return advice({ ...lost!, clause: 'a verdict in the end', message: 'm1', history, at: history.length - 1 })[0]
    }
    const dies = 'service dies; starts again; given again m1'
    expect(said(`taken m1; offered m1 #1; ${dies}; offered m1 #2; ${dies}`)).toMatch(/^m1 is given again 2 times, and is sent each time but the last, at step 9\./)
    expect(said(`taken m1; offered m1 #1; ${dies}`)).toMatch(/not sent after that\. Look for what takes it for one that is known/)
    expect(said(`taken m1; offered m1 #1; ${dies}; ${dies}`)).toMatch(/not sent after that\. Look for what takes it for one that is known/)
  })

  it('about what is altered says so where a try before it failed', () => {
    const said = (text: string) => {
      const history = handMade(text)
      return advice({ ...lost!, clause: 'not altered', message: 'm1', history, at: history.length - 1 })[0]
    }
    expect(said('taken m1; offered m1 #1; dropped m1 #1; offered m1 #2; recorded altered m1 #2'))
      .toMatch(/It is not the first try, which ended at step 3, “link 1 drops m1.*”: see whether every try hands over the same\.$/)
    expect(said('taken m1; offered m1 #1; recorded altered m1 #1')).not.toContain('first try')
  })

  it('is about the recipient that the accusation names', () => {
    const history = handMade('taken m1 over 1; taken m1 over 2; offered m1 over 1 #1; offered m1 over 2 #2; recorded m1 over 1 #1; '
      + 'claims delivered m1 over 1; service dies; starts again; given again m1; offered m1 over 1 #3; recorded m1 over 1 #3')
    const twice = { ...lost!, clause: 'no second copy', message: 'm1', history, at: history.length - 1 }
    expect(advice(twice).join(' ')).toMatch(/^m1 is recorded at step 5, and is sent again at step 10/)
  })

  it('stands on the page, whose events have the same numbers', () => {
    const page = violationPage(lost!)
    expect(page.replace(/\s+/g, ' ')).toContain(`What to do: ${advice(lost!).join(' ')}`)
    expect(page).toMatch(/^ +8 .*drops m2, before$/m)
  })
})
