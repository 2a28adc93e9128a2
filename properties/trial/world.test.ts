/** What a world writes down of what a connector does and says, and what it gives it. */
import { describe, expect, it } from 'vitest'
import { fateOf, inWorld, settled } from './bare-world.ts'

describe('What is recorded', () => {
  it('is what was sent, or altered, or nothing that was', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const [m1, long] = [take(), take('long')]
    const { links: [link], send } = world.world()
    seen()
    for (const content of ['m1 and more', { id: 'm1' }, 'm9', null, undefined, 17, [], `${String(long.content).slice(0, 300)}`]) {
      fateOf(link!.offer(content))
      await turn()
    }
    expect(seen().filter((event) => !event.startsWith('offered'))).toEqual([
      'recorded altered m1 over 1 #1 (m1 and more)', 'recorded altered m1 over 1 #2 ({"id":"m1"})',
      'recorded something never sent over 1 (m9)', 'recorded something never sent over 1 (null)',
      'recorded something never sent over 1 (undefined)', 'recorded something never sent over 1 (17)',
      'recorded something never sent over 1 ([])',
      `recorded altered m2 over 1 #8 (${`m2 ${'x'.repeat(17)}`}…, the same for 300 of 100,000 characters)`,
    ])
    fateOf(send(m1.content))
    fateOf(send(long.content))
    await turn()
    expect(seen().slice(-2)).toEqual(['recorded m1 over 1 #9', 'recorded m2 over 1 #10'])
  }))

  it('is the empty message where it is empty, and null, or nothing, is not', () => inWorld({}, async ({ take, turn, world, seen }) => {
    take()
    take('empty', 'link 2')
    const { send, links: [link] } = world.world()
    seen()
    fateOf(send(''))
    fateOf(link!.send(null))
    fateOf(link!.send(undefined))
    await turn()
    expect(seen().slice(3)).toEqual([
      'recorded m2 over 2 #1', 'recorded something never sent over 1 (null)', 'recorded something never sent over 1 (undefined)'])
  }))

  it('goes over the first link where nobody knows what it is', () => inWorld({}, async ({ turn, world, seen }) => {
    fateOf(world.world().send('m1'))
    await turn()
    expect(seen()).toEqual(['offered over 1 #1', 'recorded something never sent over 1 (m1)'])
  }))

  it('says which life made the call, from the second on', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const { content } = take('plain', 'link 2')
    world.world()
    const { send, sendNow } = world.world()
    seen()
    fateOf(send(content))
    await turn()
    sendNow(content)
    expect(seen()).toEqual(['offered m1 over 2 #1 life 2', 'recorded m1 over 2 #1 life 2', 'recorded m1 over 2 #2 life 2'])
  }))

  it('is stripped where it came without its attachments and says so', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const [many, plain] = [take('many attachments'), take()]
    const { send } = world.world()
    seen()
    for (const content of [`${String(many.content)} (stripped)`, many.content, `${String(plain.content)} (stripped)`, 'm1x (stripped)'])
      fateOf(send(content))
    await turn()
    expect(seen().slice(4)).toEqual([
      'recorded stripped m1 over 1 #1', 'recorded m1 over 1 #2', 'recorded altered m2 over 1 #3 (m2 (stripped))',
      'recorded something never sent over 1 (m1x (stripped))',
    ])
  }))

  it('has the parts of the envelope that the connector carries', () => inWorld({ carries: ['address', 'header', 'attachments'] },
    async ({ take, turn, world, seen }) => {
      const [{ content, envelope }, many] = [take('new header'), take('many attachments')]
      expect(envelope).toEqual({ address: 'm1@far.example', header: 'X-Name-1', attachments: 1 })
      const { send } = world.world()
      seen()
      const others = [undefined, { ...envelope, address: 'x'.repeat(70) }, { ...envelope, attachments: 0, header: 'Subject' }, envelope]
      for (const other of others) fateOf(send(content, other))
      fateOf(send(`${String(many.content)} and so on`, { ...many.envelope, attachments: 0 }))
      fateOf(send(`${String(many.content)} and so on`, many.envelope))
      await turn()
      expect(seen().slice(6)).toEqual([
        'recorded altered m1 over 1 #1 (m1 with no address and no header and no attachments)',
        `recorded altered m1 over 1 #2 (m1 with the address ${'x'.repeat(60)})`,
        'recorded altered m1 over 1 #3 (m1 with the header Subject and the attachments 0 instead of 1)', 'recorded m1 over 1 #4',
        'recorded stripped m2 over 1 #5', 'recorded altered m2 over 1 #6 (m2 and so on)',
      ])
    }))
})

