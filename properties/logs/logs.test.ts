/** Logs held to the laws: each wrong one beside a right one, and what is no log at all. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import Ajv2020 from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventIn, NoEvent } from '../../engine/logs/log-event.ts'
import { LogJudge } from '../../engine/logs/log-judge.ts'
import { asItIs } from '../../engine/logs/log-map.ts'
import { LogReader } from '../../engine/logs/log-reader.ts'
import { SettledMessages } from '../../engine/logs/settled-messages.ts'
import { logPage, markdownLog } from '../../reports/connectors/log-page.ts'
import { junitLog } from '../../reports/formats/junit.ts'
import { htmlLog } from '../../reports/html/log-report.ts'
import { wrongs } from '../../spec/evidence/log-verdict.ts'
import { logEventNames, type LogPromises } from '../../spec/evidence/log.ts'
import { messageKinds } from '../../spec/message.ts'

const usual: LogPromises = {
  guarantee: 'at-least-once', order: 'none', recovery: 60_000, expiry: Infinity, skew: 0, patience: null, until: null, begins: null,
}

async function judged(bytes: string | Buffer, promises: Partial<LogPromises> = {}, settled?: SettledMessages) {
  const judge = new LogJudge({ ...usual, ...promises }, [], settled)
  const reader = new LogReader(judge, asItIs)
  // In pieces, so that lines are cut anywhere.
  const all = Buffer.from(bytes)
  const piece = Math.max(61, Math.floor(all.length / 64))
  await reader.read((async function* () { for (let at = 0; at < all.length; at += piece) yield all.subarray(at, at + piece) })())
  return judge.end('log', reader.lines, reader.stopped)
}

/** A line for each event, a second apart: `m1 taken a`, or a world’s event. */
const log = (...words: readonly string[]) => words.map((word, i) => {
  const [, message, what, link, attempt] = /^(?:(m\d+) )?([a-z ]+?)(?: ([abc]))?(?: #(\d))?$/.exec(word)!
  return `${JSON.stringify({ time: 1_000 * i, what, message, link, ...(attempt ? { attempt: Number(attempt) } : {}) })}\n`
}).join('')
const wrong = async (text: string, promises: Partial<LogPromises> = {}) => {
  const { findings, verdict } = await judged(text, { begins: 'empty', ...promises })
  return findings.length === 0 ? verdict : findings.map(({ clause, line }) => `${wrongs[clause]} at ${line}`).join(', ')
}

/** A title, a log, what is wrong with it, and what is promised. */
type Row = readonly [title: string, words: readonly string[], is: string, promises?: Partial<LogPromises>]

const sound = ['started', 'm1 taken a', 'm1 sent a', 'm1 accepted a', 'm2 taken b', 'm2 sent b', 'm2 accepted b', 'drained'] as const

describe('A log', () => {
  const rows: readonly Row[] = [
    ['every message of which has its verdict is lawful', sound, 'lawful'],
    ['that is drained shows what is lost', [...sound.slice(0, -1), 'm3 taken a', 'drained'], 'lost at 8'],
    ['that ends in the middle does not', [...sound, 'm3 taken a'], 'inconclusive'],
    ['does with a patience that is over', [...sound.slice(0, -1), 'm3 taken a', 'm4 taken a', 'm4 sent a', 'm4 accepted a'],
      'lost at 8', { patience: 3_000 }],
    ['does not with one that is not', [...sound.slice(0, -1), 'm3 taken a', 'm4 taken a', 'm4 sent a', 'm4 accepted a'],
      'inconclusive', { patience: 4_000 }],
    ['need not settle what came after the time that was named', [...sound, 'm3 taken a'], 'lawful', { until: 8_000 }],
    ['is to settle what came before it', [...sound, 'm3 taken a'], 'lost at 9', { until: 8_001 }],
    ['shows what is removed without a verdict', ['m1 taken a', 'm1 sent a', 'm1 refused a', 'm1 removed'], 'lost at 4'],
    ['gives an id to another once it is removed', ['m1 taken a', 'm1 accepted a', 'm1 removed', 'm1 taken a', 'm1 accepted a', 'm1 removed'], 'lawful'],
    ['shows a second copy', [...sound, 'm1 sent a', 'm1 accepted a'], 'doubled at 10'],
    ['allows one after a call that was lost', ['m1 taken a', 'm1 sent a', 'm1 lost a', 'm1 sent a', 'm1 accepted a', 'm1 delivered a', 'm1 delivered a'],
      'lawful'],
    ['does not where exactly-once is promised', ['m1 taken a', 'm1 sent a', 'm1 lost a', 'm1 sent a', 'm1 accepted a', 'm1 delivered a', 'm1 delivered a'],
      'doubled at 7', { guarantee: 'exactly-once' }],
    ['does not where the first was answered', ['m1 taken a', 'm1 sent a #1', 'm1 accepted a #1', 'm1 sent a #2', 'm1 delivered a #1', 'm1 delivered a #2'],
      'doubled at 6'],
    ['takes an answer and a record for one delivery', ['m1 taken a', 'm1 sent a', 'm1 delivered a', 'm1 accepted a'], 'lawful', { guarantee: 'exactly-once' }],
    ['takes an answer that is told twice for one', ['m1 taken a', 'm1 sent a #1', 'm1 accepted a #1', 'm1 accepted a #1'], 'lawful', { guarantee: 'exactly-once' }],
    ['allows a copy after a death', ['started', 'm1 taken a', 'm1 sent a', 'm1 accepted a', 'started', 'm1 sent a', 'm1 accepted a'],
      'lawful'],
    ['does not where it was said to be done before', ['started', 'm1 taken a', 'm1 sent a', 'm1 accepted a', 'm1 claimed', 'died', 'started', 'm1 sent a', 'm1 accepted a'],
      'doubled at 9'],
    ['shows what is misrouted', ['m1 taken a', 'm1 sent b', 'm1 accepted b'], 'misrouted at 3'],
    ['without a link goes where it goes', ['m1 taken', 'm1 sent b', 'm1 accepted b'], 'lawful'],
    ['shows what is invented', [...sound, 'm9 delivered a'], 'invented at 9'],
    ['that began before does not', [...sound, 'm9 delivered a'], 'inconclusive', { begins: null }],
    ['leaves alone what is older, where it is told to', [...sound, 'm9 delivered a'], 'lawful', { begins: 'running' }],
    ['shows what is flagged though delivered', ['m1 taken a', 'm1 sent a', 'm1 accepted a', 'm1 flagged'], 'flagged though delivered at 4'],
    ['allows a flag where that was not known', ['m1 taken a', 'm1 sent a', 'm1 lost a', 'm1 flagged', 'm1 delivered a'], 'lawful'],
    ['shows what is delivered though flagged', ['m1 taken a', 'm1 sent a', 'm1 refused a', 'm1 flagged', 'm1 sent a', 'm1 accepted a'], 'delivered though flagged at 6'],
    ['shows two flags', ['m1 taken a', 'm1 sent a', 'm1 refused a', 'm1 flagged', 'm1 flagged'], 'two verdicts at 5'],
    ['shows a claim that is false', ['m1 taken a', 'm1 sent a', 'm1 claimed', 'm1 accepted a'], 'claimed though not delivered at 3'],
    ['shows what is acknowledged too soon', ['m1 fetched', 'm1 acknowledged', 'm1 sent a', 'm1 accepted a'], 'acknowledged too soon at 2'],
    ['allows what is acknowledged in time', ['m1 fetched', 'm1 sent a', 'm1 accepted a', 'm1 acknowledged'], 'lawful'],
    ['allows what is fetched again, and delivered again', ['m1 fetched', 'm1 sent a', 'm1 accepted a', 'm1 fetched', 'm1 sent a', 'm1 accepted a', 'm1 acknowledged'], 'lawful'],
    ['shows what is late', ['m1 taken a', 'm2 taken a', 'm1 sent a', 'm1 accepted a', 'm2 accepted a'],
      'late at 4, late at 5', { expiry: 2_000 }],
    ['takes the age from when it is fetched', ['m1 taken a', 'm2 taken a', 'm1 fetched', 'm1 accepted a', 'm1 acknowledged', 'm2 fetched', 'm2 accepted a'],
      'lawful', { expiry: 2_000 }],
    ['shows what is too old already', ['m1 taken a', 'm2 taken a', 'm2 accepted a', 'm3 taken b', 'm3 accepted b'],
      'late at 1', { expiry: 3_000 }],
    ['shows what is out of order', ['m1 taken a', 'm2 taken a', 'm2 accepted a', 'm1 accepted a'],
      'out of order at 4', { order: 'per link' }],
    ['where no order is promised does not', ['m1 taken a', 'm2 taken a', 'm2 accepted a', 'm1 accepted a'], 'lawful'],
    ['has a verdict for each recipient', ['m1 taken a', 'm1 taken b', 'm1 accepted a', 'drained'], 'lost at 2'],
    ['that has them all is lawful', ['m1 taken a', 'm1 taken b', 'm1 accepted a', 'm1 accepted b', 'drained'], 'lawful'],
    ['with an id that is taken twice says nothing of it', ['m1 taken a', 'm1 accepted a', 'm1 taken a', 'm1 accepted a'], 'inconclusive'],
    ['that takes nothing is no evidence', ['started', 'stopped'], 'inconclusive'],
  ]
  for (const [title, words, is, promises = {}] of rows)
    it(title, async () => expect(await wrong(log(...words), promises)).toBe(is))

  it('shows what is altered, where it has the content', async () => {
    const of = (content: string) => [
      { time: 1, what: 'taken', message: 'm1', content: 'x' }, { time: 2, what: 'sent', message: 'm1' },
      { time: 3, what: 'delivered', message: 'm1', content },
    ].map((event) => `${JSON.stringify(event)}\n`).join('')
    expect(await wrong(of('y'))).toBe('altered at 3')
    expect(await wrong(of('x'))).toBe('lawful')
  })

  it('holds a flag to a reason where it says that nothing is wrong with the message', async () => {
    const of = (more: object) => [
      { time: 1, what: 'taken', message: 'm1', kind: 'plain' }, { time: 2, what: 'flagged', message: 'm1', ...more },
    ].map((event) => `${JSON.stringify(event)}\n`).join('')
    expect(await wrong(of({}))).toBe('flagged for nothing at 2')
    expect(await wrong(of({ because: 'over the quota' }))).toBe('lawful')
    expect(await wrong(of({}).replace(',"kind":"plain"', ''))).toBe('lawful')
  })
})

describe('What is no log', () => {
  const stopped = async (text: string | Buffer, promises: Partial<LogPromises> = {}) => {
    const { stopped: at, verdict } = await judged(text, { begins: 'empty', ...promises })
    return at && `${verdict} at ${at.line}: ${at.because}${at.isUnreadable ? '!' : ''}`
  }

  it('is never passed', async () => {
    expect(await stopped('')).toBe('inconclusive at 1: the log is empty!')
    expect(await stopped(log(...sound).trimEnd().slice(0, -3))).toBe('inconclusive at 8: it is cut off')
    expect(await stopped(`${log(...sound)}?\n${log('drained')}`)).toBe('inconclusive at 9: it is no JSON: "?"!')
    expect(await stopped(`${log('m1 taken a', 'm1 accepted a')}${log('drained')}`)).toMatch(/^inconclusive at 3: time goes back by 1,000 ms: /)
    expect(await stopped(`${log('m1 taken a', 'm1 accepted a')}${log('drained')}`, { skew: 1_000 })).toBeNull()
    expect((await judged('\n \n')).verdict).toBe('inconclusive')
    expect(await stopped(`${'x'.repeat(2 ** 20 + 1)}`)).toMatch(/^inconclusive at 1: it is longer than 1,048,576 bytes!/)
  })

  it('holds nothing to be missing, and shows what was wrong before', async () => {
    const lost = log(...sound.slice(0, -1), 'm3 taken a', 'drained')
    expect(await wrong(lost)).toBe('lost at 8')
    expect(await wrong(`${lost}?\n`)).toBe('inconclusive')
    expect(await wrong(`${log(...sound, 'm1 sent a', 'm1 accepted a')}?\n`)).toBe('doubled at 10')
  })

  it('has its schema say of each line what its reader says', () => {
    const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../../reports/schema/log.schema.json', import.meta.url)), 'utf8'))
    expect(schema.properties.what.enum).toEqual(logEventNames)
    expect(schema.properties.kind.enum).toEqual(messageKinds)
    const validate = new Ajv2020.default({
      strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false, strictTypes: false,
    }).compile(schema)
    const value = fc.constantFrom<unknown>(
      'm1', '', 1, 1.5, null, true, 'plain', '2026-11-28T06:00Z', 'taken', 0, -1, 'x'.repeat(1_001), 20_000, {})
    const line = fc.record({
      what: fc.oneof({ weight: 5, arbitrary: fc.constantFrom<unknown>(...logEventNames) }, value),
      time: fc.oneof({ weight: 5, arbitrary: fc.integer() as fc.Arbitrary<unknown> }, value),
      message: value, link: value, attempt: value, content: value, kind: value, recipients: value, permanent: value, because: value,
    }, { requiredKeys: [] })
    fc.assert(fc.property(line, (event) => {
      const withoutNull = Object.fromEntries(Object.entries(event).filter(([, each]) => each !== null))
      expect(() => eventIn(JSON.stringify(withoutNull))).not.toThrow(SyntaxError)
      expect(isEvent(JSON.stringify(withoutNull))).toBe(validate(withoutNull))
    }), { numRuns: 2_000, seed: 1 })
  })
})

function isEvent(line: string): boolean {
  try {
    eventIn(line)
    return true
  } catch (error) {
    if (error instanceof NoEvent) return false
    throw error
  }
}

describe('A long log', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => [
    { time: 3 * i, what: 'taken', message: `m${i}`, link: 'a' }, { time: 3 * i + 1, what: 'sent', message: `m${i}`, link: 'a' },
    { time: 3 * i + 2, what: 'accepted', message: `m${i}`, link: 'a' },
  ]).flat().map((event) => `${JSON.stringify(event)}\n`).join('')

  it('keeps little of a message that is settled, and sees it delivered once more', async () => {
    const judge = new LogJudge({ ...usual, begins: 'empty' })
    const reader = new LogReader(judge, asItIs)
    const again = `${JSON.stringify({ time: 1e6, what: 'sent', message: 'm7' })}\n${JSON.stringify({ time: 1e6, what: 'accepted', message: 'm7' })}\n`
    await reader.read((async function* () { yield Buffer.from(many(20_000)); yield Buffer.from(again) })())
    expect(judge.kept.open).toBeLessThanOrEqual(1_001)
    expect(judge.kept.bytes).toBeLessThan(20_000 * 73)
    const { findings } = judge.end('log', reader.lines, reader.stopped)
    expect(findings.map(({ clause, line, lines }) => [clause, line, lines.map((each) => each.line)]))
      .toEqual([['no second copy', 60_002, [22, 24, 60_001, 60_002]]])
  })

  it('takes a record that comes long after the answer for the same delivery', async () => {
    const late = Array.from({ length: 3_000 }, (_, i) => `${JSON.stringify({ time: 1e6, what: 'delivered', message: `m${i}`, link: 'a' })}\n`).join('')
    expect(await wrong(`${many(3_000)}${late}`, { guarantee: 'exactly-once' })).toBe('lawful')
    expect(await wrong(`${many(3_000)}${late}${JSON.stringify({ time: 1e6, what: 'delivered', message: 'm5', link: 'a' })}\n`)).toBe('doubled at 12001')
  })

  it('says so when it has forgotten the oldest', async () => {
    const { verdict, doubts } = await judged(many(5_000), { begins: 'empty' }, new SettledMessages(1_024))
    expect(verdict).toBe('inconclusive')
    expect(doubts[0]!.because).toContain('the oldest were forgotten')
  })

  it('finds what it is told, and nothing else', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean()), { maxLength: 400 }), (steps) => {
      const settled = new SettledMessages()
      const known = new Map<string, number[]>()
      for (const [i, [id, takes]] of steps.entries()) {
        const name = `m${id}`
        if (takes) {
          expect(settled.take(name).map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(known.get(name) ?? [])
          known.delete(name)
        } else {
          settled.add(name, { link: 1, takenLine: i + 1, line: i + 1, life: 300, is: 5 })
          known.set(name, [...(known.get(name) ?? []), i + 1])
        }
      }
    }), { numRuns: 100 })
  })
})

