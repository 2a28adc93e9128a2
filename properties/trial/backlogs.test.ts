/** Thousands that wait: what the world asks at every step does not look at each of them. */
import { describe, expect, it } from 'vitest'
import { Disk } from '../../engine/trial/disk.ts'
import { TrialMessage } from '../../engine/trial/messages.ts'
import { Source } from '../../engine/trial/source.ts'
import { inWorld } from './bare-world.ts'

describe('A word that the connector owes', () => {
  it('is asked for without a look at any that waits', () => inWorld({}, ({ take, world }) => {
    const messages = Array.from({ length: 100 }, () => take())
    world.links[0]!.strike('link hangs')
    for (const message of messages) Object.defineProperty(message, 'recipients', { get: () => { throw new Error('looked at') } })
    expect([world.owesNow, world.owed]).toEqual([false, 100])
    world.links[0]!.heal()
    expect(world.owesNow).toBe(true)
  }))

  it('is not owed for one whose sender gives up when it has been said', () => inWorld({}, ({ take, world }) => {
    const [message, other] = [take(), take()]
    world.links[0]!.strike('link hangs')
    const signals = [message, other].map((each) => each.handed().signal)
    world.world()
    world.rejected(message, new Error('no'))
    message.abort(() => undefined)
    expect([world.owesNow, world.owed]).toEqual([false, 1])
    other.abort(() => undefined)
    expect([world.owesNow, signals.every(({ aborted }) => aborted)]).toEqual([true, true])
    world.rejected(other, new Error('no'))
    world.links[0]!.heal()
    expect([world.owesNow, world.owed]).toEqual([false, 0])
  }))

  it('is owed over each link of a message, until it is said of all of them', () => inWorld({ recipients: 2 }, ({ take, world }) => {
    const message = take('plain', 'link 1', 'link 2')
    world.world().flag(message.id, 'no', 'link 1')
    world.links[1]!.strike('link refuses')
    expect([world.owesNow, world.owed]).toEqual([true, 1])
    world.links[0]!.strike('link refuses')
    expect(world.owesNow).toBe(false)
    world.links[0]!.heal()
    world.rejected(message, new Error('no'))
    expect([world.owesNow, world.owed]).toEqual([false, 0])
  }))
})

describe('A disk', () => {
  const works = { turn: () => Promise.resolve(), next: () => 'works' as const, later: () => Promise.resolve() }

  it('mentions a message in a storage for as long as it stands there, in one place or in another', async () => {
    const disk = new Disk()
    const storage = disk.storage(works)
    const mentioned = () => ['m1', 'm2', 'm3'].filter((id) => disk.mentions(id)).join(' ')
    await storage.write('m1', 'm1')
    await storage.write('all', ['m1', 'm2', 'm2'])
    expect(mentioned()).toBe('m1 m2')
    await storage.write('all', ['m3', 'm2'])
    expect(mentioned()).toBe('m1 m2 m3')
    await storage.remove('all')
    expect(mentioned()).toBe('m1')
    await storage.remove('m1')
    await storage.write('all', 'm2')
    await storage.remove('all')
    expect(mentioned()).toBe('')
    await storage.write('all', 'm2')
    void disk.storage({ ...works, turn: () => new Promise<void>(() => undefined) }).write('all', 'm3')
    disk.cutOff(1)
    expect(mentioned()).toBe('')
  })

  it('does not read all that a map holds for a message that has a key there', () => {
    const disk = new Disk()
    disk.map.set('m1', 0)
    disk.map[Symbol.iterator] = () => { throw new Error('read') }
    expect(disk.mentions('m1')).toBe(true)
    expect(() => disk.mentions('m2')).toThrow('read')
  })
})

describe('A source', () => {
  it('takes back one of those that are out, before or behind what waits, and knows what waits', () => {
    const source = new Source()
    for (let i = 1; i <= 4; i++) source.add(new TrialMessage(i, 'plain', ['link 1']))
    source.fetch(2)
    expect(['m1', 'm2', 'm3', 'm9'].map((id) => source.waits(id))).toEqual([false, false, true, false])
    expect(source.giveBack('m2').map(({ id }) => id)).toEqual(['m2'])
    expect([source.giveBack('m9'), source.giveBack('m3'), source.waits('m2')]).toEqual([[], [], true])
    source.giveBack('m1', true)
    expect(source.fetch(9).map(({ id }) => id)).toEqual(['m2', 'm3', 'm4', 'm1'])
    expect(['m1', 'm2', 'm3'].map((id) => source.waits(id))).toEqual([false, false, false])
  })
})