describe('One of several with equal content', () => {
  it('is the first that has no call, is not recorded and not settled', () => inWorld({}, async ({ world, turn, seen }) => {
    const first = world.arrive('taken', { kind: 'twin', links: ['link 1'] })
    const second = world.arrive('taken', { kind: 'twin', links: ['link 1'], twinOf: first.id })
    world.arrive('taken', { kind: 'twin', links: ['link 2'], twinOf: first.id })
    expect(second.content).toBe(first.content)
    expect(seen()).toEqual(['taken m1 over 1 (twin)', 'taken m2 over 1 (twin of m1)', 'taken m3 over 2 (twin of m1)'])
    const { links: [one, two, three], flag } = world.world()
    for (const link of [one!, one!, two!, one!, three!]) fateOf(link.offer(first.content))
    await turn()
    expect(seen().slice(5).map((event) => event.split(' ').slice(1, 4).join(' '))).toEqual(
      ['m1 over 1', 'm2 over 1', 'm3 over 2', 'm1 over 1', 'm1 over 3'])
    flag('m2', 'no')
    fateOf(one!.offer(first.content))
    await turn()
    expect(seen().at(-1)).toBe('recorded m2 over 1 #6')
  }, 3))

  it('is not one that was recorded or flagged before, as long as another is open', () => inWorld({}, async ({ world, turn, seen }) => {
    const first = world.arrive('taken', { kind: 'twin', links: ['link 1'] })
    for (let i = 0; i < 3; i++) world.arrive('taken', { kind: 'twin', links: ['link 1'], twinOf: first.id })
    const { sendNow, flag } = world.world()
    sendNow(first.content)
    flag('m2', 'no')
    sendNow(first.content)
    await turn()
    sendNow(first.content)
    expect(seen().filter((event) => event.startsWith('recorded'))).toEqual(
      ['recorded m1 over 1 #1', 'recorded m3 over 1 #2', 'recorded m4 over 1 #3'])
  }))
})

describe('What a connector says of a message', () => {
  it('is said once, whether by a promise, by a call, or by both', () => inWorld({}, async ({ take, world, seen }) => {
    const message = take()
    const { delivered } = world.world()
    world.heed(message, Promise.resolve())
    delivered('m1')
    delivered('m1')
    delivered('m7')
    await settled()
    expect(seen()).toEqual(['taken m1 over 1 (plain)', 'claims delivered m1'])
  }))

  it('is a flag as often as it flags', () => inWorld({}, async ({ take, world, seen }) => {
    const message = take()
    const { flag } = world.world()
    flag('m1', new Error('no route'))
    flag('m7', 'nobody')
    world.heed(message, Promise.reject(new Error('no')))
    await settled()
    expect(seen().slice(1)).toEqual(['flagged m1 (no route)', 'flagged m1 (no)'])
  }))

  it('may be a claim after a flag, and a flag after a claim', () => inWorld({}, ({ take, world, seen }) => {
    take()
    const { flag, delivered } = world.world()
    flag('m1', 'no')
    delivered('m1')
    flag('m1', 'no')
    expect(seen().slice(1)).toEqual(['flagged m1 (no)', 'claims delivered m1', 'flagged m1 (no)'])
  }))

  it('says which life says it, from the second on', () => inWorld({}, async ({ take, world, seen }) => {
    const [first, second] = [take(), take()]
    world.world()
    const { flag } = world.world()
    world.heed(first, Promise.resolve())
    await settled()
    world.rejected(second, 'no')
    flag('m2', 'no')
    expect(seen().slice(2)).toEqual(['claims delivered m1 life 2', 'flagged m2 life 2 (no)', 'flagged m2 life 2 (no)'])
  }))

  it('is about each recipient where there are several: all, those that are named, or those that were not', () =>
    inWorld({ recipients: 3 }, async ({ take, world, seen }) => {
      const links = ['link 1', 'link 2', 'link 3'] as const
      const messages = Array.from({ length: 6 }, () => take('plain', ...links))
      const { flag, delivered } = world.world()
      expect(world.owed).toBe(6)
      seen()
      delivered('m1')
      flag('m2', 'no', 'link 2')
      delivered('m2')
      world.heed(messages[2]!, Promise.reject(Object.assign(new Error('no'), { links: ['link 1', 7, 'link 3'] })))
      await settled()
      delivered('m4', 'link 3')
      flag('m4', 'no', 'link 1')
      expect(world.unsettled().map(({ id }) => id)).toEqual(['m4', 'm5', 'm6'])
      world.heed(messages[3]!, Promise.reject(new Error('none')))
      await settled()
      flag('m5', 'all')
      delivered('m6', 'link 4')
      world.rejected(messages[5]!, null)
      expect(seen()).toEqual([
        ...links.map((_, i) => `claims delivered m1 over ${i + 1}`),
        'flagged m2 over 2 (no)', 'claims delivered m2 over 1', 'claims delivered m2 over 3',
        'flagged m3 over 1 (no)', 'claims delivered m3 over 2', 'flagged m3 over 3 (no)',
        'claims delivered m4 over 3', 'flagged m4 over 1 (no)', 'flagged m4 over 2 (none)',
        ...links.map((_, i) => `flagged m5 over ${i + 1} (all)`), ...links.map((_, i) => `flagged m6 over ${i + 1} (null)`),
      ])
      expect(world.owed).toBe(0)
    }, 3))

  it('is no list of links where there is one recipient', () => inWorld({}, ({ take, world, seen }) => {
    world.world()
    world.rejected(take(), Object.assign(new Error('no'), { links: [] }))
    expect(seen().slice(1)).toEqual(['flagged m1 (no)'])
  }))

  it('is owed at once where a link is up, or the sender has given up', () => inWorld({ recipients: 2 }, ({ take, world }) => {
    expect([world.owesNow, world.owed]).toEqual([false, 0])
    const message = take('plain', 'link 1', 'link 2')
    expect(world.owesNow).toBe(true)
    world.links[0]!.strike('link refuses')
    expect(world.owesNow).toBe(true)
    world.links[1]!.strike('link hangs')
    expect([world.owesNow, world.owed]).toEqual([false, 1])
    let told = 0
    const abort = () => message.abort(() => told++)
    abort()
    expect([message.isAborted, message.isHeeded, told]).toEqual([false, false, 0])
    const given = message.handed()
    expect([message.isAborted, message.isHeeded, told, world.owesNow]).toEqual([false, false, 0, false])
    expect([given.signal.aborted, message.isHeeded, told, world.owesNow]).toEqual([true, true, 1, true])
  }))

  it('is told once of a sender who has given up: when that happens, or when it first asks', () => inWorld({}, ({ take, world }) => {
    for (const asks of ['before', 'after', 'again']) {
      const message = take()
      let told = 0
      if (asks === 'before') expect(message.handed().signal.aborted).toBe(false)
      message.abort(() => told++)
      expect(told, asks).toBe(asks === 'before' ? 1 : 0)
      for (let looks = 0; looks < (asks === 'again' ? 3 : 1); looks++) expect(message.handed().signal.aborted).toBe(true)
      expect([message.isAborted, told, world.owesNow], asks).toEqual([true, 1, true])
    }
  }))
})