describe('The page of a log', () => {
  const hostile = '\u001b[2J::error::<script>‮`|#'
  const text = [
    { time: 1, what: 'taken', message: hostile, link: hostile }, { time: 2, what: 'refused', message: hostile, because: hostile }, { time: 3, what: 'drained' },
  ].map((event) => `${JSON.stringify(event)}\n`).join('')

  it('shows what a log says, and obeys none of it', async () => {
    const found = await judged(text, { begins: 'empty' })
    const page = logPage(found)
    expect(page).toContain('Line 1, lost')
    for (const each of [page, markdownLog(found), junitLog(found)]) expect(each).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
    expect(junitLog(found)).not.toContain('<script>')
  })

  it('names the link that has a message, and not the one that it was for', async () => {
    const { findings } = await judged(log('m1 taken a', 'm1 sent b', 'm1 accepted b', 'm1 flagged'), { begins: 'empty' })
    expect(findings.map(({ says }) => says)).toEqual([
      'm1 is for a, and b records it.', 'm1 is flagged, though b has recorded it and said so.',
    ])
  })

  it('is a page in a browser, too, in which all that the log says is text', async () => {
    const found = await judged(text, { begins: 'empty' })
    const page = htmlLog(found, 'npx unwedge judge log')
    expect(page).toContain('<span class="broken">✗</span> Broken: 1 lost.')
    expect(page.match(/<tr class="broken">/g)).toHaveLength(1)
    for (const says of found.notChecked) expect(page).toContain(says)
    expect(page).not.toMatch(/<script|[^\P{Cc}\n]|\p{Cf}/u)
    const open = htmlLog(await judged(log(...sound, 'm3 taken a')), 'npx unwedge judge log')
    expect(open).toContain('What would settle it: ')
    expect(htmlLog(await judged(log(...sound), { begins: 'empty' }), '')).toContain('<span class="kept">✓</span> Lawful')
  })

  it('is Markdown and JUnit, too', async () => {
    const found = await judged(text, { begins: 'empty' })
    expect(markdownLog(found)).toMatch(/^## log\n\n> ✗ Broken: 1 lost\.\n\n```text\n/)
    expect(junitLog(found)).toContain('tests="4" failures="1" errors="0" skipped="0"')
    expect(junitLog(await judged(''))).toContain('skipped="4"')
  })

  it('is of compressed text as well, which may be cut off', async () => {
    const { createGunzip } = await import('node:zlib')
    const { Readable } = await import('node:stream')
    const of = async (bytes: Buffer) => {
      const judge = new LogJudge({ ...usual, begins: 'empty' })
      const reader = new LogReader(judge, asItIs)
      await reader.read(Readable.from([bytes]).pipe(createGunzip()))
      return judge.end('log', reader.lines, reader.stopped)
    }
    const zipped = gzipSync(log(...sound))
    expect((await of(zipped)).verdict).toBe('lawful')
    expect(await of(zipped.subarray(0, -20))).toMatchObject({ verdict: 'inconclusive', stopped: { isUnreadable: false } })
  })
})
