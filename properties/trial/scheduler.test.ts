import { describe, expect, it } from 'vitest'
import { realImmediate } from '../../engine/real-time.ts'
import { Scheduler } from '../../engine/trial/scheduler.ts'
import { holdVirtualTime } from '../../engine/trial/virtual-time.ts'
import { fateOf, settled } from './bare-world.ts'

interface Given {
  readonly scheduler: Scheduler
  readonly clock: NonNullable<Scheduler['clock']>
  /** Immediates that count as put off; tests set it. */
  readonly putOff: { count: number }
}

async function onVirtualTime(does: (given: Given) => unknown, patience = 1_000): Promise<void> {
  const { clock, reset, release } = holdVirtualTime()
  reset()
  try {
    const putOff = { count: 0 }
    const immediates = { pending: () => putOff.count, forget: () => undefined, uninstall: () => undefined }
    await does({ scheduler: new Scheduler(clock, immediates, patience), clock, putOff })
  } finally {
    release()
  }
}
const onRealTime = (patience: number) =>
  new Scheduler(null, { pending: () => 0, forget: () => undefined, uninstall: () => undefined }, patience)
const wanted = () => true
const unwanted = () => false

describe('A turn', () => {
  it('goes to one that waits, by its position, or to all', () => onVirtualTime(async ({ scheduler }) => {
    const heard: string[] = []
    for (const name of ['a', 'b', 'c', 'd']) void scheduler.mine().then((came) => heard.push(`${name} ${came}`))
    expect(scheduler.waiting).toBe(4)
    scheduler.give(1)
    await settled()
    expect([heard, scheduler.waiting]).toEqual([['b true'], 3])
    scheduler.giveAll()
    await settled()
    expect([heard, scheduler.waiting]).toEqual([['b true', 'a true', 'c true', 'd true'], 0])
  }))

  it('is not waited for by who is gone, before or meanwhile, and comes once', () => onVirtualTime(async ({ scheduler }) => {
    const [before, meanwhile, after] = [new AbortController(), new AbortController(), new AbortController()]
    before.abort()
    const fates = [before, meanwhile, after].map(({ signal }) => fateOf(scheduler.mine(signal)))
    expect(scheduler.waiting).toBe(2)
    meanwhile.abort()
    expect(scheduler.waiting).toBe(1)
    scheduler.give(0)
    after.abort()
    await settled()
    expect(fates.map(({ now }) => now)).toEqual(['fulfilled: false', 'fulfilled: false', 'fulfilled: true'])
  }))

  it('does not come to those who were forgotten, nor do their timers', () => onVirtualTime(async ({ scheduler, clock }) => {
    let rang = false
    clock.setTimeout(() => { rang = true }, 5)
    const fate = fateOf(scheduler.mine())
    scheduler.forget()
    scheduler.giveAll()
    clock.tick(10)
    await settled()
    expect([fate.now, rang, scheduler.waiting, clock.countTimers()]).toEqual(['open', false, 0, 0])
    onRealTime(5).forget()
  }))

  it('leaves nobody behind at a signal that is never aborted', () => onVirtualTime(async ({ scheduler }) => {
    const { signal } = new AbortController()
    let listeners = 0
    const { addEventListener: add, removeEventListener: remove } = signal
    signal.addEventListener = (...given: Parameters<typeof add>) => { listeners++; add.apply(signal, given) }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => { listeners--; remove.apply(signal, given) }
    void scheduler.mine(signal)
    expect(listeners).toBe(1)
    scheduler.giveAll()
    expect(listeners).toBe(0)
  }))
})

describe('The time of a trial', () => {
  it('begins at nothing, in whole milliseconds, and does not go back when the date does', () => onVirtualTime(({ scheduler, clock }) => {
    const began = clock.now
    clock.tick(500)
    expect(scheduler.time).toBe(500)
    scheduler.setBack(300)
    expect([scheduler.time, clock.now - began]).toEqual([500, 200])
    clock.tick(10)
    scheduler.setBack(20)
    expect([scheduler.time, clock.now - began]).toEqual([510, 190])
    const real = onRealTime(5)
    real.setBack(100)
    expect([real.clock, Number.isInteger(real.time), real.time < 100]).toEqual([null, true, true])
  }))
})

