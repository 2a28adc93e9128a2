/** What becomes of a call to a link, by what was done to the link before: the answer, and what is written down. */
import { describe, expect, it } from 'vitest'
import type { FaultName, MessageKind } from '../../spec/connector.ts'
import { type Bare, fateOf, inWorld } from './bare-world.ts'

type LinkFault = Extract<FaultName, `link ${string}`>
const on = '#1'
const about = `m1 over 1 ${on}`

interface Case {
  readonly answer: string
  readonly seen: readonly string[]
  /** When it is only answered after a time, or after a heal. */
  readonly after?: 'five seconds' | 'a heal' | 'a second turn'
}

async function called(bare: Bare, fate: { readonly now: string }, { answer, seen, after }: Case): Promise<void> {
  await bare.turn()
  if (after !== undefined) expect(fate.now).toBe('open')
  if (after === 'five seconds') {
    await bare.pass(4_999)
    expect(fate.now).toBe('open')
    await bare.pass(1)
  }
  if (after === 'a heal') bare.world.links[0]!.heal()
  await bare.turn()
  expect(fate.now).toBe(answer)
  expect(bare.seen()).toEqual(seen)
}

const offered = `offered ${about}`
const recorded = `recorded ${about}`
const untold = `recorded ${about} untold`
const sent: Readonly<Record<'nothing' | LinkFault, Case>> = {
  nothing: { answer: 'fulfilled', seen: [offered, recorded] },
  'link refuses': { answer: 'link 1: refused for now', seen: [offered, `refused ${about} (for now)`] },
  'link hangs': { answer: 'link 1: dropped before', seen: [offered, `dropped ${about} (before it was recorded)`], after: 'a heal' },
  'link drops before': { answer: 'link 1: dropped before', seen: [offered, `dropped ${about} (before it was recorded)`] },
  'link drops after': { answer: 'link 1: dropped after', seen: [offered, untold, `dropped ${about} (after it was recorded)`] },
  'link is late': { answer: 'fulfilled', seen: [offered, untold, `answered ${about} (late)`], after: 'five seconds' },
  'link answers out of order': { answer: 'fulfilled', seen: [offered, untold, `answered ${about} (out of order)`], after: 'a second turn' },
  'link answers twice': { answer: 'fulfilled', seen: [offered, recorded] },
  'link loses answer': { answer: 'open', seen: [offered, untold], after: 'a heal' },
  'link never answers': { answer: 'open', seen: [offered], after: 'a heal' },
  'link heals': { answer: 'fulfilled', seen: [offered, recorded] },
}

describe('A call of `send`', () => {
  for (const [fault, expected] of Object.entries(sent) as [keyof typeof sent, Case][])
    it(`is answered as it should be after ‘${fault}’`, () => inWorld({}, async (bare) => {
      const { content } = bare.take()
      if (fault !== 'nothing') bare.world.links[0]!.strike(fault)
      bare.seen()
      await called(bare, fateOf(bare.world.world().send(content)), expected)
    }))

  it('rejects with the link and the outcome', () => inWorld({}, async ({ take, turn, world }) => {
    const { content } = take('plain', 'link 2')
    world.links[1]!.strike('link drops after')
    const call = world.world().send(content).catch((error: unknown) => error)
    await turn()
    expect(await call).toMatchObject({ link: 'link 2', outcome: 'dropped after' })
  }))

  it('waits for its turn, and goes to the link of its message', () => inWorld({}, async ({ take, turn, world, scheduler, seen }) => {
    const { content } = take('plain', 'link 2')
    const fate = fateOf(world.world().send(content))
    expect([fate.now, scheduler.waiting, seen()]).toEqual(['open', 1, ['taken m1 over 2 (plain)', 'offered m1 over 2 #1']])
    await turn()
    expect([fate.now, seen()]).toEqual(['fulfilled', ['recorded m1 over 2 #1']])
  }))

  it('meets each fault once, and in their order, but for a link that is down', () => inWorld({}, async ({ take, turn, world }) => {
    const { content } = take()
    const link = world.links[0]!
    link.strike('link drops before')
    link.strike('link drops after')
    link.strike('link refuses')
    const fates: { readonly now: string }[] = []
    const { send } = world.world()
    for (let i = 0; i < 4; i++) {
      fates.push(fateOf(send(content)))
      await turn()
      if (i === 0) link.mood = 'up'
    }
    expect(fates.map(({ now }) => now)).toEqual(['link 1: refused for now', 'link 1: dropped before', 'link 1: dropped after', 'fulfilled'])
  }))

  it('meets nothing of what was to come, once the link has healed', () => inWorld({}, async ({ take, turn, world }) => {
    const { content } = take()
    for (const fault of ['link drops before', 'link refuses', 'link heals'] as const) world.links[0]!.strike(fault)
    const fate = fateOf(world.world().send(content))
    await turn()
    expect(fate.now).toBe('fulfilled')
  }))

  it('is refused by what a message is: for good, or twice', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const kinds: readonly MessageKind[] = ['refused', 'busy', 'busy']
    const messages = kinds.map((kind) => take(kind))
    const { send } = world.world()
    seen()
    const told: string[] = []
    for (const message of [messages[0]!, messages[1]!, messages[1]!, messages[2]!, messages[1]!]) {
      const fate = fateOf(send(message.content))
      await turn()
      told.push(fate.now)
    }
    const [good, now] = ['link 1: refused for good', 'link 1: refused for now']
    expect(told).toEqual([good, now, now, now, 'fulfilled'])
    expect(seen().slice(0, 4)).toEqual([offered, `refused ${about} (for good)`, 'offered m2 over 1 #2', 'refused m2 over 1 #2 (for now)'])
  }))
})

