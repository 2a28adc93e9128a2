import { describe, expect, it, vi } from 'vitest'
import { incomplete } from '../../engine/verdict/completeness.ts'
import { type Answer, AnswerReader, answerOf, type Malformed, mostBytes } from '../../engine/process/answer.ts'
import type { ConnectorProcess, Ended } from '../../engine/process/connector-process.ts'
import { pulseEvery, type Pulse } from '../../engine/process/pulse.ts'
import { type Ailment, VitalSigns } from '../../engine/process/vital-signs.ts'
import { Watch } from '../../engine/process/watch.ts'
import { whatSettles } from '../../reports/connectors/settling.ts'
import type { Event } from '../../spec/connector.ts'
import type { Scenario } from '../../spec/scenario.ts'

const limits = { spin: 3_000, block: 6_000, stall: 60_000, memory: 100 }
const still: Pulse = { turns: 5, events: 1, processor: 0, memory: 1e6, waits: true }

/** What is told of so many pulses, each made from its number, and heard one by one if nothing else is said. */
function seen(
  pulses: number, pulse: (n: number) => Partial<Pulse>, heardAt = (n: number) => n * pulseEvery,
): { ailment: Ailment; at: number } | null {
  const signs = new VitalSigns(limits)
  for (let n = 0; n < pulses; n++) {
    const ailment = signs.see({ ...still, ...pulse(n) }, heardAt(n))
    if (ailment) return { ailment, at: n }
  }
  return null
}
const allOfIt = pulseEvery * 1_000

describe('A process that is watched', () => {
  it('spins where it works and its event loop does not turn', () => {
    expect(seen(100, (n) => ({ processor: n * allOfIt, waits: false }))).toEqual({ ailment: 'spins', at: 31 })
  })

  it('is waited for while the machine gives it little time, and while it turns between long work', () => {
    expect(seen(1_000, (n) => ({ processor: n * allOfIt / 400, waits: false }))).toBeNull()
    expect(seen(1_000, (n) => ({ turns: Math.floor(n / 25), processor: n * allOfIt, events: n }))).toBeNull()
  })

  it('is blocked where it waits and does not turn, and not where it waits for a disk or a turn of the processor', () => {
    expect(seen(100, () => ({}))).toEqual({ ailment: 'is blocked', at: 61 })
    expect(seen(100, () => ({ waits: null }))).toEqual({ ailment: 'is blocked', at: 61 })
    expect(seen(1_000, (n) => ({ waits: n % 50 !== 0 }))).toBeNull()
  })

  it('is not blocked where the suite was busy, and what it writes had to wait', () => {
    const atOnce = (n: number) => n < 200 ? 0 : (n - 199) * pulseEvery
    expect(seen(200, () => ({}), atOnce)).toBeNull()
    expect(seen(1_000, (n) => ({ turns: n }), () => 0)).toBeNull()
    expect(seen(300, () => ({}), atOnce)).toEqual({ ailment: 'is blocked', at: 260 })
  })

  it('may be idle for as long as anything is waited for, and no longer', () => {
    expect(seen(600, (n) => ({ turns: n }))).toBeNull()
    expect(seen(1_000, (n) => ({ turns: n }))).toEqual({ ailment: 'stalls', at: 601 })
    expect(seen(1_000, (n) => ({ turns: n, events: Math.floor(n / 500) }))).toBeNull()
  })

  it('is out of memory where what it holds passes the limit, buffers and all', () => {
    expect(seen(100, (n) => ({ turns: n, memory: n * 10 * 1024 * 1024 }))).toEqual({ ailment: 'is out of memory', at: 11 })
  })
})

const event = (what: Event['what'], message?: string): Event => ({ what, time: 0, ...(message === undefined ? {} : { message }) })
const whole = [event('taken', 'm1'), event('at rest'), event('healed'), event('fresh', 'm2'), event('end')]
const scenario: Scenario = { workers: 1, links: 1, stream: [{ count: 1, kind: 'plain', link: 1 }], faults: [], schedule: [] }

/** What is heard of bytes that come in pieces of a size. */
function heard(text: string, size = text.length): (Answer | Malformed)[] {
  const answers: (Answer | Malformed)[] = []
  const reader = new AnswerReader('secret', (answer) => answers.push(answer))
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size))
  return answers
}
const notAnswer = { is: 'malformed', because: 'its process answered what is no answer' }

