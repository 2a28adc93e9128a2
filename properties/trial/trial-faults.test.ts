/** What each fault of a scenario does to a connector at work: the storm, event by event. */
import { describe, expect, it } from 'vitest'
import type { Running, World } from '../../spec/connector.ts'
import { aftermath, faults, played, type Scripted, sending, storm } from './played-trial.ts'
import { pause } from '../samples/wrong-connectors.ts'

/** Reports what is called of it. */
const telling = sending(({ report }) => ({
  stop: (within) => { report(`stop ${within}`) }, kill: (worker) => report(`kill ${worker}`),
  scale: (workers) => report(`scale ${workers}`),
}))
const of = async (struck: string, connector: Scripted = { start: telling }, scenario: Parameters<typeof played>[1] = {}) =>
  storm(await played(connector, { faults: faults(struck), ...scenario }))
const quiet = 'taken m1; offered m1 #1; recorded m1 #1; claims delivered m1; at rest'
const again = 'offered m1 #2 life 2; recorded m1 #2 life 2; claims delivered m1 life 2; at rest'

describe('A fault', () => {
  it('comes after so many turns, the sooner the first, or when nothing else is left to do', async () => {
    expect(await of('9 link heals; 2 link hangs; 2 reporting fails')).toBe(
      'taken m1; offered m1 #1; recorded m1 #1; claims delivered m1; link hangs over 1; reporting fails; link heals over 1; at rest')
    expect(await of('1 link hangs')).toBe('taken m1; offered m1 #1; link hangs over 1; at rest')
    expect(await of('0 link refuses')).toBe(
      'link refuses over 1; taken m1; offered m1 #1; refused m1 #1 (for now); flagged m1 (link 1: refused for now); at rest')
  })

  it('comes after whoever fetches by real time has had a look, if that is soon', async () => {
    const looking = (every: number): Scripted => ({
      clock: 'real', patience: 60,
      start({ receive, acknowledge, send, delivered }) {
        const look = async () => {
          for (const { id, content } of await receive(1)) {
            await send(content)
            delivered(id)
            await acknowledge(id)
          }
          timer = setTimeout(look, every)
        }
        let timer = setTimeout(look, every)
        return { stop: () => clearTimeout(timer) }
      },
    })
    const without = async (times: Promise<string>) => (await times).replace(/\d+: /g, '')
    expect(await without(of('9 link hangs', looking(5)))).toBe(
      'taken m1; fetched m1; offered m1 #1; recorded m1 #1; claims delivered m1; acknowledged m1; link hangs over 1; at rest')
    expect(await without(of('9 link hangs', looking(400)))).toMatch(/^taken m1; link hangs over 1; /)
  })

  it('is on a link by its number, by turns', async () => {
    for (const [on, link] of [[1, 1], [2, 2], [3, 3], [4, 1], [5, 2]])
      expect(await of(`0 link hangs ${on}`, undefined, { links: 3, stream: [] }), `${on}`).toBe(`link hangs over ${link}; at rest`)
  })

  it('does nothing where it cannot happen to this connector', async () => {
    expect(await of('0 link hangs', { start: telling, notApplicable: { 'link hangs': 'it has a wire' } })).toBe(quiet)
    for (const fault of ['service stops', 'service restarts', 'worker dies', 'workers change', 'link loses answer', 'link never answers'])
      expect(await of(`0 ${fault}`, { start: sending() }), fault).toBe(quiet)
    for (const fault of ['receiving fails', 'acknowledging fails', 'acknowledgement is lost', 'source is late', 'source drops'])
      expect(await of(`0 ${fault}`), fault).toBe(quiet)
    for (const fault of ['link loses answer', 'link never answers'])
      expect(await of(`0 ${fault}`, { start: telling, timeout: 9_000 }), fault).toMatch(new RegExp(`^${fault} over 1; taken m1; offered m1 #1`))
    const real = { start: telling, clock: 'real', patience: 20 } as const
    for (const fault of ['service dies', 'time passes', 'clock goes back'])
      expect(await of(`0 ${fault}`, real), fault).not.toContain(fault)
  })

  it('ends one on the real clock by what it has for it, and has it started again with what was not settled', async () => {
    const dying = sending(({ report }) => ({ die: async () => { await pause(1); report('it is gone') } }))
    const real = { start: dying, clock: 'real', patience: 20 } as const
    expect((await of('1 service dies', real)).replace(/\b\d+: /g, '')).toMatch(
      /^taken m1; offered m1 #1; service dies; starts again; given again m1; offered m1 #2 life 2; recorded m1 #2 life 2; claims/)
    // What it does as it dies is cut off from the world already.
    expect(await of('1 service dies', real)).not.toContain('it is gone')
    const failing = { ...real, start: sending(() => ({ die: () => { throw new Error('no such process') } })) }
    expect(await of('1 service dies', failing)).toContain('crashed')
  })

  it('calls what a connector has for it', async () => {
    expect(await of('0 worker dies 3')).toBe(`worker dies (1); reports (kill 1); ${quiet}`)
    expect(await of('0 worker dies 4')).toBe(`worker dies (2); reports (kill 2); ${quiet}`)
    expect(await of('0 worker dies 3', undefined, { workers: 3 })).toBe(`worker dies (3); reports (kill 3); ${quiet}`)
    expect(await of('0 workers change 6')).toBe(`workers change (2); reports (scale 2); ${quiet}`)
    expect(await of('0 workers change 4')).toBe(`workers change (4); reports (scale 4); ${quiet}`)
    expect(await of('0 service stops')).toBe(`service stops; reports (stop 30000); ${quiet}`)
  })

  it('lets time pass, or sets the date back, by so much', async () => {
    const passed = ['1,000', '1', '50', '5,000', '30,000', '61,000', '600,000', '3,600,000', '1,000']
    for (const [i, long] of passed.entries())
      expect(await of(`0 time passes ${i + 1}`), long).toBe(`time passes (${long} ms); ${long.replaceAll(',', '')}: ${quiet}`)
    const dates: number[] = []
    const looking: Scripted = { start: () => { dates.push(Date.now()); return { take: () => void dates.push(Date.now()) } } }
    for (const [i, far] of ['1', '50', '1,000', '2,000', '1'].entries()) {
      dates.length = 0
      expect(await of(`0 clock goes back ${i + 1}`, looking)).toBe(`clock goes back (${far} ms); taken m1; at rest`)
      expect(dates[0]! - dates[1]!).toBe(Number(far.replace(',', '')))
    }
  })

  it('is in the next calls of a disk, and is written down when one meets it', async () => {
    const writing: Scripted = { start: ({ storage }) => ({ take: () => storage.write('a', 1) }) }
    expect(await of('0 disk fails', writing)).toBe('taken m1; disk fails; flagged m1 (the disk failed); at rest')
    expect(await of('0 disk is slow', writing)).toBe('taken m1; disk is slow; 5000: claims delivered m1; at rest')
    // The call after that finds it well.
    const two = { stream: [{ count: 2, kind: 'plain', link: 1 }] } as const
    expect(await of('0 disk fails', writing, two)).toBe(
      'taken m1; taken m2; disk fails; flagged m1 (the disk failed); claims delivered m2; at rest')
  })
})

describe('A death', () => {
  it('comes before or after a call has taken effect, and what had no verdict is given again', async () => {
    expect(await of('1 service dies 1')).toBe(`taken m1; offered m1 #1; service dies; starts again; given again m1; ${again}`)
    expect(await of('1 service dies 2')).toBe(
      `taken m1; offered m1 #1; recorded m1 #1; service dies; starts again; given again m1; ${again}`)
    expect(await of('9 service dies 2')).toBe(quiet.replace('at rest', 'service dies; starts again; at rest'))
  })

  it('ends those too that were stopped before, and were still at what they had in hand', async () => {
    const late: Scripted = { start: ({ flag }) => ({
      take: ({ id }) => { void pause(60_000).then(() => flag(id, 'late')) }, stop: () => undefined,
    }) }
    expect((await of('1 service restarts; 1 service dies', late)).match(/flagged m1.*?(?=;)/g)).toEqual(['flagged m1 life 3 (late)'])
    expect((await of('1 service restarts', late)).match(/flagged m1.*?(?=;)/g)).toEqual(['flagged m1 (late)'])
  })

  it('gives nothing again to one that promises at most once', async () => {
    expect(await of('1 service dies', { start: sending(), guarantee: 'at-most-once' })).toBe(
      'taken m1; offered m1 #1; service dies; starts again; at rest')
  })

  it('waits for a start that takes its time, and what comes meanwhile is held', async () => {
    const slow: Scripted = { start: async ({ send }, starts) => {
      if (starts > 1) await pause(7_000)
      return { take: ({ content }) => send(content) }
    } }
    const stream = [{ count: 1, kind: 'plain', link: 1 }, { count: 1, kind: 'plain', link: 1 }] as const
    expect(await of('1 service dies', slow, { stream })).toBe('taken m1; offered m1 #1; service dies; starts again; taken m2; '
      + '7000: given again m1; offered m1 #2 life 2; offered m2 #3 life 2; recorded m1 #2 life 2; recorded m2 #3 life 2; '
      + 'claims delivered m1 life 2; claims delivered m2 life 2; at rest')
    expect(await of('1 service dies; 1 service dies', slow, { stream: stream.slice(1) })).toMatch(
      /^taken m1; offered m1 #1; service dies; starts again; service dies; starts again; 7000: given again m1; offered m1 #2 life 3;/)
  })
})

describe('A stop', () => {
  const stopping = (stop: NonNullable<Running['stop']>): Scripted => ({ start: sending(() => ({ stop })) })
  const begin = 'taken m1; offered m1 #1; service restarts'

  it('of one that returns nothing is over at once, and it may finish what it has in hand', async () => {
    expect(await of('1 service restarts', stopping(() => undefined))).toBe(
      `${begin}; starts again; recorded m1 #1; claims delivered m1; at rest`)
  })

  it('of one that returns a promise is over when it says so, and it is cut off then', async () => {
    expect(await of('1 service restarts', stopping(() => pause(5_000)))).toBe(
      `${begin}; recorded m1 #1; claims delivered m1; 5000: has stopped; starts again; at rest`)
    expect(await of('1 service restarts', stopping(() => Promise.resolve()))).toBe(`${begin}; has stopped; starts again; at rest`)
  })

  it('that fails is a crash', async () => {
    const throws = () => { throw new Error('stuck') }
    expect(await of('1 service restarts', stopping(throws))).toBe(
      `${begin}; crashed (\`stop\` failed: stuck); starts again; recorded m1 #1; claims delivered m1; at rest`)
    expect(await of('1 service restarts', stopping(async () => throws()))).toBe(
      `${begin}; crashed (\`stop\` failed: stuck); has stopped; starts again; at rest`)
  })

  it('is called once, and a restart that comes meanwhile is one all the same', async () => {
    expect(await of('1 service stops; 1 service restarts; 1 service stops', stopping(() => pause(5_000)))).toBe(
      'taken m1; offered m1 #1; service stops; service restarts; service stops; recorded m1 #1; claims delivered m1; '
        + '5000: has stopped; starts again; at rest')
  })

  it('for good is over when everything is healed', async () => {
    const stopped = await played(stopping(() => Promise.resolve()), { faults: faults('1 service stops') })
    expect(storm(stopped)).toBe('taken m1; offered m1 #1; service stops; has stopped; recorded m1 #1; claims delivered m1; at rest')
    expect(aftermath(stopped)).toBe('healed; starts again; 60000: calm (60,000 ms); 660000: end')
  })

  it('cuts off nobody who was started since', async () => {
    const slow: Scripted = { start: sending(() => ({ stop: () => pause(5_000) })) }
    expect(await of('1 service restarts; 1 service dies', slow)).toBe(
      `${begin}; service dies; starts again; given again m1; ${again}`)
  })
})

describe('A sender that gives up', () => {
  const heeding = ({ send }: World): Running => ({
    take: ({ content, signal }) => new Promise<void>((done, failed) => {
      signal.addEventListener('abort', () => failed(new Error('aborted')))
      send(content).then(done, failed)
    }),
  })
  const stream = [{ count: 3, kind: 'plain', link: 1 }] as const
  const whose = async (on: number) =>
    [...(await of(`1 sender aborts ${on}`, { start: heeding }, { stream })).matchAll(/sender aborts (m\d)/g)].map(([, id]) => id).join(' ')

  it('is one, by number, every other one, or all', async () => {
    const expected = ['m1', 'm2', 'm3', 'm1', 'm2', 'm3', 'm1 m3', 'm1 m2 m3', 'm1']
    for (const [i, who] of expected.entries()) expect(await whose(i + 1), `${i + 1}`).toBe(who)
  })

  it('is heard by whoever looks, and nobody else', async () => {
    expect(await of('1 sender aborts', { start: heeding })).toBe(
      'taken m1; offered m1 #1; sender aborts m1; flagged m1 (aborted); recorded m1 #1; at rest')
    for (const on of [1, 7, 8]) expect(await of(`1 sender aborts ${on}`)).toBe(quiet)
  })

  it('has given up by the time that somebody looks for the first time', async () => {
    const looksLate = ({ send }: World): Running => {
      let before: Promise<unknown> = Promise.resolve()
      return {
        take: (message) => (before = before.catch(() => undefined).then(() =>
          (message.signal.aborted ? Promise.reject(new Error('aborted')) : send(message.content)))),
      }
    }
    expect(await of('1 sender aborts 2', { start: looksLate }, { stream: [{ count: 2, kind: 'plain', link: 1 }] })).toBe(
      'taken m1; taken m2; offered m1 #1; recorded m1 #1; claims delivered m1; sender aborts m2; flagged m2 (aborted); at rest')
  })

  it('has given up before its message is handed over, where nobody waits', async () => {
    const looks = ({ send, flag }: World): Running => ({
      take: ({ id, content, signal }) => (signal.aborted ? flag(id, 'aborted') : send(content)),
    })
    const early = async (on: number, bursts = 1) => [...(await of(`0 sender aborts ${on}`, { start: looks }, {
      stream: Array.from({ length: bursts }, () => ({ count: 3, kind: 'plain', link: 1 } as const)),
    })).matchAll(/sender aborts (m\d); flagged \1/g)].map(([, id]) => id).join(' ')
    const expected = ['m1', 'm2', 'm3', 'm1', 'm2', 'm3', 'm1 m3', 'm1 m2 m3']
    for (const [i, who] of expected.entries()) expect(await early(i + 1), `${i + 1}`).toBe(who)
    // Of those that come next, and of no others.
    expect(await early(8, 2)).toBe('m1 m2 m3')
    expect(await of('2 sender aborts 8', { start: looks })).toBe(quiet)
  })

  it('gives up all recipients of a message', async () => {
    expect(await of('1 sender aborts', { start: heeding, recipients: 2 }, { links: 2, recipients: 2 })).toBe(
      'taken m1; taken m1 over 2; '
      + 'offered m1 #1; sender aborts m1; sender aborts m1 over 2; flagged m1 (aborted); flagged m1 over 2 (aborted); recorded m1 #1; at rest')
  })
})

describe('A fault of the source', () => {
  const fetching: Scripted = { start: (world) => {
    const turn = async () => {
      const [message] = await world.receive(1)
      if (message) await world.send(message.content)
      if (message) await world.acknowledge(message.id)
      if (!message) await pause(1_000)
    }
    const go = async (): Promise<void> => { await turn().catch(() => pause(1_000)); return go() }
    void go()
    return {}
  } }

  it('gives out again before what waits where its number is odd, and behind it where it is even', async () => {
    for (const [on, then] of [[1, 'm1, m2, m3'], [2, 'm2, m3, m1'], [3, 'm1, m2, m3'], [8, 'm2, m3, m1']] as const) {
      const told = await of(`0 acknowledging fails ${on}`, fetching, { stream: [{ count: 3, kind: 'plain', link: 1 }] })
      expect([...told.matchAll(/[^ ]* ?fetched (m\d)/g)].slice(1, 4).map(([, id]) => id).join(', '), `${on}`).toBe(then)
    }
  })

  it('meets the next call, or gives out again what was fetched', async () => {
    const fetched = (fault: string) => of(`1 ${fault}`, fetching)
    const round = 'fetched m1; offered m1 #1; recorded m1 #1'
    expect(await fetched('receiving fails')).toMatch(new RegExp(`^taken m1; receiving fails; \\d+: ${round}; acknowledged m1`))
    const anew = '2000: fetched m1; offered m1 #2; recorded m1 #2; acknowledged m1'
    expect(await fetched('acknowledging fails')).toMatch(
      new RegExp(`^taken m1; acknowledging fails; 1000: ${round}; given again m1; ${anew}`))
    expect(await fetched('acknowledgement is lost')).toMatch(
      new RegExp(`^taken m1; acknowledgement is lost; 1000: ${round}; acknowledged m1`))
    expect(await fetched('source is late')).toMatch(new RegExp(`^taken m1; source is late; \\d+: ${round}; acknowledged m1`))
    expect(await of('1 time passes; 2 source drops', fetching)).toMatch(
      /^taken m1; time passes \(1,000 ms\); 1000: fetched m1; offered m1 #1; source drops; given again m1; recorded m1 #1; \d+: fetched/)
  })
})