describe('Quiet', () => {
  it('comes at once where somebody waits, unless it is wanted all the same', () => onVirtualTime(async ({ scheduler, putOff }) => {
    void scheduler.mine()
    putOff.count = 1
    await scheduler.quiet()
    const quiet = fateOf(scheduler.quiet(true))
    await settled()
    expect(quiet.now).toBe('open')
    putOff.count = 0
    await settled()
    expect(quiet.now).toBe('fulfilled')
  }))

  it('waits for what was put off, and for a round in which nothing happens', () => onVirtualTime(async ({ scheduler, putOff }) => {
    putOff.count = 1
    const quiet = fateOf(scheduler.quiet())
    for (let i = 0; i < 50; i++) await realImmediate()
    expect(quiet.now).toBe('open')
    putOff.count = 0
    const rounds = await roundsUntil(() => quiet.now === 'fulfilled', () => undefined)
    expect(rounds).toBeLessThan(5)
    const busy = fateOf(scheduler.quiet())
    expect(await roundsUntil(() => busy.now === 'fulfilled', (round) => { if (round < 20) scheduler.busy() })).toBeGreaterThan(20)
  }))

  it('comes in the end to one that puts itself off for ever, sooner the second time, and not to one that stops', () =>
    onVirtualTime(async ({ scheduler, putOff }) => {
      putOff.count = 1
      const rounds = async (most: number) => {
        const quiet = fateOf(scheduler.quiet())
        return roundsUntil(() => quiet.now === 'fulfilled', (round) => { if (round === most) putOff.count = 0 })
      }
      const first = await rounds(Infinity)
      expect([first > 20_000, first < 20_010]).toEqual([true, true])
      const again = await rounds(Infinity)
      expect([again > 500, again < 510]).toEqual([true, true])
      await rounds(10)
      putOff.count = 1
      expect(await rounds(600)).toBeGreaterThan(600)
    }))

  it('takes more rounds on the real clock, where bytes may be on their way', async () => {
    const scheduler = onRealTime(50)
    const quiet = fateOf(scheduler.quiet())
    const rounds = await roundsUntil(() => quiet.now === 'fulfilled', () => undefined)
    expect([rounds > 3, rounds < 8]).toEqual([true, true])
  })
})

async function roundsUntil(isOver: () => boolean, each: (round: number) => void): Promise<number> {
  let round = 0
  for (; !isOver() && round < 30_000; round++) {
    each(round)
    await realImmediate()
  }
  return round
}

describe('What virtual time brings', () => {
  it('is nothing where no timer is set, and no time passes then', () => onVirtualTime(async ({ scheduler }) => {
    expect([await scheduler.timePasses(10, wanted), scheduler.time]).toEqual(['nothing', 0])
  }))

  it('is something where a timer does something, at its time, and all timers of that moment', () => onVirtualTime(async (given) => {
    const { scheduler, clock } = given
    const rang: string[] = []
    for (const [name, at] of [['a', 70], ['b', 70], ['c', 71]] as const)
      clock.setTimeout(() => { rang.push(name); scheduler.busy() }, at)
    clock.setTimeout(() => clock.setTimeout(() => rang.push('next'), 0), 70)
    expect(await scheduler.timePasses(10, wanted)).toBe('something')
    expect([scheduler.time, rang]).toEqual([70, ['a', 'b']])
    expect(await scheduler.timePasses(10, wanted)).toBe('something')
    expect([scheduler.time, rang]).toEqual([71, ['a', 'b', 'c', 'next']])
  }))

  it('is something where a timer makes a call that waits for its turn', () => onVirtualTime(async ({ scheduler, clock }) => {
    clock.setTimeout(() => void scheduler.mine(), 70)
    expect([await scheduler.timePasses(10, wanted), scheduler.waiting]).toEqual(['something', 1])
  }))

  it('is nothing from one that only looks, when its patience is over', () => onVirtualTime(async ({ scheduler, clock }) => {
    clock.setInterval(() => undefined, 100)
    expect([await scheduler.timePasses(1_000, wanted), scheduler.time]).toEqual(['nothing', 1_100])
  }))

  it('is nothing sooner from one that only looks and of whom nothing is wanted', () => onVirtualTime(async ({ scheduler, clock }) => {
    clock.setInterval(() => undefined, 1)
    expect([await scheduler.timePasses(1_000, unwanted), scheduler.time]).toEqual(['nothing', 40])
    expect([await scheduler.timePasses(1_000, wanted), scheduler.time]).toEqual(['nothing', 1_001])
  }))

  it('is waited for however long where a timer was set before things went quiet', () => onVirtualTime(async ({ scheduler, clock }) => {
    clock.setTimeout(() => scheduler.busy(), 999_999)
    const look = () => clock.setTimeout(look, 50_000)
    clock.setTimeout(look, 1)
    expect([await scheduler.timePasses(1_000, wanted), scheduler.time]).toEqual(['something', 999_999])
    expect([await scheduler.timePasses(1_000, wanted), scheduler.time - 999_999 < 60_000]).toEqual(['nothing', true])
  }))

  it('is waited for, too, where the date was set back since', () => onVirtualTime(async ({ scheduler, clock }) => {
    clock.tick(5_000)
    clock.setTimeout(() => scheduler.busy(), 9_000)
    scheduler.busy()
    scheduler.setBack(2_000)
    clock.setTimeout(() => undefined, 10)
    expect([await scheduler.timePasses(1_000, wanted), scheduler.time]).toEqual(['something', 14_000])
  }))

  it('is not waited for where it was set after things went quiet, the date having been set back', () => onVirtualTime(async (given) => {
    const { scheduler, clock } = given
    scheduler.busy()
    scheduler.setBack(2_000)
    clock.tick(5)
    const look = () => clock.setTimeout(look, 700)
    look()
    expect([await scheduler.timePasses(1_000, wanted), scheduler.time]).toEqual(['nothing', 1_405])
  }))

  it('is given up after so many moments', () => onVirtualTime(async ({ scheduler, clock }) => {
    clock.setInterval(() => undefined, 1)
    expect([await scheduler.timePasses(7, wanted), scheduler.time]).toEqual(['gave up', 7])
    clock.setTimeout(() => scheduler.busy(), 3)
    expect([await scheduler.timePasses(3, wanted), scheduler.time]).toEqual(['something', 10])
  }))
})