const steps = 'steps over 1 #1 (dial)'
const answered = 'answered over 1 #1 (dial)'
const droppedAt = 'dropped over 1 #1 (at dial)'
const stepped: Readonly<Partial<Record<'nothing' | LinkFault, Case>>> = {
  nothing: { answer: 'fulfilled: taken', seen: [steps, answered] },
  'link refuses': { answer: 'fulfilled: refused for now', seen: [steps, answered] },
  'link hangs': { answer: 'fulfilled: dropped before', seen: [steps, droppedAt], after: 'a heal' },
  'link drops before': { answer: 'fulfilled: dropped before', seen: [steps, droppedAt] },
  'link drops after': { answer: 'fulfilled: dropped before', seen: [steps, droppedAt] },
  'link is late': { answer: 'fulfilled: taken', seen: [steps, 'answered over 1 #1 (dial, late)'], after: 'five seconds' },
  'link answers out of order': { answer: 'fulfilled: taken', seen: [steps, answered] },
  'link answers twice': { answer: 'fulfilled: taken', seen: [steps, answered] },
  'link loses answer': { answer: 'fulfilled: taken', seen: [steps, answered] },
  'link never answers': { answer: 'open', seen: [steps], after: 'a heal' },
}

describe('A step towards a call', () => {
  for (const [fault, expected] of Object.entries(stepped) as [keyof typeof stepped, Case][])
    it(`is answered as it should be after ‘${fault}’`, () => inWorld({}, async (bare) => {
      if (fault !== 'nothing') bare.world.links[0]!.strike(fault)
      await called(bare, fateOf(bare.world.world().links[0]!.step('dial')), expected)
    }))

  it('uses up what it meets, and leaves to the call what is about answers only', () => inWorld({}, async ({ take, turn, world }) => {
    const { content } = take()
    const [link] = world.world().links
    const faults = [['link drops before', 'taken'], ['link is late', 'taken'], ['link answers twice', 'taken, said twice']] as const
    for (const [fault, answer] of faults) {
      world.links[0]!.strike(fault)
      void link!.step('dial')
      await turn()
      const call = fateOf(link!.offer(content))
      await turn()
      expect(call.now, fault).toBe(`fulfilled: ${answer}`)
    }
  }))

  it('waits for its turn where the link is up, and only there', () => inWorld({}, async ({ scheduler, world }) => {
    const [link] = world.world().links
    void link!.step('dial')
    expect(scheduler.waiting).toBe(1)
    world.links[0]!.strike('link refuses')
    void link!.step('dial')
    expect(scheduler.waiting).toBe(1)
  }))

  it('comes to nothing where whoever sends is gone', () => inWorld({}, async ({ turn, world, seen }) => {
    const gone = new AbortController()
    const fate = fateOf(world.world().links[0]!.step('dial', gone.signal))
    gone.abort()
    await turn()
    expect([fate.now, seen()]).toEqual(['fulfilled: dropped before', [steps, 'answered over 1 #1 (dial, when nobody is there any more)']])
  }))
})

