/** Logs of other kinds, as what writes them wrote them: a Postfix and a RabbitMQ that met what mail and messages meet. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { LogJudge } from '../../engine/logs/log-judge.ts'
import type { LogMap } from '../../engine/logs/log-map.ts'
import { LogReader } from '../../engine/logs/log-reader.ts'
import { ownMap } from '../../engine/logs/own-map.ts'
import { postfixMap } from '../../engine/logs/postfix-map.ts'
import { rabbitmqMap } from '../../engine/logs/rabbitmq-map.ts'
import { wrongs } from '../../spec/evidence/log-verdict.ts'
import type { LogPromises } from '../../spec/evidence/log.ts'

const usual: LogPromises = {
  guarantee: 'at-least-once', order: 'none', recovery: 60_000, expiry: Infinity, skew: 0, patience: null, until: null, begins: null,
}
const from = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
const december = 11
const together = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

async function judged(text: string, map: LogMap, promises: Partial<LogPromises> = {}) {
  const judge = new LogJudge({ ...usual, skew: map.skew, ...promises }, map.silentOn)
  const reader = new LogReader(judge, map)
  await reader.read((async function* () { yield Buffer.from(text) })())
  return judge.end('log', reader.lines, reader.stopped)
}
async function wrong(text: string, map: LogMap, promises: Partial<LogPromises> = {}): Promise<string> {
  const { findings, verdict, stopped } = await judged(text, map, promises)
  return findings.length > 0 ? findings.map(({ clause, line }) => `${wrongs[clause]} at ${line}`).join(', ')
    : stopped ? `stopped at ${stopped.line}: ${stopped.because}` : verdict
}

describe('The log of a Postfix', () => {
  const log = from('production-logs/postfix-3.7.11.log')
  const lines = log.trimEnd().split('\n')
  const of = (text: string, promises: Partial<LogPromises> = {}) => wrong(text, postfixMap(2026, december), promises)
  const at = (like: RegExp) => lines.findIndex((line) => like.test(line))
  const without = (like: RegExp) => together(lines.filter((line) => !like.test(line)))
  const also = (like: RegExp, before: number) => together([...lines.slice(0, before), lines[at(like)]!, ...lines.slice(before)])

  it('is lawful, for it delivers or reports each message to each of its recipients', async () => {
    const { verdict, messages, delivered, flagged, inHand } = await judged(log, postfixMap(2026, december))
    expect({ verdict, messages, delivered, flagged, inHand })
      .toEqual({ verdict: 'lawful', messages: 14, delivered: 9, flagged: 7, inHand: 0 })
  })

  it('shows what is lost, whichever delivery or report is missing', async () => {
    const settling = lines.filter((line) => /status=sent|non-delivery notification/.test(line))
    expect(settling).toHaveLength(14)
    for (const line of settling) {
      const rest = lines.filter((each) => each !== line)
      const id = / ([0-9A-F]{6,}): /.exec(line)![1]!
      const removed = rest.findIndex((each) => each.endsWith(`${id}: removed`)) + 1
      expect(await of(together(rest)), line).toBe(`lost at ${removed}`)
    }
  })

  it('has a message in hand where it is not removed', async () => {
    expect(await of(without(/501DD2D42EB: (?:removed|to=)/))).toBe('inconclusive')
    expect(await of(without(/501DD2D42EB: (?:removed|to=)/), { patience: 5_000 })).toMatch(/^lost at \d+$/)
  })

  it('shows a second copy, unless nobody could know of the first', async () => {
    const removed = at(/501DD2D42EB: removed/)
    expect(await of(also(/501DD2D42EB: to=/, removed))).toBe(`doubled at ${removed + 1}`)
    const dropped = lines.findIndex((line) => /54BC82D42ED: to=.*status=sent/.test(line))
    expect(await of(log)).toBe('lawful')
    expect(await of(also(/54BC82D42ED: to=.*status=sent/, dropped + 1))).toBe(`doubled at ${dropped + 2}`)
  })

  it('takes an id for another message once the first is removed', async () => {
    const own = (line: string) => line.includes('501DD2D42EB')
    expect(await of(`${log}${lines.filter(own).map((line) => `${line.replace(/06:54:2\d/, '06:55:00')}\n`).join('')}`)).toBe('lawful')
  })

  it('says nothing of messages that are older than the log', async () => {
    const later = together(lines.slice(at(/: removed$/)))
    expect(await of(later)).toBe('inconclusive')
    expect(await of(later, { begins: 'running' })).toBe('lawful')
  })

  it('goes on where a year begins, and stops where time goes back', async () => {
    const moved = (month: string, text: string) => text.replace(/^Nov 28/gm, month)
    expect(await of(`${moved('Dec 31', log)}${moved('Jan  1', log)}`)).toBe('lawful')
    expect(await of(`${log}${moved('Nov 27', log)}`)).toMatch(/^stopped at 131: time goes back by /)
    expect(await of(log.trimEnd())).toBe('stopped at 130: it has no end of a line: it may be cut off')
  })
})

describe('The trace of a RabbitMQ', () => {
  const log = from('production-logs/rabbitmq-3.10.8.log')
  const lines = log.trimEnd().split('\n')
  const of = (text: string, promises: Partial<LogPromises> = {}) => wrong(text, rabbitmqMap, { begins: 'empty', ...promises })

  it('has in hand what nobody reads, and what is routed to a queue that is not there', async () => {
    expect(await of(log)).toBe('inconclusive')
    expect(await of(log, { patience: 10 })).toBe('lost at 5, lost at 6')
    expect(await of(log, { until: Date.parse('2026-11-28T06:55:49.974Z') })).toBe('lawful')
  })

  it('shows what one of two queues does not give out', async () => {
    expect(await of(together(lines.filter((line) => !line.includes('"queue":"copies"'))), { patience: 100 })).toMatch(/^lost at 2/)
  })

  it('shows what was given out twice where that must not be, and where another queue has it, and other content', async () => {
    const until = Date.parse('2026-11-28T06:55:49.974Z')
    expect(await of(log, { until, guarantee: 'exactly-once' })).toBe('doubled at 11')
    expect(await of(log.replace('"o-1"},"queue":"orders"', '"o-1"},"queue":"copies"'), { until })).toBe('misrouted at 7')
    expect(await of(log.replace(/"Zmlyc3Q="(?=.*"received")/, '"eA=="'), { until })).toBe('altered at 7')
    expect(await of(together(lines.slice(1)), { until })).toBe('invented at 6')
  })

  it('wants the format JSON, and an id of each message', async () => {
    expect(await of('2026-11-28 6:00:00: Message published\n')).toMatch(/^stopped at 1: it is no JSON object: /)
    expect(await of(log.replace(',"message_id":"o-1"', ''))).toMatch(/^stopped at 1: it has no "message_id"/)
    expect(await of(log.replaceAll(/T06:(\d\d:\d\d)\.(\d{3})\+00:00/g, ' 6:$1:$2'), { patience: 10 })).toBe('lost at 5, lost at 6')
  })
})

describe('A map of one’s own', () => {
  const guide = from('../../examples/judging-a-log.md')
  const maps = [...guide.matchAll(/```json\n(\{\n {2}"lines"[\s\S]*?)```/g)].map(([, text]) => text!)
  const [text, json] = maps as [string, string]

  it('reads text, and JSON, as the guide says', async () => {
    expect(maps).toHaveLength(2)
    const of = (log: string, map: string) => wrong(log, ownMap(map, 'map.json'), { begins: 'empty' })
    const jobs = '2026-11-28T06:00:00Z job 7 for billing\nhello\n2026-11-28T06:00:01Z job 7 done\n'
    expect(await of(jobs, text)).toBe('lawful')
    expect(await of(`${jobs}2026-11-28T06:00:02Z job 7 done\n`, text)).toBe('doubled at 4')
    expect(await of(`${jobs}2026-11-28T06:00:02Z job 8 done`, text)).toBe('stopped at 4: it has no end of a line: it may be cut off')
    const lines = ['created', 'started', 'failed', 'started', 'completed'].map((event, i) =>
      `${JSON.stringify({ at: i, event: `job.${event}`, job: { id: 'a', queue: 'mail' } })}\n`)
    expect(await of(lines.join(''), json)).toBe('lawful')
    expect(await of([...lines, lines[4]!.replace('4', '5')].join(''), json)).toBe('doubled at 6')
    expect(await of(lines.slice(0, 3).join(''), json)).toBe('inconclusive')
    expect(await of('no\n', json)).toBe('stopped at 1: it is no JSON')
    expect(await of('{"event":"job.created","at":1}\n', json)).toBe('stopped at 1: it is ‘taken’, and has no "message"')
  })

  it('is what its schema says', () => {
    const validate = new Ajv2020.default({ strict: true }).compile(JSON.parse(from('../../reports/schema/log-map.schema.json')))
    for (const map of maps)
      expect(validate(JSON.parse(map)), JSON.stringify(validate.errors)).toBe(true)
    for (const [map, why] of [
      ['[]', 'it is no object'], ['{', 'it is no JSON'], ['{"lines":"xml"}', 'its "lines" are to be'],
      ['{"lines":"text"}', 'its "events" are to be'],
      ['{"lines":"text","events":[{"what":"sent"}]}', 'its event 1 has no "match"'],
      ['{"lines":"text","events":[{"what":"eaten","match":"x"}]}', 'its event 1 says that its "what" is "eaten"'],
      ['{"lines":"text","events":[{"what":"sent","match":"("}]}', 'its event 1 has no regular expression'],
      ['{"lines":"json","events":[{"what":"sent","match":"x"}]}', 'its event 1 has a "match"'],
      ['{"lines":"json","fields":{"when":"x"},"events":[{"what":"sent"}]}', 'its "fields" have "when"'],
      ['{"lines":"json","event":[]}', 'it has "event"'],
    ] as const)
      expect(() => ownMap(map, 'map.json'), map).toThrow(`map.json is no map of a log: ${why}`)
  })
})

describe('Lines that a map has no event for', () => {
  const map = ownMap(JSON.stringify({ lines: 'text', events: [{ what: 'taken', match: '^(?<time>\\d+) got (?<message>\\w+)$' }] }), 'map.json')
  const passedOver = async (text: string) => (await judged(text, map)).notChecked.filter((says) => says.includes('no event for'))

  it('are counted, and the first of them is shown', async () => {
    expect(await passedOver(`1 got a\n2 hello\n3 got b\n\n4 ${'x'.repeat(200)}\n`))
      .toEqual(['2 lines that the map has no event for, the first at line 2: ‘2 hello’.'])
    expect(await passedOver(`${'x'.repeat(200)}\n`)).toEqual([`1 line that the map has no event for, the first at line 1: ‘${'x'.repeat(120)}’.`])
  })

  it('are not spoken of where there are none', async () => {
    expect(await passedOver('1 got a\n2 got b\n')).toEqual([])
  })
})
