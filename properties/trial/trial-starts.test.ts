/** Starts that take long, overtake each other or return what they should not; and trials that are cut short. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { isSame } from '../../engine/falsify/runner.ts'
import type { History, Running } from '../../spec/connector.ts'
import { faults, played, type Scripted, sending, storm } from './played-trial.ts'
import { pause } from '../samples/wrong-connectors.ts'

const quiet = 'taken m1; offered m1 #1; recorded m1 #1; claims delivered m1; at rest'

describe('A first start', () => {
  it('is waited for however often it looks at the clock, and where it reads a file', async () => {
    const polls: Scripted = { start: async (world) => {
      for (let looks = 0; looks < 60; looks++) await pause(1)
      return sending()(world, 1)
    } }
    expect(storm(await played(polls))).toBe(`60: ${quiet}`)
    const reads: Scripted = { start: async (world) => {
      await readFile('package.json')
      world.report('it has read')
      await pause(5)
      return sending()(world, 1)
    } }
    expect(storm(await played(reads))).toBe(`reports (it has read); 5: ${quiet}`)
  })

  it('is given two thousand turns, and then goes on along with everything else', async () => {
    const dials = (times: number): Scripted => ({ start: async ({ links: [link], send }) => {
      for (let i = 0; i < times; i++) await link!.step('dial')
      return { take: ({ content }) => send(content) }
    } })
    const dialled = async (times: number) => {
      const history = await played(dials(times))
      return history.slice(0, history.findIndex(({ what }) => what === 'taken')).filter(({ what }) => what === 'steps').length
    }
    expect([await dialled(2_001), await dialled(2_010)]).toEqual([2_001, 2_002])
  })
})

describe('A start', () => {
  it('that is over when another has begun is not at work', async () => {
    let goes: () => void = () => undefined
    const overtaken: Scripted = { start: async ({ report, send }, starts) => {
      if (starts === 2) await new Promise<void>((go) => { goes = go })
      if (starts === 3) setTimeout(goes, 1_000)
      return { take: ({ content }) => { report(`start ${starts}`); return send(content) } }
    } }
    // The second is cut short by the third, and is over when that has been at work for a second.
    expect(storm(await played(overtaken, { faults: faults('0 service dies; 0 service dies; 0 time passes 4') }))).toContain('reports (start 3)')
  })

  it('that returns what it should not has nothing that is called', async () => {
    const misfit: Scripted = { start: ({ report }) => ({ stop: () => report('it stops'), send: () => undefined }) as Running }
    const said = storm(await played(misfit, { faults: faults('0 service stops') }))
    expect([said.startsWith('misused ('), said.includes('it stops')]).toEqual([true, false])
  })
})

describe('A trial', () => {
  it('is over where a call on the connector throws: it has crashed', async () => {
    const thrown: Scripted = { start: sending(() => ({ kill: () => { throw new Error('no such worker') } })) }
    const history = await played(thrown, { faults: faults('0 worker dies') })
    expect(history.map(({ what, detail }) => `${what} ${detail ?? ''}`)).toEqual(['worker dies 1', 'crashed no such worker'])
  })

  it('tells nothing of how a connector is put away that goes on for ever', async () => {
    const slow: Scripted = { start: ({ send, report }) => ({
      async take({ content }) { for (;;) try { return await send(content) } catch { await pause(130 * 60_000) } },
      end: () => report('it is put away'),
    }) }
    const history = await played(slow, { stream: [{ count: 1, kind: 'refused', link: 1 }] })
    expect(history.at(-1)!.what).toBe('livelock')
  })
})

describe('What is on the disk', () => {
  const writing = (keyOf: (id: string) => string): Scripted => ({ start: ({ disk, storage, send }) => ({
    async take({ id, content }) {
      disk.set(keyOf(id), id)
      await storage.write(`${keyOf(id)} stored`, id)
      await send(content)
    },
    kill: () => undefined,
  }) })
  const kept = (history: History) => history.flatMap(({ what, onDisk }) => (onDisk === undefined ? [] : [[what, ...onDisk]]))
  const dying = (what: 'service dies' | 'worker dies') => ({ faults: [{ what, on: 1, after: 2 }] } as const)

  it('is written down where a worker dies, and where the connector starts again, and nowhere else', async () => {
    expect(kept(await played(writing((id) => id), dying('worker dies')))).toEqual([['worker dies', 'm1', 'm1 stored']])
    expect(kept(await played(writing((id) => id), dying('service dies')))).toEqual([['starts again', 'm1', 'm1 stored']])
    expect(kept(await played({ start: (world) => sending()(world, 1) }, dying('service dies')))).toEqual([])
  })

  it('is shown with what it holds, in a few letters', async () => {
    const values: readonly unknown[] = [3, 'x'.repeat(60), { by: 'worker 1', until: 61_000 }]
    const history = await played({ start: ({ disk, storage, send }) => ({
      async take({ content }) {
        for (const [i, value] of values.entries()) disk.set(`${i}`, value)
        await storage.write('stored', values[2])
        await storage.write('text', 'as it is')
        await send(content)
      },
    }) }, { faults: [{ what: 'service dies', on: 1, after: 3 }] })
    expect(history.find(({ what }) => what === 'starts again')).toMatchObject({
      onDisk: ['0', '1', '2', 'stored', 'text'],
      holds: ['3', `${'x'.repeat(40)}…`, '{"by":"worker 1","until":61000}', '{"by":"worker 1","until":61000}', 'as it is'],
    })
  })

  it('is named by the first eight keys, and no more of each than forty letters', async () => {
    const [[, ...keys] = []] = kept(await played(writing((id) => id.padEnd(60, '.')), {
      stream: [{ count: 20, kind: 'plain', link: 1 }], ...dying('service dies'),
    }))
    expect(keys).toHaveLength(8)
    expect(keys[0]).toBe('m1'.padEnd(40, '.'))
  })

  it('makes no run another one: keys may be drawn by chance', async () => {
    const once = () => played(writing((id) => `${id} ${Math.random()}`), dying('service dies'))
    const [one, other] = [await once(), await once()]
    expect(kept(one)).not.toEqual(kept(other))
    expect(isSame(one, other)).toBe(true)
  })
})