describe('A call of `offer`', () => {
  it('says what became of it, twice where it can', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const { content } = take()
    const [link] = world.world().links
    world.links[0]!.strike('link answers twice')
    world.links[0]!.strike('link drops after')
    const fates: string[] = []
    seen()
    for (let i = 0; i < 2; i++) {
      const fate = fateOf(link!.offer(content))
      await turn()
      fates.push(fate.now)
    }
    expect(fates).toEqual(['fulfilled: taken, said twice', 'fulfilled: dropped after'])
    expect(seen()).toEqual([
      `${offered} (comes in)`, recorded, `answered ${about} (twice)`, 'offered m1 over 1 #2 (comes in)', 'recorded m1 over 1 #2 untold',
      'dropped m1 over 1 #2 (after it was recorded)'])
  }))

  it('counts as dropped where whoever sends is gone, unless its turn has come', () => inWorld({}, async ({ take, turn, world, seen }) => {
    const { content } = take()
    const [link] = world.world().links
    seen()
    const early = new AbortController()
    const first = fateOf(link!.offer(content, early.signal))
    early.abort()
    await turn()
    const late = new AbortController()
    const second = fateOf(link!.offer(content, late.signal))
    await turn()
    late.abort()
    const third = fateOf(link!.offer(content, early.signal))
    await turn()
    expect([first.now, second.now, third.now]).toEqual(['fulfilled: dropped before', 'fulfilled: taken', 'fulfilled: dropped before'])
    expect(seen().map((event) => event.split(' ')[0])).toEqual(['offered', 'dropped', 'offered', 'recorded', 'offered', 'dropped'])
  }))
})

const now: Readonly<Record<string, readonly [answer: string, ...seen: readonly string[]]>> = {
  nothing: ['', recorded],
  'link refuses': ['link 1: refused for now', `refused ${about} (for now)`],
  'link hangs': ['link 1: dropped before', `dropped ${about} (before it was recorded)`],
  'link drops before': ['link 1: dropped before', `dropped ${about} (before it was recorded)`],
  'link drops after': ['link 1: dropped after', untold, `dropped ${about} (after it was recorded)`],
  'link is late': ['', recorded],
  'link answers out of order': ['', recorded],
  'link answers twice': ['', recorded],
  'link loses answer': ['', recorded],
  'link never answers': ['link 1: dropped before', `dropped ${about} (before it was recorded)`],
}

describe('A call of `sendNow`', () => {
  for (const [fault, [answer, ...events]] of Object.entries(now))
    it(`is answered at once, as it should be, after ‘${fault}’`, () => inWorld({}, ({ take, world, seen }) => {
      const { content } = take()
      if (fault !== 'nothing') world.links[0]!.strike(fault as LinkFault)
      seen()
      const { sendNow, links } = world.world()
      const said = (call: () => void) => {
        try {
          call()
          return ''
        } catch (error) {
          return (error as Error).message
        }
      }
      expect(said(() => sendNow(content))).toBe(answer)
      expect(seen()).toEqual(events)
      world.links[0]!.heal()
      expect(said(() => links[0]!.sendNow(content))).toBe('')
      expect(seen()).toEqual(['recorded m1 over 1 #2'])
    }))
})

describe('A link', () => {
  it('tells how it stands, at once and at every change, and hung calls are let go in the end', () => inWorld({}, ({ world }) => {
    const told: string[] = []
    const [link] = world.world().links
    link!.watch((state) => told.push(state))
    for (const fault of ['link refuses', 'link refuses', 'link hangs', 'link drops before', 'link heals', 'link heals'] as const)
      world.links[0]!.strike(fault)
    expect(told).toEqual(['up', 'refuses', 'hangs', 'up'])
    expect(world.world().links.map(({ name }) => name)).toEqual(['link 1', 'link 2'])
  }))

  it('says that the far side hung up', () => inWorld({}, ({ world, seen }) => {
    world.world().links[1]!.hangUp('421')
    expect(seen()).toEqual(['dropped over 2 (421)'])
  }))
})
