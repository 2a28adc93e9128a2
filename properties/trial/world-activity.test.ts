/** What counts as something that has happened, so that nobody is at rest yet; and edges of the source and the disk by themselves. */
import { describe, expect, it } from 'vitest'
import { Disk } from '../../engine/trial/disk.ts'
import { TrialMessage } from '../../engine/trial/messages.ts'
import { Source } from '../../engine/trial/source.ts'
import type { EventName, Message } from '../../spec/connector.ts'
import { fateOf, inWorld } from './bare-world.ts'

describe('Something that happens in a world', () => {
  it('is every event, but for reports, and what links do that is about no message', () => inWorld({}, ({ world, scheduler, take }) => {
    take()
    const [link, message] = [{ link: 'link 1' }, { message: 'm1', link: 'link 1' }]
    let times = 0
    scheduler.busy = () => { times++ }
    const counts = (what: EventName, about: { readonly message?: string; readonly link?: string } = {}) => {
      times = 0
      world.note(what, about)
      return times
    }
    for (const what of ['dropped', 'steps', 'answered'] as const)
      expect([what, counts(what, link), counts(what, message)]).toEqual([what, 0, 1])
    expect([counts('reports'), counts('reports', message)]).toEqual([0, 0])
    expect([counts('recorded', message), counts('flagged', message), counts('healed'), counts('link heals', link)]).toEqual([1, 1, 1, 1])
  }))

  it('is a message that is recorded over a link of nobody, too', () => inWorld({}, async ({ world, turn, take, seen }) => {
    const { content, recipients } = take()
    const { links: [, two] } = world.world()
    const fate = fateOf(two!.offer(content))
    await turn()
    expect([fate.now, recipients[0]!.isRecorded, seen().at(-1)]).toEqual(['fulfilled: taken', false, 'recorded m1 over 2 #1'])
    world.note('recorded', { message: 'm1', link: 'link 1' })
    expect(recipients[0]!.isRecorded).toBe(true)
  }))
})

describe('A source by itself', () => {
  const source = (out: number) => {
    const all = new Source()
    for (let i = 1; i <= out; i++) all.add(new TrialMessage(i, { kind: 'plain', links: ['link 1'] }))
    all.fetch(out)
    return all
  }
  const ids = (messages: readonly TrialMessage[]) => messages.map(({ id }) => id).join(' ')

  it('is done with one, with all up to one, and with nothing that is not out', () => {
    expect(ids(source(4).done('m2'))).toBe('m2')
    expect(ids(source(4).done('m2', { upTo: 2 }))).toBe('m1 m2')
    expect(ids(source(4).done('m9', { upTo: 9 }))).toBe('')
    const all = source(4)
    all.done('m3', { upTo: 3 })
    expect([ids(all.done('m1')), ids(all.giveBack())]).toEqual(['', 'm4'])
  })
})

describe('A disk by itself', () => {
  it('mentions an id wherever it stands as a word, in a text or in what it holds', () => {
    const mentions = (value: unknown) => {
      const disk = new Disk()
      disk.map.set('a', value)
      return disk.mentions('m1')
    }
    expect(['m1', 'to\nm1', { of: ['m1'] }].map(mentions)).toEqual([true, true, true])
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(['m11', 'xm1', undefined, { m: 1 }, circle].map(mentions)).toEqual([false, false, false, false, false])
  })

  it('looks at nobody’s signal for that: who keeps a message there has not asked whether its sender gives up', () => {
    const [disk, message] = [new Disk(), new TrialMessage(1, { kind: 'plain', links: ['link 1'] })]
    disk.map.set('a', { row: message.handed() })
    expect([disk.mentions('m1'), disk.mentions('m2'), message.isHeeded]).toEqual([true, false, false])
    expect([message.latest.signal.aborted, message.isHeeded]).toEqual([false, true])
  })

  it('takes nobody who writes a message down for one who has asked, and everybody who reads its signal', async () => {
    const disk = new Disk()
    const storage = disk.storage({ turn: () => Promise.resolve(), next: () => 'works', later: () => Promise.resolve() })
    const ways: readonly [way: (given: Message) => unknown, asks: boolean][] = [
      [(given) => JSON.stringify({ given }), false], [(given) => storage.write('a', given), false],
      [(given) => { disk.map.set('a', [given]); return disk.shown }, false],
      [(given) => ({ ...given }), true], [({ signal }) => signal, true],
    ]
    for (const [at, [way, asks]] of ways.entries()) {
      const one = new TrialMessage(1, { kind: 'plain', links: ['link 1'] })
      await way(one.handed())
      expect(one.isHeeded, `${at}`).toBe(asks)
    }
    const given = new TrialMessage(1, { kind: 'plain', links: ['link 1'] }).handed()
    expect(JSON.stringify(given)).toBe(JSON.stringify({ ...given }))
  })
})
