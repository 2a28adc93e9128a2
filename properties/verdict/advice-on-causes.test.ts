/** Advice that names a cause: for each a history that shows it, and one like it that does not. */
import { describe, expect, it } from 'vitest'
import { inProcess } from '../../engine/falsify/runner.ts'
import { ran } from '../../engine/falsify/verdict-of-run.ts'
import { violationOf } from '../../engine/store/violation-record.ts'
import { judge } from '../../engine/verdict/judge.ts'
import { advice } from '../../reports/advice/by-clause.ts'
import type { Connector, Message } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'
import { handMade } from './hand-made-history.ts'
import { pause } from '../samples/wrong-connectors.ts'
import { loser } from '../pages/exhibits.ts'

const [lost] = loser.violations

/** On a history that breaks a law by itself. */
const judged = (text: string, promises: Partial<Connector> = {}) => {
  const history = handMade(text)
  const judgement = judge({ name: 'mine', guarantee: 'at-least-once', start: () => ({}), ...promises }, history)
  expect(judgement).not.toBeNull()
  return advice({ ...lost!, ...judgement!, history, lacking: [] }).join(' ')
}

/** On a history of which the clause is known. */
const said = (clause: string, message: string, text: string) => {
  const history = handMade(text)
  return advice({ ...lost!, clause, message, history, at: history.length - 1, lacking: [] }).join(' ')
}

/** On what a connector does in a scenario; null where it keeps every law. */
async function shown(connector: Connector, scenario: Scenario): Promise<string | null> {
  const { judgement, ...run } = await ran(connector, scenario, inProcess(connector))
  const broken = judgement && { ...judgement, ...run, tries: 1 }
  if (!broken) return null
  return advice(violationOf(connector, { broken, runs: 1, repeats: true }, { seed: 1, again: 'npx unwedge check mine.ts' })).join(' ')
}

const one = (faults: Scenario['faults'], kind: Scenario['stream'][number]['kind'] = 'plain'): Scenario =>
  ({ workers: 1, links: 1, stream: [{ count: 1, kind, link: 1 }], faults, schedule: [] })

describe('Of a second copy, advice', () => {
  const open = 'taken m1; offered m1 #1; offered m1 #2'

  it('tells of two calls that are under way at once in the order of time', () => {
    const says = judged(`${open}; recorded m1 #1; recorded m1 #2`, { guarantee: 'exactly-once' })
    expect(says).toContain('m1 is sent at step 2 and again at step 3, before the first of these calls is recorded, at step 4, when the connector')
    expect(judged('taken m1; sent m1 #1; sent m1 #2')).toMatch(/^m1 is recorded at step 3, and is sent again at step 4, though/)
  })

  it('blames the life that was stopped and works on, and not the next one', () => {
    const lives = 'taken m1; service restarts; starts again; offered m1 #1 life 2; recorded m1 #1 life 2'
    expect(said('no second copy', 'm1', `${lives}; offered m1 #2; recorded m1 #2`))
      .toContain('sent again at step 6, by life 1 of the connector, which was stopped before step 3 and is still at work beside life 2. Return a promise')
    const inTurn = 'taken m1; sent m1 #1; service restarts; has stopped; starts again; offered m1 #2 life 2; recorded m1 #2 life 2'
    expect(said('no second copy', 'm1', inTurn)).toMatch(/by a connector that was started again in between/)
    expect(said('no second copy', 'm1', inTurn)).not.toContain('still at work')
  })

  it('says that one was sent that the source had again', () => {
    const fetched = 'acknowledging fails; taken m1; fetched m1'
    expect(judged(`${fetched}; given again m1; sent m1 #1; fetched m1; sent m1 #2`, { guarantee: 'at-most-once' }))
      .toMatch(/^m1 was back at its source at step 4, .* and it is sent at step 5 all the same: .* Where an acknowledgement fails/)
    expect(judged(`${fetched}; sent m1 #1; given again m1; fetched m1; sent m1 #2`, { guarantee: 'at-most-once' })).not.toContain('back at its source')
    expect(judged('taken m1; given again m1; sent m1 #1; sent m1 #2')).not.toContain('back at its source')
  })
})

describe('Of two verdicts, advice', () => {
  it('blames the life that works on where the next one was started before the first of them', async () => {
    const says = said('one verdict', 'm1', 'taken m1; flagged m1 life 2; service restarts; starts again; flagged m1')
    expect(says).toMatch(/still at work\. Return a promise from `stop`/)
    expect(said('one verdict', 'm1', 'taken m1; flagged m1; service dies; starts again; flagged m1 life 2')).toContain('In between comes step 4')
  })
})

describe('Of an order, advice', () => {
  it('speaks of a sort by text where that is how one overtakes another', () => {
    const overtaken = (first: string, second: string) =>
      judged(`taken ${first}; taken ${second}; sent ${second} #1; sent ${first} #2`, { order: 'per link' })
    expect(overtaken('m9', 'm10')).toContain('look for what is sorted as text, where m10 comes before m9, for a stack')
    expect(overtaken('m1', 'm2')).toContain('look for a stack where a queue is meant')
    expect(overtaken('m9', 'm10').startsWith('m10 overtakes m9')).toBe(true)
  })
})