describe('An answer of a process', () => {
  const history = { is: 'history', number: 1, history: whole, choices: [2, 1], marks: [[0, 0, 0]] }

  it('is heard as it was said, in whatever pieces it comes', () => {
    for (const size of [1, 7, 1_000]) expect(heard(`\nsecret${JSON.stringify(history)}\n\nsecret{"is":"ready","patience":5}\n`, size)).toEqual([history, { is: 'ready', patience: 5 }])
  })

  it('is passed over where a stranger says it', () => {
    expect(heard('ready\nnull\n{"is":"ready"}\n\u0000\u0001\nsecre{"is":"ready"}\nsecret{"is":"ready","patience":0}\n')).toEqual([{ is: 'ready', patience: 0 }])
  })

  it('is malformed where it is none, and nothing is thrown', () => {
    const others = ['null', '7', '[]', '{', '{"is":"exit"}', '{"is":"history"}', '{"is":"history","number":1,"history":{},"choices":[]}',
      '{"is":"exports","found":[{"as":"x","connector":{"name":7}}],"unfit":[]}', '{"is":"__proto__"}']
    for (const other of others) expect(heard(`secret${other}\n`), other).toEqual([expect.objectContaining({ is: 'malformed' })])
    expect(heard('secretnull\n')).toEqual([notAnswer])
  })

  it('is malformed where something in its history is no event', () => {
    const wrong = [null, 7, {}, { what: 'taken' }, { what: 7, time: 0 }, { what: 'taken', time: '0' }, { what: 'taken', time: 0, message: '<b>' },
      { what: 'taken', time: 0, detail: { deep: {} } }, { what: '', time: 0 }, { what: 'taken', time: 0, other: [[1]] }]
    for (const each of wrong) expect(() => answerOf({ ...history, history: [each] }), JSON.stringify(each)).toThrow(/no event/)
    expect(answerOf({ ...history, history: [{ what: 'flagged', time: 1, detail: 'x'.repeat(10_000) }] }))
      .toMatchObject({ history: [{ detail: expect.stringMatching(/^x{4000}…$/) }] })
  })

  it('is given up where it has no end', () => {
    const answers: (Answer | Malformed)[] = []
    const reader = new AnswerReader('secret', (answer) => answers.push(answer))
    const megabyte = Buffer.alloc(1024 * 1024, 'x')
    for (let size = 0; size <= mostBytes + 5 * megabyte.length; size += megabyte.length) reader.take(megabyte)
    expect(answers).toEqual([{ is: 'malformed', because: 'its answer takes more than 64 MB' }])
  })

  /** How a watch ends that hears this of its process. */
  const endOf = (answer: Answer | Malformed | null, bytes = 0, messages = 1) => new Promise<string>((said) => {
    let end = (_: Ended): void => undefined
    let hear = (_: Answer | Malformed, __: number): void => undefined
    const child: Partial<Omit<ConnectorProcess, 'ended'>> & { readonly ended: Promise<Ended> } = {
      printed: 0, pieces: [], isHalted: false, ended: new Promise((go) => { end = go }),
      attend: (heard) => { hear = heard }, end: async () => end({ code: null, signal: 'SIGKILL' }),
    }
    const watched = { ...limits, memory: 256, heap: 256, output: 1_000, until: Infinity, messages }
    const watch = new Watch(child as ConnectorProcess, watched, {
      answered: () => said('an answer'), ended: (died) => said(`ended: ${died}`), unsettled: (because, whose) => said(`unsettled, of the ${whose}: ${because}`),
    })
    if (answer !== null) hear(answer, bytes)
    void child.ended.then(() => watch.stop())
  })

  it('is nobody’s fault where it is longer than is kept, and its own where it is none', async () => {
    expect(await endOf({ is: 'malformed', because: 'its answer takes more than 64 MB' }, mostBytes + 1))
      .toBe('unsettled, of the connector: its answers take more than 256 MB')
    expect(await endOf({ is: 'malformed', because: 'its process answered what is no answer' }, 20))
      .toBe('ended: its process answered what is no answer')
  })

  it('says nothing where memory is full and so many messages are in hand that each has little of it', async () => {
    const pulse = { is: 'pulse', turns: 1, processor: 0, memory: 300 * 1024 * 1024, events: 0 } as Answer
    const full = (messages: number) => endOf(pulse, 0, messages)
    expect(await full(100)).toBe('ended: it ran out of memory (256 MB)')
    const said = await full(70_000)
    expect(said).toBe('unsettled, of the connector: it ran out of memory (256 MB) with 70,000 messages in hand, 4 KB for each: '
      + 'declare a smaller `burst`')
  })

  it('is the machine’s where none comes for a minute, and says nothing of the connector', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    try {
      const end = endOf(null)
      vi.advanceTimersByTime(59_000)
      expect(await Promise.race([end, 'it is waited for'])).toBe('it is waited for')
      vi.advanceTimersByTime(2_000)
      const said = await end
      expect(said).toBe('unsettled, of the machine: its process gave no sign of life in 60 seconds: the machine gave it no processor time, '
        + 'and that says nothing of the connector')
      expect(whatSettles(said)).toContain('a machine with less to do')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('A history out of a process', () => {
  it('proves something where it is whole, or breaks off for a reason', () => {
    expect(incomplete(whole, scenario)).toBeNull()
    expect(incomplete([event('taken', 'm1'), event('crashed')], scenario)).toBeNull()
  })

  it('proves nothing where it is empty, cut off, or lacks what was given', () => {
    expect(incomplete([], scenario)).toBe('its history is empty')
    expect(incomplete(whole.slice(0, -1), scenario)).toBe('its history ends before the trial did')
    expect(incomplete([...whole, { what: 'is lawful', time: 0 } as unknown as Event], scenario)).toContain('which is no event')
    const lacks = /^its history has \d messages of the \d that it was given$/
    expect(incomplete(whole.slice(1), scenario)).toMatch(lacks)
    expect(incomplete(whole, { ...scenario, stream: [{ count: 2, kind: 'plain', link: 1 }] })).toMatch(lacks)
  })
})