describe('A connector that has died', () => {
  it('hears nothing of what it waits for, and what it does and says has no effect', () => inWorld({}, async (bare) => {
    const { take, turn, world, seen, pass } = bare
    const [first, second, third] = [take(), take(), take()]
    world.hold(first)
    const { send, sendNow, flag, delivered, report, links: [link], receive, acknowledge, refuse, storage, message } = world.world()
    const told: string[] = []
    link!.watch((state) => told.push(state))
    const [open, hung] = [fateOf(send(first.content)), fateOf(storage.write('a', 1))]
    world.heed(first, Promise.resolve())
    world.heed(second, Promise.reject(new Error('no')))
    world.cutOff()
    seen()
    world.links[0]!.strike('link refuses')
    await turn()
    const fates = [send(first.content), link!.offer('m1'), link!.step('dial'), receive(1), acknowledge('m1'),
      refuse('m1'), storage.read('a'), storage.write('b', 1), storage.remove('a'), storage.keys()].map(fateOf)
    sendNow(third.content)
    link!.sendNow(third.content)
    link!.hangUp('x')
    flag('m3', 'no')
    delivered('m3')
    report(new Error('x'))
    await turn(2)
    await pass(10_000)
    expect([open, hung, ...fates].map(({ now }) => now)).toEqual(Array.from({ length: 12 }, () => 'open'))
    expect(seen()).toEqual(['refused m1 over 1 #1 (for now)'])
    expect(told).toEqual(['up'])
    expect(message('m1')?.id).toBe('m1')
  }))

  it('is not one that was started later', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const { content } = take()
    const dead = world.world()
    world.cutOff()
    const alive = world.world()
    fateOf(dead.send(content))
    const fate = fateOf(alive.send(content))
    await turn()
    expect([fate.now, seen().slice(1)]).toEqual(['fulfilled', ['offered m1 over 1 #1 life 2', 'recorded m1 over 1 #1 life 2']])
  }))
})

describe('A report', () => {
  it('is written down, and may fail', () => inWorld({}, ({ world, seen }) => {
    const { report } = world.world()
    world.next.reporting = 1
    expect(() => report(new Error('odd'))).toThrow('`world.report` failed: that is the fault ‘reporting fails’')
    report('odd again')
    expect(seen()).toEqual(['reports (odd)', 'reports (odd again)'])
  }))
})

describe('A message', () => {
  it('is handed out as a copy, and found by its id', () => inWorld({}, ({ take, world }) => {
    const taken = take('wrong type', 'link 2', 'link 1')
    const { message, workers } = world.world()
    expect(workers).toBe(3)
    const first = message('m1')!
    expect(message('m1')).toBe(first)
    expect(first).toMatchObject({ id: 'm1', kind: 'wrong type', link: 'link 2', header: 'Subject', attachments: 0, content: { id: 'm1' } })
    expect(first.recipients).toEqual([{ link: 'link 2', address: 'm1@far.example' }, { link: 'link 1', address: 'm1@far.example' }])
    expect(first.recipients[0]).not.toBe(taken.recipients[0])
    expect(first.content).not.toBe(taken.content)
    expect(taken.isHeeded).toBe(false)
    const second = taken.handed()
    expect([second === first, message('m1') === second, message('m2')]).toEqual([false, true, undefined])
    expect(second.signal).toBe(first.signal)
    expect(world.arrive('fresh', { kind: 'many attachments', links: ['link 1'] }).envelope.attachments).toBe(1_025)
  }))
})
