/** Thousands that wait: what the world asks at every step does not look at each of them. */
import fc from 'fast-check'
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
    for (let i = 1; i <= 4; i++) source.add(new TrialMessage(i, { kind: 'plain', links: ['link 1'] }))
    source.fetch(2)
    expect(['m1', 'm2', 'm3', 'm9'].map((id) => source.waits(id))).toEqual([false, false, true, false])
    expect(source.giveBack('m2').map(({ id }) => id)).toEqual(['m2'])
    expect([source.giveBack('m9'), source.giveBack('m3'), source.waits('m2')]).toEqual([[], [], true])
    source.giveBack('m1', true)
    expect(source.fetch(9).map(({ id }) => id)).toEqual(['m2', 'm3', 'm4', 'm1'])
    expect(['m1', 'm2', 'm3'].map((id) => source.waits(id))).toEqual([false, false, false])
  })

  it('gives out each that waits once, in order, however they are fetched, given back and added', () => fc.assert(fc.property(
    fc.array(fc.oneof(
      fc.record({ does: fc.constant('add' as const), many: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ does: fc.constant('fetch' as const), many: fc.nat(5) }),
      fc.record({ does: fc.constant('back' as const), many: fc.nat(9), isBehind: fc.boolean() }),
      fc.record({ does: fc.constant('all back' as const), isBehind: fc.boolean() }),
    ), { maxLength: 40 }), (steps) => {
      const source = new Source()
      let [waiting, out, count]: [string[], string[], number] = [[], [], 0]
      const back = (ids: readonly string[], isBehind: boolean) => {
        out = out.filter((id) => !ids.includes(id))
        waiting = isBehind ? [...waiting, ...ids] : [...ids, ...waiting]
      }
      for (const step of steps)
        if (step.does === 'add')
          for (let i = 0; i < step.many; i++) {
            source.add(new TrialMessage(++count, { kind: 'plain', links: ['link 1'] }))
            waiting.push(`m${count}`)
          }
        else if (step.does === 'fetch') {
          const ids = waiting.splice(0, step.many)
          expect(source.fetch(step.many).map(({ id }) => id)).toEqual(ids)
          out.push(...ids)
        } else if (step.does === 'back') {
          const id = `m${step.many}`
          const ids = out.filter((each) => each === id)
          expect(source.giveBack(id, step.isBehind).map((each) => each.id)).toEqual(ids)
          back(ids, step.isBehind)
        } else {
          expect(source.giveBack(undefined, step.isBehind).map(({ id }) => id)).toEqual(out)
          back(out, step.isBehind)
        }
      expect(waiting.filter((id) => !source.waits(id))).toEqual([])
      expect([source.looks(), source.fetch(Infinity).map(({ id }) => id)]).toEqual([waiting.length > 0, waiting])
    })))
})
