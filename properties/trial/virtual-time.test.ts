import timers from 'node:timers'
import timersPromises, { setTimeout as promisedTimeout, scheduler } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { realImmediate } from '../../engine/real-time.ts'
import { countImmediates } from '../../engine/trial/immediates.ts'
import { Scheduler } from '../../engine/trial/scheduler.ts'
import { holdVirtualTime } from '../../engine/trial/virtual-time.ts'
import { fateOf, settled } from './bare-world.ts'

const real = { setTimeout, setImmediate, clearImmediate, Date, AbortTimeout: AbortSignal.timeout, wait: scheduler.wait }

async function held(does: (clock: ReturnType<typeof holdVirtualTime>['clock'], time: ReturnType<typeof holdVirtualTime>) => unknown) {
  const time = holdVirtualTime()
  time.reset()
  try {
    await does(time.clock, time)
  } finally {
    time.release()
  }
}

describe('Virtual time', () => {
  it('begins on the same date, and stands still until it is let pass', () => held(async (clock) => {
    expect(new Date().toISOString()).toBe('2001-12-31T23:59:55.000Z')
    const [now, from, hr] = [Date.now(), performance.now(), process.hrtime.bigint()]
    clock.tick(1_500)
    expect([Date.now() - now, performance.now() - from, process.hrtime.bigint() - hr]).toEqual([1_500, 1_500, 1_500_000_000n])
  }))

  it('holds timers of every kind, and what is thrown away never rings', () => held(async (clock) => {
    const rang: string[] = []
    setTimeout(() => rang.push('timeout'), 10)
    timers.setTimeout(() => rang.push('of the module'), 10)
    const every = setInterval(() => rang.push('interval'), 10)
    clearTimeout(setTimeout(() => rang.push('cleared'), 10))
    void promisedTimeout(10).then(() => rang.push('promised'))
    void scheduler.wait(10).then(() => rang.push('waited'))
    clock.tick(9)
    expect(rang).toEqual([])
    clock.tick(1)
    await settled()
    clearInterval(every)
    clock.tick(100)
    expect(rang.sort()).toEqual(['interval', 'of the module', 'promised', 'timeout', 'waited'])
  }))

  it('holds the time after which a signal is aborted', () => held((clock) => {
    const signal = AbortSignal.timeout(500)
    clock.tick(499)
    expect(signal.aborted).toBe(false)
    clock.tick(1)
    expect([signal.aborted, signal.reason.name, signal.reason.message]).toEqual(
      [true, 'TimeoutError', 'The operation was aborted due to timeout'])
  }))

  it('ends a wait that is aborted', () => held(async () => {
    const control = new AbortController()
    const fate = fateOf(scheduler.wait(500, { signal: control.signal }))
    control.abort()
    await settled()
    expect(fate.now).toMatch(/abort/)
  }))

  it('is one for all who hold it, and gone when the last lets go, however often one does', async () => {
    const first = holdVirtualTime()
    const second = holdVirtualTime()
    expect(second.clock).toBe(first.clock)
    first.release()
    first.release()
    expect(globalThis.setTimeout).not.toBe(real.setTimeout)
    second.release()
    const { setTimeout: set, setImmediate: soon, clearImmediate: clear, Date: dates } = globalThis
    const here = { setTimeout: set, setImmediate: soon, clearImmediate: clear, Date: dates }
    expect({ ...here, AbortTimeout: AbortSignal.timeout, wait: scheduler.wait }).toEqual(real)
    expect(Date.now()).toBeGreaterThan(1_600_000_000_000)
    await held((clock) => expect(clock).not.toBe(first.clock))
  })

  it('starts anew, without timers and immediates that were left', () => held(async (clock, time) => {
    setTimeout(() => undefined, 10)
    setImmediate(() => undefined)
    clock.tick(5)
    expect([clock.countTimers(), time.immediates.pending()]).toEqual([1, 1])
    time.reset()
    expect([clock.countTimers(), time.immediates.pending(), Date.now()]).toEqual([0, 0, Date.UTC(2001, 11, 31, 23, 59, 55)])
    await settled()
  }))
})

describe('What is put off to another round', () => {
  it('is counted until it has its round, is cleared, or is forgotten', async () => {
    const counted = countImmediates()
    try {
      const rang: unknown[] = []
      setImmediate((a: unknown, b: unknown) => rang.push(a, b, counted.pending()), 1, 2)
      timers.setImmediate(() => rang.push(3))
      const promised = timersPromises.setImmediate('later').then((value) => rang.push(value))
      const viaPromisify = promisify(setImmediate)('sooner').then((value) => rang.push(value))
      const cleared = [setImmediate(() => rang.push('never')), timers.setImmediate(() => rang.push('never'))]
      expect(counted.pending()).toBe(6)
      clearImmediate(cleared[0])
      timers.clearImmediate(cleared[1])
      clearImmediate(undefined)
      expect(counted.pending()).toBe(4)
      await Promise.all([promised, viaPromisify])
      expect([rang, counted.pending()]).toEqual([[1, 2, 3, 3, 'later', 'sooner'], 0])
      setImmediate(() => undefined)
      counted.forget()
      expect(counted.pending()).toBe(0)
    } finally {
      counted.uninstall()
    }
    expect([globalThis.setImmediate, timers.setImmediate, globalThis.clearImmediate, timers.clearImmediate]).toEqual(
      [real.setImmediate, real.setImmediate, real.clearImmediate, real.clearImmediate])
    setImmediate(() => undefined)
    expect(counted.pending()).toBe(0)
  })
})

describe('Thousands of timers that are due at once', () => {
  it('have turns of the event loop in between, and a few have none', () => held(async (clock, { immediates }) => {
    const timing = new Scheduler(clock, immediates, 1_000)
    const turnsBetween = async (timers: number) => {
      let fired = 0
      const turns: number[] = []
      for (let i = 0; i < timers; i++) clock.setTimeout(() => { if (++fired === 1) void realImmediate().then(() => turns.push(fired)) }, 10)
      await timing.letPass(20)
      expect(fired).toBe(timers)
      return turns
    }
    expect(await turnsBetween(400)).toEqual([400])
    expect(await turnsBetween(1_200)).toEqual([500])
  }))
})
