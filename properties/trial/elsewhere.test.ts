/** What virtual time does not know of: a file that is read, a module that is loaded. */
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { Scheduler } from '../../engine/trial/scheduler.ts'
import { trial } from '../../engine/trial/trial.ts'
import { holdVirtualTime } from '../../engine/trial/virtual-time.ts'
import { judge } from '../../engine/verdict/judge.ts'
import type { Connector } from '../../spec/connector.ts'

const time = holdVirtualTime()
afterEach(() => { vi.restoreAllMocks() })
afterAll(() => time.release())

/** A process that waits for one thing at first, and at each look for what is said. */
async function hears(...looks: readonly (readonly string[])[]): Promise<readonly [boolean, number]> {
  time.reset()
  const waitsFor = vi.spyOn(process, 'getActiveResourcesInfo').mockReturnValue(['PipeWrap', 'Timeout'])
  const scheduler = new Scheduler(time.clock, time.immediates, 7_200_000)
  waitsFor.mockReset()
  for (const look of looks) waitsFor.mockReturnValueOnce([...look])
  waitsFor.mockReturnValue(['PipeWrap'])
  return [await scheduler.hearsFromElsewhere(), waitsFor.mock.calls.length]
}

describe('What is under way elsewhere', () => {
  it('is heard of when it has ended, and three looks have shown none of it', async () => {
    const reads = ['PipeWrap', 'FSReqPromise']
    expect(await hears(reads, reads)).toEqual([true, 5])
    expect(await hears(['PipeWrap'], reads)).toEqual([true, 5])
  })

  it('is neither what was so at the start, nor a timer, nor what is put off to the next round', async () => {
    expect(await hears()).toEqual([false, 3])
    expect(await hears(['PipeWrap', 'Timeout', 'Timeout', 'Immediate', 'Immediate'])).toEqual([false, 3])
  })

  it('is waited for where a message is owed, as by one that loads a module when it takes one', async () => {
    const loading: Connector = { name: 'one that loads', guarantee: 'at-least-once', start: ({ send }) => ({
      take: async ({ content }) => {
        await import('node:zlib')
        await readFile(new URL(import.meta.url))
        return send(content)
      },
    }) }
    const stream = [{ count: 3, kind: 'plain', link: 1 }] as const
    const history = await trial(loading, { workers: 1, links: 1, stream, faults: [], schedule: [] })
    expect(history.filter(({ what }) => what === 'claims delivered').length).toBeGreaterThan(10)
    expect(judge(loading, history)).toBeNull()
  })

  it('is nothing on the real clock', async () => {
    expect(await new Scheduler(null, time.immediates, 50).hearsFromElsewhere()).toBe(false)
  })
})
