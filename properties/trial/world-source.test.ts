/** The source of a connector that fetches, and the disk that outlives it. */
import { describe, expect, it } from 'vitest'
import { Disk } from '../../engine/trial/disk.ts'
import { type Bare, fateOf, inWorld, settled } from './bare-world.ts'

/** So many messages that wait to be fetched. */
function held({ take, world, seen }: Bare, count: number): void {
  for (let i = 0; i < count; i++) world.hold(take())
  seen()
}
async function ids({ turn }: Bare, fetching: Promise<readonly { readonly id: string }[]>): Promise<string> {
  const fate = fateOf(fetching.then((messages) => messages.map(({ id }) => id).join(' ') || 'none'))
  await turn()
  return fate.now.replace('fulfilled: ', '')
}

describe('A source', () => {
  it('gives out what waits, in its order, each once, at most so many', () => inWorld({}, async (bare) => {
    held(bare, 3)
    const { receive } = bare.world.world()
    expect(await ids(bare, receive(2))).toBe('m1 m2')
    expect(await ids(bare, receive(2))).toBe('m3')
    expect(await ids(bare, receive(2))).toBe('none')
    expect(bare.seen()).toEqual(['fetched m1', 'fetched m2', 'fetched m3'])
  }))

  it('lets a fetch wait for its turn where there is something, and not where there is nothing', () => inWorld({}, async (bare) => {
    const { receive } = bare.world.world()
    const empty = fateOf(receive(1))
    expect(bare.scheduler.waiting).toBe(0)
    await settled()
    expect(empty.now).toBe('fulfilled: ')
    held(bare, 1)
    fateOf(receive(1))
    expect(bare.scheduler.waiting).toBe(1)
    await bare.turn()
    bare.world.next.receiving = 1
    const failing = fateOf(receive(1))
    expect([bare.scheduler.waiting, failing.now]).toEqual([1, 'open'])
    await bare.turn()
    expect([failing.now, bare.world.next.receiving]).toEqual(['receiving failed', 0])
  }))

  it('is done with what is acknowledged, and with all before it where that is asked for', () => inWorld({}, async (bare) => {
    held(bare, 5)
    const { receive, acknowledge } = bare.world.world()
    await ids(bare, receive(4))
    bare.seen()
    const fates = [acknowledge('m2'), acknowledge('m2'), acknowledge('m5', { upTo: true }), acknowledge('m3', { upTo: true }),
      acknowledge('m9'), acknowledge('m4', { upTo: false })].map(fateOf)
    await bare.turn()
    const isStillThere = 'm5 is not out: the source has it, and gives it out again'
    expect(fates.map(({ now }) => now)).toEqual(['fulfilled', 'fulfilled', isStillThere, 'fulfilled', 'fulfilled', 'fulfilled'])
    expect(bare.seen()).toEqual(['acknowledged m2', 'acknowledged m1', 'acknowledged m3', 'acknowledged m4'])
    bare.world.giveBack()
    expect(bare.seen()).toEqual([])
    expect(bare.world.unsettled().map(({ id }) => id)).toEqual(['m5'])
  }))

  it('takes for done with, up to one, only what the same start of the connector has fetched', () => inWorld({}, async (bare) => {
    held(bare, 4)
    await ids(bare, bare.world.world().receive(2))
    const { receive, acknowledge } = bare.world.world()
    await ids(bare, receive(2))
    bare.seen()
    fateOf(acknowledge('m4', { upTo: true }))
    await bare.turn()
    expect(bare.seen()).toEqual(['acknowledged m3 life 2', 'acknowledged m4 life 2'])
  }))
  it('takes for done with, up to one, what was fetched before that when it was said, though it is fetched again meanwhile', () =>
    inWorld({}, async (bare) => {
      held(bare, 3)
      const { receive, acknowledge } = bare.world.world()
      await ids(bare, receive(3))
      bare.world.giveBack('m2')
      const fetching = receive(1)
      const fate = fateOf(acknowledge('m2', { upTo: true }))
      await bare.turn()
      expect([await ids(bare, fetching), fate.now]).toEqual(['m2', 'fulfilled'])
      expect(bare.seen().filter((each) => each.startsWith('acknowledged'))).toEqual(['acknowledged m1', 'acknowledged m2'])
    }))

  it('gives out again what could not be acknowledged', () => inWorld({}, async (bare) => {
    held(bare, 2)
    const { receive, acknowledge } = bare.world.world()
    await ids(bare, receive(2))
    bare.seen()
    bare.world.next.acknowledging = 1
    const [first, second] = [fateOf(acknowledge('m2')), fateOf(acknowledge('m1'))]
    await bare.turn()
    expect([first.now, second.now]).toEqual(['m2 could not be acknowledged', 'fulfilled'])
    expect(bare.seen()).toEqual(['given again m2', 'acknowledged m1'])
    expect(await ids(bare, receive(9))).toBe('m2')
  }))

  it('gives it out again before what waits, or behind it', async () => {
    for (const isBehind of [false, true]) await inWorld({}, async (bare) => {
      held(bare, 4)
      bare.world.givesBackBehind = isBehind
      const { receive, refuse } = bare.world.world()
      await ids(bare, receive(2))
      bare.seen()
      bare.world.giveBack()
      expect(bare.seen()).toEqual(['given again m1', 'given again m2'])
      expect(await ids(bare, receive(3))).toBe(isBehind ? 'm3 m4 m1' : 'm1 m2 m3')
      // What the connector itself puts back is at the head.
      fateOf(refuse(isBehind ? 'm3' : 'm1'))
      await bare.turn()
      expect(await ids(bare, receive(1))).toBe(isBehind ? 'm3' : 'm1')
    })
  })

  it('is done with a message whose acknowledgement has an answer that is lost', () => inWorld({}, async (bare) => {
    held(bare, 1)
    const { receive, acknowledge } = bare.world.world()
    await ids(bare, receive(1))
    bare.world.next.losing = 1
    const fate = fateOf(acknowledge('m1'))
    await bare.turn()
    expect(fate.now).toBe('the answer to the acknowledgement of m1 was lost')
    expect(bare.seen()).toEqual(['fetched m1', 'acknowledged m1 untold'])
    bare.world.giveBack()
    expect(await ids(bare, receive(1))).toBe('none')
    // Asked once more, it says so; and no more than once.
    for (let i = 0; i < 2; i++) {
      fateOf(acknowledge('m1'))
      await bare.turn()
    }
    expect(bare.seen()).toEqual(['acknowledged m1'])
  }))

  it('is late for five seconds, with a fetch or an acknowledgement', () => inWorld({}, async (bare) => {
    held(bare, 1)
    const { receive, acknowledge } = bare.world.world()
    for (const call of [() => receive(1), () => acknowledge('m1')]) {
      bare.world.next.late = 1
      const fate = fateOf(call())
      await bare.turn()
      await bare.pass(4_999)
      expect(fate.now).toBe('open')
      await bare.pass(1)
      expect(fate.now).toMatch(/^fulfilled/)
    }
    expect(bare.seen()).toEqual(['fetched m1', 'acknowledged m1'])
  }))

  it('takes back what is refused, to give it out again or to throw it away', () => inWorld({}, async (bare) => {
    held(bare, 3)
    const dead = bare.world.world()
    await ids(bare, dead.receive(2))
    fateOf(dead.refuse('m1'))
    await bare.turn()
    const { receive, refuse } = bare.world.world()
    expect(await ids(bare, receive(1))).toBe('m1')
    bare.seen()
    for (const how of [{ requeue: false }, undefined, { requeue: true }]) {
      fateOf(refuse(how?.requeue === false ? 'm2' : 'm1', how))
      await bare.turn()
    }
    expect(bare.seen()).toEqual(['thrown away m2 life 2', 'given again m1 life 2 (put back)'])
    expect(await ids(bare, receive(9))).toBe('m1 m3')
    expect(bare.seen()).toEqual(['fetched m1', 'fetched m3'])
  }))

  it('says of what is put back by the first life that it was put back', () => inWorld({}, async (bare) => {
    held(bare, 1)
    const { receive, refuse } = bare.world.world()
    await ids(bare, receive(1))
    fateOf(refuse('m1'))
    await bare.turn()
    expect(bare.seen()).toEqual(['fetched m1', 'given again m1 (put back)'])
  }))

  it('gives out again what it gave back, before what waits, in the order in which it went', () => inWorld({}, async (bare) => {
    held(bare, 4)
    const { receive } = bare.world.world()
    await ids(bare, receive(3))
    bare.seen()
    bare.world.giveBack('m2')
    bare.world.giveBack()
    expect(bare.seen()).toEqual(['given again m2', 'given again m1', 'given again m3'])
    expect(await ids(bare, receive(9))).toBe('m1 m3 m2 m4')
  }))

  it('is told of an acknowledgement by which life, and whether the message is safe on the disk', () => inWorld({}, async (bare) => {
    held(bare, 5)
    bare.world.world()
    const { receive, acknowledge, disk, storage, flag, sendNow } = bare.world.world()
    await ids(bare, receive(5))
    bare.seen()
    disk.set('queue', ['m1'])
    disk.set('m20', 0)
    flag('m3', 'no')
    disk.set('flagged', 'm3')
    sendNow('m4')
    disk.set('sent', 'm4')
    fateOf(storage.write('m5', 'to do'))
    await bare.turn()
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) fateOf(acknowledge(id))
    await bare.turn()
    expect(bare.seen().filter((event) => event.startsWith('ack'))).toEqual(['acknowledged m1 life 2 (on disk)', 'acknowledged m2 life 2',
      'acknowledged m3 life 2', 'acknowledged m4 life 2', 'acknowledged m5 life 2 (on disk)'])
  }))
})