describe('Of a message without a verdict, advice', () => {
  it('names one that is sent again though it has its own', () => {
    const batch = 'taken m1; taken m2; offered m1 #1; offered m2 #2; refused m1 #1 (for good); refused m2 #2 (for now); flagged m1'
    expect(said('a verdict in the end', 'm2', `${batch}; offered m1 #3; refused m1 #3 (for good); healed; end`))
      .toContain('m1 is flagged at step 7, and is offered again at step 8: see whether that was meant to be m2.')
    expect(said('a verdict in the end', 'm2', `${batch}; offered m2 #3; refused m2 #3 (for now); healed; end`)).not.toContain('was meant to be')
    expect(said('a verdict in the end', 'm2', `${batch}; service dies; starts again; offered m1 #3 life 2; healed; end`)).not.toContain('was meant to be')
  })

  describe('where the next life finds it on the disk', () => {
    const outbox = (isThere: (content: unknown) => boolean, isWritten = true): Connector => ({
      name: 'an outbox', guarantee: 'at-least-once',
      start({ send, disk, delivered }) {
        let isOver = false
        const work = async (id: string, content: unknown) => {
          while (!isOver)
            try {
              await send(content)
              disk.delete(id)
              return delivered(id)
            } catch { await pause(1_000) }
        }
        for (const [id, content] of disk) if (isThere(content)) void work(id, content)
        return {
          take({ id, content }: Message) {
            if (isWritten) disk.set(id, content)
            void work(id, content)
          },
          async stop() { isOver = true },
        }
      },
    })
    const restarted = one([{ after: 0, what: 'link drops before', on: 1 }, { after: 2, what: 'service restarts', on: 1 }], 'empty')

    it('says so, and of which kind it is', async () => {
      expect(await shown(outbox((content) => Boolean(content)), restarted))
        .toMatch(/^m1 is on the disk when life 2 .* begins, .*a row that is taken for none \(m1 is of the kind ‘empty’\)/)
      expect(await shown(outbox(() => false), { ...restarted, stream: [{ count: 1, kind: 'plain', link: 1 }] }))
        .toMatch(/^m1 is on the disk when life 2 .*what it leaves out: what an offset or a mark on the disk has passed/)
    })

    it('and tells to write it there where it is not', async () => {
      expect(await shown(outbox(() => true, false), restarted)).toContain('What is only in the memory of what ends there is lost with it: write it to `world.disk`')
      expect(await shown(outbox(() => true), restarted)).toBeNull()
    })
  })
})

describe('Of an acknowledgement, advice', () => {
  it('speaks of a mark where what failed is fetched again and not sent', () => {
    const failed = 'taken m1; fetched m1; offered m1 #1; dropped m1 #1'
    expect(judged(`${failed}; given again m1 (put back); fetched m1; acknowledged m1`))
      .toMatch(/^m1 failed at step 4, .*, is fetched again at step 6, and is acknowledged at step 7 without being sent\. .*: a mark/)
    expect(judged(`${failed}; acknowledged m1`)).not.toContain('a mark')
    expect(judged(`${failed}; given again m1 (put back); fetched m1; offered m1 #2; dropped m1 #2; acknowledged m1`)).not.toContain('a mark')
  })
})

describe('Of a flag, advice', () => {
  const refused = 'link refuses over 1; taken m1 over 1; offered m1 over 1 #1; refused m1 over 1 #1 (for now); flagged m1 over 1'

  it('says that all that failed goes over another link', () => {
    expect(judged(`${refused}; taken m2 over 2; flagged m2 over 2 (open)`))
      .toContain('All that failed before it, 1 call, goes over link 1, and it goes over link 2. Look for what the two links share')
    expect(judged('healed; taken m2 over 2; flagged m2 over 2 (open)')).not.toContain('share')
  })

  it('does not tell who waited in vain to declare a recovery, and does tell who failed fast', () => {
    const fresh = (at: number) => said('flagged only with a reason', 'm3', `link hangs; taken m1; taken m2; 30000: flagged m2; healed; calm; 100000: fresh m3; ${at}: flagged m3`)
    expect(fresh(130_000)).toContain('It waited for 30,000 ms and was not sent, where a breaker would have flagged it at once. Look for what it waits for')
    expect(fresh(130_000)).not.toContain('a flag that is never reset')
    expect(fresh(100_000)).toContain('has left behind: a breaker, a counter or a flag that is never reset')
    expect(fresh(130_000)).toContain('m2 was flagged in the same way: see whether what comes free is given to one that waits no more')
    expect(fresh(130_000)).not.toContain('Declare how long it takes')
    expect(fresh(100_000)).toContain('Declare how long it takes')
    expect(fresh(100_000)).not.toContain('It waited')
  })

  it('passes over an abort of a message that has its verdict', () => {
    const aborted = (verdict: string) => said('fresh messages are delivered', 'm2',
      `link refuses; taken m1; offered m1 #1; ${verdict}sender aborts m1; healed; calm; fresh m2; end`)
    expect(aborted('refused m1 #1 (for now); flagged m1; ')).toContain('still blocked since step 1,')
    expect(aborted('')).toContain('still blocked since step 4,')
  })
})