describe('What real time brings', () => {
  it('is nothing after as long as its patience, or a moment where nothing is wanted', async () => {
    const long = onRealTime(160)
    expect(await long.timePasses(10, wanted)).toBe('nothing')
    expect(long.time).toBeGreaterThanOrEqual(159)
    const short = onRealTime(100_000)
    expect(await short.timePasses(10, unwanted)).toBe('nothing')
    expect(await onRealTime(10).timePasses(10, unwanted)).toBe('nothing')
  })
  it('is something as soon as something happens, or somebody waits', async () => {
    const scheduler = onRealTime(60_000)
    setTimeout(() => scheduler.busy(), 5)
    expect(await scheduler.timePasses(10, wanted)).toBe('something')
    await Promise.resolve(setTimeout(() => void scheduler.mine(), 5))
    expect(await scheduler.timePasses(10, wanted)).toBe('something')
  })
})

describe('Time that passes', () => {
  it('passes timer by timer: what one starts goes on before the next one', () => onVirtualTime(async ({ scheduler, clock }) => {
    const rang: number[] = []
    clock.setTimeout(async () => {
      rang.push(scheduler.time)
      await realImmediate()
      clock.setTimeout(() => rang.push(scheduler.time), 10)
    }, 10)
    clock.setTimeout(() => rang.push(scheduler.time), 100)
    clock.setTimeout(() => rang.push(scheduler.time), 101)
    await scheduler.letPass(100)
    expect([rang, scheduler.time]).toEqual([[10, 20, 100], 100])
    await scheduler.letPass(1)
    expect([rang, scheduler.time]).toEqual([[10, 20, 100, 101], 101])
  }))

  it('passes whole, however many timers there are', () => onVirtualTime(async ({ scheduler, clock }) => {
    let rang = 0
    const id = clock.setInterval(() => { rang++ }, 1)
    await scheduler.letPass(12_000)
    expect(scheduler.time).toBe(12_000)
    expect(rang).toBeGreaterThan(2_000)
    clock.clearInterval(id)
  }))

  it('passes over those who look at the clock in vain, and not over those who wait', () => onVirtualTime(async ({ scheduler, clock }) => {
    let looks = 0
    const rang: number[] = []
    const id = clock.setInterval(() => { looks++ }, 1)
    const every = clock.setInterval(() => rang.push(scheduler.time), 100_000)
    clock.setTimeout(() => rang.push(scheduler.time), 350_000)
    await scheduler.letPass(400_000)
    expect([rang, scheduler.time]).toEqual([[100_000, 200_000, 300_000, 350_000, 400_000], 400_000])
    expect(looks).toBeLessThan(3_000)
    for (const each of [id, every]) clock.clearInterval(each)
  }))

  it('goes moment by moment where each does something', () => onVirtualTime(async ({ scheduler, clock }) => {
    let rang = 0
    const id = clock.setInterval(() => {
      rang++
      scheduler.busy()
    }, 1)
    await scheduler.letPass(9_000)
    expect(rang).toBe(9_000)
    clock.clearInterval(id)
  }))

  it('lets calls that wait go on waiting', () => onVirtualTime(async ({ scheduler }) => {
    void scheduler.mine()
    await scheduler.letPass(10)
    expect([scheduler.waiting, scheduler.time]).toEqual([1, 10])
  }))

  it('is slept through on the real clock', async () => {
    const scheduler = onRealTime(5)
    await scheduler.letPass(30)
    expect(scheduler.time).toBeGreaterThanOrEqual(29)
  })
})