describe('A storage', () => {
  it('keeps a copy of what is written, as bytes are', () => inWorld({}, async ({ world, turn }) => {
    const { storage } = world.world()
    const value = { list: [1] }
    const call = async <T>(does: Promise<T>) => { await turn(); return does }
    expect(await call(storage.read('a'))).toBeUndefined()
    await call(storage.write('a', value))
    value.list.push(2)
    await call(storage.write('b', undefined))
    expect(await call(storage.read('a'))).toEqual({ list: [1] })
    expect(await call(storage.read('b'))).toBeNull()
    expect(await call(storage.keys())).toEqual(['a', 'b'])
    await call(storage.remove('a'))
    expect(await call(storage.keys())).toEqual(['b'])
    expect(await call(world.world().storage.keys())).toEqual(['b'])
  }))

  it('waits for its turn, fails when the disk does, and is slow when it is', () => inWorld({}, async ({ world, turn, pass, scheduler }) => {
    const { storage } = world.world()
    world.next.disk = 1
    world.next.slow = 1
    const fates = [storage.write('a', 1), storage.write('b', 2), storage.write('c', 3)].map(fateOf)
    expect(scheduler.waiting).toBe(3)
    await turn()
    expect(fates.map(({ now }) => now)).toEqual(['the disk failed', 'open', 'fulfilled'])
    await pass(4_999)
    expect(fates[1]!.now).toBe('open')
    await pass(1)
    expect(fates[1]!.now).toBe('fulfilled')
    const keys = storage.keys()
    await turn()
    expect(await keys).toEqual(['c', 'b'])
  }))
})

