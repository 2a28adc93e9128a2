/** The course of a trial: a start, the storm, the heal, the calm and the end, and how each may go wrong. */
import { describe, expect, it } from 'vitest'
import type { Event, History, Running } from '../../spec/connector.ts'
import { calmEvents, quickTurns, realTurns, stormEvents } from '../../engine/trial/phases.ts'
import { aftermath, faults, played, type Scripted, sending, storm, told } from './played-trial.ts'
import { never, pause } from '../samples/wrong-connectors.ts'

const quiet = 'taken m1; offered m1 #1; recorded m1 #1; claims delivered m1; at rest'
const plain = { count: 1, kind: 'plain', link: 1 } as const

describe('How long a phase may go on', () => {
  it('is more for each message that there is', () => {
    for (const [most, each] of [[quickTurns, 50], [realTurns, 8], [stormEvents, 20], [calmEvents, 20]] as const)
      expect(most(1_000) - most(0)).toBe(1_000 * each)
  })
})

describe('A storm', () => {
  it('gives each turn to whom the schedule says, the next burst first', async () => {
    const stream = [plain, { count: 2, kind: 'twin', link: 2 }] as const
    const turns = async (...schedule: readonly number[]) => storm(await played({ start: sending() }, { links: 2, stream, schedule }))
    const twins = 'taken m2 over 2 (twin); offered m2 over 2 #2; taken m3 over 2 (twin of m2); offered m3 over 2 #3'
    const [one, two, three] = ['m1 #1', 'm2 over 2 #2', 'm3 over 2 #3'].map((call) => `recorded ${call}; claims delivered ${call.slice(0, 2)}`)
    expect(await turns(0, 1, 1, 0)).toBe(`taken m1; offered m1 #1; ${one}; ${twins}; ${two}; ${three}; at rest`)
    expect(await turns(0, 0, 2, 1)).toBe(`taken m1; offered m1 #1; ${twins}; ${three}; ${two}; ${one}; at rest`)
    // Positions go round.
    expect(await turns(7, 3, 4, 2)).toBe(await turns(0, 1, 1, 0))
    // Past its end whoever waits goes on together.
    expect(await turns()).toBe(`taken m1; offered m1 #1; ${twins}; recorded m1 #1; recorded m2 over 2 #2; recorded m3 over 2 #3; `
      + 'claims delivered m1; claims delivered m2; claims delivered m3; at rest')
  })

  it('tells how many could have had each turn that was scheduled', async () => {
    const choices: number[] = []
    await played({ start: sending() }, { stream: [plain, plain], schedule: [0, 1] }, { onChoice: (count) => choices.push(count) })
    expect(choices.slice(0, 3)).toEqual([1, 2, 1])
    expect(choices).toHaveLength(4)
  })

  it('tells of every event as it happens', async () => {
    const events: Event[] = []
    const history = await played({ start: sending() }, {}, { onEvent: (event) => events.push(event) })
    expect(events).toEqual(history)
  })

  it('gives a message to as many recipients as are asked for, declared, and there', async () => {
    const taken = async (asked: number, recipients: number, links: number) =>
      storm(await played({ start: sending(), recipients }, { recipients: asked, links, stream: [{ ...plain, link: 3 }] }))
        .match(/taken m1( over \d)?/g)
    expect(await taken(3, 2, 3)).toEqual(['taken m1 over 3', 'taken m1'])
    expect(await taken(2, 3, 3)).toEqual(['taken m1 over 3', 'taken m1'])
    expect(await taken(3, 3, 2)).toEqual(['taken m1', 'taken m1 over 2'])
    expect(await taken(1, 3, 3)).toEqual(['taken m1 over 3'])
  })

  it('has one empty message, and few that are large: others are plain', async () => {
    const kinds = async (count: number, kind: 'empty' | 'deep' | 'long' | 'long other script' | 'list') =>
      (await played({ start: () => ({ take: () => undefined }) }, { stream: [{ count, kind, link: 1 }] }))
        .filter(({ what, detail }) => what === 'taken' && detail === kind).length
    expect(await kinds(3, 'empty')).toBe(1)
    for (const kind of ['deep', 'long', 'long other script'] as const) expect(await kinds(10, kind), kind).toBe(8)
    expect(await kinds(10, 'list')).toBe(10)
  })

  it('comes to its end with one that takes hours, as long as it says its word of one message after the other', async () => {
    const oneByOne = (minutes: number): Scripted => ({ start: ({ send }) => {
      let before: Promise<unknown> = Promise.resolve()
      return { take: ({ content }) => (before = before.then(() => pause(minutes * 60_000)).then(() => send(content))) }
    } })
    const ends = async (minutes: number) => (await played(oneByOne(minutes), { stream: [{ count: 9, kind: 'plain', link: 1 }] })).at(-1)!
    expect(await ends(50)).toMatchObject({ what: 'end' })
    expect(await ends(130)).toMatchObject({ what: 'end' })
  })

  it('and comes to none with one that never does, however seldom it is at it, unless it says how long it takes', async () => {
    const goesOn = async (minutes: number, promised: Partial<Scripted> = {}) => (await played({
      start: ({ send }) => ({
        async take({ content }) { for (;;) try { return await send(content) } catch { await pause(minutes * 60_000) } },
      }),
      ...promised,
    }, { stream: [{ count: 1, kind: 'refused', link: 1 }] })).at(-1)!
    expect(await goesOn(50)).toMatchObject({ what: 'livelock', detail: '1,050,000,000 ms' })
    expect(await goesOn(1)).toMatchObject({ what: 'livelock', detail: '21,000,000 ms' })
    expect(await goesOn(50, { patience: 10_000_000 })).toMatchObject({ what: 'livelock', detail: '12,000,000 ms' })
  })

  it('is over an hour after the last of its messages and faults, whatever goes on', async () => {
    const trying: Scripted = { start: ({ send }) => ({
      async take({ content }) { for (;;) try { return await send(content) } catch { await pause(600_000) } },
    }) }
    const history = await played(trying, { faults: faults('0 link refuses; 2 time passes 7') })
    expect(storm(history)).not.toContain('at rest')
    expect(storm(history)).toMatch(/; an hour later$/)
    expect(history.find(({ what }) => what === 'healed')!.time).toBe(4_200_000 + 600_000)
    expect(aftermath(history)).toMatch(/^4800000: healed; recorded m1 #9; claims delivered m1; 4860000: calm \(60,000 ms\); 5460000: end$/)
  })

  it('lets pass what a message may be kept for, where one has no verdict', async () => {
    const rest = async (start: Scripted['start'], promised: Partial<Scripted> = {}) =>
      (await played({ start, ...promised })).find(({ what }) => what === 'at rest')!.time
    expect(await rest(() => ({ take: never }), { expiry: 5_000 })).toBe(65_000)
    expect(await rest(() => ({ take: never }))).toBe(0)
    expect(await rest(sending(), { expiry: 5_000 })).toBe(0)
  })

  it('lets that pass too where it goes on for an hour', async () => {
    const later = async (expiry: number) => (await played({
      start: ({ send, flag }) => ({
        async take({ id, content }) {
          setTimeout(() => flag(id, 'too old'), 7_200_000)
          for (;;) try { return await send(content) } catch { await pause(600_000) }
        },
      }),
      expiry,
    }, { faults: faults('0 link refuses') })).find(({ what }) => what === 'flagged' || what === 'an hour later')
    expect(await later(7_200_000)).toMatchObject({ what: 'flagged', time: 7_200_000 })
    expect(await later(2_000_000)).toMatchObject({ what: 'an hour later' })
    expect(await later(Infinity)).toMatchObject({ what: 'an hour later' })
  })
})

describe('A start', () => {
  it('is waited for before anything else happens', async () => {
    const dialling: Scripted = { start: async ({ send, links: [link] }) => {
      await pause(5_000)
      await link!.step('dial')
      await pause(1_000)
      return { take: ({ content }) => send(content) }
    } }
    expect(storm(await played(dialling, { faults: faults('0 link drops before') }))).toBe('5000: steps over 1 #1 (dial); answered over 1 #1 (dial); '
      + '6000: link drops before over 1; taken m1; offered m1 #2; dropped m1 #2 (before it was recorded); flagged m1 (link 1: dropped before); at rest')
  })

  it('that fails is a crash, whenever it does', async () => {
    const failed = 'crashed (`start` failed: no port)'
    expect(storm(await played({ start: () => { throw new Error('no port') } }))).toBe(`${failed}; taken m1; at rest`)
    expect(storm(await played({ start: async () => { await pause(10); throw new Error('no port') } }))).toBe(`10: ${failed}; taken m1; at rest`)
    const later: Scripted = { start: async (_, starts) => { if (starts > 1) { await pause(10); throw new Error('no port') } return {} } }
    expect(storm(await played(later, { faults: faults('1 service dies') }))).toBe(`taken m1; service dies; starts again; 10: ${failed}; at rest`)
  })

  it('that never returns is one that has not, in the end', async () => {
    expect(aftermath(await played({ start: never }))).toBe('healed; crashed (`start` was called, and has not returned); calm; 600000: end')
    expect(aftermath(await played({ start: sending(() => ({ stop: never })) }, { faults: faults('1 service stops') }))).toBe(
      'healed; crashed (`stop` was called, and has not returned); 60000: calm (60,000 ms); 660000: end')
  })

  it('is to return what is asked for', async () => {
    const owed = '`start` is to return { take, stop, kill, scale, die, end }, of which it may leave out what it does not have'
    const returned = async (running: unknown) => {
      const [first] = await played({ start: () => running as Running })
      return first!.what === 'misused' ? first!.detail!.replace(`${owed}: it returned `, '') : null
    }
    const wrong: readonly (readonly [unknown, string])[] = [
      [null, 'null'], [undefined, 'undefined'], ['x', 'a string'], [() => 1, 'a function'],
      ...[{ send() {} }, { stop() {}, send() {} }].map((running) => [running, 'an object with ‘send’ and no ‘take’'] as const),
    ]
    for (const [running, says] of wrong) expect(await returned(running), says).toBe(says)
    const right = [{}, { stop() {} }, { kill() {}, scale() {}, end() {} }, { take() {}, send() {} }, { name: 'x' }]
    for (const running of right) expect(await returned(running)).toBeNull()
  })
})

describe('A heal', () => {
  it('mends links, and what was to come', async () => {
    const history = await played({ start: sending() }, { faults: faults('1 link hangs; 1 link drops after; 1 reporting fails; 1 disk fails') })
    expect(aftermath(history)).toBe('healed; dropped m1 #1 (before it was recorded); flagged m1 (link 1: dropped before); '
      + '60000: calm (60,000 ms); 660000: end')
    expect(aftermath(await played({ start: sending(), recovery: 500 }, { faults: faults('9 link heals') })))
      .toBe('healed; 500: calm (500 ms); 600500: end')
    expect(aftermath(await played({ start: sending(), recovery: 500 }))).toBe('healed; calm; 600000: end')
    const meeting: Scripted = { start: ({ send, storage }) => ({
      take: async ({ content }) => { await send(content); await storage.write('a', 1) },
    }) }
    const met = await played(meeting, { faults: faults('9 disk fails; 9 disk is slow; 9 reporting fails') })
    expect(told(met).match(/disk \w+/g)).toBeNull()
  })
})

describe('A calm', () => {
  const fresh = (history: History) =>
    history.filter(({ what }) => what === 'fresh').map(({ time, link, detail }) => `${time} ${link} ${detail}`)

  it('is several to each link and one of each healthy kind, and one to each link ten minutes after', async () => {
    const without = { 'new header': 'no', 'other script': 'no', long: 'no', 'long other script': 'no', 'control characters': 'no' }
    expect(fresh(await played({ start: sending(), neverGiven: without }, { links: 2 }))).toEqual([
      ...[1, 2, 1, 2, 1, 2].map((link) => `0 link ${link} plain`), '0 link 1 twin', '0 link 1 twin of m8', '0 link 2 lines',
      '600000 link 1 plain', '600000 link 2 plain',
    ])
    const all = fresh(await played({ start: sending() }, { links: 1 })).map((each) => each.replace(/^\d+ link 1 | of .*/g, ''))
    expect(all).toEqual(['plain', 'plain', 'plain', 'new header', 'twin', 'twin', 'other script', 'lines', 'control characters', 'long',
      'long other script', 'plain'])
  })
})

describe('The end of a trial', () => {
  it('stops what runs, and lets every one that was started close what it has', async () => {
    const called: string[] = []
    const start: Scripted['start'] = sending((_, starts) => ({
      stop: async (within) => { called.push(`stop ${starts} ${within}`); await pause(5); called.push('stopped') },
      end: async () => { await pause(5); called.push(`end ${starts}`); if (starts === 1) throw new Error('odd') },
    }))
    await played({ start }, { faults: faults('1 service dies') })
    expect(called).toEqual(['stop 2 30000', 'stopped', 'end 1', 'end 2'])
  })

  it('does not wait long, and reads nothing into what comes then', async () => {
    const start = sending(({ report }) => ({ stop: () => { report('late'); return never() }, end: () => { throw new Error('odd') } }))
    const history = await played({ start })
    expect(history.at(-1)!.what).toBe('end')
    const waiting = sending(({ send }) => ({ end: () => send('m1').then(() => send('m1')) }))
    expect((await played({ start: waiting })).at(-1)!.what).toBe('end')
  })

  it('is reached all the same by one whose `kill` fails, which is a crash', async () => {
    const rejecting = sending(() => ({ kill: () => Promise.reject(new Error('odd')) }))
    expect(told(await played({ start: rejecting }, { faults: faults('1 worker dies') })))
      .toMatch(/^taken m1; offered m1 #1; worker dies \(1\); crashed \(`kill` failed: odd\); recorded m1 #1; /)
  })

  it('hears what nobody catches, and only while it runs', async () => {
    const before = ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event))
    const losing = sending(() => ({ kill: () => { void Promise.reject(new Error('lost')); queueMicrotask(() => { throw new Error('thrown') }) } }))
    expect(storm(await played({ start: losing }, { faults: faults('0 worker dies') }))).toBe(`worker dies (1); crashed (thrown); crashed (lost); ${quiet}`)
    expect(['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event))).toEqual(before)
  })

  it('is what a message is flagged with, where `take` throws', async () => {
    expect(storm(await played({ start: () => ({ take: () => { throw new Error('no') } }) }))).toBe('taken m1; flagged m1 (no); at rest')
  })
})

describe('A trial on the real clock', () => {
  const real = { clock: 'real', patience: 30 } as const

  it('goes through the same phases, with one wave of fresh messages', async () => {
    const history = await played({ ...real, start: sending() })
    expect(told(history, { to: 'calm' }).replaceAll(/\d+: /g, '')).toBe(`${quiet}; healed`)
    expect([history.filter(({ what }) => what === 'fresh').length, history.at(-1)!.what]).toEqual([11, 'end'])
  })

  it('waits as long as its patience, and looks again and again at the end', async () => {
    const history = await played({ ...real, start: sending(() => ({ take: never })) })
    const at = (what: string) => history.find((event) => event.what === what)!.time
    expect(at('at rest')).toBeGreaterThanOrEqual(29)
    expect(at('end') - at('calm')).toBeGreaterThanOrEqual(4 * 29)
  })

  it('waits a declared recovery after trouble, and stops within two seconds', async () => {
    let told = 0
    const start = sending(() => ({ stop: (within: number) => { told = within } }))
    const history = await played({ ...real, recovery: 120, start }, { faults: faults('0 link heals') })
    const at = (what: string) => history.find((event) => event.what === what)!.time
    expect(at('calm') - at('healed')).toBeGreaterThanOrEqual(119)
    expect(told).toBe(2_000)
  })
})