describe('A disk', () => {
  const works = { turn: () => new Promise<never>(() => undefined), next: () => 'works' as const, later: () => Promise.resolve() }
  const kept = async (disk: Disk) => {
    const storage = disk.storage({ ...works, turn: () => Promise.resolve() })
    return Object.fromEntries(await Promise.all((await storage.keys()).map(async (key) => [key, await storage.read(key)] as const)))
  }
  const old = async () => {
    const disk = new Disk()
    const storage = disk.storage({ ...works, turn: () => Promise.resolve() })
    for (const key of ['a', 'b', 'c', 'd']) await storage.write(key, 'old')
    return disk
  }

  it('holds, of what was being written when its writer was cut off, the new, nothing, or the old, by turns', async () => {
    const [, n, o] = [0, 'new', 'old']
    const cases = [[0, { a: n, c: o, d: n }], [1, { b: o, c: n, d: o }], [2, { a: o, b: n, d: o }]] as const
    for (const [which, found] of cases) {
      const disk = await old()
      const storage = disk.storage(works)
      for (const key of ['a', 'b', 'c']) void storage.write(key, 'new')
      if (which === 0) void storage.write('d', 'new')
      disk.cutOff(which)
      expect(await kept(disk), `${which}`).toEqual(found)
    }
  })

  it('keeps what is read, and what was written before', async () => {
    const disk = await old()
    const storage = disk.storage(works)
    void storage.read('a')
    void storage.keys()
    void storage.remove('b')
    disk.cutOff(0)
    expect(await kept(disk)).toEqual({ a: 'old', c: 'old', d: 'old' })
    void storage.write('a', 'new')
    disk.cutOff(2)
    disk.cutOff(0)
    expect(await kept(disk)).toEqual({ a: 'old', c: 'old', d: 'old' })
  })

  it('cuts off nobody whose write has failed', async () => {
    const disk = await old()
    const failing = disk.storage({ ...works, turn: () => Promise.resolve(), next: () => 'fails' })
    await failing.write('a', 'new').catch(() => undefined)
    disk.cutOff(0)
    expect(await kept(disk)).toMatchObject({ a: 'old' })
  })

  it('mentions a message by its whole id, in a key or a value, in a map or a storage, and what it cannot read does not', async () => {
    const disk = new Disk()
    const loop: { self?: unknown } = {}
    loop.self = loop
    disk.map.set('loop', loop)
    disk.map.set('nothing', undefined)
    disk.map.set('m1-state', 0)
    disk.map.set('x', { queue: [{ id: 'm2' }] })
    await disk.storage({ ...works, turn: () => Promise.resolve() }).write('m3', 'm45')
    expect(['m1', 'm2', 'm3', 'm45', 'm4', 'm5'].map((id) => disk.mentions(id))).toEqual([true, true, true, true, false, false])
  })
})
